#include "predict/wait_predictor.h"

#include <gtest/gtest.h>

#include <map>

#include "plan/queue_wait.h"
#include "predict/centre_fixture.h"

namespace lanze::predict {
namespace {

using ports::FoundBy;

class WaitPredictorTest : public testing::Test {
protected:
    Forecast entering(std::uint32_t queue) {
        return predictor.entering(core::QueueId{queue}, centre.floor, centre.now);
    }
    Forecast of(core::ContactId contact) {
        return predictor.forecast(contact, centre.floor, centre.now).value();
    }
    // Thirty contacts of five minutes each, so that handle times are known.
    void open_with(int agents) {
        centre.add_agents(agents, {"bank"});
        centre.open();
        centre.handle(1, 30, minutes(5));
    }

    WaitPredictor predictor;
    SmallCentre centre{{"bank", "travel"},
                       [this](const core::Event& event, Time at, const core::Floor& floor) {
                           predictor.note(event, at, floor);
                       }};
};

TEST_F(WaitPredictorTest, WhereSomebodyIsIdleNobodyWaits) {
    open_with(1);
    EXPECT_EQ(entering(1).found_by, FoundBy::idle_agent);
    EXPECT_EQ(entering(1).high, 0);
}

TEST_F(WaitPredictorTest, WhereNobodyIsAtWorkThereIsNoFigure) {
    open_with(1);
    EXPECT_EQ(entering(2).found_by, FoundBy::nobody_at_work);
    centre.leave(1);
    EXPECT_EQ(entering(1).found_by, FoundBy::nobody_at_work);
    EXPECT_EQ(of(centre.enter(1)).found_by, FoundBy::nobody_at_work);
}

TEST_F(WaitPredictorTest, OneQueueIsTheSumOverTheQueueAhead) {
    open_with(3);
    for (int i = 0; i < 3; ++i) {
        centre.enter(1);
    }
    std::vector<core::ContactId> waiting;
    for (std::uint64_t ahead = 0; ahead < 10; ++ahead) {
        EXPECT_NEAR(entering(1).mean, plan::wait_behind(ahead, 3 / 300.0, 0).mean, 1e-9);
        waiting.push_back(centre.enter(1));
        EXPECT_NEAR(of(waiting.back()).mean, plan::wait_behind(ahead, 3 / 300.0, 0).mean, 1e-9);
    }
    const Forecast last = of(waiting.back());
    EXPECT_EQ(last.on, (Circumstances{core::QueueId{1}, 3, 300, 9}));
    const plan::WaitRange range =
        plan::range_of(plan::with_rate_estimated(plan::wait_behind(9, 3 / 300.0, 0), 30));
    EXPECT_NEAR(last.low, range.low, 1e-9);
    EXPECT_NEAR(last.high, range.high, 1e-9);
}

TEST_F(WaitPredictorTest, WhoGivesUpMakesRoom) {
    open_with(1);
    centre.enter(1);
    for (int i = 0; i < 20; ++i) {
        const core::ContactId leaving = centre.enter(1);
        centre.pass(seconds(60));
        centre.hang_up(leaving);
    }
    for (int i = 0; i < 5; ++i) {
        centre.enter(1);
    }
    EXPECT_NEAR(entering(1).mean, plan::wait_behind(5, 1 / 300.0, 1 / 60.0).mean, 1e-9);
}

TEST_F(WaitPredictorTest, AlertingIsPartOfTheWaitAndOfWhatAContactTakes) {
    centre.add_agents(1, {"bank"});
    centre.open();
    centre.answers = false;
    for (std::uint64_t i = 1; i <= 30; ++i) {
        const core::ContactId contact = centre.enter(1);
        centre.pass(seconds(4));
        centre.decide(core::Answer{core::PresentationId{i}});
        centre.pass(seconds(296));
        centre.hang_up(contact);
    }
    centre.enter(1);
    EXPECT_NEAR(entering(1).mean, 300 + 4, 1e-9);
}

TEST_F(WaitPredictorTest, WhoIsUrgentGoesBeforeAndWhoComesUrgentMeanwhileToo) {
    open_with(1);
    centre.enter(1);
    const core::ContactId first = centre.enter(1);
    EXPECT_NEAR(of(first).mean, 300, 1e-9);
    const core::ContactId urgent = centre.enter(1, 2);
    EXPECT_NEAR(of(urgent).mean, 300, 1e-9);
    EXPECT_EQ(of(first).on.ahead, 1U);
    EXPECT_GT(of(first).mean, 600) << "others like him will come";
}

// Both agents' pools take bank; only one takes travel. Of two pools with one agent each, the first
// in line waits for either, the travel contact behind it for its own.
TEST_F(WaitPredictorTest, OtherQueuesCountAsFarAsTheyCompete) {
    open_with(1);
    centre.add_agents(1, {"bank", "travel"});
    centre.open();
    centre.enter(1);
    centre.enter(1);
    const core::ContactId bank = centre.enter(1);
    EXPECT_NEAR(of(bank).mean, 150, 1e-9);
    const core::ContactId travel = centre.enter(2);
    EXPECT_NEAR(of(travel).mean, 150 + 300, 1e-9);
    EXPECT_EQ(of(travel).on.ahead, 1U);
    const core::ContactId next = centre.enter(1);
    EXPECT_NEAR(of(next).mean, 450, 1e-9) << "the first agent has him by then";
}

TEST_F(WaitPredictorTest, TheHeadOfLineStandsInWhileNoHandleTimeIsKnown) {
    centre.add_agents(1, {"bank"});
    centre.open();
    centre.enter(1);
    EXPECT_EQ(entering(1).found_by, FoundBy::too_little_known) << "nobody waits";
    const core::ContactId head = centre.enter(1);
    centre.pass(seconds(100));
    const core::ContactId next = centre.enter(1);
    centre.pass(seconds(20));
    const Forecast forecast = entering(1);
    EXPECT_EQ(forecast.found_by, FoundBy::head_of_line);
    EXPECT_EQ(forecast.mean, 120);
    EXPECT_EQ(forecast.low, 60);
    EXPECT_EQ(forecast.high, 240);
    EXPECT_EQ(of(next).mean, 100) << "20 of 120 are behind him";
    EXPECT_EQ(of(head).mean, 0);
    EXPECT_EQ(of(head).high, 120);
}

TEST_F(WaitPredictorTest, OneLookFindsTheSameForAll) {
    open_with(2);
    centre.add_agents(1, {"travel"});
    centre.open();
    std::vector<core::ContactId> contacts;
    for (std::uint32_t i = 0; i < 12; ++i) {
        contacts.push_back(centre.enter(1 + i % 2, i % 5 == 0 ? 3 : 0));
    }
    std::map<core::ContactId, double> means;
    std::map<core::QueueId, double> entering_means;
    predictor.visit_all(
        centre.floor, centre.now,
        {[&](core::ContactId contact, const Forecast& forecast) { means[contact] = forecast.mean; },
         [&](core::QueueId queue, const Forecast& forecast) {
             entering_means[queue] = forecast.mean;
         }});
    EXPECT_EQ(means.size(), 9U) << "three are with agents";
    for (const auto& [contact, mean] : means) {
        EXPECT_EQ(of(contact).mean, mean);
    }
    EXPECT_EQ(entering(1).mean, entering_means[core::QueueId{1}]);
    EXPECT_EQ(entering(2).mean, entering_means[core::QueueId{2}]);
}

TEST_F(WaitPredictorTest, NothingIsSaidOfAChat) {
    open_with(1);
    centre.enter(1);
    centre.decide(core::EnterQueue{core::QueueId{1}, {}, 0, {}, core::Channel::chat});
    const core::ContactId chat{centre.floor.next_contact().value() - 1};
    EXPECT_FALSE(predictor.forecast(chat, centre.floor, centre.now));
}

}  // namespace
}  // namespace lanze::predict
