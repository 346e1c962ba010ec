#include "app/live_clock.h"

#include <sys/random.h>

#include "base/check.h"

namespace lanze::app {

LiveClock::LiveClock(Time not_before)
    : steady_anchor_(std::chrono::steady_clock::now()),
      anchor_(
          std::max(not_before, from_micros(std::chrono::duration_cast<microseconds>(
                                               std::chrono::system_clock::now().time_since_epoch())
                                               .count()))) {}

Time LiveClock::now() {
    return anchor_ +
           std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - steady_anchor_);
}

void LiveEntropy::fill() {
    auto* bytes = reinterpret_cast<char*>(block_.data());
    for (std::size_t filled = 0; filled < sizeof(block_);) {
        const ssize_t got = getrandom(bytes + filled, sizeof(block_) - filled, 0);
        LANZE_CHECK(got > 0);
        filled += static_cast<std::size_t>(got);
    }
    next_ = 0;
}

std::uint64_t LiveEntropy::next64() {
    if (next_ == block_.size()) {
        fill();
    }
    return block_[next_++];
}

}  // namespace lanze::app
