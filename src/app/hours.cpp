#include "app/hours.h"

#include <array>
#include <cstdio>

#include "app/check.h"
#include "app/config_text.h"
#include "app/local_time.h"

namespace lanze::app {

namespace {

constexpr std::array<const char*, 7> kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

std::string written_date(Date date) {
    const std::chrono::year_month_day day(date);
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%s %04d-%02u-%02u",
                  kDays[std::chrono::weekday(date).iso_encoding() - 1],
                  static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                  static_cast<unsigned>(day.day()));
    return text.data();
}

// "Mon 2026-04-06  closed          Easter Monday"
std::string day_line(const Calendar& calendar, Date date) {
    const auto [open, special] = day_of(calendar, date);
    std::string line;
    for (const DaySpan& span : *open) {
        line += (line.empty() ? "" : ", ") + written_day_span(span);
    }
    line = line.empty() ? "closed" : line;
    constexpr std::size_t kColumn = 26;
    if (special != nullptr) {
        const std::string name = special->name.empty() ? "special day" : special->name;
        line += std::string(line.size() < kColumn ? kColumn - line.size() : 2, ' ') + name;
    }
    // The hour that is skipped or comes twice may lie in the hours.
    const Duration before = offset_of_zone(instant_of(date, 0, Twice::first, offset_of_zone));
    const Duration after =
        offset_of_zone(instant_of(date, kDayMinutes, Twice::first, offset_of_zone));
    if (before != after) {
        line += std::string("  (the clocks go ") + (after > before ? "forward)" : "back)");
    }
    return "  " + written_date(date) + "  " + line + "\n";
}

std::vector<std::string> queues_of(const CentreConfig& config,
                                   std::optional<std::size_t> calendar) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < config.core.queues.size(); ++i) {
        if (config.queue_calendars[i] == calendar) {
            names.push_back(config.core.queues[i].name);
        }
    }
    return names;
}

}  // namespace

std::string hours_text(const CentreConfig& config, Time now, int days) {
    std::string text;
    const Date today = local_date(now, offset_of_zone);
    for (std::size_t i = 0; i < config.calendars.size(); ++i) {
        const Calendar& calendar = config.calendars[i];
        const std::vector<std::string> queues = queues_of(config, i);
        text += calendar.name + ": " +
                (queues.empty() ? std::string("no queue") : join_quoted(queues, " and ")) + "\n";
        for (int day = 0; day < days; ++day) {
            text += day_line(calendar, today + std::chrono::days(day));
        }
        text += "\n";
    }
    const std::vector<std::string> always = queues_of(config, std::nullopt);
    if (!always.empty()) {
        text += "always open: " + join_quoted(always, " and ") + "\n";
    }
    return text;
}

int run_hours(const HoursOptions& options) {
    const ConfigResult config = load_config(options.config_path);
    if (!config) {
        std::fputs(report_errors(config.error()).c_str(), stderr);
        return 1;
    }
    use_time_zone(config->time_zone);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const Time at{std::chrono::duration_cast<Duration>(now)};
    std::fputs(hours_text(*config, at, options.days).c_str(), stdout);
    return 0;
}

}  // namespace lanze::app
