// QueueWait: how long somebody waits behind others, as a distribution and as the range he is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lanze::plan {

// Mean and variance of a wait, in one free time unit and its square.
struct WaitMoments {
    double mean = 0;
    double variance = 0;
};

// One wait in ten is shorter than `low`, one in ten longer than `high`.
struct WaitRange {
    double low = 0;
    double high = 0;
};

// The wait of somebody who stays, behind `ahead` others of whom each gives up at rate `theta`,
// while the agents take `served` contacts per time unit: the sum of independent exponential times
// with the rates served + j theta, j from 0 to `ahead` (Whitt 1999, Predicting queueing delays, for
// M/M/n+M, where served = n mu).
WaitMoments wait_behind(std::uint64_t ahead, double served, double theta);

// Of such a sum, by a gamma distribution with its mean and variance, whose quantiles follow from a
// normal one's (Wilson, Hilferty 1931). Off by less than 1 % of the mean for the lower and 3 % for
// the upper end as long as served >= 5 theta; by less than 8 % at served = theta, which is one
// agent whose callers give up as fast as he serves. queue_wait_test holds both to the exact ones.
// A variance of more than four squared means is taken as that, where the method ends.
WaitRange range_of(const WaitMoments& wait);

// What is known of a rate from so many times is known to 1 / sqrt(count): that much more uncertain.
WaitMoments with_rate_estimated(const WaitMoments& wait, double count);

// Drain: a queue before several pools of agents, emptied in thought in the order in which its
// contacts are put. Each contact may go to some of the pools. The thought: a pool that takes r
// contacts per time unit is a vessel of that width, a contact one unit of water, less the
// probability that it has given up by then; it flows into those of its vessels that are lowest, and
// the level it comes to is its mean wait. That is list scheduling in its fluid form. With one pool,
// or pools that all serve the same contacts, mean and variance are exactly those of wait_behind.
class Drain {
public:
    using Pools = std::span<const std::uint32_t>;  // by index, each once

    // By pool, contacts per time unit; 0: nobody works there. All are busy now.
    explicit Drain(const std::vector<double>& rates);

    // From here on others who go first take this share of what the pool serves, whenever they come
    // (0 to kShareMax). A contact waits for one service and for the busy period of those who come
    // meanwhile: 1 / (1 - share) times as long, with (1 + share) / (1 - share) times the squared
    // coefficient of variation.
    void take_away(std::uint32_t pool, double share);
    static constexpr double kShareMax = 0.95;

    // The wait of a contact behind all that were put; nothing if nobody works in its pools.
    std::optional<WaitMoments> wait(Pools pools) const;
    // Puts it there; it gives up at rate `theta`. Nothing is put where nobody works.
    std::optional<WaitMoments> put(Pools pools, double theta);

private:
    struct Vessel {
        double width = 0;
        double level = 0;
        double variance = 0;
        double theta = 0;  // of all in it
        double share_taken = 0;
        double rate() const { return width * (1 - share_taken); }
    };
    struct Poured {
        double level = 0;
        double variance = 0;
        double rate = 0;
        std::size_t pools = 0;  // the first of order_
    };
    std::optional<Poured> pour(Pools pools) const;

    std::vector<Vessel> vessels_;
    mutable std::vector<std::uint32_t> order_;  // room for pour(): the pools by level
};

}  // namespace lanze::plan
