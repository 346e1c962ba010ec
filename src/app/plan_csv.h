// The CSV files of a plan: contacts by interval, and handle times that were seen; what is wrong
// with them is noted with its line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/config_reader.h"
#include "app/plan_file.h"

namespace lanze::app {

// How the intervals have to follow each other.
struct PlanGrid {
    PlanClock first;
    std::int64_t interval_minutes = 30;
};

// A header `start,contacts` or `start,contacts,aht` and a line for each interval; `aht` in seconds,
// without it each is `handle_mean`. Gaps, doubled and unsorted times are errors. The first error
// ends the reading, as what follows it is hardly ever another.
std::vector<plan::ArrivalInterval> read_load_csv(std::string_view text, const PlanGrid& grid,
                                                 double handle_mean, ConfigFindings& findings);

// One time in seconds on each line, without a header.
std::vector<double> read_times_csv(std::string_view text, ConfigFindings& findings);

}  // namespace lanze::app
