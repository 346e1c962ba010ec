// A past as a scenario: what was, under the configuration of then or another one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sim/past.h"
#include "sim/scenario.h"
#include "sim/tally.h"

namespace lanze::sim {

// Fewer answer delays or presentations of an agent say too little of him; then all agents' count.
inline constexpr std::size_t kOwnAnswersMin = 20;

// How much of a simulated past is drawn and not taken over, in contacts.
struct Drawn {
    std::uint64_t contacts = 0;        // all that is counted
    std::uint64_t patience = 0;        // longer than the wait that was seen; drawn beyond it
    std::uint64_t handle_times = 0;    // never answered: drawn from those of the queue
    std::uint64_t may_be_redials = 0;  // arrived after somebody had given up or was blocked
    std::uint64_t redials = 0;         // were taken to be
};

// A configuration for the past; `hours` by its queues, as Scenario has them.
struct Terms {
    const core::Config* config = nullptr;  // with agents
    std::vector<std::vector<core::OpenSpan>> hours = {};
};

// The configuration of then: the last one, with all agents that ever were.
core::Config recorded_config(const Past& past);

// Callers come when they came, agents are there when they were; agents and queues are found by
// name. An agent whom the past does not know is there from the first moment at which anybody was
// ready to the end. Streams and pools stand in the same order for all configurations of one past,
// so that the same seed draws the same. The error names what is missing, for a person.
Result<Scenario, std::string> scenario_of(const Past& past, const Terms& terms);

// A journal does not know who calls again. This takes `share` of those who gave up or were blocked
// to have done so: as many of the contacts that came to the same queue in the half hour after them
// are redials from now on, and come in a simulation only if somebody gives up there.
void take_redials(Past& past, double share);

Plan plan_of(const Past& past, std::uint64_t seed);

// What was measured in the past, in the order of the scenario's streams, queues and pools; by the
// targets of its queues. Counted are, as in its simulation, the contacts of which all is known.
Tally tally_of(const Past& past, const Scenario& scenario);

Drawn drawn_of(const Past& past);

// 1 / mean patience by exponential fit: abandons / time waited (right-censored by answers; Brown et
// al. 2005, section 5.2); nothing: nobody gave up.
std::optional<Duration> mean_patience(const Past& past, const std::string& queue);

}  // namespace lanze::sim
