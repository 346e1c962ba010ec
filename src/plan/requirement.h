// Requirement: the smallest number of agents that keeps every demand of an interval, or the demands
// that cannot be kept together.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "plan/erlang.h"
#include "plan/service_level.h"

namespace lanze::plan {

enum class Demand : std::uint8_t {
    service_level,
    p_abandon_max,
    mean_wait_max,
    asa_max,
    occupancy_max,
    agents_min,
    steady,         // the queue does not grow for ever; nobody needs to ask for it
    occupancy_min,  // this and the next ask for fewer agents, all others for more
    agents_max,
};
inline constexpr Demand kDemands[] = {
    Demand::service_level, Demand::p_abandon_max, Demand::mean_wait_max,
    Demand::asa_max,       Demand::occupancy_max, Demand::agents_min,
    Demand::steady,        Demand::occupancy_min, Demand::agents_max,
};

const char* to_string(Demand demand);
bool asks_for_fewer(Demand demand);

// A service level is always told; without a share nothing is demanded of it.
struct ServiceLevelDemand {
    std::optional<double> share;
    double within = 20;
    const ServiceLevelDefinition* definition =
        service_level_definition("answered_within/offered_less_short");
    double short_abandon = 5;
};

// What callers, agents and the centre demand. Times in the unit of the handle times; where not said
// otherwise, 1 s.
struct Demands {
    ServiceLevelDemand service_level;
    std::optional<double> p_abandon_max;
    std::optional<double> mean_wait_max;  // over all contacts
    std::optional<double> asa_max;        // over those who are answered
    std::optional<double> occupancy_max = 0.85;
    std::optional<double> occupancy_min;
    std::int64_t agents_min = 0;
    std::optional<std::int64_t> agents_max;
};

// Does it say anything about this? `steady` always counts.
bool is_made(const Demands& demands, Demand demand);

// What is demanded of, by the formulas or measured in a simulation.
struct Outcome {
    double service_level = 1;
    double p_abandon = 0;
    double mean_wait = 0;
    double asa = 0;
    double occupancy = 0;
};

// The load an interval is staffed for.
struct StaffingLoad {
    double load = 0;  // agents who would be busy if everybody were served at once
    double handle_mean = 1;
    std::optional<Patience> patience;  // without it nobody abandons
};

struct Bound {
    Demand demand = Demand::steady;
    std::int64_t agents = 0;  // so many at least; of occupancy_min and agents_max at most
};

struct Requirement {
    std::int64_t agents = 0;
    // With so many agents; nothing without a load, or if the queue grows for ever.
    std::optional<Outcome> outcome;
    std::optional<Demand> binds;  // the demand that asks for most; nothing if one agent will do
    // The fewest demands that cannot be kept together, and what each alone asks for.
    std::vector<Bound> conflict;
};

// Less load than this is nobody's work: what is left of contacts long ago.
inline constexpr double kLoadMin = 1e-3;

// True if the outcome is what is demanded; always true of demands on the number of agents.
bool keeps(const Demands& demands, Demand demand, const Outcome& outcome);

// The queue by Erlang A (exponential patience), C (none) or M/M/n+G, with a rate of load /
// handle_mean. Each demand alone is kept from some number of agents on, or up to one. The
// requirement is the first number from which on all of the former are kept. If that is too many for
// the latter, the conflict is told, and the agents are that number, but not more than agents_max.
Requirement requirement(const StaffingLoad& load, const Demands& demands);

// With so many agents; nothing if the queue grows for ever.
std::optional<Outcome> outcome(const StaffingLoad& load, const Demands& demands,
                               std::int64_t agents);

// So many must be paid for so many to be there, rounded up to whole agents; shrinkage is below 1.
std::int64_t paid_agents(std::int64_t agents, double shrinkage);

}  // namespace lanze::plan
