#include "app/config_text.h"

#include <gtest/gtest.h>

namespace lanze::app {

TEST(ParseDuration, reads_a_number_and_its_unit) {
    struct Case {
        std::string text;
        std::optional<Duration> expected;
    };
    const std::vector<Case> cases{
        {"500ms", milliseconds(500)},
        {"20s", seconds(20)},
        {"2m", minutes(2)},
        {"1h", hours(1)},
        {"0s", seconds(0)},
        {"876600h", hours(876'600)},
        {"", std::nullopt},
        {"20", std::nullopt},
        {"s", std::nullopt},
        {"-1s", std::nullopt},
        {"+1s", std::nullopt},
        {"1.5s", std::nullopt},
        {"20 s", std::nullopt},
        {"20s ", std::nullopt},
        {"20sec", std::nullopt},
        {"1d", std::nullopt},
        {"876601h", std::nullopt},
        {"9223372036854775807ms", std::nullopt},
        {"99999999999999999999s", std::nullopt},
    };
    for (const Case& one : cases) {
        EXPECT_EQ(parse_duration(one.text), one.expected) << one.text;
    }
}

TEST(WrittenDuration, is_read_back_as_it_was) {
    const std::vector<std::string> texts{"0s", "500ms", "1500ms", "20s", "90s", "2m", "90m", "24h"};
    for (const std::string& text : texts) {
        EXPECT_EQ(written_duration(parse_duration(text).value()), text);
    }
}

TEST(WrittenShare, is_written_as_in_the_file) {
    const std::vector<std::pair<std::uint32_t, std::string>> cases{
        {1, "0.001"}, {50, "0.05"}, {800, "0.8"}, {850, "0.85"}, {1'000, "1"}};
    for (const auto& [permille, text] : cases) {
        EXPECT_EQ(written_share(permille), text);
    }
}

TEST(NearestName, finds_what_was_meant) {
    const std::vector<std::string> known{"name", "numbers", "answer", "wrap_up"};
    EXPECT_EQ(nearest_name("anser", known), "answer");
    EXPECT_EQ(nearest_name("wrapup", known), "wrap_up");
    EXPECT_EQ(nearest_name("number", known), "numbers");
    EXPECT_EQ(nearest_name("colour", known), std::nullopt);
    EXPECT_EQ(nearest_name(std::string(1'000, 'n'), known), std::nullopt);
    EXPECT_EQ(nearest_name("x", {}), std::nullopt);
}

TEST(InQuotes, keeps_to_one_readable_line) {
    EXPECT_EQ(in_quotes("a\nb\x1b"), "\"a?b?\"");
    EXPECT_EQ(in_quotes(std::string(61, 'a')), '"' + std::string(60, 'a') + "...\"");
    EXPECT_EQ(join_quoted({"a", "b", "c"}, " or "), R"("a", "b" or "c")");
}

}  // namespace lanze::app
