#include "core/idle_order.h"

#include <algorithm>

#include "base/check.h"

namespace lanze::core {

namespace {

// `agents` are sorted.
bool contains(const std::vector<AgentId>& agents, AgentId agent) {
    return std::binary_search(agents.begin(), agents.end(), agent);
}

// The first of a range whose agent, the last part of each key, is not excluded.
template <typename Key, typename Iterator>
std::optional<Key> first_of(Iterator begin, Iterator end, const std::vector<AgentId>& excluded) {
    for (; begin != end; ++begin) {
        if (!contains(excluded, std::get<AgentId>(*begin))) {
            return *begin;
        }
    }
    return std::nullopt;
}

IdleKey idle_key(const Agent& agent) {
    const auto* idle = std::get_if<Idle>(&agent.activity);
    LANZE_CHECK(idle != nullptr);
    return {idle->since, agent.id};
}

}  // namespace

void IdleOrder::add(const Agent& agent) {
    const IdleKey key = idle_key(agent);
    by_since_.insert(key);
    if (orders_.by_place) {
        by_place_.insert({agent.config.place, agent.id});
    }
    if (orders_.by_load) {
        by_load_.insert({agent.load_when_idle, std::get<Time>(key), agent.id});
    }
}

void IdleOrder::remove(const Agent& agent) {
    const IdleKey key = idle_key(agent);
    by_since_.erase(key);
    by_place_.erase({agent.config.place, agent.id});
    by_load_.erase({agent.load_when_idle, std::get<Time>(key), agent.id});
}

std::optional<IdleKey> IdleOrder::longest_idle(const std::vector<AgentId>& excluded) const {
    return first_of<IdleKey>(by_since_.begin(), by_since_.end(), excluded);
}

std::optional<LoadKey> IdleOrder::least_loaded(const std::vector<AgentId>& excluded) const {
    return first_of<LoadKey>(by_load_.begin(), by_load_.end(), excluded);
}

std::optional<PlaceKey> IdleOrder::first_place(const std::vector<AgentId>& excluded,
                                               std::optional<PlaceKey> after) const {
    const auto begin = after ? by_place_.upper_bound(*after) : by_place_.begin();
    return first_of<PlaceKey>(begin, by_place_.end(), excluded);
}

std::optional<IdleKey> IdleOrder::nth(std::size_t n, const std::vector<AgentId>& excluded) const {
    return first_of<IdleKey>(by_since_.find_by_order(n), by_since_.end(), excluded);
}

}  // namespace lanze::core
