// Reason: why a contact went to an agent, or to nobody, in few bytes; `lanze why` tells it in
// words.
#pragma once

#include <cstdint>
#include <vector>

#include "core/config.h"
#include "core/ids.h"

namespace lanze::core {

// What made the floor look for somebody.
enum class Occasion : std::uint8_t {
    contact_entered,
    contact_came_back,  // a presentation ended without an answer
    contact_widened,
    contact_overdue,
    preference_ended,
    needs_changed,
    contact_moved,  // from another queue
    agent_free,
    reserve_let_go,  // so many were idle that others than the one who became so may be taken
    configured,
    assigned,  // by a supervisor, whatever the rules
    queue_opened,
};

// Why agents did not come into question. Of those with the skills, and of all others.
enum class ExcludedBy : std::uint8_t {
    occupancy_ceiling,
    break_due,
    alerting,
    talking,
    wrap_up,
    resting,
    not_ready,
    phone_unreachable,
    shift_over,     // or ends too soon for most of the queue's contacts
    reserve,        // ready, but kept for others
    tried_before,   // ready, but presented to already; they come last
    other_skills,   // ready, but without the skills needed; told once for all pools
    not_preferred,  // ready, but the contact waits for another one by name
    queue_closed,   // ready, but nobody is called while the queue is closed
};

struct Exclusion {
    std::uint32_t pool = 0;  // as numbered by the configuration; kAllPools: of all others
    ExcludedBy by = ExcludedBy::talking;
    std::uint32_t agents = 0;
    friend bool operator==(const Exclusion&, const Exclusion&) = default;
};
inline constexpr std::uint32_t kAllPools = 0xffff'ffff;
// More are told as one for all pools, so that a reason stays below 200 bytes.
inline constexpr std::size_t kExclusionsMax = 24;

struct Reason {
    ContactId contact;
    Occasion occasion = Occasion::contact_entered;
    AgentId agent;                // unset: nobody
    PresentationId presentation;  // likewise
    AgentRule rule = AgentRule::longest_idle;
    std::uint8_t step = 0;         // of widening that lets the agent take it
    std::uint32_t candidates = 0;  // idle agents who could take it
    std::uint32_t level = 0;       // kinds of agents that would have gone first, but had nobody
    // What the rule compared: since when the agent was idle, in microseconds, or his place. Of
    // least_occupied nothing: that is a person's own figure.
    std::int64_t key = 0;
    std::uint32_t contacts = 0;  // agent_free: contacts he could have taken
    std::vector<Exclusion> excluded;
    friend bool operator==(const Reason&, const Reason&) = default;
};

}  // namespace lanze::core
