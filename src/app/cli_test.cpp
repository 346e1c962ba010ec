#include "app/cli.h"

#include <gtest/gtest.h>

namespace lanze::app {

namespace {

Result<Subcommand, CommandLineEnd> typed(std::vector<const char*> words) {
    words.insert(words.begin(), "lanze");
    return parse_command_line(static_cast<int>(words.size()), words.data());
}

}  // namespace

TEST(CommandLine, names_the_configuration_with_or_without_its_option) {
    for (const auto& words : std::vector<std::vector<const char*>>{
             {"check", "a.toml"}, {"check", "--config", "a.toml"}}) {
        const auto subcommand = typed(words);
        ASSERT_TRUE(subcommand.has_value()) << subcommand.error().output;
        EXPECT_EQ(std::get<CheckOptions>(*subcommand).config_path, "a.toml");
    }
}

TEST(CommandLine, adds_a_person) {
    const auto subcommand =
        typed({"person", "add", "a.toml", "mia", "--roles", "agent,supervisor", "--agent", "anna"});
    ASSERT_TRUE(subcommand.has_value()) << subcommand.error().output;
    const auto& person = std::get<PersonOptions>(*subcommand);
    EXPECT_EQ(person.action, PersonAction::add);
    EXPECT_EQ(person.config_path, "a.toml");
    EXPECT_EQ(person.name, "mia");
    EXPECT_EQ(person.roles, "agent,supervisor");
    EXPECT_EQ(person.agent, "anna");
}

TEST(CommandLine, manages_tokens) {
    const auto subcommand = typed({"token", "remove", "a.toml", "wallboard"});
    ASSERT_TRUE(subcommand.has_value()) << subcommand.error().output;
    EXPECT_EQ(std::get<TokenOptions>(*subcommand).action, TokenAction::remove);
    EXPECT_EQ(std::get<TokenOptions>(*subcommand).name, "wallboard");
}

TEST(CommandLine, finds_the_journal_of_a_report) {
    const auto by_config = typed({"report", "a.toml", "--interval", "1h", "--format", "csv"});
    ASSERT_TRUE(by_config.has_value()) << by_config.error().output;
    EXPECT_EQ(std::get<ReportCommand>(*by_config).config_path, "a.toml");
    EXPECT_EQ(std::get<ReportCommand>(*by_config).options.interval, "1h");
    const auto by_journal = typed({"contacts", "--journal", "a.db", "--json"});
    ASSERT_TRUE(by_journal.has_value()) << by_journal.error().output;
    EXPECT_EQ(std::get<ContactsCommand>(*by_journal).options.journal_path, "a.db");
    EXPECT_TRUE(std::get<ContactsCommand>(*by_journal).options.is_json);
}

TEST(CommandLine, asks_what_would_have_been) {
    const auto command = typed({"replay", "a.toml", "--with", "b.toml", "--seed", "9"});
    ASSERT_TRUE(command) << command.error().output;
    const auto& replay = std::get<ReplayCommand>(*command);
    EXPECT_EQ(replay.config_path, "a.toml");
    ASSERT_TRUE(replay.options.what_if);
    EXPECT_EQ(replay.options.what_if->other_path, "b.toml");
    EXPECT_EQ(replay.options.what_if->seed, 9U);
    EXPECT_EQ(replay.options.what_if->replications, 20);
    EXPECT_FALSE(typed({"replay", "a.toml", "--with", "b.toml", "--verify"}));
    EXPECT_FALSE(typed({"replay", "a.toml", "--seed", "9"}));
    EXPECT_FALSE(typed({"replay", "a.toml", "--with", "b.toml", "--replications", "1"}));
}

TEST(CommandLine, decides_the_past_again) {
    const char* arguments[] = {"lanze", "replay", "--journal", "centre.db", "--verify"};
    const auto command = parse_command_line(5, arguments);
    ASSERT_TRUE(command);
    const auto& replay = std::get<ReplayCommand>(*command);
    EXPECT_EQ(replay.options.journal_path, "centre.db");
    EXPECT_TRUE(replay.options.verifies);
}

TEST(CommandLine, explains_a_contact) {
    const auto by_config = typed({"why", "4711", "a.toml", "--names"});
    ASSERT_TRUE(by_config.has_value()) << by_config.error().output;
    const auto& command = std::get<WhyCommand>(*by_config);
    EXPECT_EQ(command.options.contact, 4711U);
    EXPECT_EQ(command.config_path, "a.toml");
    EXPECT_TRUE(command.options.has_names);
    const auto by_journal = typed({"why", "1", "--journal", "a.db", "--json"});
    ASSERT_TRUE(by_journal.has_value()) << by_journal.error().output;
    EXPECT_TRUE(std::get<WhyCommand>(*by_journal).options.is_json);
    EXPECT_EQ(typed({"why", "0", "a.toml"}).error().exit_code, kExitBadCommandLine);
}

TEST(CommandLine, soaks) {
    const auto again = typed({"soak", "--seed", "4711", "--seeds", "2", "--story", "--json"});
    ASSERT_TRUE(again.has_value()) << again.error().output;
    const auto& options = std::get<SoakOptions>(*again);
    EXPECT_EQ(options.seed, 4711U);
    EXPECT_EQ(options.seeds, 2U);
    EXPECT_TRUE(options.tells_story);
    EXPECT_TRUE(options.is_json);
    EXPECT_EQ(typed({"soak", "--seed", "-1"}).error().exit_code, kExitBadCommandLine);
    EXPECT_EQ(typed({"soak", "--seeds", "0"}).error().exit_code, kExitBadCommandLine);
}

TEST(CommandLine, serves) {
    const auto subcommand = typed({"serve", "--config", "a.toml", "--quiet"});
    ASSERT_TRUE(subcommand.has_value()) << subcommand.error().output;
    EXPECT_EQ(std::get<ServeOptions>(*subcommand).config_path, "a.toml");
    EXPECT_TRUE(std::get<ServeOptions>(*subcommand).is_quiet);
}

TEST(CommandLine, helps) {
    const auto help = typed({"person", "add", "--help"});
    ASSERT_FALSE(help.has_value());
    EXPECT_EQ(help.error().exit_code, kExitDone);
    for (const char* part : {"Let a person in", "--roles", "Example:", "Exit codes:"}) {
        EXPECT_NE(help.error().output.find(part), std::string::npos) << part;
    }
}

TEST(CommandLine, refuses_what_it_does_not_know) {
    for (const auto& words :
         std::vector<std::vector<const char*>>{{},
                                               {"fly"},
                                               {"check"},
                                               {"report"},
                                               {"report", "a.toml", "--journal", "a.db"},
                                               {"report", "a.toml", "--format", "pdf"},
                                               {"person", "a.toml"},
                                               {"check", "a.toml", "--fast"}}) {
        const auto end = typed(words);
        ASSERT_FALSE(end.has_value());
        EXPECT_EQ(end.error().exit_code, kExitBadCommandLine);
        EXPECT_EQ(end.error().output.substr(0, 7), "lanze: ");
    }
}

}  // namespace lanze::app
