#include "plan/cover.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "plan/conflict.h"

namespace lanze::plan {

namespace {

constexpr double kTiny = 1e-9;
constexpr double kEndless = std::numeric_limits<double>::infinity();

// Queues and pools as nodes. Work goes from a queue that has some left to a pool with room, and may
// push work of another queue from one pool to another.
class Flow {
public:
    explicit Flow(const CoverProblem& problem)
        : problem_(problem),
          left_(problem.work),
          given_(problem.pools.size(), std::vector<double>(problem.work.size())) {
        result_.agents.resize(problem.pools.size());
    }

    Cover run() {
        while (augment()) {
        }
        result_.missing = std::accumulate(left_.begin(), left_.end(), 0.0);
        return result_;
    }

private:
    struct Step {
        double cost = kEndless;
        std::size_t from =
            0;  // the queue that gives to a pool, the pool that gives back to a queue
    };

    bool has_room(std::size_t pool) const {
        return problem_.pools[pool].agents_max - result_.agents[pool] > kTiny;
    }

    // Bellman and Ford: the cheapest way from any queue with work left to each pool, the cost being
    // that of the pool where it ends; moving work between pools costs nothing in between.
    void find_paths() {
        const std::size_t queues = left_.size();
        const std::size_t pools = problem_.pools.size();
        to_queue_.assign(queues, Step{});
        to_pool_.assign(pools, Step{});
        for (std::size_t queue = 0; queue < queues; ++queue) {
            to_queue_[queue].cost = left_[queue] > kTiny ? 0 : kEndless;
        }
        bool changes = true;
        while (changes) {
            changes = false;
            for (std::size_t pool = 0; pool < pools; ++pool) {
                for (std::size_t queue = 0; queue < queues; ++queue) {
                    changes = relax(pool, queue) || changes;
                }
            }
        }
    }

    bool relax(std::size_t pool, std::size_t queue) {
        bool changes = false;
        if (problem_.pools[pool].serves[queue] && to_queue_[queue].cost + 1 < to_pool_[pool].cost) {
            to_pool_[pool] = {to_queue_[queue].cost + 1, queue};
            changes = true;
        }
        if (given_[pool][queue] > kTiny && to_pool_[pool].cost + 1 < to_queue_[queue].cost) {
            to_queue_[queue] = {to_pool_[pool].cost + 1, pool};
            changes = true;
        }
        return changes;
    }

    // Only the pool at the end of a path costs more, so the cheapest that can be reached is next.
    bool augment() {
        find_paths();
        std::size_t best = problem_.pools.size();
        for (std::size_t pool = 0; pool < problem_.pools.size(); ++pool) {
            const bool is_better = best == problem_.pools.size() ||
                                   problem_.pools[pool].cost < problem_.pools[best].cost;
            if (to_pool_[pool].cost < kEndless && has_room(pool) && is_better) {
                best = pool;
            }
        }
        if (best == problem_.pools.size()) {
            return false;
        }
        const double amount =
            walk(best, problem_.pools[best].agents_max - result_.agents[best], false);
        walk(best, amount, true);
        result_.agents[best] += amount;
        return true;
    }

    // Back along the path; how much it carries, or carries it.
    double walk(std::size_t pool, double amount, bool is_done) {
        while (true) {
            const std::size_t queue = to_pool_[pool].from;
            given_[pool][queue] += is_done ? amount : 0;
            if (left_[queue] > kTiny) {
                amount = is_done ? amount : std::min(amount, left_[queue]);
                left_[queue] -= is_done ? amount : 0;
                return amount;
            }
            pool = to_queue_[queue].from;
            amount = is_done ? amount : std::min(amount, given_[pool][queue]);
            given_[pool][queue] -= is_done ? amount : 0;
        }
    }

    const CoverProblem& problem_;
    Cover result_;
    std::vector<double> left_;                // by queue
    std::vector<std::vector<double>> given_;  // by pool and queue
    std::vector<Step> to_queue_;
    std::vector<Step> to_pool_;
};

// A number for each queue, alike for those who share agents, directly or through others.
std::vector<std::size_t> ties_of(std::size_t queues, const std::vector<CoverPool>& pools) {
    std::vector<std::size_t> tie(queues);
    std::iota(tie.begin(), tie.end(), std::size_t{0});
    for (const CoverPool& pool : pools) {
        std::size_t first = queues;
        for (std::size_t queue = 0; queue < queues; ++queue) {
            if (!pool.serves[queue]) {
                continue;
            }
            first = first == queues ? queue : first;
            std::replace(tie.begin(), tie.end(), std::size_t{tie[queue]}, std::size_t{tie[first]});
        }
    }
    return tie;
}

Demands only(const Demands& demands, Demand demand) {
    Demands result;
    result.service_level = demands.service_level;
    result.service_level.share =
        demand == Demand::service_level ? demands.service_level.share : std::optional<double>();
    result.p_abandon_max =
        demand == Demand::p_abandon_max ? demands.p_abandon_max : std::optional<double>();
    result.mean_wait_max =
        demand == Demand::mean_wait_max ? demands.mean_wait_max : std::optional<double>();
    result.asa_max = demand == Demand::asa_max ? demands.asa_max : std::optional<double>();
    result.occupancy_max =
        demand == Demand::occupancy_max ? demands.occupancy_max : std::optional<double>();
    return result;
}

// A demand that a lack of agents can break.
bool is_asked(const Demands& demands, Demand demand) {
    const bool is_none = demand == Demand::agents_min || (demand == Demand::occupancy_max &&
                                                          demands.occupancy_max.value_or(1) >= 1);
    return !is_none && !asks_for_fewer(demand) && is_made(demands, demand);
}

double work_of(Demand demand, const StaffingLoad& load, const Demands& demands) {
    if (demand == Demand::p_abandon_max) {
        return load.load * (1 - *demands.p_abandon_max);
    }
    if (load.patience) {
        return 0;
    }
    return demand == Demand::occupancy_max ? load.load / *demands.occupancy_max : load.load;
}

// Whether these needs and limits alone leave no cover.
bool is_uncovered(const std::vector<QueueNeed>& needs, std::vector<CoverPool> pools,
                  const std::vector<std::size_t>& chosen, std::size_t queues) {
    CoverProblem problem{std::vector<double>(queues), {}};
    std::vector<bool> is_limited(pools.size());
    for (const std::size_t i : chosen) {
        if (i < needs.size()) {
            double& work = problem.work[needs[i].queue];
            work = std::max(work, needs[i].work);
        } else {
            is_limited[i - needs.size()] = true;
        }
    }
    const double all = std::accumulate(problem.work.begin(), problem.work.end(), 1.0);
    std::vector<double> most(pools.size(), kEndless);
    for (std::size_t pool = 0; pool < pools.size(); ++pool) {
        if (is_limited[pool]) {
            most[pool] = pools[pool].agents_max;
        }
        pools[pool].agents_max = std::min(most[pool], all);
    }
    for (const std::size_t i : chosen) {
        double there = 0;
        for (std::size_t pool = 0; i < needs.size() && pool < pools.size(); ++pool) {
            there += pools[pool].serves[needs[i].queue] ? most[pool] : 0;
        }
        if (i < needs.size() && static_cast<double>(needs[i].agents) > there) {
            return true;
        }
    }
    problem.pools = std::move(pools);
    return least_cost_cover(problem).missing > 1e-6;
}

}  // namespace

Cover least_cost_cover(const CoverProblem& problem) {
    return Flow(problem).run();
}

std::vector<double> pooled_work(const std::vector<double>& loads,
                                const std::vector<double>& agents_alone,
                                const std::vector<CoverPool>& pools) {
    const std::vector<std::size_t> ties = ties_of(loads.size(), pools);
    std::vector<double> work(loads.size());
    for (std::size_t queue = 0; queue < loads.size(); ++queue) {
        double sum = 0;
        double roots = 0;
        for (std::size_t other = 0; other < loads.size(); ++other) {
            if (ties[other] == ties[queue]) {
                sum += loads[other];
                roots += std::sqrt(loads[other]);
            }
        }
        const double beyond = agents_alone[queue] - loads[queue];
        const double left = roots > 0 ? std::sqrt(sum) / roots : 1;
        work[queue] = loads[queue] + (beyond > 0 ? beyond * left : beyond);
    }
    return work;
}

std::vector<QueueNeed> needs_of(std::size_t queue, const StaffingLoad& load,
                                const Demands& demands) {
    std::vector<QueueNeed> needs;
    if (load.load < kLoadMin) {
        return needs;
    }
    for (const Demand demand : kDemands) {
        if (is_asked(demands, demand)) {
            const std::int64_t agents = requirement(load, only(demands, demand)).agents;
            needs.push_back({queue, demand, agents, work_of(demand, load, demands)});
        }
    }
    return needs;
}

CoverConflict cover_conflict(const std::vector<QueueNeed>& needs,
                             const std::vector<CoverPool>& pools, std::size_t queues) {
    const auto chosen =
        smallest_conflict(needs.size() + pools.size(), [&](const std::vector<std::size_t>& asked) {
            return is_uncovered(needs, pools, asked, queues);
        });
    CoverConflict result;
    for (const std::size_t i : chosen) {
        if (i < needs.size()) {
            result.needs.push_back(needs[i]);
        } else {
            result.pools.push_back(i - needs.size());
        }
    }
    return result;
}

}  // namespace lanze::plan
