// How fast a past is rebuilt from its journal, and decided again (`lanze replay [--verify]`).
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "app/replay.h"
#include "journal/journal_reader.h"
#include "journal/sqlite_journal.h"
#include "sim/world.h"

namespace {

using namespace lanze;

const Time kStart = from_micros(1'770'000'000'000'000);
constexpr double kCalls = 200'000;
constexpr double kPerSecond = 1;

// Three queues, agents with one, two or three skills; a load of nine tenths.
sim::Scenario centre() {
    sim::Scenario scenario;
    scenario.start = kStart;
    scenario.config.name = "centre";
    const char* const names[] = {"bank", "mobile", "travel"};
    for (std::size_t i = 0; i < 3; ++i) {
        core::QueueConfig& queue = scenario.config.queues.emplace_back();
        queue.name = names[i];
        queue.needs = {{names[i], 1}};
        sim::Stream& stream = scenario.streams.emplace_back();
        stream.name = names[i];
        stream.queue = i;
        stream.rates = {{Duration::zero(), kPerSecond / 3}};
        stream.talk = sim::Distribution::lognormal(seconds(150), 0.8);
        stream.wrap_up = sim::Distribution::exponential(seconds(15));
        stream.patience = sim::Distribution::exponential(minutes(3));
    }
    const core::Skills skills[] = {{{"bank", 2}},
                                   {{"mobile", 2}},
                                   {{"bank", 1}, {"travel", 1}},
                                   {{"bank", 1}, {"mobile", 1}, {"travel", 1}}};
    for (const core::Skills& each : skills) {
        sim::Pool& pool = scenario.pools.emplace_back();
        pool.name = "pool" + std::to_string(scenario.pools.size());
        pool.count = 46;
        pool.agent.skills = each;
        pool.answers_after = sim::Distribution::lognormal(seconds(4), 0.5);
        pool.no_answer = 0.01;
    }
    return scenario;
}

// A journal as a centre writes it, with the reasons; `group` decisions a batch.
class Written {
public:
    explicit Written(std::size_t group) : group_(group) {
        const char* named = std::getenv("BENCH_FOLDER");
        std::string pattern = std::string(named == nullptr ? "." : named) + "/replay-XXXXXX";
        path_ = ::mkdtemp(pattern.data());
        journal::SqliteJournalOptions options;
        options.opened_at = kStart;
        auto journal = journal::SqliteJournal::open(path_ + "/b.db", path_ + "/b.keys", options);
        const sim::Scenario scenario = centre();
        sim::Plan plan;
        plan.length = Duration{static_cast<std::int64_t>(kCalls / kPerSecond * 1e6)};
        sim::World world(scenario, plan);
        world.record_to(
            [&](const core::Command& command, const std::vector<core::Event>& events, Time at) {
                core::Outcome outcome = floor_.handle(command, at, core::Explaining::yes);
                events_ += events.size();
                batch_.decisions.push_back({at, command, events, std::move(outcome.reasons)});
                if (batch_.decisions.size() == group_) {
                    append(**journal);
                }
            });
        (void)world.run();
        append(**journal);
    }
    Written(const Written&) = delete;
    Written& operator=(const Written&) = delete;
    ~Written() { std::filesystem::remove_all(path_); }

    std::uint64_t events() const { return events_; }
    std::string file(const char* name) const { return path_ + name; }

private:
    void append(journal::SqliteJournal& journal) {
        batch_.sequence = ++sequence_;
        journal.append(std::exchange(batch_, {}));
    }

    std::size_t group_;
    std::string path_;
    core::Floor floor_;
    ports::Batch batch_;
    std::uint64_t sequence_ = 0;
    std::uint64_t events_ = 0;
};

void replay(benchmark::State& state) {
    const Written written(static_cast<std::size_t>(state.range(1)));
    std::uint64_t events = 0;
    for (auto _ : state) {
        auto reader = journal::JournalReader::open(written.file("/b.db"), written.file("/b.keys"));
        const auto replayed = app::replay(**reader, state.range(0) != 0);
        if (!replayed || replayed->difference || replayed->events != written.events()) {
            state.SkipWithError("the past was decided otherwise");
        }
        events += written.events();
    }
    state.counters["events"] = static_cast<double>(written.events());
    state.counters["events/s"] =
        benchmark::Counter(static_cast<double>(events), benchmark::Counter::kIsRate);
}

}  // namespace

BENCHMARK(replay)
    ->ArgNames({"verify", "batch"})
    ->ArgsProduct({{0, 1}, {1, 10}})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();

BENCHMARK_MAIN();
