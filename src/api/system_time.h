// The time of day for a server that runs for long.
#pragma once

#include <chrono>
#include <functional>

#include "base/time.h"

namespace lanze::api {

// UTC that never runs backwards: anchored once, then moved on by the steady clock.
inline std::function<Time()> system_time() {
    using std::chrono::duration_cast;
    const auto wall = duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch());
    const auto steady = std::chrono::steady_clock::now();
    return [wall, steady] {
        return Time{wall + duration_cast<Duration>(std::chrono::steady_clock::now() - steady)};
    };
}

}  // namespace lanze::api
