// LoadWindow: how long an agent handled contacts in the last hour, for the occupancy ceiling.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/time.h"

namespace lanze::core {

// Sixty slots of a minute of UTC, the last of them the minute that runs. It is rebuilt from the
// events, is never stored and never leaves the core: what an agent did in which minute is nobody's
// business.
class LoadWindow {
public:
    static constexpr int kSlots = 60;
    static constexpr Duration kLength = minutes(kSlots);

    // Contacts were handled from `from` to `to`; spans come in order.
    void add(Time from, Time to);

    // Handling time in the window that ends with the minute of `now`, to the millisecond.
    Duration handled(Time now) const;

    // When handled() will have fallen to `limit`, if nothing is added: `now`, or the beginning of a
    // later minute.
    Time falls_to(Duration limit, Time now) const;

    // handled(), if contacts are handled since `since` and still are.
    Duration handled(std::optional<Time> since, Time now) const;
    // When that will exceed `limit`, if they go on being handled: `now` or later; never, if an hour
    // of it does not.
    std::optional<Time> exceeds(Duration limit, Time since, Time now) const;

    friend bool operator==(const LoadWindow&, const LoadWindow&) = default;

private:
    std::uint32_t in_slots(std::int64_t first, std::int64_t last) const;

    std::array<std::uint16_t, kSlots> slots_{};  // ms, at minute % kSlots
    std::int32_t newest_ = 0;                    // the minute of the newest slot
    std::uint32_t sum_ = 0;                      // of the hour that ends with it
};

}  // namespace lanze::core
