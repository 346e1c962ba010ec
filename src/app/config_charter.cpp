#include "app/config_charter.h"

#include <algorithm>

#include "core/skills.h"

// Cancelling is never slower than buying (the idea of § 312k BGB): each queue with purpose "cancel"
// is held against each with purpose "buy". What is refused is what can make the same caller wait
// longer, or be turned away sooner, because he wants to leave; how many call, and how many agents
// are at work, no configuration can promise. No difference is made by the mode of answering, by
// the agent rule (it chooses among idle agents, so nobody waits) and by announcements.

namespace lanze::app {

namespace {

// Agents who serve both queues take the lower number first, however long the others wait.
void check_priority(const CharterPair& pair) {
    const int here = pair.cancel.config.priority;
    const int there = pair.buy.config.priority;
    if (here > there) {
        pair.refuse(pair.cancel.at.priority, "priority",
                    std::to_string(here) + " comes after " + std::to_string(there) + " of " +
                        pair.buying(pair.buy.at.priority),
                    "write " + std::to_string(there) + " or less");
    }
}

// Refused whatever the rules: the router reads `within` (relative_to_target, starvation bound), and
// people are staffed by both; a later change of rule shall not make a promise untrue.
void check_service_level(const CharterPair& pair) {
    const core::ServiceLevel& here = pair.cancel.config.service_level;
    const core::ServiceLevel& there = pair.buy.config.service_level;
    if (here.within > there.within) {
        const std::string limit = in_quotes(written_duration(there.within));
        pair.refuse(pair.cancel.at.within, "service_level.within",
                    in_quotes(written_duration(here.within)) + " is longer than " + limit + " of " +
                        pair.buying(pair.buy.at.within),
                    "write " + limit + " or less");
    }
    if (here.share_permille < there.share_permille) {
        const std::string limit = written_share(there.share_permille);
        pair.refuse(pair.cancel.at.share, "service_level.share",
                    written_share(here.share_permille) + " is less than " + limit + " of " +
                        pair.buying(pair.buy.at.share),
                    "write " + limit + " or more");
    }
}

// A smaller waiting room turns callers away sooner.
void check_waiting_max(const CharterPair& pair) {
    const std::uint32_t here = pair.cancel.config.waiting_max;
    const std::uint32_t there = pair.buy.config.waiting_max;
    if (here < there) {
        pair.refuse(pair.cancel.at.waiting_max, "waiting_max",
                    std::to_string(here) + " lets in fewer than " + std::to_string(there) + " of " +
                        pair.buying(pair.buy.at.waiting_max),
                    "write " + std::to_string(there) + " or more");
    }
}

// Who waits for one agent alone waits longer than who may go to all.
void check_preferred_for(const CharterPair& pair) {
    const Duration here = pair.cancel.config.preferred_for;
    const Duration there = pair.buy.config.preferred_for;
    if (here > there) {
        const std::string limit = in_quotes(written_duration(there));
        pair.refuse(pair.cancel.at.preferred_for, "preferred_for",
                    in_quotes(written_duration(here)) + " is longer than " + limit + " of " +
                        pair.buying(pair.buy.at.preferred_for),
                    "write " + limit + " or less");
    }
}

struct Lag {
    const std::string& agent;
    Duration here;
    Duration there;
    std::string_view whose;  // of the contacts
};

void refuse_people(const CharterPair& pair, const Lag& lag) {
    const bool is_at_once = lag.there == Duration::zero();
    const QueuePositions& at = pair.cancel.at;
    const QueuePositions& buy_at = pair.buy.at;
    pair.refuse(is_at_once ? at.skills : at.widening, is_at_once ? "skills" : "widening",
                in_quotes(lag.agent) + " may take contacts of " +
                    pair.buying(is_at_once ? buy_at.skills : buy_at.widening) +
                    std::string(lag.whose) + " " + written_reach(lag.there) +
                    ", but of this queue " + written_reach(lag.here),
                is_at_once ? "need no skill that is not needed there, and no higher level"
                           : "widen as soon and as far as there");
}

// Whoever may take a buyer may take who cancels, at the same wait or sooner: callers who buy must
// not have more people. One agent is named; the others follow by the same change.
void check_people(const CharterPair& pair, const AgentsBySkills& sets) {
    for (const auto& [skills, agent] : sets) {
        const Reach here = reach(pair.cancel.config, skills);
        const Reach there = reach(pair.buy.config, skills);
        if (here.own_met > there.own_met) {
            refuse_people(pair, {agent, here.own_met, there.own_met, ""});
            return;
        }
        if (here.any > there.any) {
            refuse_people(pair, {agent, here.any, there.any, ", whatever these need,"});
            return;
        }
    }
}

void check_reserves(const CharterPair& pair, const AgentsBySkills& sets) {
    const std::vector<core::Reserve>& reserves = pair.cancel.config.reserves;
    for (std::size_t i = 0; i < reserves.size(); ++i) {
        if (!is_harmless(reserves[i], pair.buy.config, sets)) {
            pair.refuse(pair.cancel.at.reserves[i], "reserve[" + std::to_string(i) + "]",
                        "keeps " + std::to_string(reserves[i].keep) + " with " +
                            written_skills(reserves[i].pool) +
                            " from those who cancel, more than from " +
                            pair.buying(pair.buy.at.reserve),
                        "take it out, or write it there as well");
        }
    }
}

// Few cancel and many buy: theirs would be the longer queue, and so always served first.
void check_longer_queue(const CharterPair& pair, const ConfigDraft& draft) {
    if (draft.config.core.contact_rule != core::ContactRule::longer_queue ||
        pair.cancel.config.priority != pair.buy.config.priority) {
        return;
    }
    pair.findings.add(draft.contact_rule_at, "routing.contact_rule",
                      "\"longer_queue\" lets the few of " + in_quotes(pair.cancel.config.name) +
                          " (line " + std::to_string(pair.cancel.at.priority.line) +
                          ") wait behind the many of " + pair.buying(pair.buy.at.priority) +
                          ", and cancelling must never be slower than buying",
                      "give " + in_quotes(pair.cancel.config.name) +
                          " the smaller number as priority, or choose another rule");
}

}  // namespace

std::string CharterPair::buying(ConfigPosition at) const {
    return in_quotes(buy.config.name) + " (line " + std::to_string(at.line) + ")";
}

void CharterPair::refuse(ConfigPosition at, std::string_view field, const std::string& problem,
                         const std::string& remedy) const {
    findings.add(at, "queue[" + std::to_string(cancel.index) + "]." + std::string(field),
                 problem + ", and cancelling must never be slower than buying", remedy);
}

Reach reach(const core::QueueConfig& queue, const core::Skills& skills) {
    Reach result;
    if (core::fulfils(skills, queue.needs)) {
        result.own_met = Duration::zero();
    }
    for (const core::WideningStep& step : queue.widening) {
        if (core::fulfils(skills, step.needs)) {
            result.own_met = std::min(result.own_met, step.after);
            result.any = step.drops_own ? std::min(result.any, step.after) : result.any;
        }
    }
    return result;
}

std::string written_reach(Duration wait) {
    if (wait == kNever) {
        return "never";
    }
    return wait == Duration::zero() ? "at once" : "after " + in_quotes(written_duration(wait));
}

Reach reach(const ConfigDraft& draft, const std::vector<Stage>& stages,
            const core::Skills& skills) {
    Reach result;
    const auto sooner = [](Duration& best, Duration after, Duration wait) {
        best = std::min(best, std::max(after, wait));
    };
    for (const auto& [queue, after] : stages) {
        const Reach there = reach(draft.config.core.queues[queue], skills);
        sooner(result.own_met, after, there.own_met);
        sooner(result.any, after, there.any);
    }
    return result;
}

bool is_harmless(const core::Reserve& reserve, const core::QueueConfig& buy,
                 const AgentsBySkills& sets) {
    const bool is_there_too =
        std::any_of(buy.reserves.begin(), buy.reserves.end(), [&](const core::Reserve& one) {
            return one.pool == reserve.pool && one.keep >= reserve.keep;
        });
    return is_there_too || std::none_of(sets.begin(), sets.end(), [&](const auto& set) {
               return core::fulfils(set.first, reserve.pool) &&
                      reach(buy, set.first).own_met != kNever;
           });
}

void check_cancelling_is_not_slower(const ConfigDraft& draft, ConfigFindings& findings) {
    const std::vector<core::QueueConfig>& queues = draft.config.core.queues;
    const std::vector<QueuePurpose>& purposes = draft.config.queue_purposes;
    AgentsBySkills sets;
    ServedHours served;
    for (const core::AgentConfig& agent : draft.config.core.agents) {
        sets.try_emplace(agent.skills, agent.name);
    }
    for (std::size_t i = 0; i < queues.size(); ++i) {
        for (std::size_t j = 0; j < queues.size(); ++j) {
            if (purposes[i] != QueuePurpose::cancel || purposes[j] != QueuePurpose::buy) {
                continue;
            }
            const CharterPair pair{
                {queues[i], draft.queue_at[i], i}, {queues[j], draft.queue_at[j], j}, findings};
            check_priority(pair);
            check_service_level(pair);
            check_waiting_max(pair);
            check_preferred_for(pair);
            check_people(pair, sets);
            check_reserves(pair, sets);
            check_longer_queue(pair, draft);
            check_ways(pair, draft, sets);
            check_hours(pair, draft, served);
        }
    }
}

}  // namespace lanze::app
