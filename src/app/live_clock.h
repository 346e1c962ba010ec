// LiveClock and LiveEntropy: time and chance of the running process.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>

#include "ports/clock.h"

namespace lanze::app {

// UTC read once, moved on by the steady clock; never before what the journal already knows.
class LiveClock final : public ports::Clock {
public:
    explicit LiveClock(Time not_before);
    Time now() override;

private:
    std::chrono::steady_clock::time_point steady_anchor_;
    Time anchor_;
};

// The kernel's generator, read in blocks.
class LiveEntropy final : public ports::Entropy {
public:
    std::uint64_t next64() override;

private:
    void fill();

    std::array<std::uint64_t, 512> block_{};
    std::size_t next_ = block_.size();
};

}  // namespace lanze::app
