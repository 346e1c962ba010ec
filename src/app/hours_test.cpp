#include "app/hours.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "app/local_time.h"

namespace lanze::app {
namespace {

TEST(Hours, PrintsTheComingDays) {
    ASSERT_TRUE(use_time_zone("Europe/Berlin"));
    const auto config = parse_config(R"(centre.name = "Hanse"
[[hours]]
name = "office"
week = { mon-fri = ["08:00-12:00", "13:00-18:00"], sat = "22:00-06:00" }
special_days = [{ easter = -2, name = "Karfreitag" }, { date = "2027-03-27", open = "09:00-10:00" }]
[[queue]]
name = "bank"
numbers = "bank"
hours = "office"
[[queue]]
name = "mobile"
numbers = "mobile"
hours = "office"
[[queue]]
name = "night"
numbers = "night"
[[agent]]
name = "anna"
built_in = true
)",
                                     "x.toml");
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(hours_text(*config, *parse_local("2027-03-25 12:00", Time{}), 5),
              "office: \"bank\" and \"mobile\"\n"
              "  Thu 2027-03-25  08:00-12:00, 13:00-18:00\n"
              "  Fri 2027-03-26  closed                    Karfreitag\n"
              "  Sat 2027-03-27  09:00-10:00               special day\n"
              "  Sun 2027-03-28  closed  (the clocks go forward)\n"
              "  Mon 2027-03-29  08:00-12:00, 13:00-18:00\n"
              "\n"
              "always open: \"night\"\n");
}

// What stands in docs/operating.md is right, and prints what stands there.
TEST(Hours, PrintsWhatTheDocumentSays) {
    std::ifstream file("docs/operating.md");
    const std::string document{std::istreambuf_iterator<char>(file),
                               std::istreambuf_iterator<char>()};
    const auto between = [&](const std::string& begin, const std::string& end) {
        const std::size_t at = document.find(begin);
        return at == std::string::npos
                   ? ""
                   : document.substr(at + begin.size(),
                                     document.find(end, at + begin.size()) - at - begin.size());
    };
    const auto config = parse_config(between("src/app/hours_test.cpp -->\n```toml\n", "```"), "x");
    ASSERT_TRUE(config.has_value()) << to_string(config.error().front());
    ASSERT_TRUE(use_time_zone(config->time_zone));
    EXPECT_EQ(hours_text(*config, *parse_local("2026-12-23 12:00", Time{}), 3),
              between("$ lanze hours lanze.toml --days 3\n", "```"));
}

}  // namespace
}  // namespace lanze::app
