#include "app/staff_check.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "app/cli.h"
#include "app/simulate.h"
#include "app/staff_page.h"
#include "app/staff_text.h"

namespace lanze::app {
namespace {

StaffingPlan parsed(const std::string& text) {
    const PlanResult plan =
        parse_plan(text, "x.toml", [](const std::string&) { return std::nullopt; });
    EXPECT_TRUE(plan.has_value()) << to_string(plan.error()[0]);
    return plan ? *plan : StaffingPlan{};
}

const std::string kBegin = "[plan]\nfirst = \"08:00\"\n";
const std::string kPatient = "handle_time = { distribution = \"exponential\", mean = \"5m\" }\n";
const std::string kImpatient =
    kPatient + "patience = { distribution = \"exponential\", mean = \"2m\" }\n";

// With few replications, as nothing here is a close call.
sim::Simulate quick(std::uint32_t jobs) {
    return [jobs](const sim::Scenario& scenario, const sim::Plan& plan, std::uint32_t) {
        return tallies_of(scenario, {40, plan}, jobs, [](std::uint32_t) {});
    };
}

// In the first interval 12 agents' work comes to 10, and in the second 4.
StaffingPlan overloaded_plan() {
    return parsed(kBegin +
                  "[demands]\nasa_max = \"30s\"\nagents_max = 10\noccupancy_max = 1\n"
                  "[[queue]]\nname = \"bank\"\ncontacts = [80, 24, 24, 0]\n" +
                  kPatient);
}

TEST(StaffCheck, adds_agents_where_a_backlog_is_carried_over) {
    const StaffingPlan plan = overloaded_plan();
    Staffing staffing = staffing_of(plan);
    check_staffing(staffing, 1, quick(1));
    ASSERT_TRUE(staffing.check.has_value()) << staffing.unchecked_because;
    const auto& intervals = staffing.queues[0].intervals;
    EXPECT_EQ(intervals[0].seen->verdict(), sim::Verdict::not_kept);
    EXPECT_EQ(intervals[0].added, 0);
    EXPECT_GT(intervals[1].added, 0);
    EXPECT_LE(intervals[1].agents(), 10);
    EXPECT_EQ(intervals[1].paid, intervals[1].agents());
    EXPECT_TRUE(staffing.is_not_kept());
    EXPECT_NE(conflict_lines(staffing).find("bank, 08:00: not kept: asa_max in simulation"),
              std::string::npos)
        << conflict_lines(staffing);
    EXPECT_NE(staffing_table(staffing).find("simulated level"), std::string::npos);
    EXPECT_NE(staffing_page(staffing).find("not kept: asa max"), std::string::npos);
    const boost::json::value json = boost::json::parse(staffing_json(staffing));
    const auto& first = json.at("queues").at(0).at("intervals").at(0);
    EXPECT_EQ(first.at("simulated").at("verdict").as_string(), "not kept");
    EXPECT_EQ(first.at("simulated").at("not_kept").at(0).as_string(), "asa_max");
    EXPECT_EQ(json.at("check").at("confidence").to_number<double>(), 0.95);
}

TEST(StaffCheck, keeps_the_formula_where_the_simulation_agrees) {
    const StaffingPlan plan = parsed(kBegin +
                                     "[demands]\nservice_level = { share = 0.7 }\n"
                                     "[[queue]]\nname = \"bank\"\ncontacts = [60, 60, 60]\n" +
                                     kImpatient);
    Staffing staffing = staffing_of(plan);
    check_staffing(staffing, 1, quick(1));
    for (const StaffedInterval& interval : staffing.queues[0].intervals) {
        EXPECT_EQ(interval.added, 0);
        EXPECT_NE(interval.seen->verdict(), sim::Verdict::not_kept);
    }
    EXPECT_FALSE(staffing.is_not_kept());
}

const std::string kShared =
    kBegin +
    "[demands]\nservice_level = { share = 0.8 }\n[[queue]]\nname = \"bank\"\n"
    "skills = { bank = 1 }\ncontacts = [24, 30]\n" +
    kImpatient + "[[queue]]\nname = \"travel\"\nskills = { travel = 1 }\ncontacts = [18, 24]\n" +
    kImpatient +
    "[[pool]]\nname = \"bank\"\nskills = { bank = 1 }\n[[pool]]\nname = \"all\"\n"
    "skills = { bank = 1, travel = 1 }\ncost = 1.2\n";

TEST(StaffCheck, says_the_same_whatever_the_jobs) {
    const StaffingPlan plan = parsed(kShared);
    std::string texts[2];
    for (std::uint32_t jobs : {1U, 3U}) {
        Staffing staffing = staffing_of(plan);
        check_staffing(staffing, 7, quick(jobs));
        EXPECT_FALSE(staffing.is_not_kept());
        texts[jobs / 2] = staffing_json(staffing) + staffing_csv(staffing) +
                          staffing_table(staffing) + staffing_page(staffing);
    }
    EXPECT_EQ(texts[0], texts[1]);
    EXPECT_NE(texts[0].find("agents by pool, at a cost of "), std::string::npos);
}

TEST(StaffCheck, names_the_queues_and_pools_that_conflict) {
    const StaffingPlan plan = parsed(kShared + "agents_max = 3\n");
    const Staffing staffing = staffing_of(plan);
    ASSERT_TRUE(staffing.has_conflict());
    const std::string lines = conflict_lines(staffing);
    EXPECT_EQ(lines.find("lanze: x.toml: 08:00: travel's "), 0U) << lines;
    EXPECT_NE(lines.find(" and all's agents_max (at most 3 agents) cannot be kept together\n"),
              std::string::npos)
        << lines;
}

TEST(StaffCheck, draws_what_the_formulas_reckon_with) {
    struct Row {
        const char* patience;
        double mean;
    };
    for (const Row& row :
         {Row{R"({ distribution = "exponential", mean = "2m" })", 120},
          Row{R"({ distribution = "fixed", mean = "2m" })", 120},
          Row{R"({ distribution = "erlang2", mean = "2m" })", 120},
          Row{R"({ distribution = "weibull", shape = 1, scale = "2m" })", 120},
          Row{R"({ distribution = "two", share = 0.25, means = ["1m", "5m"] })", 240}}) {
        const StaffingPlan plan =
            parsed(kBegin + "around_the_clock = true\n[[queue]]\nname = \"bank\"\n" +
                   "contacts = [30, 12]\n" + kPatient + "patience = " + row.patience + "\n");
        const sim::StaffingProblem problem = staffing_problem(plan);
        ASSERT_EQ(problem.scenario.streams.size(), 1U);
        EXPECT_NEAR(problem.scenario.streams[0].patience->mean(), row.mean, 1e-6) << row.patience;
        // A lead of two hours, but no longer than the day; then the day, then nobody.
        ASSERT_EQ(problem.lead, 2U);
        ASSERT_EQ(problem.scenario.streams[0].rates.size(), 5U);
        EXPECT_NEAR(problem.scenario.streams[0].rates[3].per_second, 12.0 / 1'800, 1e-12);
        EXPECT_EQ(problem.scenario.streams[0].rates[4].per_second, 0);
    }
}

TEST(StaffCheck, says_what_is_too_large) {
    const StaffingPlan plan = parsed(kBegin +
                                     "[[queue]]\nname = \"bank\"\ncontacts = [9000000]\n"
                                     "handle_time = { distribution = \"fixed\", mean = "
                                     "\"5s\" }\n");
    Staffing staffing = staffing_of(plan);
    check_staffing(staffing, 1, quick(1));
    EXPECT_FALSE(staffing.check.has_value());
    EXPECT_NE(staffing_table(staffing).find("Not simulated: it has more than "), std::string::npos);
}

TEST(StaffCheck, is_typed) {
    const char* const words[] = {"lanze",  "staff", "plan.toml", "--no-check",
                                 "--seed", "7",     "--jobs",    "2"};
    const auto typed = parse_command_line(static_cast<int>(std::size(words)), words);
    ASSERT_TRUE(typed.has_value()) << typed.error().output;
    const auto& options = std::get<StaffOptions>(*typed);
    EXPECT_TRUE(options.is_unchecked);
    EXPECT_EQ(options.seed, 7U);
    EXPECT_EQ(options.jobs, 2U);
}

}  // namespace
}  // namespace lanze::app
