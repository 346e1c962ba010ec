#include "property/judge.h"

#include <algorithm>
#include <utility>

namespace lanze::property {

namespace {

bool has_reserves(const core::Config& config) {
    return std::any_of(config.queues.begin(), config.queues.end(),
                       [](const core::QueueConfig& queue) { return !queue.reserves.empty(); });
}

// What a supervisor assigns follows no rule.
bool is_assigned(const core::Command& command, const core::ContactPresented& presented) {
    const auto* assign = std::get_if<core::Assign>(&command);
    return assign != nullptr && assign->contact == presented.contact &&
           assign->agent == presented.agent;
}

template <typename Id>
std::string number(std::optional<Id> id) {
    return id ? std::to_string(id->value()) : "nobody";
}

using Counts = std::map<std::pair<std::uint32_t, core::ExcludedBy>, std::uint32_t>;

// What is told once for all pools is compared so.
Counts counts_of(const std::vector<core::Standing>& standings, const core::Reason& reason) {
    Counts counts;
    for (const core::Standing& each : standings) {
        const auto is_told_alone = [&](const core::Exclusion& exclusion) {
            return exclusion.pool == each.pool && exclusion.by == each.by;
        };
        if (each.by) {
            const bool is_alone = std::ranges::any_of(reason.excluded, is_told_alone);
            ++counts[{is_alone ? each.pool : core::kAllPools, *each.by}];
        }
    }
    return counts;
}

std::string problem_of(const core::Reason& reason, const std::vector<core::Standing>& standings) {
    const std::string what = "the reason for contact " + std::to_string(reason.contact.value());
    const auto candidates =
        std::ranges::count_if(standings, [](const core::Standing& each) { return !each.by; });
    if (candidates != reason.candidates) {
        return what + " counts " + std::to_string(reason.candidates) + " candidates instead of " +
               std::to_string(candidates);
    }
    Counts told;
    for (const core::Exclusion& each : reason.excluded) {
        told[{each.pool, each.by}] += each.agents;
    }
    return told == counts_of(standings, reason) ? "" : what + " excludes others";
}

}  // namespace

std::string Judge::weigh(const core::Command& command, const core::Outcome& outcome,
                         Time now) const {
    if (outcome.reasons.size() != outcome.events_before.size()) {
        return "a reason does not say when it was given";
    }
    if (outcome.reasons.empty()) {
        return "";
    }
    core::Floor floor = shadow_;
    // As the journal keeps it.
    const core::Outcome again = floor.handle(
        outcome.refusal ? core::Command{core::AdvanceTime{}} : command, now, core::Explaining::yes);
    if (again.events != outcome.events || again.reasons != outcome.reasons) {
        return "the floor rebuilt from the events decides otherwise";
    }
    floor = shadow_;
    std::size_t applied = 0;
    for (std::size_t i = 0; i < outcome.reasons.size(); ++i) {
        const core::Reason& reason = outcome.reasons[i];
        for (; applied < outcome.events_before[i]; ++applied) {
            floor.apply(outcome.events[applied], now);
        }
        const core::Contact& contact = *floor.find_contact(reason.contact);
        std::string problem = problem_of(reason, core::standings(floor, contact, now));
        if (!problem.empty()) {
            return problem;
        }
    }
    return "";
}

std::string Judge::hear(const core::Command& command, const std::vector<core::Event>& events,
                        Time now) {
    bool is_configured = false;
    std::string problem;
    for (const core::Event& event : events) {
        is_configured = is_configured || std::holds_alternative<core::Configured>(event) ||
                        std::holds_alternative<core::QueueOpened>(event);
        const auto* presented = std::get_if<core::ContactPresented>(&event);
        const auto* queued = std::get_if<core::ContactQueued>(&event);
        const core::Contact* origin =
            queued == nullptr ? nullptr : shadow_.find_contact(queued->origin);
        const bool comes_back = origin != nullptr && origin->queue == queued->queue;
        if (queued != nullptr && !comes_back && !shadow_.find_queue(queued->queue)->is_open) {
            problem = "a contact enters a closed queue";
        }
        if (problem.empty() && presented != nullptr && !is_assigned(command, *presented)) {
            problem = judge(*presented, is_configured, now);
        }
        count(event);
        shadow_.apply(event, now);
        charter_.note(shadow_, event, now);
    }
    return problem;
}

// A new configuration may set several free at once, and so may a queue that opens or a reserve that
// has grown; who is first then is their own order.
std::string Judge::judge(const core::ContactPresented& presented, bool is_configured,
                         Time now) const {
    const core::Contact& contact = *shadow_.find_contact(presented.contact);
    const core::Agent& agent = *shadow_.find_agent(presented.agent);
    const std::string what = "contact " + std::to_string(contact.id.value()) + " is presented to " +
                             std::to_string(agent.id.value());
    if (!could_take(shadow_, agent, contact, now)) {
        return what + ", who cannot take it";
    }
    if (const auto best = agent_for(shadow_, contact, now); best != presented.agent) {
        return what + " instead of " + number(best);
    }
    const auto first = contact_for(shadow_, agent, now);
    const bool is_free_to_choose = is_configured || has_reserves(shadow_.config());
    return is_free_to_choose || first == presented.contact ? "" : what + " before " + number(first);
}

std::string Judge::compare(const core::Floor& floor, Time now) const {
    if (!floor.is_same_as(shadow_)) {  // so a refused command has changed nothing either
        return "the floor rebuilt from the events differs";
    }
    if (floor.next_deadline() && *floor.next_deadline() <= now) {
        return "something that is due was not settled";
    }
    const std::string problem = problem_of(floor, now);
    return problem.empty() ? charter_.problem_of(floor, now) : problem;
}

void Judge::count(const core::Event& event) {
    ++tally_->events[event.index()];
    if (const auto* presented = std::get_if<core::ContactPresented>(&event)) {
        tally_->beside += shadow_.find_agent(presented->agent)->written.empty() ? 0U : 1U;
    }
    if (const auto* queued = std::get_if<core::ContactQueued>(&event)) {
        const bool asks = queued->channel == core::Channel::consultation;
        tally_->consultations += asks ? 1U : 0U;
        tally_->transferred += queued->origin.is_set() && !asks ? 1U : 0U;
    }
    if (const auto* withheld = std::get_if<core::AgentWithheld>(&event)) {
        tally_->breaks_due += withheld->by == core::WithheldBy::break_due ? 1U : 0U;
        tally_->shifts_over += withheld->by == core::WithheldBy::shift_over ? 1U : 0U;
    }
}

}  // namespace lanze::property
