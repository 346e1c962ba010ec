#include "sim/world.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plan/erlang.h"
#include "sim/estimate.h"

namespace lanze::sim {
namespace {

const core::Skills kSkill = {{"skill", 1}};

// One queue, one pool that is always there, nobody yet who calls.
Scenario centre(std::uint32_t agents) {
    Scenario scenario;
    scenario.start = from_micros(1'770'000'000'000'000);
    core::QueueConfig queue;
    queue.name = "queue";
    queue.needs = kSkill;
    scenario.config.queues = {queue};
    Pool pool;
    pool.name = "pool";
    pool.count = agents;
    pool.agent.skills = kSkill;
    pool.agent.wrap_up = Duration::zero();
    pool.agent.capacity.chats = 2;
    scenario.pools = {pool};
    return scenario;
}

// Callers who come at these seconds, talk so long and are as patient as is said.
Stream callers(const std::vector<int>& at, Duration talk) {
    Stream stream;
    stream.name = "callers";
    for (const int second : at) {
        Arrival arrival;
        arrival.at = seconds(second);
        stream.arrivals.push_back(arrival);
    }
    stream.talk = Distribution::fixed(talk);
    return stream;
}

Tally run(const Scenario& scenario, Duration length = hours(1), std::uint64_t seed = 1) {
    Plan plan;
    plan.seed = seed;
    plan.length = length;
    return World(scenario, plan).run();
}

Scenario erlang_a() {
    Scenario scenario = centre(20);
    Stream stream;
    stream.name = "calls";
    stream.rates = {{Duration::zero(), 20.0 / 180}};
    stream.talk = Distribution::exponential(seconds(180));
    stream.patience = Distribution::exponential(seconds(90));
    scenario.streams = {stream};
    return scenario;
}

TEST(World, AgreesWithErlangA) {
    const Scenario scenario = erlang_a();
    std::vector<Part> abandoned;
    std::vector<Part> within;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Plan plan;
        plan.seed = seed;
        plan.warm_up = hours(1);
        plan.length = hours(11);
        const Tally tally = World(scenario, plan).run();
        const StreamTally& calls = tally.streams[0];
        EXPECT_EQ(calls.offered, calls.answered + calls.abandoned);
        EXPECT_EQ(tally.unresolved, 0U);
        abandoned.push_back(
            {static_cast<double>(calls.abandoned), static_cast<double>(calls.offered)});
        within.push_back(
            {static_cast<double>(calls.answered_within), static_cast<double>(calls.offered)});
    }
    const auto exact =
        plan::measures({20.0 / 180, 1.0 / 180, 20, std::nullopt, plan::Exponential{1.0 / 90}, 20});
    ASSERT_TRUE(exact.has_value());
    const Estimate p_abandon = ratio(abandoned, 0.999);
    EXPECT_NEAR(p_abandon.value, exact->p_abandon, p_abandon.half_width);
    const Estimate served = ratio(within, 0.999);
    EXPECT_NEAR(served.value, exact->served_within, served.half_width);
    EXPECT_LT(served.half_width, 0.03);
}

TEST(World, IsTheSameForTheSameSeed) {
    const Scenario scenario = erlang_a();
    const Tally one = run(scenario, hours(5), 7);
    const Tally same = run(scenario, hours(5), 7);
    const Tally other = run(scenario, hours(5), 8);
    EXPECT_EQ(one.streams[0].wait, same.streams[0].wait);
    EXPECT_EQ(one.pools[0].handling, same.pools[0].handling);
    EXPECT_NE(one.streams[0].wait, other.streams[0].wait);
}

// The draws are the callers' own: under another rule the same people call.
TEST(World, BringsTheSamePeopleUnderOtherRules) {
    Scenario scenario = erlang_a();
    const Tally one = run(scenario);
    scenario.config.queues[0].agent_rule = core::AgentRule::random;
    const Tally other = run(scenario);
    EXPECT_EQ(one.streams[0].arrivals, other.streams[0].arrivals);
    EXPECT_EQ(one.streams[0].wait, other.streams[0].wait);
}

TEST(World, CountsRedials) {
    Scenario scenario = centre(1);
    scenario.pools[0].no_answer = 1;
    Stream stream = callers({0, 1}, seconds(60));
    stream.patience = Distribution::fixed(seconds(1));
    stream.redial = {1, Distribution::fixed(seconds(10))};
    scenario.streams = {stream};
    const Tally tally = run(scenario);
    EXPECT_EQ(tally.streams[0].arrivals, 2U);
    EXPECT_EQ(tally.streams[0].redials, 2U * (kTriesMax - 1));
    EXPECT_EQ(tally.streams[0].abandoned, 2U * kTriesMax);
    EXPECT_EQ(tally.streams[0].answered, 0U);
}

TEST(World, PresentsAgainWhatIsNotAnswered) {
    Scenario scenario = centre(2);
    scenario.pools[0].rejects = 0.5;
    std::vector<int> at(50);
    for (int i = 0; i < 50; ++i) {
        at[static_cast<std::size_t>(i)] = 60 * i;
    }
    scenario.streams = {callers(at, seconds(10))};
    const Tally tally = run(scenario);
    EXPECT_EQ(tally.streams[0].answered, 50U);
    EXPECT_GT(tally.pools[0].missed, 10U);
}

// Two chats of 100 s at half speed while there are two: both end after 150 s, as the second came
// 50 s later and the first was half done. The first has 50 s left, which take 100.
TEST(World, SlowsChatsDownThatAreHadTogether) {
    Scenario scenario = centre(1);
    scenario.speeds = {1, 0.5};
    scenario.streams = {callers({0, 50}, seconds(100))};
    scenario.streams[0].channel = core::Channel::chat;
    const Tally tally = run(scenario);
    EXPECT_EQ(tally.streams[0].answered, 2U);
    EXPECT_EQ(tally.streams[0].wait, Duration::zero());
    // The second has 50 s left when the first ends at 150, and is alone then.
    EXPECT_EQ(tally.streams[0].talk, seconds(150) + seconds(150));
    EXPECT_EQ(tally.pools[0].handling, seconds(200));
}

TEST(World, CallsBackWhoAcceptsIt) {
    Scenario scenario = centre(1);
    scenario.config.queues[0].overflows = {{"", seconds(5), 0, {}, core::Channel::callback}};
    scenario.streams = {callers({0, 1}, seconds(60))};
    scenario.streams[0].patience = Distribution::fixed(seconds(20));
    EXPECT_EQ(run(scenario).streams[0].abandoned, 1U);
    scenario.streams[0].accepts_callback = 1;
    const Tally tally = run(scenario);
    EXPECT_EQ(tally.streams[0].abandoned, 0U);
    EXPECT_EQ(tally.streams[0].callbacks, 1U);
    EXPECT_EQ(tally.streams[0].answered, 2U);
    EXPECT_EQ(tally.streams[0].answered_wait, seconds(59));
}

TEST(World, ReachesWhoIsCalledAsOftenAsIsSaid) {
    Scenario scenario = centre(1);
    scenario.streams = {callers({0}, seconds(60))};
    scenario.streams[0].channel = core::Channel::outbound;
    const Tally reached = run(scenario);
    EXPECT_EQ(reached.streams[0].not_reached, 0U);
    EXPECT_EQ(reached.streams[0].talk, seconds(60));
    scenario.streams[0].reached = 0;
    const Tally tally = run(scenario);
    EXPECT_EQ(tally.streams[0].not_reached, 1U);
    EXPECT_EQ(tally.streams[0].talk, seconds(25));
}

// A break that begins at the end of a shift brings nobody back after it.
TEST(World, LetsNobodyComeBackAfterHisShift) {
    Scenario scenario = centre(1);
    scenario.pools[0].shifts = {{Duration::zero(), minutes(10), {{Time{minutes(9)}, minutes(30)}}}};
    scenario.streams = {callers({2'900}, seconds(60))};
    scenario.streams[0].patience = Distribution::fixed(seconds(30));
    const Tally tally = run(scenario);
    EXPECT_EQ(tally.streams[0].answered, 0U);
    EXPECT_EQ(tally.pools[0].ready, minutes(9));
}

TEST(World, KeepsShiftsAndBreaks) {
    Scenario scenario = centre(3);
    Shift shift{hours(1), hours(9), {{Time{hours(4)}, minutes(30)}}};
    scenario.pools[0].shifts = {shift};
    for (const bool gives_breaks : {false, true}) {
        scenario.config.charter.gives_breaks = gives_breaks;
        const Tally tally = run(scenario, hours(24));
        EXPECT_EQ(tally.pools[0].breaks, 3U);
        EXPECT_EQ(tally.pools[0].not_ready, 3 * minutes(30));
        EXPECT_EQ(tally.pools[0].ready, 3 * (hours(8) - minutes(30)));
    }
}

TEST(World, TellsWhatOutlastsAShift) {
    Scenario scenario = centre(1);
    scenario.pools[0].shifts = {{Duration::zero(), minutes(10), {}}};
    scenario.streams = {callers({590}, seconds(100))};
    const Tally tally = run(scenario);
    EXPECT_EQ(tally.streams[0].answered, 1U);
    EXPECT_EQ(tally.pools[0].overrun, seconds(90));
}

TEST(World, WrapsUpWithinTheBudgetAndBeyond) {
    Scenario scenario = centre(1);
    scenario.pools[0].agent.wrap_up = seconds(20);
    scenario.streams = {callers({0, 1}, seconds(60))};
    scenario.streams[0].wrap_up = Distribution::fixed(seconds(10));
    EXPECT_EQ(run(scenario).streams[0].answered_wait, seconds(69));
    // Beyond it he is not ready until he is done.
    scenario.streams[0].wrap_up = Distribution::fixed(seconds(50));
    const Tally tally = run(scenario);
    EXPECT_EQ(tally.streams[0].answered_wait, seconds(109));
    EXPECT_EQ(tally.pools[0].handling, seconds(160));
    EXPECT_EQ(tally.pools[0].not_ready, seconds(60));
}

TEST(World, StopsWaitingForWhatFindsNoEnd) {
    Scenario scenario = centre(1);
    scenario.pools[0].shifts = {{Duration::zero(), seconds(30), {}}};
    scenario.streams = {callers({10, 40}, seconds(60))};
    const Tally tally = run(scenario);
    EXPECT_EQ(tally.streams[0].answered, 1U);
    EXPECT_EQ(tally.unresolved, 1U);
}

TEST(World, CountsByInterval) {
    Scenario scenario = centre(1);
    scenario.streams = {callers({0, 10, 700}, seconds(60))};
    scenario.streams[0].patience = Distribution::fixed(seconds(30));
    Plan plan;
    plan.length = minutes(20);
    plan.interval = minutes(10);
    const Tally tally = World(scenario, plan).run();
    ASSERT_EQ(tally.intervals[0].size(), 2U);
    EXPECT_EQ(tally.intervals[0][0].offered, 2U);
    EXPECT_EQ(tally.intervals[0][0].abandoned, 1U);
    EXPECT_EQ(tally.intervals[0][0].waiting, seconds(30));
    EXPECT_EQ(tally.intervals[0][1].offered, 1U);
    EXPECT_EQ(tally.pool_intervals[0][0].handling, seconds(60));
    EXPECT_EQ(tally.pool_intervals[0][1].handling, seconds(60));
}

TEST(WaitHistogram, FindsQuantiles) {
    WaitHistogram waits;
    for (int i = 1; i <= 1'000; ++i) {
        waits.add(milliseconds(i * 10));
    }
    EXPECT_NEAR(static_cast<double>(waits.quantile(0.5).count()) / 1e6, 5, 0.08);
    EXPECT_NEAR(static_cast<double>(waits.quantile(0.99).count()) / 1e6, 9.9, 0.16);
    EXPECT_NEAR(static_cast<double>(waits.at_most(seconds(3))), 300, 6);
    EXPECT_EQ(WaitHistogram().quantile(0.5), Duration::zero());
}

}  // namespace
}  // namespace lanze::sim
