#include "app/staff.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "app/check.h"
#include "app/simulate.h"
#include "app/staff_check.h"
#include "app/staff_page.h"
#include "app/staff_text.h"
#include "app/text_file.h"
#include "core/skills.h"

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
        StaffedInterval& interval = result.intervals.emplace_back();
        interval.begins = plan.begin_text(i);
        interval.contacts = queue.arrivals[i].contacts;
        interval.load = loads[i];
        interval.requirement =
            plan::requirement(staffing_load(plan, queue, interval, i), queue.demands);
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

std::int64_t whole(double agents) {
    return static_cast<std::int64_t>(std::ceil(agents - 1e-9));
}

std::vector<plan::CoverPool> cover_pools(const StaffingPlan& plan) {
    std::vector<plan::CoverPool> pools;
    pools.reserve(plan.pools.size());
    for (const PlannedPool& pool : plan.pools) {
        plan::CoverPool& one = pools.emplace_back();
        one.cost = pool.cost;
        one.agents_max =
            pool.has_agents_max ? pool.agents_max : std::numeric_limits<double>::infinity();
        for (const PlannedQueue& queue : plan.queues) {
            one.serves.push_back(core::fulfils(pool.skills, queue.needs));
        }
    }
    return pools;
}

// Where the search for the pools' agents begins: the work of all queues, covered at least cost.
void start_interval(Staffing& staffing, std::size_t index,
                    const std::vector<plan::CoverPool>& pools) {
    const StaffingPlan& plan = staffing.plan;
    std::vector<double> loads;
    std::vector<double> alone;
    std::vector<plan::QueueNeed> needs;
    const bool is_limited =
        std::any_of(plan.pools.begin(), plan.pools.end(),
                    [](const PlannedPool& pool) { return pool.has_agents_max; });
    for (std::size_t q = 0; q < plan.queues.size(); ++q) {
        const StaffedInterval& interval = staffing.queues[q].intervals[index];
        const auto load = staffing_load(plan, plan.queues[q], interval, index);
        loads.push_back(load.load);
        alone.push_back(static_cast<double>(interval.requirement.agents));
        const auto more = is_limited ? plan::needs_of(q, load, plan.queues[q].demands)
                                     : std::vector<plan::QueueNeed>{};
        needs.insert(needs.end(), more.begin(), more.end());
    }
    const plan::Cover cover =
        plan::least_cost_cover({plan::pooled_work(loads, alone, pools), pools});
    for (std::size_t p = 0; p < plan.pools.size(); ++p) {
        const PlannedPool& pool = plan.pools[p];
        const std::int64_t agents =
            std::clamp<std::int64_t>(whole(cover.agents[p]), pool.agents_min, pool.agents_max);
        staffing.pools[p].agents.push_back(agents);
        staffing.pools[p].paid.push_back(plan::paid_agents(agents, pool.shrinkage));
    }
    staffing.pool_conflicts.push_back(is_limited
                                          ? plan::cover_conflict(needs, pools, plan.queues.size())
                                          : plan::CoverConflict{});
}

void start_pools(Staffing& staffing) {
    for (const PlannedPool& pool : staffing.plan.pools) {
        staffing.pools.push_back({pool.name, {}, {}});
    }
    const std::vector<plan::CoverPool> pools = cover_pools(staffing.plan);
    for (std::size_t i = 0; i < staffing.plan.queues.front().arrivals.size(); ++i) {
        start_interval(staffing, i, pools);
    }
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
        agents += staffed.agents();
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
                       [](const QueueStaffing& queue) { return queue.has_conflict(); }) ||
           std::any_of(pool_conflicts.begin(), pool_conflicts.end(),
                       [](const plan::CoverConflict& conflict) {
                           return !conflict.needs.empty() || !conflict.pools.empty();
                       });
}

bool Staffing::is_not_kept() const {
    for (const QueueStaffing& queue : queues) {
        for (const StaffedInterval& interval : queue.intervals) {
            if (interval.seen && interval.seen->verdict() == sim::Verdict::not_kept) {
                return true;
            }
        }
    }
    return false;
}

double Staffing::cost() const {
    double cost = 0;
    for (std::size_t pool = 0; pool < pools.size(); ++pool) {
        for (const std::int64_t agents : pools[pool].agents) {
            cost += static_cast<double>(agents) * plan.pools[pool].cost * in_hours(plan.interval);
        }
    }
    return cost;
}

plan::StaffingLoad staffing_load(const StaffingPlan& plan, const PlannedQueue& queue,
                                 const StaffedInterval& interval, std::size_t index) {
    return {plan.load == LoadUsed::peak ? interval.load.peak : interval.load.modified,
            queue.arrivals[index].handle_mean, queue.patience};
}

Staffing staffing_of(const StaffingPlan& plan) {
    Staffing result{plan, {}, {}, {}, {}, {}};
    result.queues.reserve(plan.queues.size());
    for (const PlannedQueue& queue : plan.queues) {
        result.queues.push_back(staffing_of_queue(plan, queue));
    }
    if (!plan.pools.empty()) {
        start_pools(result);
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

std::string conflict_text(const StaffingPlan& plan, const plan::CoverConflict& conflict) {
    std::string text;
    for (const plan::QueueNeed& need : conflict.needs) {
        text += (text.empty() ? "" : " and ") + plan.queues[need.queue].name + "'s " +
                bound_text({need.demand, std::max(need.agents, whole(need.work))});
    }
    for (const std::size_t pool : conflict.pools) {
        text += (text.empty() ? "" : " and ") + plan.pools[pool].name + "'s " +
                bound_text({plan::Demand::agents_max, plan.pools[pool].agents_max});
    }
    return text.empty() ? "" : text + " cannot be kept together";
}

int run_staff(const StaffOptions& options) {
    const PlanResult plan = load_plan(options.plan_path);
    if (!plan) {
        std::fputs(report_errors(plan.error()).c_str(), stderr);
        return 1;
    }
    Staffing staffing = staffing_of(*plan);
    if (!options.is_unchecked) {
        check_staffing(
            staffing, options.seed,
            [&](const sim::Scenario& scenario, const sim::Plan& one, std::uint32_t replications) {
                return tallies_of(scenario, {replications, one}, options.jobs,
                                  [](std::uint32_t) {});
            });
    }
    if (!options.html_path.empty() &&
        !write_text_file(options.html_path, staffing_page(staffing))) {
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
    if (staffing.has_conflict() || staffing.is_not_kept()) {
        std::fputs(conflict_lines(staffing).c_str(), stderr);
        return 1;
    }
    return 0;
}

}  // namespace lanze::app
