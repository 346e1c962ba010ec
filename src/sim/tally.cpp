#include "sim/tally.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lanze::sim {

// The first octave is linear: microseconds below kSteps have a bin each.
std::size_t WaitHistogram::bin_of(Duration wait) {
    const auto micros = static_cast<std::uint64_t>(std::max<std::int64_t>(0, wait.count()));
    if (micros < kSteps) {
        return micros;
    }
    const auto octave = static_cast<std::size_t>(std::bit_width(micros)) - 6;
    const std::size_t bin = octave * kSteps + (micros >> (octave - 1)) - kSteps;
    return std::min(bin, kOctaves * kSteps - 1);
}

Duration WaitHistogram::middle_of(std::size_t bin) {
    const std::size_t octave = bin / kSteps;
    if (octave == 0) {
        return Duration{static_cast<std::int64_t>(bin)};
    }
    const std::uint64_t width = std::uint64_t{1} << (octave - 1);
    const std::uint64_t low = (bin % kSteps + kSteps) * width;
    return Duration{static_cast<std::int64_t>(low + width / 2)};
}

void WaitHistogram::add(const WaitHistogram& other) {
    counts_.resize(std::max(counts_.size(), other.counts_.size()));
    for (std::size_t i = 0; i < other.counts_.size(); ++i) {
        counts_[i] += other.counts_[i];
    }
    total_ += other.total_;
}

Duration WaitHistogram::quantile(double share) const {
    const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(total_)));
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        sum += counts_[i];
        if (sum >= std::max<std::uint64_t>(rank, 1)) {
            return middle_of(i);
        }
    }
    return {};
}

std::uint64_t WaitHistogram::at_most(Duration wait) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < counts_.size() && i <= bin_of(wait); ++i) {
        sum += counts_[i];
    }
    return sum;
}

}  // namespace lanze::sim
