// The check of a staffing: the planned day in simulation, with the router that runs live.
#pragma once

#include <cstdint>

#include "app/staff.h"
#include "sim/staffing_search.h"

namespace lanze::app {

// A look takes about so many contacts, in so many replications.
inline constexpr double kCheckContacts = 1'000'000;
inline constexpr std::uint32_t kCheckReplicationsMin = 40;
inline constexpr std::uint32_t kCheckReplicationsMax = 1'000;
// What is larger is not checked, and it is said.
inline constexpr double kCheckedContactsMax = 2'000'000;  // of one replication
inline constexpr std::int64_t kCheckedAgentsMax = 10'000;

// The day of the plan as a scenario; without pools each queue has one of its name.
sim::StaffingProblem staffing_problem(const StaffingPlan& plan);

// Simulates the staffing and judges its demands; adds agents where they are clearly not kept, up to
// the limits; with pools, searches for a cheap staffing that keeps them.
void check_staffing(Staffing& staffing, std::uint64_t seed, const sim::Simulate& simulate);

}  // namespace lanze::app
