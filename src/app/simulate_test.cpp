#include "app/simulate.h"

#include <gtest/gtest.h>

#include <string>

#include "app/simulate_html.h"

namespace lanze::app {
namespace {

ScenarioFile example() {
    const ScenarioResult file = load_scenario("examples/hanse/day.toml");
    EXPECT_TRUE(file);
    return file ? *file : ScenarioFile{};
}

SimulateOptions days(std::uint32_t count) {
    SimulateOptions options;
    options.days = count;
    return options;
}

TEST(Simulate, GivesTheSameBytesWhateverTheJobs) {
    const ScenarioFile file = example();
    const Runs runs = runs_of(file, days(3));
    const auto json = [&](std::uint32_t jobs) {
        return simulate_json(file, runs, simulate(file.scenario, runs, jobs, [](std::uint32_t) {}));
    };
    const std::string one = json(1);
    EXPECT_EQ(one, json(2));
    EXPECT_EQ(one, json(5));
    EXPECT_NE(one.find("\"queues\":[{\"name\":\"bank\",\"measures\":{\"arrivals\":{\"value\":"),
              std::string::npos);
}

TEST(Simulate, TellsHowFarItIs) {
    const ScenarioFile file = example();
    std::vector<std::uint32_t> told;
    simulate(file.scenario, runs_of(file, days(3)), 2,
             [&](std::uint32_t done) { told.push_back(done); });
    EXPECT_EQ(told, (std::vector<std::uint32_t>{1, 2, 3}));
}

TEST(Simulate, RunsAsLongAsItIsAsked) {
    ScenarioFile file = example();
    EXPECT_EQ(runs_of(file, days(50)).replications, 50U);
    EXPECT_EQ(runs_of(file, {}).replications, 20U);
    SimulateOptions options;
    options.calls = 10'000;  // some 2,200 a day
    options.seed = 9;
    const Runs runs = runs_of(file, options);
    EXPECT_EQ(runs.replications, 5U);
    EXPECT_EQ(runs.plan.seed, 9U);
    EXPECT_EQ(runs.plan.length, hours(24));
    // What has no days goes on until enough have called.
    file.days = 0;
    file.scenario.streams.resize(1);
    file.scenario.streams[0].rates = {{Duration::zero(), 0.5}};
    const Runs endless = runs_of(file, options);
    EXPECT_EQ(endless.replications, 20U);
    EXPECT_EQ(endless.plan.length - endless.plan.warm_up, seconds(1'000));
}

TEST(Simulate, WritesWhatPeopleRead) {
    const ScenarioFile file = example();
    const Runs runs = runs_of(file, days(2));
    const sim::Results results = simulate(file.scenario, runs, 1, [](std::uint32_t) {});
    const std::string text = simulate_text(file, runs, results);
    for (const char* const words :
         {"Hanse Service, a Monday\n2 replications of 24.0 hours each", "queue bank\n",
          "  service_level ", "pool newcomers\n", "queue travel by interval\n", "charter\n"}) {
        EXPECT_NE(text.find(words), std::string::npos) << words;
    }
    const std::string page = simulate_html(file, runs, results);
    EXPECT_TRUE(page.starts_with("<!doctype html>"));
    EXPECT_NE(page.find("<h2>Queue bank</h2>"), std::string::npos);
    EXPECT_EQ(page.find("http"), page.find("http://www.w3.org"));  // nothing from outside
}

}  // namespace
}  // namespace lanze::app
