// What a decision of the core costs: each command by itself, in crowded and in quiet centres of all
// sizes; how fast recorded events are applied again, and how many bytes contacts and agents take.
#include <benchmark/benchmark.h>

#include <charconv>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/floor.h"
#include "cost_table.h"
#include "counted_memory.h"
#include "routing_centre.h"
#include "routing_costs.h"
#include "routing_people.h"
#include "samples.h"

namespace {

using namespace lanze;
using namespace lanze::bench;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kReplayedContacts = 1'000'000;

// A centre of which several rows tell; measured when the first of them is asked for.
class Scenario {
public:
    Scenario(const CentreSetup& setup, std::size_t commands) : setup_(setup), commands_(commands) {}

    const Costs& costs() {
        if (!costs_) {
            costs_ = measure(setup_, commands_);
        }
        return *costs_;
    }

private:
    CentreSetup setup_;
    std::size_t commands_;
    std::optional<Costs> costs_;
};

void show_all(benchmark::State& state, const Costs& costs) {
    show(state, costs.all);
    state.counters["events"] = costs.events;
    state.counters["switches"] = costs.switches;
    state.counters["waiting"] = static_cast<double>(costs.waiting);
    state.counters["idle"] = static_cast<double>(costs.idle);
    state.counters["refused"] = static_cast<double>(costs.refused);
    state.counters["pools"] = static_cast<double>(costs.pools);
    state.counters["lines"] = static_cast<double>(costs.lines);
}

template <typename Body>
void add_row(const std::string& name, Body&& body) {
    benchmark::RegisterBenchmark(name.c_str(), std::forward<Body>(body))
        ->Iterations(1)
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
}

std::vector<Kind> kinds_of(const CentreSetup& setup) {
    std::vector<Kind> kinds = {
        Kind::enter_queue, Kind::answer,    Kind::decline, Kind::hang_up_connected,
        Kind::end_wrap_up, Kind::not_ready, Kind::ready,   Kind::advance_time};
    if (setup.is_crowded()) {
        kinds.insert(kinds.end(), {Kind::fill, Kind::hang_up_waiting});
    }
    if (setup.has_charter) {
        kinds.push_back(Kind::take_breather);
    }
    if (setup.has_charter && setup.is_crowded()) {
        kinds.insert(kinds.end(), {Kind::change_needs, Kind::prioritise});
    }
    return kinds;
}

// One row for all commands together, one for each kind.
void add_scenario(const std::string& name, const CentreSetup& setup, std::size_t commands) {
    // Shared by the rows, whichever of them runs first and last.
    const auto scenario = std::make_shared<Scenario>(setup, commands);
    add_row(name + "/all",
            [scenario](benchmark::State& state) { show_all(state, scenario->costs()); });
    for (const Kind kind : kinds_of(setup)) {
        add_row(name + "/" + std::string(to_string(kind)),
                [scenario, kind](benchmark::State& state) {
                    show(state, scenario->costs().kinds[static_cast<std::size_t>(kind)]);
                });
    }
    add_row(name + "/reconfigure",
            [scenario](benchmark::State& state) { show(state, scenario->costs().reconfigure); });
    add_row(name + "/next_deadline",
            [scenario](benchmark::State& state) { show(state, scenario->costs().next_deadline); });
}

void add_scenarios(std::size_t commands) {
    add_scenario("crowd", {}, commands);
    add_scenario("quiet", {.waiting = 0}, commands);
    add_scenario("crowd_explained", {.is_explained = true}, commands);
    add_scenario("quiet_explained", {.waiting = 0, .is_explained = true}, commands);
    add_scenario("crowd_charter", {.has_charter = true}, commands);
    add_scenario("quiet_charter", {.waiting = 0, .has_charter = true}, commands);
}

void add_growth(std::size_t commands) {
    for (const std::uint32_t agents : {100U, 1'000U, 10'000U}) {
        for (const std::uint32_t waiting : {100U, 1'000U, 10'000U, 100'000U, 1'000'000U}) {
            CentreSetup setup;
            setup.agents = agents;
            setup.waiting = waiting;
            add_scenario(
                "growth/agents:" + std::to_string(agents) + "/waiting:" + std::to_string(waiting),
                setup, commands);
        }
    }
}

// From a few teams to a centre in which nobody has quite the skills of anybody else.
void add_skill_sets(std::size_t commands) {
    for (const std::uint32_t sets : {200U, 2'000U, 10'000U}) {
        CentreSetup setup;
        setup.skill_sets = sets;
        add_scenario("skill_sets:" + std::to_string(sets) + "/crowd", setup, commands);
        setup.waiting = 0;
        add_scenario("skill_sets:" + std::to_string(sets) + "/quiet", setup, commands);
    }
}

// Agent rules where many are idle, contact rules where many wait: there they have a choice.
void add_rules(std::size_t commands) {
    using core::AgentRule;
    using core::ContactRule;
    const std::vector<std::pair<std::string, AgentRule>> agent_rules = {
        {"longest_idle", AgentRule::longest_idle},
        {"random_pool", AgentRule::random_pool},
        {"random", AgentRule::random},
        {"least_occupied", AgentRule::least_occupied},
        {"best_level", AgentRule::best_level},
        {"lowest_level", AgentRule::lowest_level},
        {"fixed_order", AgentRule::fixed_order},
        {"round_robin", AgentRule::round_robin}};
    for (const auto& [name, rule] : agent_rules) {
        add_scenario("agent_rule/" + name, {.waiting = 0, .agent_rule = rule}, commands);
    }
    const std::vector<std::pair<std::string, ContactRule>> contact_rules = {
        {"longest_waiting", ContactRule::longest_waiting},
        {"relative_to_target", ContactRule::relative_to_target},
        {"longer_queue", ContactRule::longer_queue}};
    for (const auto& [name, rule] : contact_rules) {
        add_scenario("contact_rule/" + name, {.contact_rule = rule}, commands);
    }
}

struct Happened {
    Time at;
    core::Event event;
};

// Lives on until so many events have happened, or so many contacts have come.
void record(core::Floor& floor, People& people, std::vector<Happened>& happened) {
    constexpr std::size_t kAtOnce = 100'000;
    happened.clear();
    while (happened.size() < kAtOnce && floor.next_contact().value() <= kReplayedContacts) {
        const Step step = people.next(floor);
        core::Outcome outcome = floor.handle(step.command, step.at);
        people.observe(outcome.events, step.at);
        for (core::Event& event : outcome.events) {
            happened.push_back({step.at, std::move(event)});
        }
    }
}

// Events are made and applied by turns, a portion at a time: all of them at once would need
// gigabytes, and only applying is timed.
void replay(benchmark::State& state, const CentreSetup& setup) {
    std::size_t events = 0;
    for (auto _ : state) {
        core::Floor live;
        core::Floor again;
        People people(setup);
        std::vector<Happened> happened;
        SteadyClock::duration took{};
        do {
            record(live, people, happened);
            const auto begin = SteadyClock::now();
            for (const Happened& one : happened) {
                again.apply(one.event, one.at);
            }
            took += SteadyClock::now() - begin;
            events += happened.size();
        } while (!happened.empty());
        state.SetIterationTime(std::chrono::duration<double>(took).count());
        if (!again.is_same_as(live)) {
            state.SkipWithError("the floor applied again differs");
        }
    }
    state.counters["contacts"] = static_cast<double>(kReplayedContacts);
    state.counters["events"] = static_cast<double>(events);
    state.counters["events/s"] =
        benchmark::Counter(static_cast<double>(events), benchmark::Counter::kIsRate);
}

// Bytes of a floor with nobody at work and `setup.waiting` contacts, and with everybody at work.
std::int64_t floor_bytes(const CentreSetup& setup, bool is_at_work) {
    std::int64_t bytes = 0;
    core::Floor floor;
    Time now = from_micros(1'770'000'000'000'000);
    const auto tell = [&](const core::Command& command) {
        now += milliseconds(1);
        const CountedMemory counted(bytes);
        (void)floor.handle(command, now);
    };
    tell(core::Configure{config_of(setup)});
    for (std::uint32_t i = 0; i < setup.waiting; ++i) {
        const std::uint32_t kind = i / setup.queues % kOwnNeeds;
        tell(core::EnterQueue{core::QueueId{1 + i % setup.queues}, own_needs(kind)});
    }
    for (std::uint32_t agent = 1; is_at_work && agent <= setup.agents; ++agent) {
        tell(core::OpenDesk{core::AgentId{agent}});
        tell(core::Ready{core::AgentId{agent}});
    }
    return bytes;
}

// Differences between two sizes, so that what is there but once does not count.
void bytes_per_contact(benchmark::State& state, bool has_charter) {
    constexpr std::uint32_t kFew = 100'000;
    constexpr std::uint32_t kMany = 1'000'000;
    for (auto _ : state) {
        const std::int64_t bytes =
            floor_bytes({.waiting = kMany, .has_charter = has_charter}, false) -
            floor_bytes({.waiting = kFew, .has_charter = has_charter}, false);
        state.SetIterationTime(0);
        state.counters["bytes"] = static_cast<double>(bytes) / (kMany - kFew);
    }
}

void bytes_per_agent(benchmark::State& state, bool has_charter) {
    constexpr std::uint32_t kFew = 1'000;
    constexpr std::uint32_t kMany = 10'000;
    for (auto _ : state) {
        CentreSetup setup{.waiting = 0, .has_charter = has_charter};
        setup.agents = kMany;
        const std::int64_t many = floor_bytes(setup, true);
        setup.agents = kFew;
        const std::int64_t bytes = many - floor_bytes(setup, true);
        state.SetIterationTime(0);
        state.counters["bytes"] = static_cast<double>(bytes) / (kMany - kFew);
    }
}

// Whether a floor grows by living: the same crowd before and after so many commands.
void bytes_after_life(benchmark::State& state, std::size_t commands) {
    for (auto _ : state) {
        core::Floor floor;
        People people({.has_charter = true});
        std::int64_t bytes = 0;
        const auto tell_next = [&] {
            const Step step = people.next(floor);
            std::optional<CountedMemory> counted(bytes);
            core::Outcome outcome = floor.handle(step.command, step.at);
            counted.reset();
            people.observe(outcome.events, step.at);
            counted.emplace(bytes);
            outcome = {};
        };
        while (!people.is_settled()) {
            tell_next();
        }
        state.counters["bytes_before"] = static_cast<double>(bytes);
        state.counters["contacts_before"] = static_cast<double>(floor.contacts().size());
        for (std::size_t i = 0; i < commands; ++i) {
            tell_next();
        }
        state.SetIterationTime(0);
        state.counters["bytes_after"] = static_cast<double>(bytes);
        state.counters["contacts_after"] = static_cast<double>(floor.contacts().size());
    }
}

// What every measured time contains: two looks at the clock, and the machine's other work.
void clock_itself(benchmark::State& state) {
    Samples samples;
    for (int i = 0; i < 1'000'000; ++i) {
        const auto begin = SteadyClock::now();
        samples.add(SteadyClock::now() - begin);
    }
    show(state, std::move(samples).summary());
}

void add_all(std::size_t commands) {
    add_row("clock", clock_itself);
    add_scenarios(commands);
    add_growth(commands / 5);
    add_skill_sets(commands / 5);
    add_rules(commands / 5);
    add_row("replay/quiet", [](benchmark::State& state) { replay(state, {.waiting = 0}); });
    add_row("replay/crowd", [](benchmark::State& state) { replay(state, {}); });
    for (const bool has_charter : {false, true}) {
        const std::string ending = has_charter ? "/charter" : "";
        add_row("memory/contact" + ending,
                [has_charter](benchmark::State& state) { bytes_per_contact(state, has_charter); });
        add_row("memory/agent" + ending,
                [has_charter](benchmark::State& state) { bytes_per_agent(state, has_charter); });
    }
    add_row("memory/life",
            [commands](benchmark::State& state) { bytes_after_life(state, commands); });
}

// `--commands=N`, else a million: enough that a thousand samples lie above p99.9.
std::size_t commands_of(int argc, char** argv) {
    constexpr std::string_view kName = "--commands=";
    std::size_t commands = 1'000'000;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument.starts_with(kName)) {
            const std::string_view number = argument.substr(kName.size());
            std::from_chars(number.data(), number.data() + number.size(), commands);
        }
    }
    return commands;
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    add_all(commands_of(argc, argv));
    CostTable table;
    benchmark::RunSpecifiedBenchmarks(&table);
    benchmark::Shutdown();
    return 0;
}
