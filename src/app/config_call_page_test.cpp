#include <gtest/gtest.h>

#include "app/config_changes.h"
#include "app/config_fixture.h"

namespace lanze::app {
namespace {

constexpr char kFile[] = R"([centre]
name = "Hanse"
[[trunk]]
name = "any"
from = ["127.0.0.0/8"]
[[queue]]
name = "bank"
numbers = ["bank"]
[[agent]]
name = "anna"
phone = "browser"
[call_page]
enabled = true
frame_ancestors = ["https://www.example.org"]
calls_per_address = { minute = 2, hour = 5, at_once = 1 }
at_once = 50
away_max = "30s"
[[call_page.concern]]
queue = "bank"
title_de = "Konto"
)";

std::string errors_with(const std::string& from, const std::string& to) {
    return errors_of(replaced(kFile, from, to));
}

TEST(ConfigCallPage, reads_what_guests_may_do) {
    const ConfigResult config = parse_config(kFile, "x.toml");
    ASSERT_TRUE(config) << errors_of(kFile);
    const api::CallPageSettings& page = config->call_page;
    EXPECT_TRUE(page.is_enabled);
    EXPECT_EQ(page.concerns, (std::vector<api::CallConcern>{{"bank", "Konto", "Konto"}}));
    EXPECT_EQ(page.frame_ancestors, (std::vector<std::string>{"https://www.example.org"}));
    EXPECT_EQ(page.calls_per_minute, 2U);
    EXPECT_EQ(page.calls_per_hour, 5U);
    EXPECT_EQ(page.calls_at_once, 1U);
    EXPECT_EQ(page.at_once, 50U);
    EXPECT_EQ(config->edge.guest_away_max, seconds(30));
}

TEST(ConfigCallPage, is_off_unless_it_is_switched_on) {
    EXPECT_FALSE(api::CallPageSettings{}.is_enabled);
    const ConfigResult config = parse_config(replaced(kFile, "enabled = true\n", ""), "x.toml");
    ASSERT_TRUE(config);
    EXPECT_FALSE(config->call_page.is_enabled);
}

TEST(ConfigCallPage, says_what_is_wrong) {
    EXPECT_EQ(errors_with("queue = \"bank\"\ntitle", "queue = \"bonk\"\ntitle"),
              "x.toml:19:1: call_page.concern[0].queue: \"bonk\" is no queue of this file; write "
              "the name of a [[queue]]");
    EXPECT_EQ(errors_with("https://www.example.org", "www.example.org"),
              "x.toml:14:20: call_page.frame_ancestors[0]: \"www.example.org\" is no site; write "
              "it as in a browser's address, without a path: \"https://www.example.org\"");
    EXPECT_EQ(errors_with("[[call_page.concern]]\nqueue = \"bank\"\ntitle_de = \"Konto\"\n", "")
                  .substr(0, 47),
              "x.toml:12:2: call_page.concern: is missing, so ");
    EXPECT_NE(errors_with("title_de = \"Konto\"", "[[call_page.concern]]\nqueue = \"bank\""), "");
    EXPECT_NE(errors_with("at_once = 50", "at_once = 501"), "");
    EXPECT_NE(errors_with("at_once = 50", "titel = 1"), "");
}

TEST(ConfigCallPage, needs_a_restart_but_for_what_the_calls_know) {
    const auto before = parse_config(kFile, "x.toml");
    const auto other = parse_config(replaced(kFile, "hour = 5", "hour = 6"), "x.toml");
    const auto later = parse_config(replaced(kFile, "30s", "40s"), "x.toml");
    ASSERT_TRUE(before && other && later);
    EXPECT_EQ(restart_needed(*before, *other),
              (std::vector<RestartField>{
                  {"call_page", "[1 concerns]", "[1 concerns] with other settings"}}));
    EXPECT_TRUE(restart_needed(*before, *later).empty());
    EXPECT_EQ(describe(changes_between(*before, *later)), "call_page");
}

}  // namespace
}  // namespace lanze::app
