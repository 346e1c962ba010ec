#include "app/articles.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace lanze::app {
namespace {

std::string error_of(std::string_view text) {
    const auto article = parse_article(text);
    return article ? "" : article.error();
}

TEST(Articles, have_a_title_perhaps_queues_and_a_text) {
    EXPECT_EQ(*parse_article("# Lost card\nQueues: cards,  bank ,\n\nBlock it *first*.\n"),
              (api::ArticleText{"Lost card", {"bank", "cards"}, "Block it *first*.\n"}));
    EXPECT_EQ(*parse_article("# Lost card\r\n\r\nBlock it.\r\nThen ask."),
              (api::ArticleText{"Lost card", {}, "Block it.\r\nThen ask."}));
    EXPECT_EQ(*parse_article("# x"), (api::ArticleText{"x", {}, ""}));
}

TEST(Articles, say_what_is_wrong_with_its_line) {
    EXPECT_EQ(error_of(""), "line 1 is no title: it begins with \"# \"");
    EXPECT_EQ(error_of("Lost card\n"), "line 1 is no title: it begins with \"# \"");
    EXPECT_EQ(error_of("# \n"), "line 1 is no title: it begins with \"# \"");
    EXPECT_EQ(error_of("# " + std::string(201, 'x')), "line 1 is longer than 200 bytes");
    std::string many = "# x\nQueues: a";
    for (int i = 0; i < 20; ++i) {
        many += ", q" + std::to_string(i);
    }
    EXPECT_EQ(error_of(many), "line 2 names more than 20 queues");
    EXPECT_EQ(error_of("# x\n" + std::string(49 * 1024, 'x')), "has more than 48 KiB");
}

TEST(Articles, are_read_from_a_folder_by_name) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("lanze-articles-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "b.md") << "# Second\n";
    std::ofstream(folder / "a.md") << "# First\n";
    std::ofstream(folder / "notes.txt") << "no article";
    const auto articles = read_articles(folder.string());
    ASSERT_TRUE(articles) << articles.error();
    ASSERT_EQ(articles->size(), 2U);
    EXPECT_EQ((*articles)[0].title, "First");
    std::ofstream(folder / "c.md") << "nothing";
    EXPECT_EQ(read_articles(folder.string()).error(),
              (folder / "c.md").string() + ": line 1 is no title: it begins with \"# \"");
    std::filesystem::remove_all(folder);
    EXPECT_EQ(read_articles(folder.string()).error(),
              folder.string() + " is no folder that can be read");
}

}  // namespace
}  // namespace lanze::app
