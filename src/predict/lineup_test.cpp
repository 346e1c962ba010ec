#include "predict/lineup.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/rng.h"
#include "predict/centre_fixture.h"

namespace lanze::predict {
namespace {

class LineupTest : public testing::Test {
protected:
    std::vector<std::uint64_t> order() const {
        std::vector<std::uint64_t> ids;
        for (const Waiter& waiter : lineup.in_order(centre.floor, centre.now)) {
            ids.push_back(waiter.contact.value());
        }
        return ids;
    }
    std::vector<std::uint32_t> pools_of(std::uint32_t queue) {
        return lineup.pools_of(*centre.floor.find_queue(core::QueueId{queue}));
    }

    Lineup lineup;
    SmallCentre centre{{"bank", "travel"},
                       [this](const core::Event& event, Time, const core::Floor& floor) {
                           lineup.note(event, floor);
                       }};
};

using Ids = std::vector<std::uint64_t>;

TEST_F(LineupTest, PoolsAreAgentsOfTheSameSkillsAndWhatTheyHave) {
    centre.add_agents(2, {"bank"});
    centre.add_agents(1, {"bank", "travel"});
    centre.open();
    ASSERT_EQ(lineup.pools().size(), 2U);
    EXPECT_EQ(lineup.pools()[0].idle, 2U);
    EXPECT_EQ(pools_of(1), (std::vector<std::uint32_t>{0, 1}));
    EXPECT_EQ(pools_of(2), (std::vector<std::uint32_t>{1}));
    const core::ContactId travel = centre.enter(2);
    EXPECT_EQ(lineup.pools()[1].idle, 0U);
    EXPECT_EQ(lineup.pools()[1].at_work, 1U);
    EXPECT_EQ(lineup.pools()[1].busy, (std::vector<std::uint32_t>{0, 0, 1}));
    centre.leave(3);  // after the contact
    EXPECT_EQ(lineup.pools()[1].at_work, 0U) << "does not come back";
    centre.leave(1);
    EXPECT_EQ(lineup.pools()[0].at_work, 1U);
    centre.hang_up(travel);
    centre.come(3);
    EXPECT_EQ(lineup.pools()[1].idle, 1U);
}

TEST_F(LineupTest, WhoWaitsStandsByPriorityThenRank) {
    centre.add_agents(1, {"travel"});
    centre.open();
    centre.enter(1);
    centre.pass(seconds(1));
    centre.enter(1);
    const core::ContactId urgent = centre.enter(1, 2);
    EXPECT_EQ(order(), (Ids{3, 1, 2}));
    centre.hang_up(urgent);
    EXPECT_EQ(order(), (Ids{1, 2}));
    centre.decide(core::Prioritise{core::ContactId{2}, 1});
    EXPECT_EQ(order(), (Ids{2, 1}));
}

TEST_F(LineupTest, WhoIsOverdueGoesBeforeAllPriorities) {
    centre.config.charter.starvation_factor = 2;
    centre.add_agents(1, {"travel"});
    centre.open();
    centre.enter(1);
    centre.pass(seconds(45));
    centre.enter(1, 1);
    EXPECT_EQ(order(), (Ids{1, 2}));
}

TEST_F(LineupTest, TheRulesOfTheCentreGiveTheOrder) {
    centre.config.queues[0].service_level.within = seconds(10);
    centre.config.queues[1].service_level.within = seconds(100);
    centre.open();
    centre.enter(2);
    centre.pass(seconds(20));
    centre.enter(1);
    centre.enter(1);
    centre.pass(seconds(10));
    EXPECT_EQ(order(), (Ids{1, 2, 3}));
    centre.config.contact_rule = core::ContactRule::relative_to_target;
    centre.open();
    EXPECT_EQ(order(), (Ids{2, 3, 1})) << "once its target, and 0.3 of it";
    centre.config.contact_rule = core::ContactRule::longer_queue;
    centre.open();
    EXPECT_EQ(order(), (Ids{2, 3, 1})) << "two wait, then one in each, the first queue's first";
}

TEST_F(LineupTest, AWideningStepOpensMorePools) {
    centre.config.queues[0].widening = {{minutes(1), {{"travel", 1}}, false}};
    centre.add_agents(1, {"travel"});
    centre.open();
    centre.enter(2);
    centre.enter(1);
    EXPECT_TRUE(lineup.pools_of(lineup.in_order(centre.floor, centre.now)[0]).empty());
    centre.pass(minutes(1));
    EXPECT_EQ(lineup.pools_of(lineup.in_order(centre.floor, centre.now)[0]).size(), 1U);
}

TEST_F(LineupTest, AReserveKeepsItsPoolWhileTooFewAreIdle) {
    centre.config.queues[0].reserves = {{{{"travel", 1}}, 1}};
    centre.add_agents(2, {"bank", "travel"});
    centre.open();
    const core::Queue& bank = centre.floor.queues()[0];
    EXPECT_FALSE(lineup.is_kept(0, bank));
    centre.enter(1);
    EXPECT_TRUE(lineup.is_kept(0, bank));
    EXPECT_FALSE(lineup.is_kept(0, centre.floor.queues()[1]));
}

TEST_F(LineupTest, ChatsAndThoseWhoMayNotBeCalledNowAreNotInIt) {
    centre.open();
    centre.decide(core::EnterQueue{core::QueueId{1}, {}, 0, {}, core::Channel::chat});
    EXPECT_TRUE(order().empty());
    const core::ContactId caller = centre.enter(1);
    centre.decide(core::RequestCallback{caller});
    EXPECT_EQ(order().size(), 1U);
    centre.decide(
        core::SetHours{core::QueueId{1}, {{centre.now + hours(1), centre.now + hours(2)}}});
    EXPECT_TRUE(order().empty()) << "its queue is closed";
}

// Whatever happens, what was followed is what would be learned anew.
TEST(LineupPropertyTest, FollowedIsTheSameAsLearnedAnew) {
    Rng rng(17);
    Lineup lineup;
    SmallCentre centre({"bank", "travel"},
                       [&](const core::Event& event, Time, const core::Floor& floor) {
                           lineup.note(event, floor);
                       });
    centre.config.queues[0].widening = {{seconds(20), {{"travel", 1}}, false}};
    centre.add_agents(2, {"bank"});
    centre.add_agents(2, {"bank", "travel"});
    centre.config.agents[1].wrap_up = seconds(30);
    centre.config.charter.occupancy_max_permille = 600;
    centre.open();
    for (int step = 0; step < 2'000; ++step) {
        const auto agent = 1 + rng.below(4);
        centre.answers = rng.below(4) > 0;
        switch (rng.below(8)) {
            case 0:
                centre.leave(agent);
                break;
            case 1:
            case 2:
                centre.come(agent);
                break;
            case 3:
            case 4:
                centre.enter(1 + rng.below(2), static_cast<std::uint8_t>(rng.below(10)));
                break;
            case 5:
                centre.decide(core::EndWrapUp{core::AgentId{agent}, ""});
                break;
            default:
                const std::uint64_t last = centre.floor.next_contact().value();
                centre.hang_up(core::ContactId{last - std::min(last, 1UL + rng.below(8))});
        }
        centre.pass(milliseconds(rng.below(5'000)));
        Lineup anew;
        anew.rebuild(centre.floor);
        ASSERT_EQ(lineup, anew) << "after step " << step;
    }
}

}  // namespace
}  // namespace lanze::predict
