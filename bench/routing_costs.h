// RoutingCosts: what each decision of a centre's day took, kind by kind.
#pragma once

#include <cstddef>
#include <vector>

#include "routing_centre.h"
#include "samples.h"

namespace lanze::bench {

struct Costs {
    std::vector<Summary> kinds;  // by Kind
    Summary all;                 // once the day goes its way: no configuration, no growing line
    Summary next_deadline;       // asked after each command
    Summary reconfigure;         // the same configuration once more, at the end of the day
    double events = 0;           // a command, on average
    // The kernel gave the core to somebody else so often: look at p99.9 and max with care.
    double switches = 0;
    std::size_t waiting = 0;  // at the end
    std::size_t idle = 0;
    std::size_t refused = 0;
    std::size_t pools = 0;  // what routing tells apart: kinds of agents
    std::size_t lines = 0;  // and of contacts
};

// Fills the centre, lets it settle, then measures so many commands.
Costs measure(const CentreSetup& setup, std::size_t commands);

}  // namespace lanze::bench
