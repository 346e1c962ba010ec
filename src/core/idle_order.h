// IdleOrder: the idle agents of one pool in the orders that the rules ask for.
#pragma once

#include <cstddef>
#include <ext/pb_ds/assoc_container.hpp>
#include <ext/pb_ds/tree_policy.hpp>
#include <functional>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "core/agent.h"

namespace lanze::core {

using IdleKey = std::tuple<Time, AgentId>;            // idle since
using PlaceKey = std::tuple<std::uint32_t, AgentId>;  // AgentConfig::place
using LoadKey = std::tuple<Duration, Time, AgentId>;  // handled in the hour before, idle since

// Who wants which order; those that no queue asks for are not kept.
struct IdleOrders {
    bool by_place = false;
    bool by_load = false;
};

class IdleOrder {
public:
    void keep(IdleOrders orders) { orders_ = orders; }
    void add(const Agent& agent);
    void remove(const Agent& agent);
    std::size_t size() const { return by_since_.size(); }
    bool empty() const { return by_since_.empty(); }

    // The first who is not excluded.
    std::optional<IdleKey> longest_idle(const std::vector<AgentId>& excluded) const;
    std::optional<LoadKey> least_loaded(const std::vector<AgentId>& excluded) const;
    // At `from` or after it.
    std::optional<PlaceKey> first_place(const std::vector<AgentId>& excluded,
                                        std::optional<PlaceKey> after) const;
    // The n-th by idle time, counted from 0, or the next after him who is not excluded.
    std::optional<IdleKey> nth(std::size_t n, const std::vector<AgentId>& excluded) const;

private:
    // A set that also knows the n-th of its elements.
    using SinceTree =
        __gnu_pbds::tree<IdleKey, __gnu_pbds::null_type, std::less<>, __gnu_pbds::rb_tree_tag,
                         __gnu_pbds::tree_order_statistics_node_update>;
    IdleOrders orders_;
    SinceTree by_since_;
    std::set<PlaceKey> by_place_;
    std::set<LoadKey> by_load_;
};

}  // namespace lanze::core
