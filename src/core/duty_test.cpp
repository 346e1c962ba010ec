#include "core/duty.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace lanze::core {
namespace {

constexpr Time at(std::int64_t hour, std::int64_t minute = 0) {
    return Time{hours(hour) + minutes(minute)};
}

Duty duty_with(std::vector<std::pair<Time, Time>> breaks) {
    Duty duty;
    duty.begin_work(at(8));
    for (const auto& [from, to] : breaks) {
        duty.begin_break(from);
        duty.end_break(to);
    }
    return duty;
}

// ArbZG §4.
TEST(DutyTest, BreaksAreDueAsTheLawSays) {
    struct Row {
        const char* what;
        std::vector<std::pair<Time, Time>> breaks;
        Time due;
    };
    const std::vector<Row> rows{
        {"six hours without one", {}, at(14)},
        {"less than 15 minutes are none", {{at(10), at(10, 14)}}, at(14)},
        {"30 minutes: six hours since", {{at(11), at(11, 30)}}, at(17, 30)},
        {"15 minutes: another 15 after six hours of work", {{at(10), at(10, 15)}}, at(14, 15)},
        {"two of 15: nine hours of work", {{at(11), at(11, 15)}, {at(13), at(13, 15)}}, at(17, 30)},
        {"30 minutes late: nine hours of work", {{at(13, 30), at(14)}}, at(17, 30)},
        {"45 minutes: six hours since", {{at(13), at(13, 45)}}, at(19, 45)},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(duty_with(row.breaks).break_due(), row.due) << row.what;
    }
}

TEST(DutyTest, PlannedBreaksAreDueUntilTheyAreGiven) {
    Duty duty = duty_with({});
    duty.plan({{at(10), minutes(20)}, {at(12), minutes(30)}});
    EXPECT_EQ(duty.break_due(), at(10));
    duty.begin_break(at(9, 20));  // too early to be it
    duty.end_break(at(9, 50));
    EXPECT_EQ(duty.break_due(), at(10));
    duty.begin_break(at(10, 5));
    duty.end_break(at(10, 24));  // too short
    EXPECT_EQ(duty.break_due(), at(10));
    duty.begin_break(at(10, 24));
    duty.end_break(at(10, 44));
    EXPECT_EQ(duty.break_due(), at(12));
    duty.begin_break(at(10, 50));         // signs out
    EXPECT_EQ(duty.break_due(), at(12));  // of the shift, not of the law
}

TEST(DutyTest, PlanningAnewMakesNoBreakDueThatWasGiven) {
    Duty duty = duty_with({{at(10), at(10, 30)}});
    duty.plan({{at(10), minutes(30)}, {at(13), minutes(15)}});
    EXPECT_EQ(duty.break_due(), at(13));
    duty.plan({{at(10), minutes(45)}});
    EXPECT_EQ(duty.break_due(), at(10));  // it was too short for that
}

TEST(DutyTest, NothingIsDueBeforeSigningIn) {
    Duty duty;
    EXPECT_FALSE(duty.break_due());
}

// A desk that was lost for seconds does not give another six hours; the night does.
TEST(DutyTest, BeingSignedOutCountsLikeABreak) {
    struct Row {
        const char* what;
        Time back;
        Time due;
    };
    const std::vector<Row> rows{
        {"a page that was loaded anew", at(12, 1), at(14)},
        {"an hour at the doctor's", at(13), at(19)},
        {"almost a night", at(22, 59), at(28, 59)},
        {"the rest of the day", at(23), at(29)},
    };
    for (const Row& row : rows) {
        Duty duty = duty_with({});
        duty.begin_break(at(12));
        EXPECT_FALSE(duty.break_due()) << row.what;
        duty.end_break(row.back);
        duty.begin_work(row.back);
        EXPECT_EQ(duty.break_due(), row.due) << row.what;
    }
}

}  // namespace
}  // namespace lanze::core
