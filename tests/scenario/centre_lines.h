// Centre lines: the configuration of a centre as a scenario file declares it.
#pragma once

#include <string>
#include <vector>

#include "core/config.h"
#include "scenario/words.h"

namespace lanze::scenario {

bool is_centre_line(const Words& words);

// Adds one "centre", "queue" or "agent" line to a configuration; "" or what is wrong with it.
std::string read_centre_line(const Words& words, core::Config& config);

// The lines that declare the configuration.
std::vector<std::string> centre_lines(const core::Config& config);

}  // namespace lanze::scenario
