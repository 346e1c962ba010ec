// ToldWait: the wait a caller is told, as a range, with how it was found and why it became longer.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace lanze::ports {

enum class FoundBy : std::uint8_t {
    idle_agent,    // somebody is idle who may take the contact: no wait
    service_rate,  // who goes before, and how fast the agents take contacts
    head_of_line,  // how long the first in the queue has waited, while handle times are not known
    too_little_known,  // no range: not even that
    nobody_at_work,    // no range: nobody who could take it is at work
};

// Why the upper end is later than what was told before.
enum class RiseCause : std::uint8_t {
    fewer_agents,         // have left, rest, or are withheld by the charter
    others_went_before,   // of a higher priority, or who have waited longer elsewhere
    longer_handle_times,  // than was known
    slower_than_usual,    // the contacts before it take longer than they mostly do
    another_queue,        // it waits in another one since
};

struct ToldWait {
    Time at;  // when it was told
    FoundBy found_by = FoundBy::too_little_known;
    // Whole seconds from `at` to the answer; zero if there is no range.
    Duration low{};
    Duration high{};
    std::optional<RiseCause> cause;

    bool has_range() const {
        return found_by != FoundBy::too_little_known && found_by != FoundBy::nobody_at_work;
    }
    Time latest() const { return at + high; }
    friend bool operator==(const ToldWait&, const ToldWait&) = default;
};

}  // namespace lanze::ports
