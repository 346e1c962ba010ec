#include "app/soak.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace lanze::app {
namespace {

Soaked two_days() {
    Soaked soaked;
    soaked.first = 17;
    soaked.seeds = 2;
    soaked.simulated = hours(1);
    soaked.counts.note(soak::Happening::kill);
    soaked.counts.note(soak::Happening::call);
    return soaked;
}

Soaked with_failure() {
    Soaked soaked = two_days();
    soak::Faults faults;
    faults.has_kills = true;
    soaked.failures.push_back({18, faults, {{milliseconds(61'250), "a phone in two talks"}}});
    return soaked;
}

TEST(Soak, says_what_happened_and_what_was_checked) {
    const std::string text = soak_text(two_days(), {}, seconds(2));
    for (const char* part : {"Seeds 17 to 18: 1.0 hours of a centre in 2.0 s.", "kills",
                             "What was checked", "no agent is stuck", "Nothing was found."}) {
        EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
    }
}

TEST(Soak, says_what_was_found_when_and_how_to_see_it_again) {
    const std::string text = soak_text(with_failure(), {}, seconds(2));
    for (const char* part :
         {"Seed 18 (delay up to 5 ms, kills):", "after 61.250 s: a phone in two talks",
          "lanze soak --seed 18 --story", "1 of 2 days were not as they should be."}) {
        EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
    }
}

TEST(Soak, speaks_json) {
    SoakOptions options;
    options.is_json = true;
    const auto json = boost::json::parse(soak_text(with_failure(), options, seconds(2)));
    EXPECT_EQ(json.at("first_seed").as_int64(), 17);
    EXPECT_EQ(json.at("faults").at("kills").as_int64(), 1);
    EXPECT_EQ(json.at("life").at("calls").as_int64(), 1);
    const auto& failure = json.at("failures").at(0);
    EXPECT_EQ(failure.at("seed").as_int64(), 18);
    EXPECT_EQ(failure.at("problems").at(0).at("after_seconds").as_double(), 61.25);
}

}  // namespace
}  // namespace lanze::app
