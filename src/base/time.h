// Time as the core knows it: UTC in microseconds, always handed in, never asked for.
#pragma once

#include <chrono>
#include <cstdint>

namespace lanze {

// A clock without now(): a pure layer that asks it for the time does not compile.
struct CoreClock {
    using rep = std::int64_t;
    using period = std::micro;
    using duration = std::chrono::duration<rep, period>;
    using time_point = std::chrono::time_point<CoreClock>;
    static constexpr bool is_steady = true;
};

using Duration = CoreClock::duration;
using Time = CoreClock::time_point;

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Microseconds since 1970-01-01 00:00 UTC, the form in which times are stored and sent.
constexpr std::int64_t to_micros(Time time) {
    return time.time_since_epoch().count();
}
constexpr Time from_micros(std::int64_t micros) {
    return Time{Duration{micros}};
}

}  // namespace lanze
