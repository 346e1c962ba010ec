#include "api/target.h"

#include <gtest/gtest.h>

namespace lanze::api {
namespace {

TEST(Target, ReadsPathAndQuery) {
    const auto target = Target::parse("/api/v1/contacts?state=ended&limit=5&name=a+b%20c&empty=");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path(), "/api/v1/contacts");
    EXPECT_EQ(target->parameter("state"), "ended");
    EXPECT_EQ(target->parameter("name"), "a b c");
    EXPECT_EQ(target->parameter("empty"), "");
    EXPECT_FALSE(target->parameter("before"));
}

TEST(Target, TheRootHasNoSegments) {
    const auto target = Target::parse("/");
    ASSERT_TRUE(target);
    EXPECT_TRUE(target->segments.empty());
    EXPECT_EQ(target->path(), "/");
}

TEST(Target, RefusesWhatLeadsElsewhere) {
    for (const char* text :
         {"/../etc/passwd", "/assets/../../x", "/%2e%2e/etc/passwd", "/%2E%2e%2fetc/passwd",
          "/assets/..%2f..%2fx", "/a%5c..%5cb", "/./a", "/a%00b", "/%", "/%4", "/%zz", "/a%0d%0ab",
          "", "*", "http://elsewhere/", "a/b", "/?a=%"}) {
        EXPECT_FALSE(Target::parse(text)) << text;
    }
}

TEST(Target, RefusesWhatIsTooMuch) {
    EXPECT_TRUE(Target::parse("/" + std::string(Target::kSizeMax - 1, 'a')));
    EXPECT_FALSE(Target::parse("/" + std::string(Target::kSizeMax, 'a')));
    std::string query = "/?";
    for (std::size_t i = 0; i < Target::kParametersMax; ++i) {
        query += "a=1&";
    }
    EXPECT_TRUE(Target::parse(query));
    EXPECT_FALSE(Target::parse(query + "a=1"));
}

TEST(Target, DoubleEncodingStaysText) {
    const auto target = Target::parse("/%252e%252e/x");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->segments.front(), "%2e%2e");
}

TEST(ParseNumber, TakesDigitsOnly) {
    EXPECT_EQ(parse_number("0"), 0U);
    EXPECT_EQ(parse_number("9223372036854775807"), 9223372036854775807U);
    for (const char* text : {"", "-1", "+1", " 1", "1 ", "0x1", "1e3", "99999999999999999999"}) {
        EXPECT_FALSE(parse_number(text)) << text;
    }
}

}  // namespace
}  // namespace lanze::api
