// How many calls a second the simulator simulates on one core, with the shipping router.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>

#include "sim/world.h"

namespace {

using namespace lanze;

constexpr double kManySkillsRate = 1'000.0 / 180;

// M/M/100+M at a load of 1: talk 180 s, patience 120 s.
sim::Scenario one_queue() {
    sim::Scenario scenario;
    scenario.start = from_micros(1'770'000'000'000'000);
    core::QueueConfig queue;
    queue.name = "one";
    queue.needs = {{"skill", 1}};
    scenario.config.queues.push_back(queue);
    sim::Stream stream;
    stream.name = "calls";
    stream.rates = {{Duration::zero(), 100.0 / 180}};
    stream.talk = sim::Distribution::exponential(seconds(180));
    stream.patience = sim::Distribution::exponential(seconds(120));
    scenario.streams.push_back(stream);
    sim::Pool pool;
    pool.name = "agents";
    pool.count = 100;
    pool.agent.skills = {{"skill", 1}};
    pool.agent.wrap_up = Duration::zero();
    scenario.pools.push_back(pool);
    return scenario;
}

// A thousand agents with two of ten skills each, ten queues of different weight, two priorities,
// a load of about 1.
sim::Scenario many_skills() {
    constexpr std::size_t kQueues = 10;
    constexpr std::uint32_t kAgentsOfPool = 50;
    sim::Scenario scenario;
    scenario.start = from_micros(1'770'000'000'000'000);
    const auto skill = [](std::size_t i) { return "skill" + std::to_string(i % kQueues); };
    for (std::size_t i = 0; i < kQueues; ++i) {
        core::QueueConfig queue;
        queue.name = "queue" + std::to_string(i);
        queue.needs = {{skill(i), 1}};
        queue.priority = i % 3 == 0 ? 4 : 5;
        queue.agent_rule = core::AgentRule::lowest_level;
        scenario.config.queues.push_back(queue);
        sim::Stream stream;
        stream.name = queue.name;
        stream.queue = i;
        stream.rates = {{Duration::zero(), kManySkillsRate * static_cast<double>(i + 1) / 55}};
        stream.talk = sim::Distribution::lognormal(seconds(180), 0.8);
        stream.patience = sim::Distribution::exponential(seconds(120));
        scenario.streams.push_back(stream);
    }
    for (std::size_t i = 0; i < 2 * kQueues; ++i) {
        sim::Pool pool;
        pool.name = "pool" + std::to_string(i);
        pool.count = kAgentsOfPool;
        pool.agent.skills = {{skill(i), 1}, {skill(i + (i < kQueues ? 1 : 3)), 2}};
        std::sort(pool.agent.skills.begin(), pool.agent.skills.end());
        pool.agent.wrap_up = Duration::zero();
        scenario.pools.push_back(pool);
    }
    return scenario;
}

void run(benchmark::State& state, const sim::Scenario& scenario, double per_second) {
    constexpr double kCalls = 1'000'000;
    std::uint64_t contacts = 0;
    std::uint64_t commands = 0;
    for (auto _ : state) {
        sim::Plan plan;
        plan.seed = 1;
        plan.length = Duration{static_cast<std::int64_t>(kCalls / per_second * 1e6)};
        const sim::Tally tally = sim::World(scenario, plan).run();
        contacts += tally.contacts;
        commands += tally.commands;
    }
    state.counters["calls/s"] =
        benchmark::Counter(static_cast<double>(contacts), benchmark::Counter::kIsRate);
    state.counters["commands a call"] =
        static_cast<double>(commands) / static_cast<double>(contacts);
}

void one_queue(benchmark::State& state) {
    run(state, one_queue(), 100.0 / 180);
}

void many_skills(benchmark::State& state) {
    run(state, many_skills(), kManySkillsRate);
}

}  // namespace

BENCHMARK(many_skills)->Unit(benchmark::kMillisecond);
BENCHMARK(one_queue)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
