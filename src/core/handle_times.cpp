#include "core/handle_times.h"

#include <algorithm>
#include <utility>

namespace lanze::core {

namespace {

constexpr Duration kLongest = hours(24);  // so that no error in one of them spoils the mean

}  // namespace

void HandleTimes::add(Duration handle_time) {
    const auto step = static_cast<std::size_t>(std::max<Duration>(handle_time, {}) / kStep);
    ++counts_[std::min(step, kSteps - 1)];
    ++total_;
    sum_ += std::clamp<Duration>(handle_time, {}, kLongest);
    if (total_ > kCountMax) {
        const std::uint32_t before = std::exchange(total_, 0);
        for (std::uint16_t& count : counts_) {
            count = static_cast<std::uint16_t>(count / 2);
            total_ += count;
        }
        sum_ = sum_ / before * total_;
    }
    std::uint32_t reaching = total_;
    std::size_t most = 0;
    for (std::size_t i = 0; i < kSteps && reaching * 10 >= total_ * 8; ++i) {
        most = i;
        reaching -= counts_[i];
    }
    reached_by_most_ = total_ < kCountMin ? Duration::zero() : kStep * static_cast<int>(most);
}

std::optional<Duration> HandleTimes::mean() const {
    return total_ < kCountMin ? std::nullopt : std::optional<Duration>(sum_ / total_);
}

}  // namespace lanze::core
