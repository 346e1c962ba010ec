// The choice: which idle agent for a contact, which waiting contact for an agent.
#include <algorithm>
#include <chrono>

#include "core/routing.h"

namespace lanze::core {

namespace {

std::int64_t in_millis(Duration time) {
    return std::chrono::duration_cast<milliseconds>(time).count();
}

}  // namespace

bool Routing::reserves_allow(const Line& line, std::uint8_t reserves) const {
    const QueueState& queue = queues_[line.queue_index];
    for (std::size_t i = 0; reserves != 0;
         ++i, reserves = static_cast<std::uint8_t>(reserves >> 1U)) {
        const bool is_held = (reserves & 1U) != 0 &&
                             kept_[queue.reserve_kept[i]].idle <= queue.config.reserves[i].keep;
        if (is_held) {
            return false;
        }
    }
    return true;
}

bool Routing::is_open_to(std::size_t pool, std::size_t line) const {
    return !heads_[line].has_reserves ||
           reserves_allow(lines_[line], lines_[line].reserves_of[pool]);
}

bool Routing::is_before(const Head& a, const Head& b, Time now) const {
    if (a.is_overdue != b.is_overdue) {
        return a.is_overdue;
    }
    if (a.is_overdue) {
        return a.key < b.key;
    }
    if (a.priority != b.priority) {
        return a.priority < b.priority;
    }
    const QueueState& queue_a = queues_[a.queue_index];
    const QueueState& queue_b = queues_[b.queue_index];
    if (rule_ == ContactRule::relative_to_target) {
        // wait / target, compared without division.
        const std::int64_t x =
            in_millis(now - a.key.queued) *
            std::max<std::int64_t>(1, in_millis(queue_b.config.service_level.within));
        const std::int64_t y =
            in_millis(now - b.key.queued) *
            std::max<std::int64_t>(1, in_millis(queue_a.config.service_level.within));
        if (x != y) {
            return x > y;
        }
    }
    if (rule_ == ContactRule::longer_queue && a.queue_index != b.queue_index) {
        return queue_a.waiting != queue_b.waiting ? queue_a.waiting > queue_b.waiting
                                                  : queue_a.id < queue_b.id;
    }
    return a.key < b.key;
}

std::optional<AgentId> Routing::agent_for(const Contact& contact, const Draw& draw) const {
    const Line& line = lines_[contact.place.line];
    std::vector<AgentId> excluded = draw.excluded;
    excluded.insert(excluded.end(), contact.tried.begin(), contact.tried.end());
    std::sort(excluded.begin(), excluded.end());
    auto chosen = choose(line, excluded, draw);
    if (!chosen && !contact.tried.empty()) {
        excluded = draw.excluded;
        std::sort(excluded.begin(), excluded.end());
        chosen = choose(line, excluded, draw);
    }
    return chosen;
}

bool Routing::is_open_to(const Contact& contact, const Agent& agent) const {
    const Line& line = lines_[contact.place.line];
    const Access* access = find_access(line, place_of(agent));
    return access != nullptr && is_open(line, *access);
}

std::optional<AgentId> Routing::choose(const Line& line, const std::vector<AgentId>& excluded,
                                       const Draw& draw) const {
    const std::span<const Access> all(line.pools);
    for (std::size_t begin = 0; begin < all.size();) {
        std::size_t end = begin + 1;
        while (end < all.size() && all[end].level == all[begin].level) {
            ++end;
        }
        if (const auto agent =
                choose_in_level(line, all.subspan(begin, end - begin), excluded, draw)) {
            return agent;
        }
        begin = end;
    }
    return std::nullopt;
}

std::optional<AgentId> Routing::choose_in_level(const Line& line, std::span<const Access> level,
                                                const std::vector<AgentId>& excluded,
                                                const Draw& draw) const {
    // The least of what each pool that is open has to say.
    const auto least = [&](auto&& ask) {
        decltype(ask(pools_.front().idle)) best;
        for (const Access& access : level) {
            if (is_open(line, access)) {
                const auto key = ask(pools_[access.pool].idle);
                best = key && (!best || *key < *best) ? key : best;
            }
        }
        return best ? std::optional(std::get<AgentId>(*best)) : std::nullopt;
    };
    const AgentRule rule = queues_[line.queue_index].config.agent_rule;
    if (rule == AgentRule::random || rule == AgentRule::random_pool) {
        return choose_by_chance(line, level, excluded, draw.chance);
    }
    if (rule == AgentRule::least_occupied) {
        return least([&](const IdleOrder& idle) { return idle.least_loaded(excluded); });
    }
    if (rule == AgentRule::fixed_order || rule == AgentRule::round_robin) {
        const auto after = rule == AgentRule::round_robin ? draw.last_place : std::nullopt;
        const auto next =
            least([&](const IdleOrder& idle) { return idle.first_place(excluded, after); });
        return next || !after
                   ? next
                   : least([&](const IdleOrder& idle) { return idle.first_place(excluded, {}); });
    }
    return least([&](const IdleOrder& idle) { return idle.longest_idle(excluded); });
}

// Each idle agent is as likely as any other; where the one drawn is excluded, the next one in order
// takes his place.
std::optional<AgentId> Routing::choose_by_chance(const Line& line, std::span<const Access> level,
                                                 const std::vector<AgentId>& excluded,
                                                 std::uint64_t chance) const {
    std::vector<const IdleOrder*> open;
    std::size_t total = 0;
    for (const Access& access : level) {
        if (is_open(line, access)) {
            open.push_back(&pools_[access.pool].idle);
            total += open.back()->size();
        }
    }
    if (total == 0) {
        return std::nullopt;
    }
    std::size_t n = chance % total;
    std::size_t at = 0;
    while (n >= open[at]->size()) {
        n -= open[at]->size();
        ++at;
    }
    if (queues_[line.queue_index].config.agent_rule == AgentRule::random_pool) {
        n = 0;  // the pool by chance, in it the longest idle
    }
    for (std::size_t i = 0; i <= open.size(); ++i) {
        const IdleOrder& order = *open[(at + i) % open.size()];
        if (const auto agent = order.nth(i == 0 ? n : 0, excluded)) {
            return std::get<AgentId>(*agent);
        }
    }
    return std::nullopt;
}

bool Routing::passes_a_limit(std::size_t pool) const {
    const auto& kept = pools_[pool].kept;
    return std::any_of(kept.begin(), kept.end(), [&](std::uint32_t index) {
        const Kept& each = kept_[index];
        return std::find(each.limits.begin(), each.limits.end(), each.idle - 1) !=
               each.limits.end();
    });
}

// By the pools with somebody idle: where contacts wait they are few.
std::optional<ContactId> Routing::first_that_may_go(Time now) const {
    const Head* best = nullptr;
    pools_idle_.for_each([&](std::size_t pool) {
        pools_[pool].lines.for_each_common(lines_waiting_, [&](std::size_t index) {
            const Head& head = heads_[index];
            if (is_open_to(pool, index) && (best == nullptr || is_before(head, *best, now))) {
                best = &head;
            }
        });
    });
    return best == nullptr ? std::nullopt : std::optional(best->key.contact);
}

}  // namespace lanze::core
