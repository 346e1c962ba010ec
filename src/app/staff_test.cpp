#include "app/staff.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "app/cli.h"
#include "app/staff_page.h"
#include "app/staff_text.h"

namespace lanze::app {
namespace {

StaffingPlan plan_of(const std::string& demands) {
    const PlanResult plan = parse_plan(
        "[plan]\nname = \"A \\\"day\\\" <1>\"\nfirst = \"08:00\"\n"
        "shrinkage = 0.3\n[demands]\n" +
            demands +
            "\n[[queue]]\nname = \"bank\"\n"
            "contacts = [60, 90, 0, 0]\n"
            "handle_time = { distribution = \"fixed\", mean = "
            "\"5m\" }\n"
            "patience = { distribution = \"exponential\", mean = "
            "\"2m\" }\n",
        "x.toml", [](const std::string&) { return std::nullopt; });
    EXPECT_TRUE(plan.has_value()) << to_string(plan.error()[0]);
    return plan ? *plan : StaffingPlan{};
}

const char* const kDemands = "service_level = { share = 0.8, within = \"20s\" }";

TEST(Staff, needs_fewer_agents_while_a_day_begins_and_some_when_it_ends) {
    const StaffingPlan plan = plan_of(kDemands);
    const Staffing staffing = staffing_of(plan);
    const auto& intervals = staffing.queues[0].intervals;
    // In the first 5 of 30 minutes the load grows from nothing: 10 x (1 - 5 / 60).
    EXPECT_NEAR(intervals[0].load.load, 10, 1e-12);
    EXPECT_NEAR(intervals[0].load.modified, 10 * (1 - 5.0 / 60), 1e-9);
    EXPECT_NEAR(intervals[1].load.modified, 15 - 5 * 5.0 / 60, 1e-9);
    EXPECT_NEAR(intervals[2].load.modified, 15 * 5.0 / 60, 1e-9);
    EXPECT_GT(intervals[1].requirement.agents, intervals[0].requirement.agents);
    EXPECT_GE(intervals[2].requirement.agents, 1);
    EXPECT_EQ(intervals[3].requirement.agents, 0);
    EXPECT_EQ(intervals[0].paid, plan::paid_agents(intervals[0].requirement.agents, 0.3));
    EXPECT_FALSE(staffing.has_conflict());
}

TEST(Staff, staffs_for_the_peak_if_asked) {
    StaffingPlan plan = plan_of(kDemands);
    const auto mean = staffing_of(plan).queues[0].intervals[2].requirement.agents;
    plan.load = LoadUsed::peak;
    EXPECT_GT(staffing_of(plan).queues[0].intervals[2].requirement.agents, mean);
}

TEST(Staff, prints_a_table) {
    const StaffingPlan plan = plan_of(kDemands);
    const std::string table = staffing_table(staffing_of(plan));
    std::istringstream lines(table);
    std::string line;
    std::getline(lines, line);
    EXPECT_NE(line.find("bank: "), std::string::npos);
    std::getline(lines, line);
    EXPECT_EQ(line,
              "from   contacts    load modified agents  paid   level abandon     ASA occupancy  "
              "binds");
    std::getline(lines, line);
    EXPECT_EQ(line.substr(0, 33), "08:00      60.0   10.00    9.17  ");
    EXPECT_NE(table.find("09:30       0.0    0.00    0.00      0     0       -       -       -"
                         "         -  -\n"),
              std::string::npos)
        << table;
}

TEST(Staff, prints_json_that_can_be_read) {
    const StaffingPlan plan = plan_of(kDemands);
    const boost::json::value json = boost::json::parse(staffing_json(staffing_of(plan)));
    EXPECT_EQ(json.at("plan").as_string(), "A \"day\" <1>");
    const auto& intervals = json.at("queues").at(0).at("intervals").as_array();
    ASSERT_EQ(intervals.size(), 4U);
    EXPECT_NEAR(intervals[0].at("modified_load").to_number<double>(), 10 * (1 - 5.0 / 60), 1e-9);
    EXPECT_TRUE(intervals[3].at("service_level").is_null());
    EXPECT_GE(intervals[0].at("service_level").to_number<double>(), 0.8);
}

TEST(Staff, prints_csv_of_one_width) {
    const StaffingPlan plan = plan_of(kDemands);
    std::istringstream lines(staffing_csv(staffing_of(plan)));
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        EXPECT_EQ(std::count(line.begin(), line.end(), ','), 26) << line;
    }
    EXPECT_EQ(count, 5U);
}

TEST(Staff, says_which_demands_conflict) {
    const StaffingPlan plan = plan_of(std::string(kDemands) + "\nagents_max = 11");
    const Staffing staffing = staffing_of(plan);
    ASSERT_TRUE(staffing.has_conflict());
    const std::string lines = conflict_lines(staffing);
    EXPECT_EQ(lines.find("lanze: x.toml: bank, 08:30: "), 0U) << lines;
    EXPECT_NE(lines.find("(at least "), std::string::npos);
    EXPECT_NE(lines.find("agents_max (at most 11 agents) cannot be kept together\n"),
              std::string::npos);
    EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1);
    EXPECT_NE(staffing_page(staffing).find("Not every demand can be kept"), std::string::npos);
    EXPECT_EQ(staffing.queues[0].intervals[1].requirement.agents, 11);
}

TEST(Staff, writes_a_page_of_its_own) {
    const StaffingPlan plan = plan_of(kDemands);
    const std::string page = staffing_page(staffing_of(plan));
    EXPECT_NE(page.find("<h1>A &quot;day&quot; &lt;1&gt;</h1>"), std::string::npos);
    EXPECT_NE(page.find("<svg"), std::string::npos);
    EXPECT_NE(page.find("<th scope=\"row\">08:30</th>"), std::string::npos);
    for (const char* outside : {"http:", "https:", "src=", "href=", "<script"}) {
        EXPECT_EQ(page.find(outside), std::string::npos) << outside;
    }
}

TEST(Staff, is_typed) {
    const char* const words[] = {"lanze", "staff", "plan.toml", "--csv", "--html", "plan.html"};
    const auto typed = parse_command_line(static_cast<int>(std::size(words)), words);
    ASSERT_TRUE(typed.has_value()) << typed.error().output;
    const auto& options = std::get<StaffOptions>(*typed);
    EXPECT_EQ(options.plan_path, "plan.toml");
    EXPECT_TRUE(options.is_csv);
    EXPECT_EQ(options.html_path, "plan.html");
    const char* const both[] = {"lanze", "staff", "plan.toml", "--csv", "--json"};
    EXPECT_FALSE(parse_command_line(static_cast<int>(std::size(both)), both).has_value());
}

}  // namespace
}  // namespace lanze::app
