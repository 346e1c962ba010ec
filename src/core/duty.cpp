#include "core/duty.h"

#include <algorithm>

namespace lanze::core {

void Duty::begin(Time at) {
    end();
    began_ = at;
    works_since_ = at;
}

void Duty::end() {
    Duty fresh;
    fresh.planned_ = std::move(planned_);
    *this = std::move(fresh);
}

void Duty::begin_break(Time at) {
    break_since_ = break_since_.value_or(at);
}

void Duty::end_break(Time at) {
    if (break_since_ && at - *break_since_ >= kBreakBlock) {
        breaks_ += at - *break_since_;
        works_since_ = at;
    }
    const bool is_planned = break_since_ && !planned_.empty() &&
                            *break_since_ + kBreakEarly >= planned_.front().from &&
                            at - *break_since_ >= planned_.front().length;
    if (is_planned) {
        planned_.erase(planned_.begin());
    }
    break_since_.reset();
}

std::optional<Time> Duty::break_due() const {
    std::optional<Time> due;
    const auto take_if_earlier = [&due](Time at) { due = std::min(due.value_or(at), at); };
    if (!planned_.empty()) {
        take_if_earlier(planned_.front().from);
    }
    if (!began_) {
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
