// `lanze hours`: the coming days of every queue, for whoever wrote a calendar to read it again.
#pragma once

#include <string>

#include "app/config.h"
#include "base/time.h"

namespace lanze::app {

struct HoursOptions {
    std::string config_path;
    int days = 14;
};

// The exit code.
int run_hours(const HoursOptions& options);

// A table for each calendar that a queue uses, with the queues it belongs to; times of the zone
// that is in use (local_time.h).
std::string hours_text(const CentreConfig& config, Time now, int days);

}  // namespace lanze::app
