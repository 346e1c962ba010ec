#include "sim/past.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/floor.h"
#include "sim/past_scenario.h"

namespace lanze::sim {
namespace {

const Time kMorning = Time{hours(24 * 20'000 + 8)};

core::AgentConfig agent_named(const std::string& name) {
    core::AgentConfig agent;
    agent.name = name;
    return agent;
}

// A real floor, told by hand.
class PastTest : public testing::Test {
protected:
    PastTest() {
        config.name = "test";
        config.queues.resize(2);
        config.queues[0].name = "bank";
        config.queues[1].name = "mobile";
        config.agents = {agent_named("anna"), agent_named("ben")};
    }
    void keep_from(Time from, Time to = Time::max()) { keeper.emplace(from, to); }
    bool tell(Duration at, const core::Command& command) {
        const core::Outcome outcome = floor.handle(command, kMorning + at);
        EXPECT_FALSE(outcome.refusal);
        return keeper->note(command, outcome.events, kMorning + at);
    }
    void open() {
        tell(seconds(0), core::Configure{config});
        for (std::uint32_t i = 1; i <= 2; ++i) {
            tell(seconds(i), core::OpenDesk{core::AgentId{i}});
            tell(seconds(i), core::Ready{core::AgentId{i}});
        }
    }
    Past taken() {
        std::optional<Past> past = keeper->take();
        EXPECT_TRUE(past);
        return past ? *past : Past{};
    }
    static core::ContactId contact(std::uint64_t number) { return core::ContactId{number}; }
    static core::EnterQueue bank_caller() { return core::EnterQueue{core::QueueId{1}}; }

    core::Config config;
    core::Floor floor;
    std::optional<PastKeeper> keeper{std::in_place, Time::min(), Time::max()};
};

TEST_F(PastTest, KeepsWhatAContactDid) {
    open();
    tell(seconds(10), bank_caller());
    tell(seconds(14), core::Answer{core::PresentationId{1}});
    tell(seconds(74), core::HangUp{contact(1), core::EndedBy::caller});
    tell(seconds(80), core::EndWrapUp{core::AgentId{1}, "done"});
    tell(seconds(100), core::AdvanceTime{});
    const Past past = taken();
    ASSERT_EQ(past.contacts.size(), 1U);
    const PastContact& first = past.contacts[0];
    EXPECT_EQ(first.queue, "bank");
    EXPECT_EQ(first.priority, 0);
    EXPECT_TRUE(first.is_presented_at_once);
    EXPECT_EQ(first.arrived, kMorning + seconds(10));
    EXPECT_EQ(first.answered, kMorning + seconds(14));
    EXPECT_EQ(first.agent, "anna");
    EXPECT_EQ(first.wrap_up, seconds(6));
    EXPECT_EQ(past.agents[0].answer_delays, (std::vector<Duration>{seconds(4)}));
    EXPECT_EQ(past.agents[0].handling, seconds(66));
    // Ben was ready from his second on; anna but for the contact, its alerting counting as ready.
    EXPECT_EQ(past.agents[1].ready, seconds(98));
    EXPECT_EQ(past.agents[0].ready, seconds(99 - 66));
}

TEST_F(PastTest, AWrapUpBeyondItsBudgetLastsUntilTheAgentIsReady) {
    open();
    tell(seconds(10), bank_caller());
    tell(seconds(11), core::Answer{core::PresentationId{1}});
    tell(seconds(20), core::HangUp{contact(1), core::EndedBy::caller});
    tell(seconds(40), core::AdvanceTime{});  // the budget of 20 s
    tell(seconds(55), core::Ready{core::AgentId{1}});
    const Past past = taken();
    EXPECT_EQ(past.contacts[0].wrap_up, seconds(35));
    // That Ready follows from the wrap-up; it is no word of its own.
    EXPECT_EQ(past.agents[0].past.size(), 2U);
}

TEST_F(PastTest, KeepsBreaksAndPhones) {
    open();
    tell(minutes(5), core::NotReady{core::AgentId{1}, core::NotReadyReason::break_time});
    tell(minutes(20), core::Ready{core::AgentId{1}});
    tell(minutes(30), core::PhoneLost{core::AgentId{2}});
    tell(minutes(31), core::PhoneSeen{core::AgentId{2}});
    tell(minutes(40), core::CloseDesk{core::AgentId{1}});
    const Past past = taken();
    const auto& anna = past.agents[0].past;
    ASSERT_EQ(anna.size(), 5U);
    EXPECT_TRUE(std::holds_alternative<core::OpenDesk>(anna[0].says));
    EXPECT_TRUE(std::holds_alternative<core::Ready>(anna[1].says));
    EXPECT_EQ(std::get<core::NotReady>(anna[2].says).reason, core::NotReadyReason::break_time);
    EXPECT_EQ(anna[2].at, minutes(5));
    EXPECT_EQ(anna[3].at, minutes(20));
    EXPECT_TRUE(std::holds_alternative<core::CloseDesk>(anna[4].says));
    const auto& ben = past.agents[1].past;
    ASSERT_EQ(ben.size(), 4U);
    EXPECT_TRUE(std::holds_alternative<core::PhoneLost>(ben[2].says));
    EXPECT_TRUE(std::holds_alternative<core::PhoneSeen>(ben[3].says));
}

TEST_F(PastTest, BeginsInTheMiddle) {
    keep_from(kMorning + minutes(1));
    open();
    tell(seconds(10), bank_caller());
    tell(seconds(12), core::Answer{core::PresentationId{1}});
    tell(seconds(20), bank_caller());
    tell(seconds(22), core::Answer{core::PresentationId{2}});
    tell(seconds(30), bank_caller());  // waits on
    tell(minutes(2), core::HangUp{contact(1), core::EndedBy::caller});
    tell(minutes(2) + seconds(5), core::EndWrapUp{core::AgentId{1}, "done"});
    const Past past = taken();
    EXPECT_EQ(past.start, kMorning + minutes(1));
    EXPECT_EQ(past.talking_before, 2U);
    ASSERT_EQ(past.contacts.size(), 1U);
    EXPECT_TRUE(past.contacts[0].is_from_before);
    EXPECT_EQ(past.contacts[0].arrived, past.start);
    // Anna is busy with what is not simulated until its wrap-up is over.
    const auto& anna = past.agents[0].past;
    ASSERT_EQ(anna.size(), 3U);
    EXPECT_TRUE(std::holds_alternative<core::OpenDesk>(anna[0].says));
    EXPECT_TRUE(std::holds_alternative<core::NotReady>(anna[1].says));
    EXPECT_TRUE(std::holds_alternative<core::Ready>(anna[2].says));
    EXPECT_EQ(anna[2].at, minutes(1) + seconds(5));
}

TEST_F(PastTest, EndsWhenItIsToldTo) {
    keep_from(Time::min(), kMorning + minutes(1));
    open();
    tell(seconds(50), bank_caller());
    EXPECT_TRUE(tell(seconds(61), core::Answer{core::PresentationId{1}}));
    EXPECT_TRUE(tell(seconds(62), bank_caller()));  // not in that time
    EXPECT_TRUE(tell(seconds(70), core::HangUp{contact(1), core::EndedBy::caller}));
    EXPECT_FALSE(tell(seconds(75), core::EndWrapUp{core::AgentId{1}, "done"}));
    const Past past = taken();
    EXPECT_EQ(past.end, kMorning + minutes(1));
    ASSERT_EQ(past.contacts.size(), 1U);
    EXPECT_EQ(past.contacts[0].wrap_up, seconds(5));  // known although it came later
}

TEST_F(PastTest, AConsultationKeepsTheColleagueBusy) {
    open();
    tell(seconds(10), bank_caller());
    tell(seconds(12), core::Answer{core::PresentationId{1}});
    tell(seconds(20), core::Consult{contact(1), {}, core::AgentId{2}});
    tell(seconds(22), core::Answer{core::PresentationId{2}});
    tell(seconds(30), core::HangUp{contact(2), core::EndedBy::agent});
    tell(seconds(60), core::AdvanceTime{});
    const Past past = taken();
    EXPECT_EQ(past.consultations, 1U);
    EXPECT_EQ(past.contacts.size(), 1U);
    const auto& ben = past.agents[1].past;
    ASSERT_GE(ben.size(), 4U);
    EXPECT_EQ(std::get<core::NotReady>(ben[2].says).reason, core::NotReadyReason::meeting);
    EXPECT_EQ(ben[2].at, seconds(22));
    EXPECT_TRUE(std::holds_alternative<core::Ready>(ben[3].says));
}

TEST_F(PastTest, ATransferIsAnotherArrival) {
    open();
    tell(seconds(10), bank_caller());
    tell(seconds(12), core::Answer{core::PresentationId{1}});
    tell(seconds(30), core::Transfer{contact(1), core::QueueId{2}, {}});
    const Past past = taken();
    EXPECT_EQ(past.transfers, 1U);
    ASSERT_EQ(past.contacts.size(), 2U);
    EXPECT_TRUE(past.contacts[1].is_transferred_to);
    EXPECT_EQ(past.contacts[1].queue, "mobile");
    EXPECT_EQ(past.contacts[0].end, core::ContactEnd::transferred);
}

TEST_F(PastTest, KeepsWhoWasBlockedAndWhenAQueueWasOpen) {
    open();
    tell(seconds(3), core::SetHours{core::QueueId{1},
                                    {{kMorning, kMorning + minutes(5)},
                                     {kMorning + minutes(10), kMorning + minutes(60)}}});
    core::EnterQueue caller = bank_caller();
    caller.priority = 2;
    tell(minutes(6), caller);
    tell(minutes(11), core::AdvanceTime{});
    const Past past = taken();
    ASSERT_EQ(past.contacts.size(), 1U);
    EXPECT_EQ(past.contacts[0].blocked, core::BlockedReason::queue_closed);
    EXPECT_EQ(past.contacts[0].priority, 2);
    ASSERT_EQ(past.hours[0].size(), 2U);
    EXPECT_EQ(past.hours[0][0].from, past.start);
    EXPECT_EQ(past.hours[0][0].to, kMorning + minutes(6));  // noticed then
    EXPECT_EQ(past.hours[0][1].to, kMorning + minutes(60));
    EXPECT_TRUE(past.hours[1].empty());
}

TEST_F(PastTest, WhoIsConfiguredLaterIsNotThereBefore) {
    open();
    config.agents.push_back(agent_named("clara"));
    config.agents[2].starts_ready = true;
    tell(minutes(5), core::Configure{config});
    config.agents.erase(config.agents.begin());
    tell(minutes(9), core::Configure{config});
    const Past past = taken();
    ASSERT_EQ(past.agents.size(), 3U);
    EXPECT_EQ(past.configurations, 3U);
    EXPECT_FALSE(past.agents[0].is_configured);
    EXPECT_TRUE(std::holds_alternative<core::PhoneLost>(past.agents[0].past.back().says));
    const auto& clara = past.agents[2].past;
    ASSERT_EQ(clara.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<core::PhoneLost>(clara[0].says));
    EXPECT_EQ(clara[0].at, Duration::zero());
    EXPECT_TRUE(std::holds_alternative<core::PhoneSeen>(clara[1].says));
    EXPECT_EQ(clara[1].at, minutes(5));
}

TEST_F(PastTest, WhatTheCentresEndCutShortIsNotComplete) {
    open();
    tell(seconds(10), bank_caller());
    tell(seconds(12), core::Answer{core::PresentationId{1}});
    tell(seconds(20), bank_caller());
    tell(seconds(25), core::CutOff{contact(1), core::CutOffCause::media_silent});
    tell(seconds(30), core::CutOff{contact(2), core::CutOffCause::centre_closed});
    tell(seconds(60), core::AdvanceTime{});
    const Past past = taken();
    ASSERT_EQ(past.contacts.size(), 2U);
    EXPECT_TRUE(past.contacts[0].is_complete());  // so long was talked
    EXPECT_FALSE(past.contacts[1].is_complete());
    EXPECT_EQ(past.cut_short, 1U);
}

TEST_F(PastTest, NothingConfiguredIsNoPast) {
    EXPECT_FALSE(keeper->take());
}

// One who gave up at 10 s, one at 30 s, and two who came after them.
Past with_lost_callers() {
    Past past;
    past.start = from_micros(1'770'000'000'000'000);
    past.end = past.start + hours(2);
    core::QueueConfig queue;
    queue.name = "bank";
    past.config.queues = {queue};
    for (const auto& [arrived, ended, is_lost] :
         {std::tuple{0, 10, true}, {20, 30, true}, {40, 50, false}, {4'000, 4'010, false}}) {
        PastContact contact;
        contact.queue = "bank";
        contact.arrived = past.start + seconds(arrived);
        contact.ended = past.start + seconds(ended);
        contact.end = is_lost ? core::ContactEnd::abandoned : core::ContactEnd::finished;
        contact.answered = is_lost ? std::nullopt : std::optional(contact.arrived);
        contact.wrap_up = is_lost ? std::nullopt : std::optional(Duration::zero());
        past.contacts.push_back(contact);
    }
    return past;
}

TEST(PastRedials, AreTakenFromWhoCameSoonAfter) {
    Past past = with_lost_callers();
    const core::Config config = recorded_config(past);
    take_redials(past, 0);
    ASSERT_TRUE(scenario_of(past, {&config, {}}));
    EXPECT_EQ(scenario_of(past, {&config, {}})->streams[0].arrivals.size(), 4U);
    EXPECT_EQ(scenario_of(past, {&config, {}})->streams[0].redial.probability, 0);
    take_redials(past, 1);
    // The last one came too late to be the second.
    EXPECT_FALSE(past.contacts[0].is_redial);
    EXPECT_FALSE(past.contacts[3].is_redial);
    EXPECT_EQ(past.redials_after.at("bank"), (std::vector<Duration>{seconds(10), seconds(10)}));
    const auto scenario = scenario_of(past, {&config, {}});
    ASSERT_TRUE(scenario);
    EXPECT_EQ(scenario->streams[0].arrivals.size(), 2U);
    EXPECT_EQ(scenario->streams[0].redial.probability, 1);
    EXPECT_EQ(drawn_of(past).redials, 2U);
    take_redials(past, 0.5);
    EXPECT_EQ(drawn_of(past).redials, 1U);
}

}  // namespace
}  // namespace lanze::sim
