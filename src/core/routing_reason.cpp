// What routing knows of its own choice: counts, not names.
#include <algorithm>

#include "core/routing.h"

namespace lanze::core {

namespace {

struct Kind {
    Availability availability;
    ExcludedBy by;
};
constexpr std::array kKinds{
    Kind{Availability::over_ceiling, ExcludedBy::occupancy_ceiling},
    Kind{Availability::break_due, ExcludedBy::break_due},
    Kind{Availability::shift_over, ExcludedBy::shift_over},
    Kind{Availability::alerting, ExcludedBy::alerting},
    Kind{Availability::talking, ExcludedBy::talking},
    Kind{Availability::wrap_up, ExcludedBy::wrap_up},
    Kind{Availability::resting, ExcludedBy::resting},
    Kind{Availability::not_ready, ExcludedBy::not_ready},
    Kind{Availability::phone_unreachable, ExcludedBy::phone_unreachable},
};

// Beyond the limit one entry a rule, for all pools.
void shorten(std::vector<Exclusion>& excluded) {
    if (excluded.size() <= kExclusionsMax) {
        return;
    }
    std::vector<Exclusion> sums;
    for (const Exclusion& each : excluded) {
        const auto sum = std::find_if(sums.begin(), sums.end(),
                                      [&](const Exclusion& known) { return known.by == each.by; });
        if (sum == sums.end()) {
            sums.push_back({kAllPools, each.by, each.agents});
        } else {
            sum->agents += each.agents;
        }
    }
    excluded = std::move(sums);
}

// What the rule compared of the agent who was chosen.
std::int64_t key_of(AgentRule rule, const Agent& agent) {
    switch (rule) {
        case AgentRule::least_occupied:
            return 0;  // a figure of one person: it stays in the core
        case AgentRule::fixed_order:
        case AgentRule::round_robin:
            return agent.config.place;
        case AgentRule::longest_idle:
        case AgentRule::random_pool:
        case AgentRule::random:
        case AgentRule::best_level:
        case AgentRule::lowest_level:
            break;
    }
    return to_micros(activity_since(agent));
}

}  // namespace

// They have chats or messages and room for more, but not for what waits in this line.
std::uint32_t Routing::without_room(const Line& line, std::size_t pool) const {
    std::size_t result = 0;
    for (std::size_t i = 1; pools_[pool].base == pool && i < pools_[pool].rooms.size(); ++i) {
        const Pool& behind = pools_[pool + i];
        const bool has = has_room(behind.capacity, behind.has, medium_of(line.key.channel));
        result += has ? 0 : behind.idle.size();
    }
    return static_cast<std::uint32_t>(result);
}

void Routing::exclude(const Line& line, Reason& reason) const {
    std::uint32_t idle_with_skills = 0;
    for (const Access& access : line.pools) {
        const Pool& pool = pools_[access.pool];
        for (const Kind& kind : kKinds) {
            if (const auto agents = pool.counts[static_cast<std::size_t>(kind.availability)]) {
                reason.excluded.push_back({access.pool, kind.by, agents});
            }
        }
        if (const std::uint32_t agents = without_room(line, access.pool)) {
            reason.excluded.push_back({access.pool, ExcludedBy::talking, agents});
        }
        const auto idle = static_cast<std::uint32_t>(pool.idle.size());
        idle_with_skills += pool.has.sum() == 0 ? idle : 0;
        if (reserves_allow(line, access.reserves)) {
            reason.candidates += idle;
        } else if (idle > 0) {
            reason.excluded.push_back({access.pool, ExcludedBy::reserve, idle});
        }
    }
    const std::uint32_t others =
        counts_[static_cast<std::size_t>(Availability::idle)] - idle_with_skills;
    if (others > 0) {
        const bool is_personal = line.key.preferred.is_set();
        reason.excluded.push_back(
            {kAllPools, is_personal ? ExcludedBy::not_preferred : ExcludedBy::other_skills,
             others});
    }
    shorten(reason.excluded);
}

const Routing::Access* Routing::find_access(const Line& line, std::size_t pool) {
    const auto access = std::find_if(line.pools.begin(), line.pools.end(),
                                     [&](const Access& each) { return each.pool == pool; });
    return access == line.pools.end() ? nullptr : &*access;
}

std::optional<Routing::Standing> Routing::standing_of(const Contact& contact,
                                                      const Agent& agent) const {
    const Line& line = lines_[contact.place.line];
    const Availability availability_now = availability(agent);
    const auto base = static_cast<std::uint32_t>(agent.pool);
    if (!agent.is_presentable()) {
        const auto kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& each) {
            return each.availability == availability_now;
        });
        const bool counts = kind != kKinds.end() && find_access(line, base) != nullptr;
        return counts ? std::optional(Standing{base, kind->by}) : std::nullopt;
    }
    const auto place = static_cast<std::uint32_t>(place_of(agent));
    if (const Access* access = find_access(line, place)) {
        const bool is_kept = !reserves_allow(line, access->reserves);
        return Standing{place, is_kept ? std::optional(ExcludedBy::reserve) : std::nullopt};
    }
    if (availability_now == Availability::idle) {
        const bool is_personal = line.key.preferred.is_set();
        return Standing{kAllPools,
                        is_personal ? ExcludedBy::not_preferred : ExcludedBy::other_skills};
    }
    // He has chats or messages, and no room for this.
    const bool counts = find_access(line, base) != nullptr;
    return counts ? std::optional(Standing{base, ExcludedBy::talking}) : std::nullopt;
}

std::uint32_t Routing::withheld_from(const Contact& contact, WithheldBy by) const {
    static constexpr std::array kBy{Availability::over_ceiling, Availability::break_due,
                                    Availability::shift_over};
    const auto kind = static_cast<std::size_t>(kBy[static_cast<std::size_t>(by)]);
    std::uint32_t sum = 0;
    for (const Access& access : lines_[contact.place.line].pools) {
        sum += pools_[access.pool].counts[kind];
    }
    return sum;
}

Reason Routing::reason_for(const Contact& contact, const Agent* chosen) const {
    const Line& line = lines_[contact.place.line];
    Reason reason;
    reason.contact = contact.id;
    reason.rule = queues_[line.queue_index].config.agent_rule;
    exclude(line, reason);
    if (chosen == nullptr) {
        return reason;
    }
    reason.agent = chosen->id;
    reason.key = key_of(reason.rule, *chosen);
    if (const Access* access = find_access(line, place_of(*chosen))) {
        reason.level = access->level;
        reason.step = access->step;
    }
    return reason;
}

std::uint32_t Routing::contacts_for(const Agent& agent) const {
    std::size_t contacts = 0;
    const std::size_t pool = place_of(agent);
    pools_[pool].lines.for_each_common(lines_waiting_, [&](std::size_t index) {
        contacts += is_open_to(pool, index) ? lines_[index].waiting.size() : 0;
    });
    if (const auto personal = personal_lines_.find(agent.id); personal != personal_lines_.end()) {
        for (const std::uint32_t index : personal->second) {
            contacts += rests(lines_[index]) ? 0 : lines_[index].waiting.size();
        }
    }
    return static_cast<std::uint32_t>(contacts);
}

}  // namespace lanze::core
