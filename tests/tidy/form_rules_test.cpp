#include "tidy/form_rules.h"

#include <gtest/gtest.h>

namespace lanze::tidy {
namespace {

Source source(std::string_view content, std::string path = "src/core/a.cpp") {
    return Source::split(std::move(path), content);
}

std::string lines(std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) {
        result += "x();\n";
    }
    return result;
}

TEST(Functions, are_found_by_their_braces) {
    const auto found = functions(source(R"(namespace a {
struct Row {
    int x = 1;
    std::vector<int> v{1, 2};
    Row() : x{1} {
    }
    bool is_x() const { return x == 1; }
};
enum class E { one, two };
const Row rows[] = {{1}, {2}};
Row::Row(int a)
    : x(a) {
    if (a > f({1})) {
        for (;;) {
        }
    }
}
auto g(std::vector<int> v = {}) -> int {
    h([&](int x) { if (x) { y(); } });
}
}
)"));
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].name, "Row");
    EXPECT_EQ(found[1].name, "is_x");
    EXPECT_EQ(found[2].name, "Row");
    EXPECT_EQ(found[2].first, 12U);
    EXPECT_EQ(found[2].last, 17U);
    EXPECT_EQ(found[2].nesting, 2U);
    EXPECT_EQ(found[3].name, "g");
    EXPECT_EQ(found[3].nesting, 1U);
}

TEST(CheckFunctions, finds_a_long_one) {
    EXPECT_TRUE(check_functions(source("void f() {\n" + lines(68) + "}\n")).empty());
    const Findings findings = check_functions(source("void f() {\n" + lines(69) + "}\n"));
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].what, "f has 71 lines");
}

TEST(CheckFunctions, finds_a_deep_one) {
    const std::string three = "void f() {\nif (a) {\nfor (b) {\nwhile (c) {\nx;\n}\n}\n}\n}\n";
    EXPECT_TRUE(check_functions(source(three)).empty());
    const std::string four =
        "void f() {\nif (a) {\nfor (b) {\nwhile (c) {\nif (d) {\n}\n}\n}\n}\n}\n";
    ASSERT_EQ(check_functions(source(four)).size(), 1U);
    EXPECT_EQ(check_functions(source(four))[0].what, "f is nested 4 deep");
}

TEST(CheckFunctions, does_not_add_up_what_stands_side_by_side) {
    EXPECT_TRUE(
        check_functions(source("void f() {\nif (a) {\n} else if (b) {\n} else if (c) {\n} "
                               "else {\nswitch (d) {\ncase 1: {\nif (e) {\n}\n}\n}\n}\n}\n"))
            .empty());
}

TEST(CheckFileSize, wants_a_reason_above_600_and_none_above_1000) {
    EXPECT_TRUE(check_file_size(source(lines(600))).empty());
    EXPECT_EQ(check_file_size(source(lines(601))).size(), 1U);
    const std::string reason = "// A table.\n// Over 600 lines because it is one table.\n";
    EXPECT_TRUE(check_file_size(source(reason + lines(700))).empty());
    EXPECT_EQ(check_file_size(source(reason + lines(1000))).size(), 1U);
}

TEST(CheckOpening, wants_a_sentence_and_a_guard) {
    const auto check = [](std::string_view text) {
        return check_opening(source(text, "src/core/a.h")).size();
    };
    EXPECT_EQ(check("// Does one thing.\n#pragma once\n"), 0U);
    EXPECT_EQ(check("// Does one thing, told\n// in two lines.\n#pragma once\n"), 0U);
    EXPECT_EQ(check("#pragma once\n"), 1U);
    EXPECT_EQ(check("// no sentence\n#pragma once\n"), 1U);
    EXPECT_EQ(check("// A sentence.\n\n#pragma once\n"), 1U);
    EXPECT_EQ(check("// One.\n// Two.\n// Three.\n// Four.\n#pragma once\n"), 1U);
    EXPECT_EQ(check_opening(source("int x;\n")).size(), 0U);
}

TEST(CheckOwnHeaderFirst, finds_another_before_it) {
    const std::set<std::string> paths = {"src/core/a.h"};
    EXPECT_EQ(
        check_own_header_first(source("#include <map>\n#include \"core/a.h\"\n"), paths).size(),
        1U);
    EXPECT_TRUE(
        check_own_header_first(source("#include \"core/a.h\"\n#include <map>\n"), paths).empty());
    EXPECT_TRUE(check_own_header_first(source("#include <map>\n"), {}).empty());
}

TEST(CheckHasHeader, finds_a_lonely_source) {
    EXPECT_EQ(check_has_header(source("int x;\n"), {}).size(), 1U);
    EXPECT_TRUE(check_has_header(source("int x;\n"), {"src/core/a.h"}).empty());
    EXPECT_TRUE(check_has_header(source("#include \"core/b.h\"\n"), {"src/core/b.h"}).empty());
    EXPECT_EQ(check_has_header(source("#include \"base/b.h\"\n"), {"src/base/b.h"}).size(), 1U);
    EXPECT_TRUE(check_has_header(source("// A library; no header.\nint x;\n"), {}).empty());
    EXPECT_TRUE(check_has_header(source("int x;\n", "src/core/a_test.cpp"), {}).empty());
    EXPECT_TRUE(check_has_header(source("int x;\n", "src/app/main.cpp"), {}).empty());
}

TEST(CheckNames, finds_what_is_never_written) {
    EXPECT_EQ(check_names(source("int get_x();\n")).size(), 1U);
    EXPECT_TRUE(check_names(source("E get_executor();\n")).empty());
    EXPECT_EQ(check_names(source("throw 1;\n")).size(), 1U);
    EXPECT_EQ(check_names(source("#define MAX 1\n", "src/core/a.h")).size(), 1U);
    EXPECT_EQ(check_names(source("sleep_for(d);\n", "src/core/a_test.cpp")).size(), 1U);
    EXPECT_EQ(check_names(source("", "src/core/utils.cpp")).size(), 1U);
    EXPECT_TRUE(check_names(source("x.get_executor(); std::get_if<1>(&y); // throw\n")).empty());
}

TEST(CheckLeftovers, finds_work_left_to_do_and_paths_of_a_machine) {
    EXPECT_EQ(check_leftovers(source(std::string("// TO") + "DO: x\n")).size(), 1U);
    EXPECT_EQ(check_leftovers(source(std::string("x = \"/ho") + "me/me/x\";\n")).size(), 1U);
    EXPECT_EQ(check_leftovers(source(std::string("// --") + "- reading\n")).size(), 1U);
    EXPECT_TRUE(check_leftovers(source("// done\n")).empty());
}

}  // namespace
}  // namespace lanze::tidy
