// NaiveRouter: who should get whom, by plain scans over a floor; it judges the routing that is
// fast. It knows the rules from their definition in core/config.h, not from core/routing.h.
#pragma once

#include <optional>
#include <string>

#include "core/floor.h"

namespace lanze::property {

// May the agent be presented this contact now, as to skills, widening, reserves, preference and the
// end of his shift?
bool could_take(const core::Floor& floor, const core::Agent& agent, const core::Contact& contact,
                Time now);

// The agent for a contact that waits, by its queue's rule.
std::optional<core::AgentId> agent_for(const core::Floor& floor, const core::Contact& contact,
                                       Time now);

// The contact for an agent who is ready, by the centre's rule.
std::optional<core::ContactId> contact_for(const core::Floor& floor, const core::Agent& agent,
                                           Time now);

// What is wrong with a floor between two commands: two contacts with one agent, a lost contact,
// somebody ready beside somebody who waits for such as him ... "" if nothing is.
std::string problem_of(const core::Floor& floor, Time now);

}  // namespace lanze::property
