// ScenarioFile: a centre and its people for `lanze simulate`, checked; or all that is wrong with
// it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "app/plan_file.h"
#include "sim/scenario.h"

namespace lanze::app {

inline constexpr std::size_t kScenarioBytesMax = 4U << 20U;
inline constexpr std::size_t kRatesMax = 10'000;        // intervals of one stream
inline constexpr std::size_t kArrivalsMax = 5'000'000;  // in one file of times
inline constexpr std::size_t kTimesMax = 100'000;       // of an empirical distribution
inline constexpr std::size_t kShiftsMax = 100;          // of one pool
inline constexpr std::size_t kTimesFileBytesMax = 200U << 20U;

// How it is run if the command line does not say otherwise.
struct RunSettings {
    std::uint64_t seed = 1;
    std::uint32_t replications = 20;
    Duration warm_up = minutes(60);   // of what has no beginning
    Duration interval = minutes(30);  // of what has days
};

struct ScenarioFile {
    std::string path;
    std::string title;
    std::string time_zone = "UTC";
    sim::Scenario scenario;
    RunSettings run;
    // Something depends on the time of day: a replication is so many days, from an empty centre.
    // Otherwise 0: it goes on for ever.
    std::uint32_t days = 0;
};

using ScenarioResult = Result<ScenarioFile, std::vector<ConfigError>>;

// Reads and checks the file and those it names, which are looked for in its folder.
ScenarioResult load_scenario(const std::string& path);
// The same for a text that stands (or would stand) in `path`.
ScenarioResult parse_scenario(std::string_view text, const std::string& path,
                              const ReadFile& read_file);

// Every field the parser knows, as in the documents: "arrivals[].talk.mean".
std::vector<std::string> known_scenario_fields();

}  // namespace lanze::app
