#include "app/view.h"

#include <gtest/gtest.h>

#include "core/floor.h"

namespace lanze::app {
namespace {

constexpr Time kOpens = from_micros(1'795'428'000'000'000);  // 2026-11-23 10:00 UTC

// A floor of one queue and anna, who is ready; what happens on it is noted like in the live centre.
class ViewTest : public testing::Test {
protected:
    ViewTest() {
        core::QueueConfig bank;
        bank.name = "bank";
        bank.widening = {{minutes(1), {}, false}};
        core::AgentConfig anna;
        anna.name = "anna";
        anna.starts_ready = true;
        anna.wrap_up = Duration::zero();
        core::Config config;
        config.name = "test";
        config.queues = {bank};
        config.agents = {anna};
        config.charter.occupancy_max_permille = 500;
        config.charter.starvation_factor = 6;  // of 20 s
        say(core::Configure{config});
        (void)view.snapshot(1, now);
    }
    void say(const core::Command& command) {
        const core::Outcome outcome = floor.handle(command, now, core::Explaining::yes);
        for (const core::Event& event : outcome.events) {
            view.note(event, now);
        }
        view.explain(outcome.reasons);
    }
    void pass(Duration time) {
        now += time;
        say(core::AdvanceTime{});
    }
    // anna talks so long, and is over the ceiling after more than half an hour.
    void talk(Duration time) {
        say(core::EnterQueue{core::QueueId{1}});
        const auto& contact = floor.contacts().begin()->second;
        say(core::Answer{std::get<core::Presented>(contact.state).presentation});
        now += time;
        say(core::HangUp{contact.id});
        (void)view.changes(1, now);
    }

    Time now = kOpens;
    core::Floor floor;
    ViewKeeper view{floor, [](Time) { return Duration::zero(); },
                    [](core::ContactId) { return std::string_view("caller"); }};
};

TEST_F(ViewTest, WhomTheCeilingWithholdsStaysReadyAndIsCountedAsReady) {
    talk(minutes(31));
    const ports::View snapshot = view.snapshot(1, now);
    EXPECT_EQ(snapshot.agents[0].state, ports::AgentState::ready);
    EXPECT_EQ(snapshot.agents[0].withheld, core::WithheldBy::occupancy_ceiling);
    EXPECT_EQ(snapshot.queues[0].agents_ready, 1U) << "else the difference would tell";
    EXPECT_EQ(snapshot.queues[0].short_of, 0U) << "nobody waits";
    say(core::EnterQueue{core::QueueId{1}});
    EXPECT_EQ(view.changes(1, now).queues.at(0).short_of, 1U);
}

TEST_F(ViewTest, ABreatherIsWantedUntilTheContactIsOver) {
    say(core::EnterQueue{core::QueueId{1}});
    say(core::TakeBreather{core::AgentId{1}});
    EXPECT_TRUE(view.changes(1, now).agents.at(0).wants_breather);
    const core::ContactId contact = floor.contacts().begin()->first;
    say(core::HangUp{contact});
    const ports::AgentView anna = view.changes(1, now).agents.at(0);
    EXPECT_FALSE(anna.wants_breather);
    EXPECT_EQ(anna.reason, core::NotReadyReason::breather);
}

TEST_F(ViewTest, WaitsAreToldOnceASecondWhileSomebodyWaitsOrSomethingHappened) {
    EXPECT_LE(view.tells_at().value(), now) << "never told yet";
    view.tell(now);
    EXPECT_EQ(view.changes(1, now).queues.at(0).told_wait->found_by, ports::FoundBy::idle_agent);
    EXPECT_FALSE(view.tells_at()) << "nothing happens";
    say(core::EnterQueue{core::QueueId{1}});
    EXPECT_EQ(view.tells_at(), now + seconds(1));
    say(core::Answer{core::PresentationId{1}});
    say(core::EnterQueue{core::QueueId{1}});
    const core::ContactId waiting{2};
    EXPECT_EQ(view.snapshot(1, now).contacts.size(), 2U);
    now += seconds(20);
    view.tell(now);
    EXPECT_TRUE(view.has_changes());
    const ports::View changes = view.changes(1, now);
    ASSERT_EQ(changes.contacts.size(), 1U);
    EXPECT_EQ(changes.contacts[0].id, waiting);
    EXPECT_EQ(changes.contacts[0].told_wait->found_by, ports::FoundBy::head_of_line)
        << "no handle time is known";
    EXPECT_EQ(changes.queues.at(0).told_wait->found_by, ports::FoundBy::head_of_line);
    EXPECT_EQ(view.tells_at(), now + seconds(1)) << "time alone makes a difference";
    say(core::HangUp{core::ContactId{1}});
    EXPECT_EQ(view.changes(1, now).contacts.at(0).told_wait, std::nullopt) << "it alerts";
}

// A question to a colleague counts in no queue, until he takes the caller over.
TEST_F(ViewTest, AConsultationCountsWhenItTakesTheCallerOver) {
    core::Config config = floor.whole_config();
    config.charter = {};
    config.agents.push_back(config.agents[0]);
    config.agents.back().name = "ben";
    say(core::Configure{config});
    say(core::EnterQueue{core::QueueId{1}});
    say(core::Answer{core::PresentationId{1}});
    say(core::Consult{core::ContactId{1}, {}, {}});
    say(core::Answer{core::PresentationId{2}});
    EXPECT_EQ(view.snapshot(1, now).queues[0].offered, 1U);
    EXPECT_EQ(view.snapshot(1, now).queues[0].talking, 1U);
    say(core::CompleteTransfer{core::ContactId{2}});
    const ports::QueueView queue = view.snapshot(1, now).queues[0];
    EXPECT_EQ(queue.offered, 2U);
    EXPECT_EQ(queue.answered, 2U);
    EXPECT_EQ(queue.talking, 1U);
    say(core::HangUp{core::ContactId{2}});
    EXPECT_EQ(view.snapshot(1, now).queues[0].talking, 0U);
    EXPECT_TRUE(view.snapshot(1, now).contacts.empty());
}

TEST_F(ViewTest, WhoTalksTogetherIsShownTheOthers) {
    core::Config config = floor.whole_config();
    config.charter = {};
    for (const char* name : {"ben", "cleo"}) {
        config.agents.push_back(config.agents[0]);
        config.agents.back().name = name;
    }
    say(core::Configure{config});
    say(core::EnterQueue{core::QueueId{1}});
    say(core::Answer{core::PresentationId{1}});
    say(core::Consult{core::ContactId{1}, {}, core::AgentId{2}});
    ports::View shown = view.snapshot(1, now);
    const auto in = [&](std::uint64_t id) {
        return *std::ranges::find(shown.contacts, core::ContactId{id}, &ports::ContactView::id);
    };
    ASSERT_EQ(in(1).consultations.size(), 1U);
    EXPECT_EQ(in(1).consultations[0].colleague, "ben");
    EXPECT_EQ(in(1).consultations[0].state, ports::ContactState::alerting);
    EXPECT_EQ(in(2).about, core::ContactId{1});
    say(core::Answer{core::PresentationId{2}});
    shown = view.changes(1, now);  // the asker's contact, too
    EXPECT_EQ(in(1).consultations.at(0).state, ports::ContactState::talking);
    say(core::Join{core::ContactId{2}});
    say(core::Consult{core::ContactId{1}, {}, core::AgentId{3}});
    say(core::Answer{core::PresentationId{3}});
    shown = view.changes(1, now);
    EXPECT_EQ(in(1).consultations.size(), 2U);
    EXPECT_TRUE(in(2).is_joined);
    EXPECT_TRUE(in(2).consultations.empty()) << "cleo does not talk along yet";
    EXPECT_EQ(in(3).consultations.at(0).colleague, "ben");
    say(core::CompleteTransfer{core::ContactId{2}});
    shown = view.changes(1, now);
    EXPECT_FALSE(in(2).about.is_set());
    EXPECT_EQ(in(2).consultations.at(0).contact, core::ContactId{3});
    EXPECT_EQ(in(3).about, core::ContactId{2});
    say(core::HangUp{core::ContactId{3}, core::EndedBy::agent});
    shown = view.changes(1, now);
    EXPECT_TRUE(in(2).consultations.empty());
}

TEST_F(ViewTest, WhatAContactIsDueIsShownWithoutMakingItsStateYounger) {
    talk(minutes(31));
    say(core::EnterQueue{core::QueueId{1}});
    const Time queued = now;
    const core::ContactId id = floor.contacts().begin()->first;
    EXPECT_EQ(view.changes(1, now).contacts.at(0).step, 0);
    say(core::Prioritise{id, 2});
    EXPECT_EQ(view.changes(1, now).contacts.at(0).priority, 2);
    say(core::ChangeNeeds{id, {{"french", 2}}});
    EXPECT_EQ(view.changes(1, now).contacts.at(0).needs, (core::Skills{{"french", 2}}));
    pass(minutes(1));
    EXPECT_EQ(view.changes(1, now).contacts.at(0).step, 1);
    pass(minutes(1));
    const ports::ContactView overdue = view.changes(1, now).contacts.at(0);
    EXPECT_TRUE(overdue.is_overdue);
    EXPECT_EQ(overdue.since, queued);
}

TEST_F(ViewTest, AnotherConfigurationIsShownAsAWhole) {
    core::Config config = floor.whole_config();
    config.queues.push_back(config.queues[0]);
    config.queues[1].name = "night";
    config.queues[1].service_level.within = seconds(60);
    config.agents.push_back(config.agents[0]);
    config.agents[1].name = "ben";
    config.agents[1].skills = {{"french", 1}, {"loans", 2}};
    config.agents[0].skills = {{"french", 2}};
    say(core::Configure{config});
    const ports::View grown = view.changes(2, now);
    EXPECT_TRUE(grown.is_snapshot);
    ASSERT_EQ(grown.queues.size(), 2U);
    EXPECT_EQ(grown.queues[1].service_level.within, seconds(60));
    EXPECT_EQ(grown.agents.size(), 2U);
    EXPECT_EQ(grown.skills, (std::vector<std::string>{"french", "loans"}));
    config.queues.pop_back();
    config.agents.pop_back();
    say(core::Configure{config});
    const ports::View shrunk = view.changes(3, now);
    EXPECT_EQ(shrunk.queues.size(), 1U);
    EXPECT_EQ(shrunk.agents.size(), 1U);
    EXPECT_EQ(shrunk.skills, (std::vector<std::string>{"french"}));
}

TEST_F(ViewTest, WhoIsRemovedIsShownUntilTheContactIsOver) {
    say(core::EnterQueue{core::QueueId{1}});
    const core::Contact contact = floor.contacts().begin()->second;
    say(core::Answer{std::get<core::Presented>(contact.state).presentation});
    core::Config config = floor.whole_config();
    config.agents.clear();
    say(core::Configure{config});
    const ports::View snapshot = view.changes(2, now);
    ASSERT_EQ(snapshot.agents.size(), 1U);
    EXPECT_EQ(snapshot.agents[0].state, ports::AgentState::talking);
    say(core::HangUp{contact.id});
    const ports::View after = view.changes(3, now);
    EXPECT_TRUE(after.is_snapshot);
    EXPECT_TRUE(after.agents.empty());
}

TEST_F(ViewTest, AContactTellsWhyItsAgentGotItWhileHeHasIt) {
    say(core::EnterQueue{core::QueueId{1}});
    ports::ContactView contact = view.changes(1, now).contacts.at(0);
    EXPECT_EQ(contact.chosen, (ports::Chosen{ports::ChosenBy::only_one, 1}));
    EXPECT_FALSE(contact.answered);
    now += seconds(4);
    say(core::Answer{core::PresentationId{1}});
    contact = view.changes(1, now).contacts.at(0);
    EXPECT_EQ(contact.chosen, (ports::Chosen{ports::ChosenBy::only_one, 1}));
    EXPECT_EQ(contact.answered, now);
    say(core::EnterQueue{core::QueueId{1}});
    EXPECT_FALSE(view.changes(1, now).contacts.at(0).chosen) << "it waits";
    say(core::HangUp{core::ContactId{1}});
    contact = view.changes(1, now).contacts.at(0);
    EXPECT_EQ(contact.id, core::ContactId{2});
    EXPECT_EQ(contact.chosen, (ports::Chosen{ports::ChosenBy::became_free, 1}));
    say(core::Decline{core::PresentationId{2}, core::DeclineReason::rejected});
    EXPECT_FALSE(view.changes(1, now).contacts.at(0).chosen) << "he has it no more";
}

}  // namespace
}  // namespace lanze::app
