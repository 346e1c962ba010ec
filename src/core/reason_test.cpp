// Why: the reasons a floor gives for what it decides.
#include "core/reason.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "core/build_id.h"
#include "core/candidates.h"
#include "core/floor.h"

namespace lanze::core {
namespace {

AgentConfig agent(const std::string& name, Skills skills) {
    AgentConfig config;
    config.name = name;
    config.skills = std::move(skills);
    config.wrap_up = Duration{};
    config.starts_ready = true;
    return config;
}

class ReasonTest : public testing::Test {
protected:
    ReasonTest() {
        QueueConfig bank;
        bank.name = "bank";
        bank.needs = {{"bank", 2}};
        bank.widening = {{seconds(30), {{"bank", 1}}, false}};
        config_.queues = {bank};
        config_.agents = {agent("anna", {{"bank", 2}}), agent("ben", {{"bank", 1}}),
                          agent("cleo", {{"travel", 1}})};
    }

    std::vector<Reason> tell(const Command& command, int second) {
        return floor_.handle(command, Time{seconds(second)}, Explaining::yes).reasons;
    }

    Config config_;
    Floor floor_;
};

TEST_F(ReasonTest, TellsWhoWasChosenAndWhoWasNot) {
    (void)tell(Configure{config_}, 0);
    const auto reasons = tell(EnterQueue{QueueId{1}}, 10);
    ASSERT_EQ(reasons.size(), 1U);
    const Reason& reason = reasons[0];
    EXPECT_EQ(reason.agent, AgentId{1});
    EXPECT_EQ(reason.presentation, PresentationId{1});
    EXPECT_EQ(reason.occasion, Occasion::contact_entered);
    EXPECT_EQ(reason.candidates, 1U);
    EXPECT_EQ(reason.key, 0);  // idle since
    EXPECT_EQ(reason.excluded, (std::vector<Exclusion>{{kAllPools, ExcludedBy::other_skills, 2}}));
}

TEST_F(ReasonTest, TellsWhyNobodyCouldTakeIt) {
    (void)tell(Configure{config_}, 0);
    (void)tell(EnterQueue{QueueId{1}}, 10);
    const auto reasons = tell(EnterQueue{QueueId{1}}, 11);
    ASSERT_EQ(reasons.size(), 1U);
    EXPECT_FALSE(reasons[0].agent.is_set());
    EXPECT_EQ(reasons[0].excluded,
              (std::vector<Exclusion>{{0, ExcludedBy::alerting, 1},
                                      {kAllPools, ExcludedBy::other_skills, 2}}));
}

TEST_F(ReasonTest, TellsTheStepOfWideningAndWhoCameFree) {
    (void)tell(Configure{config_}, 0);
    (void)tell(EnterQueue{QueueId{1}}, 10);
    (void)tell(Answer{PresentationId{1}}, 10);
    (void)tell(EnterQueue{QueueId{1}}, 11);
    const auto widened = tell(AdvanceTime{}, 41);
    ASSERT_EQ(widened.size(), 1U);
    EXPECT_EQ(widened[0].agent, AgentId{2});
    EXPECT_EQ(widened[0].occasion, Occasion::contact_widened);
    EXPECT_EQ(widened[0].step, 1);
    EXPECT_EQ(widened[0].level, 1U);
    (void)tell(EnterQueue{QueueId{1}}, 42);
    (void)tell(EnterQueue{QueueId{1}}, 43);
    const auto free = tell(HangUp{ContactId{1}, EndedBy::caller}, 44);
    ASSERT_EQ(free.size(), 1U);
    EXPECT_EQ(free[0].contact, ContactId{3});
    EXPECT_EQ(free[0].occasion, Occasion::agent_free);
    EXPECT_EQ(free[0].contacts, 2U);
}

// A journal that has forgotten who left names the others by ids with gaps.
TEST_F(ReasonTest, CountNobodyForAnIdThatIsLeftOut) {
    Config config = config_;
    config.queues[0].needs.clear();
    config.agents = {agent("anna", {})};
    floor_.apply(Configured{config, {QueueId{1}}, {AgentId{7}}}, Time{});
    const auto reasons = tell(EnterQueue{QueueId{1}}, 10);
    ASSERT_EQ(reasons.size(), 1U);
    EXPECT_EQ(reasons[0].agent, AgentId{7});
    EXPECT_EQ(reasons[0].candidates, 1U);
    EXPECT_TRUE(reasons[0].excluded.empty());
}

// Or the same decisions, made after a restart, would tell of other pools.
TEST_F(ReasonTest, NumberPoolsAsIfWhoHasGoneHadNeverBeen) {
    config_.agents[0].skills = {{"travel", 1}};
    config_.agents[1].skills = {{"bank", 2}};
    (void)tell(Configure{config_}, 0);
    Config later = config_;
    later.agents.erase(later.agents.begin());
    (void)tell(Configure{later}, 1);
    Floor forgetful;
    const std::vector<AgentId> left{AgentId{2}, AgentId{3}};
    forgetful.apply(Configured{later, {QueueId{1}}, left}, Time{seconds(1)});
    for (const int second : {10, 11}) {
        const Outcome outcome =
            forgetful.handle(EnterQueue{QueueId{1}}, Time{seconds(second)}, Explaining::yes);
        auto reasons = tell(EnterQueue{QueueId{1}}, second);
        reasons[0].key = outcome.reasons[0].key;  // since when he is idle is not carried over here
        EXPECT_EQ(reasons, outcome.reasons);
    }
    EXPECT_EQ(forgetful.find_agent(AgentId{2})->pool, 0U);
}

TEST_F(ReasonTest, CountsTheAgentWhomAContactWaitsForByName) {
    (void)tell(Configure{config_}, 0);
    EnterQueue enter{QueueId{1}};
    enter.preferred = AgentId{3};
    const auto reasons = tell(enter, 10);
    ASSERT_EQ(reasons.size(), 1U);
    EXPECT_EQ(reasons[0].agent, AgentId{3});
    EXPECT_EQ(reasons[0].candidates, 1U);
    EXPECT_EQ(reasons[0].excluded,
              (std::vector<Exclusion>{{kAllPools, ExcludedBy::not_preferred, 2}}));
}

// The names behind the counts, on the floor as it was when the search was made.
TEST_F(ReasonTest, CanBeToldByName) {
    (void)tell(Configure{config_}, 0);
    (void)tell(EnterQueue{QueueId{1}}, 10);
    const Floor before = floor_;
    const Outcome outcome =
        floor_.handle(EnterQueue{QueueId{1}}, Time{seconds(11)}, Explaining::yes);
    ASSERT_EQ(outcome.events_before, (std::vector<std::size_t>{1}));
    Floor then = before;
    then.apply(outcome.events[0], Time{seconds(11)});
    std::vector<std::pair<std::uint32_t, std::optional<ExcludedBy>>> told;
    for (const Standing& each :
         standings(then, *then.find_contact(ContactId{2}), Time{seconds(11)})) {
        told.emplace_back(each.agent.value(), each.by);
    }
    EXPECT_EQ(told, (decltype(told){{1, ExcludedBy::alerting},
                                    {2, ExcludedBy::other_skills},
                                    {3, ExcludedBy::other_skills}}));
}

TEST(BuildIdTest, IsSixteenDigits) {
    EXPECT_EQ(build_id().size(), 16U);
    EXPECT_EQ(build_id().find_first_not_of("0123456789abcdef"), std::string_view::npos);
}

TEST_F(ReasonTest, AreNotTroubledOverUnlessAskedFor) {
    (void)floor_.handle(Configure{config_}, Time{});
    EXPECT_TRUE(floor_.handle(EnterQueue{QueueId{1}}, Time{}).reasons.empty());
}

}  // namespace
}  // namespace lanze::core
