#include "core/candidates.h"

#include <algorithm>

namespace lanze::core {

namespace {

// Everything but what is said of all candidates together: see exclude_tried().
std::optional<Standing> standing_of(const Floor& floor, const Contact& contact, const Agent& agent,
                                    Time now) {
    const bool is_leaving = floor.leaves_too_soon(agent, contact.queue, now);
    const bool may_be_called = !floor.routing().rests(contact);
    if (may_be_called && contact.preferred == agent.id && agent.id.is_set()) {
        const bool is_free =
            agent.is_presentable() && agent.has_room_for(contact.medium()) && !is_leaving;
        if (is_free) {
            return Standing{agent.id, kAllPools, std::nullopt};
        }
    }
    const auto standing = floor.routing().standing_of(contact, agent);
    if (!standing) {
        return std::nullopt;
    }
    if (!standing->by && is_leaving) {
        return Standing{agent.id, kAllPools, ExcludedBy::shift_over};
    }
    return Standing{agent.id, standing->pool, standing->by};
}

// Who was tried comes into question only if all were.
void exclude_tried(const Contact& contact, std::vector<Standing>& standings) {
    const auto is_candidate = [](const Standing& each) { return !each.by; };
    const auto is_tried = [&](const Standing& each) {
        return !each.by && contact.was_tried_by(each.agent);
    };
    if (std::ranges::count_if(standings, is_tried) ==
        std::ranges::count_if(standings, is_candidate)) {
        return;
    }
    for (Standing& each : standings) {
        if (is_tried(each)) {
            each = {each.agent, kAllPools, ExcludedBy::tried_before};
        }
    }
}

}  // namespace

std::vector<Standing> standings(const Floor& floor, const Contact& contact, Time now) {
    std::vector<Standing> result;
    for (const Agent& agent : floor.agents()) {
        if (auto standing = standing_of(floor, contact, agent, now)) {
            result.push_back(*standing);
        }
    }
    for (Standing& each : result) {
        if (!each.by && floor.routing().rests(contact)) {
            each = {each.agent, kAllPools, ExcludedBy::queue_closed};
        }
    }
    exclude_tried(contact, result);
    return result;
}

}  // namespace lanze::core
