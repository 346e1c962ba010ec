// Refusal: what stood in the way of a command; nothing changed.
#pragma once

#include <cstdint>
#include <string_view>

namespace lanze::core {

enum class Refusal : std::uint8_t {
    unknown_queue,
    unknown_agent,
    unknown_contact,
    stale_presentation,     // it was answered, declined, withdrawn or has expired
    contact_not_connected,  // no agent is talking in it
    reason_not_allowed,     // a reason that only the centre itself may give
    agent_not_in_wrap_up,
    outcome_too_long,
    configuration_invalid,  // a queue without a name, two things of one name, a level of 0
    contact_not_waiting,    // it is presented, connected or over
    agent_not_ready,        // or withheld by the charter
    needs_invalid,          // not sorted, a skill twice, a level beyond 1 to 99, too many
    priority_invalid,       // beyond 1 to 9
    shift_invalid,          // breaks that are not in order of time, or too many
    queue_full,             // or closed
    hours_invalid,          // spans that are not in order of time, overlap, or are too many
    channel_does_not_fit,   // only a call can become a callback; only who is called is not reached;
                            // only calls are consulted about
    wrap_up_extended,       // already, by this agent for this contact
    queue_not_empty,        // a queue that the new configuration leaves out still has contacts
    consultation_open,      // a colleague is being asked about it; that must end first
    conference_full,        // so many have been asked about it already
    not_a_consultation,
    queue_closed,      // and does not serve who is left in it
    not_your_contact,  // the agent is not in it, nor in its wrap-up
};

// Stable, for programs: "stale_presentation".
std::string_view to_string(Refusal refusal);
// One English sentence for a person.
std::string_view explain(Refusal refusal);

}  // namespace lanze::core
