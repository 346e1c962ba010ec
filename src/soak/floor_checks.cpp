#include "soak/floor_checks.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "core/skills.h"

namespace lanze::soak {

namespace {

// The centre is woken at once; so late nothing that ends by itself may still be there.
constexpr Duration kLateness = seconds(1);

std::string named(const core::Agent& agent) {
    return agent.config.name;
}

std::string numbered(core::ContactId contact) {
    return "contact " + std::to_string(contact.value());
}

// The agent a contact is presented or connected to; unset while it waits.
core::AgentId agent_of(const core::Contact& contact) {
    if (const auto* presented = std::get_if<core::Presented>(&contact.state)) {
        return presented->agent;
    }
    const auto* connected = std::get_if<core::Connected>(&contact.state);
    return connected == nullptr ? core::AgentId{} : connected->agent;
}

// Whether the agent's activity says the same of the contact as the contact does.
bool agrees(const core::Agent& agent, const core::Contact& contact) {
    if (const auto* presented = std::get_if<core::Presented>(&contact.state)) {
        const auto* alerting = std::get_if<core::Alerting>(&agent.activity);
        return alerting != nullptr && alerting->contact == contact.id &&
               alerting->presentation == presented->presentation;
    }
    const auto* talking = std::get_if<core::Talking>(&agent.activity);
    return talking != nullptr && talking->contact == contact.id;
}

std::string check_agent(const core::Floor& floor, const core::Agent& agent, Time now) {
    const bool is_with_contact = std::holds_alternative<core::Alerting>(agent.activity) ||
                                 std::holds_alternative<core::Talking>(agent.activity);
    if (is_with_contact) {
        const core::Contact* contact = floor.find_contact(core::contact_of(agent));
        if (contact == nullptr || agent_of(*contact) != agent.id) {
            return named(agent) + " has a contact that knows nothing of it";
        }
    }
    const auto until = core::activity_until(agent);
    if (until && *until + kLateness < now) {
        return named(agent) + " is stuck in what has ended";
    }
    return {};
}

std::string check_contact(const core::Floor& floor, const core::Contact& contact) {
    const core::AgentId id = agent_of(contact);
    if (id.is_set()) {
        const core::Agent* agent = floor.find_agent(id);
        const bool is_known = agent != nullptr && agrees(*agent, contact);
        return is_known ? "" : numbered(contact.id) + " is with an agent who knows nothing of it";
    }
    const core::Queue* queue = floor.find_queue(contact.queue);
    for (const core::Agent& agent : floor.agents()) {
        const bool could_take = agent.is_presentable() && !contact.preferred.is_set() &&
                                core::fulfils(agent.config.skills, queue->config.needs) &&
                                core::fulfils(agent.config.skills, contact.needs);
        if (could_take) {
            return numbered(contact.id) + " waits beside " + named(agent) + ", who is ready";
        }
    }
    return {};
}

}  // namespace

std::string check_floor(const core::Floor& floor, Time now) {
    std::map<core::QueueId, std::uint32_t> counted;
    for (const auto& [id, contact] : floor.contacts()) {
        ++counted[contact.queue];
        if (std::string problem = check_contact(floor, contact); !problem.empty()) {
            return problem;
        }
    }
    for (const core::Agent& agent : floor.agents()) {
        if (std::string problem = check_agent(floor, agent, now); !problem.empty()) {
            return problem;
        }
    }
    for (const core::Queue& queue : floor.queues()) {
        if (queue.contacts != counted[queue.id]) {
            return "queue " + queue.config.name + " counts " + std::to_string(queue.contacts) +
                   " contacts and has " + std::to_string(counted[queue.id]);
        }
    }
    return {};
}

std::string check_decisions(ports::Journal& journal, const core::Floor& floor) {
    core::Floor again;
    std::uint64_t number = 0;
    std::uint64_t different = 0;
    journal.replay([&](const ports::Decision& decision) {
        ++number;
        if (different != 0) {
            return;
        }
        const core::Outcome outcome =
            again.handle(decision.command, decision.at, core::Explaining::yes);
        const bool is_same =
            outcome.events == decision.events && outcome.reasons == decision.reasons;
        different = is_same ? 0 : number;
    });
    if (different != 0) {
        return "decision " + std::to_string(different) + " is made otherwise when decided again";
    }
    return again.is_same_as(floor) ? "" : "the floor is not what its events make";
}

}  // namespace lanze::soak
