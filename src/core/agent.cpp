#include "core/agent.h"

#include <algorithm>

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

Availability availability_in_writing(const Agent& agent) {
    if (agent.is_ready() && agent.withheld) {
        return kind_of(*agent.withheld);
    }
    if (agent.is_presentable()) {
        return Availability::has_room;
    }
    const auto is_in = [&](Written::Phase phase) {
        return std::any_of(agent.written.begin(), agent.written.end(),
                           [&](const Written& each) { return each.phase == phase; });
    };
    if (is_in(Written::Phase::alerting)) {
        return Availability::alerting;
    }
    return is_in(Written::Phase::talking) ? Availability::talking : Availability::wrap_up;
}

}  // namespace

WrittenCount Agent::written_count() const {
    WrittenCount count;
    for (const Written& each : written) {
        ++(each.medium == Medium::chat ? count.chats : count.messages);
    }
    return count;
}

bool Agent::is_presentable() const {
    if (!is_ready() || withheld || written.empty()) {
        return is_ready() && !withheld;
    }
    return written.back().phase != Written::Phase::alerting &&
           (has_room_for(Medium::call) || has_room_for(Medium::chat) ||
            has_room_for(Medium::message));
}

bool Agent::is_handling() const {
    return std::holds_alternative<Talking>(activity) || std::holds_alternative<WrapUp>(activity) ||
           std::any_of(written.begin(), written.end(),
                       [](const Written& each) { return each.phase != Written::Phase::alerting; });
}

const Written* Agent::find_written(ContactId contact) const {
    const auto place = std::find_if(written.begin(), written.end(),
                                    [&](const Written& each) { return each.contact == contact; });
    return place == written.end() ? nullptr : &*place;
}

Availability availability(const Agent& agent) {
    return match(
        agent.activity,
        [&](const Idle&) {
            if (!agent.written.empty()) {
                return availability_in_writing(agent);
            }
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
