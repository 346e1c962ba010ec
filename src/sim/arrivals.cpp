#include "sim/arrivals.h"

#include <cmath>
#include <limits>

namespace lanze::sim {

namespace {

constexpr double kMicros = 1e6;

double in_seconds(Duration time) {
    return static_cast<double>(time.count()) / kMicros;
}

}  // namespace

ArrivalSource::ArrivalSource(const Stream& stream, std::uint64_t seed)
    : stream_(&stream), rng_(seed) {
    if (stream.overdispersion > 0) {
        factors_.reserve(stream.rates.size());
        for (std::size_t i = 0; i < stream.rates.size(); ++i) {
            factors_.push_back(stream.overdispersion * draw_gamma(1 / stream.overdispersion, rng_));
        }
    }
}

std::optional<Duration> ArrivalSource::next_time() {
    double needed = draw_exponential(rng_);
    for (; place_ < stream_->rates.size(); ++place_) {
        const bool is_last = place_ + 1 == stream_->rates.size();
        const double end = is_last ? std::numeric_limits<double>::infinity()
                                   : in_seconds(stream_->rates[place_ + 1].from);
        const double rate =
            stream_->rates[place_].per_second * (factors_.empty() ? 1 : factors_[place_]);
        now_ = std::max(now_, in_seconds(stream_->rates[place_].from));
        const double there = rate > 0 ? rate * (end - now_) : 0;
        if (there >= needed) {
            now_ += needed / rate;
            // Beyond what a simulation can reach nothing arrives.
            return now_ < in_seconds(Distribution::kDrawnMax) * 100
                       ? std::optional(Duration{std::llround(now_ * kMicros)})
                       : std::nullopt;
        }
        needed -= there;
        now_ = is_last ? now_ : end;
    }
    return std::nullopt;
}

std::optional<Arrival> ArrivalSource::next() {
    if (!stream_->arrivals.empty()) {
        return place_ < stream_->arrivals.size() ? std::optional(stream_->arrivals[place_++])
                                                 : std::nullopt;
    }
    const auto at = next_time();
    if (!at) {
        return std::nullopt;
    }
    Arrival arrival;
    arrival.at = *at;
    return arrival;
}

}  // namespace lanze::sim
