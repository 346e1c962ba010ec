#include "app/erlang.h"

#include <gtest/gtest.h>

#include <vector>

#include "app/cli.h"

namespace lanze::app {
namespace {

ErlangOptions options(const std::string& model, const std::string& lambda,
                      const std::string& agents) {
    ErlangOptions result;
    result.model = model;
    result.lambda = lambda;
    result.mu = "1";
    result.agents = agents;
    return result;
}

std::string text_of(const ErlangOptions& typed) {
    const auto text = erlang_text(typed);
    EXPECT_TRUE(text.has_value()) << text.error().text;
    return text ? *text : "";
}

TEST(ErlangCommand, prints_each_measure_with_its_definition) {
    ErlangOptions typed = options("c", "0.5", "1");
    typed.within = "1";
    EXPECT_EQ(text_of(typed),
              "agents         1            as given\n"
              "threshold      1            of the service level (--within)\n"
              "p_block        0            arrivals that find no place / all arrivals\n"
              "p_abandon      0            arrivals that give up / all arrivals\n"
              "service_level  0.696735     answered within the threshold / all arrivals\n"
              "p_wait         0.5          not served at once / arrivals let in\n"
              "mean_wait      1            over arrivals let in, zero and abandoned waits "
              "included\n"
              "p_wait_longer  0.303265     wait longer than the threshold / arrivals let in\n"
              "occupancy      0.5          busy / all agents\n"
              "mean_queue     0.5          contacts that wait, over time\n");
}

TEST(ErlangCommand, prints_json_with_all_digits) {
    ErlangOptions typed = options("b", "10", "10");
    typed.is_json = true;
    const std::string text = text_of(typed);
    EXPECT_NE(text.find("{\"agents\":10,\"p_block\":0.21458234310734733,\"p_abandon\":0,"),
              std::string::npos)
        << text;
    for (const char* key : {"service_level", "p_wait", "mean_wait", "p_wait_longer", "occupancy",
                            "mean_queue", "within", "definition"}) {
        EXPECT_NE(text.find("\"" + std::string(key) + "\":"), std::string::npos) << key;
    }
    EXPECT_TRUE(text.ends_with("}\n"));
}

TEST(ErlangCommand, finds_the_smallest_number) {
    ErlangOptions typed = options("b", "10", "");
    typed.target = "p_block=0.01";
    EXPECT_EQ(text_of(typed).substr(0, 48), "agents         18           the smallest number\n");
    typed = options("a", "48", "");
    typed.theta = "0.5";
    typed.target = "p_abandon=0.03";
    EXPECT_EQ(text_of(typed).substr(0, 48), "agents         51           the smallest number\n");
}

TEST(ErlangCommand, counts_abandons_as_the_definition_says) {
    ErlangOptions typed = options("a", "50", "50");
    typed.theta = "1";
    typed.within = "0.1";
    typed.short_abandon = "0.05";
    std::vector<std::string> lines;
    for (const char* definition : {"answered_within/arrivals", "answered_within/offered",
                                   "answered_within/offered_less_short", "answered_within/answered",
                                   "answered_or_abandoned_within/offered"}) {
        typed.definition = definition;
        const std::string text = text_of(typed);
        lines.push_back(text.substr(text.find("service_level"), 27));
    }
    EXPECT_EQ(lines[0], lines[1]);  // nobody is blocked
    EXPECT_LT(lines[1], lines[2]);
    EXPECT_LT(lines[2], lines[3]);
    EXPECT_LT(lines[1], lines[4]);
}

TEST(ErlangCommand, says_that_a_queue_is_endless) {
    const auto refused = erlang_text(options("c", "10", "10"));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().exit_code, kExitFailed);
    EXPECT_EQ(refused.error().text.substr(0, 27), "the queue grows for ever: a");
}

TEST(ErlangCommand, refuses_impossible_values_by_their_option) {
    const auto refused = [](const ErlangOptions& typed) {
        const auto text = erlang_text(typed);
        EXPECT_FALSE(text.has_value());
        EXPECT_EQ(text ? 0 : text.error().exit_code, kExitBadCommandLine);
        return text ? *text : text.error().text.substr(0, text.error().text.find(':'));
    };
    for (const char* bad : {"-1", "0", "nan", "inf", "1e31", "ten", "1x", ""}) {
        EXPECT_EQ(refused(options("c", bad, "10")), "--lambda") << bad;
    }
    for (const char* bad : {"0", "-3", "1.5", "1000001", "99999999999999999999"}) {
        EXPECT_EQ(refused(options("c", "1", bad)), "--agents") << bad;
    }
    EXPECT_EQ(refused(options("c", "1", "")), "--agents");
    EXPECT_EQ(refused(options("a", "1", "2")), "--theta");
    for (const char* bad : {"", "fixed", "fixed:0", "fixed:1,2", "weibull:0.01,1", "two:2,1,1"}) {
        ErlangOptions typed = options("x", "1", "2");
        typed.patience = bad;
        EXPECT_EQ(refused(typed), "--patience") << bad;
    }
    for (const char* bad : {"p_wait", "p_wait=1", "p_wait=0", "speed=0.5", "service_level=nan"}) {
        ErlangOptions typed = options("c", "1", "");
        typed.target = bad;
        EXPECT_EQ(refused(typed), "--target") << bad;
    }
    ErlangOptions typed = options("c", "1", "10");
    typed.places = "9";
    EXPECT_EQ(refused(typed), "--places");
}

TEST(ErlangCommand, is_typed) {
    const char* const words[] = {"lanze",   "erlang",   "x",          "--lambda",
                                 "48",      "--mu",     "1",          "--patience",
                                 "fixed:1", "--target", "p_wait=0.5", "--json"};
    const auto typed = parse_command_line(static_cast<int>(std::size(words)), words);
    ASSERT_TRUE(typed.has_value()) << typed.error().output;
    const auto& parsed = std::get<ErlangOptions>(*typed);
    EXPECT_EQ(parsed.model, "x");
    EXPECT_EQ(parsed.patience, "fixed:1");
    EXPECT_TRUE(parsed.is_json);
    EXPECT_NE(text_of(parsed).find("\"agents\":5"), std::string::npos);
}

}  // namespace
}  // namespace lanze::app
