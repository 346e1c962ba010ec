#include "core/load_window.h"

#include <algorithm>

namespace lanze::core {

namespace {

std::int64_t minute_of(Time time) {
    return std::chrono::floor<minutes>(time.time_since_epoch()).count();
}

std::size_t slot_of(std::int64_t minute) {
    return static_cast<std::size_t>((minute % LoadWindow::kSlots + LoadWindow::kSlots) %
                                    LoadWindow::kSlots);
}

std::uint16_t millis(Duration time) {
    return static_cast<std::uint16_t>(std::chrono::duration_cast<milliseconds>(time).count());
}

}  // namespace

void LoadWindow::add(Time from, Time to) {
    const std::int64_t last = minute_of(to);
    for (std::int64_t minute = std::max<std::int64_t>(newest_ + 1, last - kSlots + 1);
         minute <= last; ++minute) {
        sum_ -= slots_[slot_of(minute)];
        slots_[slot_of(minute)] = 0;
    }
    newest_ = static_cast<std::int32_t>(std::max<std::int64_t>(newest_, last));
    for (std::int64_t minute = std::max<std::int64_t>(minute_of(from), newest_ - kSlots + 1);
         minute <= last; ++minute) {
        const Time begin = std::max(from, Time{minutes(minute)});
        const Time end = std::min(to, Time{minutes(minute + 1)});
        std::uint16_t& slot = slots_[slot_of(minute)];
        const int sum = slot + millis(end - begin);
        sum_ -= slot;
        slot = static_cast<std::uint16_t>(std::min(sum, 60'000));
        sum_ += slot;
    }
}

std::uint32_t LoadWindow::in_slots(std::int64_t first, std::int64_t last) const {
    std::uint32_t sum = 0;
    for (std::int64_t minute = std::max<std::int64_t>(first, newest_ - kSlots + 1);
         minute <= std::min<std::int64_t>(last, newest_); ++minute) {
        sum += slots_[slot_of(minute)];
    }
    return sum;
}

Duration LoadWindow::handled(Time now) const {
    // What has dropped out since the newest slot is taken off: mostly nothing has.
    const std::int64_t first = minute_of(now) - kSlots + 1;
    return milliseconds(sum_ - in_slots(newest_ - kSlots + 1, first - 1));
}

Duration LoadWindow::handled(std::optional<Time> since, Time now) const {
    if (!since) {
        return handled(now);
    }
    LoadWindow window = *this;
    window.add(*since, now);
    return window.handled(now);
}

// While contacts are handled the sum never falls: a minute brings as much as can drop out.
std::optional<Time> LoadWindow::exceeds(Duration limit, Time since, Time now) const {
    for (std::int64_t minute = minute_of(now); minute <= minute_of(now) + kSlots; ++minute) {
        if (handled(since, Time{minutes(minute + 1)} - milliseconds(1)) <= limit) {
            continue;
        }
        Time time = std::max(now, Time{minutes(minute)});
        time += std::max(Duration::zero(), limit - handled(since, time));
        while (handled(since, time) <= limit) {
            time += milliseconds(1);
        }
        return time;
    }
    return std::nullopt;
}

Time LoadWindow::falls_to(Duration limit, Time now) const {
    const std::int64_t last = minute_of(now);
    std::uint32_t sum = in_slots(last - kSlots + 1, last);
    if (milliseconds(sum) <= limit) {
        return now;
    }
    for (std::int64_t oldest = last - kSlots + 1; oldest <= last; ++oldest) {
        sum -= in_slots(oldest, oldest);
        if (milliseconds(sum) <= limit) {
            return Time{minutes(oldest + kSlots)};  // the minute in which it has dropped out
        }
    }
    return Time{minutes(last + kSlots)};
}

}  // namespace lanze::core
