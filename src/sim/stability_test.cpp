#include "sim/stability.h"

#include <gtest/gtest.h>

namespace lanze::sim {
namespace {

// Two queues; agents for the first, and agents for both.
Scenario n_model(double first, double second) {
    Scenario scenario;
    for (const char* name : {"first", "second"}) {
        core::QueueConfig queue;
        queue.name = name;
        queue.needs = {{name, 1}};
        Stream stream;
        stream.name = name;
        stream.queue = scenario.config.queues.size();
        stream.rates = {{Duration::zero(), stream.queue == 0 ? first : second}};
        stream.talk = Distribution::fixed(seconds(1));
        scenario.config.queues.push_back(queue);
        scenario.streams.push_back(stream);
    }
    Pool pool;
    pool.count = 3;
    pool.agent.skills = {{"first", 1}};
    scenario.pools.push_back(pool);
    pool.count = 4;
    pool.agent.skills = {{"first", 1}, {"second", 1}};
    scenario.pools.push_back(pool);
    return scenario;
}

TEST(Overloads, FindsWhatCannotBeHandled) {
    EXPECT_TRUE(overloads_of(n_model(3, 3.9)).empty());
    EXPECT_TRUE(overloads_of(n_model(6, 0.9)).empty());  // the first takes both pools
    EXPECT_EQ(overloads_of(n_model(1, 4)).size(), 1U);   // no more than there are is too much
    const auto second = overloads_of(n_model(1, 4.5));
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].streams, (std::vector<std::size_t>{1}));
    EXPECT_DOUBLE_EQ(second[0].work, 4.5);
    EXPECT_DOUBLE_EQ(second[0].agents, 4);
    const auto both = overloads_of(n_model(5, 2.5));
    ASSERT_EQ(both.size(), 1U);
    EXPECT_EQ(both[0].streams.size(), 2U);
    EXPECT_DOUBLE_EQ(both[0].agents, 7);
}

TEST(Overloads, LeavesWhatGivesUpOrFindsNoRoom) {
    Scenario scenario = n_model(10, 10);
    scenario.streams[0].patience = Distribution::exponential(seconds(10));
    scenario.config.queues[1].waiting_max = 50;
    EXPECT_TRUE(overloads_of(scenario).empty());
}

}  // namespace
}  // namespace lanze::sim
