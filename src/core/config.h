// Config: what the core must know of the centre: skills, queues and agents, each by its name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/ids.h"

namespace lanze::core {

// A skill by name and its level (1–99): what an agent has, or the lowest that will do for a queue.
struct SkillLevel {
    std::string skill;
    std::uint8_t level = 1;
    friend auto operator<=>(const SkillLevel&, const SkillLevel&) = default;
};

// How abandons count in the service level (docs/glossary.md).
enum class ServiceLevelDefinition : std::uint8_t {
    answered_within_per_offered_less_short,    // answered within / (offered - short abandons)
    answered_within_per_offered,               // answered within / offered
    answered_within_per_answered,              // answered within / answered
    answered_or_abandoned_within_per_offered,  // (answered + abandoned within) / offered
};

struct ServiceLevel {
    std::uint32_t share_permille = 800;
    Duration within = seconds(20);
    ServiceLevelDefinition definition =
        ServiceLevelDefinition::answered_within_per_offered_less_short;
    Duration short_abandon = seconds(5);
    friend auto operator<=>(const ServiceLevel&, const ServiceLevel&) = default;
};

struct QueueConfig {
    std::string name;
    std::vector<SkillLevel> needs;  // sorted by skill
    ServiceLevel service_level;
    std::uint32_t waiting_max = 100'000;  // contacts waiting; one more is blocked
    friend bool operator==(const QueueConfig&, const QueueConfig&) = default;
};

struct AgentConfig {
    std::string name;
    std::vector<SkillLevel> skills;  // sorted by skill
    Duration wrap_up = seconds(20);  // budget; zero: none
    Duration present_for = seconds(15);
    bool starts_ready = false;     // ready without a desk
    bool is_stand_in = false;      // presented to only when nobody else is idle
    bool starts_reachable = true;  // false: the phone must first be seen (OPTIONS, registration)
    friend bool operator==(const AgentConfig&, const AgentConfig&) = default;
};

struct Config {
    std::string name;
    std::vector<QueueConfig> queues;
    std::vector<AgentConfig> agents;
    std::uint32_t contacts_max = 200'000;  // in the whole centre, waiting or connected
    friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace lanze::core
