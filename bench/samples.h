// Samples: measured times kept one by one, because a mean hides what a caller or an agent waits
// for.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <vector>

namespace lanze::bench {

// Nanoseconds.
struct Summary {
    std::size_t count = 0;
    double mean = 0;
    double p50 = 0;
    double p99 = 0;
    double p999 = 0;
    double max = 0;
    std::size_t over_target = 0;  // samples above 20 µs
};

class Samples {
public:
    static constexpr std::uint32_t kTarget = 20'000;

    void add(std::chrono::nanoseconds took) {
        constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
        taken_.push_back(static_cast<std::uint32_t>(std::min<std::int64_t>(took.count(), kMost)));
    }

    // Percentiles by rank: a time that was measured, never one between two of them.
    Summary summary() && {
        Summary summary;
        summary.count = taken_.size();
        if (taken_.empty()) {
            return summary;
        }
        std::sort(taken_.begin(), taken_.end());
        double sum = 0;
        for (const std::uint32_t took : taken_) {
            sum += took;
        }
        summary.mean = sum / static_cast<double>(taken_.size());
        summary.p50 = at_permille(500);
        summary.p99 = at_permille(990);
        summary.p999 = at_permille(999);
        summary.max = taken_.back();
        const auto over = std::upper_bound(taken_.begin(), taken_.end(), kTarget);
        summary.over_target = static_cast<std::size_t>(taken_.end() - over);
        return summary;
    }

private:
    double at_permille(std::size_t share) const {
        return taken_[std::min(taken_.size() * share / 1'000, taken_.size() - 1)];
    }

    std::vector<std::uint32_t> taken_;
};

}  // namespace lanze::bench
