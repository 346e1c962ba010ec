// Watch: follows a simulated centre and counts.
#pragma once

#include <cstdint>
#include <vector>

#include "core/floor.h"
#include "sim/attempt.h"
#include "sim/scenario.h"
#include "sim/tally.h"

namespace lanze::sim {

class Watch {
public:
    Watch(const Scenario& scenario, const Plan& plan);

    // Of an attempt that is counted.
    void note_arrival(const Attempt& attempt);
    void note_blocked(const Attempt& attempt);
    void note_wait(const Attempt& attempt) { ++stream(attempt).waited; }  // not at once
    void note_callback(const Attempt& attempt) { ++stream(attempt).callbacks; }
    void note_overdue(const Attempt& attempt) { ++stream(attempt).overdue; }
    void note_answer(const Attempt& attempt, std::uint32_t pool, Time at);
    void note_end(const Attempt& attempt, core::ContactEnd end, Time at);

    // Of any: what is the case from now on.
    void change_waiting(const Attempt& attempt, int by, Time at);
    void note_answered(const Attempt& attempt, Time at);  // whenever it arrived
    void note_give_up(const Attempt& attempt, Time at);
    void set_short(std::uint32_t queue, std::uint32_t agents, Time at);
    // The agent as he is now, `index` counting from 0 in his pool's order.
    void follow(std::uint32_t agent, std::uint32_t pool, const core::Agent& now, Time at);
    void note_missed(std::uint32_t pool, Time at);
    void note_break(std::uint32_t pool, Time at);
    void note_shift_end(std::uint32_t agent, Time at) { shift_ends_[agent] = at; }

    std::uint32_t interval_of(Time at) const;
    // The end of an interval.
    void end_interval(Time at);
    // All areas up to now.
    Tally finish(Time at);

private:
    // What an agent does, as the measures tell it.
    enum class Doing : std::uint8_t { away, ready, handling, over_ceiling, break_due, not_ready };
    static constexpr std::size_t kDoings = 6;
    struct StreamState {
        std::uint32_t waiting = 0;
        Time since;
    };
    struct QueueState {
        std::uint32_t waiting = 0;
        std::uint32_t short_of = 0;
        Time since;
    };
    struct PoolState {
        std::uint32_t counts[kDoings] = {};
        Time since;
    };
    static Doing doing_of(const core::Agent& agent);
    // The part of the span that is counted.
    Duration counted(Time from, Time to) const;
    StreamTally& stream(const Attempt& attempt) { return tally_.streams[attempt.stream]; }
    IntervalTally* interval_of_arrival(const Attempt& attempt);
    void settle_stream(std::uint32_t stream, Time at);
    void settle_queue(std::uint32_t queue, Time at);
    void settle_pool(std::uint32_t pool, Time at);
    bool is_counting(Time at) const { return at >= from_ && at < to_; }
    IntervalTally* interval(std::uint32_t queue, std::uint32_t interval);

    const Scenario* scenario_;
    Time begin_;
    Time from_;
    Time to_;
    Duration interval_length_;
    std::uint32_t interval_now_ = 0;
    Tally tally_;
    std::vector<StreamState> streams_;
    std::vector<QueueState> queues_;
    std::vector<PoolState> pools_;
    std::vector<Doing> doings_;
    std::vector<Time> shift_ends_;  // of the agents who have one
};

}  // namespace lanze::sim
