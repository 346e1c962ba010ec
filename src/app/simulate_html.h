// What a simulation found as one page with plots.
#pragma once

#include <string>

#include "app/simulate.h"

namespace lanze::app {

// Complete in itself: no script, nothing from outside.
std::string simulate_html(const ScenarioFile& file, const Runs& runs, const sim::Results& results);

}  // namespace lanze::app
