#include "app/simulate.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <mutex>
#include <thread>

#include "app/check.h"
#include "app/simulate_html.h"
#include "app/text_file.h"
#include "sim/world.h"

namespace lanze::app {

namespace {

constexpr double kCallsDefault = 1'000'000;
constexpr double kDaySeconds = 86'400;
constexpr Duration kLengthMax = hours(24 * 365 * 20);

Duration from_seconds(double time) {
    const double most = std::chrono::duration<double>(kLengthMax).count();
    return Duration{std::llround(std::min(time, most) * 1e6)};
}

double in_seconds(Duration time) {
    return std::chrono::duration<double>(time).count();
}

// First attempts of one replication that goes on for so many days.
double calls_in(const sim::Scenario& scenario, Duration length) {
    double calls = 0;
    for (const sim::Stream& stream : scenario.streams) {
        calls += static_cast<double>(stream.arrivals.size());
        for (std::size_t i = 0; i < stream.rates.size(); ++i) {
            const Duration end = i + 1 < stream.rates.size() ? stream.rates[i + 1].from : length;
            calls += stream.rates[i].per_second *
                     std::max(0.0, in_seconds(std::min(end, length) - stream.rates[i].from));
        }
    }
    return calls;
}

// As long a bar as fits on a terminal's line, on standard error if that is one.
class ProgressBar {
public:
    explicit ProgressBar(std::uint32_t all) : all_(all), is_shown_(isatty(STDERR_FILENO) == 1) {}
    ~ProgressBar() {
        if (is_shown_) {
            std::fputs("\r\x1b[K", stderr);
        }
    }
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void show(std::uint32_t done) const {
        if (!is_shown_) {
            return;
        }
        constexpr std::size_t kWidth = 40;
        const std::size_t full = kWidth * done / all_;
        std::string line = "\r[" + std::string(full, '#') + std::string(kWidth - full, '.') + "] ";
        line += std::to_string(done) + " of " + std::to_string(all_) + " replications";
        std::fputs(line.c_str(), stderr);
        std::fflush(stderr);
    }

private:
    std::uint32_t all_;
    bool is_shown_;
};

}  // namespace

Runs runs_of(const ScenarioFile& file, const SimulateOptions& options) {
    Runs runs;
    runs.plan.seed = options.seed.value_or(file.run.seed);
    runs.replications = file.run.replications;
    if (file.days > 0) {
        runs.plan.length = hours(24) * static_cast<int>(file.days);
        runs.plan.interval = file.run.interval;
        const double calls = std::max(1.0, calls_in(file.scenario, runs.plan.length));
        const double wanted = options.calls  ? std::ceil(*options.calls / calls)
                              : options.days ? std::ceil(*options.days / double(file.days))
                                             : runs.replications;
        runs.replications = static_cast<std::uint32_t>(
            std::clamp(wanted, 2.0, static_cast<double>(kReplicationsMax)));
        return runs;
    }
    const double rate = calls_in(file.scenario, seconds(1));
    const double days = options.days.value_or(static_cast<std::uint32_t>(runs.replications));
    const double length = options.days || rate == 0 ? days * kDaySeconds
                                                    : options.calls.value_or(kCallsDefault) / rate;
    runs.plan.warm_up = file.run.warm_up;
    runs.plan.length = runs.plan.warm_up + from_seconds(length / runs.replications);
    return runs;
}

std::vector<sim::Tally> tallies_of(const sim::Scenario& scenario, const Runs& runs,
                                   std::uint32_t jobs, const Progress& progress) {
    std::vector<sim::Tally> tallies(runs.replications);
    std::atomic<std::uint32_t> next{0};
    std::mutex telling;
    std::uint32_t done = 0;
    const auto work = [&] {
        for (std::uint32_t i = next++; i < runs.replications; i = next++) {
            sim::Plan plan = runs.plan;
            plan.seed = split_mix(runs.plan.seed ^ split_mix(i + 1));
            tallies[i] = sim::World(scenario, plan).run();
            const std::lock_guard lock(telling);
            progress(++done);
        }
    };
    std::vector<std::thread> threads;
    const std::uint32_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::uint32_t count = std::min(jobs == 0 ? cores : jobs, runs.replications);
    threads.reserve(count);
    for (std::uint32_t i = 1; i < count; ++i) {
        threads.emplace_back(work);
    }
    work();
    for (std::thread& thread : threads) {
        thread.join();
    }
    return tallies;
}

sim::Results simulate(const sim::Scenario& scenario, const Runs& runs, std::uint32_t jobs,
                      const Progress& progress) {
    constexpr double kConfidence = 0.95;
    return sim::results_of(scenario, runs.plan, tallies_of(scenario, runs, jobs, progress),
                           kConfidence);
}

int run_simulate(const SimulateOptions& options) {
    const ScenarioResult file = load_scenario(options.scenario_path);
    if (!file) {
        std::fputs(report_errors(file.error()).c_str(), stderr);
        return 1;
    }
    const Runs runs = runs_of(*file, options);
    sim::Results results;
    const auto begin = std::chrono::steady_clock::now();
    {
        const ProgressBar bar(runs.replications);
        results = simulate(file->scenario, runs, options.jobs,
                           [&](std::uint32_t done) { bar.show(done); });
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::fputs((options.is_json ? simulate_json(*file, runs, results)
                                : simulate_text(*file, runs, results))
                   .c_str(),
               stdout);
    if (!options.is_json) {
        std::fprintf(stderr, "%.1f s, %.0f contacts a second\n", took.count(),
                     static_cast<double>(results.contacts) / std::max(1e-9, took.count()));
    }
    if (!options.html_path.empty() &&
        !write_text_file(options.html_path, simulate_html(*file, runs, results))) {
        std::fprintf(stderr, "lanze: %s: cannot be written; choose another place\n",
                     options.html_path.c_str());
        return 1;
    }
    return 0;
}

}  // namespace lanze::app
