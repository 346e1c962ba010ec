#include "property/naive_router.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace lanze::property {

namespace {

bool is_waiting(const core::Contact& contact) {
    return std::holds_alternative<core::Waiting>(contact.state);
}

bool has_level(const core::AgentConfig& agent, const core::SkillLevel& need) {
    return std::any_of(agent.skills.begin(), agent.skills.end(), [&](const auto& skill) {
        return skill.skill == need.skill && skill.level >= need.level;
    });
}

std::string name(core::AgentId id) {
    return "agent " + std::to_string(id.value());
}
std::string name(core::ContactId id) {
    return "contact " + std::to_string(id.value());
}

// The agent a contact believes it is with.
core::AgentId agent_of(const core::Contact& contact) {
    if (const auto* presented = std::get_if<core::Presented>(&contact.state)) {
        return presented->agent;
    }
    const auto* connected = std::get_if<core::Connected>(&contact.state);
    return connected == nullptr ? core::AgentId{} : connected->agent;
}

std::string problem_of_agent(const core::Floor& floor, const core::Agent& agent) {
    if (std::holds_alternative<core::Released>(agent.activity)) {
        return name(agent.id) + " was left between two states";
    }
    const core::ContactId id = core::contact_of(agent);
    const bool is_with_contact = std::holds_alternative<core::Alerting>(agent.activity) ||
                                 std::holds_alternative<core::Talking>(agent.activity);
    if (!is_with_contact) {
        return "";
    }
    const core::Contact* contact = floor.find_contact(id);
    const bool is_mutual = contact != nullptr && agent_of(*contact) == agent.id;
    return is_mutual ? "" : name(agent.id) + " is with " + name(id) + ", which is not with him";
}

std::string problem_of_contact(const core::Floor& floor, const core::Contact& contact) {
    const core::AgentId with = agent_of(contact);
    if (with.is_set() && core::contact_of(*floor.find_agent(with)) != contact.id) {
        return name(contact.id) + " is with " + name(with) + ", who is not with it";
    }
    if (!is_waiting(contact)) {
        return "";
    }
    for (const core::Agent& agent : floor.agents()) {
        if (could_take(floor, agent, contact)) {
            return name(contact.id) + " waits beside " + name(agent.id) + ", who is ready for it";
        }
    }
    return "";
}

std::string problem_of_counts(const core::Floor& floor) {
    std::map<core::QueueId, std::uint32_t> contacts;
    std::map<core::QueueId, std::size_t> waiting;
    for (const auto& [id, contact] : floor.contacts()) {
        ++contacts[contact.queue];
        waiting[contact.queue] += is_waiting(contact) ? 1U : 0U;
    }
    for (const core::Queue& queue : floor.queues()) {
        if (queue.contacts != contacts[queue.id]) {
            return "queue " + queue.config.name + " counts " + std::to_string(queue.contacts) +
                   " contacts of " + std::to_string(contacts[queue.id]);
        }
        if (!queue.is_retired && floor.routing().waiting_count(queue.id) != waiting[queue.id]) {
            return "queue " + queue.config.name + " has lost count of who waits";
        }
    }
    return "";
}

}  // namespace

bool could_take(const core::Floor& floor, const core::Agent& agent, const core::Contact& contact) {
    const core::Queue& queue = *floor.find_queue(contact.queue);
    return agent.is_ready() &&
           std::all_of(queue.config.needs.begin(), queue.config.needs.end(),
                       [&](const auto& need) { return has_level(agent.config, need); });
}

std::optional<core::AgentId> agent_for(const core::Floor& floor, const core::Contact& contact) {
    using Rank = std::tuple<bool, bool, Time, core::AgentId>;
    std::optional<Rank> best;
    for (const core::Agent& agent : floor.agents()) {
        if (could_take(floor, agent, contact)) {
            const Rank rank{contact.was_tried_by(agent.id), agent.config.is_stand_in,
                            core::activity_since(agent), agent.id};
            best = best ? std::min(*best, rank) : rank;
        }
    }
    return best ? std::optional(std::get<core::AgentId>(*best)) : std::nullopt;
}

std::optional<core::ContactId> contact_for(const core::Floor& floor, const core::Agent& agent) {
    using Rank = std::tuple<bool, Time, core::ContactId>;
    std::optional<Rank> best;
    for (const auto& [id, contact] : floor.contacts()) {
        if (is_waiting(contact) && could_take(floor, agent, contact)) {
            const Rank rank{contact.was_tried_by(agent.id), contact.queued, id};
            best = best ? std::min(*best, rank) : rank;
        }
    }
    return best ? std::optional(std::get<core::ContactId>(*best)) : std::nullopt;
}

std::string problem_of(const core::Floor& floor) {
    for (const core::Agent& agent : floor.agents()) {
        if (std::string problem = problem_of_agent(floor, agent); !problem.empty()) {
            return problem;
        }
    }
    for (const auto& [id, contact] : floor.contacts()) {
        if (std::string problem = problem_of_contact(floor, contact); !problem.empty()) {
            return problem;
        }
    }
    return problem_of_counts(floor);
}

}  // namespace lanze::property
