#include "tidy/source.h"

#include <gtest/gtest.h>

namespace lanze::tidy {
namespace {

Line only_line(std::string_view text) {
    const Source source = Source::split("x.cpp", text);
    EXPECT_EQ(source.lines.size(), 1U) << text;
    return source.lines.empty() ? Line{} : source.lines.front();
}

TEST(Source, deals_code_comment_and_literal_apart) {
    const Line line = only_line("call(\"a // b\", 'c');  // why");
    EXPECT_EQ(line.code, "call(\"\", '');  ");
    EXPECT_EQ(line.text, "a // b c ");
    EXPECT_EQ(line.comment, " why");
}

TEST(Source, is_not_fooled) {
    EXPECT_EQ(only_line("max = 100'000; // x").code, "max = 100'000; ");
    EXPECT_EQ(only_line("x = '\"'; y").code, "x = ''; y");
    EXPECT_EQ(only_line(R"(x = "a\"b"; y)").code, "x = \"\"; y");
    EXPECT_EQ(only_line("a /* b */ c").code, "a  c");
    EXPECT_EQ(only_line("x = R\"(a \" b)\"; y").code, "x = \"\"; y");
}

TEST(Source, follows_comments_and_raw_literals_over_lines) {
    const Source source = Source::split("x.cpp", "a /* b\nc */ d\nR\"x(e\nf)x\" g\n");
    ASSERT_EQ(source.lines.size(), 4U);
    EXPECT_EQ(source.lines[1].comment, "c ");
    EXPECT_EQ(source.lines[1].code, " d");
    EXPECT_EQ(source.lines[3].text, "f");
    EXPECT_EQ(source.lines[3].code, " g");
}

TEST(Source, knows_its_layer) {
    EXPECT_EQ((Source{"src/core/floor.h", {}}.layer()), "core");
    EXPECT_EQ((Source{"tests/tidy/source.h", {}}.layer()), "");
}

TEST(Source, names_what_is_included) {
    EXPECT_EQ(included(only_line("#include \"core/floor.h\"")), "core/floor.h");
    EXPECT_EQ(included(only_line("#include <mutex>  // why")), "<mutex>");
    EXPECT_EQ(included(only_line("int x;")), "");
}

TEST(Source, finds_words) {
    const std::vector<Word> found = words("a_b(c1)");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].text, "a_b");
    EXPECT_EQ(found[1].text, "c1");
    EXPECT_EQ(found[1].at, 4U);
}

TEST(Findings, are_written_as_a_compiler_does) {
    EXPECT_EQ(to_text({{"a.h", 3, "bad"}, {"b.h", 0, "worse"}}), "a.h:3: bad\nb.h: worse\n");
}

}  // namespace
}  // namespace lanze::tidy
