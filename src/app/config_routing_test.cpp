#include <gtest/gtest.h>

#include "app/config_fixture.h"

namespace lanze::app {

namespace {

// A small centre in which nothing is wrong; most cases below put lines in place of line 8.
const std::string kFine = R"(centre.name = "Hanse"
[routing]
[charter]
[[queue]]
name = "mobile"
numbers = "mobile"
skills = { mobile = 2 }
answer = "at_once"
[[queue]]
name = "second"
numbers = "second"
skills = { mobile = 1 }
[[agent]]
name = "anna"
skills = { mobile = 3, vip = 1 }
built_in = true
[[agent]]
name = "ben"
skills = { mobile = 2 }
built_in = true
)";

const std::string kLine = "answer = \"at_once\"";

std::string changed(const std::string& from, const std::string& to) {
    return replaced(kFine, from, to);
}

core::Config read(const std::string& text) {
    const ConfigResult result = parse_config(text, "x.toml");
    EXPECT_TRUE(result.has_value()) << errors_of(text);
    return result ? result->core : core::Config{};
}

core::QueueConfig read_first_queue(const std::string& lines) {
    const core::Config config = read(changed(kLine, lines));
    return config.queues.empty() ? core::QueueConfig{} : config.queues[0];
}

struct WrongCase {
    std::string from;
    std::string to;
    std::string error;  // behind "x.toml:"
};

void expect_errors(const std::vector<WrongCase>& cases) {
    for (const WrongCase& one : cases) {
        EXPECT_EQ(errors_of(changed(one.from, one.to)), "x.toml:" + one.error) << one.to;
    }
}

}  // namespace

TEST(ConfigRouting, keeps_the_promises_unless_told_otherwise) {
    const core::Config config = read(changed("[routing]\n[charter]\n", ""));
    EXPECT_EQ(config.charter, (core::Charter{850, true, true, minutes(2), 5}));
    EXPECT_EQ(config.contact_rule, core::ContactRule::longest_waiting);
    EXPECT_EQ(config.seed, 0U);
    EXPECT_EQ(read(kFine).charter, config.charter);
    EXPECT_EQ(config.queues[0].agent_rule, core::AgentRule::longest_idle);
    EXPECT_EQ(config.queues[0].priority, core::kPriorityNormal);
    EXPECT_EQ(config.queues[0].preferred_for, seconds(30));
    EXPECT_TRUE(config.queues[0].widening.empty());
    EXPECT_TRUE(config.queues[0].reserves.empty());
}

TEST(ConfigRouting, reads_the_charter_and_the_rules_of_the_centre) {
    const core::Config config = read(changed("[routing]\n[charter]\n", R"([routing]
contact_rule = "relative_to_target"
seed = 4294967295
[charter]
occupancy_max = 1.0
breaks = false
end_of_shift = false
breather = "0s"
starvation = 0
)"));
    EXPECT_EQ(config.charter, (core::Charter{1'000, false, false, seconds(0), 0}));
    EXPECT_EQ(config.contact_rule, core::ContactRule::relative_to_target);
    EXPECT_EQ(config.seed, 4'294'967'295U);
}

TEST(ConfigRouting, knows_every_rule_by_name) {
    using Agent = core::AgentRule;
    const std::vector<std::pair<std::string, Agent>> agent_rules{
        {"longest_idle", Agent::longest_idle},
        {"random_pool", Agent::random_pool},
        {"random", Agent::random},
        {"least_occupied", Agent::least_occupied},
        {"best_level", Agent::best_level},
        {"lowest_level", Agent::lowest_level},
        {"fixed_order", Agent::fixed_order},
        {"round_robin", Agent::round_robin},
    };
    for (const auto& [name, rule] : agent_rules) {
        EXPECT_EQ(read_first_queue("agent_rule = \"" + name + "\"").agent_rule, rule) << name;
    }
    using Contact = core::ContactRule;
    const std::vector<std::pair<std::string, Contact>> contact_rules{
        {"longest_waiting", Contact::longest_waiting},
        {"relative_to_target", Contact::relative_to_target},
        {"longer_queue", Contact::longer_queue},
    };
    for (const auto& [name, rule] : contact_rules) {
        const std::string line = "[routing]\ncontact_rule = \"" + name + "\"";
        EXPECT_EQ(read(changed("[routing]", line)).contact_rule, rule) << name;
    }
}

TEST(ConfigRouting, reads_what_a_queue_says) {
    const core::QueueConfig queue = read_first_queue(R"(priority = 1
preferred_for = "0s"
widening = [
    { after = "30s", skills = { vip = 1, mobile = 1 } },
    { after = "60s", queue = "second", drops_own = true },
    { after = "70s", skills = {} },
    { after = "90s", anybody = true },
]
reserve = [{ skills = { mobile = 2 }, keep = 1 }])");
    EXPECT_EQ(queue.priority, 1);
    EXPECT_EQ(queue.preferred_for, seconds(0));
    EXPECT_EQ(queue.widening,
              (std::vector<core::WideningStep>{{seconds(30), {{"mobile", 1}, {"vip", 1}}, false},
                                               {seconds(60), {{"mobile", 1}}, true},
                                               {seconds(70), {}, false},
                                               {seconds(90), {}, true}}));
    EXPECT_EQ(queue.reserves, (std::vector<core::Reserve>{{{{"mobile", 2}}, 1}}));
}

TEST(ConfigRouting, knows_what_a_queue_is_for) {
    const ConfigResult config = parse_config(changed(kLine, "purpose = \"cancel\""), "x.toml");
    ASSERT_TRUE(config.has_value());
    EXPECT_EQ(config->queue_purposes,
              (std::vector<QueuePurpose>{QueuePurpose::cancel, QueuePurpose::any}));
}

TEST(ConfigRouting, widens_to_the_needs_of_another_queue) {
    const core::QueueConfig queue =
        read_first_queue("widening = [{ after = \"60s\", queue = \"second\" }]");
    EXPECT_EQ(queue.widening,
              (std::vector<core::WideningStep>{{seconds(60), {{"mobile", 1}}, false}}));
}

TEST(ConfigRouting, gives_agents_a_place) {
    const core::Config config = read(changed("name = \"anna\"", "name = \"anna\"\nplace = 3") +
                                     "[[agents]]\ncount = 2\nname = \"l{}\"\nplace = 7\n"
                                     "phone = \"sip:l{}@127.0.0.1:6001\"\n");
    ASSERT_EQ(config.agents.size(), 4U);
    EXPECT_EQ(config.agents[0].place, 3U);
    EXPECT_EQ(config.agents[1].place, 0U);
    EXPECT_EQ(config.agents[3].place, 7U);
}

TEST(ConfigRoutingErrors, of_the_centre) {
    expect_errors({
        {"[charter]", "[charter]\noccupancy_max = 85",
         "4:1: charter.occupancy_max: is not a share above 0 and up to 1; write 0.8 for 80 %"},
        {"[charter]", "[charter]\nbreaks = \"yes\"",
         "4:1: charter.breaks: is neither true nor false; write true or false, without quotes"},
        {"[charter]", "[charter]\nbreather = \"31m\"",
         R"(4:1: charter.breather: "31m" is out of range; write a duration from "0s" to "30m")"},
        {"[charter]", "[charter]\nstarvation = 1001",
         "4:1: charter.starvation: 1001 is out of range; write a number from 0 to 1000"},
        {"[charter]", "[charter]\nceiling = 0.8",
         R"(4:1: charter.ceiling: is not known; known here are "occupancy_max", "breaks", "end_of_shift", "breather" and "starvation")"},
        {"[routing]", "[routing]\ncontact_rule = \"longest\"",
         R"(3:1: routing.contact_rule: "longest" is not known; write "longest_waiting", "relative_to_target" or "longer_queue")"},
        {"[routing]", "[routing]\nseed = -1",
         "3:1: routing.seed: -1 is out of range; write a number from 0 to 4294967295"},
        {"name = \"anna\"", "name = \"anna\"\nplace = 1000001",
         "15:1: agent[0].place: 1000001 is out of range; write a number from 0 to 1000000"},
    });
}

TEST(ConfigRoutingErrors, of_queues) {
    expect_errors({
        {kLine, "agent_rule = \"longest\"",
         R"(8:1: queue[0].agent_rule: "longest" is not known; write "longest_idle", "random_pool", "random", "least_occupied", "best_level", "lowest_level", "fixed_order" or "round_robin")"},
        {kLine, "priority = 0",
         "8:1: queue[0].priority: 0 is out of range; write a number from 1 to 9"},
        {kLine, "priority = 10",
         "8:1: queue[0].priority: 10 is out of range; write a number from 1 to 9"},
        {kLine, "preferred_for = \"2h\"",
         R"(8:1: queue[0].preferred_for: "2h" is out of range; write a duration from "0s" to "1h")"},
        {kLine, "purpose = \"sell\"",
         R"(8:1: queue[0].purpose: "sell" is not known; write "buy" or "cancel")"},
    });
}

TEST(ConfigRoutingErrors, of_widening) {
    expect_errors({
        {kLine, "widening = { after = \"30s\", anybody = true }",
         "8:1: queue[0].widening: is not a list of tables; write widening = [{ ... }, { ... }]"},
        {kLine, "widening = [3]",
         "8:1: queue[0].widening: is not a list of tables; write widening = [{ ... }, { ... }]"},
        {kLine, "widening = [{ anybody = true }]",
         R"(8:13: queue[0].widening[0].after: is missing; add after = "30s")"},
        {kLine, "widening = [{ after = \"0s\", anybody = true }]",
         R"(8:15: queue[0].widening[0].after: "0s" is out of range; write a duration from "1s" to "24h")"},
        {kLine, "widening = [{ after = \"30s\" }]",
         "8:13: queue[0].widening[0].skills: is missing, and so are queue and anybody = true; "
         "write exactly one of the three"},
        {kLine, "widening = [{ after = \"30s\", anybody = false }]",
         "8:13: queue[0].widening[0].skills: is missing, and so are queue and anybody = true; "
         "write exactly one of the three"},
        {kLine, "widening = [{ after = \"30s\", skills = {}, queue = \"second\" }]",
         "8:43: queue[0].widening[0].queue: is not the only way to widen in this step; write "
         "exactly one of skills, queue and anybody"},
        {kLine, "widening = [{ after = \"30s\", skills = {}, anybody = true }]",
         "8:43: queue[0].widening[0].anybody: is not the only way to widen in this step; write "
         "exactly one of skills, queue and anybody"},
        {kLine, "widening = [{ after = \"30s\", anybody = true, drops_own = false }]",
         "8:46: queue[0].widening[0].drops_own: contradicts anybody = true, which asks for "
         "nothing; take it out, or write skills = {} instead of anybody"},
        {kLine, "widening = [{ after = \"30s\", skils = {} }]",
         "8:13: queue[0].widening[0].skills: is missing, and so are queue and anybody = true; "
         "write exactly one of the three\n"
         R"(x.toml:8:30: queue[0].widening[0].skils: is not known; did you mean "skills"?)"},
        {kLine, "widening = [{ after = \"30s\", queue = \"secnd\" }]",
         R"(8:30: queue[0].widening[0].queue: "secnd" is the name of no queue; did you mean "second"?)"},
        {kLine, "widening = [{ after = \"30s\", queue = \"mobile\" }]",
         R"(8:30: queue[0].widening[0].queue: "mobile" is this queue itself; write another queue, or skills = { ... } with lower levels)"},
        {kLine,
         "widening = [{ after = \"60s\", skills = {} }, { after = \"60s\", anybody = true }]",
         R"(8:47: queue[0].widening[1].after: "1m" is not later than "1m" of the step before; let the times rise from step to step)"},
        {kLine, "widening = [{ after = \"30s\", skills = { gold = 1 } }]",
         "8:13: queue[0].widening[0]: no agent has all of { gold = 1 }; give them to an agent, or "
         "lower what the step needs"},
    });
    std::string steps;
    for (std::size_t i = 1; i <= core::kWideningStepsMax + 1; ++i) {
        steps += "{ after = \"" + std::to_string(i) + "s\", skills = {} },";
    }
    expect_errors({{kLine, "widening = [" + steps + "]",
                    "8:1: queue[0].widening: stands there 9 times; write at most 8"}});
}

TEST(ConfigRouting, reads_what_agents_can_do_at_once) {
    const auto capacity = [](const std::string& lines) {
        const std::string text = changed("name = \"anna\"", "name = \"anna\"\n" + lines);
        const core::Config config = read(replaced(text, "built_in = true", "phone = \"browser\""));
        return config.agents.empty() ? core::Capacity{9, 9} : config.agents[0].capacity;
    };
    EXPECT_EQ(capacity(""), core::Capacity{}) << "one contact at a time";
    EXPECT_EQ(capacity("at_once = { chats = 3, messages = 9 }"), (core::Capacity{3, 9}));
    EXPECT_EQ(read(changed("name = \"anna\"", "name = \"anna\"")).agents.at(0).capacity,
              (core::Capacity{0, 0}))
        << "who is built in cannot read";
    EXPECT_EQ(capacity("at_once = { chats = 0 }"), (core::Capacity{0, 1}));
    EXPECT_EQ(capacity("interrupts = { calls = [\"chats\", \"messages\"] }"),
              (core::Capacity{1, 1, true, true}));
    EXPECT_EQ(capacity("interrupts = { calls = \"messages\", chats = \"messages\" }"),
              (core::Capacity{1, 1, false, true, true}));
    EXPECT_EQ(capacity("interrupts.messages = [\"chats\"]"),
              (core::Capacity{1, 1, false, false, false, true}));
}

// Blending: messages only while more than two agents are idle, whoever they are.
TEST(ConfigRouting, keeps_agents_of_any_skill_for_other_queues) {
    const core::QueueConfig queue = read_first_queue("reserve = [{ skills = {}, keep = 1 }]");
    EXPECT_EQ(queue.reserves, (std::vector<core::Reserve>{{{}, 1}}));
    expect_errors({{kLine, "reserve = [{ skills = {}, keep = 2 }]",
                    "8:12: queue[0].reserve[0]: keeps 2 of 2 with { }, and so none of them could "
                    "ever take a contact here; keep fewer, or give the skills to more agents"}});
}

TEST(ConfigRoutingErrors, of_what_agents_do_at_once) {
    const std::string anna = "name = \"anna\"";
    expect_errors({
        {anna, anna + "\nat_once = { chats = 10 }",
         "15:13: agent[0].at_once.chats: 10 is out of range; write a number from 0 to 9"},
        {anna, anna + "\nat_once = 3",
         "15:1: agent[0].at_once: is not a table; write it as [agent[0].at_once] or { name = "
         "value, ... }"},
        {anna, anna + "\nat_once = { calls = 2 }",
         "15:13: agent[0].at_once.calls: is not known; known here are \"chats\" and "
         "\"messages\""},
        {anna, anna + "\ninterrupts = { calls = [\"calls\"] }",
         "15:25: agent[0].interrupts.calls[0]: \"calls\" is nothing that calls interrupt; write "
         "\"chats\" or \"messages\""},
        {anna, anna + "\ninterrupts = { messages = \"calls\" }",
         "15:16: agent[0].interrupts.messages: \"calls\" is nothing that messages interrupt; "
         "write \"chats\""},
        {anna, anna + "\ninterrupts = { callbacks = \"chats\" }",
         "15:16: agent[0].interrupts.callbacks: is not known; known here are \"calls\", "
         "\"chats\" and \"messages\""},
    });
}

TEST(ConfigRoutingErrors, of_reserves) {
    expect_errors({
        {kLine, "reserve = { skills = { vip = 1 }, keep = 1 }",
         "8:1: queue[0].reserve: is not a list of tables; write reserve = [{ ... }, { ... }]"},
        {kLine, "reserve = [{ keep = 1 }]",
         "8:12: queue[0].reserve[0].skills: is missing; add skills = { name = 1 }: who is kept "
         "back"},
        {kLine, "reserve = [{ skills = { mobile = 1 } }]",
         "8:12: queue[0].reserve[0].keep: is missing; add keep = 2: how many of them stay idle"},
        {kLine, "reserve = [{ skills = { mobile = 1 }, keep = 0 }]",
         "8:39: queue[0].reserve[0].keep: 0 is out of range; write a number from 1 to 20000"},
        {kLine, "reserve = [{ skills = { mobile = 1 }, keep = 2 }]",
         "8:12: queue[0].reserve[0]: keeps 2 of 2 with { mobile = 1 }, and so none of them could "
         "ever take a contact here; keep fewer, or give the skills to more agents"},
        {kLine, "reserve = [{ skills = { gold = 1 }, keep = 2 }]",
         "8:12: queue[0].reserve[0]: no agent has all of { gold = 1 }; give them to an agent, or "
         "take the reserve out"},
    });
    std::string reserves;
    for (std::size_t i = 0; i <= core::kReservesMax; ++i) {
        reserves += "{ skills = { mobile = 1 }, keep = 1 },";
    }
    expect_errors({{kLine, "reserve = [" + reserves + "]",
                    "8:1: queue[0].reserve: stands there 5 times; write at most 4"}});
}

TEST(ConfigRoutingErrors, of_too_many_purposes) {
    std::string text = kFine;
    for (std::size_t i = 0; i <= kPurposesMax; ++i) {
        const std::string name = "\"q" + std::to_string(i) + "\"";
        text += "[[queue]]\nname = " + name + "\nnumbers = " + name + "\npurpose = \"buy\"\n";
    }
    EXPECT_EQ(errors_of(text),
              "x.toml:424:1: queue[102].purpose: is beyond the limit; let at most 100 queues have "
              "one");
}

}  // namespace lanze::app
