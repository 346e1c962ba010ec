#include "app/what_if.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "app/config_fixture.h"
#include "journal/sqlite_journal.h"
#include "journal/trial_folder.h"
#include "sim/world.h"

namespace lanze::app {
namespace {

constexpr int kDay = 20'000;
const Time kMorning = Time{hours(24 * kDay + 8)};

const std::string kOther = R"([centre]
name = "test"
[[queue]]
name = "bank"
numbers = ["bank"]
[charter]
occupancy_max = 1.0
breaks = false
end_of_shift = false
)";

std::string agent_text(const std::string& name) {
    return "[[agent]]\nname = \"" + name + "\"\nbuilt_in = true\n";
}

CentreConfig other_of(const std::string& text) {
    ConfigResult config = parse_config(text, "other.toml");
    EXPECT_TRUE(config) << (config ? "" : to_string(config.error()[0]));
    return std::move(*config);
}

// Two hours of one queue with three agents, in a journal on disk.
class WhatIfTest : public testing::Test {
protected:
    WhatIfTest() {
        sim::Scenario scenario;
        scenario.start = kMorning;
        scenario.config.name = "test";
        scenario.config.queues.resize(1);
        scenario.config.queues[0].name = "bank";
        sim::Stream stream;
        stream.name = "bank";
        stream.rates = {{Duration::zero(), 1.0 / 60}, {hours(2), 0}};
        stream.patience = sim::Distribution::exponential(minutes(2));
        stream.wrap_up = sim::Distribution::exponential(seconds(15));
        scenario.streams = {stream};
        sim::Pool pool;
        pool.name = "agent";
        pool.count = 3;
        pool.answers_after = sim::Distribution::exponential(seconds(3));
        scenario.pools = {pool};
        journal::SqliteJournalOptions options;
        options.opened_at = kMorning;
        auto journal =
            journal::SqliteJournal::open(trial.file("a.db"), trial.file("a.keys"), options);
        EXPECT_TRUE(journal) << journal.error();
        sim::World world(scenario, {7, Duration{1}, hours(2) + minutes(20), {}});
        std::uint64_t sequence = 0;
        world.record_to(
            [&](const core::Command& command, const std::vector<core::Event>& events, Time at) {
                ports::Batch batch;
                batch.sequence = ++sequence;
                batch.decisions = {{at, command, events}};
                (*journal)->append(std::move(batch));
            });
        (void)world.run();
    }
    Result<WhatIf, std::string> with(const std::string& text, const std::string& from = "") const {
        WhatIfOptions options;
        options.other_path = "other.toml";
        options.from = from;
        return make_what_if({trial.file("a.db"), "", false}, options, other_of(text));
    }
    static std::string three() {
        return kOther + agent_text("agent-1") + agent_text("agent-2") + agent_text("agent-3");
    }

    journal::TrialFolder trial;
};

TEST_F(WhatIfTest, PutsThePastBesideWhatWouldHaveBeen) {
    const auto what_if = with(three() + agent_text("zoe"));
    ASSERT_TRUE(what_if) << what_if.error();
    EXPECT_EQ(what_if->new_agents, std::vector<std::string>{"zoe"});
    EXPECT_TRUE(what_if->gone_agents.empty());
    EXPECT_EQ(what_if->comparison.not_reproduced, 0U) << what_if_text(*what_if);
    const std::string text = what_if_text(*what_if);
    EXPECT_NE(text.find("The configuration of then reproduces the past"), std::string::npos)
        << text;
    EXPECT_NE(text.find("service level"), std::string::npos) << text;
    EXPECT_NE(text.find("zoe"), std::string::npos) << text;
}

TEST_F(WhatIfTest, TellsEverythingAsJson) {
    const auto what_if = with(three());
    ASSERT_TRUE(what_if) << what_if.error();
    const boost::json::object json = boost::json::parse(what_if_json(*what_if)).as_object();
    EXPECT_EQ(json.at("replications").as_int64(), 20);
    EXPECT_TRUE(json.at("is_reproduced").as_bool());
    const boost::json::object& wait =
        json.at("queues").at("bank").as_object().at("mean_wait").as_object();
    EXPECT_GT(wait.at("past").as_double(), 0);
    EXPECT_LT(wait.at("again_low").as_double(), wait.at("past").as_double());
    EXPECT_GT(wait.at("again_high").as_double(), wait.at("past").as_double());
}

TEST_F(WhatIfTest, WritesAPageThatNeedsNothingElse) {
    const auto what_if = with(three() + agent_text("zoe"));
    ASSERT_TRUE(what_if) << what_if.error();
    const std::string page = what_if_page(*what_if);
    EXPECT_TRUE(page.starts_with("<!doctype html>"));
    for (const char* const words :
         {"<h2>bank</h2>", "<svg", "<th scope=\"row\">service level</th>", "New and taken to be",
          "<h2>How far to trust it</h2>", "The configuration of then reproduces the past"}) {
        EXPECT_NE(page.find(words), std::string::npos) << words;
    }
    EXPECT_EQ(page.find("http"), page.find("http://www.w3.org"));
}

TEST_F(WhatIfTest, ClosedHoursOfTheOtherConfigurationCount) {
    const std::string closed =
        replaced(three(), "numbers = [\"bank\"]\n", "numbers = [\"bank\"]\nhours = \"never\"\n");
    const auto what_if =
        with(closed + "[[hours]]\nname = \"never\"\nweek = { sun = \"03:00-03:01\" }\n");
    ASSERT_TRUE(what_if) << what_if.error();
    for (const sim::Compared& measure : what_if->comparison.queues[0].measures) {
        if (measure.key == "p_block") {
            EXPECT_EQ(measure.other, 1);
            EXPECT_EQ(measure.past, 0);
        }
    }
}

TEST_F(WhatIfTest, RefusesWhatCannotBeCompared) {
    const auto renamed = with(replaced(three(), "name = \"bank\"", "name = \"banking\""));
    ASSERT_FALSE(renamed);
    EXPECT_EQ(renamed.error(),
              "other.toml: the other configuration has no queue \"bank\", to which contacts came; "
              "give it one of that name");
    const auto late = with(three(), "2100-01-01");
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error(), "no contact arrived in that time");
    EXPECT_FALSE(with(three(), "some day"));
}

}  // namespace
}  // namespace lanze::app
