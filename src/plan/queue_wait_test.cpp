#include "plan/queue_wait.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "base/rng.h"

namespace lanze::plan {
namespace {

struct Case {
    std::uint64_t ahead;
    std::uint64_t served;  // in multiples of theta, if there is any
    double theta;
};

// P(wait <= t). Without theta: of Erlang's distribution. With it: exp(-theta wait) is the product
// of independent powers of uniform numbers and so beta distributed (served / theta, ahead + 1); for
// whole numbers that is a binomial sum.
double exact_cdf(const Case& of, double t) {
    const auto served = static_cast<double>(of.served);
    const std::uint64_t terms = of.theta > 0 ? of.served - 1 : of.ahead;
    const auto trials = static_cast<double>(of.served + of.ahead);
    const double x = std::exp(-of.theta * t);
    double sum = 0;
    for (std::uint64_t k = 0; k <= terms; ++k) {
        const auto count = static_cast<double>(k);
        sum += of.theta > 0
                   ? std::exp(std::lgamma(trials + 1) - std::lgamma(count + 1) -
                              std::lgamma(trials - count + 1) + count * std::log(x) +
                              (trials - count) * std::log1p(-x))
                   : std::exp(count * std::log(served * t) - served * t - std::lgamma(count + 1));
    }
    return of.theta > 0 ? sum : 1 - sum;
}

WaitMoments moments_of(const Case& of) {
    const double unit = of.theta > 0 ? of.theta : 1;
    return wait_behind(of.ahead, static_cast<double>(of.served) * unit, of.theta);
}

double exact_quantile(const Case& of, double p) {
    double low = 0;
    double high = 10 * moments_of(of).mean;
    for (int i = 0; i < 100; ++i) {
        const double middle = (low + high) / 2;
        (exact_cdf(of, middle) < p ? low : high) = middle;
    }
    return low;
}

TEST(QueueWaitTest, MeanAndVarianceAreThoseOfTheSum) {
    const WaitMoments nobody = wait_behind(0, 4, 9);
    EXPECT_DOUBLE_EQ(nobody.mean, 0.25);
    EXPECT_DOUBLE_EQ(nobody.variance, 0.0625);
    const WaitMoments two = wait_behind(2, 4, 1);
    EXPECT_DOUBLE_EQ(two.mean, 1.0 / 4 + 1.0 / 5 + 1.0 / 6);
    EXPECT_DOUBLE_EQ(two.variance, 1.0 / 16 + 1.0 / 25 + 1.0 / 36);
    EXPECT_NEAR(wait_behind(99, 10, 0).mean, 10, 1e-12);
}

TEST(QueueWaitTest, TheRangeIsCloseToTheExactQuantiles) {
    double worst_low = 0;
    double worst_high = 0;
    for (const double theta : {0.0, 0.01, 1.0}) {
        for (const std::uint64_t served : {5U, 10U, 50U, 500U}) {
            for (const std::uint64_t ahead : {0U, 1U, 2U, 5U, 20U, 100U, 400U}) {
                const Case of{ahead, served, theta};
                const WaitMoments wait = moments_of(of);
                const WaitRange range = range_of(wait);
                worst_low =
                    std::max(worst_low, std::abs(range.low - exact_quantile(of, 0.1)) / wait.mean);
                worst_high = std::max(worst_high,
                                      std::abs(range.high - exact_quantile(of, 0.9)) / wait.mean);
            }
        }
    }
    RecordProperty("worst_low", std::to_string(worst_low));
    RecordProperty("worst_high", std::to_string(worst_high));
    EXPECT_LT(worst_low, 0.01);
    EXPECT_LT(worst_high, 0.03);
}

TEST(QueueWaitTest, TheRangeIsStillCloseIfCallersGiveUpAsFastAsTheOneAgentServes) {
    for (const std::uint64_t ahead : {1U, 10U, 50U, 400U}) {
        const Case of{ahead, 1, 1};
        const WaitMoments wait = moments_of(of);
        EXPECT_NEAR(range_of(wait).low, exact_quantile(of, 0.1), 0.08 * wait.mean) << ahead;
        EXPECT_NEAR(range_of(wait).high, exact_quantile(of, 0.9), 0.08 * wait.mean) << ahead;
    }
}

TEST(QueueWaitTest, EightOfTenSimulatedSumsFallIntoTheRange) {
    Rng rng(11);
    for (const double theta : {0.0, 0.37}) {
        const WaitRange range = range_of(wait_behind(12, 2.5, theta));
        int below = 0;
        int above = 0;
        const int runs = 40'000;
        for (int run = 0; run < runs; ++run) {
            double sum = 0;
            for (int j = 0; j <= 12; ++j) {
                sum -= std::log(1 - rng.unit()) / (2.5 + j * theta);
            }
            below += sum < range.low ? 1 : 0;
            above += sum > range.high ? 1 : 0;
        }
        EXPECT_NEAR(below, runs / 10, runs / 100);
        EXPECT_NEAR(above, runs / 10, runs / 100);
    }
}

TEST(QueueWaitTest, NoWaitIsARangeOfNothingAndAWildOneStaysARange) {
    EXPECT_EQ(range_of({0, 0}).low, 0);
    EXPECT_EQ(range_of({0, 0}).high, 0);
    const WaitRange wild = range_of({1, 1'000});
    EXPECT_EQ(wild.low, 0);
    EXPECT_GT(wild.high, 1);
}

TEST(QueueWaitTest, ARateKnownFromFewTimesMakesTheRangeWider) {
    const WaitMoments wait = wait_behind(100, 10, 0);
    const WaitMoments estimated = with_rate_estimated(wait, 20);
    EXPECT_DOUBLE_EQ(estimated.mean, wait.mean);
    EXPECT_DOUBLE_EQ(estimated.variance, wait.variance + wait.mean * wait.mean / 20);
}

std::vector<WaitMoments> put_all(Drain& drain, Drain::Pools pools, std::size_t count,
                                 double theta) {
    std::vector<WaitMoments> waits(count);
    std::ranges::generate(waits, [&] { return drain.put(pools, theta).value(); });
    return waits;
}

TEST(DrainTest, OnePoolIsTheSumAndSoAreSeveralThatServeTheSame) {
    const std::vector<std::uint32_t> both{0, 1};
    for (const double theta : {0.0, 0.3}) {
        Drain one({2.5});
        Drain two({1.0, 1.5});
        const auto waits = put_all(one, Drain::Pools(both).first(1), 30, theta);
        const auto split = put_all(two, both, 30, theta);
        for (std::uint64_t ahead = 0; ahead < 30; ++ahead) {
            const WaitMoments exact = wait_behind(ahead, 2.5, theta);
            EXPECT_NEAR(waits[ahead].mean, exact.mean, 1e-12);
            EXPECT_NEAR(waits[ahead].variance, exact.variance, 1e-12);
            EXPECT_NEAR(split[ahead].mean, exact.mean, 1e-12);
            EXPECT_NEAR(split[ahead].variance, exact.variance, 1e-12);
        }
    }
}

TEST(DrainTest, WhoMayGoToOneOfTwoWaitsLongerThanWhoMayGoToBoth) {
    const std::vector<std::uint32_t> first{0};
    const std::vector<std::uint32_t> both{0, 1};
    Drain drain({1, 1});
    EXPECT_DOUBLE_EQ(drain.put(both, 0).value().mean, 0.5);
    EXPECT_DOUBLE_EQ(drain.put(first, 0).value().mean, 1.5) << "exact: 1/2, then 1 more";
    EXPECT_DOUBLE_EQ(drain.put(both, 0).value().mean, 1.5) << "the second takes it meanwhile";
    EXPECT_DOUBLE_EQ(drain.wait(both).value().mean, 2);
}

TEST(DrainTest, WaitSaysWhatPutWouldAndChangesNothing) {
    const std::vector<std::uint32_t> both{0, 1};
    Drain drain({1, 3});
    const WaitMoments before = drain.wait(both).value();
    EXPECT_EQ(drain.wait(both).value().mean, before.mean);
    const WaitMoments put = drain.put(both, 0.1).value();
    EXPECT_EQ(put.mean, before.mean);
    EXPECT_EQ(put.variance, before.variance);
    EXPECT_GT(drain.wait(both).value().mean, before.mean);
}

TEST(DrainTest, WhereNobodyWorksThereIsNoWait) {
    const std::vector<std::uint32_t> first{0};
    const std::vector<std::uint32_t> both{0, 1};
    Drain drain({0, 1});
    EXPECT_FALSE(drain.put(first, 0));
    EXPECT_FALSE(drain.wait({}));
    EXPECT_DOUBLE_EQ(drain.put(both, 0).value().mean, 1);
}

// A busy period of those who go first: mean 1 / (mu (1 - rho)), variance (1 + rho) / (mu^2 (1 -
// rho)^3).
TEST(DrainTest, WhoGoesFirstWheneverHeComesMakesOneWaitABusyPeriod) {
    const std::vector<std::uint32_t> one{0};
    Drain drain({2});
    drain.take_away(0, 0.5);
    const WaitMoments wait = drain.put(one, 0).value();
    EXPECT_DOUBLE_EQ(wait.mean, 1);
    EXPECT_DOUBLE_EQ(wait.variance, 3);
    drain.take_away(0, 7);
    EXPECT_LT(drain.wait(one).value().mean, 21.1) << "never all of it";
}

// What a pool can serve in the time up to a level is never less than what was put below it.
TEST(DrainTest, LevelsHoldWhatWasPutWhateverTheOrder) {
    Rng rng(5);
    for (int round = 0; round < 200; ++round) {
        const std::vector<double> rates{1, 0.5 + rng.unit(), 3 * rng.unit() + 0.01};
        const std::vector<std::vector<std::uint32_t>> sets{{0}, {0, 1}, {1, 2}, {0, 1, 2}, {2}};
        Drain drain(rates);
        double level_max = 0;
        for (int put = 1; put <= 40; ++put) {
            const auto& pools = sets[rng.below(5)];
            const WaitMoments before = drain.wait(pools).value();
            level_max = std::max(level_max, drain.put(pools, 0).value().mean);
            EXPECT_GE(drain.wait(pools).value().mean, before.mean);
            const double width = std::accumulate(rates.begin(), rates.end(), 0.0);
            EXPECT_GE(level_max * width, put - 1e-9);
        }
    }
}

}  // namespace
}  // namespace lanze::plan
