// Lineup: who waits, in the order in which agents take them, and who is at work for them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "core/event.h"
#include "core/floor.h"

namespace lanze::predict {

// A contact that waits for somebody's voice. Chats and messages, of which an agent has several at
// once, are not in the line-up.
struct Waiter {
    bool is_overdue = false;
    std::uint8_t priority = core::kPriorityNormal;
    Time queued;  // its rank
    core::ContactId contact;
    Time entered;  // this queue
    core::QueueId queue;
    std::uint32_t access = 0;  // see Lineup::pools_of

    // The order of the rule longest_waiting; who is overdue goes first whatever the priority.
    friend bool operator<(const Waiter& a, const Waiter& b) {
        const auto key = [](const Waiter& w) {
            return std::tuple(!w.is_overdue, w.is_overdue ? std::uint8_t{0} : w.priority, w.queued,
                              w.contact);
        };
        return key(a) < key(b);
    }
};

// Follows the events, but takes what it knows of an agent or a contact from the floor each time an
// event names it: so nothing can drift. It may be told of events when the floor is further on.
class Lineup {
public:
    // Agents with the same skills.
    struct Pool {
        core::Skills skills;
        std::uint32_t idle = 0;
        std::uint32_t at_work = 0;        // idle or busy, and open to contacts after that
        std::vector<std::uint32_t> busy;  // of them, by the queue of what they have; [0]: others
        friend bool operator==(const Pool&, const Pool&) = default;
    };

    void note(const core::Event& event, const core::Floor& floor);
    // Learns everything anew.
    void rebuild(const core::Floor& floor);

    const std::vector<Pool>& pools() const { return pools_; }
    // Whoever waits, by the centre's rule at this moment. Who may not be called now, since the
    // queue is closed, is left out.
    std::vector<Waiter> in_order(const core::Floor& floor, Time now) const;
    // Pools by index.
    const std::vector<std::uint32_t>& pools_of(const Waiter& waiter) const {
        return accesses_[waiter.access];
    }
    // Of a contact without needs of its own that enters the queue now.
    const std::vector<std::uint32_t>& pools_of(const core::Queue& queue);
    // Is the pool kept idle for others by a reserve of the queue?
    bool is_kept(std::uint32_t pool, const core::Queue& queue) const;
    std::size_t waiting_count() const { return waiting_.size(); }

    friend bool operator==(const Lineup& a, const Lineup& b) {
        return a.pools_ == b.pools_ && a.waiters_by_contact() == b.waiters_by_contact();
    }

private:
    // What an agent counts for in his pool.
    struct Part {
        std::uint32_t pool = 0;
        bool is_at_work = false;
        bool is_idle = false;
        std::uint32_t queue = 0;  // if busy
    };
    struct AccessKey {
        core::QueueId queue;
        std::uint8_t step = 0;
        core::Skills needs;
        friend auto operator<=>(const AccessKey&, const AccessKey&) = default;
    };

    void touch(core::AgentId id, const core::Floor& floor);
    void touch(core::ContactId id, const core::Floor& floor);
    void count(const Part& part, std::uint32_t by);
    std::uint32_t access_of(const core::Queue& queue, std::uint8_t step, const core::Skills& needs);
    std::map<core::ContactId, core::QueueId> waiters_by_contact() const;

    std::vector<Pool> pools_;
    std::map<core::Skills, std::uint32_t> pool_index_;
    std::vector<Part> parts_;  // by agent's id - 1
    std::map<AccessKey, std::uint32_t> access_index_;
    std::vector<std::vector<std::uint32_t>> accesses_;
    std::set<Waiter> waiting_;
    std::unordered_map<core::ContactId, Waiter> by_contact_;
};

}  // namespace lanze::predict
