#include "sim/comparison.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/world.h"

namespace lanze::sim {
namespace {

constexpr std::uint64_t kSeed = 20261126;
const Time kMorning = Time{hours(24 * 20'000 + 8)};
const core::Skills kBank = {{"bank", 1}};
const core::Skills kMobile = {{"mobile", 1}};
const core::Skills kBoth = {{"bank", 1}, {"mobile", 1}};

Stream stream_of(const std::string& name, std::size_t queue, double per_minute) {
    Stream stream;
    stream.name = name;
    stream.queue = queue;
    stream.rates = {{Duration::zero(), per_minute / 60}, {hours(6), 0}};
    stream.talk = Distribution::lognormal(minutes(3), 0.8);
    stream.wrap_up = Distribution::exponential(seconds(25));
    stream.patience = Distribution::exponential(minutes(3));
    return stream;
}

Pool pool_of(const std::string& name, std::uint32_t count, const core::Skills& skills) {
    Pool pool;
    pool.name = name;
    pool.count = count;
    pool.agent.skills = skills;
    pool.answers_after = Distribution::lognormal(seconds(4), 0.5);
    pool.no_answer = 0.03;
    pool.shifts = {{{}, hours(7), {{Time{hours(2)}, minutes(20)}, {Time{hours(4)}, minutes(30)}}}};
    return pool;
}

// A morning with two queues, some of whose agents serve both.
Scenario morning() {
    Scenario scenario;
    scenario.start = kMorning;
    scenario.config.name = "test";
    scenario.config.queues.resize(2);
    scenario.config.queues[0].name = "bank";
    scenario.config.queues[0].needs = kBank;
    scenario.config.queues[1].name = "mobile";
    scenario.config.queues[1].needs = kMobile;
    scenario.streams = {stream_of("bank", 0, 2), stream_of("mobile", 1, 1.5)};
    scenario.pools = {pool_of("bank", 5, kBank), pool_of("mobile", 4, kMobile),
                      pool_of("both", 3, kBoth)};
    return scenario;
}

// As far as a journal tells that ends then.
Past lived(const Scenario& scenario, Time until = Time::max()) {
    World world(scenario, {kSeed, Duration{1}, hours(7), {}});
    PastKeeper keeper(Time::min(), Time::max());
    world.record_to(
        [&](const core::Command& command, const std::vector<core::Event>& events, Time at) {
            if (at < until) {
                keeper.note(command, events, at);
            }
        });
    (void)world.run();
    return *keeper.take();
}

struct Both {
    Past past;
    core::Config recorded;
    Terms terms() const { return {&recorded, past.hours}; }
};

Both lived_with_config(const Scenario& scenario) {
    Both both{lived(scenario), {}};
    both.recorded = recorded_config(both.past);
    return both;
}

ComparisonPlan twenty() {
    ComparisonPlan plan;
    plan.seed = kSeed;
    return plan;
}

const Compared& measure(const std::vector<Compared>& measures, const std::string& key) {
    const auto place = std::find_if(measures.begin(), measures.end(),
                                    [&](const Compared& each) { return each.key == key; });
    EXPECT_NE(place, measures.end()) << key;
    return *place;
}

std::string told(const Comparison& comparison) {
    std::string text;
    for (const ComparedQueue& queue : comparison.queues) {
        for (const Compared& each : queue.measures) {
            text += queue.name + " " + each.key + ": past " + std::to_string(each.past) + ", " +
                    std::to_string(each.recorded) + " in [" + std::to_string(each.low) + ", " +
                    std::to_string(each.high) + "]" +
                    (each.is_judged && !each.is_reproduced ? " NOT REPRODUCED\n" : "\n");
        }
    }
    return text;
}

// Where nothing is drawn, the same comes out to the microsecond.
TEST(ComparisonTest, WithoutChanceThePastComesBackExactly) {
    Scenario scenario = morning();
    for (Stream& stream : scenario.streams) {
        stream.patience.reset();
    }
    for (Pool& pool : scenario.pools) {
        pool.no_answer = 0;
        pool.answers_after = Distribution::fixed({});
    }
    const Both both = lived_with_config(scenario);
    const auto again = scenario_of(both.past, both.terms());
    ASSERT_TRUE(again) << again.error();
    const Tally simulated = World(*again, plan_of(both.past, 1)).run();
    const Tally past = tally_of(both.past, *again);
    for (std::size_t i = 0; i < past.streams.size(); ++i) {
        EXPECT_GT(past.streams[i].answered, 300U);
        EXPECT_EQ(simulated.streams[i].answered, past.streams[i].answered);
        EXPECT_EQ(simulated.streams[i].wait, past.streams[i].wait);
        EXPECT_EQ(simulated.streams[i].wait_max, past.streams[i].wait_max);
        EXPECT_EQ(simulated.streams[i].talk, past.streams[i].talk);
        EXPECT_EQ(simulated.streams[i].wrap_up, past.streams[i].wrap_up);
    }
    EXPECT_GT(past.streams[0].wait, minutes(10));
    for (std::size_t i = 0; i < past.pools.size(); ++i) {
        EXPECT_EQ(simulated.pools[i].handling, past.pools[i].handling) << i;
    }
}

TEST(ComparisonTest, TheUnchangedConfigurationReproducesThePast) {
    const Both both = lived_with_config(morning());
    const auto comparison = compare(both.past, both.terms(), both.terms(), twenty());
    ASSERT_TRUE(comparison) << comparison.error();
    EXPECT_EQ(comparison->not_reproduced, 0U) << told(*comparison);
    EXPECT_GE(comparison->judged, 20U);
    EXPECT_EQ(comparison->unresolved, 0U);
    for (const Compared& each : comparison->queues[0].measures) {
        EXPECT_EQ(each.difference.value, 0) << each.key;  // the same seeds
    }
    const Compared& abandons = measure(comparison->queues[0].measures, "p_abandon");
    EXPECT_GT(abandons.past, 0.01);
    EXPECT_GT(comparison->drawn.patience, 0U);
    EXPECT_GT(comparison->drawn.handle_times, 0U);
}

TEST(ComparisonTest, WhatIsNotOverAtTheEndIsNotCountedOnEitherSide) {
    const Past past = lived(morning(), kMorning + hours(3));
    const core::Config config = recorded_config(past);
    const Terms terms{&config, past.hours};
    const auto comparison = compare(past, terms, terms, twenty());
    ASSERT_TRUE(comparison) << comparison.error();
    EXPECT_GT(comparison->unresolved_past, 5U);
    EXPECT_EQ(comparison->unresolved_past + comparison->drawn.contacts, past.contacts.size());
    EXPECT_EQ(comparison->not_reproduced, 0U) << told(*comparison);
    const Compared& arrivals = measure(comparison->queues[0].measures, "arrivals");
    EXPECT_NEAR(arrivals.past, arrivals.recorded, 1e-9);  // a mean of equal values is rounded
}

TEST(ComparisonTest, ASimulationThatIsNotThePastIsFound) {
    const Both both = lived_with_config(morning());
    core::Config fewer = both.recorded;
    fewer.agents.resize(fewer.agents.size() - 2);
    const auto comparison = compare(both.past, {&fewer, both.past.hours}, both.terms(), twenty());
    ASSERT_TRUE(comparison) << comparison.error();
    EXPECT_GT(comparison->not_reproduced, 3U) << told(*comparison);
}

TEST(ComparisonTest, TellsWhatMoreAgentsWouldHaveDone) {
    const Both both = lived_with_config(morning());
    core::Config more = both.recorded;
    more.agents.push_back(more.agents.back());
    more.agents.back().name = "zoe";
    more.agents.push_back(more.agents.back());
    more.agents.back().name = "yan";
    const auto comparison = compare(both.past, both.terms(), {&more, both.past.hours}, twenty());
    ASSERT_TRUE(comparison) << comparison.error();
    const Compared& wait = measure(comparison->centre, "mean_wait");
    EXPECT_LT(wait.difference.value + wait.difference.half_width, -1);
    const Compared& level = measure(comparison->queues[0].measures, "service_level");
    EXPECT_GT(level.difference.value - level.difference.half_width, 0.01);
    EXPECT_NEAR(level.other - level.recorded, level.difference.value, 1e-12);
}

TEST(ComparisonTest, AQueueThatIsMissingIsRefusedByName) {
    const Both both = lived_with_config(morning());
    core::Config other = both.recorded;
    other.queues.pop_back();
    const auto comparison = compare(both.past, both.terms(), {&other, {}}, twenty());
    ASSERT_FALSE(comparison);
    EXPECT_NE(comparison.error().find("\"mobile\""), std::string::npos) << comparison.error();
}

TEST(ComparisonTest, PatienceIsFittedWithWhoWasAnswered) {
    const Past past = lived(morning());
    const auto mean = mean_patience(past, "bank");
    ASSERT_TRUE(mean);
    EXPECT_GT(*mean, minutes(2));
    EXPECT_LT(*mean, minutes(5));
}

// The charter's breaks under the other configuration: nobody works longer than the law allows.
TEST(ComparisonTest, BreaksByLawAreTakenWhereThePastHadNone) {
    Scenario scenario = morning();
    for (Pool& pool : scenario.pools) {
        pool.shifts = {{{}, hours(7), {}}};
    }
    const Both both = lived_with_config(scenario);
    core::Config other = both.recorded;
    other.charter.gives_breaks = true;
    const auto now = scenario_of(both.past, {&other, both.past.hours});
    ASSERT_TRUE(now) << now.error();
    const Tally tally = World(*now, plan_of(both.past, 1)).run();
    std::uint64_t breaks = 0;
    for (const PoolTally& pool : tally.pools) {
        breaks += pool.breaks;
    }
    EXPECT_EQ(breaks, 12U);  // one each, when six hours are over
}

}  // namespace
}  // namespace lanze::sim
