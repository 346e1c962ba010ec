// What predicting waits costs: one look at all who wait, and following one event.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "core/floor.h"
#include "predict/wait_teller.h"

namespace lanze::predict {
namespace {

constexpr Time kStart = from_micros(1'795'428'000'000'000);

// Twenty queues in a chain: the agents of pool i serve queues i and i + 1. All are busy, handle
// times are known, and so many wait.
class Centre {
public:
    Centre(std::uint32_t agents, std::uint32_t waiting) {
        core::Config config;
        config.name = "chain";
        for (std::uint32_t i = 0; i < kQueues; ++i) {
            core::QueueConfig queue;
            queue.name = name_of(i);
            queue.needs = {{queue.name, 1}};
            config.queues.push_back(queue);
        }
        for (std::uint32_t i = 0; i < agents; ++i) {
            core::AgentConfig agent;
            agent.name = "agent" + std::to_string(i);
            agent.skills = {{name_of(i % kQueues), 1}};
            if (i % kQueues + 1 < kQueues) {
                agent.skills.push_back({name_of(i % kQueues + 1), 1});
            }
            agent.wrap_up = Duration::zero();
            agent.starts_ready = true;
            config.agents.push_back(agent);
        }
        decide(core::Configure{config});
        for (int i = 0; i < 25; ++i) {
            decide(core::EnterQueue{core::QueueId{1}});
            now += minutes(5);
            decide(core::HangUp{core::ContactId{floor.next_contact().value() - 1}});
        }
        for (std::uint32_t i = 0; i < agents + waiting; ++i) {
            decide(core::EnterQueue{core::QueueId{i % kQueues + 1}});
        }
        teller.tell(now);
    }

    void decide(const core::Command& command) {
        std::vector<core::PresentationId> presented;
        for (const core::Event& event : floor.handle(command, now).events) {
            teller.note(event, now);
            if (const auto* one = std::get_if<core::ContactPresented>(&event)) {
                presented.push_back(one->presentation);
            }
        }
        for (const core::PresentationId each : presented) {
            decide(core::Answer{each});
        }
    }

    core::Floor floor;
    WaitTeller teller{floor};
    Time now = kStart;

private:
    static constexpr std::uint32_t kQueues = 20;
    // Sorted like the numbers.
    static std::string name_of(std::uint32_t i) {
        return std::string(1, static_cast<char>('a' + i));
    }
};

void tell(benchmark::State& state) {
    Centre centre(1'000, static_cast<std::uint32_t>(state.range(0)));
    for (auto _ : state) {
        centre.now += seconds(1);
        benchmark::DoNotOptimize(centre.teller.tell(centre.now));
    }
    state.counters["waiting"] = static_cast<double>(state.range(0));
}
BENCHMARK(tell)->Arg(0)->Arg(100)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMicrosecond);

// A contact that enters a long line, and leaves it.
void note(benchmark::State& state) {
    Centre centre(1'000, 10'000);
    const core::ContactQueued queued{centre.floor.next_contact(), core::QueueId{1}};
    centre.decide(core::EnterQueue{core::QueueId{1}});
    const core::CallbackRequested changed{queued.contact};
    for (auto _ : state) {
        centre.teller.note(changed, centre.now);
    }
}
BENCHMARK(note)->Unit(benchmark::kNanosecond);

}  // namespace
}  // namespace lanze::predict

BENCHMARK_MAIN();
