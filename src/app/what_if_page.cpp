// What `lanze replay --with --html` writes.
#include "app/plot.h"
#include "app/what_if.h"

namespace lanze::app {

namespace {

// Each line of text as a paragraph.
std::string paragraphs(const std::string& text, const char* kind) {
    std::string html;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::size_t begin = std::min(text.find_first_not_of(' ', at), end);
        if (begin < end) {
            html += std::string("<p class=\"") + kind + "\">" +
                    html_text(std::string_view(text).substr(begin, end - begin)) + "</p>\n";
        }
        at = end + 1;
    }
    return html;
}

// The shares of a queue side by side.
Plot plot_of(const std::string& name, const std::vector<WhatIfRow>& rows) {
    Plot plot;
    plot.title = name;
    plot.description = "Shares in the past, simulated again, and with the other configuration.";
    plot.y_title = "%";
    plot.series = {{"past", PlotShape::bars, 0, false, {}},
                   {"again", PlotShape::bars, 2, false, {}},
                   {"with", PlotShape::bars, 1, false, {}}};
    for (const WhatIfRow& row : rows) {
        const sim::Compared& measure = *row.measure;
        if (measure.unit != sim::Unit::share) {
            continue;
        }
        const double values[] = {measure.past, measure.recorded, measure.other};
        // A place for each of the three, so that no bar hides another; the one in the middle names
        // the measure.
        for (std::size_t i = 0; i < 3; ++i) {
            plot.labels.push_back(i == 1 ? row.name : "");
            for (std::size_t j = 0; j < 3; ++j) {
                plot.series[j].values.push_back(i == j ? 100 * values[j] : 0);
            }
        }
    }
    return plot;
}

std::string table_of(const std::string& name, const std::vector<WhatIfRow>& rows) {
    std::string html =
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of " +
        html_text(name) + "\">\n<table>\n<thead><tr>";
    for (const char* head :
         {"measure", "past", "again", "must lie in", "does it", "with", "difference"}) {
        html += std::string("<th scope=\"col\">") + head + "</th>";
    }
    html += "</tr></thead>\n<tbody>\n";
    for (const WhatIfRow& row : rows) {
        html += "<tr><th scope=\"row\">" + html_text(row.name) + "</th>";
        for (const std::string& cell : row.cells) {
            html += "<td>" + html_text(cell) + "</td>";
        }
        html += "</tr>\n";
    }
    return html + "</tbody>\n</table>\n</div>\n";
}

}  // namespace

std::string what_if_page(const WhatIf& what_if) {
    const std::string title = what_if.past.config.name + ": what would have been";
    std::string body =
        "<main>\n<h1>" + html_text(title) + "</h1>\n" + paragraphs(what_if_head(what_if), "quiet");
    int number = 0;
    for (const sim::ComparedQueue& queue : what_if.comparison.queues) {
        const std::vector<WhatIfRow> rows = what_if_queue_rows(queue.measures);
        const Plot plot = plot_of(queue.name, rows);
        body += "<section>\n<h2>" + html_text(queue.name) + "</h2>\n";
        if (!plot.labels.empty()) {
            body += "<figure>\n" + svg_of(plot, "plot" + std::to_string(number++)) + "</figure>\n";
        }
        body += table_of(queue.name, rows) + "</section>\n";
    }
    body += "<section>\n<h2>The whole centre</h2>\n" +
            table_of("the whole centre", what_if_centre_rows(what_if.comparison.centre)) +
            "</section>\n<section>\n<h2>How far to trust it</h2>\n" +
            paragraphs(what_if_trust(what_if), "words") + "</section>\n";
    return html_page(title, body + "</main>\n");
}

}  // namespace lanze::app
