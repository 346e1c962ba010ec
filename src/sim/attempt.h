// Attempt: a caller who is in the centre now; a simulated call costs about a microsecond, so that
// they are kept in one piece of memory.
#pragma once

#include <cstdint>

#include "base/id_map.h"
#include "base/time.h"
#include "core/ids.h"

namespace lanze::sim {

struct Attempt {
    core::ContactId contact;
    std::uint32_t stream = 0;
    std::uint32_t queue = 0;     // it is in now
    std::uint32_t tries = 0;     // before this one
    std::uint32_t version = 0;   // of when its talk ends
    std::uint32_t interval = 0;  // it arrived in
    Time entered;
    Time answered;
    Time speed_since;  // of a chat or message
    Duration talk{};   // what is left of it
    Duration wrap_up{};
    Duration patience = Duration::max();
    core::AgentId agent;  // who talks to it
    bool is_counted = false;
    bool is_on_the_line = true;  // as long as it waits
    bool is_reached = true;      // by the agent who calls
};

using Attempts = IdMap<core::ContactId, Attempt>;

}  // namespace lanze::sim
