#include <algorithm>

#include "app/config_charter.h"

// Overflow and closing under the charter. Who buys may reach nobody sooner by a way into another
// queue than who cancels; and the ways of who cancels lead to no fewer people, for what is left
// behind is lost to him. On its way a contact takes the priority of the queue it comes into; its
// wait goes on to count for widening.

namespace lanze::app {

namespace {

struct Lag {
    std::string agent;
    Duration here;
    Duration there;
};

bool is_later(const Reach& here, const Reach& there) {
    return here.own_met > there.own_met || here.any > there.any;
}

Lag lag_of(const std::string& agent, const Reach& here, const Reach& there) {
    const bool is_by_own = here.own_met > there.own_met;
    return {agent, is_by_own ? here.own_met : here.any, is_by_own ? there.own_met : there.any};
}

// The first agent of whom who cancels gets to see less when both queues overflow by wait.
void check_overflow_by_wait(const CharterPair& pair, const ConfigDraft& draft,
                            const AgentsBySkills& sets) {
    const std::vector<Stage> here = stages_of(draft, pair.cancel.index);
    const std::vector<Stage> there = stages_of(draft, pair.buy.index);
    if (there.size() == 1) {
        return;  // the queues' own people are compared elsewhere
    }
    for (const auto& [skills, agent] : sets) {
        const Reach cancelling = reach(draft, here, skills);
        const Reach buying = reach(draft, there, skills);
        if (is_later(cancelling, buying) &&
            !is_later(reach(pair.cancel.config, skills), reach(pair.buy.config, skills))) {
            const Lag lag = lag_of(agent, cancelling, buying);
            pair.refuse(pair.cancel.at.overflow, "overflow",
                        in_quotes(lag.agent) + " may take contacts of " +
                            pair.buying(pair.buy.at.overflow) + " by overflow " +
                            written_reach(lag.there) + ", but of this queue " +
                            written_reach(lag.here),
                        "overflow as soon and to the same queues as there");
            return;
        }
    }
}

bool is_at_once(const core::Overflow& overflow) {
    return overflow.waiting > 0 || overflow.expected > Duration::zero();
}

// By length or expected wait: wherever `there` applies, `here` does.
bool applies_with(const core::Overflow& here, const core::Overflow& there) {
    return there.waiting > 0 ? here.waiting > 0 && here.waiting <= there.waiting
                             : here.expected > Duration::zero() && here.expected <= there.expected;
}

// "waiting = 10"
std::string written_condition(const core::Overflow& overflow) {
    return overflow.waiting > 0 ? "waiting = " + std::to_string(overflow.waiting)
                                : "expected = " + in_quotes(written_duration(overflow.expected));
}

// The soonest that the queue or its overflow at once gives when `other` would apply.
Reach reach_when_long(const ConfigDraft& draft, std::size_t queue, const core::Overflow& other,
                      const core::Skills& skills) {
    Reach result = reach(draft, stages_of(draft, queue), skills);
    for (const core::Overflow& overflow : draft.config.core.queues[queue].overflows) {
        const auto to = index_of_queue(draft, overflow.to);
        if (is_at_once(overflow) && applies_with(overflow, other) && to) {
            const Reach there = reach(draft, stages_of(draft, *to), skills);
            result = {std::min(result.own_met, there.own_met), std::min(result.any, there.any)};
        }
    }
    return result;
}

void check_overflow_at_once(const CharterPair& pair, const ConfigDraft& draft,
                            const AgentsBySkills& sets) {
    for (std::size_t k = 0; k < pair.buy.config.overflows.size(); ++k) {
        const core::Overflow& overflow = pair.buy.config.overflows[k];
        const auto to = index_of_queue(draft, overflow.to);
        if (!is_at_once(overflow) || !to) {
            continue;
        }
        const std::vector<Stage> stages = stages_of(draft, *to);
        for (const auto& [skills, agent] : sets) {
            const Reach here = reach_when_long(draft, pair.cancel.index, overflow, skills);
            const Reach there = reach(draft, stages, skills);
            if (is_later(here, there)) {
                const Lag lag = lag_of(agent, here, there);
                pair.refuse(pair.cancel.at.overflow, "overflow",
                            in_quotes(lag.agent) + " may take contacts of " +
                                pair.buying(pair.buy.at.overflows[k]) + " by overflow at " +
                                written_condition(overflow) + ", but of this queue " +
                                written_reach(lag.here),
                            "write { to = " + in_quotes(overflow.to) + ", " +
                                written_condition(overflow) + " } here too, or less");
                return;
            }
        }
    }
}

// A way into another queue.
struct Way {
    std::size_t to = 0;
    Duration after{};
    ConfigPosition at;
    std::string field;
    bool is_there_too = false;  // the other queue of the pair goes the same way, no later
};

bool goes_the_same_way(const core::Overflow& here, const core::Overflow& there) {
    return here.to == there.to &&
           (is_at_once(here) ? applies_with(there, here)
                             : there.after > Duration::zero() && there.after <= here.after);
}

std::vector<Way> ways_of(const QueueInFile& here, const QueueInFile& there,
                         const ConfigDraft& draft) {
    std::vector<Way> result;
    for (std::size_t k = 0; k < here.config.overflows.size(); ++k) {
        const core::Overflow& overflow = here.config.overflows[k];
        const auto& others = there.config.overflows;
        if (const auto to = index_of_queue(draft, overflow.to)) {
            result.push_back({*to, overflow.after, here.at.overflows[k],
                              "overflow[" + std::to_string(k) + "].to",
                              std::any_of(others.begin(), others.end(), [&](const auto& one) {
                                  return goes_the_same_way(overflow, one);
                              })});
        }
    }
    using At = core::AtClosing;
    const auto closing_to = here.config.at_closing == At::divert
                                ? index_of_queue(draft, here.config.closing_to)
                                : std::nullopt;
    if (closing_to) {
        const bool is_there_too = there.config.at_closing == At::divert &&
                                  there.config.closing_to == here.config.closing_to;
        result.push_back(
            {*closing_to, Duration::zero(), here.at.closing_to, "closing_to", is_there_too});
    }
    return result;
}

// The queue and all that contacts may come into from there.
std::vector<std::size_t> queues_behind(const ConfigDraft& draft, std::size_t queue) {
    std::vector<std::size_t> result{queue};
    for (std::size_t next = 0; next < result.size(); ++next) {
        const core::QueueConfig& config = draft.config.core.queues[result[next]];
        std::vector<std::string> names;
        names.reserve(config.overflows.size() + 1);
        for (const core::Overflow& overflow : config.overflows) {
            names.push_back(overflow.to);
        }
        if (config.at_closing == core::AtClosing::divert) {
            names.push_back(config.closing_to);
        }
        for (const std::string& name : names) {
            const auto to = index_of_queue(draft, name);
            if (to && std::find(result.begin(), result.end(), *to) == result.end()) {
                result.push_back(*to);
            }
        }
    }
    return result;
}

// Why who buys is better off than who has come into the queue along the way; "" if he is not.
std::string worse_than_buying(const CharterPair& pair, const ConfigDraft& draft,
                              const AgentsBySkills& sets, const Stage& stage) {
    const core::QueueConfig& other = draft.config.core.queues[stage.queue];
    const std::vector<Stage> here = stages_of(draft, stage.queue, stage.after);
    const std::vector<Stage> there = stages_of(draft, pair.buy.index);
    for (const auto& [skills, agent] : sets) {
        const Reach moved = reach(draft, here, skills);
        const Reach buying = reach(draft, there, skills);
        const Reach least{std::max(stage.after, buying.own_met), std::max(stage.after, buying.any)};
        if (is_later(moved, least)) {
            return "has fewer people than " + pair.buying(pair.buy.at.skills) + ": " +
                   in_quotes(agent) + " is missing or comes later";
        }
    }
    const auto calendar = draft.config.queue_calendars[stage.queue];
    const bool lets_go = calendar && other.at_closing == core::AtClosing::end;
    const bool so_does_buying = pair.buy.config.at_closing == core::AtClosing::end &&
                                draft.config.queue_calendars[pair.buy.index] == calendar;
    if (lets_go && !so_does_buying) {
        return "lets those go who wait when it closes, unlike " +
               pair.buying(pair.buy.at.at_closing);
    }
    for (const core::Reserve& reserve : other.reserves) {
        if (!is_harmless(reserve, pair.buy.config, sets)) {
            return "keeps people back, more than " + pair.buying(pair.buy.at.reserve);
        }
    }
    if (other.priority > pair.buy.config.priority) {
        return "has a greater priority number than " + pair.buying(pair.buy.at.priority);
    }
    if (other.service_level.within > pair.buy.config.service_level.within) {
        return "has a longer service_level.within than " + pair.buying(pair.buy.at.within);
    }
    return "";
}

void check_way_of_cancelling(const CharterPair& pair, const ConfigDraft& draft,
                             const AgentsBySkills& sets, const Way& way) {
    for (const std::size_t queue : queues_behind(draft, way.to)) {
        const std::string problem = worse_than_buying(pair, draft, sets, {queue, way.after});
        if (!problem.empty()) {
            pair.refuse(way.at, way.field,
                        in_quotes(draft.config.core.queues[queue].name) + " " + problem,
                        "choose a queue that is as good, or take it out");
            return;
        }
    }
}

// "5 comes after 2 of ..."
std::string compared(const std::string& own, const char* relation, const std::string& limit,
                     const std::string& where) {
    return own + " " + relation + " " + limit + " of " + where;
}

// What callers who buy gain in the order of contacts where they come to.
void check_way_of_buying(const CharterPair& pair, const ConfigDraft& draft, const Way& way) {
    const core::QueueConfig& here = pair.cancel.config;
    for (const std::size_t queue : queues_behind(draft, way.to)) {
        const core::QueueConfig& other = draft.config.core.queues[queue];
        const std::string where =
            in_quotes(other.name) + ", where " + pair.buying(way.at) + " sends its callers";
        if (here.priority > other.priority) {
            const std::string limit = std::to_string(int{other.priority});
            pair.refuse(pair.cancel.at.priority, "priority",
                        compared(std::to_string(int{here.priority}), "comes after", limit, where),
                        "write " + limit + " or less");
            return;
        }
        if (here.service_level.within > other.service_level.within) {
            const std::string limit = in_quotes(written_duration(other.service_level.within));
            pair.refuse(pair.cancel.at.within, "service_level.within",
                        compared(in_quotes(written_duration(here.service_level.within)),
                                 "is longer than", limit, where),
                        "write " + limit + " or less");
            return;
        }
    }
}

}  // namespace

// Dijkstra's way through the overflows by wait; circles (refused elsewhere) do no harm.
std::vector<Stage> stages_of(const ConfigDraft& draft, std::size_t queue, Duration from) {
    std::vector<Stage> result;
    std::vector<Stage> ahead{{queue, from}};
    while (!ahead.empty()) {
        const auto next =
            std::min_element(ahead.begin(), ahead.end(),
                             [](const Stage& a, const Stage& b) { return a.after < b.after; });
        const Stage stage = *next;
        ahead.erase(next);
        const bool is_known = std::any_of(result.begin(), result.end(), [&](const Stage& one) {
            return one.queue == stage.queue;
        });
        if (is_known) {
            continue;
        }
        result.push_back(stage);
        for (const core::Overflow& overflow : draft.config.core.queues[stage.queue].overflows) {
            const auto to = index_of_queue(draft, overflow.to);
            if (overflow.after > Duration::zero() && to) {
                ahead.push_back({*to, stage.after + overflow.after});
            }
        }
    }
    return result;
}

void check_ways(const CharterPair& pair, const ConfigDraft& draft, const AgentsBySkills& sets) {
    check_overflow_by_wait(pair, draft, sets);
    check_overflow_at_once(pair, draft, sets);
    for (const Way& way : ways_of(pair.cancel, pair.buy, draft)) {
        // Who is let go at closing has lost more than who goes on to any queue.
        const bool is_gain =
            way.field == "closing_to" && pair.buy.config.at_closing == core::AtClosing::end;
        if (!way.is_there_too && !is_gain) {
            check_way_of_cancelling(pair, draft, sets, way);
        }
    }
    for (const Way& way : ways_of(pair.buy, pair.cancel, draft)) {
        if (!way.is_there_too) {
            check_way_of_buying(pair, draft, way);
        }
    }
}

}  // namespace lanze::app
