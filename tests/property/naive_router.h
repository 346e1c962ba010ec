// NaiveRouter: who should get whom, by plain scans over a floor; it judges the routing that is
// fast.
#pragma once

#include <optional>
#include <string>

#include "core/floor.h"

namespace lanze::property {

// Has the agent what the queue needs, and is he open to contacts now?
bool could_take(const core::Floor& floor, const core::Agent& agent, const core::Contact& contact);

// The agent for a contact that waits: not tried before tried, no stand-in before others, then
// longest idle, then lowest id.
std::optional<core::AgentId> agent_for(const core::Floor& floor, const core::Contact& contact);

// The contact for an agent who is ready: not tried before tried, then longest waiting, then lowest
// id.
std::optional<core::ContactId> contact_for(const core::Floor& floor, const core::Agent& agent);

// What is wrong with a floor between two commands: two contacts with one agent, a lost contact,
// somebody ready beside somebody who waits for such as him ... "" if nothing is.
std::string problem_of(const core::Floor& floor);

}  // namespace lanze::property
