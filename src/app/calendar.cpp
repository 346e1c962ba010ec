#include "app/calendar.h"

#include <algorithm>

#include "base/variant.h"

namespace lanze::app {

namespace {

using std::chrono::days;
using std::chrono::year;
using std::chrono::year_month_day;

// No zone's clocks are further from UTC, and none changes them twice within three days.
constexpr Duration kBeside = hours(36);

std::optional<std::uint16_t> parse_clock(std::string_view text) {
    const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
    if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) {
        return std::nullopt;
    }
    const auto value = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
    const int minute = value(0) * 60 + value(3);
    if (value(3) > 59 || minute > kDayMinutes) {
        return std::nullopt;
    }
    return static_cast<std::uint16_t>(minute);
}

std::string written_clock(std::uint16_t minute) {
    const std::string hour = std::to_string(minute / 60);
    const std::string rest = std::to_string(minute % 60);
    return std::string(2 - hour.size(), '0') + hour + ":" + std::string(2 - rest.size(), '0') +
           rest;
}

bool is_meant(const SpecialDay& special, Date date) {
    const year_month_day day(date);
    const std::chrono::month_day of_year{day.month(), day.day()};
    return match(
        special.when,
        [&](const FixedDays& fixed) { return fixed.first <= date && date <= fixed.last; },
        [&](const YearlyDays& yearly) { return yearly.first <= of_year && of_year <= yearly.last; },
        [&](const EasterDay& easter) {
            return easter_sunday(day.year()) + days(easter.offset) == date;
        });
}

// Spans that touch or overlap become one: the core wants them apart.
void add_span(std::vector<core::OpenSpan>& spans, const core::OpenSpan& span) {
    if (span.from >= span.to) {
        return;  // wholly in the hour that is left out in spring
    }
    if (!spans.empty() && span.from <= spans.back().to) {
        spans.back().to = std::max(spans.back().to, span.to);
    } else {
        spans.push_back(span);
    }
}

}  // namespace

// Meeus, Astronomical Algorithms (2nd ed. 1998), chapter 8: the algorithm for the Gregorian
// calendar that appeared anonymously in Nature, 20 April 1876; in his letters, for any year.
Date easter_sunday(std::chrono::year of) {
    const int x = static_cast<int>(of);
    const int a = x % 19;
    const int b = x / 100;
    const int c = x % 100;
    const int d = b / 4;
    const int e = b % 4;
    const int f = (b + 8) / 25;
    const int g = (b - f + 1) / 3;
    const int h = (19 * a + b - d - g + 15) % 30;
    const int i = c / 4;
    const int k = c % 4;
    const int l = (32 + 2 * e + 2 * i - h - k) % 7;
    const int m = (a + 11 * h + 22 * l) / 451;
    const int sum = h + l - 7 * m + 114;
    return of / std::chrono::month{static_cast<unsigned>(sum / 31)} /
           std::chrono::day{static_cast<unsigned>(sum % 31 + 1)};
}

std::optional<DaySpan> parse_day_span(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto from = parse_clock(text.substr(0, dash));
    const auto to = parse_clock(text.substr(dash + 1));
    if (!from || !to || *from == kDayMinutes || *from == *to) {
        return std::nullopt;
    }
    // Midnight as the end is that of the same day: "18:00-00:00" is "18:00-24:00".
    return DaySpan{*from, static_cast<std::uint16_t>(*to < *from ? *to + kDayMinutes : int{*to})};
}

std::string written_day_span(const DaySpan& span) {
    const bool is_over_midnight = span.to > kDayMinutes;
    return written_clock(span.from) + "-" +
           written_clock(
               static_cast<std::uint16_t>(span.to - (is_over_midnight ? kDayMinutes : 0)));
}

CalendarDay day_of(const Calendar& calendar, Date date) {
    const SpecialDay* found = nullptr;
    for (const SpecialDay& special : calendar.special_days) {
        const bool goes_before = found == nullptr || special.when.index() < found->when.index();
        if (goes_before && is_meant(special, date)) {
            found = &special;
        }
    }
    const unsigned weekday = std::chrono::weekday(date).iso_encoding() - 1;
    return {found != nullptr ? &found->open : &calendar.week[weekday], found};
}

Date local_date(Time time, const LocalOffset& offset) {
    return Date(std::chrono::floor<days>((time + offset(time)).time_since_epoch()));
}

Time instant_of(Date date, std::uint16_t minute, Twice twice, const LocalOffset& offset) {
    const Time wall{Duration(date.time_since_epoch()) + minutes(minute)};
    Time early = wall - kBeside;
    Time late = wall + kBeside;
    const Duration before = offset(early);
    const Duration after = offset(late);
    const bool holds_before = offset(wall - before) == before;
    const bool holds_after = offset(wall - after) == after;
    if (holds_before && holds_after) {
        return wall - (twice == Twice::first ? std::max(before, after) : std::min(before, after));
    }
    if (holds_before || holds_after) {
        return wall - (holds_before ? before : after);
    }
    while (late - early > seconds(1)) {
        const Time middle =
            early + seconds(std::chrono::duration_cast<seconds>(late - early).count() / 2);
        (offset(middle) == before ? early : late) = middle;
    }
    return late;
}

std::vector<core::OpenSpan> open_spans(const Calendar& calendar, Time from, Time until,
                                       const LocalOffset& offset) {
    std::vector<core::OpenSpan> result;
    // The span of the day before may still go on.
    for (Date date = local_date(from, offset) - days(1);
         instant_of(date, 0, Twice::first, offset) < until; date += days(1)) {
        for (const DaySpan& span : *day_of(calendar, date).open) {
            const core::OpenSpan open{instant_of(date, span.from, Twice::first, offset),
                                      instant_of(date, span.to, Twice::last, offset)};
            if (open.to > from) {
                add_span(result, open);
            }
        }
        if (result.size() + kDaySpansMax > core::kOpenSpansMax) {
            break;
        }
    }
    return result;
}

}  // namespace lanze::app
