#include "predict/promise.h"

#include <gtest/gtest.h>

#include <string>

#include "base/rng.h"

namespace lanze::predict {
namespace {

using ports::FoundBy;
using ports::RiseCause;

constexpr Time kStart = from_micros(1'795'428'000'000'000);

Forecast between(double low, double high, Circumstances on = {core::QueueId{1}, 10, 300, 5}) {
    return {FoundBy::service_rate, (low + high) / 2, low, high, on};
}

TEST(PromiseTest, WholeSecondsAreToldNeverNarrower) {
    const ports::ToldWait wait = told(between(61.9, 120.1), kStart);
    EXPECT_EQ(wait.low, seconds(61));
    EXPECT_EQ(wait.high, seconds(121));
    EXPECT_EQ(told(between(0, 1e30), kStart).high, hours(24));
    EXPECT_EQ(told({FoundBy::nobody_at_work, 0, 0, 0, {}}, kStart).has_range(), false);
}

TEST(PromiseTest, TheEndSinksByItselfInSteps) {
    Promise promise;
    EXPECT_TRUE(promise.update(between(60, 120), kStart));
    EXPECT_FALSE(promise.update(between(59, 119), kStart + seconds(1))) << "as was told";
    EXPECT_FALSE(promise.update(between(50, 112), kStart + seconds(4))) << "4 seconds sooner";
    EXPECT_TRUE(promise.update(between(40, 100), kStart + seconds(4)));
    EXPECT_EQ(promise.told().latest(), kStart + seconds(104));
    EXPECT_EQ(promise.told().cause, std::nullopt);
}

TEST(PromiseTest, ItRisesWithTheCauseThatWeighsMost) {
    struct Case {
        Circumstances on;
        std::optional<RiseCause> cause;
    };
    const core::QueueId queue{1};
    const std::vector<Case> cases{
        {{queue, 10, 300, 5}, std::nullopt},
        {{queue, 8, 300, 5}, RiseCause::fewer_agents},
        {{queue, 10, 360, 5}, RiseCause::longer_handle_times},
        {{queue, 10, 300, 8}, RiseCause::others_went_before},
        {{queue, 9, 420, 5}, RiseCause::longer_handle_times},
        {{queue, 12, 300, 7}, RiseCause::others_went_before},
        {{queue, 12, 250, 4}, std::nullopt},
        {{core::QueueId{2}, 12, 250, 4}, RiseCause::another_queue},
    };
    for (const Case& each : cases) {
        Promise promise;
        promise.update(between(60, 120), kStart);
        EXPECT_EQ(promise.update(between(60, 160, each.on), kStart), each.cause.has_value());
        EXPECT_EQ(promise.told().cause, each.cause);
        EXPECT_EQ(promise.told().latest(), kStart + seconds(each.cause ? 160 : 120));
    }
}

TEST(PromiseTest, ARiseTooSmallToTellIsNotTold) {
    Promise promise;
    promise.update(between(60, 120), kStart);
    EXPECT_FALSE(promise.update(between(60, 125, {core::QueueId{1}, 9, 300, 5}), kStart));
    EXPECT_EQ(promise.told().latest(), kStart + seconds(120));
}

TEST(PromiseTest, WithoutACauseItRisesOnlyWhenItIsLikelierMissedThanKept) {
    Promise promise;
    promise.update(between(60, 120), kStart);
    EXPECT_FALSE(promise.update(between(32, 130), kStart + seconds(30))) << "mean at 111";
    EXPECT_TRUE(promise.update(between(70, 130), kStart + seconds(30))) << "mean at 130";
    EXPECT_EQ(promise.told().cause, RiseCause::slower_than_usual);
    EXPECT_EQ(promise.told().latest(), kStart + seconds(160));
}

TEST(PromiseTest, APromiseThatWasMissedIsNotKeptUp) {
    Promise promise;
    promise.update(between(10, 20), kStart);
    EXPECT_TRUE(promise.update(between(0, 3), kStart + seconds(20)));
    EXPECT_EQ(promise.told().cause, RiseCause::slower_than_usual);
    EXPECT_GT(promise.told().latest(), kStart + seconds(20));
}

TEST(PromiseTest, TheRangeBecomesNarrowerFromBelowWhileTheEndStays) {
    Promise promise;
    promise.update(between(10, 120), kStart);
    EXPECT_TRUE(promise.update(between(50, 125), kStart));
    EXPECT_EQ(promise.told().low, seconds(50));
    EXPECT_EQ(promise.told().latest(), kStart + seconds(120));
    EXPECT_TRUE(promise.update(between(60, 160, {core::QueueId{1}, 8, 300, 5}), kStart));
    EXPECT_EQ(promise.told().cause, RiseCause::fewer_agents) << "than when the end was found";
}

TEST(PromiseTest, WhereNobodyIsLeftAtWorkThatIsTold) {
    Promise promise;
    promise.update(between(60, 120), kStart);
    const Forecast nobody{FoundBy::nobody_at_work, 0, 0, 0, {core::QueueId{1}, 0, 0, 5}};
    EXPECT_TRUE(promise.update(nobody, kStart + seconds(1)));
    EXPECT_EQ(promise.told().cause, RiseCause::fewer_agents);
    EXPECT_FALSE(promise.update(nobody, kStart + seconds(2)));
    EXPECT_TRUE(promise.update(between(600, 900), kStart + seconds(3))) << "sooner than never";
    EXPECT_EQ(promise.told().cause, std::nullopt);
}

TEST(PromiseTest, ARangeOnceFoundIsKeptWhenLessIsKnown) {
    Promise promise;
    promise.update(between(60, 120), kStart);
    const Forecast unknown{FoundBy::too_little_known, 0, 0, 0, {core::QueueId{1}, 1, 0, 0}};
    EXPECT_FALSE(promise.update(unknown, kStart + seconds(1)));
    EXPECT_TRUE(promise.update(unknown, kStart + seconds(121)));
    EXPECT_EQ(promise.told().cause, RiseCause::slower_than_usual);
}

// Whatever is forecast: the end never rises without a cause, ranges are ranges, and what is told
// changes only by what is worth telling.
TEST(PromisePropertyTest, TheEndRisesOnlyWithItsCause) {
    Rng rng(23);
    int rises = 0;
    for (int round = 0; round < 500; ++round) {
        Promise promise;
        Time now = kStart;
        Circumstances on{core::QueueId{1}, 10, 300, 20};
        double high = 600;
        for (int step = 0; step < 200; ++step) {
            now += milliseconds(rng.below(20'000));
            high = std::max(0.0, high + 100 * (rng.unit() - 0.55));
            on.agents = static_cast<std::uint32_t>(
                std::max(1, static_cast<int>(on.agents) - 1 + static_cast<int>(rng.below(3))));
            on.ahead += rng.below(3);
            on.ahead -= std::min(on.ahead, rng.below(4));
            on.handle_time *= 0.99 + 0.02 * rng.unit();
            const double low = high * rng.unit();
            Forecast forecast = between(low, high, on);
            if (rng.below(40) == 0) {
                forecast.found_by =
                    rng.below(2) == 0 ? FoundBy::nobody_at_work : FoundBy::too_little_known;
            }
            const ports::ToldWait before = promise.told();
            const bool is_new = promise.update(forecast, now);
            const ports::ToldWait& after = promise.told();
            ASSERT_EQ(is_new, step == 0 || after != before);
            ASSERT_LE(after.low, after.high);
            ASSERT_GE(after.low, Duration::zero());
            if (after.has_range() && step > 0 && before.has_range() &&
                after.latest() > before.latest()) {
                ASSERT_TRUE(after.cause) << "round " << round << ", step " << step;
                ++rises;
            }
            ASSERT_TRUE(!after.has_range() || after.latest() >= now || !is_new);
        }
    }
    EXPECT_GT(rises, 500) << "else the property says little";
}

}  // namespace
}  // namespace lanze::predict
