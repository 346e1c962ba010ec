#include "predict/lineup.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include "base/variant.h"
#include "core/skills.h"

namespace lanze::predict {

namespace {

// Kinds of contacts by queue, step and needs; more begin anew, so that needs that nobody repeats
// do not pile up.
constexpr std::size_t kAccessesMax = 10'000;

// The queue of the contact an agent has; unset: none, or none that is known.
core::QueueId queue_in_hand(const core::Agent& agent, const core::Floor& floor) {
    const core::ContactId id = core::contact_of(agent);
    if (const core::Contact* contact = floor.find_contact(id)) {
        return contact->queue;
    }
    if (agent.handled) {
        return agent.handled->queue;
    }
    return agent.written.empty() ? core::QueueId{} : agent.written.front().queue;
}

bool is_idle_for_calls(const core::Agent& agent) {
    return agent.is_presentable() && agent.has_room_for(core::Medium::call);
}

// Somebody who becomes free for contacts by himself, soon. Whom the charter withholds does not, and
// who has said he will be not ready after this contact does not either.
bool is_at_work(const core::Agent& agent) {
    return agent.wants_contacts() && !agent.withheld;
}

std::vector<core::Skills> needs_by_step(const core::Queue& queue, std::uint8_t step,
                                        const core::Skills& own) {
    std::vector<core::Skills> needs{core::united(queue.config.needs, own)};
    const auto& widening = queue.config.widening;
    for (std::size_t i = 0; i < std::min<std::size_t>(step, widening.size()); ++i) {
        needs.push_back(widening[i].drops_own ? widening[i].needs
                                              : core::united(widening[i].needs, own));
    }
    return needs;
}

// a before b by the wait in multiples of the target; those of one queue by rank.
bool is_more_behind_target(const Waiter& a, const Waiter& b, const core::Floor& floor, Time now) {
    const auto target = [&](const Waiter& waiter) {
        const Duration within = floor.find_queue(waiter.queue)->config.service_level.within;
        return std::chrono::duration<double>(std::max<Duration>(within, milliseconds(1))).count();
    };
    const auto share = [&](const Waiter& waiter) {
        return std::chrono::duration<double>(now - waiter.queued).count() / target(waiter);
    };
    return share(a) > share(b);
}

}  // namespace

void Lineup::rebuild(const core::Floor& floor) {
    *this = {};
    for (const core::Agent& agent : floor.agents()) {
        const auto [place, is_new] =
            pool_index_.try_emplace(agent.config.skills, static_cast<std::uint32_t>(pools_.size()));
        if (is_new) {
            std::vector<std::uint32_t> busy(floor.queues().size() + 1);
            pools_.push_back({agent.config.skills, 0, 0, std::move(busy)});
        }
        parts_.push_back({place->second, false, false, 0});
    }
    for (const core::Agent& agent : floor.agents()) {
        touch(agent.id, floor);
    }
    for (const auto& [id, contact] : floor.contacts()) {
        touch(id, floor);
    }
}

void Lineup::count(const Part& part, std::uint32_t by) {
    if (!part.is_at_work) {
        return;
    }
    Pool& pool = pools_[part.pool];
    pool.at_work += by;
    (part.is_idle ? pool.idle : pool.busy[part.queue]) += by;
}

void Lineup::touch(core::AgentId id, const core::Floor& floor) {
    const core::Agent* agent = floor.find_agent(id);
    if (agent == nullptr || id.value() > parts_.size()) {
        return;
    }
    Part& part = parts_[id.value() - 1];
    count(part, static_cast<std::uint32_t>(-1));
    part.is_at_work = is_at_work(*agent);
    part.is_idle = is_idle_for_calls(*agent);
    const std::uint32_t queue = part.is_idle ? 0 : queue_in_hand(*agent, floor).value();
    part.queue = queue < pools_[part.pool].busy.size() ? queue : 0;
    count(part, 1);
}

void Lineup::touch(core::ContactId id, const core::Floor& floor) {
    if (const auto place = by_contact_.find(id); place != by_contact_.end()) {
        waiting_.erase(place->second);
        by_contact_.erase(place);
    }
    const core::Contact* contact = floor.find_contact(id);
    if (contact == nullptr || !std::holds_alternative<core::Waiting>(contact->state) ||
        contact->medium() != core::Medium::call) {
        return;
    }
    const core::Queue* queue = floor.find_queue(contact->queue);
    if (queue == nullptr) {
        return;  // a consultation of one agent by name
    }
    const Waiter waiter{contact->is_overdue,
                        contact->priority,
                        contact->queued,
                        id,
                        contact->entered,
                        contact->queue,
                        access_of(*queue, contact->step, contact->needs)};
    waiting_.insert(waiter);
    by_contact_.emplace(id, waiter);
}

std::uint32_t Lineup::access_of(const core::Queue& queue, std::uint8_t step,
                                const core::Skills& needs) {
    const auto [place, is_new] = access_index_.try_emplace(
        AccessKey{queue.id, step, needs}, static_cast<std::uint32_t>(accesses_.size()));
    if (!is_new) {
        return place->second;
    }
    std::vector<std::uint32_t> pools;
    const auto wanted = needs_by_step(queue, step, needs);
    for (std::uint32_t i = 0; i < pools_.size(); ++i) {
        const bool may = std::ranges::any_of(wanted, [&](const core::Skills& each) {
            return core::fulfils(pools_[i].skills, each);
        });
        if (may) {
            pools.push_back(i);
        }
    }
    accesses_.push_back(std::move(pools));
    return place->second;
}

const std::vector<std::uint32_t>& Lineup::pools_of(const core::Queue& queue) {
    return accesses_[access_of(queue, 0, {})];
}

bool Lineup::is_kept(std::uint32_t pool, const core::Queue& queue) const {
    return std::ranges::any_of(queue.config.reserves, [&](const core::Reserve& reserve) {
        if (!core::fulfils(pools_[pool].skills, reserve.pool)) {
            return false;
        }
        std::uint32_t idle = 0;
        for (const Pool& each : pools_) {
            idle += core::fulfils(each.skills, reserve.pool) ? each.idle : 0;
        }
        return idle <= reserve.keep;
    });
}

void Lineup::note(const core::Event& event, const core::Floor& floor) {
    if (std::holds_alternative<core::Configured>(event) || accesses_.size() > kAccessesMax) {
        rebuild(floor);
        return;
    }
    match(event, [&](const auto& one) {
        if constexpr (requires { one.contact; }) {
            touch(one.contact, floor);
        }
        if constexpr (requires { one.agent; }) {
            touch(one.agent, floor);
        }
    });
}

std::vector<Waiter> Lineup::in_order(const core::Floor& floor, Time now) const {
    std::vector<Waiter> waiters;
    waiters.reserve(waiting_.size());
    std::ranges::copy_if(waiting_, std::back_inserter(waiters), [&](const Waiter& waiter) {
        const core::Contact* contact = floor.find_contact(waiter.contact);
        // The floor may know more than we have been told yet.
        return contact != nullptr && std::holds_alternative<core::Waiting>(contact->state) &&
               !floor.routing().rests(*contact);
    });
    const core::ContactRule rule = floor.config().contact_rule;
    if (rule == core::ContactRule::longest_waiting) {
        return waiters;
    }
    const auto is_of_one_class = [](const Waiter& a, const Waiter& b) {
        return a.is_overdue == b.is_overdue && (a.is_overdue || a.priority == b.priority);
    };
    std::unordered_map<core::ContactId, std::size_t> behind;
    if (rule == core::ContactRule::longer_queue) {
        // Its turn comes when its queue has become as long as it is from its place to the end.
        std::unordered_map<core::QueueId, std::size_t> counts;
        for (const Waiter& waiter : std::views::reverse(waiters)) {
            behind[waiter.contact] = ++counts[waiter.queue];
        }
    }
    std::ranges::stable_sort(waiters, [&](const Waiter& a, const Waiter& b) {
        if (!is_of_one_class(a, b) || a.is_overdue) {
            return a < b;
        }
        if (rule == core::ContactRule::relative_to_target) {
            return is_more_behind_target(a, b, floor, now);
        }
        const std::size_t left = behind[a.contact];
        const std::size_t right = behind[b.contact];
        return left != right ? left > right : a.queue < b.queue;
    });
    return waiters;
}

std::map<core::ContactId, core::QueueId> Lineup::waiters_by_contact() const {
    std::map<core::ContactId, core::QueueId> result;
    for (const Waiter& waiter : waiting_) {
        result.emplace(waiter.contact, waiter.queue);
    }
    return result;
}

}  // namespace lanze::predict
