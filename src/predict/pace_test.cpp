#include "predict/pace.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.h"
#include "predict/centre_fixture.h"

namespace lanze::predict {
namespace {

constexpr core::QueueId kBank{1};

class PaceTest : public testing::Test {
protected:
    PaceTest() {
        centre.add_agents(1, {"bank"});
        centre.open();
    }
    Pace pace;
    SmallCentre centre{
        {"bank", "travel"},
        [this](const core::Event& event, Time at, const core::Floor&) { pace.note(event, at); }};
};

TEST_F(PaceTest, GivingUpIsCountedByAllTheTimeThatWasWaited) {
    const core::ContactId talking = centre.enter(1);
    for (int i = 0; i < 19; ++i) {
        const core::ContactId waiting = centre.enter(1);
        centre.pass(seconds(10));
        centre.hang_up(waiting);
    }
    EXPECT_EQ(pace.giving_up_rate(kBank), 0) << "19 are too few";
    const core::ContactId served = centre.enter(1);
    centre.pass(seconds(190));
    centre.hang_up(talking);
    EXPECT_DOUBLE_EQ(pace.giving_up_rate(kBank), 19 / 380.0);
    centre.hang_up(served);
    EXPECT_DOUBLE_EQ(pace.giving_up_rate(kBank), 19 / 380.0) << "an answered one gives up no more";
    EXPECT_EQ(pace.giving_up_rate(core::QueueId{2}), 0);
}

TEST_F(PaceTest, WhoIsAnsweredAtOnceSaysNothingAboutPatience) {
    centre.handle(1, 30, seconds(5));
    const core::ContactId talking = centre.enter(1);
    const core::ContactId waiting = centre.enter(1);
    centre.pass(seconds(10));
    centre.hang_up(waiting);
    centre.hang_up(talking);
    EXPECT_EQ(pace.giving_up_rate(kBank), 0) << "only one has waited";
}

TEST_F(PaceTest, WhoAwaitsACallbackDoesNotGiveUpAnyMore) {
    for (int i = 0; i < 20; ++i) {
        const core::ContactId talking = centre.enter(1);
        const core::ContactId waiting = centre.enter(1);
        centre.pass(seconds(10));
        centre.decide(core::RequestCallback{waiting});
        centre.pass(seconds(1'000));
        centre.hang_up(waiting);
        centre.hang_up(talking);
    }
    EXPECT_EQ(pace.giving_up_rate(kBank), 0);
}

TEST_F(PaceTest, ArrivalsAreThoseOfTheLastQuarterOfAnHour) {
    Rng rng(3);
    for (int i = 0; i < 4'000; ++i) {
        centre.pass(milliseconds(static_cast<int>(-std::log(1 - rng.unit()) * 2'000)));
        centre.enter(1, i % 4 == 0 ? 2 : 0);
    }
    EXPECT_NEAR(pace.arrival_rate(kBank, core::kPriorityNormal, centre.now), 0.375, 0.075);
    EXPECT_NEAR(pace.arrival_rate(kBank, 2, centre.now), 0.125, 0.05);
    EXPECT_EQ(pace.arrival_rate(kBank, 3, centre.now), 0);
    EXPECT_LT(pace.arrival_rate(kBank, 2, centre.now + hours(2)), 0.001);
}

TEST_F(PaceTest, TheFirstArrivalIsNoRush) {
    centre.enter(1);
    EXPECT_LE(pace.arrival_rate(kBank, core::kPriorityNormal, centre.now), 1.0 / 58);
}

TEST_F(PaceTest, AlertingIsFromThePresentationToTheAnswer) {
    centre.answers = false;
    EXPECT_EQ(pace.alerting_time(kBank), 0);
    centre.enter(1);
    centre.pass(seconds(4));
    centre.decide(core::Answer{core::PresentationId{1}});
    EXPECT_DOUBLE_EQ(pace.alerting_time(kBank), 4);
}

}  // namespace
}  // namespace lanze::predict
