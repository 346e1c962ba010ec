#include "app/simulate_html.h"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

#include "app/plot.h"
#include "app/scenario_parts.h"

namespace lanze::app {

namespace {

template <typename... Values>
std::string printed(const char* format, Values... values) {
    std::array<char, 128> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

std::vector<std::string> interval_labels(const sim::Results& results, std::size_t count) {
    std::vector<std::string> labels;
    labels.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        labels.push_back(written_day_time(
            Duration{std::llround(results.interval_seconds * 1e6 * static_cast<double>(i))}));
    }
    return labels;
}

template <typename Interval>
std::vector<double> values_of(const std::vector<Interval>& intervals,
                              double (*value)(const Interval&)) {
    std::vector<double> values;
    values.reserve(intervals.size());
    for (const Interval& interval : intervals) {
        values.push_back(value(interval));
    }
    return values;
}

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

std::vector<Plot> day_plots(const sim::Results& results, std::size_t queue) {
    using Interval = sim::QueueInterval;
    const auto& intervals = results.intervals[queue];
    if (intervals.empty()) {
        return {};
    }
    const std::string& name = results.queues[queue].name;
    const auto labels = interval_labels(results, intervals.size());
    const auto levels = values_of<Interval>(intervals, [](const Interval& one) {
        return one.offered > 0 ? 100 * one.service_level.value : kNothing;
    });
    return {
        {name + ": contacts",
         "Contacts let in and abandoned in each interval, on average over all replications.",
         "Interval begins",
         "contacts",
         labels,
         {{"let in", PlotShape::bars, 0, false,
           values_of<Interval>(intervals, [](const Interval& one) { return one.offered; })},
          {"abandoned", PlotShape::bars, 1, false,
           values_of<Interval>(intervals, [](const Interval& one) { return one.abandoned; })}}},
        {name + ": service level",
         "The service level of the contacts that arrived in each interval.",
         "Interval begins",
         "%",
         labels,
         {{"service level", PlotShape::step, 2, false, levels}}},
        {name + ": waiting",
         "Contacts waiting, on average over each interval and all replications.",
         "Interval begins",
         "contacts",
         labels,
         {{"waiting", PlotShape::step, 3, false,
           values_of<Interval>(intervals, [](const Interval& one) { return one.mean_queue; })}}},
    };
}

Plot wait_plot(const sim::Results& results, std::size_t queue) {
    Plot plot;
    plot.title = results.queues[queue].name + ": wait of the answered";
    plot.description =
        "The share of the answered contacts that waited no longer than so many "
        "seconds.";
    plot.x_title = "seconds waited";
    plot.y_title = "%";
    PlotSeries series{"answered", PlotShape::line, 0, false, {}};
    for (const sim::WaitPoint& point : results.waits[queue]) {
        plot.labels.push_back(printed("%.0f", point.wait));
        series.values.push_back(100 * point.share);
    }
    plot.series.push_back(std::move(series));
    return plot;
}

std::vector<Plot> pool_plots(const sim::Results& results, std::size_t pool) {
    using Interval = sim::PoolInterval;
    const auto& intervals = results.pool_intervals[pool];
    if (intervals.empty()) {
        return {};
    }
    const auto occupancies = values_of<Interval>(intervals, [](const Interval& one) {
        return one.busy + one.ready > 0 ? 100 * one.occupancy : kNothing;
    });
    return {{results.pools[pool].name + ": occupancy",
             "Handling time over handling and ready time in each interval.",
             "Interval begins",
             "%",
             interval_labels(results, intervals.size()),
             {{"occupancy", PlotShape::step, 0, false, occupancies}}}};
}

std::string table_of(const std::string& name, const std::vector<sim::Measure>& measures) {
    std::string html =
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of " +
        html_text(name) + "\">\n<table>\n<thead><tr>";
    for (const char* head : {"measure", "value", "95 % interval"}) {
        html += std::string("<th scope=\"col\">") + head + "</th>";
    }
    html += "<th scope=\"col\" class=\"words\">definition</th></tr></thead>\n<tbody>\n";
    for (const sim::Measure& measure : measures) {
        const double width = measure.estimate.half_width;
        html += "<tr><th scope=\"row\">" + html_text(measure.key) + "</th><td>" +
                measure_text(measure.estimate.value, measure.unit) + "</td><td>" +
                (std::isfinite(width) ? "\u00b1 " + measure_text(width, measure.unit) : "") +
                "</td><td class=\"words\">" + html_text(measure.definition) + "</td></tr>\n";
    }
    return html + "</tbody>\n</table>\n</div>\n";
}

// Numbers the plots of a page.
class Section {
public:
    std::string of(const std::string& heading, const std::vector<sim::Measure>& measures,
                   const std::vector<Plot>& plots) {
        std::string html = "<section>\n<h2>" + html_text(heading) + "</h2>\n";
        for (const Plot& plot : plots) {
            html += "<figure>\n<figcaption>" + html_text(plot.title) + "</figcaption>\n" +
                    svg_of(plot, "plot" + std::to_string(count_++)) + "</figure>\n";
        }
        return html + table_of(heading, measures) + "</section>\n";
    }

private:
    int count_ = 0;
};

}  // namespace

std::string simulate_html(const ScenarioFile& file, const Runs& runs, const sim::Results& results) {
    const std::string title = file.title.empty() ? file.path : file.title;
    std::string body =
        "<main>\n<h1>" + html_text(title) + "</h1>\n<p class=\"quiet\">" +
        std::to_string(results.replications) + " replications of " +
        printed("%.1f", std::chrono::duration<double>(runs.plan.length).count() / 3'600) +
        " hours each, " + std::to_string(results.contacts) + " contacts in all, seed " +
        std::to_string(runs.plan.seed) +
        ". Simulated with the router that runs the centre. Intervals hold the true figure of this "
        "scenario in 95 of 100 such simulations.</p>\n";
    Section section;
    for (std::size_t i = 0; i < results.queues.size(); ++i) {
        std::vector<Plot> plots = day_plots(results, i);
        if (!results.waits[i].empty()) {
            plots.push_back(wait_plot(results, i));
        }
        body += section.of("Queue " + results.queues[i].name, results.queues[i].measures, plots);
    }
    for (std::size_t i = 0; i < results.pools.size(); ++i) {
        body += section.of("Pool " + results.pools[i].name, results.pools[i].measures,
                           pool_plots(results, i));
    }
    body += section.of("Charter", results.charter, {});
    return html_page(title, body + "</main>\n");
}

}  // namespace lanze::app
