// Candidates: who could take a contact at a moment, and what excludes the others, one by one; a
// Reason gives their counts.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/floor.h"

namespace lanze::core {

struct Standing {
    AgentId agent;
    std::uint32_t pool = 0;        // as Exclusion::pool
    std::optional<ExcludedBy> by;  // nothing: could take it
};

// Of a contact that waits, on the floor as it is when the search is made: in the order of ids, all
// agents whom a reason of that moment counts. Costs a look at each agent.
std::vector<Standing> standings(const Floor& floor, const Contact& contact, Time now);

}  // namespace lanze::core
