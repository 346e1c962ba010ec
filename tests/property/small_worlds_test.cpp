// Every order of commands in small worlds: two agents, two queues, up to three contacts. Ways that
// lead to the same floor are gone on once.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "property/judge.h"

namespace lanze::property {
namespace {

constexpr std::uint64_t kContactsMax = 3;

core::AgentConfig agent(const std::string& name, core::Skills skills) {
    core::AgentConfig config;
    config.name = name;
    config.skills = std::move(skills);
    config.wrap_up = seconds(2);
    config.present_for = seconds(3);
    config.starts_ready = true;
    return config;
}

// An N: one agent serves both queues, the other one of them.
core::Config plain_world() {
    core::Config config;
    for (const char* name : {"a", "b"}) {
        core::QueueConfig& queue = config.queues.emplace_back();
        queue.name = name;
        queue.needs = {{name, 1}};
    }
    config.agents = {agent("anna", {{"a", 1}}), agent("ben", {{"a", 1}, {"b", 1}})};
    return config;
}

core::Config world_of_rules() {
    core::Config config = plain_world();
    config.charter.starvation_factor = 2;
    config.charter.breather = seconds(2);
    core::QueueConfig& a = config.queues[0];
    a.reserves = {{{{"b", 1}}, 1}};
    a.priority = 3;
    a.agent_rule = core::AgentRule::lowest_level;
    a.service_level.within = seconds(4);
    core::QueueConfig& b = config.queues[1];
    b.widening = {{seconds(2), {{"a", 1}}, false}};
    b.agent_rule = core::AgentRule::round_robin;
    b.preferred_for = seconds(2);
    return config;
}

// All that can be asked of the floor; what would be refused by any floor is left out.
std::vector<core::Command> commands_of(const core::Floor& floor) {
    std::vector<core::Command> commands{core::AdvanceTime{}};
    if (floor.next_contact().value() <= kContactsMax) {
        commands.emplace_back(core::EnterQueue{core::QueueId{1}});
        commands.emplace_back(core::EnterQueue{core::QueueId{2}});
        commands.emplace_back(core::EnterQueue{core::QueueId{2}, {}, 1, core::AgentId{2}});
    }
    for (const core::Agent& agent : floor.agents()) {
        if (const auto* alerting = std::get_if<core::Alerting>(&agent.activity)) {
            commands.emplace_back(core::Answer{alerting->presentation});
            commands.emplace_back(core::Decline{alerting->presentation});
        }
        if (std::holds_alternative<core::WrapUp>(agent.activity)) {
            commands.emplace_back(core::EndWrapUp{agent.id, ""});
        }
        commands.emplace_back(agent.closed_for ? core::Command{core::Ready{agent.id}}
                                               : core::Command{core::NotReady{agent.id}});
    }
    for (const auto& [id, contact] : floor.contacts()) {
        commands.emplace_back(core::HangUp{id, core::EndedBy::caller});
    }
    return commands;
}

void add(std::string& text, std::int64_t number) {
    text += std::to_string(number) + ' ';
}

// Two floors with the same picture go on alike: everything but the numbering and the date.
std::string picture_of(const core::Floor& floor, Time now) {
    std::string text;
    add(text, static_cast<std::int64_t>(floor.next_contact().value()));
    for (const core::Agent& agent : floor.agents()) {
        add(text, static_cast<std::int64_t>(agent.activity.index()));
        add(text, (core::activity_since(agent) - now).count());
        add(text, (core::activity_until(agent).value_or(now) - now).count());
        add(text, static_cast<std::int64_t>(core::contact_of(agent).value()));
        add(text, agent.closed_for ? static_cast<std::int64_t>(*agent.closed_for) : -1);
        add(text, agent.misses);
    }
    for (std::uint64_t id = 1; id <= kContactsMax; ++id) {
        const core::Contact* contact = floor.find_contact(core::ContactId{id});
        text += '|';
        if (contact == nullptr) {
            continue;
        }
        add(text, static_cast<std::int64_t>(contact->state.index()));
        add(text, contact->queue.value());
        add(text, (contact->queued - now).count());
        add(text, contact->step);
        add(text, contact->is_overdue ? 1 : 0);
        add(text, contact->preferred.value());
        for (const core::AgentId tried : contact->tried) {
            add(text, tried.value());
        }
    }
    for (const core::Queue& queue : floor.queues()) {
        add(text, queue.last_place ? std::get<core::AgentId>(*queue.last_place).value() : 0);
    }
    return text;
}

class SmallWorlds : public testing::TestWithParam<core::Config> {
protected:
    struct World {
        core::Floor floor;
        Judge judge;
        Time now;
        std::string story;
    };

    std::string tell(World& world, const core::Command& command) {
        world.now += seconds(1);
        const core::Outcome outcome = world.floor.handle(command, world.now);
        world.story += " " + std::to_string(command.index());
        ++tally_.commands;
        const std::string problem = world.judge.hear(command, outcome.events, world.now);
        return problem.empty() ? world.judge.compare(world.floor, world.now) : problem;
    }

    // Every command in that world; those that lead to a floor not seen yet are gone on with.
    void go_on(const World& world, std::set<std::string>& known, std::vector<World>& next) {
        for (const core::Command& command : commands_of(world.floor)) {
            World after = world;
            EXPECT_EQ(tell(after, command), "") << "after commands" << after.story;
            if (known.insert(picture_of(after.floor, after.now)).second) {
                next.push_back(std::move(after));
            }
        }
    }

    Tally tally_;
};

TEST_P(SmallWorlds, KeepTheirPromisesInEveryOrder) {
    const char* wish = std::getenv("LANZE_WORLDS_DEPTH");
    const int depth = wish == nullptr ? 5 : std::atoi(wish);
    World first{{}, Judge(tally_), Time{}, ""};
    ASSERT_EQ(tell(first, core::Configure{GetParam()}), "");
    std::vector<World> worlds{first};
    std::set<std::string> known;
    for (int round = 0; round < depth; ++round) {
        std::vector<World> next;
        for (const World& world : worlds) {
            go_on(world, known, next);
        }
        ASSERT_FALSE(HasFailure());
        worlds = std::move(next);
    }
    std::cout << "depth " << depth << ": " << tally_.commands << " commands, " << known.size()
              << " different floors\n";
    EXPECT_GT(known.size(), 1'000U);
}

INSTANTIATE_TEST_SUITE_P(Small, SmallWorlds, testing::Values(plain_world(), world_of_rules()),
                         [](const auto& each) {
                             return std::string(each.index == 0 ? "plain" : "with_rules");
                         });

}  // namespace
}  // namespace lanze::property
