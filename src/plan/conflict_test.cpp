#include "plan/conflict.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/rng.h"

namespace lanze::plan {
namespace {

using Set = std::vector<std::size_t>;

// Conflicts if one of these sets is in it.
bool holds_one(const std::vector<Set>& cores, const Set& set) {
    return std::any_of(cores.begin(), cores.end(), [&](const Set& core) {
        return std::includes(set.begin(), set.end(), core.begin(), core.end());
    });
}

Set found(const std::vector<Set>& cores, std::size_t count) {
    return smallest_conflict(count, [&](const Set& set) { return holds_one(cores, set); });
}

TEST(Conflict, is_empty_if_all_can_be_kept) {
    EXPECT_EQ(found({}, 5), Set{});
    EXPECT_EQ(found({}, 0), Set{});
}

TEST(Conflict, is_the_smallest_up_to_two) {
    EXPECT_EQ(found({{3}, {0, 1}}, 5), (Set{3}));
    EXPECT_EQ(found({{0, 1, 2}, {2, 4}}, 5), (Set{2, 4}));
    EXPECT_EQ(found({{0, 1, 2}}, 5), (Set{0, 1, 2}));
}

// Of nine demands about half, and never none.
Set some_demands(Rng& rng) {
    Set set;
    for (std::size_t i = 0; i < 9; ++i) {
        if (rng.below(2) == 0) {
            set.push_back(i);
        }
    }
    return set.empty() ? Set{rng.below(9)} : set;
}

TEST(Conflict, leaves_nothing_out_that_it_could) {
    Rng rng(1);
    for (int trial = 0; trial < 500; ++trial) {
        std::vector<Set> cores(1 + rng.below(3));
        for (Set& core : cores) {
            core = some_demands(rng);
        }
        const Set conflict = found(cores, 9);
        ASSERT_TRUE(holds_one(cores, conflict));
        for (const std::size_t dropped : conflict) {
            Set rest = conflict;
            std::erase(rest, dropped);
            EXPECT_FALSE(holds_one(cores, rest));
        }
    }
}

}  // namespace
}  // namespace lanze::plan
