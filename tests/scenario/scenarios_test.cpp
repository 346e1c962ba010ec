// Runs every tests/scenarios/*.scn.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "scenario/scenario.h"

namespace lanze::scenario {
namespace {

class ScenarioTest : public testing::TestWithParam<std::string> {};

TEST_P(ScenarioTest, goes_as_written) {
    std::ifstream file(GetParam());
    Scenario scenario;
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        const std::string problem = scenario.run(line);
        ASSERT_EQ(problem, "") << GetParam() << ":" << number << ": " << line;
    }
}

std::vector<std::string> scenario_files() {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator("tests/scenarios")) {
        if (entry.path().extension() == ".scn") {
            files.push_back(entry.path().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

INSTANTIATE_TEST_SUITE_P(all, ScenarioTest, testing::ValuesIn(scenario_files()),
                         [](const auto& each) {
                             return std::filesystem::path(each.param).stem().string();
                         });

// The runner itself can fail.
TEST(ScenarioRunner, tells_what_happened_instead) {
    Scenario scenario;
    EXPECT_EQ(scenario.run("queue sales needs sales"), "");
    EXPECT_EQ(scenario.run("queue sales wants sales"), "write: queue NAME needs SKILLS [SETTINGS]");
    EXPECT_EQ(scenario.run("agent ben sales quick"), "unknown setting quick");
}

TEST(ScenarioRunner, tells_what_it_cannot_read) {
    Scenario scenario;
    EXPECT_EQ(scenario.run("queue sales needs sales"), "");
    EXPECT_EQ(scenario.run("agent anna sales"), "");
    EXPECT_EQ(scenario.run("00:00 ready anna -> nothing"),
              "\n  expected: nothing\n  happened: agent_ready anna");
    EXPECT_EQ(scenario.run("00:01 dance anna -> nothing"), "unknown command dance");
}

}  // namespace
}  // namespace lanze::scenario
