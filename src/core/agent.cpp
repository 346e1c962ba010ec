#include "core/agent.h"

#include "base/variant.h"

namespace lanze::core {

std::optional<NotReadyReason> not_ready_reason(const Agent& agent) {
    if (const auto* resting = std::get_if<Resting>(&agent.activity)) {
        return resting->reason;
    }
    if (!std::holds_alternative<Idle>(agent.activity) || agent.is_ready()) {
        return std::nullopt;
    }
    if (agent.is_retired) {
        return NotReadyReason::signed_out;
    }
    return agent.closed_for.value_or(NotReadyReason::phone_unreachable);
}

Time activity_since(const Agent& agent) {
    return match(
        agent.activity, [](const Released&) { return Time{}; },
        [](const auto& activity) { return activity.since; });
}

std::optional<Time> activity_until(const Agent& agent) {
    using Until = std::optional<Time>;
    return match(
        agent.activity, [](const Idle&) { return Until{}; }, [](const Talking&) { return Until{}; },
        [](const Released&) { return Until{}; },
        [](const auto& activity) { return Until{activity.until}; });
}

ContactId contact_of(const Agent& agent) {
    return match(
        agent.activity, [](const Idle&) { return ContactId{}; },
        [](const Resting&) { return ContactId{}; }, [](const Released&) { return ContactId{}; },
        [](const auto& activity) { return activity.contact; });
}

}  // namespace lanze::core
