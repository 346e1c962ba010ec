// `lanze staff`: how many agents each interval of a plan needs, by the formulas and checked by
// simulation, or the demands that cannot be kept together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/plan_file.h"
#include "plan/cover.h"
#include "sim/staffing.h"

namespace lanze::app {

struct StaffOptions {
    std::string plan_path;
    bool is_json = false;
    bool is_csv = false;
    std::string html_path;  // "": no page is written
    bool is_unchecked = false;
    std::uint64_t seed = 1;
    std::uint32_t jobs = 0;  // threads; 0: as many as there are cores
};

struct StaffedInterval {
    std::string begins;
    double contacts = 0;
    plan::IntervalLoad load;
    plan::Requirement requirement;  // of the queue for itself
    std::int64_t added = 0;         // agents, because the simulation said so
    std::int64_t paid = 0;
    std::optional<sim::SeenInterval> seen;

    std::int64_t agents() const { return requirement.agents + added; }
};

struct QueueStaffing {
    std::string name;
    std::vector<StaffedInterval> intervals;

    bool has_conflict() const;
    double agent_hours(Duration interval) const;
    double paid_hours(Duration interval) const;
};

struct PoolStaffing {
    std::string name;
    std::vector<std::int64_t> agents;  // by interval
    std::vector<std::int64_t> paid;
};

// How the simulation was done.
struct StaffingCheck {
    std::uint64_t seed = 0;
    std::uint64_t replications = 0;  // of the look that is told
    std::uint32_t final_looks = 0;
    std::uint32_t search_looks = 0;
    std::uint64_t replications_in_all = 0;
    bool is_at_limit = false;
};

struct Staffing {
    const StaffingPlan& plan;
    std::vector<QueueStaffing> queues;  // as the plan's
    // As the plan's; then the numbers of agents stand here, and not with the queues.
    std::vector<PoolStaffing> pools;
    std::vector<plan::CoverConflict> pool_conflicts;  // by interval; empty without pools
    std::optional<StaffingCheck> check;
    std::string unchecked_because;  // "": nobody asked for a check, or it was done

    bool has_conflict() const;
    bool is_not_kept() const;  // by the simulation
    double cost() const;       // of the pools, agents x hours x their cost
};

// By the formulas: of each queue for itself, and with pools a start for the search. The plan has to
// live as long as what is returned.
Staffing staffing_of(const StaffingPlan& plan);

// The load the formulas are asked for.
plan::StaffingLoad staffing_load(const StaffingPlan& plan, const PlannedQueue& queue,
                                 const StaffedInterval& interval, std::size_t index);

// "service_level (at least 14 agents) and agents_max (at most 12) cannot both be kept"; "" without
// a conflict.
std::string conflict_text(const plan::Requirement& requirement);
std::string conflict_text(const StaffingPlan& plan, const plan::CoverConflict& conflict);

// The exit code: 0, or 1 if a demand is not kept or the plan or the page is at fault.
int run_staff(const StaffOptions& options);

}  // namespace lanze::app
