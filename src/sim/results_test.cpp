#include "sim/results.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lanze::sim {
namespace {

Scenario one_queue() {
    Scenario scenario;
    core::QueueConfig queue;
    queue.name = "queue";
    scenario.config.queues = {queue};
    Stream stream;
    stream.name = "one";
    scenario.streams = {stream, stream};
    Pool pool;
    pool.name = "pool";
    scenario.pools = {pool};
    return scenario;
}

Tally tally_of(std::uint64_t answered, std::uint64_t abandoned) {
    Tally tally;
    tally.counted = hours(1);
    tally.streams.resize(2);
    tally.queues.resize(1);
    tally.pools.resize(1);
    StreamTally& stream = tally.streams[0];
    stream.arrivals = answered + abandoned;
    stream.offered = answered + abandoned;
    stream.answered = answered;
    stream.answered_within = answered / 2;
    stream.abandoned = abandoned;
    stream.abandoned_short = abandoned;
    stream.wait = seconds(10) * static_cast<int>(answered);
    tally.pools[0].handling = minutes(30);
    tally.pools[0].ready = minutes(20);
    tally.pools[0].withheld_ceiling = minutes(10);
    return tally;
}

double value(const Measured& measured, const char* key) {
    const Measure* measure = find(measured.measures, key);
    return measure == nullptr ? std::nan("") : measure->estimate.value;
}

TEST(Results, SumReplicationsAndStreams) {
    const std::vector<Tally> tallies = {tally_of(80, 20), tally_of(90, 10)};
    const Results results = results_of(one_queue(), Plan{}, tallies, 0.95);
    ASSERT_EQ(results.queues.size(), 1U);
    ASSERT_EQ(results.streams.size(), 2U);
    EXPECT_DOUBLE_EQ(value(results.queues[0], "arrivals"), 100);
    EXPECT_DOUBLE_EQ(value(results.queues[0], "p_abandon"), 0.15);
    EXPECT_DOUBLE_EQ(value(results.queues[0], "service_level"), 0.5);  // short abandons left out
    EXPECT_DOUBLE_EQ(value(results.queues[0], "mean_wait"), 8.5);
    EXPECT_DOUBLE_EQ(value(results.streams[1], "p_abandon"), 0);
    // What the charter withholds counts as ready.
    EXPECT_DOUBLE_EQ(value(results.pools[0], "occupancy"), 0.5);
    EXPECT_GT(find(results.queues[0].measures, "p_abandon")->estimate.half_width, 0);
    EXPECT_EQ(find(results.queues[0].measures, "nothing"), nullptr);
}

}  // namespace
}  // namespace lanze::sim
