#include "app/plan_csv.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace lanze::app {

namespace {

constexpr double kHandleTimeMin = 0.001;  // seconds
constexpr double kHandleTimeMax = 86'400;
constexpr std::int64_t kMinutesOfDay = 1'440;

struct CsvLine {
    ConfigPosition at;
    std::vector<std::string_view> cells;
};

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// Lines without those that are empty; a byte order mark is left out.
std::vector<CsvLine> lines_of(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) {
        text.remove_prefix(3);
    }
    std::vector<CsvLine> result;
    for (std::uint32_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty()) {
            continue;
        }
        CsvLine& read = result.emplace_back(CsvLine{{number, 1}, {}});
        while (true) {
            const std::size_t comma = std::min(line.find(','), line.size());
            read.cells.push_back(trimmed(line.substr(0, comma)));
            if (comma == line.size()) {
                break;
            }
            line.remove_prefix(comma + 1);
        }
    }
    return result;
}

std::optional<double> number_of(std::string_view text, double least, double most) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = error == std::errc() && end == text.data() + text.size();
    return is_number && value >= least && value <= most ? std::optional(value) : std::nullopt;
}

// Why this time cannot follow; "" if it is the one expected.
std::string what_is_wrong(PlanClock time, PlanClock expected, PlanClock first) {
    if (time.minutes == expected.minutes) {
        return "";
    }
    const std::string wanted = written_plan_clock(expected);
    // Without a date, times before the first are those of the next day.
    const auto since = [&](PlanClock clock) {
        const std::int64_t distance = clock.minutes - first.minutes;
        return clock.has_date ? distance
                              : ((distance % kMinutesOfDay) + kMinutesOfDay) % kMinutesOfDay;
    };
    if (expected.minutes == first.minutes) {
        return "is not " + wanted + ", where the plan begins";
    }
    if (since(time) < since(expected) || since(expected) == 0) {
        return "has been before: times are doubled or not sorted, " + wanted + " comes here";
    }
    return "leaves a gap: " + wanted + " comes here";
}

class LoadReader {
public:
    LoadReader(const PlanGrid& grid, double handle_mean, ConfigFindings& findings)
        : grid_(grid), handle_mean_(handle_mean), findings_(findings) {}

    // False at the first error.
    bool take_header(const CsvLine& line) {
        const bool is_known =
            line.cells.size() >= 2 && line.cells[0] == "start" && line.cells[1] == "contacts" &&
            (line.cells.size() == 2 || (line.cells.size() == 3 && line.cells[2] == "aht"));
        columns_ = line.cells.size();
        return is_known || reject(line, "", "does not begin with a line that names its columns",
                                  "write start,contacts or start,contacts,aht");
    }

    bool take(const CsvLine& line) {
        if (line.cells.size() != columns_) {
            return reject(line, "", "has " + std::to_string(line.cells.size()) + " columns",
                          "write " + std::to_string(columns_) + ", as in the first line");
        }
        if (arrivals.size() == kPlanIntervalsMax) {
            return reject(
                line, "start",
                "is beyond the " + std::to_string(kPlanIntervalsMax) + " intervals of a plan",
                "split the plan");
        }
        return take_start(line) && take_contacts(line);
    }

    std::vector<plan::ArrivalInterval> arrivals;

private:
    bool reject(const CsvLine& line, std::string field, std::string problem, std::string remedy) {
        findings_.add(line.at, std::move(field), std::move(problem), std::move(remedy));
        return false;
    }

    bool take_start(const CsvLine& line) {
        const auto time = parse_plan_clock(line.cells[0]);
        const bool wants_date = grid_.first.has_date;
        if (!time || time->has_date != wants_date) {
            return reject(line, "start", in_quotes(line.cells[0]) + " is no time of this plan",
                          wants_date ? "write it as \"2026-03-02 08:30\""
                                     : "write it as \"08:30\", as plan.first has no date");
        }
        PlanClock expected = grid_.first;
        const std::int64_t passed =
            grid_.interval_minutes * static_cast<std::int64_t>(arrivals.size());
        expected.minutes += passed;
        if (!wants_date) {
            if (passed >= kMinutesOfDay) {
                return reject(line, "start", "is beyond a day",
                              "give plan.first and each start a date");
            }
            expected.minutes %= kMinutesOfDay;
        }
        const std::string problem = what_is_wrong(*time, expected, grid_.first);
        return problem.empty() ||
               reject(line, "start", in_quotes(line.cells[0]) + " " + problem,
                      "give each interval of " + std::to_string(grid_.interval_minutes) +
                          " minutes once and in order");
    }

    bool take_contacts(const CsvLine& line) {
        const auto contacts = number_of(line.cells[1], 0, kPlanContactsMax);
        if (!contacts) {
            return reject(line, "contacts", in_quotes(line.cells[1]) + " is no number of contacts",
                          "write a number from 0 to 10000000, with a point before a fraction");
        }
        double handle_mean = handle_mean_;
        if (columns_ == 3) {
            const auto aht = number_of(line.cells[2], kHandleTimeMin, kHandleTimeMax);
            if (!aht) {
                return reject(line, "aht", in_quotes(line.cells[2]) + " is no handle time",
                              "write seconds, from 0.001 to 86400");
            }
            handle_mean = *aht;
        }
        arrivals.push_back({*contacts, handle_mean});
        return true;
    }

    PlanGrid grid_;
    double handle_mean_;
    ConfigFindings& findings_;
    std::size_t columns_ = 0;
};

}  // namespace

std::vector<plan::ArrivalInterval> read_load_csv(std::string_view text, const PlanGrid& grid,
                                                 double handle_mean, ConfigFindings& findings) {
    const std::vector<CsvLine> lines = lines_of(text);
    if (lines.size() < 2) {
        findings.add({1, 1}, "", "has no interval", "write start,contacts and a line for each");
        return {};
    }
    LoadReader reader(grid, handle_mean, findings);
    bool is_fine = reader.take_header(lines[0]);
    for (std::size_t i = 1; is_fine && i < lines.size(); ++i) {
        is_fine = reader.take(lines[i]);
    }
    return is_fine ? std::move(reader.arrivals) : std::vector<plan::ArrivalInterval>{};
}

std::vector<double> read_times_csv(std::string_view text, ConfigFindings& findings) {
    std::vector<double> times;
    for (const CsvLine& line : lines_of(text)) {
        const auto time = line.cells.size() == 1
                              ? number_of(line.cells[0], kHandleTimeMin, kHandleTimeMax)
                              : std::nullopt;
        if (!time || times.size() == kHandleTimesMax) {
            findings.add(
                line.at, "", time ? "is one time too many" : "is no handle time",
                "write one time in seconds on each line, from 0.001 to 86400, and at most " +
                    std::to_string(kHandleTimesMax));
            return {};
        }
        times.push_back(*time);
    }
    if (times.empty()) {
        findings.add({1, 1}, "", "has no handle time", "write one in seconds on each line");
    }
    return times;
}

}  // namespace lanze::app
