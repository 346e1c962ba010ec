// What a new configuration leads to.
#include <algorithm>
#include <set>
#include <string_view>

#include "core/turn.h"

namespace lanze::core {

namespace {

template <typename Things>
bool has_good_names(const Things& things) {
    std::set<std::string_view> names;
    return std::all_of(things.begin(), things.end(), [&](const auto& thing) {
        return !thing.name.empty() && names.insert(thing.name).second;
    });
}

// Either another queue or a proposal.
bool is_valid(const Overflow& overflow) {
    const bool is_proposal =
        overflow.proposes == Channel::callback || overflow.proposes == Channel::message;
    return overflow.to.empty() ? is_proposal : overflow.proposes == Channel::voice;
}

bool is_valid(const QueueConfig& queue) {
    Duration before = Duration::zero();
    const bool widens_in_order =
        std::all_of(queue.widening.begin(), queue.widening.end(), [&](const WideningStep& step) {
            const bool is_later = step.after > before;
            before = step.after;
            return is_later && is_well_formed(step.needs);
        });
    const bool has_good_reserves =
        std::all_of(queue.reserves.begin(), queue.reserves.end(),
                    [](const Reserve& reserve) { return is_well_formed(reserve.pool); });
    const bool overflows_well =
        std::all_of(queue.overflows.begin(), queue.overflows.end(),
                    [](const Overflow& overflow) { return is_valid(overflow); });
    return widens_in_order && has_good_reserves && overflows_well && is_well_formed(queue.needs) &&
           queue.overflows.size() <= kOverflowsMax && queue.widening.size() <= kWideningStepsMax &&
           queue.reserves.size() <= kReservesMax && queue.priority >= 1 &&
           queue.priority <= kPriorityMax;
}

const QueueConfig* find(const Config& config, std::string_view name) {
    const auto place = std::find_if(config.queues.begin(), config.queues.end(),
                                    [&](const QueueConfig& queue) { return queue.name == name; });
    return place == config.queues.end() ? nullptr : &*place;
}

void add_ways_of(const QueueConfig& queue, std::vector<std::string_view>& ahead) {
    for (const Overflow& overflow : queue.overflows) {
        if (!overflow.to.empty()) {
            ahead.push_back(overflow.to);
        }
    }
    if (queue.at_closing == AtClosing::divert) {
        ahead.push_back(queue.closing_to);
    }
}

// All names exist on the ways of `start`, and none leads back to it.
bool leads_on(const Config& config, const QueueConfig& start) {
    std::vector<std::string_view> ahead;
    std::set<std::string_view> seen;
    add_ways_of(start, ahead);
    while (!ahead.empty()) {
        const QueueConfig* next = find(config, ahead.back());
        ahead.pop_back();
        if (next == nullptr || next->name == start.name) {
            return false;
        }
        if (seen.insert(next->name).second) {
            add_ways_of(*next, ahead);
        }
    }
    return true;
}

bool overflows_well(const Config& config) {
    return std::all_of(config.queues.begin(), config.queues.end(),
                       [&](const QueueConfig& queue) { return leads_on(config, queue); });
}

bool is_valid(const Config& config) {
    return overflows_well(config) && has_good_names(config.queues) &&
           has_good_names(config.agents) &&
           std::all_of(config.queues.begin(), config.queues.end(),
                       [](const QueueConfig& queue) { return is_valid(queue); }) &&
           std::all_of(config.agents.begin(), config.agents.end(), [](const AgentConfig& agent) {
               return is_well_formed(agent.skills) && agent.capacity.chats <= kWrittenMax &&
                      agent.capacity.messages <= kWrittenMax;
           });
}

}  // namespace

Refused Turn::on(const Configure& command) {
    const Config& config = command.config;
    if (!is_valid(config)) {
        return Refusal::configuration_invalid;
    }
    Configured event{config, {}, {}};
    auto queue_next = static_cast<std::uint32_t>(floor_.queues().size() + 1);
    std::set<QueueId> kept;
    for (const QueueConfig& queue : config.queues) {
        const QueueId known = floor_.queue_by_name(queue.name);
        event.queue_ids.push_back(known.is_set() ? known : QueueId{queue_next++});
        kept.insert(event.queue_ids.back());
    }
    for (const Queue& queue : floor_.queues()) {
        if (queue.contacts > 0 && !kept.contains(queue.id)) {
            return Refusal::queue_not_empty;
        }
    }
    auto agent_next = static_cast<std::uint32_t>(floor_.agents().size() + 1);
    for (const AgentConfig& agent : config.agents) {
        const AgentId known = floor_.agent_by_name(agent.name);
        event.agent_ids.push_back(known.is_set() ? known : AgentId{agent_next++});
    }
    const std::vector<AgentId> ids = event.agent_ids;
    std::set<AgentId> ready_before;
    for (const Agent& agent : floor_.agents()) {
        if (agent.is_ready()) {
            ready_before.insert(agent.id);
        }
    }
    emit(std::move(event));
    for (const AgentId id : ready_before) {
        if (floor_.find_agent(id)->is_retired) {
            emit(AgentNotReady{id, NotReadyReason::signed_out});
        }
    }
    std::vector<AgentId> idle;
    for (const AgentId id : ids) {
        const Agent& agent = *floor_.find_agent(id);
        if (agent.is_ready() && !ready_before.contains(id)) {
            emit(AgentReady{id});
        }
        if (agent.is_ready() && !withhold(agent)) {
            idle.push_back(id);
        }
    }
    // Only now, so that nobody is presented to who is about to be withheld.
    for (const AgentId id : idle) {
        match_agent(*floor_.find_agent(id),
                    Occasion::configured);  // also for skills he has only now
    }
    return kDone;
}

}  // namespace lanze::core
