// Comparison: a past beside itself simulated, under the configuration of then and under another.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sim/past_scenario.h"
#include "sim/results.h"

namespace lanze::sim {

inline constexpr int kReplicationsMin = 2;
inline constexpr int kReplicationsMax = 10'000;

// All of it as the unit of the measure says; shares from 0 to 1.
struct Compared {
    std::string key;
    std::string definition;
    Unit unit = Unit::share;
    double past = 0;
    double recorded = 0;  // simulated, mean of the replications
    // Where the past must lie for the simulation to be believed: one more replication would, with
    // Comparison::confidence for all judged measures together; never narrower than what is not
    // worth telling apart (1 %, one contact, a tenth of a second).
    double low = 0;
    double high = 0;
    bool is_judged = false;  // false: taken over, or too much the work of single contacts
    bool is_reproduced = true;
    double other = 0;
    Estimate difference;  // other - recorded, of pairs of replications with the same seed
};

struct ComparedQueue {
    std::string name;
    std::vector<Compared> measures;
};

struct Comparison {
    int replications = 0;
    double confidence = 0.95;
    std::vector<ComparedQueue> queues;
    std::vector<Compared> centre;
    std::uint64_t judged = 0;
    std::uint64_t not_reproduced = 0;
    std::uint64_t unresolved = 0;       // contacts still there when simulations were given up
    std::uint64_t unresolved_past = 0;  // not over at the end of the past: not counted
    Drawn drawn;
};

struct ComparisonPlan {
    std::uint64_t seed = 1;
    int replications = 20;
    double confidence = 0.95;
    std::function<void(int done)> on_progress = {};
};

// `recorded` is what the past is judged against: the configuration of then.
Result<Comparison, std::string> compare(const Past& past, const Terms& recorded, const Terms& other,
                                        const ComparisonPlan& plan);

}  // namespace lanze::sim
