// `lanze simulate`: the shipping router in simulated time, among the people of a scenario.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/scenario_file.h"
#include "sim/results.h"
#include "sim/tally.h"

namespace lanze::app {

inline constexpr std::uint32_t kReplicationsMax = 5'000;
inline constexpr std::uint32_t kJobsMax = 256;
inline constexpr double kCallsMax = 1e10;

struct SimulateOptions {
    std::string scenario_path;
    std::optional<double> calls;        // first attempts in all, about
    std::optional<std::uint32_t> days;  // in all
    std::optional<std::uint64_t> seed;  // the scenario's if not given
    std::uint32_t jobs = 0;             // threads; 0: as many as there are cores
    bool is_json = false;
    std::string html_path;  // "": none
};

// So many replications, and what each of them is.
struct Runs {
    std::uint32_t replications = 0;
    sim::Plan plan;  // the seed is of the first
};

// How long each replication has to be.
Runs runs_of(const ScenarioFile& file, const SimulateOptions& options);

// Told after each replication: how many are done.
using Progress = std::function<void(std::uint32_t done)>;

// Each replication by itself on one of `jobs` threads, reduced in their order: the same results
// whatever `jobs` is.
std::vector<sim::Tally> tallies_of(const sim::Scenario& scenario, const Runs& runs,
                                   std::uint32_t jobs, const Progress& progress);
sim::Results simulate(const sim::Scenario& scenario, const Runs& runs, std::uint32_t jobs,
                      const Progress& progress);

std::string simulate_text(const ScenarioFile& file, const Runs& runs, const sim::Results& results);
std::string simulate_json(const ScenarioFile& file, const Runs& runs, const sim::Results& results);

// "12.34 %", "8.50 s", "51.4 /h"
std::string measure_text(double value, sim::Unit unit);

// The exit code: 0 done, 1 failed.
int run_simulate(const SimulateOptions& options);

}  // namespace lanze::app
