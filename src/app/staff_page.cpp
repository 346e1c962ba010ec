#include "app/staff_page.h"

#include <algorithm>

#include "app/plot.h"
#include "app/staff_check_text.h"
#include "app/staff_text.h"

namespace lanze::app {

namespace {

using Outcome = plan::Outcome;

Plot plot_of(const QueueStaffing& queue) {
    Plot plot;
    PlotSeries agents{"agents required", PlotShape::bars, 0, false, {}};
    PlotSeries modified{"modified load", PlotShape::line, 1, false, {}};
    PlotSeries load{"contacts x handle time", PlotShape::step, 2, true, {}};
    const StaffedInterval* busiest = &queue.intervals.front();
    for (const StaffedInterval& interval : queue.intervals) {
        plot.labels.push_back(interval.begins);
        agents.values.push_back(static_cast<double>(interval.agents()));
        modified.values.push_back(interval.load.modified);
        load.values.push_back(interval.load.load);
        busiest = interval.agents() > busiest->agents() ? &interval : busiest;
    }
    plot.title = "Agents required for " + queue.name + " by interval";
    plot.description =
        "Bars of the agents required, with the load as a curve. Most are required at " +
        busiest->begins + ": " + std::to_string(busiest->agents()) +
        ". All figures stand in the table below.";
    plot.x_title = "begin of the interval";
    plot.y_title = "agents";
    plot.series = {std::move(agents), std::move(modified), std::move(load)};
    return plot;
}

std::string cell(const std::string& text) {
    return "<td>" + html_text(text) + "</td>";
}

// What the simulation said, in a table of its own; "" if there was no check.
std::string seen_section(const QueueStaffing& queue) {
    if (!queue.intervals.front().seen) {
        return "";
    }
    std::string html = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
                       html_text(queue.name) +
                       " in simulation\">\n<table>\n<caption>In simulation, with intervals of 95 "
                       "%</caption>\n<thead><tr>";
    for (const char* head :
         {"from", "added", "service level", "abandoned", "ASA (s)", "occupancy"}) {
        html += std::string("<th scope=\"col\">") + head + "</th>";
    }
    html += "<th scope=\"col\" class=\"words\">verdict</th></tr></thead>\n<tbody>\n";
    for (const StaffedInterval& interval : queue.intervals) {
        const sim::SeenInterval& seen = *interval.seen;
        const auto figure = [&](const sim::Estimate& estimate, bool is_share) {
            return cell(seen.judgements.empty() ? "-" : estimate_text(estimate, is_share));
        };
        std::string verdict = verdict_text(seen);
        std::replace(verdict.begin(), verdict.end(), '_', ' ');
        html += "<tr><th scope=\"row\">" + html_text(interval.begins) + "</th>" +
                cell(std::to_string(interval.added)) + figure(seen.service_level, true) +
                figure(seen.p_abandon, true) + figure(seen.asa, false) +
                figure(seen.occupancy, true) + "<td class=\"words\">" + html_text(verdict) +
                "</td></tr>\n";
    }
    return html + "</tbody>\n</table>\n</div>\n";
}

std::string row_of(const StaffedInterval& interval) {
    const plan::Requirement& needed = interval.requirement;
    const auto of = [&](double Outcome::*value) {
        return needed.outcome ? std::optional((*needed.outcome).*value) : std::nullopt;
    };
    const std::string conflict = conflict_text(needed);
    std::string binds = interval.added > 0 ? "simulation"
                        : needed.binds     ? plan::to_string(*needed.binds)
                                           : "";
    std::replace(binds.begin(), binds.end(), '_', ' ');
    return std::string(conflict.empty() ? "<tr>" : "<tr class=\"conflict\">") +
           "<th scope=\"row\">" + html_text(interval.begins) + "</th>" +
           cell(decimal_text(interval.contacts, 1)) + cell(decimal_text(interval.load.load, 2)) +
           cell(decimal_text(interval.load.modified, 2)) + cell(std::to_string(interval.agents())) +
           cell(std::to_string(interval.paid)) + cell(percent_text(of(&Outcome::service_level))) +
           cell(percent_text(of(&Outcome::p_abandon))) + cell(decimal_text(of(&Outcome::asa), 1)) +
           cell(percent_text(of(&Outcome::occupancy))) + "<td class=\"words\">" +
           html_text(conflict.empty() ? binds : "conflict") + "</td></tr>\n";
}

std::string conflicts_of(const QueueStaffing& queue) {
    std::string list;
    for (const StaffedInterval& interval : queue.intervals) {
        const std::string text = conflict_text(interval.requirement);
        if (!text.empty()) {
            list += "<li>" + html_text(interval.begins + ": " + text) + "</li>\n";
        }
    }
    return list.empty()
               ? ""
               : "<p><strong>Not every demand can be kept:</strong></p>\n<ul>\n" + list + "</ul>\n";
}

std::string section_of(const QueueStaffing& queue, const PlannedQueue& planned,
                       const StaffingPlan& plan, std::size_t index) {
    const plan::ServiceLevelDemand& level = planned.demands.service_level;
    std::string html = "<section>\n<h2>" + html_text(queue.name) + "</h2>\n<p>" +
                       (plan.pools.empty() ? "" : "By the formulas, if it shared no agents: ") +
                       decimal_text(queue.agent_hours(plan.interval), 1) + " agent hours, " +
                       decimal_text(queue.paid_hours(plan.interval), 1) +
                       " paid hours at a shrinkage of " + percent_text(planned.shrinkage) +
                       ".</p>\n" + conflicts_of(queue) + "<figure>\n" +
                       svg_of(plot_of(queue), "plot" + std::to_string(index)) + "</figure>\n";
    html += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of " +
            html_text(queue.name) +
            "\">\n<table>\n<caption>Service level: " + html_text(level.definition->words) +
            ", threshold " + decimal_text(level.within, 0) + " s</caption>\n<thead><tr>";
    for (const char* head : {"from", "contacts", "load", "modified", "agents", "paid",
                             "service level", "abandoned", "ASA (s)", "occupancy"}) {
        html += std::string("<th scope=\"col\">") + head + "</th>";
    }
    html += "<th scope=\"col\" class=\"words\">binds</th></tr></thead>\n<tbody>\n";
    for (const StaffedInterval& interval : queue.intervals) {
        html += row_of(interval);
    }
    return html + "</tbody>\n</table>\n</div>\n" + seen_section(queue) + "</section>\n";
}

std::string pools_section(const Staffing& staffing) {
    if (staffing.pools.empty()) {
        return "";
    }
    std::string html = "<section>\n<h2>Agents by pool</h2>\n<p>At a cost of " +
                       decimal_text(staffing.cost(), 1) +
                       ". In the tables of the queues below, the agents and what is not simulated "
                       "are of each queue as if it shared none.</p>\n";
    for (const plan::CoverConflict& conflict : staffing.pool_conflicts) {
        const std::string text = conflict_text(staffing.plan, conflict);
        html += text.empty() ? "" : "<p><strong>" + html_text(text) + ".</strong></p>\n";
    }
    html +=
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Agents by "
        "pool\">\n<table>\n<thead><tr><th scope=\"col\">from</th>";
    for (const PoolStaffing& pool : staffing.pools) {
        html += "<th scope=\"col\">" + html_text(pool.name) + "</th>";
    }
    html += "</tr></thead>\n<tbody>\n";
    for (std::size_t i = 0; i < staffing.pools.front().agents.size(); ++i) {
        html += "<tr><th scope=\"row\">" + html_text(staffing.plan.begin_text(i)) + "</th>";
        for (const PoolStaffing& pool : staffing.pools) {
            html += cell(std::to_string(pool.agents[i]));
        }
        html += "</tr>\n";
    }
    return html + "</tbody>\n</table>\n</div>\n</section>\n";
}

}  // namespace

std::string staffing_page(const Staffing& staffing) {
    const StaffingPlan& plan = staffing.plan;
    const std::string title = plan.title.empty() ? "Staffing" : plan.title;
    std::string body = "<main>\n<h1>" + html_text(title) +
                       "</h1>\n<p class=\"quiet\">Agents required in each interval of " +
                       std::to_string(plan.interval / minutes(1)) + " minutes, " +
                       (plan.pools.empty() ? "by Erlang's formulas"
                                           : "searched for with the router in simulation") +
                       ", at the modified load: what comes, and what came earlier and goes on. "
                       "Staffed for " +
                       (plan.load == LoadUsed::peak ? "its peak" : "its mean") +
                       " in each interval.</p>\n" + pools_section(staffing);
    for (std::size_t q = 0; q < staffing.queues.size(); ++q) {
        body += section_of(staffing.queues[q], plan.queues[q], plan, q);
    }
    const std::string check = check_text(staffing);
    body += check.empty() ? "" : "<p class=\"quiet\">" + html_text(check) + "</p>\n";
    return html_page(title, body + "</main>\n");
}

}  // namespace lanze::app
