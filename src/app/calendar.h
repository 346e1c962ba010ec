// Calendar: a week's opening hours with its special days, and the instants they come to.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "core/command.h"

namespace lanze::app {

using Date = std::chrono::sys_days;  // a day of the calendar, in no zone

// Minutes since midnight by the clock on the wall. `to` 1440 is the end of the day; more lies in
// the next day, since a span over midnight belongs to the day on which it begins.
struct DaySpan {
    std::uint16_t from = 0;
    std::uint16_t to = 0;
    friend bool operator==(const DaySpan&, const DaySpan&) = default;
};
using DaySpans = std::vector<DaySpan>;  // in order, apart; empty: closed
inline constexpr std::uint16_t kDayMinutes = 1'440;
inline constexpr std::size_t kDaySpansMax = 8;

// Days that are meant by a rule, the last one included.
struct FixedDays {
    Date first;
    Date last;
    friend bool operator==(const FixedDays&, const FixedDays&) = default;
};
struct YearlyDays {
    std::chrono::month_day first{};
    std::chrono::month_day last{};  // not before `first`
    friend bool operator==(const YearlyDays&, const YearlyDays&) = default;
};
struct EasterDay {
    std::int32_t offset = 0;  // days after Easter Sunday: 1 is Easter Monday, -2 Good Friday
    friend bool operator==(const EasterDay&, const EasterDay&) = default;
};

// What takes the place of the week's hours on some days. Days with a year go before days of every
// year, and these before days counted from Easter; of the same kind the first one counts.
struct SpecialDay {
    std::variant<FixedDays, YearlyDays, EasterDay> when;
    std::string name;  // "" without one
    DaySpans open;
    friend bool operator==(const SpecialDay&, const SpecialDay&) = default;
};

struct Calendar {
    std::string name;
    std::array<DaySpans, 7> week{};  // Monday first
    std::vector<SpecialDay> special_days = {};
    friend bool operator==(const Calendar&, const Calendar&) = default;
};

// Easter Sunday of the Gregorian calendar.
Date easter_sunday(std::chrono::year of);

// "08:00-18:00"; up to "24:00"; "22:00-06:00" ends on the next day.
std::optional<DaySpan> parse_day_span(std::string_view text);
std::string written_day_span(const DaySpan& span);

struct CalendarDay {
    const DaySpans* open = nullptr;       // of the calendar
    const SpecialDay* special = nullptr;  // nullptr: a day like every week
};
CalendarDay day_of(const Calendar& calendar, Date date);

// How far local time is ahead of UTC at a moment: all that is needed of a time zone.
using LocalOffset = std::function<Duration(Time)>;

Date local_date(Time time, const LocalOffset& offset);

// Of a time by the clock on the wall that comes twice as the clocks go back.
enum class Twice : std::uint8_t { first, last };
// The moment of `minute` on that day. A time that is left out as the clocks go forward is the
// moment at which they do.
Time instant_of(Date date, std::uint16_t minute, Twice twice, const LocalOffset& offset);

// The calendar's spans that end after `from`, of days that begin before `until`; in order and
// apart. Whatever the clocks do, a queue opens at the first and closes at the last moment that its
// hours name. Not more than core::kOpenSpansMax; the days beyond are left out.
std::vector<core::OpenSpan> open_spans(const Calendar& calendar, Time from, Time until,
                                       const LocalOffset& offset);

}  // namespace lanze::app
