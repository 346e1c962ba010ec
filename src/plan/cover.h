// Cover: which pools do the work of which queues at least cost, if an agent could be halved; and
// which needs no cover can meet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "plan/requirement.h"

namespace lanze::plan {

struct CoverPool {
    double cost = 1;  // of an agent, above 0
    double agents_max = std::numeric_limits<double>::infinity();
    std::vector<bool> serves;  // by queue
};

struct CoverProblem {
    std::vector<double> work;  // by queue, in agents
    std::vector<CoverPool> pools;
};

struct Cover {
    std::vector<double> agents;  // by pool
    double missing = 0;          // work that no pool is left for
};

// As much work as can be covered, at the least cost of that: a flow of least cost by shortest
// augmenting paths (Ahuja, Magnanti, Orlin, Network flows, 1993, ch. 9). Exact to about 1e-9.
Cover least_cost_cover(const CoverProblem& problem);

// The work of a queue for the start of a search: the load, and of what its demands ask for beyond,
// as much as is left when all queues that share agents are one: the safety of many grows with the
// square root of their load, and a little flexibility is enough to have most of that (Wallace and
// Whitt, A staffing algorithm for call centers with skill-based routing, 2005).
std::vector<double> pooled_work(const std::vector<double>& loads,
                                const std::vector<double>& agents_alone,
                                const std::vector<CoverPool>& pools);

// What a demand of a queue asks for at least, whatever the others do.
struct QueueNeed {
    std::size_t queue = 0;
    Demand demand = Demand::steady;
    std::int64_t agents = 0;  // who serve the queue, even if they served no other
    double work = 0;          // of them, which they cannot do for others at the same time
};

struct CoverConflict {
    std::vector<QueueNeed> needs;
    std::vector<std::size_t> pools;  // whose agents_max is part of it
};

// The demands of a queue for themselves, by the formulas. Work is what no routing can do without:
// of p_abandon_max what is not given up, without patience all, and with it what the ceiling asks
// for.
std::vector<QueueNeed> needs_of(std::size_t queue, const StaffingLoad& load,
                                const Demands& demands);

// Needs and limits of pools that cannot be kept together; empty if none is proved. As small as
// smallest_conflict() makes it.
CoverConflict cover_conflict(const std::vector<QueueNeed>& needs,
                             const std::vector<CoverPool>& pools, std::size_t queues);

}  // namespace lanze::plan
