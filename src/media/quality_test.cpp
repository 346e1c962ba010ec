#include "media/quality.h"

#include <gtest/gtest.h>

namespace lanze::media {
namespace {

TEST(Quality, FollowsTheFormulas) {
    EXPECT_NEAR(rating(Duration::zero(), 0.0), 94.2, 1e-9);
    EXPECT_NEAR(rating(milliseconds(100), 0.0), 91.8, 1e-9);
    EXPECT_NEAR(rating(milliseconds(277), 0.0), 94.2 - 6.648 - 10.967, 1e-9);
    EXPECT_NEAR(rating(Duration::zero(), 0.05), 94.2 - 30.0 * 0.5596157879, 1e-6);
}

// Values of the curve in Figure B.2 of G.107.
TEST(Quality, TurnsRatingsIntoScores) {
    EXPECT_EQ(mean_opinion_score(-5.0), 1.0);
    EXPECT_EQ(mean_opinion_score(3.0), 1.0);
    EXPECT_NEAR(mean_opinion_score(50.0), 2.58, 0.005);
    EXPECT_NEAR(mean_opinion_score(80.0), 4.02, 0.005);
    EXPECT_NEAR(mean_opinion_score(93.2), 4.41, 0.005);
    EXPECT_EQ(mean_opinion_score(120.0), 4.5);
}

TEST(Quality, EstimatesALeg) {
    core::LegQuality quality;
    estimate_mos(quality);
    EXPECT_EQ(quality.mos_hundredths, 0) << "nothing received, nothing known";

    quality.packets_received = 1000;
    estimate_mos(quality);
    const int good = quality.mos_hundredths;
    EXPECT_NEAR(good, 441, 3);

    quality.packets_lost = 50;
    quality.jitter_us = 30'000;
    quality.round_trip_us = 200'000;
    estimate_mos(quality);
    EXPECT_LT(quality.mos_hundredths, good - 50);
    EXPECT_GT(quality.mos_hundredths, 300);
}

}  // namespace
}  // namespace lanze::media
