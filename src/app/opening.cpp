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

// What the queues' calendars come to, each calculated once.
class WantedHours {
public:
    WantedHours(const std::vector<Calendar>& calendars, Time now, const LocalOffset& offset)
        : calendars_(calendars), now_(now), offset_(offset), known_(calendars.size()) {}

    // Of that calendar; nothing: open for ever.
    std::vector<core::OpenSpan> of(std::optional<std::size_t> calendar) {
        if (!calendar) {
            return {{now_, now_ + kForEver}};
        }
        auto& spans = known_[*calendar];
        if (!spans) {
            spans = open_spans(calendars_[*calendar], now_, now_ + kHoursAhead, offset_);
        }
        return *spans;
    }

private:
    const std::vector<Calendar>& calendars_;
    Time now_;
    const LocalOffset& offset_;
    std::vector<std::optional<std::vector<core::OpenSpan>>> known_;
};

// The calendar of the queue of that name; null: always open, or there is no such queue.
const Calendar* calendar_of(const Opening& opening, const std::string& name) {
    const auto place = std::find_if(opening.queues.begin(), opening.queues.end(),
                                    [&](const auto& queue) { return queue.first == name; });
    const bool has_one = place != opening.queues.end() && place->second;
    return has_one ? &opening.calendars[*place->second] : nullptr;
}

bool has_other_hours(const Opening& before, const Opening& after, const std::string& name) {
    const Calendar* was = calendar_of(before, name);
    const Calendar* is = calendar_of(after, name);
    return was == nullptr || is == nullptr ? was != is : !(*was == *is);
}

const core::Queue* find_kept(const core::Floor& floor, const std::string& name) {
    const core::Queue* queue = floor.find_queue(floor.queue_by_name(name));
    return queue == nullptr || queue->is_retired ? nullptr : queue;
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
    WantedHours hours(opening.calendars, now, offset);
    std::vector<core::SetHours> result;
    for (const auto& [name, calendar] : opening.queues) {
        const core::Queue* queue = find_kept(floor, name);
        if (queue == nullptr) {
            continue;
        }
        std::vector<core::OpenSpan> wanted = hours.of(calendar);
        const Time until = now + kHoursAheadMin;
        const std::vector<core::OpenSpan> standing = standing_hours(*queue, now);
        if (cut(standing, now, until) != cut(wanted, now, until) ||
            !reaches(standing, wanted, until)) {
            result.push_back({queue->id, std::move(wanted)});
        }
    }
    return result;
}

std::vector<core::SetHours> changed_hours(const core::Floor& floor, const Opening& before,
                                          const Opening& after, Time now,
                                          const LocalOffset& offset) {
    WantedHours hours(after.calendars, now, offset);
    std::vector<core::SetHours> result;
    Opening same{after.calendars, {}};
    for (const auto& [name, calendar] : after.queues) {
        const core::Queue* queue = find_kept(floor, name);
        if (!has_other_hours(before, after, name)) {
            same.queues.emplace_back(name, calendar);
        } else if (queue != nullptr) {
            result.push_back({queue->id, hours.of(calendar)});
        }
    }
    for (core::SetHours& missing : missing_hours(floor, same, now, offset)) {
        result.push_back(std::move(missing));
    }
    return result;
}

core::Config without_early_overflow(core::Config next, const Opening& before,
                                    const Opening& after) {
    for (core::QueueConfig& queue : next.queues) {
        std::erase_if(queue.overflows, [&](const core::Overflow& overflow) {
            return has_other_hours(before, after, overflow.to);
        });
        if (queue.at_closing == core::AtClosing::divert &&
            has_other_hours(before, after, queue.closing_to)) {
            queue.at_closing = core::AtClosing::serve;
        }
    }
    return next;
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
