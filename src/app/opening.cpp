#include "app/opening.h"

#include <algorithm>

namespace lanze::app {

namespace {

constexpr Duration kForEver = hours(24 * 36'525);  // a hundred years

// The spans as far as they lie between the two moments.
std::vector<core::OpenSpan> cut(const std::vector<core::OpenSpan>& spans, Time from, Time until) {
    std::vector<core::OpenSpan> result;
    for (const core::OpenSpan& span : spans) {
        const core::OpenSpan part{std::max(span.from, from), std::min(span.to, until)};
        if (part.from < part.to) {
            result.push_back(part);
        }
    }
    return result;
}

// What the floor holds: a queue that was never told is open for ever, one that has run out closed.
std::vector<core::OpenSpan> standing_hours(const core::Queue& queue, Time now) {
    if (queue.hours.empty() && queue.is_open) {
        return {{now, now + kForEver}};
    }
    return queue.hours;
}

bool reaches(const std::vector<core::OpenSpan>& standing, const std::vector<core::OpenSpan>& wanted,
             Time until) {
    // Nothing is missing where nothing more is wanted.
    const bool is_short = standing.empty() || standing.back().to < until;
    return !is_short || wanted.empty() || (!standing.empty() && wanted.back() == standing.back());
}

}  // namespace

Opening opening_of(const CentreConfig& config) {
    Opening opening{config.calendars, {}};
    for (std::size_t i = 0; i < config.core.queues.size(); ++i) {
        opening.queues.emplace_back(config.core.queues[i].name, config.queue_calendars[i]);
    }
    return opening;
}

std::vector<core::SetHours> missing_hours(const core::Floor& floor, const Opening& opening,
                                          Time now, const LocalOffset& offset) {
    std::vector<std::optional<std::vector<core::OpenSpan>>> known(opening.calendars.size());
    std::vector<core::SetHours> result;
    for (const auto& [name, calendar] : opening.queues) {
        const core::Queue* queue = floor.find_queue(floor.queue_by_name(name));
        if (queue == nullptr || queue->is_retired) {
            continue;
        }
        std::vector<core::OpenSpan> wanted{{now, now + kForEver}};
        if (calendar) {
            auto& spans = known[*calendar];
            if (!spans) {
                spans = open_spans(opening.calendars[*calendar], now, now + kHoursAhead, offset);
            }
            wanted = *spans;
        }
        const Time until = now + kHoursAheadMin;
        const std::vector<core::OpenSpan> standing = standing_hours(*queue, now);
        if (cut(standing, now, until) != cut(wanted, now, until) ||
            !reaches(standing, wanted, until)) {
            result.push_back({queue->id, std::move(wanted)});
        }
    }
    return result;
}

std::optional<Time> next_change(const core::Queue& queue, Time now) {
    if (queue.hours.empty()) {
        return std::nullopt;
    }
    const core::OpenSpan& next = queue.hours.front();
    if (!queue.is_open) {
        return next.from;
    }
    return next.to < now + kHoursAheadMin ? std::optional(next.to) : std::nullopt;
}

}  // namespace lanze::app
