// `lanze staff`: how many agents each interval of a plan needs, by the formulas, or the demands
// that cannot be kept together.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/plan_file.h"

namespace lanze::app {

struct StaffOptions {
    std::string plan_path;
    bool is_json = false;
    bool is_csv = false;
    std::string html_path;  // "": no page is written
};

struct StaffedInterval {
    std::string begins;
    double contacts = 0;
    plan::IntervalLoad load;
    plan::Requirement requirement;
    std::int64_t paid = 0;
};

struct QueueStaffing {
    std::string name;
    std::vector<StaffedInterval> intervals;

    bool has_conflict() const;
    double agent_hours(Duration interval) const;
    double paid_hours(Duration interval) const;
};

struct Staffing {
    const StaffingPlan& plan;
    std::vector<QueueStaffing> queues;  // as the plan's

    bool has_conflict() const;
};

// Of each queue for itself. The plan has to live as long as what is returned.
Staffing staffing_of(const StaffingPlan& plan);

// "service_level (at least 14 agents) and agents_max (at most 12) cannot both be kept"; "" without
// a conflict.
std::string conflict_text(const plan::Requirement& requirement);

// The exit code: 0, or 1 if a demand is not kept or the plan or the page is at fault.
int run_staff(const StaffOptions& options);

}  // namespace lanze::app
