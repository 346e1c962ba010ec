// OwnDay: what the charter promised an agent today and what became of it; for himself alone.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"

namespace lanze::ports {

// A break: as planned, or as it was taken (`to` unset: he is in it).
struct BreakSpan {
    Time from;
    std::optional<Time> to;
    friend bool operator==(const BreakSpan&, const BreakSpan&) = default;
};

// Withheld for one reason of the charter.
struct Withheld {
    std::uint32_t times = 0;
    Duration sum{};                   // in which nothing was presented to him
    std::uint32_t presented_yet = 0;  // contacts that were presented all the same: must be none
    friend bool operator==(const Withheld&, const Withheld&) = default;
};

struct OwnDay {
    Time since;  // the day's beginning in the centre's time zone
    // The shift that is planned, if any.
    std::optional<Time> shift_begin;
    std::optional<Time> shift_end;
    std::vector<BreakSpan> breaks_planned;
    std::vector<BreakSpan> breaks_taken;
    std::optional<Time> break_due;  // from when on the charter gives him the next one

    // Handling time and ready time of the day: his occupancy. Of the last hour, what the ceiling
    // looks at, and what it allows (nothing: there is no ceiling).
    Duration handling{};
    Duration ready{};
    Duration handling_last_hour{};
    std::optional<Duration> handling_max;

    Withheld by_ceiling;
    Withheld by_break;
    Withheld by_shift;

    std::uint32_t wrap_ups = 0;
    Duration wrap_up_used{};
    Duration wrap_up_granted{};
    std::uint32_t wrap_ups_extended = 0;
    std::uint32_t wrap_ups_out = 0;  // the budget ran out before he was done
    // Contacts presented in a wrap-up: must be none.
    std::uint32_t wrap_ups_cut = 0;

    std::uint32_t contacts = 0;
    std::uint32_t breathers_asked = 0;
    std::uint32_t breathers_given = 0;
    friend bool operator==(const OwnDay&, const OwnDay&) = default;
};

}  // namespace lanze::ports
