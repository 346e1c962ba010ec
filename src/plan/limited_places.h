// The M/M/n/K+M queue: limited places, exponential or endless patience; Erlang B where all places
// are agents.
#pragma once

#include "plan/erlang.h"

namespace lanze::plan {

// Needs queue.places, and patience that is exponential or not there. By the probabilities of the
// birth and death chain, as products of rates outwards from the most probable state; all sums are
// of positive terms.
Measures limited_places(const StaffedQueue& queue);

}  // namespace lanze::plan
