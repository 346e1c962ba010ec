// Routing: who waits and who is idle, kept so that a match is found without a scan over either.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "core/agent.h"
#include "core/bit_set.h"
#include "core/contact.h"
#include "core/idle_order.h"
#include "core/reason.h"
#include "core/skills.h"

namespace lanze::core {

// Agents who are alike for routing form a pool: the same skills and capacity, stand-ins apart, and
// behind it a pool for each number of chats and messages with which they have room for more.
// Contacts that are alike wait in one line: the same queue, channel, needs, priority and step of
// widening. A line knows
// the pools that may serve it, a pool the lines. A decision looks at the head of each idle pool or
// of each line concerned, so its cost grows with kinds of agents and of contacts, not with agents
// or contacts.
class Routing {
public:
    // Forgets everything and learns the queues; agents and contacts are added anew.
    void configure(const std::vector<std::pair<QueueId, QueueConfig>>& queues, ContactRule rule);
    // The pool of such agents, made if there is none; all before the first contact.
    std::size_t pool_of(const AgentConfig& config);

    // An agent as he is now; removed with the same state he was added with.
    void add(const Agent& agent);
    void remove(const Agent& agent);
    void add_waiting(Contact& contact);
    void remove_waiting(const Contact& contact);

    // What chance and turns a choice of agents depends on.
    struct Draw {
        std::uint64_t chance = 0;            // for the random rules
        std::optional<PlaceKey> last_place;  // presented to last in the queue, for round_robin
        std::vector<AgentId> excluded = {};  // whatever the rule
    };
    // The agent for a contact that waits, by its queue's rule; nothing if nobody may take it now.
    std::optional<AgentId> agent_for(const Contact& contact, const Draw& draw) const;

    // The contact for an agent who is idle, by the centre's rule; nothing if none may go to him.
    // `was_tried` tells whether he was tried for a contact; those come last. `has_time` tells
    // whether he stays long enough for the contacts of a queue.
    template <typename WasTried, typename HasTime>
    std::optional<ContactId> contact_for(const Agent& agent, Time now, WasTried&& was_tried,
                                         HasTime&& has_time) const;
    // May the contact go to the agent, as to skills, widening and reserves?
    bool is_open_to(const Contact& contact, const Agent& agent) const;

    // Has one more who is idle in this pool brought a reserve above its limit, so that others whom
    // it kept may be taken?
    bool passes_a_limit(std::size_t pool) const;
    // Of all contacts the first that somebody may take now.
    std::optional<ContactId> first_that_may_go(Time now) const;

    // What routing knows of why this agent, or nobody, gets the contact; before it is presented.
    Reason reason_for(const Contact& contact, const Agent* chosen) const;
    // The one agent's part in such a reason; nothing: he counts for nothing in it.
    struct Standing {
        std::uint32_t pool = 0;        // as Exclusion::pool
        std::optional<ExcludedBy> by;  // nothing: he could take it
    };
    std::optional<Standing> standing_of(const Contact& contact, const Agent& agent) const;
    // Agents with the skills whom the charter withholds from a contact that waits.
    std::uint32_t withheld_from(const Contact& contact, WithheldBy by) const;
    const Skills& skills_of(std::size_t pool) const { return pools_[pool].skills; }
    bool is_of_stand_ins(std::size_t pool) const { return pools_[pool].is_stand_in; }
    // Contacts that may go to the agent now.
    std::uint32_t contacts_for(const Agent& agent) const;

    // Customers are called only while their queue is open: callbacks and outbound tasks of one that
    // is not go to nobody.
    void set_open(QueueId queue, bool is_open);
    bool rests(const Contact& contact) const { return rests(lines_[contact.place.line]); }
    // Those who wait for this agent alone.
    std::vector<ContactId> waiting_for(AgentId agent) const;

    // Queues in which waiting contacts or agents over the ceiling have come or gone since the last
    // call, while there were such agents.
    std::vector<QueueId> take_touched();
    // Of those on the line, the longest waiting in the queue.
    std::optional<ContactId> first_on_the_line(QueueId queue) const;
    std::size_t on_the_line_count(QueueId queue) const;
    std::size_t waiting_count(QueueId queue) const;  // those who are not, too
    std::size_t idle_count(QueueId queue) const;
    // Agents ready, alerting, talking or in wrap-up who can serve the queue.
    std::size_t signed_on_count(QueueId queue) const;
    std::size_t count(QueueId queue, Availability kind) const;
    std::size_t count(Availability kind) const;  // of all agents
    // True if such agents can serve the queue without widening.
    bool serves(std::size_t pool, QueueId queue) const;
    const std::vector<QueueId>& queues_of(std::size_t pool) const { return pools_[pool].queues; }

    std::size_t pool_count() const { return pools_.size(); }
    std::size_t line_count() const { return lines_.size(); }

private:
    struct WaitKey {
        Time queued;
        ContactId contact;
        bool was_tried = false;  // by anybody; says nothing about the order
        friend bool operator==(const WaitKey& a, const WaitKey& b) {
            return a.queued == b.queued && a.contact == b.contact;
        }
        friend auto operator<=>(const WaitKey& a, const WaitKey& b) {
            return std::tie(a.queued, a.contact) <=> std::tie(b.queued, b.contact);
        }
    };
    struct Pool {
        Skills skills;
        bool is_stand_in = false;
        Capacity capacity;
        WrittenCount has;                 // of those in `idle`
        std::size_t base = 0;             // the pool of the same agents that have nothing
        std::vector<WrittenCount> rooms;  // of this pool and those behind it
        IdleOrder idle;
        BitSet lines;                     // that it may serve
        std::vector<QueueId> queues;      // that it may serve without widening
        std::vector<std::uint32_t> kept;  // of reserves that it belongs to
        std::array<std::uint32_t, kAvailabilities> counts{};
    };
    // How a pool stands to a line. Lower levels are tried first; those of one level are compared by
    // the queue's rule.
    struct Access {
        std::uint32_t pool = 0;
        std::uint16_t level = 0;
        std::uint8_t reserves = 0;  // bit per reserve of the queue that concerns it
        std::uint8_t step = 0;      // of widening whose needs it fulfils
    };
    struct LineKey {
        QueueId queue;
        std::uint8_t step = 0;
        std::uint8_t priority = kPriorityNormal;
        bool is_overdue = false;
        Channel channel = Channel::voice;
        AgentId preferred;
        Skills needs;
        friend auto operator<=>(const LineKey&, const LineKey&) = default;
    };
    struct Line {
        LineKey key;
        std::uint32_t queue_index = 0;
        std::set<WaitKey> waiting;
        std::vector<Access> pools;              // in order
        std::vector<std::uint8_t> reserves_of;  // by pool: Access::reserves
    };
    struct QueueState {
        QueueId id;
        QueueConfig config;
        std::vector<std::uint32_t> reserve_kept;  // by reserve
        std::vector<std::size_t> pools;           // that may serve it without widening
        bool is_open = true;
        std::size_t waiting = 0;
        std::size_t off_the_line = 0;  // of them
    };
    // Agents some reserve keeps idle.
    struct Kept {
        Skills skills;
        std::uint32_t idle = 0;
        std::vector<std::uint32_t> limits;  // that reserves set: Reserve::keep
    };
    // What of a line is compared, side by side in memory: a look at the line itself and at the
    // first node of its set costs two cache misses, a hundred times what comparing costs.
    struct Head {
        WaitKey key;
        QueueId queue;
        std::uint32_t queue_index = 0;
        std::uint8_t priority = kPriorityNormal;
        bool is_overdue = false;
        bool has_reserves = false;  // of some pool
    };
    static constexpr std::size_t kLinesMax = 16'384;  // empty ones are given up beyond

    // The pool in whose order an agent is who can be presented something.
    std::size_t place_of(const Agent& agent) const;
    void change_waiting(const Line& line, int by);
    std::uint32_t line_for(const Contact& contact);
    std::uint32_t new_line_place();
    void give_up_empty_lines();
    void touch_waiting(std::uint32_t queue_index);
    void touch_withheld(const Pool& pool, Availability kind);
    void connect(std::uint32_t index);
    // The needs of each step up to the line's, with the contact's own.
    std::vector<Skills> needs_by_step(const Line& line) const;
    bool reserves_allow(const Line& line, std::uint8_t reserves) const;
    // Do the reserves let this pool serve that line?
    bool is_open_to(std::size_t pool, std::size_t line) const;
    bool is_before(const Head& a, const Head& b, Time now) const;
    void update_head(std::uint32_t index);
    bool rests(const Line& line) const {
        return is_called(line.key.channel) && !queues_[line.queue_index].is_open;
    }
    std::uint32_t kept_of(const Skills& skills);
    const QueueState* find(QueueId queue) const;
    std::size_t sum_of(QueueId queue, std::span<const Availability> kinds) const;

    void exclude(const Line& line, Reason& reason) const;
    static const Access* find_access(const Line& line, std::size_t pool);
    std::uint32_t without_room(const Line& line, std::size_t pool) const;
    std::optional<AgentId> choose(const Line& line, const std::vector<AgentId>& excluded,
                                  const Draw& draw) const;
    std::optional<AgentId> choose_in_level(const Line& line, std::span<const Access> level,
                                           const std::vector<AgentId>& excluded,
                                           const Draw& draw) const;
    std::optional<AgentId> choose_by_chance(const Line& line, std::span<const Access> level,
                                            const std::vector<AgentId>& excluded,
                                            std::uint64_t chance) const;
    bool is_open(const Line& line, const Access& access) const {
        return !pools_[access.pool].idle.empty() && reserves_allow(line, access.reserves);
    }

    ContactRule rule_ = ContactRule::longest_waiting;
    IdleOrders orders_;
    std::vector<QueueState> queues_;
    std::unordered_map<QueueId, std::uint32_t> queue_index_;
    std::map<std::tuple<Skills, bool, Capacity>, std::size_t> pool_index_;
    std::vector<Pool> pools_;
    std::vector<Kept> kept_;
    std::vector<Line> lines_;
    std::map<LineKey, std::uint32_t> line_index_;
    std::vector<Head> heads_;  // by line; says nothing if nobody waits in it
    std::vector<std::uint32_t> lines_free_;
    std::size_t lines_kept_ = kLinesMax;  // twice as many as were needed when some were given up
    BitSet lines_waiting_;                // those that are not empty
    BitSet pools_idle_;                   // with somebody idle
    BitSet queues_touched_;
    std::unordered_map<AgentId, std::set<std::uint32_t>> personal_lines_;  // not empty
    std::array<std::uint32_t, kAvailabilities> counts_{};
};

template <typename WasTried, typename HasTime>
std::optional<ContactId> Routing::contact_for(const Agent& agent, Time now, WasTried&& was_tried,
                                              HasTime&& has_time) const {
    // The head of a line may have been tried by this agent; then the line's first contact he was
    // not tried for counts. As many heads are skipped as this agent has declined, which is bounded
    // by the misses that make him not ready.
    std::optional<Head> best;
    std::optional<Head> best_tried;
    const auto take = [&](Head head, const WaitKey& key) {
        head.key = key;
        const bool is_tried = key.was_tried && was_tried(key.contact);
        std::optional<Head>& place = is_tried ? best_tried : best;
        if (!place || is_before(head, *place, now)) {
            place = head;
        }
        return !is_tried;
    };
    const std::size_t pool = place_of(agent);
    const auto consider = [&](std::size_t index) {
        const Head& head = heads_[index];
        const bool is_too_late = best && !is_before(head, *best, now);
        if (is_too_late || !has_time(head.queue) || !is_open_to(pool, index)) {
            return;
        }
        if (!head.key.was_tried) {
            take(head, head.key);
            return;
        }
        for (const WaitKey& key : lines_[index].waiting) {
            if (take(head, key)) {
                return;
            }
        }
    };
    pools_[pool].lines.for_each_common(lines_waiting_, consider);
    if (const auto personal = personal_lines_.find(agent.id); personal != personal_lines_.end()) {
        for (const std::uint32_t index : personal->second) {
            const Line& line = lines_[index];
            if (agent.has_room_for(medium_of(line.key.channel)) && !rests(line)) {
                consider(index);
            }
        }
    }
    const std::optional<Head>& chosen = best ? best : best_tried;
    return chosen ? std::optional(chosen->key.contact) : std::nullopt;
}

}  // namespace lanze::core
