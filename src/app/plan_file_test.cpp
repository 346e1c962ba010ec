#include "app/plan_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

namespace lanze::app {
namespace {

const std::string kFine = R"([plan]
first = "08:00"
[[queue]]
name = "bank"
contacts = [10, 20.5, 0]
handle_time = { distribution = "exponential", mean = "4m" }
)";

const std::string kWithFile = R"([plan]
first = "23:00"
[[queue]]
name = "bank"
contacts_file = "bank.csv"
handle_time = { distribution = "lognormal", mean = "4m", variation = 0.8 }
)";

PlanResult parsed(const std::string& text, const std::map<std::string, std::string>& files = {}) {
    return parse_plan(text, "plans/x.toml", [&](const std::string& path) {
        const auto found = files.find(path);
        return found == files.end() ? std::nullopt : std::optional(found->second);
    });
}

// All errors, a line each; "" if it is fine.
std::string errors_of(const std::string& text,
                      const std::map<std::string, std::string>& files = {}) {
    const PlanResult result = parsed(text, files);
    std::string lines;
    for (std::size_t i = 0; !result && i < result.error().size(); ++i) {
        lines += (lines.empty() ? "" : "\n") + to_string(result.error()[i]);
    }
    return lines;
}

std::string csv_errors(const std::string& csv) {
    return errors_of(kWithFile, {{"plans/bank.csv", csv}});
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(PlanFile, reads_what_it_says) {
    const PlanResult plan = parsed(kFine);
    ASSERT_TRUE(plan.has_value()) << errors_of(kFine);
    EXPECT_EQ(plan->interval, minutes(30));
    EXPECT_EQ(plan->begin_text(2), "09:00");
    ASSERT_EQ(plan->queues.size(), 1U);
    ASSERT_EQ(plan->queues[0].arrivals.size(), 3U);
    EXPECT_EQ(plan->queues[0].arrivals[1].contacts, 20.5);
    EXPECT_NEAR(plan->queues[0].arrivals[1].handle_mean, 240, 1e-9);
    EXPECT_EQ(plan->queues[0].demands.occupancy_max, 0.85);
    EXPECT_FALSE(plan->queues[0].patience.has_value());
}

TEST(PlanFile, takes_the_plans_demands_where_a_queue_says_nothing) {
    const PlanResult plan = parsed(
        "[demands]\nservice_level = { share = 0.9, within = \"10s\" }\n"
        "agents_min = 3\n" +
        kFine +
        "demands = { service_level = { share = 0.7 }, asa_max = \"30s\", "
        "agents_max = 9 }\nshrinkage = 0.25\n");
    ASSERT_TRUE(plan.has_value());
    const plan::Demands& demands = plan->queues[0].demands;
    EXPECT_EQ(demands.service_level.share, 0.7);
    EXPECT_EQ(demands.service_level.within, 10);
    EXPECT_EQ(demands.agents_min, 3);
    EXPECT_EQ(demands.agents_max, 9);
    EXPECT_EQ(demands.asa_max, 30);
    EXPECT_EQ(plan->queues[0].shrinkage, 0.25);
}

TEST(PlanFile, reads_contacts_by_interval_from_a_file) {
    const PlanResult plan = parsed(kWithFile, {{"plans/bank.csv",
                                                "\xef\xbb\xbfstart,contacts,aht\r\n23:00,12,240\r\n"
                                                "23:30,8.5,260\r\n\r\n00:00,3,300\r\n"}});
    ASSERT_TRUE(plan.has_value()) << to_string(plan.error()[0]);
    ASSERT_EQ(plan->queues[0].arrivals.size(), 3U);
    EXPECT_EQ(plan->queues[0].arrivals[1].contacts, 8.5);
    EXPECT_EQ(plan->queues[0].arrivals[2].handle_mean, 300);
    EXPECT_EQ(plan->begin_text(2), "00:00");
}

TEST(PlanFile, refuses_times_that_do_not_follow_each_other) {
    EXPECT_EQ(csv_errors("start,contacts\n23:00,1\n00:00,1\n"),
              "plans/bank.csv:3:1: start: \"00:00\" leaves a gap: 23:30 comes here; give each "
              "interval of 30 minutes once and in order");
    EXPECT_EQ(csv_errors("start,contacts\n23:00,1\n23:30,1\n23:30,1\n"),
              "plans/bank.csv:4:1: start: \"23:30\" has been before: times are doubled or not "
              "sorted, 00:00 comes here; give each interval of 30 minutes once and in order");
    EXPECT_EQ(csv_errors("start,contacts\n23:00,1\n23:30,1\n23:00,1\n").substr(0, 51),
              "plans/bank.csv:4:1: start: \"23:00\" has been before:");
    EXPECT_EQ(csv_errors("start,contacts\n22:30,1\n").substr(0, 59),
              "plans/bank.csv:2:1: start: \"22:30\" is not 23:00, where the ");
    const std::string dated = replaced(kWithFile, "23:00", "2026-02-28 23:30");
    EXPECT_EQ(errors_of(dated, {{"plans/bank.csv",
                                 "start,contacts\n2026-02-28 23:30,1\n"
                                 "2026-03-01T00:00,1\n"}}),
              "");
    EXPECT_EQ(errors_of(dated, {{"plans/bank.csv",
                                 "start,contacts\n2026-02-28 23:30,1\n"
                                 "2026-03-02 00:00,1\n"}})
                  .substr(0, 76),
              "plans/bank.csv:3:1: start: \"2026-03-02 00:00\" leaves a gap: 2026-03-01 00:00");
}

TEST(PlanFile, refuses_what_is_no_csv_of_contacts) {
    const std::pair<const char*, const char*> wrong[] = {
        {"", "plans/bank.csv:1:1: has no interval"},
        {"23:00,5\n23:30,6\n", "plans/bank.csv:1:1: does not begin with a line that names"},
        {"start,contacts\n23:00\n", "plans/bank.csv:2:1: has 1 columns"},
        {"start,contacts\n23:00,-1\n", "plans/bank.csv:2:1: contacts: \"-1\" is no number"},
        {"start,contacts\n23:00,nan\n", "plans/bank.csv:2:1: contacts: \"nan\" is no number"},
        {"start,contacts\n23:00,1e9\n", "plans/bank.csv:2:1: contacts: \"1e9\" is no number"},
        {"start,contacts,aht\n23:00,1,0\n", "plans/bank.csv:2:1: aht: \"0\" is no handle time"},
        {"start,contacts\n24:00,1\n", "plans/bank.csv:2:1: start: \"24:00\" is no time"},
        {"start,contacts\n2026-01-01 23:00,1\n", "plans/bank.csv:2:1: start: \"2026-01-01 23:00\""},
    };
    for (const auto& [csv, expected] : wrong) {
        const std::string found = csv_errors(csv);
        EXPECT_EQ(found.substr(0, std::string(expected).size()), expected) << found;
    }
    EXPECT_EQ(errors_of(kWithFile),
              "plans/x.toml:5:1: queue[0].contacts_file: \"plans/bank.csv\" cannot be read; check "
              "that it is there, that you may read it and that it has at most 4 MiB");
}

TEST(PlanFile, says_what_is_wrong_where) {
    struct Wrong {
        const char* from;
        const char* to;
        const char* error;
    };
    const Wrong wrong[] = {
        {"\"08:00\"", "\"8:00\"", "plans/x.toml:2:1: plan.first: \"8:00\" is no time of a day"},
        {"first", "frist", "plans/x.toml:1:2: plan.first: is missing"},
        {"name = \"bank\"", "", "plans/x.toml:3:1: queue[0].name: is missing"},
        {"[10, 20.5, 0]", "[10, -1]", "plans/x.toml:5:17: queue[0].contacts[1]: is not a number"},
        {"[10, 20.5, 0]", "[]", "plans/x.toml:5:1: queue[0].contacts: has no interval"},
        {"[10, 20.5, 0]", "[4000000]", "plans/x.toml:4:1: queue[0].name: has a load of more than"},
        {"\"exponential\"", "\"normal\"",
         "plans/x.toml:6:17: queue[0].handle_time.distribution: \"normal\" is not known"},
        {"\"exponential\"", "\"gamma\"",
         "plans/x.toml:6:1: queue[0].handle_time.variation: is missing"},
        {"\"4m\"", "\"0s\"",
         "plans/x.toml:6:47: queue[0].handle_time.mean: \"0s\" is out of range"},
        {"contacts =", "skills = {}\ncontacts =",
         "plans/x.toml:5:1: queue[0].skills: says nothing without pools"},
        {"contacts =", "colour = 1\ncontacts =", "plans/x.toml:5:1: queue[0].colour: is not known"},
        {"contacts =", "talk = { distribution = \"fixed\", mean = \"1m\" }\ncontacts =",
         "plans/x.toml:7:1: queue[0].handle_time: or talk is needed, and not both"},
        {"contacts =", "demands = { service_level = { share = 1 } }\ncontacts =",
         "plans/x.toml:5:31: queue[0].demands.service_level.share: is 1"},
        {"contacts =", "demands = { occupancy_max = nan }\ncontacts =",
         "plans/x.toml:5:13: queue[0].demands.occupancy_max: is not a number from 0.01 to 1"},
        {"contacts =",
         "patience = { distribution = \"weibull\", shape = 0, scale = \"1m\" }\ncontacts =",
         "plans/x.toml:5:40: queue[0].patience.shape: is not a number"},
    };
    for (const Wrong& w : wrong) {
        const std::string found = errors_of(replaced(kFine, w.from, w.to));
        EXPECT_EQ(found.substr(0, std::string(w.error).size()), w.error) << found;
    }
    EXPECT_EQ(errors_of("queue = []\n" + kFine.substr(0, kFine.find("[[queue]]"))).substr(0, 42),
              "plans/x.toml:1:1: queue: is missing: there");
    EXPECT_EQ(errors_of("[plan\n").substr(0, 39), "plans/x.toml:1:6: is not TOML here: Err");
    EXPECT_EQ(errors_of(std::string(kPlanBytesMax + 1, '\n')).substr(0, 36),
              "plans/x.toml: is larger than 4 MiB; ");
}

TEST(PlanFile, refuses_queues_that_do_not_fit_together) {
    std::string other = kFine.substr(kFine.find("[[queue]]"));
    EXPECT_EQ(errors_of(kFine + other).substr(0, 48),
              "plans/x.toml:8:1: queue[1].name: \"bank\" is taken");
    other = replaced(replaced(other, "bank", "mobile"), ", 0]", "]");
    EXPECT_EQ(
        errors_of(kFine + other),
        "plans/x.toml:8:1: queue[1].name: has 2 intervals, but others have 3; give 0 contacts "
        "where a queue is closed");
    std::string long_day = "[1";
    for (int i = 0; i < 48; ++i) {
        long_day += ",1";
    }
    EXPECT_EQ(errors_of(replaced(kFine, "[10, 20.5, 0", long_day)).substr(0, 69),
              "plans/x.toml:5:1: queue[0].contacts: go on for more than a day; give ");
}

TEST(PlanFile, reads_every_distribution) {
    for (const char* handle_time :
         {R"({ distribution = "lognormal", mean = "4m", variation = 0.8 })",
          R"({ distribution = "gamma", mean = "4m", variation = 0.8 })",
          R"({ distribution = "fixed", mean = "4m" })",
          R"({ distribution = "hyperexponential", shares = [3, 1], means = ["2m", "10m"] })",
          R"({ distribution = "empirical", times = ["3m", "5m"] })",
          R"({ distribution = "empirical", times_file = "times.csv" })"}) {
        const PlanResult plan =
            parsed(replaced(kFine, R"({ distribution = "exponential", mean = "4m" })", handle_time),
                   {{"plans/times.csv", "180\n300\n"}});
        ASSERT_TRUE(plan.has_value()) << handle_time << to_string(plan.error()[0]);
        EXPECT_NEAR(plan->queues[0].arrivals[0].handle_mean, 240, 1e-9) << handle_time;
        EXPECT_NEAR(plan->queues[0].talk.mean(), 240, 1e-6) << handle_time;
    }
    for (const char* patience :
         {R"({ distribution = "exponential", mean = "2m" })",
          R"({ distribution = "fixed", mean = "2m" })",
          R"({ distribution = "erlang2", mean = "2m" })",
          R"({ distribution = "weibull", shape = 1.5, scale = "2m" })",
          R"({ distribution = "two", share = 0.3, means = ["20s", "5m"] })"}) {
        const PlanResult plan = parsed(kFine + "patience = " + patience + "\n");
        ASSERT_TRUE(plan.has_value()) << patience << to_string(plan.error()[0]);
        EXPECT_TRUE(plan->queues[0].patience.has_value());
    }
    EXPECT_EQ(errors_of(replaced(kFine, R"("exponential", mean = "4m" })",
                                 R"("empirical", times_file = "times.csv" })"),
                        {{"plans/times.csv", "180\n\nfive\n"}})
                  .substr(0, 43),
              "plans/times.csv:3:1: is no handle time; wri");
}

const std::string kPool = "[[pool]]\nname = \"all\"\nskills = { bank = 2 }\n";
const std::string kWithPool =
    replaced(kFine, "contacts", "skills = { bank = 1 }\ncontacts") + kPool;

TEST(PlanFile, reads_pools) {
    const PlanResult plan = parsed(kWithPool + "cost = 1.5\nagents_max = 9\nagents_min = 2\n");
    ASSERT_TRUE(plan.has_value()) << to_string(plan.error()[0]);
    ASSERT_EQ(plan->pools.size(), 1U);
    EXPECT_EQ(plan->pools[0].cost, 1.5);
    EXPECT_EQ(plan->pools[0].agents_max, 9U);
    EXPECT_EQ(plan->pools[0].agents_min, 2U);
    EXPECT_EQ(plan->pools[0].skills, (core::Skills{{"bank", 2}}));
    EXPECT_EQ(plan->queues[0].needs, (core::Skills{{"bank", 1}}));
}

TEST(PlanFile, refuses_pools_that_cannot_be) {
    struct Wrong {
        std::string text;
        const char* error;
    };
    const Wrong wrong[] = {
        {replaced(kWithPool, "bank = 1", "bank = 3"),
         "plans/x.toml:8:3: pool: cannot serve \"bank\": none with agents has its skills"},
        {kWithPool + "agents_max = 0\n", "plans/x.toml:8:3: pool: cannot serve \"bank\""},
        {kWithPool + kPool, "plans/x.toml:12:1: pool[1].name: \"all\" is taken"},
        {kWithPool + "cost = 0\n", "plans/x.toml:11:1: pool[0].cost: "},
        {kWithPool + "agents_min = 3\nagents_max = 2\n",
         "plans/x.toml:11:1: pool[0].agents_min: is more than agents_max"},
        {kWithPool + "size = 3\n", "plans/x.toml:11:1: pool[0].size: is not known"},
        {kWithPool + "[demands]\nagents_min = 2\n",
         "plans/x.toml:11:2: demands: have agents_min, agents_max or occupancy_min"},
    };
    for (const Wrong& w : wrong) {
        const std::string found = errors_of(w.text);
        EXPECT_NE(found.find(w.error), std::string::npos) << found << " for " << w.error;
    }
}

TEST(PlanFile, reads_the_examples) {
    EXPECT_TRUE(load_plan("examples/hanse/plan_skills.toml").has_value());
    const PlanResult plan = load_plan("examples/hanse/plan.toml");
    ASSERT_TRUE(plan.has_value()) << to_string(plan.error()[0]);
    EXPECT_EQ(plan->queues.size(), 4U);
    EXPECT_EQ(plan->queues[1].arrivals.size(), 22U);
    EXPECT_FALSE(load_plan("no/such.toml").has_value());
}

TEST(PlanFile, has_every_field_in_its_document) {
    std::ifstream file("docs/planning.md");
    const std::string document{std::istreambuf_iterator<char>(file), {}};
    EXPECT_GT(known_plan_fields().size(), 40U);
    for (std::string field : known_plan_fields()) {
        // Demands stand there once, and so do the fields of distributions.
        if (field.starts_with("queue[].demands.")) {
            field.erase(0, std::string("queue[].").size());
        } else if (field.starts_with("queue[].") &&
                   std::count(field.begin(), field.end(), '.') == 2) {
            field.erase(0, field.rfind('.') + 1);
        }
        EXPECT_NE(document.find("`" + field + "`"), std::string::npos)
            << field << " is missing in docs/planning.md";
    }
}

}  // namespace
}  // namespace lanze::app
