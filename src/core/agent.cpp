#include "core/agent.h"

#include "base/variant.h"

namespace lanze::core {

namespace {

Availability kind_of(WithheldBy by) {
    switch (by) {
        case WithheldBy::occupancy_ceiling:
            return Availability::over_ceiling;
        case WithheldBy::break_due:
            return Availability::break_due;
        case WithheldBy::shift_over:
            return Availability::shift_over;
    }
    return Availability::break_due;
}

}  // namespace

Availability availability(const Agent& agent) {
    return match(
        agent.activity,
        [&](const Idle&) {
            if (agent.is_retired || agent.closed_for == NotReadyReason::signed_out) {
                return Availability::signed_out;
            }
            if (agent.closed_for) {
                return Availability::not_ready;
            }
            if (!agent.is_reachable) {
                return Availability::phone_unreachable;
            }
            if (!agent.withheld) {
                return Availability::idle;
            }
            return kind_of(*agent.withheld);
        },
        [](const Resting&) { return Availability::resting; },
        [](const Released&) { return Availability::resting; },
        [](const Alerting&) { return Availability::alerting; },
        [](const Talking&) { return Availability::talking; },
        [](const WrapUp&) { return Availability::wrap_up; });
}

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
