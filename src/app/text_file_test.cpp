#include "app/text_file.h"

#include <gtest/gtest.h>

#include "journal/trial_folder.h"

namespace lanze::app {
namespace {

TEST(TextFile, ReadsWhatWasWrittenUpToTheLimit) {
    const journal::TrialFolder folder;
    const std::string path = folder.file("text");
    const std::string text(200'000, 'x');
    ASSERT_TRUE(write_text_file(path, text));
    EXPECT_EQ(read_text_file(path, 1'000'000), text);
    EXPECT_EQ(read_text_file(path, 200'000), text);
    EXPECT_EQ(read_text_file(path, 70'000), text.substr(0, 70'000));
    ASSERT_TRUE(write_text_file(path, ""));
    EXPECT_EQ(read_text_file(path, 10), "");
}

TEST(TextFile, SaysThatItCannot) {
    const journal::TrialFolder folder;
    EXPECT_EQ(read_text_file(folder.file("missing"), 10), std::nullopt);
    EXPECT_EQ(read_text_file(folder.file(""), 10), std::nullopt);  // a folder
    EXPECT_FALSE(write_text_file(folder.file("missing/text"), "x"));
}

}  // namespace
}  // namespace lanze::app
