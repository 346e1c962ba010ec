#include "app/replay.h"

#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <utility>

#include "app/journal_text.h"
#include "app/local_time.h"
#include "core/build_id.h"
#include "core/floor.h"
#include "journal/journal_reader.h"

namespace lanze::app {

namespace {

// "EnterQueue": the compiler's own name of the alternative.
template <typename T>
std::string type_name() {
    std::string_view text = __PRETTY_FUNCTION__;  // "... [with T = lanze::core::EnterQueue; ..."
    text.remove_prefix(text.find("T = ") + 4);
    text = text.substr(0, text.find_first_of(";]"));
    return std::string(text.substr(text.rfind(':') + 1));
}

template <typename Variant>
std::string name_of(const Variant& variant) {
    return std::visit([]<typename T>(const T&) { return type_name<T>(); }, variant);
}

std::vector<std::string> names_of(const std::vector<core::Event>& events) {
    std::vector<std::string> names;
    names.reserve(events.size());
    for (const core::Event& event : events) {
        names.push_back(name_of(event));
    }
    return names;
}

class Replay {
public:
    explicit Replay(bool verifies) : verifies_(verifies) {}

    // False: there is a difference, and nothing is to be learned from what follows it.
    bool note(const journal::JournalReader::KeptDecision& kept) {
        const ports::Decision& decision = kept.decision;
        if (kept.is_carried_over) {
            ++replayed_.carried_over;
        } else {
            ++replayed_.decisions;
            replayed_.by_other_builds += kept.build == core::build_id() ? 0U : 1U;
        }
        replayed_.events += decision.events.size();
        replayed_.reasons += decision.reasons.size();
        if (verifies_ && !kept.is_carried_over) {
            return decide(kept);
        }
        for (const core::Event& event : decision.events) {
            floor_.apply(event, decision.at);
        }
        return true;
    }

    Replayed take() {
        replayed_.contacts_open = floor_.contacts().size();
        return std::move(replayed_);
    }

private:
    bool decide(const journal::JournalReader::KeptDecision& kept) {
        const ports::Decision& decision = kept.decision;
        // Journals of before had no reasons; then nothing is to be compared with.
        const bool has_reasons = !decision.reasons.empty();
        const core::Outcome outcome =
            floor_.handle(decision.command, decision.at,
                          has_reasons ? core::Explaining::yes : core::Explaining::no);
        const bool is_alike =
            outcome.events == decision.events && outcome.reasons == decision.reasons;
        if (!is_alike) {
            replayed_.difference = Difference{replayed_.decisions,       decision.at,
                                              name_of(decision.command), names_of(decision.events),
                                              names_of(outcome.events),  std::string(kept.build)};
        }
        return is_alike;
    }

    bool verifies_;
    core::Floor floor_;
    Replayed replayed_;
};

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text.empty() ? "nothing" : text;
}

std::string difference_text(const Difference& difference) {
    const std::string time = zoned_text(difference.at);
    std::string text = "Decision " + std::to_string(difference.decision) + " (" +
                       difference.command + ", " + time +
                       ") was made otherwise.\n  recorded: " + joined(difference.recorded) +
                       "\n  decided now: " + joined(difference.decided);
    if (difference.recorded == difference.decided) {
        text += " (the details or the reasons differ)";
    }
    const bool is_same_build = difference.build == core::build_id();
    return text + "\nIt was made by " +
           (difference.build.empty() ? "a build that is not known"
            : is_same_build
                ? "this very build: a bug, please report it"
                : "build " + difference.build + ", this is " + std::string(core::build_id())) +
           ".\n";
}

std::string json_of(const Replayed& replayed, const ReplayOptions& options, double seconds) {
    boost::json::object out{{"decisions", replayed.decisions},
                            {"events", replayed.events},
                            {"reasons", replayed.reasons},
                            {"by_other_builds", replayed.by_other_builds},
                            {"carried_over", replayed.carried_over},
                            {"contacts_open", replayed.contacts_open},
                            {"is_verified", options.verifies && !replayed.difference},
                            {"seconds", seconds},
                            {"difference", nullptr}};
    if (replayed.difference) {
        const Difference& difference = *replayed.difference;
        out["difference"] =
            boost::json::object{{"decision", difference.decision},
                                {"at", zoned_text(difference.at)},
                                {"command", difference.command},
                                {"recorded", boost::json::value_from(difference.recorded)},
                                {"decided", boost::json::value_from(difference.decided)},
                                {"build", difference.build}};
    }
    return boost::json::serialize(out) + "\n";
}

}  // namespace

Result<Replayed, std::string> replay(journal::JournalReader& reader, bool verifies) {
    Replay replay(verifies);
    reader.freeze();
    const auto read = reader.replay_kept(
        [&](const journal::JournalReader::KeptDecision& kept) { return replay.note(kept); });
    reader.release();
    if (!read) {
        return Unexpected(read.error());
    }
    Replayed replayed = replay.take();
    replayed.is_key_gone = *read == journal::JournalReader::Kept::key_gone;
    return replayed;
}

std::string replay_text(const Replayed& replayed, const ReplayOptions& options, Duration took) {
    const double seconds = std::chrono::duration<double>(took).count();
    if (options.is_json) {
        return json_of(replayed, options, seconds);
    }
    char speed[96];
    std::snprintf(speed, sizeof speed, " in %.2f s, %.2f million events/s.\n", seconds,
                  static_cast<double>(replayed.events) / std::max(seconds, 1e-9) / 1e6);
    std::string text = std::to_string(replayed.decisions) + " decisions with " +
                       std::to_string(replayed.events) + " events and " +
                       std::to_string(replayed.reasons) + " reasons" + speed;
    if (replayed.carried_over > 0) {
        text +=
            "The first days are forgotten; " + std::to_string(replayed.carried_over) +
            " events are carried over of them, which is not all that later decisions rest on.\n";
    }
    if (replayed.difference) {
        return text + difference_text(*replayed.difference);
    }
    if (options.verifies) {
        text += "All were decided again, by build " + std::string(core::build_id()) +
                ": the same events for the same reasons.\n";
        if (replayed.by_other_builds > 0) {
            text +=
                std::to_string(replayed.by_other_builds) + " of them were made by other builds.\n";
        }
    }
    return text + std::to_string(replayed.contacts_open) + " contacts are open at the end.\n";
}

int run_replay(const ReplayOptions& options) {
    if (options.what_if) {
        return run_what_if({options.journal_path, options.keys_path, options.is_json},
                           *options.what_if);
    }
    bool is_different = false;
    const int code = print_text(options.time_zone, [&]() -> Result<std::string, std::string> {
        auto reader = open_journal(options.journal_path, options.keys_path);
        if (!reader) {
            return Unexpected(reader.error());
        }
        const auto begin = std::chrono::steady_clock::now();
        const auto replayed = replay(**reader, options.verifies);
        const auto took = std::chrono::steady_clock::now() - begin;
        if (!replayed) {
            return Unexpected(replayed.error());
        }
        if (replayed->is_key_gone) {
            return Unexpected(std::string(
                "the keys of the journal's days are missing; without them nothing can be decided "
                "again"));
        }
        is_different = replayed->difference.has_value();
        return replay_text(*replayed, options, std::chrono::duration_cast<Duration>(took));
    });
    return code == 0 && is_different ? 1 : code;
}

}  // namespace lanze::app
