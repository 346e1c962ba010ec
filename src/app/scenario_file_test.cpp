#include "app/scenario_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>

#include "app/scenario_parts.h"

namespace lanze::app {
namespace {

const std::string kFine = R"(start = 2026-11-23
[charter]
occupancy_max = 1.0
[[queue]]
name = "bank"
skills = { bank = 1 }
[[arrivals]]
queue = "bank"
per_hour = 60
talk = { distribution = "exponential", mean = "4m" }
[[pool]]
name = "anna"
count = 5
skills = { bank = 2 }
)";

const std::string kWithFile = R"([[queue]]
name = "bank"
[[arrivals]]
queue = "bank"
intervals_file = "bank.csv"
talk = { distribution = "exponential", mean = "4m" }
[[pool]]
name = "anna"
)";

using Files = std::map<std::string, std::string>;

ScenarioResult parsed(const std::string& text, const Files& files = {}) {
    return parse_scenario(text, "day/x.toml", [&](const std::string& path) {
        const auto found = files.find(path);
        return found == files.end() ? std::nullopt : std::optional(found->second);
    });
}

// All errors, a line each; "" if it is fine.
std::string errors_of(const std::string& text, const Files& files = {}) {
    const ScenarioResult result = parsed(text, files);
    std::string lines;
    for (std::size_t i = 0; !result && i < result.error().size(); ++i) {
        lines += (lines.empty() ? "" : "\n") + to_string(result.error()[i]);
    }
    return lines;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(ScenarioFile, ReadsWhatItSays) {
    const ScenarioResult file = parsed(kFine);
    ASSERT_TRUE(file) << errors_of(kFine);
    EXPECT_EQ(file->days, 0U);
    ASSERT_EQ(file->scenario.streams.size(), 1U);
    EXPECT_EQ(file->scenario.streams[0].name, "bank");
    EXPECT_DOUBLE_EQ(file->scenario.streams[0].rates.at(0).per_second, 1.0 / 60);
    EXPECT_EQ(file->scenario.pools.at(0).count, 5U);
    EXPECT_EQ(file->scenario.pools.at(0).agent.skills, (core::Skills{{"bank", 2}}));
    EXPECT_EQ(file->scenario.config.charter.occupancy_max_permille, 1'000U);
    EXPECT_EQ(to_micros(file->scenario.start), 1'795'392'000'000'000);
}

TEST(ScenarioFile, LimitsTheLines) {
    const ScenarioResult file = parsed("lines = 12\n" + kFine);
    ASSERT_TRUE(file);
    EXPECT_EQ(file->scenario.config.contacts_max, 12U);
}

TEST(ScenarioFile, TakesTheCentreOfAnotherFile) {
    std::ifstream file("examples/hanse/lanze.toml");
    const std::string centre((std::istreambuf_iterator<char>(file)), {});
    const std::string text =
        "centre = \"lanze.toml\"\n[[arrivals]]\nqueue = \"bank\"\nper_hour = 1\n"
        "talk = { distribution = \"fixed\", mean = \"1m\" }\n";
    const ScenarioResult result = parsed(text, {{"day/lanze.toml", centre}});
    ASSERT_TRUE(result) << errors_of(text, {{"day/lanze.toml", centre}});
    EXPECT_EQ(result->time_zone, "Europe/Berlin");
    EXPECT_EQ(result->scenario.config.queues.size(), 4U);
    std::size_t agents = 0;
    for (const sim::Pool& pool : result->scenario.pools) {
        agents += pool.count;
    }
    EXPECT_GE(agents, 8U);
    EXPECT_NE(errors_of(text).find("centre: \"lanze.toml\" cannot be read"), std::string::npos);
    EXPECT_NE(errors_of(text, {{"day/lanze.toml", "[centre]\n"}}).find("day/lanze.toml:"),
              std::string::npos);
    EXPECT_NE(errors_of(text + "[[queue]]\nname = \"x\"\n", {{"day/lanze.toml", centre}})
                  .find("queue: stands in the centre's file already"),
              std::string::npos);
}

struct Wrong {
    std::string from;
    std::string to;
    std::string error;
};

TEST(ScenarioFile, SaysWhatIsWrong) {
    const std::vector<Wrong> table = {
        {"per_hour = 60", "per_hour = 80",
         "day/x.toml:7:1: arrivals: would wait for ever longer: bank bring the work of 5.333 "
         "agents, and 5 can do it, who come later are patient; add agents, patience, or a "
         "waiting_max to the queue"},
        {"per_hour = 60", "per_hours = 60",
         "day/x.toml:7:1: arrivals[0].per_hour: is missing, and nothing else says when they come; "
         "write one of \"per_hour\", \"per_interval\", \"intervals_file\", \"times_file\" or "
         "\"endless\"\nday/x.toml:9:1: arrivals[0].per_hours: is not known; did you mean "
         "\"per_hour\"?"},
        {"per_hour = 60", "per_hour = 60\nendless = true",
         "day/x.toml:10:1: arrivals[0].endless: is not the only way to say when they come: so "
         "does per_hour; take one of the two out"},
        {"queue = \"bank\"", "queue = \"bnk\"",
         "day/x.toml:8:1: arrivals[0].queue: \"bnk\" is no queue; did you mean \"bank\"?"},
        {"\"exponential\", mean = \"4m\"", "\"lognormal\", mean = \"4m\"",
         "day/x.toml:10:1: arrivals[0].talk.variation: is missing; add variation = 0.8: standard "
         "deviation / mean"},
        {"\"exponential\", mean = \"4m\"", "\"gamma\", mean = \"4m\", variation = -1",
         "day/x.toml:10:47: arrivals[0].talk.variation: is not a number from 0.01 to 20; write "
         "one, without quotes"},
        {"count = 5", "count = 5\nno_answer = 0.7\nrejects = 0.7",
         "day/x.toml:15:1: pool[0].rejects: and no_answer are more than all; let them add up to "
         "at most 1"},
        {"count = 5", "count = 5\nshifts = [{ begin = \"16:00\", end = \"8:00\" }]",
         "day/x.toml:14:30: pool[0].shifts[0].end: is not after begin; write \"26:00\" for two "
         "o'clock on the next day"},
        {"count = 5", "count = 5\nstaff = [{ from = \"08:00\", agents = 6 }]",
         "day/x.toml:14:1: pool[0].staff: wants 6 of 5 agents; raise count"},
        {"start = 2026-11-23", "start = \"tomorrow\"",
         "day/x.toml:1:1: start: is no date; write start = 2026-11-23"}};
    for (const Wrong& wrong : table) {
        EXPECT_EQ(errors_of(replaced(kFine, wrong.from, wrong.to)), wrong.error);
    }
}

TEST(ScenarioFile, SaysWhatIsWrongWithItsFiles) {
    const std::vector<std::pair<std::string, std::string>> table = {
        {"from,contacts\n08:00,5\n08:30,6\n09:30,7\n",
         "day/bank.csv:4:1: \"09:30,7\" leaves a gap: the interval before began at 08:30; write "
         "from,contacts for each interval, such as 08:30,52"},
        {"from,contacts\n08:00,5\n08:00,6\n",
         "day/bank.csv:3:1: \"08:00,6\" stands twice; write from,contacts for each interval, such "
         "as 08:30,52"},
        {"from,contacts\n08:00,5\n07:30,6\n",
         "day/bank.csv:3:1: \"07:30,6\" is earlier than the line before; write from,contacts for "
         "each interval, such as 08:30,52"},
        {"from,contacts\n08:00,five\n",
         "day/bank.csv:2:1: \"08:00,five\" is no interval; write from,contacts for each interval, "
         "such as 08:30,52"},
        {"", "day/bank.csv:1:1: holds fewer than two intervals; write a line for each"}};
    for (const auto& [csv, error] : table) {
        EXPECT_EQ(errors_of(kWithFile, {{"day/bank.csv", csv}}), error);
    }
    EXPECT_EQ(
        errors_of(kWithFile),
        "day/x.toml:5:1: arrivals[0].intervals_file: \"bank.csv\" cannot be read; name a file "
        "of at most 200 MiB beside the scenario");
}

TEST(ScenarioFile, ReadsIntervalsAndTimesFromFiles) {
    const ScenarioResult intervals =
        parsed(kWithFile, {{"day/bank.csv", "from,contacts\n08:00,18\n08:30,36\n"}});
    ASSERT_TRUE(intervals);
    EXPECT_EQ(intervals->days, 1U);
    const std::vector<sim::RatePiece> expected = {
        {}, {hours(8), 0.01}, {hours(8) + minutes(30), 0.02}, {hours(9), 0}};
    EXPECT_EQ(intervals->scenario.streams[0].rates, expected);
    const std::string with_times = replaced(kWithFile, "intervals_file", "times_file");
    const ScenarioResult times = parsed(with_times, {{"day/bank.csv", "08:00:01.5\n90000\n"}});
    ASSERT_TRUE(times);
    EXPECT_EQ(times->days, 2U);
    ASSERT_EQ(times->scenario.streams[0].arrivals.size(), 2U);
    EXPECT_EQ(times->scenario.streams[0].arrivals[0].at, hours(8) + milliseconds(1'500));
    EXPECT_EQ(
        errors_of(with_times, {{"day/bank.csv", "2\n1\n"}}),
        "day/bank.csv:2:1: \"1\" is earlier than the line before; write one arrival a line in "
        "the order of time, as 08:03:12.5 or in seconds after midnight");
}

TEST(ScenarioFile, KnowsTimesOfDay) {
    EXPECT_EQ(parse_day_time("08:30"), hours(8) + minutes(30));
    EXPECT_EQ(parse_day_time("32:05:10"), hours(32) + minutes(5) + seconds(10));
    for (const char* const wrong :
         {"8", "08:3", "08:60", "x:30", "08:30:60", "08:30x", "99999:00"}) {
        EXPECT_EQ(parse_day_time(wrong), std::nullopt) << wrong;
    }
}

TEST(ScenarioFile, IsDocumentedFieldByField) {
    std::ifstream file("docs/planning.md");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    for (const std::string& field : known_scenario_fields()) {
        // These are described where they are at home, and distributions once for all.
        const bool is_elsewhere = field.starts_with("queue") || field.starts_with("routing") ||
                                  field.starts_with("charter") || field.starts_with("hours") ||
                                  field.ends_with(".distribution") || field.ends_with(".mean") ||
                                  field.ends_with(".variation") || field.ends_with(".shape") ||
                                  field.ends_with(".times") ||
                                  field.ends_with("].talk.times_file") ||
                                  field.ends_with("].wrap_up.times_file");
        EXPECT_TRUE(is_elsewhere || text.find("`" + field + "`") != std::string::npos)
            << field << " is missing in docs/planning.md";
    }
}

TEST(ScenarioFile, ReadsTheExample) {
    const ScenarioResult file = load_scenario("examples/hanse/day.toml");
    ASSERT_TRUE(file);
    EXPECT_EQ(file->days, 1U);
    EXPECT_EQ(file->scenario.pools.size(), 5U);
}

}  // namespace
}  // namespace lanze::app
