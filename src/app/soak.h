// `lanze soak`: days of a whole centre in simulated time, in which everything goes wrong that a
// seed draws; any of them again by its seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "soak/faults.h"
#include "soak/world.h"

namespace lanze::app {

struct SoakOptions {
    std::uint64_t seed = 0;    // of the first day; 0: drawn from the clock
    std::uint64_t seeds = 0;   // days; 0: one if `seed` is given, else ten
    bool tells_story = false;  // every packet and event, on standard error
    bool is_json = false;
};

// A day that went wrong.
struct SoakFailure {
    std::uint64_t seed = 0;
    soak::Faults faults;
    std::vector<soak::Problem> problems;
};

struct Soaked {
    std::uint64_t first = 0;
    std::uint64_t seeds = 0;
    Duration simulated{};
    soak::Counts counts;
    std::vector<SoakFailure> failures;
};

// What is printed; `took` is how long it took.
std::string soak_text(const Soaked& soaked, const SoakOptions& options, Duration took);

// The exit code: 0 all as it should be, 1 something was found.
int run_soak(SoakOptions options);

}  // namespace lanze::app
