// Duty: how long an agent has worked since he signed in, and when a break is due.
#pragma once

#include <optional>
#include <vector>

#include "base/time.h"
#include "core/command.h"

namespace lanze::core {

// The least that ArbZG §4 asks: 30 minutes of break in more than 6 hours of work, 45 in more than
// 9, in blocks of 15 minutes and more, and never more than 6 hours without one.
inline constexpr Duration kBreakBlock = minutes(15);
inline constexpr Duration kWorkWithoutBreakMax = hours(6);
inline constexpr Duration kLongWork = hours(9);
inline constexpr Duration kBreaksInWork = minutes(30);
inline constexpr Duration kBreaksInLongWork = minutes(45);

// After so long away work begins anew: the rest between two days (ArbZG §5).
inline constexpr Duration kRestOfDay = hours(11);

// A planned break counts as given if it began no sooner than this before its time.
inline constexpr Duration kBreakEarly = minutes(30);

// Being signed out counts like a break: a page that was lost for a minute does not begin the day
// anew.
class Duty {
public:
    // Of breaks that were given before and are planned again none is due a second time.
    void plan(std::vector<PlannedBreak> breaks);
    // What the law counts begins, if it has not.
    void begin_work(Time at);
    // It is not counted any more.
    void forget_work() { began_.reset(); }
    // He takes a break, or leaves; and comes back.
    void begin_break(Time at);
    void end_break(Time at);

    // From when on the agent must not work without a break, by the law or by his shift. The law
    // counts from his signing in.
    std::optional<Time> break_due() const;

    friend bool operator==(const Duty&, const Duty&) = default;

private:
    struct Given {
        Time from;
        Time to;
        friend bool operator==(const Given&, const Given&) = default;
    };
    void give(const Given& given);

    std::optional<Time> began_;
    std::optional<Time> break_since_;
    Time works_since_;                   // the end of the last break, or the beginning
    Duration breaks_{};                  // in blocks that count
    std::vector<PlannedBreak> planned_;  // yet to be given, in order of time
    std::vector<Given> given_;           // since he began, the last kPlannedBreaksMax
};

}  // namespace lanze::core
