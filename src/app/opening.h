// Opening: which hours the running centre must be told, so that each queue follows its calendar.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/calendar.h"
#include "app/config.h"
#include "core/floor.h"

namespace lanze::app {

// How far ahead hours are told, and how far they must reach at least: told anew before.
inline constexpr Duration kHoursAhead = hours(24 * 400);
inline constexpr Duration kHoursAheadMin = hours(24 * 100);

struct Opening {
    std::vector<Calendar> calendars;
    // By the queue's name; nothing: always open.
    std::vector<std::pair<std::string, std::optional<std::size_t>>> queues;
};

Opening opening_of(const CentreConfig& config);

// One command for each queue whose hours on the floor are not those of its calendar, or will soon
// run out; nothing where they stand already, so that the journal is not filled.
std::vector<core::SetHours> missing_hours(const core::Floor& floor, const Opening& opening,
                                          Time now, const LocalOffset& offset);

// As missing_hours(), when `after` takes the place of `before`: where a queue's calendar is another
// one, its hours are told anew as far as they go.
std::vector<core::SetHours> changed_hours(const core::Floor& floor, const Opening& before,
                                          const Opening& after, Time now,
                                          const LocalOffset& offset);

// `next` without overflow into queues whose calendar is another one under `after`: what is
// configured until their hours are told, so that nobody goes on to a queue that is about to be
// closed.
core::Config without_early_overflow(core::Config next, const Opening& before, const Opening& after);

// When the queue opens or closes next; nothing if it does not within kHoursAheadMin while it is
// open, or at all as far as is known.
std::optional<Time> next_change(const core::Queue& queue, Time now);

}  // namespace lanze::app
