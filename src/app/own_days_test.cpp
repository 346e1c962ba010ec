#include "app/own_days.h"

#include <gtest/gtest.h>

namespace lanze::app {
namespace {

constexpr Time kOpens = from_micros(1'795'428'000'000'000);  // 2026-11-23 10:00 UTC
constexpr core::AgentId kAnna{1};

// A floor of one queue and anna, at a desk; what happens is noted like in the live centre.
class OwnDaysTest : public testing::Test {
protected:
    OwnDaysTest() {
        core::QueueConfig bank;
        bank.name = "bank";
        core::AgentConfig anna;
        anna.name = "anna";
        anna.wrap_up = seconds(20);
        core::Config config;
        config.name = "test";
        config.queues = {bank};
        config.agents = {anna};
        config.charter.occupancy_max_permille = 500;
        config.charter.gives_breaks = true;
        config.charter.ends_shifts = true;
        say(core::Configure{config});
        say(core::OpenDesk{kAnna});
        say(core::Ready{kAnna});
    }
    void say(const core::Command& command) {
        for (const core::Event& event : floor.handle(command, now).events) {
            days.note(event, now);
        }
    }
    void pass(Duration time) {
        now += time;
        while (floor.next_deadline() && *floor.next_deadline() <= now) {
            const Time end = std::exchange(now, std::max(*floor.next_deadline(), last));
            last = now;
            say(core::AdvanceTime{});
            now = end;
        }
        last = now;
    }
    void enter_and_answer() {
        say(core::EnterQueue{core::QueueId{1}});
        say(core::Answer{core::PresentationId{++presentation}});
    }
    void hang_up() { say(core::HangUp{core::ContactId{presentation}}); }
    ports::OwnDay day() { return days.of(kAnna, now).value(); }

    Time now = kOpens;
    Time last = kOpens;
    std::uint64_t presentation = 0;
    core::Floor floor;
    OwnDays days{floor, [](Time) { return Duration::zero(); }};
};

TEST_F(OwnDaysTest, HandlingAndReadyTimeMakeTheOwnOccupancy) {
    pass(minutes(3));
    enter_and_answer();
    pass(minutes(4));
    EXPECT_EQ(day().handling, minutes(4)) << "also while it goes on";
    EXPECT_EQ(day().ready, minutes(3));
    hang_up();
    pass(seconds(10));
    say(core::EndWrapUp{kAnna, "solved"});
    pass(minutes(1));
    EXPECT_EQ(day().handling, minutes(4) + seconds(10));
    EXPECT_EQ(day().ready, minutes(4));
    EXPECT_EQ(day().contacts, 1U);
    EXPECT_EQ(day().handling_last_hour, minutes(4) + seconds(10));
    EXPECT_EQ(day().handling_max, minutes(30));
}

TEST_F(OwnDaysTest, TheCeilingIsToldWithItsTimeAndNothingWasPresentedMeanwhile) {
    enter_and_answer();
    pass(minutes(31));
    hang_up();
    say(core::EndWrapUp{kAnna, "solved"});
    say(core::Ready{kAnna});
    say(core::EnterQueue{core::QueueId{1}});
    pass(minutes(2));
    EXPECT_EQ(day().by_ceiling.times, 1U);
    EXPECT_EQ(day().by_ceiling.sum, minutes(2)) << "goes on";
    EXPECT_EQ(day().by_ceiling.presented_yet, 0U);
    // What never happens would show.
    days.note(core::ContactPresented{core::ContactId{9}, kAnna, core::PresentationId{9}, now}, now);
    EXPECT_EQ(day().by_ceiling.presented_yet, 1U);
}

TEST_F(OwnDaysTest, BreaksThatWereTakenStandBesideThePlannedOnes) {
    say(core::PlanShift{kAnna,
                        kOpens,
                        kOpens + hours(4),
                        {{kOpens + hours(1), minutes(15)}, {kOpens + hours(2), minutes(30)}}});
    pass(hours(1) + minutes(1));
    EXPECT_EQ(day().break_due, kOpens + hours(1));
    EXPECT_EQ(day().by_break.times, 1U);
    say(core::NotReady{kAnna, core::NotReadyReason::break_time});
    pass(minutes(15));
    ASSERT_EQ(day().breaks_taken.size(), 1U);
    EXPECT_FALSE(day().breaks_taken[0].to) << "he is in it";
    say(core::Ready{kAnna});
    EXPECT_EQ(day().breaks_taken[0].to, now);
    EXPECT_EQ(day().breaks_planned.size(), 2U);
    EXPECT_EQ(day().breaks_planned[1].to, kOpens + hours(2) + minutes(30));
    EXPECT_EQ(day().break_due, kOpens + hours(2));
    EXPECT_EQ(day().by_break.presented_yet, 0U);
    EXPECT_EQ(day().shift_end, kOpens + hours(4));
}

TEST_F(OwnDaysTest, ABreakWithACallOfHerOwnInItIsTwo) {
    say(core::NotReady{kAnna, core::NotReadyReason::break_time});
    pass(minutes(10));
    say(core::Dial{kAnna});
    pass(minutes(1));
    say(core::HangUp{core::ContactId{1}, core::EndedBy::agent});
    pass(minutes(9));
    say(core::Ready{kAnna});
    ASSERT_EQ(day().breaks_taken.size(), 2U);
    EXPECT_EQ(day().breaks_taken[0].to, kOpens + minutes(10));
    EXPECT_EQ(day().breaks_taken[1].from, kOpens + minutes(11));
    EXPECT_EQ(day().handling, minutes(1));
    EXPECT_EQ(day().contacts, 0U);
}

TEST_F(OwnDaysTest, APresentationAfterTheShiftWouldShow) {
    say(core::PlanShift{kAnna, kOpens, kOpens + hours(1), {}});
    pass(hours(1) + minutes(1));
    say(core::EnterQueue{core::QueueId{1}});
    EXPECT_EQ(day().by_shift.times, 1U);
    EXPECT_EQ(day().by_shift.presented_yet, 0U);
    days.note(core::ContactPresented{core::ContactId{9}, kAnna, core::PresentationId{9}, now}, now);
    EXPECT_EQ(day().by_shift.presented_yet, 1U);
}

TEST_F(OwnDaysTest, WrapUpIsToldWithItsBudget) {
    enter_and_answer();
    hang_up();
    pass(seconds(5));
    say(core::ExtendWrapUp{kAnna, {}});
    pass(seconds(5));
    EXPECT_EQ(day().wrap_up_used, seconds(10)) << "it goes on";
    say(core::EndWrapUp{kAnna, "solved"});
    enter_and_answer();
    hang_up();
    pass(minutes(1));
    EXPECT_EQ(day().wrap_ups, 2U);
    EXPECT_EQ(day().wrap_ups_extended, 1U);
    EXPECT_EQ(day().wrap_ups_out, 1U);
    EXPECT_EQ(day().wrap_ups_cut, 0U);
    EXPECT_EQ(day().wrap_up_used, seconds(10 + 20));
    EXPECT_EQ(day().wrap_up_granted, seconds(40 + 20));
}

TEST_F(OwnDaysTest, ABreatherFollowsItsContactUnlessHeThinksBetterOfIt) {
    enter_and_answer();
    say(core::TakeBreather{kAnna});
    EXPECT_EQ(day().breathers_asked, 1U);
    EXPECT_EQ(day().breathers_given, 0U);
    hang_up();
    say(core::EndWrapUp{kAnna, "solved"});
    EXPECT_EQ(day().breathers_given, 1U);
    pass(minutes(5));
    say(core::TakeBreather{kAnna});
    EXPECT_EQ(day().breathers_asked, 2U);
    EXPECT_EQ(day().breathers_given, 2U);
}

TEST_F(OwnDaysTest, AtMidnightTheDayBeginsAnew) {
    say(core::PlanShift{kAnna, kOpens, kOpens + hours(20), {}});
    enter_and_answer();
    pass(hours(15));
    EXPECT_EQ(day().handling, hours(1)) << "since midnight";
    EXPECT_EQ(day().contacts, 0U);
    EXPECT_EQ(day().shift_end, kOpens + hours(20)) << "it is not over";
    EXPECT_EQ(day().since, kOpens + hours(14));
}

TEST_F(OwnDaysTest, OfNobodyThereIsNoDay) {
    EXPECT_FALSE(days.of(core::AgentId{7}, now));
}

}  // namespace
}  // namespace lanze::app
