#include <algorithm>
#include <charconv>
#include <set>

#include "app/config_sections.h"

// Calendars: when queues are open, and on which days otherwise.

namespace lanze::app {

namespace {

using std::chrono::month_day;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 7> kWeekdays{"mon", "tue", "wed", "thu",
                                                    "fri", "sat", "sun"};
constexpr std::int64_t kEasterOffsetMax = 180;
constexpr int kYearFirst = 2000;

std::optional<std::size_t> weekday_of(std::string_view name) {
    const auto found = std::find(kWeekdays.begin(), kWeekdays.end(), name);
    return found == kWeekdays.end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - kWeekdays.begin()));
}

struct WeekdayRange {
    std::size_t first = 0;
    std::size_t last = 0;
};

// "sat" or "mon-fri"; "sun-mon" goes on over the end of the week.
std::optional<WeekdayRange> parse_weekdays(std::string_view text) {
    const std::size_t dash = text.find('-');
    const auto first = weekday_of(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : weekday_of(text.substr(dash + 1));
    return first && last ? std::optional(WeekdayRange{*first, *last}) : std::nullopt;
}

// A number of exactly `count` digits.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    int value = 0;
    const char* begin = text.data() + at;
    const auto [end, error] = std::from_chars(begin, begin + count, value);
    return error == std::errc{} && end == begin + count && value >= 0 ? std::optional(value)
                                                                      : std::nullopt;
}

std::optional<month_day> parse_month_day(std::string_view text) {
    if (text.size() != 5 || text[2] != '-') {
        return std::nullopt;
    }
    const auto month = digits(text, 0, 2);
    const auto day = digits(text, 3, 2);
    if (!month || !day) {
        return std::nullopt;
    }
    const month_day result{std::chrono::month(static_cast<unsigned>(*month)),
                           std::chrono::day(static_cast<unsigned>(*day))};
    return result.ok() ? std::optional(result) : std::nullopt;
}

std::optional<Date> parse_date(std::string_view text) {
    const auto year = text.size() == 10 && text[4] == '-' ? digits(text, 0, 4) : std::nullopt;
    const auto of_year = year ? parse_month_day(text.substr(5)) : std::nullopt;
    if (!of_year || *year < kYearFirst || *year > kCalendarYearMax) {
        return std::nullopt;
    }
    const year_month_day date{std::chrono::year(*year), of_year->month(), of_year->day()};
    return date.ok() ? std::optional(Date(date)) : std::nullopt;
}

// One span or a list of them; nothing that is wrong is in it.
DaySpans read_spans(TableReader& table, std::string_view name) {
    DaySpans result;
    for (const auto& [text, at, field] : table.texts(name, kDaySpansMax)) {
        const auto span = parse_day_span(text);
        if (!span) {
            table.reject_at(at, field, in_quotes(text) + " is no span of time",
                            "write \"08:00-18:00\", up to \"24:00\"; \"22:00-06:00\" goes on over "
                            "midnight");
        } else if (!result.empty() && span->from <= result.back().to) {
            table.reject_at(at, field,
                            in_quotes(text) + " begins before " +
                                in_quotes(written_day_span(result.back())) + " is over",
                            "write the spans of a day in order of time, with a pause between "
                            "them");
        } else {
            result.push_back(*span);
        }
    }
    return result;
}

void read_weekdays(TableReader& week, const ConfigNode& entry, Calendar& calendar,
                   std::array<std::uint32_t, 7>& lines) {
    const auto range = parse_weekdays(entry.key);
    if (!range) {
        week.reject_at(entry.at, shown(entry.key), "is no day of the week",
                       "write \"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\" or "
                       "several such as \"mon-fri\"");
        return;
    }
    const DaySpans spans = read_spans(week, entry.key);
    for (std::size_t day = range->first;; day = (day + 1) % kWeekdays.size()) {
        if (lines[day] != 0) {
            week.reject_at(entry.at, entry.key,
                           "names \"" + std::string(kWeekdays[day]) +
                               "\" again, which stands in line " + std::to_string(lines[day]),
                           "name each day once");
            return;
        }
        lines[day] = entry.at.line;
        calendar.week[day] = spans;
        if (day == range->last) {
            return;
        }
    }
}

void read_week(TableReader& table, Calendar& calendar) {
    const ConfigNode* node = table.find("week");
    const auto* entries = node == nullptr ? nullptr : std::get_if<ConfigTable>(&node->value);
    if (entries == nullptr) {
        table.reject("week", node == nullptr ? "is missing" : "is not a table",
                     "write week = { mon-fri = \"08:00-18:00\" }; days that are not named are "
                     "closed");
        return;
    }
    TableReader week(*node, table.field_path("week"), table.findings());
    std::array<std::uint32_t, 7> lines{};
    for (const ConfigNode& entry : entries->entries) {
        read_weekdays(week, entry, calendar, lines);
    }
}

// A date as a text or as TOML writes it, without quotes.
std::string read_date_text(TableReader& table, std::string_view name) {
    const ConfigNode* node = table.find(name);
    if (node != nullptr) {
        if (const auto* date = std::get_if<ConfigDate>(&node->value); date && !date->text.empty()) {
            return date->text;
        }
    }
    return table.text(name).value_or("");
}

void reject_date(TableReader& table, std::string_view name, const std::string& text) {
    table.reject(name, in_quotes(text) + " is no date",
                 "write \"12-24\" for every year, or \"2026-12-24\" up to the year " +
                     std::to_string(kCalendarYearMax));
}

// `until` as `date`: both with a year or both without.
void read_dates(TableReader& table, SpecialDay& special) {
    const std::string text = read_date_text(table, "date");
    const std::string until = table.has("until") ? read_date_text(table, "until") : text;
    const auto first = parse_date(text);
    const auto first_of_year = parse_month_day(text);
    const auto last = parse_date(until);
    const auto last_of_year = parse_month_day(until);
    if (!first && !first_of_year) {
        reject_date(table, "date", text);
    } else if (!last && !last_of_year) {
        reject_date(table, "until", until);
    } else if (first && last && *first <= *last) {
        special.when = FixedDays{*first, *last};
    } else if (first_of_year && last_of_year && *first_of_year <= *last_of_year) {
        special.when = YearlyDays{*first_of_year, *last_of_year};
    } else {
        table.reject("until", in_quotes(until) + " does not follow " + in_quotes(text),
                     "write both with a year or both without, the later one last; over the turn "
                     "of the year two entries are needed");
    }
}

SpecialDay read_special_day(TableReader& table) {
    SpecialDay special;
    special.name = table.text("name").value_or("");
    const bool has_date = table.has("date");
    const bool has_until = table.has("until");
    if (has_date == table.has("easter")) {
        table.reject(has_date ? "easter" : "date",
                     has_date ? "contradicts date" : "is missing, and so is easter",
                     "write date = \"12-24\", or easter = 1 for the days after Easter Sunday");
    } else if (has_date) {
        read_dates(table, special);
    } else {
        const ConfigNode& node = *table.find("easter");
        const auto* offset = std::get_if<std::int64_t>(&node.value);
        if (offset == nullptr || *offset < -kEasterOffsetMax || *offset > kEasterOffsetMax) {
            table.reject("easter", "is not a number of days from -180 to 180",
                         "write 1 for Easter Monday, -2 for Good Friday, 39 for Ascension Day, 50 "
                         "for Whit Monday");
        } else {
            special.when = EasterDay{static_cast<std::int32_t>(*offset)};
        }
        if (has_until) {
            table.reject("until", "has no use with easter", "write an entry for each day");
        }
    }
    special.open = read_spans(table, "open");
    table.reject_unknown();
    return special;
}

void read_calendar(TableReader& table, ConfigDraft& draft) {
    Calendar calendar;
    calendar.name = table.required_name("name");
    draft.calendar_names.take(table, "name", calendar.name, table.position_of("name"));
    read_week(table, calendar);
    for (TableReader& one : inline_tables(table, "special_days", kSpecialDaysMax)) {
        calendar.special_days.push_back(read_special_day(one));
    }
    table.reject_unknown();
    const auto is_open = [](const auto& day) { return !day.empty(); };
    const bool is_ever_open =
        std::any_of(calendar.week.begin(), calendar.week.end(), is_open) ||
        std::any_of(calendar.special_days.begin(), calendar.special_days.end(),
                    [](const SpecialDay& day) { return !day.open.empty(); });
    if (!is_ever_open && !table.findings().has_errors()) {
        table.reject("week", "is never open", "name a day: { mon-fri = \"08:00-18:00\" }");
    }
    draft.config.calendars.push_back(std::move(calendar));
}

}  // namespace

void read_calendars(TableReader& root, ConfigDraft& draft) {
    for (TableReader& table : root.tables("hours", kCalendarsMax)) {
        read_calendar(table, draft);
    }
}

void read_queue_hours(TableReader& table, ConfigDraft& draft) {
    std::optional<std::size_t> chosen;
    const std::string name = table.text("hours").value_or("");
    const std::vector<Calendar>& calendars = draft.config.calendars;
    for (std::size_t i = 0; i < calendars.size() && !chosen; ++i) {
        chosen = !name.empty() && calendars[i].name == name ? std::optional(i) : std::nullopt;
    }
    const bool is_text =
        table.has("hours") && std::holds_alternative<std::string>(table.find("hours")->value);
    if (is_text && !chosen) {
        const auto nearest = nearest_name(name, draft.calendar_names.all());
        table.reject("hours", in_quotes(name) + " is the name of no [[hours]]",
                     nearest ? "did you mean \"" + *nearest + "\"?"
                             : std::string("add [[hours]] with this name, or take it out: a queue "
                                           "without hours is always open"));
    }
    draft.config.queue_calendars.push_back(chosen);
}

}  // namespace lanze::app
