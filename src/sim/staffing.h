// Staffing: a day whose pools have so many agents in each interval, as it is simulated, and what
// the simulation says of each demand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "plan/requirement.h"
#include "sim/estimate.h"
#include "sim/scenario.h"
#include "sim/tally.h"

namespace lanze::sim {

// What an agent of a pool costs, and how many there may be in each interval.
struct PoolTerms {
    double cost = 1;  // above 0; its unit is free
    std::uint32_t agents_min = 0;
    std::uint32_t agents_max = kAgentsMax;
};

struct StaffingProblem {
    // Its streams' rates and `start` are of the time with the lead; `staff` and `count` of its
    // pools are not read. The service levels of its queues are those of `demands`.
    Scenario scenario;
    Duration interval{};
    std::size_t intervals = 0;
    // So many of the last intervals, at most all, are simulated before the first and not judged.
    std::size_t lead = 0;
    std::vector<plan::Demands> demands;  // by queue, in seconds
    std::vector<double> handle_means;    // by queue, in seconds
    std::vector<PoolTerms> pools;
};

using PoolAgents = std::vector<std::vector<std::uint32_t>>;  // by pool and interval

bool serves(const StaffingProblem& problem, std::size_t pool, std::size_t queue);

// The scenario with these agents, and one replication of it.
Scenario staffed(const StaffingProblem& problem, const PoolAgents& agents);
Plan replication_of(const StaffingProblem& problem, std::uint64_t seed);

double cost_of(const StaffingProblem& problem, const PoolAgents& agents);  // of an interval long

// What a confidence interval says of a demand.
enum class Verdict : std::uint8_t {
    kept,      // all of it keeps the demand
    not_kept,  // nothing of it does
    open,      // too close to call
};
const char* to_string(Verdict verdict);

struct Judgement {
    plan::Demand demand = plan::Demand::service_level;
    std::optional<std::size_t> pool = {};  // of an occupancy
    Estimate estimate;
    Verdict verdict = Verdict::open;
};

// What was seen of a queue in an interval.
struct SeenInterval {
    double contacts = 0;  // a replication
    Estimate service_level;
    Estimate p_abandon;
    Estimate mean_wait;  // seconds
    Estimate asa;        // seconds
    Estimate occupancy;  // of all pools that serve the queue
    double waiting_end = 0;
    std::vector<Judgement> judgements;  // none if nobody ever came

    // not_kept if one of them is, else open if one of them is.
    Verdict verdict() const;
};

struct Look {
    std::uint64_t replications = 0;
    double confidence = 0.95;                       // of each interval for itself
    std::vector<std::vector<SeenInterval>> queues;  // by interval
};

// A contact that never came to an end counts as not answered, and as having waited for as long as
// was simulated. Shares and waits are never taken to be surer than the rule of three says: where
// none of n contacts was lost, 3 / n of all others may be (Hanley, Lippman-Hand, If nothing goes
// wrong, is everything all right?, 1983), and such a contact to wait for a handle time.
Look look_at(const StaffingProblem& problem, const std::vector<Tally>& tallies, double confidence);

// How far a demand is from being kept, relative to what is demanded, if its figure were worse by
// `margin` half-widths (better by a negative one); 0 if it is kept.
double shortfall(const plan::Demands& demands, const Judgement& judgement, double margin);

}  // namespace lanze::sim
