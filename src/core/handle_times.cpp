#include "core/handle_times.h"

#include <algorithm>

namespace lanze::core {

void HandleTimes::add(Duration handle_time) {
    const auto step = static_cast<std::size_t>(std::max<Duration>(handle_time, {}) / kStep);
    ++counts_[std::min(step, kSteps - 1)];
    ++total_;
    if (total_ > kCountMax) {
        total_ = 0;
        for (std::uint16_t& count : counts_) {
            count = static_cast<std::uint16_t>(count / 2);
            total_ += count;
        }
    }
    std::uint32_t reaching = total_;
    std::size_t most = 0;
    for (std::size_t i = 0; i < kSteps && reaching * 10 >= total_ * 8; ++i) {
        most = i;
        reaching -= counts_[i];
    }
    reached_by_most_ = total_ < kCountMin ? Duration::zero() : kStep * static_cast<int>(most);
}

}  // namespace lanze::core
