#include "app/local_time.h"

#include <gtest/gtest.h>

namespace lanze::app {
namespace {

class LocalTimeTest : public ::testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(use_time_zone("Europe/Berlin")); }
    static Time local(const char* text) {
        const auto time = parse_local(text, from_micros(0));
        EXPECT_TRUE(time) << text;
        return time.value_or(Time{});
    }
};

TEST_F(LocalTimeTest, ReadsAndWritesTheZonesTimes) {
    EXPECT_EQ(zoned_text(local("2026-01-15 08:30")), "2026-01-15T08:30:00+01:00");
    EXPECT_EQ(zoned_text(local("2026-07-15T08:30")), "2026-07-15T08:30:00+02:00");
    EXPECT_EQ(local_text(local("2026-07-15")), "2026-07-15 00:00");
    EXPECT_EQ(local_clock_text(local("2026-07-15T23:45")), "23:45");
    EXPECT_EQ(to_micros(local("1970-01-01 01:00")), 0);
}

TEST_F(LocalTimeTest, KnowsTodayAndYesterday) {
    const Time now = local("2026-03-30 09:00");  // the day after the clocks went forward
    EXPECT_EQ(parse_local("today", now), local("2026-03-30"));
    EXPECT_EQ(parse_local("yesterday", now), local("2026-03-29"));
}

TEST_F(LocalTimeTest, RefusesWhatIsNoTime) {
    for (const char* text : {"", "tomorrow", "2026-02-30", "2026-13-01", "2026-01-01 25:00",
                             "2026-01-01 08:30 x", "08:30"}) {
        EXPECT_FALSE(parse_local(text, from_micros(0))) << text;
    }
    EXPECT_FALSE(use_time_zone("Europe/Flensburg"));
    EXPECT_FALSE(use_time_zone("../../etc/passwd"));
    EXPECT_FALSE(parse_interval("7m"));
}

TEST_F(LocalTimeTest, DividesADayIntoIntervals) {
    struct Row {
        const char* day;
        const char* next;
        std::size_t half_hours;
    };
    for (const Row& row : {Row{"2026-03-28", "2026-03-29", 48}, Row{"2026-03-29", "2026-03-30", 46},
                           Row{"2026-10-25", "2026-10-26", 50}}) {
        const core::IntervalGrid grid = local_grid(local(row.day), local(row.next), minutes(30));
        EXPECT_EQ(grid.size(), row.half_hours) << row.day;
        EXPECT_EQ(grid.start(0), local(row.day));
        EXPECT_EQ(grid.end(grid.size() - 1), local(row.next));
    }
    const core::IntervalGrid days =
        local_grid(local("2026-03-28"), local("2026-03-31"), *parse_interval("1d"));
    ASSERT_EQ(days.size(), 3U);
    EXPECT_EQ(days.end(1) - days.start(1), hours(23));
}

TEST_F(LocalTimeTest, CoversAtLeastWhatIsAskedFor) {
    const core::IntervalGrid grid =
        local_grid(local("2026-03-02 08:10"), local("2026-03-02 09:05"), minutes(30));
    ASSERT_EQ(grid.size(), 3U);
    EXPECT_EQ(grid.start(0), local("2026-03-02 08:00"));
    EXPECT_EQ(grid.end(2), local("2026-03-02 09:30"));
}

}  // namespace
}  // namespace lanze::app
