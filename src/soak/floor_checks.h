// Checks of the router: what must be true of the floor after every turn, and of all its decisions
// in the end.
#pragma once

#include <string>

#include "base/time.h"
#include "core/floor.h"
#include "ports/journal.h"

namespace lanze::soak {

// The first thing that is not as it must be; "" if all is:
//   - contacts and agents say the same of each other: nobody has two, nobody is shared, nobody is
//     presented or connected to somebody who knows nothing of it
//   - nobody waits beside somebody ready who could take him (the soak has no charter and no
//     reserves that could forbid it)
//   - no agent is stuck: what ends by itself has ended in time
//   - queues count those who are in them
std::string check_floor(const core::Floor& floor, Time now);

// Likewise of everything that was decided: decided again on a new floor it is the same, event by
// event and reason by reason, and the floor it ends with is `floor`.
std::string check_decisions(ports::Journal& journal, const core::Floor& floor);

}  // namespace lanze::soak
