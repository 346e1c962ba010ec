#include "app/local_time.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <utility>
#include <vector>

namespace lanze::app {

namespace {

std::tm fields_of(Time time) {
    const auto utc = static_cast<std::time_t>(
        std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count());
    std::tm fields{};
    ::localtime_r(&utc, &fields);
    return fields;
}

// Of times that occur twice or never as the clocks change, the system decides.
Time time_of(std::tm fields) {
    fields.tm_isdst = -1;
    return Time{seconds{::mktime(&fields)}};
}

std::string formatted(Time time, const char* format) {
    const std::tm fields = fields_of(time);
    std::array<char, 64> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), format, &fields);
    return {text.data(), size};
}

}  // namespace

bool use_time_zone(const std::string& name) {
    if (!name.empty()) {
        std::error_code ignored;
        const std::filesystem::path file = std::filesystem::path("/usr/share/zoneinfo") / name;
        if (name.front() == '/' || name.find("..") != std::string::npos ||
            !std::filesystem::is_regular_file(file, ignored)) {
            return false;
        }
        ::setenv("TZ", name.c_str(), 1);
    }
    ::tzset();
    return true;
}

Duration offset_of_zone(Time time) {
    return seconds(fields_of(time).tm_gmtoff);
}

Time local_midnight(Time time) {
    std::tm fields = fields_of(time);
    fields.tm_hour = fields.tm_min = fields.tm_sec = 0;
    return time_of(fields);
}

Time next_midnight(Time midnight) {
    std::tm fields = fields_of(midnight);
    ++fields.tm_mday;
    return time_of(fields);
}

std::string local_text(Time time) {
    return formatted(time, "%Y-%m-%d %H:%M");
}

std::string local_clock_text(Time time) {
    return formatted(time, "%H:%M");
}

std::string zoned_text(Time time) {
    std::string text = formatted(time, "%Y-%m-%dT%H:%M:%S%z");
    return text.insert(text.size() - 2, ":");  // +0100 to +01:00
}

std::optional<Time> parse_local(std::string_view text, Time now) {
    if (text == "today") {
        return local_midnight(now);
    }
    if (text == "yesterday") {
        return local_midnight(local_midnight(now) - hours(1));
    }
    std::string copy(text);
    if (copy.size() > 10 && copy[10] == 'T') {
        copy[10] = ' ';
    }
    for (const char* format : {"%Y-%m-%d %H:%M", "%Y-%m-%d"}) {
        std::tm fields{};
        const char* end = ::strptime(copy.c_str(), format, &fields);
        if (end == nullptr || *end != '\0') {
            continue;
        }
        const int day = fields.tm_mday;
        const Time time = time_of(fields);
        return fields_of(time).tm_mday == day ? std::optional(time) : std::nullopt;  // no 31 April
    }
    return std::nullopt;
}

std::optional<Duration> parse_interval(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, Duration>, 5> kIntervals{{
        {"15m", minutes(15)},
        {"30m", minutes(30)},
        {"60m", hours(1)},
        {"1h", hours(1)},
        {"1d", hours(24)},
    }};
    for (const auto& [name, interval] : kIntervals) {
        if (name == text) {
            return interval;
        }
    }
    return std::nullopt;
}

core::IntervalGrid local_grid(Time from, Time to, Duration interval) {
    std::vector<Time> bounds;
    for (Time day = local_midnight(from); day < to; day = next_midnight(day)) {
        const Time end = next_midnight(day);
        const bool is_whole_day = interval >= hours(24);
        for (Time start = day; start < end; start += is_whole_day ? end - day : interval) {
            const Time next = is_whole_day ? end : start + interval;
            if (next > from && start < to) {
                bounds.push_back(start);
            }
        }
    }
    if (!bounds.empty()) {
        const Time last = bounds.back();
        bounds.push_back(interval >= hours(24) ? next_midnight(last) : last + interval);
    }
    return core::IntervalGrid(std::move(bounds));
}

}  // namespace lanze::app
