// The answer of `lanze staff` as one HTML page with plots and tables.
#pragma once

#include <string>

#include "app/staff.h"

namespace lanze::app {

// Self-contained, readable without the plots.
std::string staffing_page(const Staffing& staffing);

}  // namespace lanze::app
