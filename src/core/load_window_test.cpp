#include "core/load_window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/rng.h"

namespace lanze::core {
namespace {

constexpr Time at(std::int64_t minute, std::int64_t second = 0) {
    return Time{minutes(minute) + seconds(second)};
}

TEST(LoadWindowTest, CountsTheSixtyMinutesOfTheClockThatEndWithThisOne) {
    LoadWindow window;
    window.add(at(100, 30), at(103, 15));
    EXPECT_EQ(window.handled(at(103, 15)), seconds(165));
    EXPECT_EQ(window.handled(at(159, 59)), seconds(165));
    EXPECT_EQ(window.handled(at(160)), seconds(135));  // minute 100 has dropped out
    EXPECT_EQ(window.handled(at(162)), seconds(15));
    EXPECT_EQ(window.handled(at(163)), seconds(0));
    EXPECT_EQ(window.handled(at(10'000)), seconds(0));
}

TEST(LoadWindowTest, KeepsOfALongContactTheLastHour) {
    LoadWindow window;
    window.add(at(0), at(500, 30));
    EXPECT_EQ(window.handled(at(500, 30)), minutes(59) + seconds(30));
}

TEST(LoadWindowTest, KnowsWhenItFallsToALimit) {
    LoadWindow window;
    window.add(at(100), at(101));
    window.add(at(110), at(112));
    EXPECT_EQ(window.falls_to(minutes(3), at(112)), at(112));
    EXPECT_EQ(window.falls_to(minutes(2), at(112)), at(160));
    EXPECT_EQ(window.falls_to(minutes(1), at(112)), at(170));
    EXPECT_EQ(window.falls_to(minutes(0), at(112)), at(171));
}

TEST(LoadWindowTest, AgreesWithAnExactSumOverRandomSpans) {
    Rng rng(7);
    LoadWindow window;
    std::vector<std::pair<Time, Time>> spans;
    Time now = at(29'000'000);
    for (int i = 0; i < 500; ++i) {
        const Time from = now + milliseconds(rng.below(200'000));
        now = from + milliseconds(rng.below(i % 50 == 0 ? 8'000'000 : 300'000));
        window.add(from, now);
        spans.emplace_back(from, now);
        const Time end = Time{std::chrono::floor<minutes>(now.time_since_epoch())} + minutes(1);
        Duration exact{};
        for (const auto& [begin, until] : spans) {
            exact += std::max(Duration{}, until - std::max(begin, end - hours(1)));
        }
        ASSERT_EQ(window.handled(now), exact) << i;
        const Duration limit = seconds(rng.below(3'600));
        const Time falls = window.falls_to(limit, now);
        EXPECT_LE(window.handled(falls), limit);
        EXPECT_TRUE(falls == now || window.handled(falls - microseconds(1)) > limit);
    }
}

}  // namespace
}  // namespace lanze::core
