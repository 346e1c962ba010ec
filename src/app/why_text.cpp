#include "app/why_text.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "app/local_time.h"
#include "app/why_words.h"
#include "base/variant.h"
#include "core/build_id.h"

namespace lanze::app {

namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kIndent = 12;

// "2026-03-01 08:30:05".
std::string moment_text(Time time) {
    std::string text = zoned_text(time).substr(0, 19);
    text[10] = ' ';
    return text;
}

std::string seconds_text(Duration time) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", std::chrono::duration<double>(time).count());
    return text;
}

std::string counted(std::uint64_t number, const std::string& one, const std::string& many) {
    return std::to_string(number) + " " + (number == 1 ? one : many);
}

std::string joined(const std::vector<std::string>& parts, const std::string& between) {
    std::string text;
    for (const std::string& part : parts) {
        text += (text.empty() ? "" : between) + part;
    }
    return text;
}

// "bank >= 1, travel >= 2"; `relation` stands between name and level.
std::string skills_text(const core::Skills& skills, const std::string& relation) {
    std::vector<std::string> parts;
    for (const core::SkillLevel& each : skills) {
        parts.push_back(each.skill + relation + std::to_string(each.level));
    }
    return skills.empty() ? "no skills" : joined(parts, ", ");
}

std::string needs_text(const core::Skills& needs) {
    return skills_text(needs, " >= ");
}

// "bank 1 (12 agents): 9 talking, 1 in wrap-up; besides: 2 ready without the skills".
std::string excluded_text(const Search& search) {
    struct Set {
        const Excluded* first;
        std::uint32_t agents = 0;
        std::vector<std::string> parts;
    };
    std::vector<Set> sets;
    for (const Excluded& each : search.excluded) {
        auto set = std::ranges::find_if(sets, [&](const Set& known) {
            return known.first->skills == each.skills &&
                   known.first->is_stand_in == each.is_stand_in;
        });
        if (set == sets.end()) {
            set = sets.insert(sets.end(), {&each, 0, {}});
        }
        set->agents += each.agents;
        std::string part = std::to_string(each.agents) + " " + said(each.by);
        const auto names = search.excluded_names.find(each.by);
        // By name at the last of the kind, since names are not told by skills.
        const bool is_last =
            &each == &*std::ranges::find_if(search.excluded.rbegin(), search.excluded.rend(),
                                            [&](const Excluded& one) { return one.by == each.by; });
        if (is_last && names != search.excluded_names.end()) {
            part += " (" + joined(names->second, ", ") + ")";
        }
        set->parts.push_back(std::move(part));
    }
    std::vector<std::string> texts;
    for (const Set& set : sets) {
        std::string head = sets.size() == 1 ? "" : "besides: ";
        if (set.first->skills) {
            head = skills_text(*set.first->skills, " ") +
                   (set.first->is_stand_in ? ", stand-ins (" : " (") +
                   counted(set.agents, "agent", "agents") + "): ";
        }
        texts.push_back(head + joined(set.parts, ", "));
    }
    return joined(texts, "; ");
}

std::string idle_text(const core::Reason& reason) {
    return "idle since " + moment_text(from_micros(reason.key)).substr(11);
}

// What the rule compared; what an agent has handled is nobody else's business.
std::string rule_text(const core::Reason& reason) {
    const std::string place = " (place " + std::to_string(reason.key) + ")";
    switch (reason.rule) {
        case core::AgentRule::longest_idle:
            return "the longest idle of them (" + idle_text(reason) +
                   "; a tie would go to the agent configured first)";
        case core::AgentRule::random_pool:
            return "drawn by chance among the kinds of agents, there the longest idle (" +
                   idle_text(reason) + ")";
        case core::AgentRule::random:
            return "drawn by chance";
        case core::AgentRule::least_occupied:
            return "of them the one who had handled least in the hour before (a tie would go to "
                   "the longest idle)";
        case core::AgentRule::best_level:
            return "of the highest level of the skills needed, there the longest idle (" +
                   idle_text(reason) + ")";
        case core::AgentRule::lowest_level:
            return "of the lowest level that will do and fewest skills, there the longest idle (" +
                   idle_text(reason) + ")";
        case core::AgentRule::fixed_order:
            return "the first of them in the fixed order" + place;
        case core::AgentRule::round_robin:
            return "the next of them in turn" + place;
    }
    return "";
}

std::string candidates_text(const Search& search) {
    const core::Reason& reason = search.reason;
    std::string text = counted(reason.candidates, "agent", "agents") + " could take it";
    if (!search.candidates.empty()) {
        text += " (" + joined(search.candidates, ", ") + ")";
    }
    return text + (reason.candidates > 1 ? ": " + rule_text(reason) : "");
}

// Why this agent.
std::string chosen_text(const Search& search) {
    const core::Reason& reason = search.reason;
    std::string text = " " + said(reason.occasion);
    if (reason.occasion == core::Occasion::assigned) {
        return text + ".";
    }
    if (reason.contacts > 1) {
        text += " who could have taken " + counted(reason.contacts, "contact", "contacts") +
                ", this one first";
    }
    text += "; " + candidates_text(search) + ".";
    if (reason.step > 0) {
        text += " Step " + std::to_string(reason.step) + " of widening lets the agent take it.";
    }
    if (reason.level > 0) {
        text += " " + counted(reason.level, "kind", "kinds") +
                " of agents would have gone first, but nobody of them was free.";
    }
    const std::string excluded = excluded_text(search);
    return text + (excluded.empty() ? "" : " Not in question: " + excluded + ".");
}

// Why nobody.
std::string nobody_text(const Search& search) {
    const std::string excluded = excluded_text(search);
    return "nobody could take it: " +
           (excluded.empty() ? "no agent with the skills is at work" : excluded) + ".";
}

std::string entry_text(const core::ContactQueued& event, const std::string& queue) {
    if (!event.origin.is_set()) {
        return "enters " + queue;
    }
    const std::string origin = "contact " + std::to_string(event.origin.value());
    return event.channel == core::Channel::consultation
               ? "an agent of " + queue + " is asked about " + origin
               : "enters " + queue + ", transferred: it follows " + origin +
                     ", and its rank counts the " + seconds_text(event.waited) +
                     " that one had waited";
}

std::string event_text(const Moment& moment) {
    const std::string agent = moment.name.empty() ? "an agent" : moment.name;
    return std::visit(
        Overloaded{
            [&](const core::ContactQueued& event) { return entry_text(event, moment.name); },
            [&](const core::ContactPresented&) { return "presented to " + agent; },
            [](const core::PresentationEnded& event) { return said(event.end); },
            [&](const core::ContactAnswered&) { return "answered by " + agent; },
            [](const core::ContactHeld&) { return std::string("on hold"); },
            [](const core::ContactResumed&) { return std::string("talking again"); },
            [](const core::ContactEnded& event) { return said(event); },
            [&](const core::ContactWidened& event) {
                return "widened to step " + std::to_string(event.step) + ": also to agents with " +
                       needs_text(moment.needs);
            },
            [](const core::PreferenceEnded&) {
                return std::string("waits no longer for one agent by name");
            },
            [](const core::ContactOverdue&) {
                return std::string("overdue: no priority and no reserve counts against it now");
            },
            [&](const core::NeedsChanged&) {
                return "its needs are changed to " + needs_text(moment.needs);
            },
            [](const core::ContactPrioritised& event) {
                return "gets priority " + std::to_string(event.priority);
            },
            [&](const core::ContactMoved& event) {
                return "goes on to " + moment.name + " (" + said(event.cause) + "), needs " +
                       needs_text(moment.needs);
            },
            [](const core::OverflowRefused&) {
                return std::string(
                    "stays: the queue it should have overflowed to was full or "
                    "closed");
            },
            [](const core::CallbackRequested&) {
                return std::string("waits on as a callback, in its place");
            },
            [](const core::MessageLeft&) {
                return std::string("waits on as a message, in its place");
            },
            [](const core::AlternativeProposed& event) {
                return "the caller is asked whether a " + std::string(word(event.channel)) +
                       " will do (" + said(event.cause) + ")";
            },
            [](const core::ConsultationJoined&) {
                return std::string("the colleague joins the conversation");
            },
            [](const core::TransferCompleted& event) {
                return "takes the caller of contact " + std::to_string(event.origin.value()) +
                       " over";
            },
            [](const auto&) { return std::string(); },  // of no contact
        },
        *moment.event);
}

std::string told(const Moment& moment) {
    if (!moment.event) {
        return "looked at " + said(moment.search->reason.occasion) + ": " +
               nobody_text(*moment.search);
    }
    const std::string text = event_text(moment);
    if (!moment.search) {
        return text + ".";
    }
    const bool is_queued = std::holds_alternative<core::ContactQueued>(*moment.event);
    return moment.search->reason.agent.is_set()
               ? text + chosen_text(*moment.search)
               : text + (is_queued ? " and waits; " : "; ") + nobody_text(*moment.search);
}

// Words that do not fit begin a new line, indented like the text after its head.
std::string wrapped(const std::string& head, const std::string& text) {
    std::string out = head;
    std::size_t used = head.size();
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        if (used + (end - begin) > kWidth) {
            out.erase(out.find_last_not_of(' ') + 1);
            out += "\n" + std::string(head.size(), ' ');
            used = head.size();
        }
        out += text.substr(begin, end - begin) + " ";
        used += end - begin + 1;
        begin = end + 1;
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out + "\n";
}

std::string since_entry(Duration time) {
    std::string text = "+" + seconds_text(time);
    return std::string(text.size() < kIndent - 2 ? kIndent - 2 - text.size() : 0, ' ') + text +
           "  ";
}

std::string wait_text(const Why& why) {
    const auto until = why.answered ? why.answered : why.ended;
    if (!until) {
        return "It is not answered yet.";
    }
    std::string text = "In all it waited " + seconds_text(*until - why.entered) + ". ";
    if (!why.withheld) {
        return text + "What the charter withheld meanwhile is not known any more.";
    }
    if (why.withheld->by_any == Duration{}) {
        return text + "The charter withheld nobody with the skills meanwhile.";
    }
    static constexpr const char* kBy[] = {"the occupancy ceiling", "a break due",
                                          "the end of a shift"};
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < why.withheld->by.size(); ++i) {
        if (why.withheld->by[i] > Duration{}) {
            parts.push_back(kBy[i] + (" " + seconds_text(why.withheld->by[i])));
        }
    }
    return text + "For " + seconds_text(why.withheld->by_any) +
           " of it somebody with the skills was ready, but withheld by the charter (" +
           joined(parts, ", ") + ").";
}

std::string build_text(const Why& why) {
    const std::string own(core::build_id());
    if (why.build.empty()) {
        return "Which build decided is not known; this is build " + own + ".";
    }
    std::string text = "Decided by build " + why.build;
    if (why.config_hash != 0) {
        char hash[17];
        std::snprintf(hash, sizeof hash, "%016llx",
                      static_cast<unsigned long long>(why.config_hash));
        text += std::string(", configuration ") + hash;
    }
    return text + (why.build == own ? "; this is the same build." : "; this is build " + own + ".");
}

std::string names_text(const Why& why) {
    switch (why.recomputed) {
        case Recomputed::alike:
            return "";
        case Recomputed::otherwise:
            return why.build == core::build_id()
                       ? "Names that are missing cannot be recomputed: what the journal still "
                         "holds does not lead to the same decisions."
                       : "Names that are missing cannot be recomputed: this build decides "
                         "otherwise than the one that decided.";
        case Recomputed::key_gone:
            return "Names cannot be recomputed: the key of that day is shredded.";
    }
    return "";
}

std::string head_text(const Why& why) {
    std::string text = "contact " + std::to_string(why.contact.value());
    if (!why.moments.empty()) {
        text += "  " + why.moments.front().name + ", " + std::string(word(why.queued.channel)) +
                ", priority " + std::to_string(why.queued.priority) + ", entered " +
                moment_text(why.entered) + ", needs " + needs_text(why.moments.front().needs);
    }
    return text + (why.queued.preferred.is_set() ? ", waits for one agent by name" : "");
}

}  // namespace

std::string timeline_text(const Why& why, bool has_names) {
    std::string out = wrapped("", head_text(why)) + "\n";
    for (const Moment& moment : why.moments) {
        out += wrapped(since_entry(moment.at - why.entered), told(moment));
    }
    if (why.successor.is_set()) {
        out += "\nIt goes on as contact " + std::to_string(why.successor.value()) + ".\n";
    }
    out += "\n" + wrapped("", wait_text(why)) + wrapped("", build_text(why));
    if (has_names && why.recomputed != Recomputed::alike) {
        out += wrapped("", names_text(why));
    }
    if (why.reasons_missing > 0) {
        out += wrapped("", "Reasons are missing for " +
                               counted(why.reasons_missing, "presentation", "presentations") +
                               ": the journal is older than reasons.");
    }
    return out;
}

}  // namespace lanze::app
