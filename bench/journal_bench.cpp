// What the journal costs: commits one by one and in groups, and how fast a restart reads.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>

#include "core/floor.h"
#include "journal/batch_codec.h"
#include "journal/sqlite_journal.h"

namespace {

using namespace lanze;

const Time kStart = from_micros(1'770'000'000'000'000);

// In the folder BENCH_FOLDER names, else where it is started: on the disk that is to be measured.
class Folder {
public:
    Folder() {
        const char* named = std::getenv("BENCH_FOLDER");
        std::string pattern = std::string(named == nullptr ? "." : named) + "/journal-XXXXXX";
        path_ = ::mkdtemp(pattern.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }

    std::unique_ptr<journal::SqliteJournal> open() const {
        journal::SqliteJournalOptions options;
        options.opened_at = kStart;
        auto journal = journal::SqliteJournal::open(path_ + "/b.db", path_ + "/b.keys", options);
        return std::move(*journal);
    }
    std::uintmax_t bytes() const { return std::filesystem::file_size(path_ + "/b.db"); }

private:
    std::string path_;
};

class Durable {
public:
    explicit Durable(journal::SqliteJournal& journal) {
        journal.on_durable([this](std::uint64_t sequence) {
            const std::lock_guard guard(mutex_);
            sequence_ = sequence;
            changed_.notify_all();
        });
    }
    void wait_for(std::uint64_t sequence) {
        std::unique_lock guard(mutex_);
        changed_.wait(guard, [&] { return sequence_ >= sequence; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t sequence_ = 0;
};

core::Config config() {
    core::Config config;
    config.name = "centre";
    config.queues.resize(1);
    config.queues[0].name = "accounts";
    for (int i = 0; i < 100; ++i) {
        core::AgentConfig& agent = config.agents.emplace_back();
        agent.name = "agent" + std::to_string(i);
        agent.starts_ready = true;
        agent.wrap_up = Duration{0};
    }
    return config;
}

// One call's life in decisions: enters and is presented, is answered, ends, the agent is ready.
class Calls {
public:
    Calls() { tell(core::Configure{config()}); }

    ports::Batch next() {
        switch (step_++ % 3) {
            case 0: {
                ports::Batch batch = tell(core::EnterQueue{core::QueueId{1}});
                const std::uint64_t contact = floor_.next_contact().value() - 1;
                batch.notes.push_back({"leg/" + std::to_string(contact), std::string(300, 'x')});
                batch.notes.push_back({"caller/" + std::to_string(contact), "+49 461 1234567"});
                return batch;
            }
            case 1: {
                const core::PresentationId last{floor_.next_presentation().value() - 1};
                return tell(core::Answer{last});
            }
            default: {
                const core::ContactId last{floor_.next_contact().value() - 1};
                ports::Batch batch = tell(core::HangUp{last});
                core::ContactRecord record;
                record.contact = last;
                record.queued = record.ended = now_;
                batch.finished.push_back(record);
                batch.notes.push_back({"leg/" + std::to_string(last.value()), ""});
                return batch;
            }
        }
    }
    ports::Batch first() { return std::move(first_); }
    std::uint64_t events() const { return events_; }

private:
    ports::Batch tell(const core::Command& command) {
        now_ += milliseconds(1);
        ports::Batch batch;
        batch.sequence = ++sequence_;
        batch.decisions.push_back({now_, command, floor_.handle(command, now_).events});
        events_ += batch.decisions.front().events.size();
        if (sequence_ == 1) {
            first_ = batch;
        }
        return batch;
    }

    core::Floor floor_;
    Time now_ = kStart;
    ports::Batch first_;
    std::uint64_t sequence_ = 0;
    std::uint64_t step_ = 0;
    std::uint64_t events_ = 0;
};

// Hands over `group` batches, then waits until they are durable; 1: every commit by itself.
void commit_in_groups(benchmark::State& state) {
    const auto group = static_cast<std::uint64_t>(state.range(0));
    const Folder folder;
    const auto journal = folder.open();
    Durable durable(*journal);
    Calls calls;
    std::uint64_t sequence = 1;
    journal->append(calls.first());
    for (auto _ : state) {
        for (std::uint64_t i = 0; i < group; ++i) {
            ports::Batch batch = calls.next();
            sequence = batch.sequence;
            journal->append(std::move(batch));
        }
        durable.wait_for(sequence);
    }
    state.counters["batches/s"] =
        benchmark::Counter(static_cast<double>(sequence), benchmark::Counter::kIsRate);
    state.counters["events/s"] =
        benchmark::Counter(static_cast<double>(calls.events()), benchmark::Counter::kIsRate);
}
BENCHMARK(commit_in_groups)->Arg(1)->Arg(10)->Arg(100)->Arg(1000)->UseRealTime();

// A restart: reading 100,000 calls, without and with a floor that applies them.
void replay(benchmark::State& state) {
    const bool is_applied = state.range(0) != 0;
    const Folder folder;
    Calls calls;
    {
        const auto journal = folder.open();
        journal->append(calls.first());
        for (int i = 0; i < 300'000; ++i) {
            journal->append(calls.next());
        }
    }
    std::uint64_t events = 0;
    for (auto _ : state) {
        const auto journal = folder.open();
        core::Floor floor;
        journal->replay([&](const ports::Decision& decision) {
            for (const core::Event& event : decision.events) {
                if (is_applied) {
                    floor.apply(event, decision.at);
                }
            }
            events += decision.events.size();
        });
    }
    state.counters["events/s"] =
        benchmark::Counter(static_cast<double>(events), benchmark::Counter::kIsRate);
    state.counters["bytes/call"] = static_cast<double>(folder.bytes()) / 100'000;
}
BENCHMARK(replay)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->UseRealTime();

void encode_decision(benchmark::State& state) {
    Calls calls;
    const core::PlainCodebook book;
    const ports::Batch batch = calls.next();
    std::size_t bytes = 0;
    for (auto _ : state) {
        const std::string encoded = journal::encode_decisions(batch.decisions, book);
        bytes = encoded.size();
        benchmark::DoNotOptimize(encoded.data());
    }
    state.counters["bytes"] = static_cast<double>(bytes);
}
BENCHMARK(encode_decision);

}  // namespace

BENCHMARK_MAIN();
