#include <algorithm>
#include <set>

#include "app/config_charter.h"

// Hours under the charter: whenever one can buy, one can cancel. Calendars are compared day by day
// by the clock on the wall, so that no time zone is needed.

namespace lanze::app {

namespace {

using std::chrono::days;
using std::chrono::month;

// All combinations of weekday and leap day come within 28 years; years that are named follow.
constexpr int kYearFirst = 2026;
constexpr int kYearLast = 2053;

// No zone: the clock on the wall is the time.
Duration no_offset(Time /*at*/) {
    return Duration::zero();
}

Time midnight(int year) {
    const Date date = std::chrono::year{year} / month{1} / std::chrono::day{1};
    return Time{Duration(date.time_since_epoch())};
}

int last_year(const ConfigDraft& draft) {
    int result = kYearLast;
    for (const Calendar& calendar : draft.config.calendars) {
        for (const SpecialDay& special : calendar.special_days) {
            if (const auto* fixed = std::get_if<FixedDays>(&special.when)) {
                result = std::max(
                    result, static_cast<int>(std::chrono::year_month_day(fixed->last).year()) + 1);
            }
        }
    }
    return result;
}

void sort_and_join(std::vector<core::OpenSpan>& spans) {
    std::sort(spans.begin(), spans.end(),
              [](const auto& a, const auto& b) { return a.from < b.from; });
    std::vector<core::OpenSpan> joined;
    for (const core::OpenSpan& span : spans) {
        if (!joined.empty() && span.from <= joined.back().to) {
            joined.back().to = std::max(joined.back().to, span.to);
        } else {
            joined.push_back(span);
        }
    }
    spans = std::move(joined);
}

// When callers of the queue are served, there or where it diverts them to while it is closed.
std::vector<core::OpenSpan> served_spans(const ConfigDraft& draft, std::size_t queue, Time from,
                                         Time until) {
    std::vector<core::OpenSpan> result;
    std::set<std::size_t> seen;
    for (std::optional<std::size_t> next = queue; next && seen.insert(*next).second;) {
        const core::QueueConfig& config = draft.config.core.queues[*next];
        const auto calendar = draft.config.queue_calendars[*next];
        if (!calendar) {
            return {{from, until}};
        }
        // Year by year: one call gives no more than the core takes.
        for (Time at = from; at < until;) {
            const Time end = std::min(until, at + days(100));
            const auto spans = open_spans(draft.config.calendars[*calendar], at, end, no_offset);
            result.insert(result.end(), spans.begin(), spans.end());
            at = end;
        }
        next = config.at_closing == core::AtClosing::divert
                   ? index_of_queue(draft, config.closing_to)
                   : std::nullopt;
    }
    sort_and_join(result);
    return result;
}

// The first moment at which `there` is open and `here` is not.
std::optional<Time> first_gap(const std::vector<core::OpenSpan>& here,
                              const std::vector<core::OpenSpan>& there) {
    auto cover = here.begin();
    for (const core::OpenSpan& span : there) {
        while (cover != here.end() && cover->to <= span.from) {
            ++cover;
        }
        if (cover == here.end() || cover->from > span.from) {
            return span.from;
        }
        if (cover->to < span.to) {
            return cover->to;
        }
    }
    return std::nullopt;
}

// "Sat 2026-01-03 09:00"
std::string written_wall_time(Time time) {
    static constexpr std::array<std::string_view, 7> kDays{"Mon", "Tue", "Wed", "Thu",
                                                           "Fri", "Sat", "Sun"};
    const Date date = local_date(time, no_offset);
    const std::chrono::year_month_day day(date);
    const auto minute = static_cast<std::uint16_t>(
        std::chrono::floor<minutes>(time.time_since_epoch() - Duration(date.time_since_epoch()))
            .count());
    const auto two = [](unsigned number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    return std::string(kDays[std::chrono::weekday(date).iso_encoding() - 1]) + " " +
           std::to_string(static_cast<int>(day.year())) + "-" +
           two(static_cast<unsigned>(day.month())) + "-" + two(static_cast<unsigned>(day.day())) +
           " " + two(minute / 60U) + ":" + two(minute % 60U);
}

}  // namespace

void check_hours(const CharterPair& pair, const ConfigDraft& draft, ServedHours& served) {
    const auto calendar = draft.config.queue_calendars[pair.cancel.index];
    if (!calendar) {
        return;
    }
    using At = core::AtClosing;
    if (pair.cancel.config.at_closing == At::end && pair.buy.config.at_closing != At::end) {
        pair.refuse(pair.cancel.at.at_closing, "at_closing",
                    "\"end\" lets those go who wait when it closes, unlike " +
                        pair.buying(pair.buy.at.at_closing),
                    "write \"serve\"");
    }
    if (draft.config.queue_calendars[pair.buy.index] == calendar &&
        pair.buy.config.at_closing != At::divert) {
        return;
    }
    const Time from = midnight(kYearFirst);
    const Time until = midnight(last_year(draft) + 1);
    for (const std::size_t queue : {pair.cancel.index, pair.buy.index}) {
        if (!served.contains(queue)) {
            served.emplace(queue, served_spans(draft, queue, from, until));
        }
    }
    const auto gap = first_gap(served.at(pair.cancel.index), served.at(pair.buy.index));
    if (gap) {
        pair.refuse(pair.cancel.at.hours, "hours",
                    "is closed while " + pair.buying(pair.buy.at.hours) +
                        " is open, for instance " + written_wall_time(*gap),
                    "be open at least as long as there");
    }
}

}  // namespace lanze::app
