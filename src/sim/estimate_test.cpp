#include "sim/estimate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.h"
#include "sim/distribution.h"

namespace lanze::sim {
namespace {

// Of one degree of freedom tan(pi (p - 1/2)), of two (2p - 1) / sqrt(2 p (1 - p)); the others from
// the usual tables.
TEST(StudentQuantile, AgreesWithClosedFormsAndTables) {
    for (const double p : {0.6, 0.9, 0.975, 0.9995, 0.999995}) {
        EXPECT_NEAR(student_quantile(p, 1) / std::tan(3.14159265358979323846 * (p - 0.5)), 1, 1e-8);
        EXPECT_NEAR(student_quantile(p, 2) / ((2 * p - 1) / std::sqrt(2 * p * (1 - p))), 1, 1e-8);
    }
    EXPECT_NEAR(student_quantile(0.975, 10), 2.228, 5e-4);
    EXPECT_NEAR(student_quantile(0.975, 39), 2.0227, 5e-5);
    EXPECT_NEAR(student_quantile(0.975, 100'000), 1.95999, 5e-5);
}

TEST(Ratio, IsTheRatioOfTheSums) {
    const Estimate estimate = ratio({{1, 10}, {3, 10}, {8, 40}}, 0.95);
    EXPECT_DOUBLE_EQ(estimate.value, 0.2);
    EXPECT_GT(estimate.half_width, 0);
    EXPECT_EQ(ratio({{0, 0}, {0, 0}}, 0.95).value, 0);
    EXPECT_TRUE(std::isinf(ratio({{1, 2}}, 0.95).half_width));
}

// Of many experiments with a known answer as many intervals hold it as they say.
TEST(Ratio, HoldsTheTruthAsOftenAsItSays) {
    constexpr int kExperiments = 4'000;
    Rng rng(11);
    int held = 0;
    for (int i = 0; i < kExperiments; ++i) {
        std::vector<Part> parts;
        for (int j = 0; j < 20; ++j) {
            const double of = 50 + 50 * draw_exponential(rng);
            parts.push_back({0.3 * of + 5 * draw_normal(rng), of});
        }
        const Estimate estimate = ratio(parts, 0.95);
        held += std::abs(estimate.value - 0.3) <= estimate.half_width ? 1 : 0;
    }
    EXPECT_NEAR(held / static_cast<double>(kExperiments), 0.95, 0.015);
}

}  // namespace
}  // namespace lanze::sim
