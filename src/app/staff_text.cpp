#include "app/staff_text.h"

#include <array>
#include <cstdio>

#include "app/staff_check_text.h"

namespace lanze::app {

namespace {

// A text in JSON; names and times hold no control characters.
std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        result += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return result + "\"";
}

std::optional<double> of(const StaffedInterval& interval, double plan::Outcome::*value) {
    const auto& outcome = interval.requirement.outcome;
    return outcome ? std::optional((*outcome).*value) : std::nullopt;
}

std::string binds_text(const StaffedInterval& interval) {
    if (!interval.requirement.conflict.empty()) {
        return "conflict";
    }
    if (interval.added > 0) {
        return "simulation";
    }
    const auto& binds = interval.requirement.binds;
    return binds ? plan::to_string(*binds) : "-";
}

std::string row(const std::array<std::string, 11>& cells) {
    constexpr std::array<int, 10> kWidths{0, 9, 8, 8, 7, 6, 8, 8, 8, 10};
    std::string line = cells[0] + std::string(cells[0].size() < 6 ? 6 - cells[0].size() : 0, ' ');
    for (std::size_t i = 1; i < kWidths.size(); ++i) {
        const auto width = static_cast<std::size_t>(kWidths[i]);
        line += std::string(cells[i].size() < width ? width - cells[i].size() : 1, ' ') + cells[i];
    }
    return line + "  " + cells[10] + "\n";
}

std::string sums_text(const QueueStaffing& queue, Duration interval) {
    return decimal_text(queue.agent_hours(interval), 1) + " agent hours, " +
           decimal_text(queue.paid_hours(interval), 1) + " paid hours";
}

std::string definitions_text(const StaffingPlan& plan) {
    std::string text =
        "load: contacts x handle time; modified: its mean over the interval with "
        "what came earlier and goes on";
    text += plan.load == LoadUsed::peak ? "; staffed for its peak.\n" : "; staffed for it.\n";
    return text +
           "level: service level. abandon: of all contacts. ASA: seconds, over those answered. "
           "paid: agents / (1 - shrinkage), rounded up.\n";
}

std::string level_text(const PlannedQueue& queue) {
    const plan::ServiceLevelDemand& level = queue.demands.service_level;
    return std::string(level.definition->name) + " within " + decimal_text(level.within, 0) + " s" +
           (queue.patience ? "" : ", nobody gives up");
}

}  // namespace

std::string written(double value) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.17g", value);
    return text.data();
}

std::string percent_text(std::optional<double> share) {
    return share ? decimal_text(100 * *share, 1) + " %" : "-";
}

std::string decimal_text(std::optional<double> value, int digits) {
    if (!value) {
        return "-";
    }
    std::array<char, 400> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, *value);
    return text.data();
}

std::string staffing_table(const Staffing& staffing) {
    std::string text = pools_table(staffing);
    for (std::size_t q = 0; q < staffing.queues.size(); ++q) {
        const QueueStaffing& queue = staffing.queues[q];
        if (!staffing.pools.empty() && staffing.check) {
            text += queue.name + " (" + level_text(staffing.plan.queues[q]) + ")\n" +
                    seen_table(staffing, q);
            continue;
        }
        text += queue.name + ": " + (staffing.pools.empty() ? "" : "alone ") +
                sums_text(queue, staffing.plan.interval) + " (" +
                level_text(staffing.plan.queues[q]) + ")\n";
        text += row({"from", "contacts", "load", "modified", "agents", "paid", "level", "abandon",
                     "ASA", "occupancy", "binds"});
        for (const StaffedInterval& interval : queue.intervals) {
            text +=
                row({interval.begins, decimal_text(interval.contacts, 1),
                     decimal_text(interval.load.load, 2), decimal_text(interval.load.modified, 2),
                     std::to_string(interval.agents()), std::to_string(interval.paid),
                     percent_text(of(interval, &plan::Outcome::service_level)),
                     percent_text(of(interval, &plan::Outcome::p_abandon)),
                     decimal_text(of(interval, &plan::Outcome::asa), 1),
                     percent_text(of(interval, &plan::Outcome::occupancy)), binds_text(interval)});
        }
        text += "\n" + seen_table(staffing, q);
    }
    return text + definitions_text(staffing.plan) + check_text(staffing);
}

std::string staffing_csv(const Staffing& staffing) {
    if (!staffing.pools.empty()) {
        return pools_csv(staffing);
    }
    std::string text =
        "queue,start,contacts,load,modified_load,peak_load,agents,paid,service_level,p_abandon,"
        "mean_wait,asa,occupancy,binds,conflict" +
        seen_columns() + "\n";
    const auto maybe = [](std::optional<double> value) { return value ? written(*value) : ""; };
    for (const QueueStaffing& queue : staffing.queues) {
        for (const StaffedInterval& interval : queue.intervals) {
            const plan::Requirement& needed = interval.requirement;
            std::string conflict;
            for (const plan::Bound& bound : needed.conflict) {
                conflict += (conflict.empty() ? "" : " ") + std::string(to_string(bound.demand));
            }
            text += queue.name + "," + interval.begins + "," + written(interval.contacts) + "," +
                    written(interval.load.load) + "," + written(interval.load.modified) + "," +
                    written(interval.load.peak) + "," + std::to_string(interval.agents()) + "," +
                    std::to_string(interval.paid);
            for (double plan::Outcome::*value :
                 {&plan::Outcome::service_level, &plan::Outcome::p_abandon,
                  &plan::Outcome::mean_wait, &plan::Outcome::asa, &plan::Outcome::occupancy}) {
                text += "," + maybe(of(interval, value));
            }
            text += "," + std::string(needed.binds ? plan::to_string(*needed.binds) : "") + "," +
                    conflict + seen_csv(interval) + "\n";
        }
    }
    return text;
}

namespace {

// `is_alone`: the numbers of agents are of the queue for itself, and its agents stand with the
// pools.
std::string interval_json(const StaffedInterval& interval, bool is_alone) {
    const plan::Requirement& needed = interval.requirement;
    std::string text =
        "{\"start\":" + quoted(interval.begins) + ",\"contacts\":" + written(interval.contacts) +
        ",\"load\":" + written(interval.load.load) +
        ",\"modified_load\":" + written(interval.load.modified) +
        ",\"peak_load\":" + written(interval.load.peak) +
        (is_alone ? ",\"agents_alone\":" : ",\"agents\":") + std::to_string(interval.agents()) +
        (is_alone ? "" : ",\"paid\":" + std::to_string(interval.paid)) +
        ",\"added\":" + std::to_string(interval.added) + ",\"simulated\":" + seen_json(interval);
    const std::pair<const char*, double plan::Outcome::*> values[] = {
        {"service_level", &plan::Outcome::service_level}, {"p_abandon", &plan::Outcome::p_abandon},
        {"mean_wait", &plan::Outcome::mean_wait},         {"asa", &plan::Outcome::asa},
        {"occupancy", &plan::Outcome::occupancy},
    };
    for (const auto& [key, value] : values) {
        const auto found = of(interval, value);
        text += std::string(",\"") + key + "\":" + (found ? written(*found) : "null");
    }
    text += ",\"binds\":" + (needed.binds ? quoted(plan::to_string(*needed.binds)) : "null");
    std::string conflict;
    for (const plan::Bound& bound : needed.conflict) {
        conflict += std::string(conflict.empty() ? "" : ",") +
                    "{\"demand\":" + quoted(plan::to_string(bound.demand)) + ",\"" +
                    (plan::asks_for_fewer(bound.demand) ? "agents_max" : "agents_min") +
                    "\":" + std::to_string(bound.agents) + "}";
    }
    return text + ",\"conflict\":[" + conflict + "]}";
}

}  // namespace

std::string staffing_json(const Staffing& staffing) {
    const StaffingPlan& plan = staffing.plan;
    std::string text = "{\"plan\":" + quoted(plan.title) +
                       ",\"interval_minutes\":" + std::to_string(plan.interval / minutes(1)) +
                       ",\"load_used\":" + (plan.load == LoadUsed::peak ? "\"peak\"" : "\"mean\"") +
                       ",\"queues\":[";
    for (std::size_t q = 0; q < staffing.queues.size(); ++q) {
        const QueueStaffing& queue = staffing.queues[q];
        const plan::ServiceLevelDemand& level = plan.queues[q].demands.service_level;
        text += std::string(q == 0 ? "" : ",") + "{\"name\":" + quoted(queue.name) +
                ",\"shrinkage\":" + written(plan.queues[q].shrinkage) +
                ",\"definition\":" + quoted(level.definition->name) +
                ",\"within\":" + written(level.within) +
                ",\"agent_hours\":" + written(queue.agent_hours(plan.interval)) +
                ",\"paid_hours\":" + written(queue.paid_hours(plan.interval)) + ",\"intervals\":[";
        for (std::size_t i = 0; i < queue.intervals.size(); ++i) {
            text +=
                (i == 0 ? "" : ",") + interval_json(queue.intervals[i], !staffing.pools.empty());
        }
        text += "]}";
    }
    return text + "],\"pools\":" + pools_json(staffing) +
           ",\"cost\":" + (staffing.pools.empty() ? "null" : written(staffing.cost())) +
           ",\"check\":" + check_json(staffing) + "}\n";
}

std::string conflict_lines(const Staffing& staffing) {
    std::string text;
    for (const QueueStaffing& queue : staffing.queues) {
        for (const StaffedInterval& interval : queue.intervals) {
            if (!interval.requirement.conflict.empty()) {
                text += "lanze: " + staffing.plan.path + ": " + queue.name + ", " +
                        interval.begins + ": " + conflict_text(interval.requirement) + "\n";
            }
            const bool is_not_kept =
                interval.seen && interval.seen->verdict() == sim::Verdict::not_kept;
            if (is_not_kept) {
                text += "lanze: " + staffing.plan.path + ": " + queue.name + ", " +
                        interval.begins + ": " + verdict_text(*interval.seen) + " in simulation\n";
            }
        }
    }
    for (std::size_t i = 0; i < staffing.pool_conflicts.size(); ++i) {
        const std::string conflict = conflict_text(staffing.plan, staffing.pool_conflicts[i]);
        text += conflict.empty() ? ""
                                 : "lanze: " + staffing.plan.path + ": " +
                                       staffing.plan.begin_text(i) + ": " + conflict + "\n";
    }
    return text;
}

}  // namespace lanze::app
