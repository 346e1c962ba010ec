// Local time: times of the centre's zone, written and read for people. The zone is the process's
// own; it is set once, before any thread begins.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "core/measures.h"

namespace lanze::app {

// "Europe/Berlin"; false if the system does not know it. "" leaves the system's zone.
bool use_time_zone(const std::string& name);

// How far the zone's time is ahead of UTC at that moment.
Duration offset_of_zone(Time time);

// The last midnight not after `time`.
Time local_midnight(Time time);
// Midnight of the next day: 23, 24 or 25 hours later.
Time next_midnight(Time midnight);

// "2026-03-01 08:30" and "08:30".
std::string local_text(Time time);
std::string local_clock_text(Time time);
// "2026-03-01T08:30:00+01:00" (RFC 3339).
std::string zoned_text(Time time);

// "2026-03-01", "2026-03-01 08:30" or with T; "today" and "yesterday" count from `now`.
std::optional<Time> parse_local(std::string_view text, Time now);
// "15m", "30m", "1h", "1d".
std::optional<Duration> parse_interval(std::string_view text);

// Intervals that count from each local midnight and cover at least [from, to).
core::IntervalGrid local_grid(Time from, Time to, Duration interval);

}  // namespace lanze::app
