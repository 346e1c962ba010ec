// The soak (src/soak) with fixed seeds and fresh ones, and with the naive models as judges.
// LANZE_SOAK_SEEDS=1000 LANZE_SOAK_FIRST=1 LANZE_SOAK_FRESH=100 run more; `lanze soak --seed S
// --story` tells what happened.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "property/judge.h"
#include "soak/day.h"

namespace lanze::soak {
namespace {

constexpr std::uint64_t kSeeds = 10;
constexpr std::uint64_t kFreshSeeds = 5;

std::uint64_t number_of(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void live(std::uint64_t seed, Counts& counts) {
    SCOPED_TRACE("lanze soak --seed " + std::to_string(seed) + " --story");
    Day day(seed);
    day.live();
    for (const Problem& problem : day.problems()) {
        ADD_FAILURE() << std::chrono::duration<double>(problem.at).count() << " s: " << problem.text
                      << "\n"
                      << day.faults().to_text();
    }
    counts += day.counts();
    property::Tally tally;
    property::Judge judge(tally);
    std::uint64_t number = 0;
    day.replay([&](const ports::Decision& decision) {
        ++number;
        const std::string problem = judge.hear(decision.command, decision.events, decision.at);
        EXPECT_EQ(problem, "") << "decision " << number;
    });
}

// Of the fixed seeds every fault there is must have happened, or its place in the soak is in vain.
TEST(Soak, holds_its_invariants_whatever_goes_wrong) {
    const std::uint64_t first = number_of("LANZE_SOAK_FIRST", 1);
    const std::uint64_t count = number_of("LANZE_SOAK_SEEDS", kSeeds);
    Counts counts;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        live(seed, counts);
    }
    for (std::size_t i = 0; i < kHappeningKinds && count >= kSeeds; ++i) {
        const auto happening = static_cast<Happening>(i);
        EXPECT_GT(counts.of(happening), 0U) << name_of(happening);
    }
}

TEST(Soak, holds_them_with_fresh_seeds) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto clock = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(now).count());
    const std::uint64_t first = number_of("LANZE_SOAK_FRESH_FIRST", clock);
    const std::uint64_t count = number_of("LANZE_SOAK_FRESH", kFreshSeeds);
    std::printf("fresh seeds: %llu and the %llu after it\n", static_cast<unsigned long long>(first),
                static_cast<unsigned long long>(count - 1));
    Counts counts;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        live(seed, counts);
    }
}

TEST(Soak, is_the_same_for_the_same_seed) {
    Day one(7);
    Day other(7);
    one.live();
    other.live();
    EXPECT_EQ(one.counts(), other.counts());
    EXPECT_EQ(one.fingerprint(), other.fingerprint());
    Day another(8);
    another.live();
    EXPECT_NE(one.fingerprint(), another.fingerprint());
}

}  // namespace
}  // namespace lanze::soak
