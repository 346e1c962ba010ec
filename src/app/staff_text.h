// The answer of `lanze staff` as a table, as CSV and as JSON.
#pragma once

#include <string>

#include "app/staff.h"

namespace lanze::app {

// For people, each queue with its sums and the definitions below.
std::string staffing_table(const Staffing& staffing);
// One line for each queue and interval, under a line that names the columns.
std::string staffing_csv(const Staffing& staffing);
// One object, numbers with 17 significant digits.
std::string staffing_json(const Staffing& staffing);
// A line for each interval whose demands cannot be kept together, or are not by the simulation; ""
// if there is none.
std::string conflict_lines(const Staffing& staffing);

// "80.3 %", "12.4"; "-" where there is nothing.
std::string percent_text(std::optional<double> share);
// With 17 significant digits.
std::string written(double value);
std::string decimal_text(std::optional<double> value, int digits);

}  // namespace lanze::app
