// ArrivalSource: when the contacts of one stream first arrive.
#pragma once

#include <optional>
#include <vector>

#include "base/rng.h"
#include "sim/scenario.h"

namespace lanze::sim {

// The stream must outlive it. Piecewise constant Poisson arrivals by inverting the summed rate.
class ArrivalSource {
public:
    ArrivalSource(const Stream& stream, std::uint64_t seed);

    // Nothing: no more will come.
    std::optional<Arrival> next();

private:
    std::optional<Duration> next_time();

    const Stream* stream_;
    Rng rng_;
    double now_ = 0;  // seconds after the start
    std::size_t place_ = 0;
    std::vector<double> factors_;  // by piece, if there is overdispersion
};

}  // namespace lanze::sim
