#include "predict/wait_teller.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "predict/centre_fixture.h"

namespace lanze::predict {
namespace {

using ports::FoundBy;
using ports::RiseCause;

class WaitTellerTest : public testing::Test {
protected:
    WaitTellerTest() {
        centre.add_agents(2, {"bank"});
        centre.open();
        centre.handle(1, 30, minutes(5));
        first = centre.enter(1);
        second = centre.enter(1);
    }
    WaitTeller::News tell() { return teller.tell(centre.now); }

    SmallCentre centre{{"bank"}, [this](const core::Event& event, Time at, const core::Floor&) {
                           teller.note(event, at);
                       }};
    WaitTeller teller{centre.floor};
    core::ContactId first;
    core::ContactId second;
};

TEST_F(WaitTellerTest, EachIsToldOnceAndThenOnlyWhatIsNew) {
    const core::ContactId waiting = centre.enter(1);
    EXPECT_EQ(teller.of(waiting), nullptr);
    EXPECT_TRUE(teller.is_anybody_waiting());
    const WaitTeller::News news = tell();
    EXPECT_EQ(news.contacts, std::vector{waiting});
    EXPECT_EQ(news.queues, std::vector{core::QueueId{1}});
    EXPECT_EQ(teller.of(waiting)->found_by, FoundBy::service_rate);
    EXPECT_GT(teller.entering(core::QueueId{1})->high, teller.of(waiting)->high);
    centre.pass(seconds(1));
    EXPECT_TRUE(tell().contacts.empty());
    EXPECT_TRUE(tell().queues.empty());
}

TEST_F(WaitTellerTest, AnAgentWhoLeavesIsTheCause) {
    const core::ContactId waiting = centre.enter(1);
    tell();
    const Time latest = teller.of(waiting)->latest();
    centre.leave(1);
    EXPECT_EQ(tell().contacts, std::vector{waiting});
    EXPECT_EQ(teller.of(waiting)->cause, RiseCause::fewer_agents);
    EXPECT_GT(teller.of(waiting)->latest(), latest);
}

TEST_F(WaitTellerTest, SomebodyUrgentIsTheCause) {
    const core::ContactId waiting = centre.enter(1);
    tell();
    centre.enter(1, 1);
    tell();
    EXPECT_EQ(teller.of(waiting)->cause, RiseCause::others_went_before);
}

TEST_F(WaitTellerTest, WhoIsAnsweredOrGoneIsToldNothingAnyMore) {
    const core::ContactId answered = centre.enter(1);
    const core::ContactId gone = centre.enter(1);
    tell();
    centre.hang_up(gone);
    centre.hang_up(first);
    EXPECT_EQ(teller.of(gone), nullptr);
    EXPECT_EQ(teller.of(answered), nullptr);
    EXPECT_FALSE(teller.is_anybody_waiting());
}

TEST_F(WaitTellerTest, WhoeverEntersIsToldThatSomebodyIsIdle) {
    tell();
    centre.hang_up(second);
    EXPECT_EQ(tell().queues.size(), 1U);
    EXPECT_EQ(teller.entering(core::QueueId{1})->found_by, FoundBy::idle_agent);
    EXPECT_EQ(teller.entering(core::QueueId{1})->high, Duration::zero());
}

}  // namespace
}  // namespace lanze::predict
