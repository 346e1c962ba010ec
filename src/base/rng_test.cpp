#include "base/rng.h"

#include <gtest/gtest.h>
#include <array>

namespace lanze {
namespace {

TEST(SplitMix, gives_the_published_numbers) {
    // The first outputs of SplitMix64 for seed 1234567 (Vigna's splitmix64.c).
    const std::array<std::uint64_t, 3> expected = {6457827717110365317ULL, 3203168211198807973ULL,
                                                   9817491932198370423ULL};
    std::uint64_t state = 1234567;
    for (const std::uint64_t number : expected) {
        EXPECT_EQ(split_mix(state), number);
        state += 0x9e3779b97f4a7c15ULL;
    }
}

TEST(Rng, repeats_itself_for_equal_seeds) {
    Rng first(7);
    Rng second(7);
    Rng other(8);
    int differing = 0;
    for (int i = 0; i < 100; ++i) {
        const std::uint64_t number = first.next();
        EXPECT_EQ(number, second.next());
        differing += number != other.next() ? 1 : 0;
    }
    EXPECT_GE(differing, 99);
}

TEST(Rng, works_from_seed_zero) {
    Rng rng(0);
    EXPECT_NE(rng.next(), 0U);
    EXPECT_NE(rng.next(), rng.next());
}

TEST(Rng, stays_below_its_bound) {
    Rng rng(1);
    for (const std::uint32_t bound : {1U, 2U, 3U, 1000U, 0x80000001U, 0xffffffffU}) {
        for (int i = 0; i < 200; ++i) {
            EXPECT_LT(rng.below(bound), bound);
        }
    }
}

TEST(Rng, spreads_evenly_over_a_small_bound) {
    // Chi-square with 5 degrees of freedom: above 20.5 once in a thousand seeds.
    Rng rng(2026);
    std::array<int, 6> counts{};
    for (int i = 0; i < 60'000; ++i) {
        ++counts[rng.below(6)];
    }
    double chi_square = 0;
    for (const int count : counts) {
        chi_square += (count - 10'000.0) * (count - 10'000.0) / 10'000.0;
    }
    EXPECT_LT(chi_square, 20.5);
}

TEST(Rng, draws_units_between_zero_and_one) {
    Rng rng(3);
    double sum = 0;
    for (int i = 0; i < 10'000; ++i) {
        const double unit = rng.unit();
        ASSERT_GE(unit, 0.0);
        ASSERT_LT(unit, 1.0);
        sum += unit;
    }
    EXPECT_NEAR(sum / 10'000, 0.5, 0.02);
}

}  // namespace
}  // namespace lanze
