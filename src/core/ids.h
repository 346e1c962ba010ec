// The ids of the core's things.
#pragma once

#include <cstdint>

#include "base/id.h"

namespace lanze::core {

using QueueId = Id<struct QueueTag>;
using SkillId = Id<struct SkillTag>;
using AgentId = Id<struct AgentTag>;
using ContactId = Id<struct ContactTag, std::uint64_t>;
// One presenting of one contact to one agent; answers, rejects and expiries carry it.
using PresentationId = Id<struct PresentationTag, std::uint64_t>;

}  // namespace lanze::core
