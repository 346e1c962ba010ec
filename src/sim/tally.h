// Tally: what one replication has counted, in whole numbers, so that sums do not depend on order.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"

namespace lanze::sim {

// Waits, told apart to about 1.6 %; zero apart.
class WaitHistogram {
public:
    void add(Duration wait) {
        const std::size_t bin = bin_of(wait);
        if (bin >= counts_.size()) {
            counts_.resize(bin + 1);
        }
        ++counts_[bin];
        ++total_;
    }
    void add(const WaitHistogram& other);
    std::uint64_t total() const { return total_; }
    // The wait that this share of them does not exceed; zero if there are none.
    Duration quantile(double share) const;
    // How many wait at most `wait`, to the histogram's precision.
    std::uint64_t at_most(Duration wait) const;

private:
    static constexpr std::size_t kOctaves = 45;  // 2^44 us is more than half a year
    static constexpr std::size_t kSteps = 64;    // of an octave
    static std::size_t bin_of(Duration wait);
    static Duration middle_of(std::size_t bin);

    std::vector<std::uint32_t> counts_;  // up to the longest
    std::uint64_t total_ = 0;
};

// The contacts of one stream that arrived while it counts; times are sums.
struct StreamTally {
    std::uint64_t arrivals = 0;  // first attempts
    std::uint64_t redials = 0;
    std::uint64_t blocked = 0;
    std::uint64_t offered = 0;  // let in
    std::uint64_t answered = 0;
    std::uint64_t answered_within = 0;
    std::uint64_t abandoned = 0;
    std::uint64_t abandoned_within = 0;
    std::uint64_t abandoned_short = 0;
    std::uint64_t let_go = 0;     // when the queue closed
    std::uint64_t waited = 0;     // not presented to an agent at once
    std::uint64_t callbacks = 0;  // and messages: gave up the line and not the place
    std::uint64_t overdue = 0;    // came to the starvation bound
    std::uint64_t not_reached = 0;
    Duration wait{};  // of all let in
    Duration answered_wait{};
    Duration wait_max{};
    Duration talk{};
    Duration wrap_up{};
    WaitHistogram waits;            // of those answered
    WaitHistogram abandoned_after;  // of those who gave up
    // Of whenever they arrived, while it counts:
    std::uint64_t answers = 0;
    Duration waiting{};  // contacts x time

    std::uint64_t attempts() const { return offered + blocked; }
};

// While it counts.
struct QueueTally {
    Duration waiting{};   // contacts x time
    Duration short_of{};  // agents missing because of the ceiling x time
};

struct PoolTally {
    Duration handling{};  // agents x time: talking or in wrap-up
    Duration ready{};     // ready or alerting, not withheld
    Duration withheld_ceiling{};
    Duration withheld_break{};
    Duration not_ready{};  // at work, on a break or otherwise closed
    Duration overrun{};    // handling after the end of a shift
    std::uint64_t answered = 0;
    std::vector<std::uint64_t> answered_of;  // by stream
    std::uint64_t missed = 0;                // presented and not answered
    std::uint64_t breaks = 0;
};

// One interval of one queue: contacts by arrival, the rest by what was the case in it.
struct IntervalTally {
    std::uint64_t attempts = 0;  // more than offered and blocked if some never came to an end
    std::uint64_t offered = 0;
    std::uint64_t answered = 0;
    std::uint64_t answered_within = 0;
    std::uint64_t abandoned = 0;
    std::uint64_t abandoned_within = 0;
    std::uint64_t abandoned_short = 0;
    std::uint64_t gave_up = 0;  // in the interval, whenever they arrived
    std::uint64_t blocked = 0;
    Duration wait{};
    Duration answered_wait{};
    Duration waiting{};             // contacts x time
    std::uint32_t waiting_end = 0;  // at its end
};

struct PoolIntervalTally {
    Duration handling{};
    Duration ready{};
    std::uint32_t handling_end = 0;
};

struct Tally {
    Duration counted{};          // the time between warm-up and end
    std::uint64_t contacts = 0;  // in all, the warm-up too
    std::uint64_t commands = 0;
    std::vector<StreamTally> streams;
    std::vector<QueueTally> queues;
    std::vector<PoolTally> pools;
    std::vector<std::vector<IntervalTally>> intervals;           // by queue
    std::vector<std::vector<PoolIntervalTally>> pool_intervals;  // by pool
    std::uint64_t unresolved = 0;  // counted contacts that were still there at the very end
};

}  // namespace lanze::sim
