#include "plan/requirement.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/rng.h"

namespace lanze::plan {
namespace {

std::vector<Demand> made(const Demands& demands) {
    std::vector<Demand> result{Demand::steady};
    const auto add = [&](bool is_made, Demand demand) {
        if (is_made) {
            result.push_back(demand);
        }
    };
    add(demands.service_level.share.has_value(), Demand::service_level);
    add(demands.p_abandon_max.has_value(), Demand::p_abandon_max);
    add(demands.mean_wait_max.has_value(), Demand::mean_wait_max);
    add(demands.asa_max.has_value(), Demand::asa_max);
    add(demands.occupancy_max.has_value(), Demand::occupancy_max);
    add(demands.occupancy_min.has_value(), Demand::occupancy_min);
    add(demands.agents_min > 0, Demand::agents_min);
    add(demands.agents_max.has_value(), Demand::agents_max);
    return result;
}

std::vector<Demand> conflict_of(const StaffingLoad& load, const Demands& demands) {
    std::vector<Demand> result;
    for (const Bound& bound : requirement(load, demands).conflict) {
        result.push_back(bound.demand);
    }
    return result;
}

constexpr std::int64_t kTried = 25;  // more than any of the loads below needs

// What happens with 1, 2, ... agents, each asked of the queue itself.
class Tried {
public:
    Tried(const StaffingLoad& load, const Demands& demands) : demands_(demands) {
        for (std::int64_t agents = 1; agents <= kTried; ++agents) {
            outcomes_.push_back(outcome(load, demands, agents));
        }
    }

    // The fewest agents who keep all of the chosen demands.
    std::optional<std::int64_t> fewest(const std::vector<Demand>& chosen) const {
        for (std::int64_t agents = 1; agents <= kTried; ++agents) {
            if (std::all_of(chosen.begin(), chosen.end(),
                            [&](Demand demand) { return is_kept(demand, agents); })) {
                return agents;
            }
        }
        return std::nullopt;
    }

private:
    bool is_kept(Demand demand, std::int64_t agents) const {
        if (demand == Demand::agents_min) {
            return agents >= demands_.agents_min;
        }
        if (demand == Demand::agents_max) {
            return agents <= *demands_.agents_max;
        }
        const auto& met = outcomes_[static_cast<std::size_t>(agents - 1)];
        // Everybody is busy all the time where the queue grows for ever.
        return met ? keeps(demands_, demand, *met) : demand == Demand::occupancy_min;
    }

    const Demands& demands_;
    std::vector<std::optional<Outcome>> outcomes_;
};

Demands some_demands(Rng& rng) {
    const auto or_none = [&](double value) {
        return rng.below(2) == 0 ? std::optional(value) : std::nullopt;
    };
    const auto definitions = service_level_definitions();
    Demands demands;
    demands.service_level.share = or_none(0.5 + 0.49 * rng.unit());
    demands.service_level.within = rng.below(60);
    demands.service_level.definition =
        &definitions[rng.below(static_cast<std::uint32_t>(definitions.size()))];
    demands.p_abandon_max = or_none(0.01 + 0.2 * rng.unit());
    demands.mean_wait_max = or_none(1 + 60 * rng.unit());
    demands.asa_max = or_none(1 + 60 * rng.unit());
    demands.occupancy_max = or_none(0.7 + 0.25 * rng.unit());
    demands.occupancy_min = rng.below(4) == 0 ? std::optional(0.9 * rng.unit()) : std::nullopt;
    demands.agents_min = rng.below(8);
    if (rng.below(2) == 0) {
        demands.agents_max = 1 + rng.below(12);
    }
    return demands;
}

StaffingLoad some_load(Rng& rng) {
    const Patience kinds[] = {Exponential{1.0 / 120}, FixedPatience{90}, Erlang2{150},
                              Weibull{1.7, 200}, TwoKinds{0.3, 20, 300}};
    StaffingLoad load{0.2 + 8 * rng.unit(), 100 + 400 * rng.unit(), std::nullopt};
    // Others than the first take long to compute.
    if (rng.below(4) > 0) {
        load.patience = kinds[rng.below(3) > 0 ? 0 : rng.below(5)];
    }
    return load;
}

TEST(Requirement, is_what_brute_force_finds) {
    Rng rng(4);
    int kept = 0;
    for (int trial = 0; trial < 50; ++trial) {
        const Demands demands = some_demands(rng);
        const StaffingLoad load = some_load(rng);
        const Requirement found = requirement(load, demands);
        const auto expected = Tried(load, demands).fewest(made(demands));
        EXPECT_EQ(found.conflict.empty(), expected.has_value()) << trial;
        if (found.conflict.empty() && expected) {
            ++kept;
            EXPECT_EQ(found.agents, *expected) << trial;
            ASSERT_EQ(found.binds.has_value(), found.agents > 1) << trial;
        }
    }
    EXPECT_GT(kept, 10);
    EXPECT_LT(kept, 45);
}

// How many demands the smallest of all sets has that no number of agents keeps.
std::size_t fewest_in_conflict(const Tried& tried, const std::vector<Demand>& all) {
    std::size_t fewest = all.size();
    for (std::size_t chosen = 0; chosen < std::size_t{1} << all.size(); ++chosen) {
        std::vector<Demand> set;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if ((chosen >> i) % 2 == 1) {
                set.push_back(all[i]);
            }
        }
        if (set.size() < fewest && !tried.fewest(set)) {
            fewest = set.size();
        }
    }
    return fewest;
}

TEST(Requirement, tells_a_smallest_set_that_conflicts) {
    Rng rng(9);
    int conflicts = 0;
    for (int trial = 0; trial < 40; ++trial) {
        const Demands demands = some_demands(rng);
        const StaffingLoad load = some_load(rng);
        const std::vector<Demand> conflict = conflict_of(load, demands);
        if (conflict.empty()) {
            continue;
        }
        ++conflicts;
        const Tried tried(load, demands);
        EXPECT_FALSE(tried.fewest(conflict).has_value()) << trial;
        EXPECT_EQ(conflict.size(), fewest_in_conflict(tried, made(demands))) << trial;
    }
    EXPECT_GT(conflicts, 10);
}

TEST(Requirement, tells_what_binds) {
    Demands demands;
    demands.service_level.share = 0.8;
    const Requirement large = requirement({200, 240, std::nullopt}, demands);
    EXPECT_EQ(large.binds, Demand::occupancy_max);
    EXPECT_EQ(large.agents, 236);  // 200 / 0.85 = 235.3
    const Requirement small = requirement({3, 240, std::nullopt}, demands);
    EXPECT_EQ(small.binds, Demand::service_level);
    demands.agents_min = 9;
    EXPECT_EQ(requirement({3, 240, std::nullopt}, demands).binds, Demand::agents_min);
    demands.occupancy_max.reset();
    demands.service_level.share.reset();
    demands.agents_min = 0;
    const Requirement steady = requirement({3, 240, std::nullopt}, demands);
    EXPECT_EQ(steady.binds, Demand::steady);
    EXPECT_EQ(steady.agents, 4);
}

TEST(Requirement, without_a_load_is_the_minimum) {
    Demands demands;
    demands.service_level.share = 0.8;
    demands.occupancy_min = 0.5;
    const Requirement nobody = requirement({0, 240, std::nullopt}, demands);
    EXPECT_EQ(nobody.agents, 0);
    EXPECT_FALSE(nobody.outcome.has_value());
    EXPECT_TRUE(nobody.conflict.empty());
    demands.agents_min = 2;
    EXPECT_EQ(requirement({kLoadMin / 2, 240, std::nullopt}, demands).agents, 2);
    demands.agents_max = 1;
    EXPECT_EQ(conflict_of({0, 240, std::nullopt}, demands),
              (std::vector{Demand::agents_min, Demand::agents_max}));
}

TEST(Requirement, in_a_conflict_gives_as_many_as_may_be) {
    Demands demands;
    demands.service_level.share = 0.9;
    demands.agents_max = 10;
    const Requirement endless = requirement({12, 240, std::nullopt}, demands);
    EXPECT_EQ(endless.agents, 10);
    EXPECT_FALSE(endless.outcome.has_value());
    const Requirement short_of = requirement({12, 240, Exponential{1.0 / 120}}, demands);
    ASSERT_EQ(short_of.conflict.size(), 2U);
    EXPECT_EQ(short_of.conflict[0].demand, Demand::service_level);
    EXPECT_GT(short_of.conflict[0].agents, 10);
    EXPECT_EQ(short_of.conflict[1].demand, Demand::agents_max);
    EXPECT_EQ(short_of.conflict[1].agents, 10);
    ASSERT_TRUE(short_of.outcome.has_value());
    EXPECT_GT(short_of.outcome->p_abandon, 0.1);
    demands.agents_max.reset();
    demands.occupancy_min = 0.99;
    EXPECT_EQ(conflict_of({0.5, 240, std::nullopt}, demands), std::vector{Demand::occupancy_min});
}

TEST(Requirement, pays_for_shrinkage_and_not_for_rounding) {
    EXPECT_EQ(paid_agents(7, 0.3), 10);
    EXPECT_EQ(paid_agents(7, 0), 7);
    EXPECT_EQ(paid_agents(8, 0.3), 12);
    EXPECT_EQ(paid_agents(0, 0.3), 0);
    for (std::int64_t agents = 1; agents < 5'000; ++agents) {
        EXPECT_EQ(paid_agents(agents, 0.36), (agents * 100 + 63) / 64) << agents;
    }
}

}  // namespace
}  // namespace lanze::plan
