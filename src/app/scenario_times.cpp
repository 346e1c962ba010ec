// Times in a scenario: distributions, times of day, and files of times.
#include <charconv>
#include <cmath>

#include "app/scenario_parts.h"

namespace lanze::app {

namespace {

constexpr Duration kMeanMax = hours(24 * 30);
constexpr double kVariationMin = 0.01;
constexpr double kVariationMax = 20;
constexpr double kShapeMin = 0.05;
constexpr double kShapeMax = 100;
constexpr Duration kDayTimeMax = hours(24 * 366);

enum class Kind : std::uint8_t { exponential, lognormal, gamma, weibull, fixed, empirical };

std::optional<double> parse_seconds(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_whole = error == std::errc() && end == text.data() + text.size();
    return is_whole && value >= 0 && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

Duration from_seconds(double time) {
    return Duration{std::llround(std::min(time, 4e9) * 1e6)};
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    return text;
}

// Tells each line that is not empty with its number from 1, until `tell` says no.
template <typename Tell>
void for_each_line(std::string_view text, Tell&& tell) {
    std::uint32_t number = 0;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        ++number;
        if (!line.empty() && !tell(line, number)) {
            return;
        }
    }
}

std::vector<Duration> times_of(std::string_view text, ConfigFindings& findings) {
    std::vector<Duration> result;
    for_each_line(text, [&](std::string_view line, std::uint32_t number) {
        const auto time = parse_seconds(line);
        if (!time || result.size() == kTimesMax) {
            findings.add({number, 1}, "",
                         time ? "is beyond the limit" : in_quotes(line) + " is no time in seconds",
                         time ? "give at most " + std::to_string(kTimesMax) + " times"
                              : "write one number a line, such as 183.5");
            return false;
        }
        result.push_back(from_seconds(*time));
        return true;
    });
    if (result.empty() && !findings.has_errors()) {
        findings.add({1, 1}, "", "holds no times", "write one time in seconds a line");
    }
    return result;
}

std::optional<sim::Distribution> read_empirical(TableReader& table, ScenarioDraft& draft) {
    std::vector<Duration> times;
    for (const ConfigText& text : table.texts("times", kTimesMax)) {
        const auto time = parse_duration(text.text);
        if (!time) {
            table.reject_at(text.at, text.field, in_quotes(text.text) + " is not a duration",
                            "write one such as \"250s\"");
            return std::nullopt;
        }
        times.push_back(*time);
    }
    if (table.has("times") == table.has("times_file")) {
        table.reject("times", "or times_file is needed, and not both",
                     "write times = [\"3m\", \"250s\"] or times_file = \"times.csv\"");
        return std::nullopt;
    }
    if (table.has("times_file")) {
        const std::string name = table.required_text("times_file");
        const auto text = read_named_file(table, "times_file", name, draft);
        if (!text) {
            return std::nullopt;
        }
        ConfigFindings findings(beside(draft.path, name));
        times = times_of(*text, findings);
        const auto errors = findings.sorted_errors();
        draft.file_errors.insert(draft.file_errors.end(), errors.begin(), errors.end());
    } else if (times.empty()) {
        table.reject("times", "holds no times", "write times = [\"3m\", \"250s\"]");
    }
    return times.empty() ? std::nullopt : std::optional(sim::Distribution::empirical(times));
}

double read_variation(TableReader& table) {
    if (!table.has("variation")) {
        table.reject("variation", "is missing", "add variation = 0.8: standard deviation / mean");
    }
    return table.number("variation", {1, kVariationMin, kVariationMax});
}

std::optional<sim::Distribution> read_kind(TableReader& table, ScenarioDraft& draft) {
    const Kind kind = table.choice("distribution", Kind::exponential,
                                   {{"exponential", Kind::exponential},
                                    {"lognormal", Kind::lognormal},
                                    {"gamma", Kind::gamma},
                                    {"weibull", Kind::weibull},
                                    {"fixed", Kind::fixed},
                                    {"empirical", Kind::empirical}});
    if (kind == Kind::empirical) {
        return read_empirical(table, draft);
    }
    if (!table.has("mean")) {
        table.reject("mean", "is missing", "add mean = \"4m\"");
    }
    const Duration least = kind == Kind::fixed ? Duration::zero() : milliseconds(1);
    const Duration mean = table.duration("mean", {seconds(1), least, kMeanMax});
    switch (kind) {
        case Kind::exponential:
            return sim::Distribution::exponential(mean);
        case Kind::lognormal:
            return sim::Distribution::lognormal(mean, read_variation(table));
        case Kind::gamma:
            return sim::Distribution::gamma(mean, read_variation(table));
        case Kind::weibull:
            return sim::Distribution::weibull(mean,
                                              table.number("shape", {1, kShapeMin, kShapeMax}));
        case Kind::fixed:
        case Kind::empirical:
            break;
    }
    return sim::Distribution::fixed(mean);
}

}  // namespace

std::optional<sim::Distribution> read_distribution(TableReader& table, std::string_view field,
                                                   ScenarioDraft& draft) {
    auto inner = table.table(field);
    if (!inner) {
        return std::nullopt;
    }
    if (!inner->has("distribution")) {
        inner->reject("distribution", "is missing", "add distribution = \"exponential\"");
    }
    auto result = read_kind(*inner, draft);
    inner->reject_unknown();
    return result;
}

std::optional<Duration> parse_day_time(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    std::uint32_t hour = 0;
    const std::string_view before = text.substr(0, colon);
    const auto [end, error] = std::from_chars(before.data(), before.data() + before.size(), hour);
    std::string_view rest = text.substr(colon + 1);
    std::uint32_t minute = 0;
    const std::string_view digits = rest.substr(0, 2);
    const auto [minute_end, minute_error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), minute);
    const bool is_time = error == std::errc() && end == before.data() + before.size() &&
                         minute_error == std::errc() && digits.size() == 2 &&
                         minute_end == digits.data() + 2 && minute < 60 && before.size() <= 4;
    if (!is_time) {
        return std::nullopt;
    }
    Duration time = hours(hour) + minutes(minute);
    rest.remove_prefix(2);
    if (!rest.empty()) {
        const auto second = rest.front() == ':' ? parse_seconds(rest.substr(1)) : std::nullopt;
        if (!second || *second >= 60) {
            return std::nullopt;
        }
        time += from_seconds(*second);
    }
    return time <= kDayTimeMax ? std::optional(time) : std::nullopt;
}

std::string written_day_time(Duration time) {
    const auto minute = std::chrono::duration_cast<minutes>(time).count();
    const auto two = [](std::int64_t number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    return two(minute / 60) + ":" + two(minute % 60);
}

Duration read_day_time(TableReader& table, std::string_view field,
                       std::optional<Duration> fallback) {
    const auto text = table.text(field);
    if (!text) {
        if (!fallback && !table.has(field)) {
            table.reject(field, "is missing", "add " + std::string(field) + " = \"08:30\"");
        }
        return fallback.value_or(Duration::zero());
    }
    const auto time = parse_day_time(*text);
    if (!time) {
        table.reject(field, in_quotes(*text) + " is no time of day",
                     "write one such as \"08:30\"; the next day goes on with \"24:00\"");
    }
    return time.value_or(Duration::zero());
}

std::optional<std::string> read_named_file(TableReader& table, std::string_view field,
                                           const std::string& path, const ScenarioDraft& draft) {
    auto text = (*draft.read_file)(beside(draft.path, path));
    if (!text) {
        table.reject(field, in_quotes(path) + " cannot be read",
                     "name a file of at most 200 MiB beside the scenario");
    }
    return text;
}

std::vector<sim::Arrival> arrivals_of(std::string_view text, ConfigFindings& findings) {
    std::vector<sim::Arrival> result;
    for_each_line(text, [&](std::string_view line, std::uint32_t number) {
        const auto seconds = parse_seconds(line);
        const auto time = seconds ? std::optional(from_seconds(*seconds)) : parse_day_time(line);
        std::string problem;
        if (!time || *time > kDayTimeMax) {
            problem = in_quotes(line) + " is no time";
        } else if (!result.empty() && *time < result.back().at) {
            problem = in_quotes(line) + " is earlier than the line before";
        } else if (result.size() == kArrivalsMax) {
            problem = "is beyond the limit of " + std::to_string(kArrivalsMax) + " arrivals";
        }
        if (!problem.empty()) {
            findings.add({number, 1}, "", problem,
                         "write one arrival a line in the order of time, as 08:03:12.5 or in "
                         "seconds after midnight");
            return false;
        }
        sim::Arrival arrival;
        arrival.at = *time;
        result.push_back(arrival);
        return true;
    });
    if (result.empty() && !findings.has_errors()) {
        findings.add({1, 1}, "", "holds no arrivals", "write one time a line");
    }
    return result;
}

namespace {

struct CountedInterval {
    Duration from{};
    double contacts = 0;
};

// What is wrong with this one after those before; "" if nothing is.
std::string problem_of(const std::vector<CountedInterval>& before, Duration from) {
    if (before.empty()) {
        return "";
    }
    if (from == before.back().from) {
        return "stands twice";
    }
    if (from < before.back().from) {
        return "is earlier than the line before";
    }
    if (before.size() > 1 && from - before.back().from != before[1].from - before[0].from) {
        return "leaves a gap: the interval before began at " + written_day_time(before.back().from);
    }
    return before.size() == kRatesMax
               ? "is beyond the limit of " + std::to_string(kRatesMax) + " intervals"
               : "";
}

// "08:30,52"
std::optional<CountedInterval> interval_of(std::string_view line) {
    constexpr double kContactsMax = 1e7;
    const std::size_t comma = line.find(',');
    const auto from = parse_day_time(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos || !from) {
        return std::nullopt;
    }
    const double contacts = parse_seconds(trimmed(line.substr(comma + 1))).value_or(-1);
    return contacts >= 0 && contacts <= kContactsMax
               ? std::optional(CountedInterval{*from, contacts})
               : std::nullopt;
}

}  // namespace

std::vector<sim::RatePiece> rates_of(std::string_view text, ConfigFindings& findings) {
    std::vector<CountedInterval> rows;
    for_each_line(text, [&](std::string_view line, std::uint32_t number) {
        if (number == 1 && line == "from,contacts") {
            return true;
        }
        const auto row = interval_of(line);
        const std::string problem = row ? problem_of(rows, row->from) : "is no interval";
        if (!problem.empty()) {
            findings.add({number, 1}, "", in_quotes(line) + " " + problem,
                         "write from,contacts for each interval, such as 08:30,52");
            return false;
        }
        rows.push_back(*row);
        return true;
    });
    if (rows.size() < 2) {
        if (!findings.has_errors()) {
            findings.add({1, 1}, "", "holds fewer than two intervals", "write a line for each");
        }
        return {};
    }
    const Duration interval = rows[1].from - rows[0].from;
    std::vector<sim::RatePiece> result;
    if (rows.front().from > Duration::zero()) {
        result.push_back({});
    }
    for (const CountedInterval& row : rows) {
        result.push_back(
            {row.from, row.contacts / std::chrono::duration<double>(interval).count()});
    }
    result.push_back({rows.back().from + interval, 0});
    return result;
}

}  // namespace lanze::app
