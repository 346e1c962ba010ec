// chosen_of: the router's reason as the agent who got the contact may read it.
#pragma once

#include "core/reason.h"
#include "ports/chosen.h"

namespace lanze::app {

// Of a reason that names an agent. `is_preferred`: the contact waited for him by name.
ports::Chosen chosen_of(const core::Reason& reason, bool is_preferred);

}  // namespace lanze::app
