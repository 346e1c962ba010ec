#include "app/report_text.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <optional>
#include <string_view>
#include <vector>

#include "app/local_time.h"

namespace lanze::app {

namespace {

using Cells = std::vector<std::string>;

constexpr std::string_view kHidden = "–";

// The mean in seconds; nothing of none.
std::optional<double> mean_seconds(const core::MeanTime& time) {
    if (time.count == 0) {
        return std::nullopt;
    }
    return static_cast<double>(time.sum.count()) / 1e6 / static_cast<double>(time.count);
}

std::optional<double> share(const core::Ratio& ratio) {
    if (ratio.whole == 0) {
        return std::nullopt;
    }
    return static_cast<double>(ratio.part) / static_cast<double>(ratio.whole);
}

std::string fixed(double value, int digits) {
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

std::string percent_text(const std::optional<double>& value) {
    return value ? fixed(100 * *value, 1) + " %" : "";
}

std::string mean_text(const core::MeanTime& time) {
    return time.count == 0 ? "" : duration_text(time.sum / static_cast<Duration::rep>(time.count));
}

const Cells kHeader = {"",         "offered",  "answered", "abandoned", "within",
                       "diverted", "cut off",  "waiting",  "blocked",   "service",
                       "ASA",      "wait max", "AHT",      "occupancy"};

Cells table_row(const ReportLine& line, const core::ServiceLevel& level, std::string title) {
    const core::TrafficCounts& counts = line.counts;
    const bool has_wait = counts.wait_max > Duration::zero() || counts.answered > 0;
    return {
        std::move(title),
        std::to_string(counts.offered),
        std::to_string(counts.answered),
        std::to_string(counts.abandoned),
        std::to_string(counts.abandoned_within),
        std::to_string(counts.diverted),
        std::to_string(counts.cut_off),
        std::to_string(counts.waiting),
        std::to_string(counts.blocked),
        percent_text(share(core::service_level(counts, level.definition))),
        mean_text(counts.answer_delay),
        has_wait ? duration_text(counts.wait_max) : "",
        line.hides_handle_time ? std::string(kHidden) : mean_text(counts.handle_time),
        line.hides_occupancy ? std::string(kHidden) : percent_text(share(line.occupancy.ratio()))};
}

// Characters as a terminal counts them: bytes that begin one in UTF-8.
std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U;
    }));
}

void append_aligned(std::string& out, const std::vector<Cells>& rows) {
    std::vector<std::size_t> widths(kHeader.size());
    for (const Cells& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], width(row[i]));
        }
    }
    for (const Cells& row : rows) {
        std::string text;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string gap(widths[i] - width(row[i]), ' ');
            text += i == 0 ? row[i] + gap : "  " + gap + row[i];
        }
        text.erase(text.find_last_not_of(' ') + 1);
        out += text + "\n";
    }
}

std::string interval_title(const ReportLine& line, Duration interval) {
    if (interval >= hours(24)) {
        return local_text(line.start).substr(0, 10);
    }
    return local_text(line.start) + "-" + local_clock_text(line.end);
}

bool has_hidden(const ReportQueue& queue) {
    return queue.total.hides_handle_time || queue.total.hides_occupancy ||
           std::any_of(queue.lines.begin(), queue.lines.end(), [](const ReportLine& line) {
               return line.hides_handle_time || line.hides_occupancy;
           });
}

std::string table_text(const Report& report) {
    std::string out = report.centre;
    if (!report.queues.empty()) {
        const ReportLine& total = report.queues.front().total;
        out += ", " + local_text(total.start) + " to " + local_text(total.end);
    }
    out += report.zone.empty() ? "\n" : " (" + report.zone + ")\n";
    bool is_hiding = false;
    for (const ReportQueue& queue : report.queues) {
        is_hiding = is_hiding || has_hidden(queue);
        out += "\nqueue " + queue.name + "\n";
        out += "service level = " + definition_text(queue.level) + "; goal " +
               fixed(queue.level.share_permille / 10.0, 1) + " %\n\n";
        std::vector<Cells> rows = {kHeader};
        for (const ReportLine& line : queue.lines) {
            if (!line.is_empty()) {
                rows.push_back(table_row(line, queue.level, interval_title(line, report.interval)));
            }
        }
        rows.push_back(table_row(queue.total, queue.level, "total"));
        append_aligned(out, rows);
    }
    out +=
        "\nBy interval of entry: offered = answered + abandoned + diverted + cut off + waiting; "
        "blocked stands apart.\n\"within\": abandoned within the threshold. ASA from entry into "
        "the queue. AHT = talk + hold + wrap-up.\noccupancy = handling / (handling + ready) of "
        "the agents whose skills serve the queue.\n";
    if (is_hiding) {
        out += std::string(kHidden) + "  left out: it would show what fewer than " +
               std::to_string(kPersonsMin) + " agents did, or could be reckoned back to it.\n";
    }
    return out;
}

std::string quoted(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) {
        return text;
    }
    std::string out = "\"";
    for (const char letter : text) {
        out += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    }
    return out + "\"";
}

std::string number_text(const std::optional<double>& value, int digits) {
    return value ? fixed(*value, digits) : "";
}

void append_csv(std::string& out, const ReportQueue& queue, const ReportLine& line,
                const char* kind) {
    const core::TrafficCounts& counts = line.counts;
    const core::Ratio level = core::service_level(counts, queue.level.definition);
    const Cells cells = {
        kind,
        quoted(queue.name),
        zoned_text(line.start),
        zoned_text(line.end),
        std::to_string(counts.offered),
        std::to_string(counts.answered),
        std::to_string(counts.abandoned),
        std::to_string(counts.abandoned_within),
        std::to_string(counts.diverted),
        std::to_string(counts.cut_off),
        std::to_string(counts.waiting),
        std::to_string(counts.blocked),
        std::to_string(level.part),
        std::to_string(level.whole),
        number_text(mean_seconds(counts.answer_delay), 3),
        fixed(static_cast<double>(counts.wait_max.count()) / 1e6, 3),
        line.hides_handle_time ? "" : number_text(mean_seconds(counts.handle_time), 3),
        line.hides_handle_time ? "yes" : "no",
        line.hides_occupancy ? "" : number_text(share(line.occupancy.ratio()), 4),
        line.hides_occupancy ? "yes" : "no",
        quoted(definition_text(queue.level)),
    };
    for (std::size_t i = 0; i < cells.size(); ++i) {
        out += (i == 0 ? "" : ",") + cells[i];
    }
    out += "\r\n";  // RFC 4180
}

std::string csv_text(const Report& report) {
    std::string out =
        "kind,queue,from,to,offered,answered,abandoned,abandoned_within,diverted,cut_off,waiting,"
        "blocked,service_level_part,service_level_whole,asa_seconds,wait_max_seconds,aht_seconds,"
        "aht_suppressed,occupancy,occupancy_suppressed,service_level_definition\r\n";
    for (const ReportQueue& queue : report.queues) {
        for (const ReportLine& line : queue.lines) {
            append_csv(out, queue, line, "interval");
        }
        append_csv(out, queue, queue.total, "total");
    }
    return out;
}

boost::json::value maybe(const std::optional<double>& value) {
    return value ? boost::json::value(*value) : boost::json::value(nullptr);
}

boost::json::object figure(const std::optional<double>& value, bool is_hidden) {
    boost::json::object out{{"value", is_hidden ? boost::json::value(nullptr) : maybe(value)}};
    if (is_hidden) {
        out["suppressed"] = true;
    }
    return out;
}

boost::json::object json_line(const ReportLine& line, const core::ServiceLevel& definition) {
    const core::TrafficCounts& counts = line.counts;
    const core::Ratio level = core::service_level(counts, definition.definition);
    return {{"from", zoned_text(line.start)},
            {"to", zoned_text(line.end)},
            {"offered", counts.offered},
            {"answered", counts.answered},
            {"abandoned", counts.abandoned},
            {"abandoned_within", counts.abandoned_within},
            {"diverted", counts.diverted},
            {"cut_off", counts.cut_off},
            {"waiting", counts.waiting},
            {"blocked", counts.blocked},
            {"service_level", {{"part", level.part}, {"whole", level.whole}}},
            {"asa_seconds", maybe(mean_seconds(counts.answer_delay))},
            {"wait_max_seconds", static_cast<double>(counts.wait_max.count()) / 1e6},
            {"aht_seconds", figure(mean_seconds(counts.handle_time), line.hides_handle_time)},
            {"occupancy", figure(share(line.occupancy.ratio()), line.hides_occupancy)}};
}

std::string json_text(const Report& report) {
    boost::json::array queues;
    for (const ReportQueue& queue : report.queues) {
        boost::json::array lines;
        for (const ReportLine& line : queue.lines) {
            lines.push_back(json_line(line, queue.level));
        }
        queues.push_back({{"name", queue.name},
                          {"service_level_definition", definition_text(queue.level)},
                          {"service_level_goal", queue.level.share_permille / 1000.0},
                          {"intervals", std::move(lines)},
                          {"total", json_line(queue.total, queue.level)}});
    }
    const boost::json::object out{
        {"centre", report.centre}, {"time_zone", report.zone}, {"queues", std::move(queues)}};
    return boost::json::serialize(out) + "\n";
}

}  // namespace

std::string duration_text(Duration time) {
    const auto whole = std::chrono::round<seconds>(time).count();
    std::array<char, 64> text{};
    const int size = whole < 3600 ? std::snprintf(text.data(), text.size(), "%lld:%02lld",
                                                  static_cast<long long>(whole / 60),
                                                  static_cast<long long>(whole % 60))
                                  : std::snprintf(text.data(), text.size(), "%lld:%02lld:%02lld",
                                                  static_cast<long long>(whole / 3600),
                                                  static_cast<long long>(whole / 60 % 60),
                                                  static_cast<long long>(whole % 60));
    return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

std::string report_text(const Report& report, ReportFormat format) {
    switch (format) {
        case ReportFormat::table:
            return table_text(report);
        case ReportFormat::csv:
            return csv_text(report);
        case ReportFormat::json:
            return json_text(report);
    }
    return {};
}

}  // namespace lanze::app
