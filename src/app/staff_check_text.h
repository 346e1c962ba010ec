// What the simulation of a staffing says, as a table, in CSV and in JSON.
#pragma once

#include <string>

#include "app/staff.h"

namespace lanze::app {

// "kept", "not kept: asa_max", "too close to call: service_level"; "-" if nobody came.
std::string verdict_text(const sim::SeenInterval& seen);

// "80.3 +- 0.4 %", "12.4 +- 0.2".
std::string estimate_text(const sim::Estimate& estimate, bool is_share);

// The simulated figures of a queue; "" if there was no check.
std::string seen_table(const Staffing& staffing, std::size_t queue);
// The agents of the pools by interval; "" without pools.
std::string pools_table(const Staffing& staffing);
std::string pools_csv(const Staffing& staffing);
// How it was checked, and how sure the figures are; or why it was not.
std::string check_text(const Staffing& staffing);

// ",12,0.83,0.01,...,kept": agents added, each figure with its half-width, and the verdict; all
// empty if there was no check. `seen_columns` names them.
std::string seen_csv(const StaffedInterval& interval);
std::string seen_columns();

// Values of JSON; "null" where there is nothing.
std::string seen_json(const StaffedInterval& interval);
std::string check_json(const Staffing& staffing);
std::string pools_json(const Staffing& staffing);

}  // namespace lanze::app
