// The parts of a scenario's file: how long things take, who arrives, who works.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/config_sections.h"
#include "app/scenario_file.h"

namespace lanze::app {

// The scenario on its way.
struct ScenarioDraft {
    ScenarioFile file;
    std::string path;
    const ReadFile* read_file = nullptr;
    std::vector<ConfigError> file_errors;  // of the files it names
    TakenNames stream_names;
    TakenNames pool_names;
    std::vector<ConfigPosition> stream_at;  // as file.scenario.streams
    bool has_days = false;                  // something depends on the time of day
    Duration last{};                        // the latest time that is told
};

// Of scenario_times.cpp: a table such as { distribution = "gamma", mean = "4m", variation = 0.8 };
// nothing if it is missing or wrong.
std::optional<sim::Distribution> read_distribution(TableReader& table, std::string_view field,
                                                   ScenarioDraft& draft);
// "08:30", up to "24:00" and beyond for the days that follow ("1d 08:30" is "32:30").
std::optional<Duration> parse_day_time(std::string_view text);
std::string written_day_time(Duration time);
// Required if `fallback` is not given.
Duration read_day_time(TableReader& table, std::string_view field,
                       std::optional<Duration> fallback);
// The text of a file that is named beside the scenario; nothing, with an error, if it cannot be
// read.
std::optional<std::string> read_named_file(TableReader& table, std::string_view field,
                                           const std::string& path, const ScenarioDraft& draft);
// One time of arrival a line ("08:03:12.5" or seconds after midnight), rising.
std::vector<sim::Arrival> arrivals_of(std::string_view text, ConfigFindings& findings);
// A header "from,contacts" and a line for each interval, which follow each other without a gap.
std::vector<sim::RatePiece> rates_of(std::string_view text, ConfigFindings& findings);

// Of scenario_arrivals.cpp
void read_arrivals(TableReader& root, ScenarioDraft& draft);
// Of scenario_pools.cpp
void read_pools(TableReader& root, ScenarioDraft& draft);
void take_agents(const CentreConfig& centre, ScenarioDraft& draft);
// What would grow for ever, and the streams it is about.
void check_stability(const ScenarioDraft& draft, ConfigFindings& findings);

}  // namespace lanze::app
