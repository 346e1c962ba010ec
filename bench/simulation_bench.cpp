// How many calls a second the simulator simulates on one core, with the shipping router.
#include <benchmark/benchmark.h>

#include <string>

#include "sim/world.h"

namespace {

using namespace lanze;

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

}  // namespace

BENCHMARK(one_queue)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
