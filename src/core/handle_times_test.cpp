#include "core/handle_times.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/rng.h"

namespace lanze::core {
namespace {

TEST(HandleTimesTest, SaysNothingOfAFew) {
    HandleTimes times;
    for (int i = 0; i < 19; ++i) {
        times.add(minutes(5));
    }
    EXPECT_EQ(times.reached_by_most(), Duration::zero());
    times.add(minutes(5));
    EXPECT_EQ(times.reached_by_most(), minutes(5));
}

TEST(HandleTimesTest, FourOfFiveReachIt) {
    HandleTimes times;
    for (int i = 0; i < 20; ++i) {
        times.add(minutes(1));
    }
    for (int i = 0; i < 80; ++i) {
        times.add(minutes(4) + seconds(7));
    }
    EXPECT_EQ(times.reached_by_most(), minutes(4));
    times.add(minutes(1));
    EXPECT_EQ(times.reached_by_most(), minutes(1));
    times.add(-seconds(3));
    times.add(hours(30));
    EXPECT_EQ(times.reached_by_most(), minutes(1));
}

TEST(HandleTimesTest, AgreesWithASortedList) {
    Rng rng(11);
    HandleTimes times;
    std::vector<Duration> all;
    for (int i = 0; i < 900; ++i) {
        all.push_back(milliseconds(rng.below(600'000)));
        times.add(all.back());
        if (all.size() < HandleTimes::kCountMin) {
            continue;
        }
        const Duration most = times.reached_by_most();
        const auto reach = [&](Duration time) {
            return std::count_if(all.begin(), all.end(),
                                 [&](Duration each) { return each >= time; }) *
                       10 >=
                   static_cast<std::ptrdiff_t>(all.size()) * 8;
        };
        ASSERT_TRUE(reach(most)) << i;
        ASSERT_FALSE(reach(most + HandleTimes::kStep)) << i;
    }
}

TEST(HandleTimesTest, ForgetsWhatIsLongAgo) {
    HandleTimes times;
    for (int i = 0; i < 2'000; ++i) {
        times.add(minutes(1));
    }
    for (int i = 0; i < 3'000; ++i) {
        times.add(minutes(10));
    }
    EXPECT_EQ(times.reached_by_most(), minutes(10));
}

}  // namespace
}  // namespace lanze::core
