#include "core/refusal.h"

namespace lanze::core {

std::string_view to_string(Refusal refusal) {
    switch (refusal) {
        case Refusal::unknown_queue:
            return "unknown_queue";
        case Refusal::unknown_agent:
            return "unknown_agent";
        case Refusal::unknown_contact:
            return "unknown_contact";
        case Refusal::stale_presentation:
            return "stale_presentation";
        case Refusal::contact_not_connected:
            return "contact_not_connected";
        case Refusal::reason_not_allowed:
            return "reason_not_allowed";
        case Refusal::agent_not_in_wrap_up:
            return "agent_not_in_wrap_up";
        case Refusal::outcome_too_long:
            return "outcome_too_long";
        case Refusal::configuration_invalid:
            return "configuration_invalid";
        case Refusal::contact_not_waiting:
            return "contact_not_waiting";
        case Refusal::agent_not_ready:
            return "agent_not_ready";
        case Refusal::needs_invalid:
            return "needs_invalid";
        case Refusal::priority_invalid:
            return "priority_invalid";
        case Refusal::shift_invalid:
            return "shift_invalid";
        case Refusal::queue_full:
            return "queue_full";
        case Refusal::hours_invalid:
            return "hours_invalid";
        case Refusal::channel_does_not_fit:
            return "channel_does_not_fit";
        case Refusal::wrap_up_extended:
            return "wrap_up_extended";
        case Refusal::queue_not_empty:
            return "queue_not_empty";
        case Refusal::consultation_open:
            return "consultation_open";
        case Refusal::conference_full:
            return "conference_full";
        case Refusal::not_a_consultation:
            return "not_a_consultation";
        case Refusal::queue_closed:
            return "queue_closed";
        case Refusal::not_your_contact:
            return "not_your_contact";
    }
    return "unknown";
}

std::string_view explain(Refusal refusal) {
    switch (refusal) {
        case Refusal::unknown_queue:
            return "There is no such queue.";
        case Refusal::unknown_agent:
            return "There is no such agent.";
        case Refusal::unknown_contact:
            return "This contact has ended or never was.";
        case Refusal::stale_presentation:
            return "This contact is no longer presented to you.";
        case Refusal::contact_not_connected:
            return "Nobody is talking in this contact.";
        case Refusal::reason_not_allowed:
            return "Choose break, meeting, training or other as the reason.";
        case Refusal::agent_not_in_wrap_up:
            return "There is no wrap-up to end.";
        case Refusal::outcome_too_long:
            return "The outcome is longer than 64 bytes; shorten it.";
        case Refusal::configuration_invalid:
            return "The configuration contradicts itself.";
        case Refusal::contact_not_waiting:
            return "This contact no longer waits.";
        case Refusal::agent_not_ready:
            return "The agent is not ready, or the charter withholds contacts from him.";
        case Refusal::needs_invalid:
            return "Name each skill once, in order, with a level from 1 to 99, at most 8.";
        case Refusal::priority_invalid:
            return "The priority is a number from 1 (first) to 9.";
        case Refusal::shift_invalid:
            return "Name at most 16 breaks, in order of time.";
        case Refusal::queue_full:
            return "That queue is full or closed.";
        case Refusal::hours_invalid:
            return "Name the opening hours in order of time, without overlaps, at most 1000.";
        case Refusal::channel_does_not_fit:
            return "This cannot be done with a contact of this kind.";
        case Refusal::wrap_up_extended:
            return "The wrap-up was extended once; when it is over, choose when to go on.";
        case Refusal::queue_not_empty:
            return "A queue that is left out still has contacts; wait until it is empty.";
        case Refusal::consultation_open:
            return "A colleague is being asked about this contact; complete or end that first.";
        case Refusal::conference_full:
            return "Three colleagues take part already; one of them must leave first.";
        case Refusal::not_a_consultation:
            return "This contact is no question to a colleague.";
        case Refusal::queue_closed:
            return "That queue is closed; choose one that is open.";
        case Refusal::not_your_contact:
            return "You are not in this contact, nor in its wrap-up.";
    }
    return "";
}

}  // namespace lanze::core
