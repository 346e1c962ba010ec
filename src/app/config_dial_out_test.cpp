#include <gtest/gtest.h>

#include "app/check.h"
#include "app/config_changes.h"
#include "app/config_fixture.h"

namespace lanze::app {
namespace {

constexpr char kFile[] = R"([centre]
name = "Hanse"
[[trunk]]
name = "any"
from = ["127.0.0.0/8"]
[[trunk]]
name = "city"
register = { registrar = "sip.example.org", username = "city1", password = "secret" }
[dial_out]
trunk = "city"
country = "49"
allowed = ["+49", "+43", "4711"]
forbidden = ["+4915"]
number_shown = "040 100"
calls_max = 3
calls_per_agent_and_hour = 5
length_max = "20m"
answer_max = "20s"
[[queue]]
name = "bank"
numbers = ["bank"]
[[agent]]
name = "anna"
phone = "browser"
)";

std::string errors_with(const std::string& from, const std::string& to) {
    return errors_of(replaced(kFile, from, to));
}

TEST(ConfigDialOut, reads_what_may_be_dialled) {
    const ConfigResult config = parse_config(kFile, "x.toml");
    ASSERT_TRUE(config) << errors_of(kFile);
    edge::DialOut expected;
    expected.trunk = "city";
    expected.country = "49";
    expected.allowed = {"+49", "+43", "4711"};
    expected.forbidden = {"+4915"};
    expected.shown = "+4940100";
    expected.calls_max = 3;
    expected.calls_per_hour = 5;
    expected.length_max = minutes(20);
    expected.answer_max = seconds(20);
    EXPECT_EQ(config->edge.dial_out, expected);
    EXPECT_EQ(dial_out_text(*config),
              "dial out: numbers that begin with +49, +43 or 4711, but not with +4915, through "
              "trunk \"city\"\n"
              "  premium-rate numbers only where `allowed` names them\n"
              "  at most 3 calls at once, 5 an hour for an agent, 20m each");
}

TEST(ConfigDialOut, nothing_is_dialled_by_default) {
    const std::string file = std::string(kFile).substr(0, std::string(kFile).find("[dial_out]")) +
                             std::string(kFile).substr(std::string(kFile).find("[[queue]]"));
    const ConfigResult config = parse_config(file, "x.toml");
    ASSERT_TRUE(config) << errors_of(file);
    EXPECT_TRUE(config->edge.dial_out.trunk.empty());
    EXPECT_EQ(dial_out_text(*config), "dial out: no number outside is dialled");
}

TEST(ConfigDialOut, says_what_is_wrong) {
    struct Case {
        std::string from;
        std::string to;
        std::string told;
    };
    const Case cases[] = {
        {"trunk = \"city\"", "trunk = \"town\"", "dial_out.trunk: \"town\" is no trunk"},
        {"trunk = \"city\"", "trunk = \"any\"", "has no register, and so no server to call"},
        {"trunk = \"city\"", "trunk = \"city\"\nserver = \"192.0.2.7\"", "registers at one"},
        {"trunk = \"city\"", "trunk = \"any\"\nserver = \"pbx.example\"", "is no address"},
        {"\"+43\"", "\"+\"", "dial_out.allowed[1]: \"+\" is no prefix"},
        {"\"+43\"", "\"089\"", "\"089\" is no prefix"},
        {"\"+43\"", "\"+49151\"", "\"+49151\" is forbidden, too"},
        {"allowed = [\"+49\", \"+43\", \"4711\"]", "", "is missing, and so no number"},
        {"country = \"49\"", "country = \"+49\"", "is no country code"},
        {"\"040 100\"", "\"forty\"", "\"forty\" is no number"},
        {"calls_max = 3", "calls_max = 0", "dial_out.calls_max"},
        {"length_max = \"20m\"", "length_max = \"2d\"", "dial_out.length_max"},
        {"calls_max = 3", "calls = 3", "dial_out.calls"},
    };
    for (const Case& each : cases) {
        const std::string errors = errors_with(each.from, each.to);
        EXPECT_NE(errors.find(each.told), std::string::npos) << each.to << ": " << errors;
    }
}

TEST(ConfigDialOut, a_private_exchange_is_called_at_its_address) {
    const std::string file =
        replaced(kFile, "trunk = \"city\"", "trunk = \"any\"\nserver = \"192.0.2.7\"");
    const ConfigResult config = parse_config(file, "x.toml");
    ASSERT_TRUE(config) << errors_of(file);
    EXPECT_EQ(config->edge.dial_out.server->to_string(), "192.0.2.7:5060");
}

TEST(ConfigDialOut, is_taken_by_a_reload) {
    const ConfigResult before = parse_config(kFile, "x.toml");
    const ConfigResult after = parse_config(replaced(kFile, "\"+43\", ", ""), "x.toml");
    ASSERT_TRUE(before && after);
    EXPECT_TRUE(restart_needed(*before, *after).empty());
    EXPECT_EQ(changes_between(*before, *after).sections, std::vector<std::string>{"dial_out"});
}

}  // namespace
}  // namespace lanze::app
