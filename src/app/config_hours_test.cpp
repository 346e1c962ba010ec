#include <gtest/gtest.h>

#include "app/config_fixture.h"

namespace lanze::app {

namespace {

// A small centre in which nothing is wrong; the cases below put lines in place of lines 2 to 5, and
// of line 9.
const std::string kFine = R"(centre.name = "Hanse"
[[hours]]
name = "office"
week = { mon-fri = "08:00-18:00" }
special_days = []
[[queue]]
name = "bank"
numbers = "bank"
hours = "office"
[[queue]]
name = "night"
numbers = "night"
[[queue]]
name = "third"
numbers = "third"
[[agent]]
name = "anna"
built_in = true
)";

const std::string kWeek = "week = { mon-fri = \"08:00-18:00\" }";
const std::string kDays = "special_days = []";
const std::string kHours = "hours = \"office\"";

CentreConfig read(const std::string& from, const std::string& to) {
    const std::string text = replaced(kFine, from, to);
    ConfigResult result = parse_config(text, "x.toml");
    EXPECT_TRUE(result.has_value()) << errors_of(text);
    return result ? *result : CentreConfig{};
}

Calendar read_calendar(const std::string& from, const std::string& to) {
    const CentreConfig config = read(from, to);
    return config.calendars.empty() ? Calendar{} : config.calendars[0];
}

Date date(int y, unsigned m, unsigned d) {
    return Date(std::chrono::year{y} / static_cast<int>(m) / static_cast<int>(d));
}

struct WrongCase {
    std::string from;
    std::string to;
    std::string error;  // behind "x.toml:"
};

void expect_errors(const std::vector<WrongCase>& cases) {
    for (const WrongCase& one : cases) {
        EXPECT_EQ(errors_of(replaced(kFine, one.from, one.to)), "x.toml:" + one.error) << one.to;
    }
}

}  // namespace

TEST(ConfigHours, reads_the_week) {
    const Calendar calendar = read_calendar(
        kWeek,
        R"(week = { sat-sun = "22:00-06:00", mon = ["08:00-12:00", "13:00-24:00"], wed-thu = [] })");
    EXPECT_EQ(calendar.name, "office");
    EXPECT_EQ(calendar.week[0], (DaySpans{{480, 720}, {780, 1'440}}));
    EXPECT_TRUE(calendar.week[1].empty());
    EXPECT_TRUE(calendar.week[2].empty());
    EXPECT_EQ(calendar.week[5], (DaySpans{{1'320, 1'800}}));
    EXPECT_EQ(calendar.week[6], calendar.week[5]);
    const Calendar over = read_calendar(kWeek, R"(week = { sun-mon = "08:00-09:00" })");
    EXPECT_TRUE(over.week[5].empty());
    EXPECT_EQ(over.week[6], (DaySpans{{480, 540}}));
    EXPECT_EQ(over.week[0], over.week[6]);
}

TEST(ConfigHours, reads_special_days) {
    const Calendar calendar = read_calendar(kDays, R"(special_days = [
  { date = "01-01", name = "Neujahr" },
  { easter = -2, name = "Karfreitag" },
  { date = "12-24", until = "12-31", open = "08:00-12:00" },
  { date = 2026-12-28 },
  { date = "2027-07-01", until = "2027-07-03", name = "Umzug" },
])");
    using std::chrono::day;
    using std::chrono::December;
    using std::chrono::January;
    const std::vector<SpecialDay> expected{
        {YearlyDays{January / day{1}, January / day{1}}, "Neujahr", {}},
        {EasterDay{-2}, "Karfreitag", {}},
        {YearlyDays{December / day{24}, December / day{31}}, "", {{480, 720}}},
        {FixedDays{date(2026, 12, 28), date(2026, 12, 28)}, "", {}},
        {FixedDays{date(2027, 7, 1), date(2027, 7, 3)}, "Umzug", {}}};
    EXPECT_EQ(calendar.special_days, expected);
}

TEST(ConfigHours, gives_queues_their_calendar) {
    const CentreConfig config =
        read(kHours, "hours = \"office\"\nat_closing = \"divert\"\nclosing_to = \"night\"");
    ASSERT_EQ(config.queue_calendars.size(), 3U);
    EXPECT_EQ(config.queue_calendars[0], 0U);
    EXPECT_FALSE(config.queue_calendars[1]);
    EXPECT_EQ(config.core.queues[0].at_closing, core::AtClosing::divert);
    EXPECT_EQ(config.core.queues[0].closing_to, "night");
    EXPECT_EQ(config.core.queues[1].at_closing, core::AtClosing::serve);
    EXPECT_EQ(read(kHours, "hours = \"office\"\nat_closing = \"end\"").core.queues[0].at_closing,
              core::AtClosing::end);
}

TEST(ConfigHours, says_what_is_wrong_with_a_calendar) {
    expect_errors({
        {kWeek, "",
         R"(2:1: hours[0].week: is missing; write week = { mon-fri = "08:00-18:00" }; days that are not named are closed)"},
        {kWeek, "week = {}",
         R"(4:1: hours[0].week: is never open; name a day: { mon-fri = "08:00-18:00" })"},
        {kWeek, "week = { monday = \"08:00-18:00\" }",
         R"(4:10: hours[0].week.monday: is no day of the week; write "mon", "tue", "wed", "thu", "fri", "sat", "sun" or several such as "mon-fri")"},
        {kWeek, "week = { mon-wed = \"08:00-18:00\", wed = \"08:00-12:00\" }",
         R"(4:35: hours[0].week.wed: names "wed" again, which stands in line 4; name each day once)"},
        {kWeek, "week = { mon = \"8-18\" }",
         R"(4:10: hours[0].week.mon: "8-18" is no span of time; write "08:00-18:00", up to "24:00"; "22:00-06:00" goes on over midnight)"},
        {kWeek, "week = { mon = [\"13:00-18:00\", \"08:00-12:00\"] }",
         R"(4:32: hours[0].week.mon[1]: "08:00-12:00" begins before "13:00-18:00" is over; write the spans of a day in order of time, with a pause between them)"},
        {kDays, "special_days = [{ name = \"Ostern\" }]",
         R"(5:17: hours[0].special_days[0].date: is missing, and so is easter; write date = "12-24", or easter = 1 for the days after Easter Sunday)"},
        {kDays, "special_days = [{ date = \"12-24\", easter = 1 }]",
         R"(5:35: hours[0].special_days[0].easter: contradicts date; write date = "12-24", or easter = 1 for the days after Easter Sunday)"},
        {kDays, "special_days = [{ date = \"24.12.\" }]",
         R"(5:19: hours[0].special_days[0].date: "24.12." is no date; write "12-24" for every year, or "2026-12-24" up to the year 2099)"},
        {kDays, "special_days = [{ date = \"2027-02-29\" }]",
         R"(5:19: hours[0].special_days[0].date: "2027-02-29" is no date; write "12-24" for every year, or "2026-12-24" up to the year 2099)"},
        {kDays, "special_days = [{ date = \"12-24\", until = \"01-02\" }]",
         R"(5:35: hours[0].special_days[0].until: "01-02" does not follow "12-24"; write both with a year or both without, the later one last; over the turn of the year two entries are needed)"},
        {kDays, "special_days = [{ easter = 400 }]",
         R"(5:19: hours[0].special_days[0].easter: is not a number of days from -180 to 180; write 1 for Easter Monday, -2 for Good Friday, 39 for Ascension Day, 50 for Whit Monday)"},
        {kDays, "special_days = [{ date = \"12-24\", opens = \"08:00-12:00\" }]",
         R"(5:35: hours[0].special_days[0].opens: is not known; did you mean "open"?)"},
    });
}

TEST(ConfigHours, says_what_is_wrong_with_a_queues_hours) {
    expect_errors({
        {kHours, "hours = \"offcie\"",
         R"(9:1: queue[0].hours: "offcie" is the name of no [[hours]]; did you mean "office"?)"},
        {kHours, "at_closing = \"end\"",
         R"(9:1: queue[0].at_closing: has no use: the queue never closes; add hours = "...", or take it out)"},
        {kHours, kHours + "\nat_closing = \"divert\"",
         R"(6:1: queue[0].closing_to: is missing; add closing_to = "the queue they go to")"},
        {kHours, kHours + "\nclosing_to = \"night\"",
         R"(10:1: queue[0].closing_to: has no use without at_closing = "divert"; write that, or take it out)"},
        {kHours, kHours + "\nat_closing = \"divert\"\nclosing_to = \"bank\"",
         R"(11:1: queue[0].closing_to: "bank" is this queue itself; write another queue, or take it out)"},
        {kHours, kHours + "\nat_closing = \"divert\"\nclosing_to = \"nigt\"",
         R"(11:1: queue[0].closing_to: "nigt" is the name of no queue; did you mean "night"?)"},
    });
}

TEST(ConfigOverflow, reads_where_contacts_go) {
    const CentreConfig config = read(
        kHours,
        R"(overflow = [{ to = "night", after = "60s" }, { to = "third", waiting = 10 }, { to = "third", after = "2m" }, { to = "night", expected = "5m" }])");
    const std::vector<core::Overflow> expected{{"night", seconds(60), 0, {}},
                                               {"third", Duration::zero(), 10, {}},
                                               {"third", minutes(2), 0, {}},
                                               {"night", Duration::zero(), 0, minutes(5)}};
    EXPECT_EQ(config.core.queues[0].overflows, expected);
}

TEST(ConfigOverflow, says_what_is_wrong) {
    const auto one = [](const std::string& table) { return "overflow = [{ " + table + " }]"; };
    expect_errors({
        {kHours, "overflow = \"night\"",
         R"(9:1: queue[0].overflow: is not a list of tables; write overflow = [{ ... }, { ... }])"},
        {kHours, one("to = \"night\""),
         R"(9:13: queue[0].overflow[0].after: is missing, and so are waiting and expected; write exactly one of after = "60s", waiting = 10 and expected = "5m"; write a table for each)"},
        {kHours, one("to = \"night\", after = \"60s\", waiting = 3"),
         R"(9:44: queue[0].overflow[0].waiting: is not the only reason to overflow here; write exactly one of after = "60s", waiting = 10 and expected = "5m"; write a table for each)"},
        {kHours, one("after = \"60s\""),
         R"(9:13: queue[0].overflow[0].to: is missing; add to = "...")"},
        {kHours, one("to = \"bank\", after = \"60s\""),
         R"(9:15: queue[0].overflow[0].to: "bank" is this queue itself; write another queue, or take it out)"},
        {kHours, one("to = \"nigt\", waiting = 3"),
         R"(9:15: queue[0].overflow[0].to: "nigt" is the name of no queue; did you mean "night"?)"},
        {kHours, one("to = \"night\", after = \"60s\" }, { to = \"third\", after = \"60s\""),
         R"(9:62: queue[0].overflow[1].after: "1m" is not later than "1m" of the overflow before; let the times rise from one overflow to the next)"},
    });
}

TEST(ConfigOverflow, refuses_circles) {
    const std::string text = replaced(
        replaced(kFine, kHours, "overflow = [{ to = \"night\", after = \"60s\" }]"),
        "numbers = \"night\"", "numbers = \"night\"\noverflow = [{ to = \"third\", waiting = 2 }]");
    EXPECT_EQ(errors_of(text), "");
    const std::string circle = replaced(text, "numbers = \"third\"",
                                        "numbers = \"third\"\nhours = \"office\"\nat_closing = "
                                        "\"divert\"\nclosing_to = \"bank\"");
    EXPECT_EQ(
        errors_of(circle),
        R"(x.toml:9:15: queue[0].overflow[0].to: leads back here: bank > night > third > bank; take one of these ways out)");
}

}  // namespace lanze::app
