#include "tidy/word_rules.h"

#include <gtest/gtest.h>

namespace lanze::tidy {
namespace {

const BannedWords kBanned = {
    {{"user", "caller", {"core", "docs"}}, {"ticket", "contact", {"core"}}}, {"user_version"}, {}};

Source source(std::string path, std::string_view content) {
    return Source::split(std::move(path), content);
}

std::size_t count(const std::string& path, std::string_view content) {
    return check_words(source(path, content), kBanned).size();
}

TEST(BannedWords, are_read_from_the_glossary) {
    const BannedWords read =
        parse_banned_words(source("docs/glossary.md",
                                  "| say | meaning |\n<!-- banned words -->\n"
                                  "| word | instead | where |\n| --- | --- | --- |\n"
                                  "| `user` | caller | core docs |\n<!-- end -->\n| x | y | z |\n"
                                  "<!-- names of others -->\n| `user_version` | SQLite |\n"));
    EXPECT_TRUE(read.findings.empty()) << to_text(read.findings);
    const std::vector<BannedWord> expected = {{"user", "caller", {"core", "docs"}}};
    EXPECT_EQ(read.rows, expected);
    EXPECT_EQ(read.names_of_others, std::set<std::string>{"user_version"});
}

TEST(BannedWords, that_cannot_be_read_are_told) {
    const auto findings = [](std::string_view row) {
        const std::string text = "<!-- banned words -->\n" + std::string(row) + "\n<!-- end -->\n";
        return parse_banned_words(source("docs/glossary.md", text)).findings.size();
    };
    EXPECT_EQ(findings("| `user` | caller |"), 2U);         // the row, and so no table
    EXPECT_EQ(findings("| `two words` | x | core |"), 2U);  // only single words are found
    EXPECT_EQ(findings("| `User` | x | core |"), 2U);
    EXPECT_EQ(findings("nothing"), 1U);
}

TEST(CheckWords, takes_identifiers_apart) {
    for (const std::string_view line : {"int user;", "int user_id;", "int kUserMax;", "// the user",
                                        "f(\"a User\");", "users();"}) {
        EXPECT_EQ(count("src/core/a.cpp", line), 1U) << line;
    }
    EXPECT_EQ(count("src/core/a.cpp", "int username; // a superuser"), 0U);
    EXPECT_EQ(count("src/core/a.cpp", "f(\"PRAGMA user_version\");"), 0U);
}

TEST(CheckWords, binds_only_where_the_row_says) {
    EXPECT_EQ(count("src/sip/a.cpp", "int user;"), 0U);
    EXPECT_EQ(count("docs/a.md", "a ticket"), 0U);
    EXPECT_EQ(count("docs/a.md", "a user"), 1U);
    EXPECT_EQ(count("docs/glossary.md", "a user"), 0U);
}

TEST(CheckWords, leaves_code_in_documents_alone) {
    EXPECT_EQ(count("docs/a.md", "set `user` here"), 0U);
    EXPECT_EQ(count("docs/a.md", "```\nuser = 1\n```\nuser\n"), 1U);
}

TEST(CheckDecisions, wants_numbers_without_gaps_and_three_parts) {
    const std::string_view whole = "# x\n## Context\n## Choice\n## Price\n";
    EXPECT_TRUE(check_decisions({source("docs/decisions/0001-a.md", whole)}).empty());
    EXPECT_EQ(check_decisions({source("docs/decisions/0002-a.md", whole)}).size(), 1U);
    EXPECT_EQ(check_decisions({source("docs/decisions/0001-a.md", "## Context\n")}).size(), 2U);
}

}  // namespace
}  // namespace lanze::tidy
