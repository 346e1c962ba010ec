#include "core/record.h"

#include <gtest/gtest.h>

namespace lanze::core {
namespace {

constexpr ContactId kContact{7};
constexpr QueueId kQueue{3};
constexpr AgentId kAnna{1};
constexpr AgentId kBen{2};

Time at(int second) {
    return from_micros(0) + seconds(second);
}

// Tells the keeper what happens, in the words of the floor.
class RecordKeeperTest : public ::testing::Test {
protected:
    void happens(int second, const Event& event) { keeper.note(event, at(second)); }
    void enters(int second) { happens(second, ContactQueued{kContact, kQueue}); }
    void is_presented(int second, AgentId agent = kAnna) {
        happens(second, ContactPresented{kContact, agent, PresentationId{1}, at(second + 15)});
    }
    void is_answered(int second) {
        happens(second, ContactAnswered{kContact, kAnna, PresentationId{1}});
    }
    void ends(int second, ContactEnd end) {
        happens(second, ContactEnded{kContact, end, EndedBy::caller, CutOffCause::media_silent});
    }
    ContactRecord only_finished() {
        const auto finished = keeper.take_finished();
        EXPECT_EQ(finished.size(), 1U);
        return finished.empty() ? ContactRecord{} : finished.front();
    }

    RecordKeeper keeper;
};

TEST_F(RecordKeeperTest, FollowsAContactToTheEndOfItsWrapUp) {
    enters(10);
    is_presented(12, kBen);
    happens(27, PresentationEnded{PresentationId{1}, kContact, kBen, PresentationEnd::expired});
    is_presented(27);
    is_answered(30);
    happens(40, ContactHeld{kContact});
    happens(45, ContactResumed{kContact});
    happens(50, ContactHeld{kContact});
    ends(52, ContactEnd::finished);
    happens(52, WrapUpStarted{kAnna, kContact, at(72)});
    EXPECT_TRUE(keeper.take_finished().empty());
    happens(60, WrapUpEnded{kAnna, kContact, "solved"});
    happens(60, AgentReady{kAnna});

    const ContactRecord record = only_finished();
    EXPECT_EQ(record.contact, kContact);
    EXPECT_EQ(record.queue, kQueue);
    EXPECT_EQ(record.queued, at(10));
    EXPECT_EQ(record.presented, at(12));
    EXPECT_EQ(record.answered, at(30));
    EXPECT_EQ(record.ended, at(52));
    EXPECT_EQ(record.wrap_up_ended, at(60));
    EXPECT_EQ(record.held, seconds(7));
    EXPECT_EQ(record.presentations, 2U);
    EXPECT_EQ(record.agent, kAnna);
    EXPECT_EQ(record.end, ContactEnd::finished);
    EXPECT_EQ(record.by, EndedBy::caller);
    EXPECT_EQ(record.outcome, "solved");
    EXPECT_TRUE(keeper.open().empty());
}

// Asking a colleague is no customer's attempt; when he takes the caller over, he has one.
TEST_F(RecordKeeperTest, CountsAConsultationOnceItTakesTheCallerOver) {
    const ContactId asked{8};
    const QueueId other{4};
    enters(10);
    is_presented(10);
    is_answered(12);
    ContactQueued consultation{asked, other};
    consultation.channel = Channel::consultation;
    consultation.origin = kContact;
    happens(20, consultation);
    happens(20, ContactPresented{asked, kBen, PresentationId{2}, at(35)});
    happens(22, ContactAnswered{asked, kBen, PresentationId{2}});
    EXPECT_EQ(keeper.open().size(), 1U);
    happens(30, TransferCompleted{asked, kContact, other, kBen});
    ends(30, ContactEnd::transferred);
    happens(30, AgentReady{kAnna});
    const ContactRecord first = only_finished();
    EXPECT_EQ(first.end, ContactEnd::transferred);
    EXPECT_EQ(first.agent, kAnna);
    happens(50, ContactEnded{asked, ContactEnd::finished, EndedBy::caller, {}});
    happens(50, AgentReady{kBen});
    const ContactRecord second = only_finished();
    EXPECT_EQ(second.queue, other);
    EXPECT_EQ(second.agent, kBen);
    EXPECT_EQ(second.queued, at(30));
    EXPECT_EQ(second.answered, at(30));
    EXPECT_EQ(second.ended, at(50));
}

TEST_F(RecordKeeperTest, FinishesAnAbandonedContactAtOnce) {
    enters(10);
    ends(14, ContactEnd::abandoned);
    const ContactRecord record = only_finished();
    EXPECT_EQ(record.end, ContactEnd::abandoned);
    EXPECT_EQ(record.ended, at(14));
    EXPECT_FALSE(record.answered);
    EXPECT_FALSE(record.agent.is_set());
}

TEST_F(RecordKeeperTest, FinishesWithoutWrapUpWhenTheAgentGoesOn) {
    enters(10);
    is_answered(11);
    ends(20, ContactEnd::cut_off);
    EXPECT_TRUE(keeper.take_finished().empty());
    happens(20, AgentNotReady{kAnna, NotReadyReason::break_time});
    const ContactRecord record = only_finished();
    EXPECT_EQ(record.end, ContactEnd::cut_off);
    EXPECT_EQ(record.cause, CutOffCause::media_silent);
    EXPECT_FALSE(record.wrap_up_ended);
}

TEST_F(RecordKeeperTest, KeepsTheContactWhileItsAgentIsReadyAgainElsewhere) {
    enters(10);
    is_answered(11);
    happens(12, AgentReady{kBen});   // another agent
    happens(13, AgentReady{kAnna});  // said again by a new configuration
    EXPECT_TRUE(keeper.take_finished().empty());
    ASSERT_EQ(keeper.open().size(), 1U);
    EXPECT_EQ(keeper.open().front().ended, Time{});
}

TEST_F(RecordKeeperTest, CountsWhoWasNotLetIn) {
    happens(5, ContactBlocked{kQueue, BlockedReason::centre_full});
    const auto blocked = keeper.take_blocked();
    ASSERT_EQ(blocked.size(), 1U);
    EXPECT_EQ(blocked.front(), (BlockedRecord{kQueue, at(5), BlockedReason::centre_full}));
    EXPECT_TRUE(keeper.take_blocked().empty());
}

TEST_F(RecordKeeperTest, AddsQualityBeforeAndAfterTheEnd) {
    const LegQuality good{100, 1, 500, 0, 430};
    const LegQuality bad{100, 30, 9000, 0, 210};
    enters(10);
    is_answered(11);
    keeper.note_quality(kContact, false, bad);
    ends(20, ContactEnd::finished);
    happens(20, AgentReady{kAnna});
    keeper.note_quality(kContact, true, good);  // not yet taken: simply complete
    const ContactRecord record = only_finished();
    EXPECT_EQ(record.agent_leg, bad);
    EXPECT_EQ(record.caller_leg, good);
    EXPECT_TRUE(keeper.take_amended().empty());
}

TEST_F(RecordKeeperTest, AmendsARecordThatWasTaken) {
    const LegQuality quality{100, 1, 500, 0, 430};
    enters(10);
    ends(14, ContactEnd::abandoned);
    EXPECT_EQ(only_finished().caller_leg, LegQuality{});
    keeper.note_quality(kContact, true, quality);
    const auto amended = keeper.take_amended();
    ASSERT_EQ(amended.size(), 1U);
    EXPECT_EQ(amended.front().caller_leg, quality);
    EXPECT_EQ(amended.front().end, ContactEnd::abandoned);
    EXPECT_TRUE(keeper.take_finished().empty());
    EXPECT_TRUE(keeper.take_amended().empty());
}

TEST_F(RecordKeeperTest, ForgetsFinishedRecordsAfterAWhile) {
    enters(10);
    ends(14, ContactEnd::abandoned);
    (void)keeper.take_finished();
    happens(100, AgentReady{kAnna});
    keeper.note_quality(kContact, true, LegQuality{1, 0, 0, 0, 0});
    EXPECT_TRUE(keeper.take_amended().empty());
}

}  // namespace
}  // namespace lanze::core
