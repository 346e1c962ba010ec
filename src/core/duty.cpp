#include "core/duty.h"

#include <algorithm>

namespace lanze::core {

void Duty::plan(std::vector<PlannedBreak> breaks) {
    planned_ = std::move(breaks);
    for (const Given& each : given_) {
        give(each);
    }
}

void Duty::begin_work(Time at) {
    if (!began_) {
        began_ = at;
        works_since_ = at;
        breaks_ = Duration::zero();
    }
}

void Duty::begin_break(Time at) {
    break_since_ = break_since_.value_or(at);
}

void Duty::end_break(Time at) {
    if (!break_since_) {
        return;
    }
    const Given given{*break_since_, at};
    break_since_.reset();
    if (at - given.from >= kRestOfDay) {
        forget_work();
        given_.clear();
    }
    if (at - given.from >= kBreakBlock) {
        breaks_ += at - given.from;
        works_since_ = at;
    }
    give(given);
    if (given_.size() == kPlannedBreaksMax) {
        given_.erase(given_.begin());
    }
    given_.push_back(given);
}

// One break gives one.
void Duty::give(const Given& given) {
    const bool is_planned = !planned_.empty() &&
                            given.from + kBreakEarly >= planned_.front().from &&
                            given.to - given.from >= planned_.front().length;
    if (is_planned) {
        planned_.erase(planned_.begin());
    }
}

std::optional<Time> Duty::break_due() const {
    std::optional<Time> due;
    const auto take_if_earlier = [&due](Time at) { due = std::min(due.value_or(at), at); };
    if (!planned_.empty()) {
        take_if_earlier(planned_.front().from);
    }
    if (!began_ || break_since_) {
        return due;
    }
    take_if_earlier(works_since_ + kWorkWithoutBreakMax);
    if (breaks_ < kBreaksInWork) {
        take_if_earlier(*began_ + breaks_ + kWorkWithoutBreakMax);
    } else if (breaks_ < kBreaksInLongWork) {
        take_if_earlier(*began_ + breaks_ + kLongWork);
    }
    return due;
}

}  // namespace lanze::core
