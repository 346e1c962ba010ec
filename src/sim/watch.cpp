#include "sim/watch.h"

#include <algorithm>

namespace lanze::sim {

Watch::Watch(const Scenario& scenario, const Plan& plan)
    : scenario_(&scenario),
      begin_(scenario.start),
      from_(scenario.start + plan.warm_up),
      to_(scenario.start + plan.length),
      interval_length_(plan.interval) {
    std::size_t agents = 0;
    for (const Pool& pool : scenario.pools) {
        agents += pool.count;
    }
    doings_.resize(agents, Doing::away);
    shift_ends_.resize(agents, Time::max());
    streams_.resize(scenario.streams.size(), StreamState{0, begin_});
    tally_.streams.resize(streams_.size());
    queues_.resize(scenario.config.queues.size(), QueueState{0, 0, begin_});
    pools_.resize(scenario.pools.size());
    tally_.counted = plan.length - plan.warm_up;
    tally_.queues.resize(queues_.size());
    tally_.pools.resize(pools_.size());
    for (std::size_t i = 0; i < pools_.size(); ++i) {
        pools_[i].since = begin_;
        pools_[i].counts[static_cast<std::size_t>(Doing::away)] = scenario.pools[i].count;
        tally_.pools[i].answered_of.resize(streams_.size());
    }
    if (plan.interval > Duration::zero()) {
        const auto intervals =
            static_cast<std::size_t>((plan.length - Duration{1}) / plan.interval + 1);
        tally_.intervals.resize(queues_.size(), std::vector<IntervalTally>(intervals));
        tally_.pool_intervals.resize(pools_.size(), std::vector<PoolIntervalTally>(intervals));
    }
}

std::uint32_t Watch::interval_of(Time at) const {
    return interval_length_ > Duration::zero()
               ? static_cast<std::uint32_t>((at - begin_) / interval_length_)
               : 0;
}

IntervalTally* Watch::interval(std::uint32_t queue, std::uint32_t interval) {
    const bool is_there = !tally_.intervals.empty() && interval < tally_.intervals[queue].size();
    return is_there ? &tally_.intervals[queue][interval] : nullptr;
}

IntervalTally* Watch::interval_of_arrival(const Attempt& attempt) {
    const auto queue = static_cast<std::uint32_t>(scenario_->streams[attempt.stream].queue);
    return interval(queue, attempt.interval);
}

void Watch::note_arrival(const Attempt& attempt) {
    ++(attempt.tries == 0 ? stream(attempt).arrivals : stream(attempt).redials);
    if (IntervalTally* in = interval_of_arrival(attempt)) {
        ++in->attempts;
    }
}

void Watch::note_blocked(const Attempt& attempt) {
    ++stream(attempt).blocked;
    if (IntervalTally* in = interval_of_arrival(attempt)) {
        ++in->blocked;
    }
}

void Watch::note_answer(const Attempt& attempt, std::uint32_t pool, Time at) {
    StreamTally& stream = this->stream(attempt);
    const std::size_t queue = scenario_->streams[attempt.stream].queue;
    const Duration wait = at - attempt.entered;
    const bool is_within = wait <= scenario_->config.queues[queue].service_level.within;
    ++stream.offered;
    ++stream.answered;
    stream.answered_within += is_within ? 1U : 0U;
    stream.wait += wait;
    stream.answered_wait += wait;
    stream.wait_max = std::max(stream.wait_max, wait);
    stream.waits.add(wait);
    ++tally_.pools[pool].answered;
    ++tally_.pools[pool].answered_of[attempt.stream];
    if (IntervalTally* in = interval_of_arrival(attempt)) {
        ++in->offered;
        ++in->answered;
        in->answered_within += is_within ? 1U : 0U;
        in->wait += wait;
        in->answered_wait += wait;
    }
}

void Watch::note_end(const Attempt& attempt, core::ContactEnd end, Time at) {
    StreamTally& stream = this->stream(attempt);
    if (attempt.agent.is_set()) {
        stream.talk += at - attempt.answered;
        stream.wrap_up += attempt.wrap_up;
        stream.not_reached += end == core::ContactEnd::not_reached ? 1U : 0U;
        return;
    }
    const std::size_t queue = scenario_->streams[attempt.stream].queue;
    const core::ServiceLevel& level = scenario_->config.queues[queue].service_level;
    const Duration wait = at - attempt.entered;
    const bool is_abandoned = end == core::ContactEnd::abandoned;
    const bool is_short = is_abandoned && wait < level.short_abandon;
    ++stream.offered;
    stream.wait += wait;
    stream.wait_max = std::max(stream.wait_max, wait);
    if (is_abandoned) {
        ++stream.abandoned;
        stream.abandoned_within += wait <= level.within ? 1U : 0U;
        stream.abandoned_short += is_short ? 1U : 0U;
        stream.abandoned_after.add(wait);
    } else {
        ++stream.let_go;
    }
    if (IntervalTally* in = interval_of_arrival(attempt)) {
        ++in->offered;
        in->abandoned += is_abandoned ? 1U : 0U;
        in->abandoned_within += is_abandoned && wait <= level.within ? 1U : 0U;
        in->abandoned_short += is_short ? 1U : 0U;
        in->wait += wait;
    }
}

Duration Watch::counted(Time from, Time to) const {
    return std::max(Duration::zero(), std::min(to, to_) - std::max(from, from_));
}

void Watch::settle_stream(std::uint32_t stream, Time at) {
    StreamState& state = streams_[stream];
    tally_.streams[stream].waiting += counted(state.since, at) * state.waiting;
    state.since = at;
}

void Watch::settle_queue(std::uint32_t queue, Time at) {
    QueueState& state = queues_[queue];
    const Duration waiting = (at - state.since) * state.waiting;
    if (IntervalTally* in = waiting > Duration::zero() ? interval(queue, interval_now_) : nullptr) {
        in->waiting += waiting;
    }
    const Duration span = counted(state.since, at);
    tally_.queues[queue].waiting += span * state.waiting;
    tally_.queues[queue].short_of += span * state.short_of;
    state.since = at;
}

void Watch::settle_pool(std::uint32_t pool, Time at) {
    PoolState& state = pools_[pool];
    const auto count = [&](Doing doing) {
        return static_cast<std::int64_t>(state.counts[static_cast<std::size_t>(doing)]);
    };
    PoolTally& tally = tally_.pools[pool];
    const Duration span = counted(state.since, at);
    tally.handling += span * count(Doing::handling);
    tally.ready += span * count(Doing::ready);
    tally.withheld_ceiling += span * count(Doing::over_ceiling);
    tally.withheld_break += span * count(Doing::break_due);
    tally.not_ready += span * count(Doing::not_ready);
    if (!tally_.pool_intervals.empty() && interval_now_ < tally_.pool_intervals[pool].size()) {
        PoolIntervalTally& in = tally_.pool_intervals[pool][interval_now_];
        in.handling += (at - state.since) * count(Doing::handling);
        in.ready += (at - state.since) * count(Doing::ready);
    }
    state.since = at;
}

void Watch::change_waiting(const Attempt& attempt, int by, Time at) {
    const auto changed = [by](std::uint32_t count) {
        return static_cast<std::uint32_t>(static_cast<std::int64_t>(count) + by);
    };
    settle_stream(attempt.stream, at);
    settle_queue(attempt.queue, at);
    streams_[attempt.stream].waiting = changed(streams_[attempt.stream].waiting);
    queues_[attempt.queue].waiting = changed(queues_[attempt.queue].waiting);
}

void Watch::note_answered(const Attempt& attempt, Time at) {
    stream(attempt).answers += is_counting(at) ? 1U : 0U;
}

void Watch::note_give_up(const Attempt& attempt, Time at) {
    if (IntervalTally* in = interval(attempt.queue, interval_of(at))) {
        ++in->gave_up;
    }
}

void Watch::set_short(std::uint32_t queue, std::uint32_t agents, Time at) {
    settle_queue(queue, at);
    queues_[queue].short_of = agents;
}

Watch::Doing Watch::doing_of(const core::Agent& agent) {
    if (agent.is_handling()) {
        return Doing::handling;
    }
    switch (core::availability(agent)) {
        case core::Availability::idle:
        case core::Availability::has_room:
        case core::Availability::alerting:
        case core::Availability::shift_over:
            return Doing::ready;
        case core::Availability::talking:
        case core::Availability::wrap_up:
            return Doing::handling;
        case core::Availability::over_ceiling:
            return Doing::over_ceiling;
        case core::Availability::break_due:
            return Doing::break_due;
        case core::Availability::signed_out:
            return Doing::away;
        case core::Availability::resting:
        case core::Availability::not_ready:
        case core::Availability::phone_unreachable:
            return Doing::not_ready;
    }
    return Doing::not_ready;
}

void Watch::follow(std::uint32_t agent, std::uint32_t pool, const core::Agent& now, Time at) {
    const Doing doing = doing_of(now);
    Doing& before = doings_[agent];
    if (doing == before) {
        return;
    }
    settle_pool(pool, at);
    PoolState& state = pools_[pool];
    --state.counts[static_cast<std::size_t>(before)];
    ++state.counts[static_cast<std::size_t>(doing)];
    if (before == Doing::handling && at > shift_ends_[agent]) {
        tally_.pools[pool].overrun += counted(shift_ends_[agent], at);
        shift_ends_[agent] = Time::max();
    }
    before = doing;
}

void Watch::note_missed(std::uint32_t pool, Time at) {
    tally_.pools[pool].missed += is_counting(at) ? 1U : 0U;
}

void Watch::note_break(std::uint32_t pool, Time at) {
    tally_.pools[pool].breaks += is_counting(at) ? 1U : 0U;
}

void Watch::end_interval(Time at) {
    for (std::uint32_t i = 0; i < queues_.size(); ++i) {
        settle_queue(i, at);
        if (IntervalTally* in = interval(i, interval_now_)) {
            in->waiting_end = queues_[i].waiting;
        }
    }
    for (std::uint32_t i = 0; i < pools_.size(); ++i) {
        settle_pool(i, at);
        if (interval_now_ < tally_.pool_intervals[i].size()) {
            tally_.pool_intervals[i][interval_now_].handling_end =
                pools_[i].counts[static_cast<std::size_t>(Doing::handling)];
        }
    }
    ++interval_now_;
}

Tally Watch::finish(Time at) {
    for (std::uint32_t i = 0; i < streams_.size(); ++i) {
        settle_stream(i, at);
    }
    for (std::uint32_t i = 0; i < queues_.size(); ++i) {
        settle_queue(i, at);
    }
    for (std::uint32_t i = 0; i < pools_.size(); ++i) {
        settle_pool(i, at);
    }
    return std::move(tally_);
}

}  // namespace lanze::sim
