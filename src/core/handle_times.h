// HandleTimes: how long the contacts of a queue take, as far as the end of a shift needs to know.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/time.h"

namespace lanze::core {

// Counts in steps of 15 seconds up to an hour. When there are many, all are halved, so that the
// recent ones weigh more. Whose contacts they were is not kept.
class HandleTimes {
public:
    static constexpr Duration kStep = seconds(15);
    static constexpr std::size_t kSteps = 241;  // the last one: an hour and more
    static constexpr std::uint32_t kCountMin = 20;
    static constexpr std::uint32_t kCountMax = 1'000;

    void add(Duration handle_time);

    // The longest time, in steps, that at least 80 % of the handle times reach; zero while fewer
    // than kCountMin are known.
    Duration reached_by_most() const { return reached_by_most_; }

    // Nothing while fewer than kCountMin are known; the recent ones weigh more.
    std::optional<Duration> mean() const;
    // So many times say how long they take.
    std::uint32_t count() const { return total_; }

    friend bool operator==(const HandleTimes&, const HandleTimes&) = default;

private:
    std::array<std::uint16_t, kSteps> counts_{};
    std::uint32_t total_ = 0;
    Duration sum_{};
    Duration reached_by_most_{};
};

}  // namespace lanze::core
