// SeededEntropy: the seam to chance for tests and simulation; the same seed gives the same run.
#pragma once

#include <cstdint>

#include "base/rng.h"
#include "ports/clock.h"

namespace lanze::ports {

class SeededEntropy final : public Entropy {
public:
    explicit SeededEntropy(std::uint64_t seed) : rng_(seed) {}
    std::uint64_t next64() override { return rng_.next(); }

private:
    Rng rng_;
};

}  // namespace lanze::ports
