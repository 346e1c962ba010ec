#include "plan/cover.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lanze::plan {
namespace {

constexpr double kEndless = std::numeric_limits<double>::infinity();

TEST(Cover, takes_the_cheapest_pool_while_it_has_agents) {
    const Cover cover =
        least_cost_cover({{5, 3}, {{1, 4, {true, false}}, {1.5, kEndless, {true, true}}}});
    EXPECT_NEAR(cover.agents[0], 4, 1e-9);
    EXPECT_NEAR(cover.agents[1], 4, 1e-9);
    EXPECT_NEAR(cover.missing, 0, 1e-9);
}

// The cheap pool serves both, but only it serves the second: work of the first has to go back.
TEST(Cover, gives_work_back_to_a_dearer_pool_for_who_has_no_other) {
    const Cover cover = least_cost_cover({{4, 3}, {{1, 5, {true, true}}, {2, 9, {true, false}}}});
    EXPECT_NEAR(cover.agents[0], 5, 1e-9);
    EXPECT_NEAR(cover.agents[1], 2, 1e-9);
    EXPECT_NEAR(cover.missing, 0, 1e-9);
}

TEST(Cover, says_how_much_is_missing) {
    const Cover cover = least_cost_cover({{4, 3}, {{1, 5, {true, true}}}});
    EXPECT_NEAR(cover.agents[0], 5, 1e-9);
    EXPECT_NEAR(cover.missing, 2, 1e-9);
}

TEST(Cover, shares_the_safety_of_queues_that_share_agents) {
    const std::vector<CoverPool> apart = {{1, 9, {true, false}}, {1, 9, {false, true}}};
    EXPECT_NEAR(pooled_work({4, 4}, {6, 6}, apart)[0], 6, 1e-12);
    std::vector<CoverPool> shared = apart;
    shared.push_back({1, 9, {true, true}});
    // sqrt(8) / (2 + 2) of 2.
    EXPECT_NEAR(pooled_work({4, 4}, {6, 6}, shared)[1], 4 + 2 / std::sqrt(2.0), 1e-12);
    // With patience and no ceiling fewer than the load may do.
    EXPECT_NEAR(pooled_work({4, 4}, {3, 6}, shared)[0], 3, 1e-12);
}

std::vector<QueueNeed> needs_of_two(const Demands& demands, std::optional<Patience> patience) {
    std::vector<QueueNeed> needs = needs_of(0, {5, 300, patience}, demands);
    const auto more = needs_of(1, {4, 300, patience}, demands);
    needs.insert(needs.end(), more.begin(), more.end());
    return needs;
}

TEST(CoverConflict, names_one_queue_where_one_is_enough) {
    Demands demands;
    demands.service_level.share = 0.8;
    const auto needs = needs_of_two(demands, Exponential{1.0 / 120});
    const auto found =
        cover_conflict(needs, {{1, 6, {true, false}}, {1, kEndless, {false, true}}}, 2);
    ASSERT_EQ(found.needs.size(), 1U);
    EXPECT_EQ(found.needs[0].queue, 0U);
    EXPECT_GT(found.needs[0].agents, 6);
    EXPECT_EQ(found.pools, std::vector<std::size_t>{0});
}

// Each alone could have the 9 agents, but their work is 5 / 0.85 + 4 / 0.85.
TEST(CoverConflict, names_both_queues_where_only_both_are_too_much) {
    const auto needs = needs_of_two(Demands{}, std::nullopt);
    const auto found = cover_conflict(needs, {{1, 9, {true, true}}}, 2);
    ASSERT_EQ(found.needs.size(), 2U);
    EXPECT_NE(found.needs[0].queue, found.needs[1].queue);
    EXPECT_EQ(found.pools, std::vector<std::size_t>{0});
}

TEST(CoverConflict, is_empty_where_agents_are_enough) {
    const auto found =
        cover_conflict(needs_of_two(Demands{}, std::nullopt), {{1, 11, {true, true}}}, 2);
    EXPECT_TRUE(found.needs.empty());
    EXPECT_TRUE(found.pools.empty());
}

}  // namespace
}  // namespace lanze::plan
