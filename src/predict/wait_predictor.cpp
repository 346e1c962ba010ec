#include "predict/wait_predictor.h"

#include <algorithm>
#include <array>
#include <vector>

#include "plan/queue_wait.h"

namespace lanze::predict {

namespace {

double in_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

using Pools = std::vector<std::uint32_t>;

// One look at the whole floor.
class Pass {
public:
    Pass(Lineup& lineup, const Pace& pace, const core::Floor& floor, Time now)
        : lineup_(lineup),
          pace_(pace),
          floor_(floor),
          now_(now),
          means_(handle_times(floor, pace)),
          rates_(rates()),
          drain_(rates_),
          queues_(floor.queues().size() + 1),
          shares_(rates_.size()) {
        for (const core::Queue& queue : floor.queues()) {
            learn(queue);
        }
    }

    // Calls both until one says it is enough (false).
    template <typename Waiting, typename Entering>
    void go(Waiting&& on_waiting, Entering&& on_entering);

private:
    struct OfQueue {
        Pools pools;                        // without those that are kept for others
        std::vector<std::uint32_t> rivals;  // ids of queues with a pool in common, itself too
        double rate = 0;                    // of the pools
        double giving_up = 0;
        double alerting = 0;
        std::uint32_t put = 0;     // contacts so far
        std::optional<Time> head;  // when the first one entered
        std::array<double, core::kPriorityMax + 1> arrivals{};
    };

    template <typename Entering>
    void enter_class(std::uint8_t priority, Entering&& on_entering);
    static std::vector<double> handle_times(const core::Floor& floor, const Pace& pace);
    std::vector<double> rates() const;
    double generic_mean(const Lineup::Pool& pool, double of_all) const;
    void learn(const core::Queue& queue);
    void find_rivals();
    void begin_class(std::uint8_t priority);
    Pools without_kept(const Pools& pools, const core::Queue& queue) const;
    Forecast put(const Waiter& waiter);
    Forecast entering(const core::Queue& queue);
    Circumstances circumstances(core::QueueId queue, const Pools& pools) const;
    Forecast by_rate(const plan::WaitMoments& wait, const Circumstances& on) const;
    Forecast by_head_of_line(const Circumstances& on, Duration waited) const;
    bool is_at_work(const Pools& pools) const {
        return std::ranges::any_of(pools, [&](auto p) { return lineup_.pools()[p].at_work > 0; });
    }

    Lineup& lineup_;
    const Pace& pace_;
    const core::Floor& floor_;
    Time now_;
    std::vector<double> means_;  // by queue's id: handle time and alerting; 0: not known
    std::vector<double> rates_;  // by pool; all 0 if no handle time is known
    plan::Drain drain_;
    std::vector<OfQueue> queues_;  // by id
    std::vector<double> shares_;   // by pool: what those of smaller priority numbers take
};

std::vector<double> Pass::handle_times(const core::Floor& floor, const Pace& pace) {
    std::vector<double> means(floor.queues().size() + 1);
    for (const core::Queue& queue : floor.queues()) {
        if (const auto mean = queue.handle_times.mean()) {
            means[queue.id.value()] =
                std::max(0.001, in_seconds(*mean) + pace.alerting_time(queue.id));
        }
    }
    return means;
}

// Of what an agent has of whom it is not known, or of whom nothing is known: the mean over the
// queues that he serves, else over all.
double Pass::generic_mean(const Lineup::Pool& pool, double of_all) const {
    double sum = 0;
    double count = 0;
    for (std::size_t queue = 1; queue < means_.size(); ++queue) {
        if (pool.busy[queue] > 0 && means_[queue] > 0) {
            sum += means_[queue] * pool.busy[queue];
            count += pool.busy[queue];
        }
    }
    return count > 0 ? sum / count : of_all;
}

std::vector<double> Pass::rates() const {
    const auto known = std::ranges::count_if(means_, [](double mean) { return mean > 0; });
    double sum = 0;
    for (const double mean : means_) {
        sum += mean;
    }
    std::vector<double> rates(lineup_.pools().size());
    if (known == 0) {
        return rates;
    }
    const double of_all = sum / static_cast<double>(known);
    for (std::size_t i = 0; i < rates.size(); ++i) {
        const Lineup::Pool& pool = lineup_.pools()[i];
        const double generic = generic_mean(pool, of_all);
        rates[i] = pool.idle / generic;
        for (std::size_t queue = 0; queue < means_.size(); ++queue) {
            const double mean = means_[queue] > 0 ? means_[queue] : generic;
            rates[i] += pool.busy[queue] / mean;
        }
    }
    return rates;
}

Pools Pass::without_kept(const Pools& pools, const core::Queue& queue) const {
    Pools result = pools;
    std::erase_if(result, [&](std::uint32_t pool) { return lineup_.is_kept(pool, queue); });
    return result;
}

void Pass::learn(const core::Queue& queue) {
    OfQueue& of = queues_[queue.id.value()];
    of.pools = without_kept(lineup_.pools_of(queue), queue);
    for (const std::uint32_t pool : of.pools) {
        of.rate += rates_[pool];
    }
    of.giving_up = pace_.giving_up_rate(queue.id);
    of.alerting = pace_.alerting_time(queue.id);
    for (std::uint8_t priority = 1; priority <= core::kPriorityMax; ++priority) {
        of.arrivals[priority] = pace_.arrival_rate(queue.id, priority, now_);
    }
}

void Pass::find_rivals() {
    std::vector<std::vector<std::uint32_t>> queues_of(rates_.size());
    for (std::uint32_t queue = 1; queue < queues_.size(); ++queue) {
        for (const std::uint32_t pool : queues_[queue].pools) {
            queues_of[pool].push_back(queue);
        }
    }
    for (OfQueue& of : queues_) {
        for (const std::uint32_t pool : of.pools) {
            of.rivals.insert(of.rivals.end(), queues_of[pool].begin(), queues_of[pool].end());
        }
        std::ranges::sort(of.rivals);
        of.rivals.erase(std::ranges::unique(of.rivals).begin(), of.rivals.end());
    }
}

// From here on contacts of this priority are put: those of smaller numbers that come meanwhile go
// before. Each pool gives a queue the part of its rate that it has of the queue's.
void Pass::begin_class(std::uint8_t priority) {
    bool has_more = false;
    for (const OfQueue& of : queues_) {
        const double arrivals = of.rate > 0 ? of.arrivals[priority - 1U] : 0;
        has_more = has_more || arrivals > 0;
        for (const std::uint32_t pool : of.pools) {
            shares_[pool] += arrivals > 0 ? arrivals / of.rate : 0;
        }
    }
    for (std::uint32_t pool = 0; has_more && pool < shares_.size(); ++pool) {
        drain_.take_away(pool, shares_[pool]);
    }
}

Circumstances Pass::circumstances(core::QueueId queue, const Pools& pools) const {
    Circumstances on{queue, 0, 0, 0};
    double rate = 0;
    for (const std::uint32_t pool : pools) {
        on.agents += lineup_.pools()[pool].at_work;
        rate += rates_[pool];
    }
    on.handle_time = rate > 0 ? on.agents / rate : 0;
    for (const std::uint32_t rival : queues_[queue.value()].rivals) {
        on.ahead += queues_[rival].put;
    }
    return on;
}

Forecast Pass::by_rate(const plan::WaitMoments& wait, const Circumstances& on) const {
    const core::Queue& queue = *floor_.find_queue(on.queue);
    plan::WaitMoments all = plan::with_rate_estimated(
        wait, std::max(core::HandleTimes::kCountMin, queue.handle_times.count()));
    const double alerting = queues_[on.queue.value()].alerting;
    all.mean += alerting;
    all.variance += alerting * alerting;
    const plan::WaitRange range = plan::range_of(all);
    return {ports::FoundBy::service_rate, all.mean, range.low, range.high, on};
}

// The delay of the first in the queue (Ibrahim, Whitt 2009) needs no parameter. How far it is off
// is not known then either: half to double is a rule of ours.
Forecast Pass::by_head_of_line(const Circumstances& on, Duration waited) const {
    const auto& head = queues_[on.queue.value()].head;
    const double delay = head ? in_seconds(now_ - *head) : 0;
    const double left = 2 * delay - in_seconds(waited);
    if (delay <= 0 || left <= 0) {
        return {ports::FoundBy::too_little_known, 0, 0, 0, on};
    }
    const auto until = [&](double total) { return std::max(0.0, total - in_seconds(waited)); };
    return {ports::FoundBy::head_of_line, until(delay), until(delay / 2), left, on};
}

Forecast Pass::put(const Waiter& waiter) {
    const core::Queue& queue = *floor_.find_queue(waiter.queue);
    OfQueue& of = queues_[waiter.queue.value()];
    const bool has_reserves = !waiter.is_overdue && !queue.config.reserves.empty();
    const Pools left = has_reserves ? without_kept(lineup_.pools_of(waiter), queue) : Pools{};
    const Pools& pools = has_reserves ? left : lineup_.pools_of(waiter);
    const Circumstances on = circumstances(waiter.queue, pools);
    const auto wait = drain_.put(pools, of.giving_up);
    ++of.put;
    of.head = of.head ? std::min(*of.head, waiter.entered) : waiter.entered;
    if (wait) {
        return by_rate(*wait, on);
    }
    return is_at_work(pools) ? by_head_of_line(on, now_ - waiter.entered)
                             : Forecast{ports::FoundBy::nobody_at_work, 0, 0, 0, on};
}

Forecast Pass::entering(const core::Queue& queue) {
    const OfQueue& of = queues_[queue.id.value()];
    const Circumstances on = circumstances(queue.id, of.pools);
    if (std::ranges::any_of(of.pools, [&](auto p) { return lineup_.pools()[p].idle > 0; })) {
        return {ports::FoundBy::idle_agent, 0, 0, 0, on};
    }
    if (const auto wait = drain_.wait(of.pools)) {
        return by_rate(*wait, on);
    }
    return is_at_work(of.pools) ? by_head_of_line(on, Duration::zero())
                                : Forecast{ports::FoundBy::nobody_at_work, 0, 0, 0, on};
}

template <typename Waiting, typename Entering>
void Pass::go(Waiting&& on_waiting, Entering&& on_entering) {
    find_rivals();
    const std::vector<Waiter> waiters = lineup_.in_order(floor_, now_);
    auto next = waiters.begin();
    // Class 0: who is overdue, before all priorities.
    for (std::uint8_t priority = 0; priority <= core::kPriorityMax; ++priority) {
        if (priority > 1) {
            begin_class(priority);
        }
        const auto end = std::find_if(next, waiters.end(), [&](const Waiter& waiter) {
            return !waiter.is_overdue && waiter.priority > priority;
        });
        // Stops at the first one for which this is enough.
        next = std::find_if(next, end,
                            [&](const Waiter& waiter) { return !on_waiting(waiter, put(waiter)); });
        if (next != end) {
            return;
        }
        enter_class(priority, on_entering);
    }
}

template <typename Entering>
void Pass::enter_class(std::uint8_t priority, Entering&& on_entering) {
    for (const core::Queue& queue : floor_.queues()) {
        if (!queue.is_retired && queue.config.priority == priority) {
            on_entering(queue, [&] { return entering(queue); });
        }
    }
}

}  // namespace

void WaitPredictor::note(const core::Event& event, Time at, const core::Floor& floor) {
    pace_.note(event, at);
    lineup_.note(event, floor);
}

void WaitPredictor::visit_all(const core::Floor& floor, Time now, const Visit& visit) {
    Pass pass(lineup_, pace_, floor, now);
    pass.go(
        [&](const Waiter& waiter, const Forecast& forecast) {
            visit.waiting(waiter.contact, forecast);
            return true;
        },
        [&](const core::Queue& queue, auto&& find) { visit.entering(queue.id, find()); });
}

std::optional<Forecast> WaitPredictor::forecast(core::ContactId contact, const core::Floor& floor,
                                                Time now) {
    std::optional<Forecast> result;
    Pass pass(lineup_, pace_, floor, now);
    pass.go(
        [&](const Waiter& waiter, const Forecast& forecast) {
            if (waiter.contact == contact) {
                result = forecast;
            }
            return !result;
        },
        [](const core::Queue&, auto&&) {});
    return result;
}

Forecast WaitPredictor::entering(core::QueueId queue, const core::Floor& floor, Time now) {
    Forecast result;
    Pass pass(lineup_, pace_, floor, now);
    pass.go([](const Waiter&, const Forecast&) { return true; },
            [&](const core::Queue& each, auto&& find) {
                if (each.id == queue) {
                    result = find();
                }
            });
    return result;
}

}  // namespace lanze::predict
