// The desk's section: pages of a customer system, and how long callers are known again.
#include "app/check.h"
#include "app/config_fixture.h"

namespace lanze::app {
namespace {

const std::string kFile = R"([centre]
name = "Hanse"
[media]
address = "127.0.0.1"
[desk]
screen_pop = "https://crm.example/?phone={caller}"
remember_callers_days = 30
[[queue]]
name = "bank"
numbers = ["bank"]
skills = { bank = 1 }
screen_pop = ""
[[queue]]
name = "travel"
numbers = ["travel"]
skills = { bank = 1 }
[[agent]]
name = "anna"
skills = { bank = 1 }
phone = "browser"
)";

TEST(ConfigDesk, reads_the_centres_page_and_a_queues_own) {
    const auto config = parse_config(kFile, "x.toml");
    ASSERT_TRUE(config) << errors_of(kFile);
    EXPECT_EQ(config->desk.screen_pop, "https://crm.example/?phone={caller}");
    EXPECT_EQ(config->desk.remember_days, 30U);
    ASSERT_EQ(config->desk.queue_screen_pops.size(), 2U);
    EXPECT_EQ(config->desk.queue_screen_pops[0], "") << "none, though the centre has one";
    EXPECT_FALSE(config->desk.queue_screen_pops[1]);
}

TEST(ConfigDesk, says_what_is_wrong_with_its_line) {
    const std::string remedy =
        "; write one such as \"https://crm.example/?phone={caller}&queue={queue}\"";
    EXPECT_EQ(errors_of(replaced(kFile, "https://crm.example/?phone={caller}",
                                 "http://crm.example/?phone={caller}")),
              "x.toml:6:1: desk.screen_pop: \"http://crm.example/?phone={caller}\" is no https "
              "address" +
                  remedy);
    EXPECT_EQ(errors_of(replaced(kFile, "screen_pop = \"\"",
                                 "screen_pop = \"https://{caller}.example/\"")),
              "x.toml:12:1: queue[0].screen_pop: \"https://{caller}.example/\" does not name its "
              "host as it is" +
                  remedy);
    EXPECT_EQ(errors_of(replaced(kFile, "phone={caller}", "phone={number}")),
              "x.toml:6:1: desk.screen_pop: \"https://crm.example/?phone={number}\" names a place "
              "other than {caller}, {queue} and {contact}" +
                  remedy);
    EXPECT_NE(errors_of(replaced(kFile, "= 30", "= 91")).find("x.toml:7:1: desk.remember_callers"),
              std::string::npos);
    EXPECT_NE(errors_of(replaced(kFile, "remember_callers_days", "remember")).find("x.toml:7:1"),
              std::string::npos);
}

TEST(ConfigDesk, only_who_checks_or_serves_looks_for_articles) {
    const auto config =
        parse_config(replaced(kFile, "[desk]", "[desk]\narticles = \"nowhere\""), "x.toml");
    ASSERT_TRUE(config);
    const auto errors = article_errors(*config);
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(
        to_string(errors[0]),
        "x.toml:6:1: desk.articles: nowhere is no folder that can be read; name a folder with "
        "files of Markdown, each beginning with # and a title");
    EXPECT_TRUE(article_errors(*parse_config(kFile, "x.toml")).empty());
}

}  // namespace
}  // namespace lanze::app
