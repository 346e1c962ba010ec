#include "app/chosen.h"

#include <gtest/gtest.h>

namespace lanze::app {
namespace {

using core::AgentRule;
using core::Occasion;
using ports::Chosen;
using ports::ChosenBy;

core::Reason reason(AgentRule rule, std::uint32_t candidates,
                    Occasion occasion = Occasion::contact_entered) {
    core::Reason made;
    made.agent = core::AgentId{1};
    made.rule = rule;
    made.candidates = candidates;
    made.occasion = occasion;
    return made;
}

TEST(ChosenTest, EachRuleHasItsCode) {
    const std::pair<AgentRule, ChosenBy> table[] = {
        {AgentRule::longest_idle, ChosenBy::longest_idle},
        {AgentRule::random_pool, ChosenBy::chance},
        {AgentRule::random, ChosenBy::chance},
        {AgentRule::best_level, ChosenBy::best_level},
        {AgentRule::lowest_level, ChosenBy::lowest_level},
        {AgentRule::least_occupied, ChosenBy::least_occupied},
        {AgentRule::fixed_order, ChosenBy::fixed_order},
        {AgentRule::round_robin, ChosenBy::round_robin},
    };
    for (const auto& [rule, by] : table) {
        EXPECT_EQ(chosen_of(reason(rule, 3), false), (Chosen{by, 3}));
    }
}

TEST(ChosenTest, ARuleThatHadNothingToChooseIsNotNamed) {
    EXPECT_EQ(chosen_of(reason(AgentRule::longest_idle, 1), false),
              (Chosen{ChosenBy::only_one, 1}));
}

TEST(ChosenTest, WhatCountsMoreThanTheRuleIsNamedInItsPlace) {
    core::Reason widened = reason(AgentRule::longest_idle, 3);
    widened.step = 1;
    EXPECT_EQ(chosen_of(widened, false), (Chosen{ChosenBy::widened, 3}));
    core::Reason free = reason(AgentRule::longest_idle, 1, Occasion::agent_free);
    free.contacts = 5;
    EXPECT_EQ(chosen_of(free, false), (Chosen{ChosenBy::became_free, 5}));
    EXPECT_EQ(chosen_of(free, true), (Chosen{ChosenBy::preferred, 0}));
    EXPECT_EQ(chosen_of(reason(AgentRule::random, 9, Occasion::assigned), true),
              (Chosen{ChosenBy::assigned, 0}));
}

}  // namespace
}  // namespace lanze::app
