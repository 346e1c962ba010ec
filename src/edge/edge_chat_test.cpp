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

}  // namespace
}  // namespace lanze::edge
