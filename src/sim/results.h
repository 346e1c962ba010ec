// Results: what the replications of a scenario say, each measure with its definition and interval.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/estimate.h"
#include "sim/scenario.h"
#include "sim/tally.h"

namespace lanze::sim {

enum class Unit : std::uint8_t { share, seconds, count, per_hour, agents, contacts };

struct Measure {
    const char* key;         // of JSON
    const char* definition;  // in one line
    Unit unit = Unit::share;
    Estimate estimate;
};

struct Measured {
    std::string name;
    std::vector<Measure> measures;
};

// One interval of a queue or pool; shares and means over all replications.
struct QueueInterval {
    double offered = 0;  // a replication
    double abandoned = 0;
    double gave_up = 0;
    double blocked = 0;
    Estimate service_level;
    double mean_wait = 0;  // seconds
    double mean_queue = 0;
    double queue_end = 0;
};
struct PoolInterval {
    double busy = 0;   // agents, on average
    double ready = 0;  // likewise
    double busy_end = 0;
    double occupancy = 0;
};

// A share of the answered that waited no longer.
struct WaitPoint {
    double wait = 0;  // seconds
    double share = 0;
};

struct Results {
    std::uint64_t replications = 0;
    std::uint64_t contacts = 0;  // in all, those of the warm-up too
    std::uint64_t unresolved = 0;
    double confidence = 0.95;
    std::vector<Measured> streams;
    std::vector<Measured> queues;  // sums of what their streams brought, and what they are
    std::vector<Measured> pools;
    std::vector<Measure> charter;
    double interval_seconds = 0;                            // 0: there are none
    std::vector<std::vector<QueueInterval>> intervals;      // by queue
    std::vector<std::vector<PoolInterval>> pool_intervals;  // by pool
    std::vector<std::vector<WaitPoint>> waits;              // by queue
};

// `tallies` in the order of their replications; at least one.
Results results_of(const Scenario& scenario, const Plan& plan, const std::vector<Tally>& tallies,
                   double confidence);

// What one replication says of the service level of an interval.
Part service_part(const IntervalTally& tally, core::ServiceLevelDefinition definition);

// The measure with this key; nullptr if there is none.
const Measure* find(const std::vector<Measure>& measures, std::string_view key);

}  // namespace lanze::sim
