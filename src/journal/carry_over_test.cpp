#include "journal/carry_over.h"

#include <gtest/gtest.h>

#include <array>

#include "base/rng.h"
#include "core/floor.h"

namespace lanze::journal {
namespace {

using core::AgentId;
using core::QueueId;

Time at(int second) {
    return from_micros(0) + seconds(second);
}

core::Config config_of(const std::vector<std::string>& queues,
                       const std::vector<std::string>& agents) {
    core::Config config;
    config.name = "centre";
    for (const std::string& name : queues) {
        config.queues.emplace_back().name = name;
    }
    for (const std::string& name : agents) {
        config.agents.emplace_back().name = name;
        config.agents.back().starts_ready = true;
    }
    return config;
}

// A floor, and all its events.
class CarryOverTest : public ::testing::Test {
protected:
    std::vector<core::Event> tell(int second, const core::Command& command) {
        const auto events = floor.handle(command, at(second)).events;
        for (const core::Event& event : events) {
            kept.note(event, at(second));
        }
        return events;
    }
    core::PresentationId enters(int second, QueueId queue = QueueId{1}) {
        const auto events = tell(second, core::EnterQueue{queue});
        const auto* presented = std::get_if<core::ContactPresented>(&events.back());
        return presented == nullptr ? core::PresentationId{} : presented->presentation;
    }
    void expect_same() const {
        core::Floor again;
        for (const ports::Decision& decision : kept.decisions()) {
            again.apply(decision.events.front(), decision.at);
        }
        EXPECT_EQ(again.whole_config(), floor.whole_config());
        EXPECT_EQ(again.contacts().size(), floor.contacts().size());
        EXPECT_EQ(again.next_contact(), floor.next_contact());
        EXPECT_EQ(again.next_deadline(), floor.next_deadline());
        for (const core::Agent& agent : floor.agents()) {
            const core::Agent* other = again.find_agent(agent.id);
            if (agent.is_retired) {
                continue;
            }
            ASSERT_NE(other, nullptr);
            EXPECT_EQ(other->activity, agent.activity);
            EXPECT_EQ(other->written, agent.written);
            EXPECT_EQ(other->closed_for, agent.closed_for);
            EXPECT_EQ(other->has_desk, agent.has_desk);
            EXPECT_EQ(other->is_reachable, agent.is_reachable);
        }
        for (const auto& [id, contact] : floor.contacts()) {
            const core::Contact* other = again.find_contact(id);
            ASSERT_NE(other, nullptr);
            EXPECT_EQ(other->state, contact.state);
            EXPECT_EQ(other->queued, contact.queued);
            EXPECT_EQ(other->channel, contact.channel);
            EXPECT_EQ(other->queue, contact.queue);
            EXPECT_EQ(other->is_joined, contact.is_joined);
            EXPECT_EQ(again.consultations_of(id), floor.consultations_of(id));
        }
    }

    core::Floor floor;
    CarryOver kept;
};

TEST_F(CarryOverTest, KeepsNothingOfNothing) {
    EXPECT_TRUE(kept.decisions().empty());
}

TEST_F(CarryOverTest, KeepsEachAgentWhereHeIs) {
    tell(1, core::Configure{config_of({"accounts"}, {"anna", "ben", "carla", "dora", "eva"})});
    tell(2, core::OpenDesk{AgentId{1}});
    tell(3, core::NotReady{AgentId{4}, core::NotReadyReason::meeting});
    tell(4, core::PhoneLost{AgentId{5}});
    const auto anna = enters(10);  // to anna: is talking, and wants a break after it
    tell(11, core::Answer{anna});
    tell(12, core::Hold{core::ContactId{1}});
    tell(13, core::NotReady{AgentId{1}, core::NotReadyReason::break_time});
    const auto ben = enters(20);  // to ben: is in wrap-up
    tell(21, core::Answer{ben});
    tell(30, core::HangUp{core::ContactId{2}});
    enters(35);  // to carla: is alerting
    expect_same();
}

TEST_F(CarryOverTest, KeepsWhoRestsAfterAMiss) {
    tell(1, core::Configure{config_of({"accounts"}, {"anna"})});
    const auto presentation = enters(10);
    tell(12, core::Decline{presentation, core::DeclineReason::busy});
    expect_same();
    EXPECT_EQ(kept.decisions().size(), 4U);  // configured, ready, queued, rests
}

TEST_F(CarryOverTest, DropsWhatIsOver) {
    tell(1, core::Configure{config_of({"accounts"}, {"anna"})});
    for (int i = 0; i < 100; ++i) {
        const auto presentation = enters(100 * i + 10);
        tell(100 * i + 15, core::Answer{presentation});
        tell(100 * i + 60, core::HangUp{core::ContactId{static_cast<std::uint64_t>(i) + 1}});
        tell(100 * i + 65, core::EndWrapUp{AgentId{1}, "solved"});
    }
    expect_same();
    // The configuration, the agent, and the newest contact, whose number stays taken.
    EXPECT_EQ(kept.decisions().size(), 4U);
}

TEST_F(CarryOverTest, KeepsTheNumbersOfQueuesThatAreGone) {
    tell(1, core::Configure{config_of({"accounts", "loans"}, {"anna"})});
    tell(2, core::Configure{config_of({"accounts"}, {"anna"})});
    core::Floor again;
    for (const ports::Decision& decision : kept.decisions()) {
        again.apply(decision.events.front(), decision.at);
    }
    EXPECT_EQ(again.queue_by_name("loans"), QueueId{2});
    const core::Command added = core::Configure{config_of({"accounts", "cards"}, {"anna"})};
    (void)again.handle(added, at(3));
    EXPECT_EQ(again.queue_by_name("cards"), QueueId{3});
}

TEST_F(CarryOverTest, DropsWhoHasLeftUnlessHeIsInAContact) {
    tell(1, core::Configure{config_of({"accounts"}, {"anna", "ben"})});
    const auto presentation = enters(10);  // to anna
    tell(11, core::Answer{presentation});
    tell(20, core::Configure{config_of({"accounts"}, {"carla"})});
    expect_same();
    std::size_t named = 0;
    for (const ports::Decision& decision : kept.decisions()) {
        if (const auto* event = std::get_if<core::Configured>(&decision.events.front())) {
            named += event->config.agents.size();
        }
    }
    EXPECT_EQ(named, 2U);  // carla, and anna who still talks
}

// Cut anywhere: what is carried over and what follows give the floor that saw it all.
// The contact that was handed over may be forgotten while the one that took it over is open.
TEST_F(CarryOverTest, KeepsWhoWasTakenOver) {
    core::Config config = config_of({"accounts"}, {"anna", "ben"});
    config.agents[0].wrap_up = seconds(10);
    tell(1, core::Configure{config});
    tell(10, core::Answer{enters(9)});
    const auto asked = tell(20, core::Consult{core::ContactId{1}, {}, {}});
    tell(22, core::Answer{std::get<core::ContactPresented>(asked.back()).presentation});
    expect_same();
    tell(25, core::Join{core::ContactId{2}});
    expect_same();
    tell(30, core::CompleteTransfer{core::ContactId{2}});
    expect_same();
    tell(35, core::EndWrapUp{AgentId{1}, "x"});
    expect_same();
}

TEST_F(CarryOverTest, KeepsACallBesideAChatThatIsOver) {
    core::Config config = config_of({"accounts"}, {"anna"});
    config.agents[0].capacity.calls_interrupt_chats = true;
    config.agents[0].wrap_up = seconds(10);
    tell(0, core::Configure{config});
    const auto chat = tell(1, core::EnterQueue{QueueId{1}, {}, 0, {}, core::Channel::chat});
    tell(2, core::Answer{std::get<core::ContactPresented>(chat.back()).presentation});
    tell(3, core::HangUp{core::ContactId{1}});
    const auto call = enters(5);
    tell(13, core::AdvanceTime{});  // the chat's wrap-up is over, the call still alerts
    expect_same();
    tell(14, core::Answer{call});
    expect_same();
}

TEST_F(CarryOverTest, GoesOnFromAnyMoment) {
    Rng rng(7);
    core::Config config = config_of({"accounts", "loans"}, {"anna", "ben", "carla"});
    config.agents[2].capacity = {3, 2, true, true, true, true};
    tell(0, core::Configure{config});
    for (int second = 1; second < 3'000; ++second) {
        const core::ContactId contact{floor.next_contact().value() - 1 - rng.below(3)};
        const core::PresentationId presentation{floor.next_presentation().value() - 1 -
                                                rng.below(2)};
        const AgentId agent{1 + rng.below(3)};
        const std::array<core::Command, 23> commands = {
            core::EnterQueue{QueueId{1}, {}, 0, {}, core::Channel::chat},
            core::EnterQueue{QueueId{2}, {}, 0, {}, core::Channel::message},
            core::ExtendWrapUp{agent, contact},
            core::EnterQueue{QueueId{1 + rng.below(2)}},
            core::EnterQueue{QueueId{1}},
            core::Answer{presentation},
            core::Answer{presentation},
            core::Decline{presentation, core::DeclineReason::unreachable},
            core::HangUp{contact},
            core::EndWrapUp{agent, "x"},
            core::Ready{agent},
            core::NotReady{agent},
            core::PhoneSeen{agent},
            core::Hold{contact},
            core::OpenDesk{agent},
            core::RequestCallback{contact},
            core::LeaveMessage{contact},
            core::Transfer{contact, QueueId{1 + rng.below(2)}, {}},
            core::Consult{contact, {}, {}},
            core::Consult{contact, QueueId{2}, {}},
            core::Join{contact},
            core::CompleteTransfer{contact},
            core::Dial{agent},
        };
        tell(second, commands[rng.below(static_cast<std::uint32_t>(commands.size()))]);
        if (second % 50 == 0) {
            expect_same();
        }
    }
}

}  // namespace
}  // namespace lanze::journal
