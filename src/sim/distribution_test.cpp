#include "sim/distribution.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace lanze::sim {
namespace {

struct Row {
    std::string name;
    Distribution distribution;
    double mean;
    double variation;  // standard deviation / mean
};

std::vector<Row> rows() {
    const Duration mean = seconds(100);
    // Of Weibull's shape k: variance / mean^2 = gamma(1 + 2/k) / gamma(1 + 1/k)^2 - 1.
    const double weibull = std::sqrt(std::tgamma(2.0) / std::pow(std::tgamma(1.5), 2) - 1);
    return {{"fixed", Distribution::fixed(mean), 100, 0},
            {"exponential", Distribution::exponential(mean), 100, 1},
            {"lognormal", Distribution::lognormal(mean, 1.5), 100, 1.5},
            {"gamma", Distribution::gamma(mean, 0.5), 100, 0.5},
            {"gamma that varies much", Distribution::gamma(mean, 2), 100, 2},
            {"weibull", Distribution::weibull(mean, 2), 100, weibull},
            {"empirical", Distribution::empirical({seconds(50), seconds(150)}), 100, 0.5},
            {"weibull of a scale", Distribution::weibull_of_scale(100 / std::tgamma(1.5), 2), 100,
             weibull},
            // Mean square: (2 x 50^2 + 2 x 150^2) / 2 = 25,000.
            {"mixed",
             Distribution::mixed({3, 3}, {Distribution::exponential(seconds(50)),
                                          Distribution::exponential(seconds(150))}),
             100, std::sqrt(1.5)},
            {"scaled", Distribution::gamma(seconds(50), 0.5).scaled(2), 100, 0.5},
            {"mixed and scaled",
             Distribution::mixed({1}, {Distribution::lognormal(seconds(200), 1.5)}).scaled(0.5),
             100, 1.5}};
}

TEST(Distribution, HasItsMeanAndVariation) {
    constexpr int kDraws = 200'000;
    for (const Row& row : rows()) {
        Rng rng(7);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < kDraws; ++i) {
            const double drawn = static_cast<double>(row.distribution.draw(rng).count()) / 1e6;
            ASSERT_GE(drawn, 0);
            sum += drawn;
            squares += drawn * drawn;
        }
        const double mean = sum / kDraws;
        const double deviation = std::sqrt(std::max(0.0, squares / kDraws - mean * mean));
        // Five standard errors of the mean; of the deviation what heavy tails leave.
        EXPECT_NEAR(mean, row.mean, 5 * row.variation * row.mean / std::sqrt(kDraws) + 1e-6)
            << row.name;
        EXPECT_NEAR(deviation / mean, row.variation, 0.04 * row.variation + 1e-9) << row.name;
        EXPECT_NEAR(row.distribution.mean(), row.mean, 1e-9 * row.mean) << row.name;
    }
}

TEST(Distribution, DrawsTheSameForTheSameSeed) {
    for (const Row& row : rows()) {
        Rng one(3);
        Rng other(3);
        EXPECT_EQ(row.distribution.draw(one), row.distribution.draw(other)) << row.name;
    }
}

TEST(Distribution, DrawsBeyondWhatHasPassed) {
    for (const Row& row : rows()) {
        Rng rng(5);
        for (int i = 0; i < 1'000; ++i) {
            EXPECT_GT(row.distribution.draw_beyond(seconds(149), rng), seconds(149)) << row.name;
        }
    }
}

}  // namespace
}  // namespace lanze::sim
