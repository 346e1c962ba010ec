#include "app/calendar.h"

#include <gtest/gtest.h>

#include "app/local_time.h"

namespace lanze::app {
namespace {

using std::chrono::year_month_day;

Date date(const std::string& text) {
    const int y = std::stoi(text.substr(0, 4));
    const auto m = static_cast<unsigned>(std::stoi(text.substr(5, 2)));
    const auto d = static_cast<unsigned>(std::stoi(text.substr(8, 2)));
    return Date(std::chrono::year{y} / static_cast<int>(m) / static_cast<int>(d));
}

DaySpans spans(const std::vector<std::string>& texts) {
    DaySpans result;
    for (const std::string& text : texts) {
        const auto span = parse_day_span(text);
        EXPECT_TRUE(span) << text;
        result.push_back(span.value_or(DaySpan{}));
    }
    return result;
}

Calendar every_day(const std::vector<std::string>& texts) {
    Calendar calendar{"office"};
    calendar.week.fill(spans(texts));
    return calendar;
}

// The spans of one local day and the days behind it, as texts.
std::string opened(const Calendar& calendar, const std::string& first, int days) {
    const Date begin = date(first);
    const Time from = instant_of(begin, 0, Twice::first, offset_of_zone);
    const Time until = instant_of(begin + std::chrono::days(days), 0, Twice::first, offset_of_zone);
    std::string result;
    for (const core::OpenSpan& span : open_spans(calendar, from, until, offset_of_zone)) {
        result += (result.empty() ? "" : ", ") + zoned_text(span.from) + " " + zoned_text(span.to);
    }
    return result;
}

class CalendarTest : public ::testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(use_time_zone("Europe/Berlin")); }
};

TEST_F(CalendarTest, KnowsEaster) {
    // Meeus' own examples, the earliest and the latest date, and some years of ours.
    for (const char* text :
         {"1991-03-31", "1992-04-19", "1993-04-11", "1954-04-18", "2000-04-23", "1818-03-22",
          "2038-04-25", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2285-03-22"}) {
        const Date day = date(text);
        EXPECT_EQ(easter_sunday(year_month_day(day).year()), day) << text;
    }
}

TEST_F(CalendarTest, ReadsAndWritesSpans) {
    struct Row {
        const char* text;
        DaySpan span;
    };
    for (const Row& row : {Row{"08:00-18:00", {480, 1080}}, Row{"00:00-24:00", {0, 1440}},
                           Row{"22:30-06:00", {1350, 1800}}, Row{"23:59-24:00", {1439, 1440}}}) {
        EXPECT_EQ(parse_day_span(row.text).value_or(DaySpan{}), row.span) << row.text;
        EXPECT_EQ(written_day_span(row.span), row.text);
    }
    EXPECT_EQ(parse_day_span("18:00-00:00").value_or(DaySpan{}), (DaySpan{1080, 1440}));
    for (const char* text : {"", "8-18", "08:00", "08:00 - 18:00", "8:00-18:00", "08:60-09:00",
                             "24:00-08:00", "08:00-24:01", "08:00-08:00", "00:00-00:00"}) {
        EXPECT_FALSE(parse_day_span(text)) << text;
    }
}

TEST_F(CalendarTest, FindsTheRuleOfADay) {
    Calendar calendar{"office"};
    calendar.week[0] = spans({"08:00-18:00"});  // Mondays
    using std::chrono::April;
    using std::chrono::day;
    using std::chrono::December;
    calendar.special_days = {
        {EasterDay{1}, "Easter Monday", {}},
        {YearlyDays{December / day{24}, December / day{31}}, "holidays", {}},
        {FixedDays{date("2026-12-28"), date("2026-12-28")}, "stocktaking", spans({"09:00-12:00"})},
        {YearlyDays{April / day{6}, April / day{6}}, "jubilee", spans({"10:00-11:00"})}};
    struct Row {
        const char* date;
        const char* special;
        std::size_t spans;
    };
    for (const Row& row : {Row{"2026-11-30", "", 1}, Row{"2026-11-29", "", 0},
                           Row{"2027-03-29", "Easter Monday", 0}, Row{"2026-04-06", "jubilee", 1},
                           Row{"2026-12-23", "", 0}, Row{"2026-12-24", "holidays", 0},
                           Row{"2026-12-28", "stocktaking", 1}, Row{"2027-12-31", "holidays", 0}}) {
        const CalendarDay day = day_of(calendar, date(row.date));
        EXPECT_EQ(day.special == nullptr ? "" : day.special->name, row.special) << row.date;
        EXPECT_EQ(day.open->size(), row.spans) << row.date;
    }
}

TEST_F(CalendarTest, OpensByTheClockOnTheWall) {
    const Calendar office = every_day({"08:00-12:00", "13:00-18:00"});
    EXPECT_EQ(opened(office, "2026-03-28", 1),
              "2026-03-28T08:00:00+01:00 2026-03-28T12:00:00+01:00, "
              "2026-03-28T13:00:00+01:00 2026-03-28T18:00:00+01:00");
    EXPECT_EQ(opened(every_day({"08:00-18:00"}), "2026-03-29", 1),
              "2026-03-29T08:00:00+02:00 2026-03-29T18:00:00+02:00");
}

TEST_F(CalendarTest, JoinsDaysThatTouch) {
    EXPECT_EQ(opened(every_day({"00:00-24:00"}), "2026-03-28", 3),
              "2026-03-28T00:00:00+01:00 2026-03-31T00:00:00+02:00");
    EXPECT_EQ(opened(every_day({"20:00-06:00"}), "2026-10-25", 1),
              "2026-10-24T20:00:00+02:00 2026-10-25T06:00:00+01:00, "
              "2026-10-25T20:00:00+01:00 2026-10-26T06:00:00+01:00");
}

struct ChangeRow {
    const char* zone;
    const char* day;
    const char* span;
    const char* opened;
};

// The clocks change in the middle of the hours, at their begin and at their end.
TEST_F(CalendarTest, HandlesClocksThatChange) {
    const std::vector<ChangeRow> rows{
        // 02:00 becomes 03:00: what is left out begins as the clocks change.
        {"Europe/Berlin", "2026-03-29", "02:30-05:00",
         "2026-03-29T03:00:00+02:00 2026-03-29T05:00:00+02:00"},
        {"Europe/Berlin", "2026-03-29", "01:00-02:30",
         "2026-03-29T01:00:00+01:00 2026-03-29T03:00:00+02:00"},
        {"Europe/Berlin", "2026-03-29", "02:15-02:45", ""},
        // 03:00 becomes 02:00: from the first to the last.
        {"Europe/Berlin", "2026-10-25", "02:30-05:00",
         "2026-10-25T02:30:00+02:00 2026-10-25T05:00:00+01:00"},
        {"Europe/Berlin", "2026-10-25", "01:00-02:30",
         "2026-10-25T01:00:00+02:00 2026-10-25T02:30:00+01:00"},
        {"Europe/Berlin", "2026-10-25", "02:15-02:45",
         "2026-10-25T02:15:00+02:00 2026-10-25T02:45:00+01:00"},
        // The southern half goes forward in October and back in April.
        {"Australia/Sydney", "2026-10-04", "02:30-05:00",
         "2026-10-04T03:00:00+11:00 2026-10-04T05:00:00+11:00"},
        {"Australia/Sydney", "2026-04-05", "02:30-05:00",
         "2026-04-05T02:30:00+11:00 2026-04-05T05:00:00+10:00"},
        // Half an hour only: 02:00 becomes 02:30, and back.
        {"Australia/Lord_Howe", "2026-10-04", "02:15-05:00",
         "2026-10-04T02:30:00+11:00 2026-10-04T05:00:00+11:00"},
        {"Australia/Lord_Howe", "2026-04-05", "01:45-05:00",
         "2026-04-05T01:45:00+11:00 2026-04-05T05:00:00+10:30"},
        {"Australia/Lord_Howe", "2026-04-05", "01:00-01:45",
         "2026-04-05T01:00:00+11:00 2026-04-05T01:45:00+10:30"},
        // At midnight itself: 00:00 becomes 01:00.
        {"America/Havana", "2026-03-08", "00:00-08:00",
         "2026-03-08T01:00:00-04:00 2026-03-08T08:00:00-04:00"},
        // A day that Samoa never had.
        {"Pacific/Apia", "2011-12-30", "08:00-18:00", ""},
    };
    for (const ChangeRow& row : rows) {
        ASSERT_TRUE(use_time_zone(row.zone)) << row.zone;
        Calendar calendar{"one day"};
        const Date day = date(row.day);
        calendar.special_days = {{FixedDays{day, day}, "", spans({row.span})}};
        EXPECT_EQ(opened(calendar, row.day, 1), row.opened) << row.zone << " " << row.span;
    }
}

TEST_F(CalendarTest, IsBounded) {
    Calendar calendar = every_day({"01:00-02:00", "03:00-04:00", "05:00-06:00", "07:00-08:00",
                                   "09:00-10:00", "11:00-12:00", "13:00-14:00", "15:00-16:00"});
    const Time from = instant_of(date("2026-01-01"), 0, Twice::first, offset_of_zone);
    const auto spans = open_spans(calendar, from, from + hours(24 * 400), offset_of_zone);
    EXPECT_LE(spans.size(), core::kOpenSpansMax);
    EXPECT_GT(spans.back().to, from + hours(24 * 110));
}

}  // namespace
}  // namespace lanze::app
