// Promise: what one waiting caller is told, over time: the end may come sooner, but not later
// without the cause being told.
#pragma once

#include <optional>

#include "base/time.h"
#include "ports/told_wait.h"
#include "predict/wait_predictor.h"

namespace lanze::predict {

// Something new is told only if it differs by this much, so that nobody is told of every second:
// a tenth of what is left, and at least so long.
inline constexpr Duration kTellingStep = seconds(5);

// As it is told to somebody who was told nothing before: whole seconds, the range never narrower
// than found. At most a day.
ports::ToldWait told(const Forecast& forecast, Time now);
// Is the difference worth telling?
bool is_news(const ports::ToldWait& before, const ports::ToldWait& now);

// The state of one contact's telling. Its rules:
// - latest() never becomes later without a cause in the same telling.
// - A cause among the circumstances (fewer agents, others who went before, longer handle times,
//   another queue) is told when the forecast's upper end is later by a step. Of several the one
//   that weighs most is told.
// - Without such a cause the end stays, until it is likelier missed than kept (the forecast's mean
//   is later): then it is said that things go slower than usual.
// - Where a range ends (nobody at work), that is told with its cause too.
class Promise {
public:
    // True if something new is to be told.
    bool update(const Forecast& forecast, Time now);
    const ports::ToldWait& told() const { return told_; }

private:
    std::optional<ports::RiseCause> cause_of(const Forecast& forecast) const;
    void take(const ports::ToldWait& told, const Circumstances& on);

    ports::ToldWait told_;
    Circumstances on_;  // when the end that is told was found
    bool has_begun_ = false;
};

}  // namespace lanze::predict
