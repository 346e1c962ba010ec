// Config: what the core must know of the centre: skills, queues and agents, each by its name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/capacity.h"
#include "core/ids.h"

namespace lanze::core {

// A skill by name and its level (1–99): what an agent has, or the lowest that will do for a queue.
struct SkillLevel {
    std::string skill;
    std::uint8_t level = 1;
    friend auto operator<=>(const SkillLevel&, const SkillLevel&) = default;
};

// Sorted by skill, each skill once.
using Skills = std::vector<SkillLevel>;

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

// Which of the agents who could take a contact gets it. Whatever the rule: who was not presented it
// yet goes before who was, stand-ins come last, who fulfils the needs of an earlier step of
// widening goes before who fulfils those of a later one, and who has fewer chats and messages
// before who has more. Ties go to the longest idle.
enum class AgentRule : std::uint8_t {
    longest_idle,
    // A pool by chance, weighted by the idle agents in it, then the longest idle there: randomised
    // most idle (Mandelbaum, Momcilovic, Tseytlin 2012); fair to pools without a personal history.
    random_pool,
    random,
    least_occupied,  // handled least in the hour before he became idle
    best_level,      // highest levels of the skills needed
    lowest_level,    // lowest that will do, then fewest skills: the rare ones stay free
    fixed_order,     // lowest AgentConfig::place
    round_robin,     // the next place after the one presented to last in this queue
};

// Which contact an agent gets who becomes free. Whatever the rule: who waits beyond the starvation
// bound goes before all, then lower priority numbers. Ties go to the longest waiting.
enum class ContactRule : std::uint8_t {
    longest_waiting,
    relative_to_target,  // longest wait in multiples of the queue's service_level.within
    longer_queue,        // of the queue with most waiting; ties to the queue configured first
};

// After so long in the queue a contact may also go to agents with these skills.
struct WideningStep {
    Duration after{};
    Skills needs;            // in place of the queue's; empty: any agent
    bool drops_own = false;  // the contact's own needs do not count in this step
    friend bool operator==(const WideningStep&, const WideningStep&) = default;
};

// The queue may take an agent with these skills only while more than `keep` of them are idle.
struct Reserve {
    Skills pool;
    std::uint32_t keep = 0;
    friend bool operator==(const Reserve&, const Reserve&) = default;
};

// Where contacts go that the queue cannot serve in time. They keep their rank. Or what their
// callers are proposed: a callback or a message. They stay until they say yes (RequestCallback,
// LeaveMessage).
struct Overflow {
    std::string to;             // a queue by name, no circles; empty: a proposal
    Duration after{};           // waited so long in this queue; zero: not by wait
    std::uint32_t waiting = 0;  // so many wait when it enters; 0: not by length
    Duration expected{};        // its wait is expected to be longer when it enters; zero: not
    Channel proposes = Channel::voice;  // callback or message; voice: none
    friend bool operator==(const Overflow&, const Overflow&) = default;
};

// What happens to those who wait when the queue closes.
enum class AtClosing : std::uint8_t {
    serve,   // they are still served
    divert,  // to QueueConfig::closing_to
    end,     // told so and let go
};

inline constexpr std::size_t kOverflowsMax = 4;
inline constexpr std::uint8_t kPriorityFirst = 1;
inline constexpr std::uint8_t kPriorityNormal = 5;
inline constexpr std::uint8_t kPriorityMax = 9;
inline constexpr std::size_t kWideningStepsMax = 8;
inline constexpr std::size_t kReservesMax = 4;

struct QueueConfig {
    std::string name;
    Skills needs;
    ServiceLevel service_level;
    std::uint32_t waiting_max = 100'000;  // contacts waiting; one more is blocked
    AgentRule agent_rule = AgentRule::longest_idle;
    std::uint8_t priority = kPriorityNormal;  // 1 to 9, 1 goes first
    std::vector<WideningStep> widening = {};  // `after` rises; at most kWideningStepsMax
    std::vector<Reserve> reserves = {};       // at most kReservesMax
    std::vector<Overflow> overflows = {};     // those by wait in rising order of `after`
    AtClosing at_closing = AtClosing::serve;
    std::string closing_to = {};
    Duration preferred_for = seconds(30);  // how long a contact waits for its preferred agent
    friend bool operator==(const QueueConfig&, const QueueConfig&) = default;
};

struct AgentConfig {
    std::string name;
    Skills skills;
    Duration wrap_up = seconds(20);  // budget; zero: none
    Duration present_for = seconds(15);
    bool starts_ready = false;     // ready without a desk
    bool is_stand_in = false;      // presented to only when nobody else is idle
    bool starts_reachable = true;  // false: the phone must first be seen (OPTIONS, registration)
    std::uint32_t place = 0;       // for fixed_order and round_robin; ties by id
    Capacity capacity = {};
    friend bool operator==(const AgentConfig&, const AgentConfig&) = default;
};

// The promises that the core enforces; the defaults promise nothing.
struct Charter {
    // No contact is presented while handling time in the last 60 one-minute slots exceeds this
    // share of an hour; 1000: no ceiling.
    std::uint32_t occupancy_max_permille = 1'000;
    // Nothing is presented to an agent when at least 80 % of the queue's recorded handle times
    // exceed what is left of his shift, or after its end. Who has no shift is not concerned.
    bool ends_shifts = false;
    // Breaks as the law wants them (ArbZG §4) are due for who signs in at a desk.
    bool gives_breaks = false;
    Duration breather = minutes(2);  // after a hard contact, at the agent's own word
    // Nobody waits beyond so many times the queue's service_level.within because of priorities or
    // reserves; 0: no bound.
    std::uint32_t starvation_factor = 0;
    friend bool operator==(const Charter&, const Charter&) = default;
};

struct Config {
    std::string name;
    std::vector<QueueConfig> queues;
    std::vector<AgentConfig> agents;
    std::uint32_t contacts_max = 200'000;  // in the whole centre, waiting or connected
    ContactRule contact_rule = ContactRule::longest_waiting;
    Charter charter;
    std::uint64_t seed = 0;  // of chance in routing
    friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace lanze::core
