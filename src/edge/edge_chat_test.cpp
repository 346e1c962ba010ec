#include "edge/edge_fixture.h"

namespace lanze::edge {
namespace {

// Chats have no legs: the edge only sees to it that agents can take them at the desk.
class EdgeChatTest : public EdgeTest {
protected:
    core::ContactId enter() {
        EXPECT_FALSE(edge_->command(
            core::EnterQueue{core::QueueId{1}, {}, 0, {}, core::Channel::chat}, now_));
        settle();
        return floor_->contacts().begin()->first;
    }
    const core::Agent& anna() { return *floor_->find_agent(core::AgentId{1}); }
};

TEST_F(EdgeChatTest, an_agent_at_the_desk_takes_a_chat_and_ends_it) {
    ASSERT_FALSE(edge_->command(core::OpenDesk{core::AgentId{1}}, now_));
    const core::ContactId chat = enter();
    ASSERT_EQ(anna().written.size(), 1U);
    EXPECT_EQ(edge_->take(core::AgentId{1}, core::ContactId{99}, now_),
              core::Refusal::stale_presentation);
    EXPECT_EQ(edge_->hang_up(core::AgentId{1}, chat, now_), core::Refusal::contact_not_connected);
    EXPECT_FALSE(edge_->take(core::AgentId{1}, chat, now_));
    EXPECT_EQ(anna().written[0].phase, core::Written::Phase::talking);
    EXPECT_EQ(edge_->take(core::AgentId{1}, chat, now_), core::Refusal::stale_presentation);
    EXPECT_EQ(edge_->hang_up(core::AgentId{1}, {}, now_), core::Refusal::contact_not_connected);
    EXPECT_FALSE(edge_->hang_up(core::AgentId{1}, chat, now_));
    settle();
    EXPECT_EQ(floor_->find_contact(chat), nullptr);
    EXPECT_TRUE(anna().written.empty());
    EXPECT_TRUE(sent_.empty()) << left();
}

TEST_F(EdgeChatTest, a_chat_is_rejected_at_the_desk) {
    ASSERT_FALSE(edge_->command(core::OpenDesk{core::AgentId{1}}, now_));
    const core::ContactId chat = enter();
    EXPECT_EQ(edge_->reject(core::AgentId{1}, {}, now_), core::Refusal::stale_presentation);
    EXPECT_FALSE(edge_->reject(core::AgentId{1}, chat, now_));
    settle();
    EXPECT_TRUE(std::holds_alternative<core::Waiting>(floor_->find_contact(chat)->state));
}

TEST_F(EdgeChatTest, whoever_has_no_desk_is_not_kept_busy_by_a_chat) {
    const core::ContactId chat = enter();
    EXPECT_TRUE(anna().written.empty());
    EXPECT_TRUE(std::holds_alternative<core::Waiting>(floor_->find_contact(chat)->state));
}

TEST_F(EdgeChatTest, a_guest_writes_is_given_away_and_told_the_end) {
    ASSERT_FALSE(edge_->command(core::OpenDesk{core::AgentId{1}}, now_));
    edge_->guest(ports::GuestId{7},
                 ports::GuestCalls{core::QueueId{1}, core::Channel::chat, "Lena"}, now_);
    settle();
    const core::ContactId chat = floor_->contacts().begin()->first;
    EXPECT_EQ(edge_->caller_text(chat), "Lena <web>");
    EXPECT_EQ(count_orders<ports::OpenLeg>(), 0U);
    auto news = edge_->take_guest_news();
    ASSERT_EQ(news.size(), 1U);
    EXPECT_EQ(news[0].news, ports::GuestNews(ports::GuestQueued{chat}));

    ASSERT_FALSE(edge_->take(core::AgentId{1}, chat, now_));
    ASSERT_FALSE(edge_->command(core::Transfer{chat, core::QueueId{2}, {}}, now_));
    settle();
    news = edge_->take_guest_news();
    ASSERT_EQ(news.size(), 1U) << "it goes on, so no end is told";
    const auto next = std::get<ports::GuestQueued>(news[0].news).contact;
    EXPECT_NE(next, chat);
    EXPECT_EQ(edge_->caller_text(next), "Lena <web>");

    ASSERT_FALSE(edge_->command(core::CutOff{next, core::CutOffCause::centre_closed}, now_));
    settle();
    news = edge_->take_guest_news();
    ASSERT_EQ(news.size(), 1U);
    EXPECT_EQ(news[0].news,
              ports::GuestNews(ports::GuestOver{ports::GuestOverReason::centre_closed}));
}

// A desk is closed when its last page has been away for a while.
TEST_F(EdgeChatTest, whose_desk_is_closed_leaves_his_chats_to_others) {
    ASSERT_FALSE(edge_->command(core::OpenDesk{core::AgentId{1}}, now_));
    edge_->guest(ports::GuestId{7},
                 ports::GuestCalls{core::QueueId{1}, core::Channel::chat, "Lena"}, now_);
    settle();
    const core::ContactId chat = floor_->contacts().begin()->first;
    ASSERT_FALSE(edge_->take(core::AgentId{1}, chat, now_));
    edge_->take_guest_news();
    ASSERT_FALSE(edge_->command(core::CloseDesk{core::AgentId{1}}, now_));
    settle();
    EXPECT_EQ(floor_->find_contact(chat), nullptr);
    ASSERT_EQ(floor_->contacts().size(), 1U);
    const auto& [next, contact] = *floor_->contacts().begin();
    EXPECT_TRUE(std::holds_alternative<core::Waiting>(contact.state));
    const auto news = edge_->take_guest_news();
    ASSERT_EQ(news.size(), 1U) << "he waits again and is not told of an end";
    EXPECT_EQ(news[0].news, ports::GuestNews(ports::GuestQueued{next}));
    EXPECT_TRUE(anna().written.empty() || anna().written[0].phase == core::Written::Phase::wrap_up);
}

TEST_F(EdgeChatTest, whose_desk_is_closed_is_not_waited_for) {
    ASSERT_FALSE(edge_->command(core::OpenDesk{core::AgentId{1}}, now_));
    const core::ContactId chat = enter();
    ASSERT_EQ(anna().written.size(), 1U);
    ASSERT_FALSE(edge_->command(core::CloseDesk{core::AgentId{1}}, now_));
    settle();
    EXPECT_TRUE(anna().written.empty());
    EXPECT_TRUE(std::holds_alternative<core::Waiting>(floor_->find_contact(chat)->state));
}

TEST_F(EdgeChatTest, a_guest_whose_page_does_not_come_back_has_left_his_chat) {
    const ports::GuestId guest{7};
    edge_->guest(guest, ports::GuestCalls{core::QueueId{1}, core::Channel::chat, ""}, now_);
    edge_->guest(guest, ports::PhoneClosed{false}, now_);
    settle();
    pass(settings().guest_away_max / 2);
    edge_->guest(guest, ports::PhoneOpened{}, now_);
    settle();
    pass(settings().guest_away_max * 2);
    EXPECT_EQ(floor_->contacts().size(), 1U);
    edge_->guest(guest, ports::PhoneClosed{false}, now_);
    settle();
    pass(settings().guest_away_max);
    EXPECT_TRUE(floor_->contacts().empty());
}

TEST_F(EdgeChatTest, a_guest_of_a_queue_that_is_not_there_is_told_so) {
    const ports::GuestId guest{7};
    edge_->guest(guest, ports::GuestCalls{core::QueueId{9}, core::Channel::chat, ""}, now_);
    settle();
    EXPECT_EQ(edge_->take_guest_news().back().news,
              ports::GuestNews(ports::GuestOver{ports::GuestOverReason::not_offered}));
}

}  // namespace
}  // namespace lanze::edge
