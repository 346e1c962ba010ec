// The search for a staffing: agents are added where a simulated day does not keep its demands, and
// taken away where it does without them.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/staffing.h"

namespace lanze::sim {

// So many replications in their order, each with a seed of its own that is made of that of `plan`.
using Simulate = std::function<std::vector<Tally>(const Scenario& scenario, const Plan& plan,
                                                  std::uint32_t replications)>;

struct SearchSettings {
    std::uint64_t seed = 1;
    std::uint32_t replications = 400;         // of a look that is told
    std::uint32_t search_replications = 100;  // of one that only guides the search
    std::uint32_t looks_max = 300;            // of the search
    // While searching a demand counts as kept if its figure, worse by so many half-widths of its
    // interval of 95 %, keeps it: -1 adds only where it is clearly not kept, 0.65 does not take
    // nine in ten of those that stand at the border.
    double margin = 0.65;
};

// The intervals of the look that is told hold with 95 % whichever of these looks it is, as each is
// taken at 1 - 0.05 / kFinalLooksMax (Bonferroni).
inline constexpr std::uint32_t kFinalLooksMax = 4;
inline constexpr double kToldConfidence = 0.95;

struct SearchedStaffing {
    PoolAgents agents;
    Look look;  // at these agents, by replications that the search has not seen
    std::uint32_t search_looks = 0;
    std::uint32_t final_looks = 0;
    std::uint64_t replications = 0;  // of all looks
    bool is_at_limit = false;        // looks_max were not enough
};

// From `start` on, never below `least`, which are at most the pools' agents_max. Three steps: (1)
// agents are added until all demands are kept, or no pool has more; of several pools the one whose
// agent brings most for its cost, by simulations with common random numbers (as Cezik and L'Ecuyer,
// Staffing multiskill call centers via linear programming and simulation, 2008, take their cuts).
// (2) One or two agents are taken away, with or without one of another pool instead, while demands
// stay kept and the cost falls; in every third interval at once, as a change reaches little further
// than its neighbours. (3) A look with fresh seeds; where it says "not kept", agents are added and
// a next look is taken. What is found is not proved to cost least.
SearchedStaffing search_staffing(const StaffingProblem& problem, const PoolAgents& start,
                                 const PoolAgents& least, const SearchSettings& settings,
                                 const Simulate& simulate);

}  // namespace lanze::sim
