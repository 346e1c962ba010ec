#include "app/staff.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "app/check.h"
#include "app/staff_page.h"
#include "app/staff_text.h"

namespace lanze::app {

namespace {

double in_hours(Duration time) {
    return std::chrono::duration<double, std::ratio<3600>>(time).count();
}

QueueStaffing staffing_of_queue(const StaffingPlan& plan, const PlannedQueue& queue) {
    const plan::DayOfArrivals day{
        queue.arrivals, std::chrono::duration<double>(plan.interval).count(), plan.goes_round};
    const auto loads = plan::modified_loads(day, queue.handle_time);
    QueueStaffing result{queue.name, {}};
    result.intervals.reserve(loads.size());
    for (std::size_t i = 0; i < loads.size(); ++i) {
        const plan::StaffingLoad load{
            plan.load == LoadUsed::peak ? loads[i].peak : loads[i].modified,
            queue.arrivals[i].handle_mean, queue.patience};
        StaffedInterval& interval = result.intervals.emplace_back();
        interval.begins = plan.begin_text(i);
        interval.contacts = queue.arrivals[i].contacts;
        interval.load = loads[i];
        interval.requirement = plan::requirement(load, queue.demands);
        interval.paid = plan::paid_agents(interval.requirement.agents, queue.shrinkage);
    }
    return result;
}

std::string bound_text(const plan::Bound& bound) {
    const bool is_none = bound.agents > plan::kAgentsMax;
    return std::string(plan::to_string(bound.demand)) +
           (plan::asks_for_fewer(bound.demand) ? " (at most " : " (at least ") +
           (is_none ? "more than there may be" : std::to_string(bound.agents)) +
           (bound.agents == 1 ? " agent)" : " agents)");
}

bool write_page(const Staffing& staffing, const std::string& path) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << staffing_page(staffing);
    file.close();
    return file.good();
}

}  // namespace

bool QueueStaffing::has_conflict() const {
    return std::any_of(intervals.begin(), intervals.end(), [](const StaffedInterval& interval) {
        return !interval.requirement.conflict.empty();
    });
}

double QueueStaffing::agent_hours(Duration interval) const {
    std::int64_t agents = 0;
    for (const StaffedInterval& staffed : intervals) {
        agents += staffed.requirement.agents;
    }
    return static_cast<double>(agents) * in_hours(interval);
}

double QueueStaffing::paid_hours(Duration interval) const {
    std::int64_t paid = 0;
    for (const StaffedInterval& staffed : intervals) {
        paid += staffed.paid;
    }
    return static_cast<double>(paid) * in_hours(interval);
}

bool Staffing::has_conflict() const {
    return std::any_of(queues.begin(), queues.end(),
                       [](const QueueStaffing& queue) { return queue.has_conflict(); });
}

Staffing staffing_of(const StaffingPlan& plan) {
    Staffing result{plan, {}};
    result.queues.reserve(plan.queues.size());
    for (const PlannedQueue& queue : plan.queues) {
        result.queues.push_back(staffing_of_queue(plan, queue));
    }
    return result;
}

std::string conflict_text(const plan::Requirement& requirement) {
    std::string text;
    for (const plan::Bound& bound : requirement.conflict) {
        text += (text.empty() ? "" : " and ") + bound_text(bound);
    }
    if (text.empty()) {
        return "";
    }
    return text +
           (requirement.conflict.size() == 1 ? " cannot be kept" : " cannot be kept together");
}

int run_staff(const StaffOptions& options) {
    const PlanResult plan = load_plan(options.plan_path);
    if (!plan) {
        std::fputs(report_errors(plan.error()).c_str(), stderr);
        return 1;
    }
    const Staffing staffing = staffing_of(*plan);
    if (!options.html_path.empty() && !write_page(staffing, options.html_path)) {
        std::fputs(
            ("lanze: --html: " + options.html_path + " cannot be written; check its folder\n")
                .c_str(),
            stderr);
        return 1;
    }
    std::fputs((options.is_json  ? staffing_json(staffing)
                : options.is_csv ? staffing_csv(staffing)
                                 : staffing_table(staffing))
                   .c_str(),
               stdout);
    if (staffing.has_conflict()) {
        std::fputs(conflict_lines(staffing).c_str(), stderr);
        return 1;
    }
    return 0;
}

}  // namespace lanze::app
