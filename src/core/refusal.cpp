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
        case Refusal::queue_not_empty:
            return "queue_not_empty";
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
        case Refusal::queue_not_empty:
            return "A queue that is left out still has contacts; wait until it is empty.";
    }
    return "";
}

}  // namespace lanze::core
