// Routing: who waits and who is idle, kept so that a match is found without a scan over either.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "core/agent.h"
#include "core/contact.h"

namespace lanze::core {

// Agents with exactly the same skills form a pool; a queue knows the pools that can serve it. A
// decision looks at the head of each idle set or of each queue concerned, so its cost grows with
// the number of pools and queues, not with agents or contacts.
class Routing {
public:
    // Forgets everything and learns the pools of a configuration; agents and contacts are added
    // anew.
    void configure(const std::vector<std::pair<QueueId, QueueConfig>>& queues);
    // The pool of these skills, made if there is none.
    std::size_t pool_of(const std::vector<SkillLevel>& skills);

    void add_idle(const Agent& agent);
    void remove_idle(const Agent& agent);
    void add_waiting(const Contact& contact);
    void remove_waiting(const Contact& contact);

    // The agent for a contact: of those idle with the skills needed first who was not tried yet,
    // then no stand-in before others, then longest idle, then lowest id.
    std::optional<AgentId> agent_for(const Contact& contact) const;

    // The contact for an agent who became idle: the longest waiting of all his queues. `was_tried`
    // tells whether he was tried for a contact; those come last.
    template <typename WasTried>
    std::optional<ContactId> contact_for(const Agent& agent, WasTried&& was_tried) const;

    std::size_t waiting_count(QueueId queue) const;
    std::size_t idle_count(QueueId queue) const;
    // Agents ready, alerting, talking or in wrap-up who can serve the queue.
    std::size_t signed_on_count(QueueId queue) const;
    void add_signed_on(std::size_t pool) { ++pools_[pool].signed_on; }
    void remove_signed_on(std::size_t pool) { --pools_[pool].signed_on; }
    // True if agents with these skills can serve the queue.
    bool serves(std::size_t pool, QueueId queue) const;

private:
    struct IdleKey {
        bool is_stand_in;
        Time since;
        AgentId agent;
        friend auto operator<=>(const IdleKey&, const IdleKey&) = default;
    };
    struct WaitKey {
        Time queued;
        ContactId contact;
        friend auto operator<=>(const WaitKey&, const WaitKey&) = default;
    };
    struct Pool {
        std::vector<SkillLevel> skills;
        std::vector<QueueId> queues;  // that it can serve
        std::set<IdleKey> idle;
        std::size_t signed_on = 0;
    };
    struct Line {
        std::vector<SkillLevel> needs;
        std::vector<std::size_t> pools;  // that can serve it
        std::set<WaitKey> waiting;
    };
    static IdleKey idle_key(const Agent& agent);

    std::map<std::vector<SkillLevel>, std::size_t> pool_index_;
    std::vector<Pool> pools_;
    std::unordered_map<QueueId, Line> lines_;
    std::vector<QueueId> line_order_;
};

template <typename WasTried>
std::optional<ContactId> Routing::contact_for(const Agent& agent, WasTried&& was_tried) const {
    // The head of a line may have been tried by this agent; then the line's first contact he was
    // not tried for counts. As many heads are skipped as this agent has declined, which is bounded
    // by the misses that make him not ready.
    std::optional<WaitKey> best;
    std::optional<WaitKey> best_tried;
    for (const QueueId queue : pools_[agent.pool].queues) {
        const Line& line = lines_.at(queue);
        for (const WaitKey& key : line.waiting) {
            std::optional<WaitKey>& place = was_tried(key.contact) ? best_tried : best;
            if (!place || key < *place) {
                place = key;
            }
            if (&place == &best) {
                break;
            }
        }
    }
    if (!best) {
        best = best_tried;
    }
    return best ? std::optional(best->contact) : std::nullopt;
}

}  // namespace lanze::core
