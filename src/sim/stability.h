// Stability: whether a scenario that goes on for ever could be handled at all.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario.h"

namespace lanze::sim {

// Streams whose patient contacts bring more work than all agents who may take them can do.
struct Overload {
    std::vector<std::size_t> streams;
    double work = 0;    // agents it would keep busy
    double agents = 0;  // that there are for it
};

// Of streams whose contacts wait for ever and whose queue lets all of them in, by the rates at the
// start. Says nothing of what routing makes of it: what is found is certain, what is not is not
// proved to be well. Widening and overflow are taken to lead everywhere they may.
std::vector<Overload> overloads_of(const Scenario& scenario);

// A number from zero up for a person, to thousandths: "12.5".
std::string written(double number);

}  // namespace lanze::sim
