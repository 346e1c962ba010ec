// A small centre that writes a journal, for its tests.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/floor.h"
#include "journal/database.h"
#include "journal/journal_reader.h"
#include "journal/key_file.h"
#include "journal/sqlite_journal.h"
#include "journal/trial_folder.h"

namespace lanze::journal {

using core::AgentId;
using core::ContactId;
using core::QueueId;

inline constexpr Day kDay = 20'500;

inline Time at(Day day, int second = 0) {
    return start_of(day) + seconds(second);
}

inline core::Config config_of(const std::vector<std::string>& agents) {
    core::Config config;
    config.name = "centre";
    core::QueueConfig queue;
    queue.name = "accounts";
    config.queues = {queue};
    for (const std::string& name : agents) {
        core::AgentConfig agent;
        agent.name = name;
        agent.starts_ready = true;
        config.agents.push_back(agent);
    }
    return config;
}

// A centre in small: a floor whose decisions go to the journal one batch each.
class Centre {
public:
    std::vector<core::Event> tell(const core::Command& command, Time now) {
        core::Outcome outcome = floor.handle(command, now);
        ports::Batch batch;
        batch.sequence = ++sequence;
        batch.decisions.push_back({now, command, outcome.events, {}});
        batches.push_back(std::move(batch));
        return outcome.events;
    }
    void write_to(SqliteJournal& journal) {
        for (ports::Batch& batch : batches) {
            journal.append(std::move(batch));
        }
        batches.clear();
    }

    core::Floor floor;
    std::uint64_t sequence = 0;
    std::vector<ports::Batch> batches;
};

class SqliteJournalTest : public ::testing::Test {
protected:
    std::unique_ptr<SqliteJournal> open(Day today = kDay) {
        options.opened_at = at(today);
        options.on_lost = [this](const std::string& message) { lost = message; };
        auto journal = SqliteJournal::open(path, key_path, options);
        problem = journal ? "" : journal.error();
        return journal ? std::move(*journal) : nullptr;
    }
    std::unique_ptr<JournalReader> open_reader() {
        auto reader = JournalReader::open(path, key_path);
        EXPECT_TRUE(reader) << reader.error();
        return std::move(*reader);
    }
    static std::vector<ports::Decision> decisions(SqliteJournal& journal) {
        std::vector<ports::Decision> result;
        journal.replay([&](const ports::Decision& decision) { result.push_back(decision); });
        return result;
    }
    void change(const std::string& sql) {
        auto database = Database::open(path, Database::Access::write);
        ASSERT_TRUE(database);
        const auto done = database->run(sql.c_str());
        ASSERT_TRUE(done) << done.error();
    }
    std::string whole_file() const {
        std::stringstream text;
        text << std::ifstream(path, std::ios::binary).rdbuf();
        text << std::ifstream(path + "-wal", std::ios::binary).rdbuf();
        return text.str();
    }

    TrialFolder folder;
    std::string path = folder.file("centre.db");
    std::string key_path = folder.file("centre.keys");
    SqliteJournalOptions options;
    std::string lost;
    std::string problem;
};

// Lets the caller wait until a batch is durable, without sleeping.
class Durable {
public:
    explicit Durable(SqliteJournal& journal) {
        journal.on_durable([this](std::uint64_t sequence) {
            const std::lock_guard guard(mutex_);
            sequence_ = sequence;
            changed_.notify_all();
        });
    }
    bool wait_for(std::uint64_t sequence) {
        std::unique_lock guard(mutex_);
        return changed_.wait_for(guard, std::chrono::seconds(20),
                                 [&] { return sequence_ >= sequence; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t sequence_ = 0;
};

inline core::ContactRecord sample_record(ContactId contact, AgentId agent, Time queued) {
    core::ContactRecord record;
    record.contact = contact;
    record.queue = QueueId{1};
    record.queued = queued;
    record.presented = queued + seconds(2);
    record.answered = queued + seconds(5);
    record.ended = queued + seconds(65);
    record.held = seconds(7);
    record.presentations = 2;
    record.agent = agent;
    record.end = core::ContactEnd::cut_off;
    record.by = core::EndedBy::centre;
    record.cause = core::CutOffCause::restart;
    record.outcome = "solved";
    record.caller_leg = {3000, 4, 2500, 0, 437};
    record.agent_leg = {2990, 0, 1000, 30'000, 441};
    return record;
}

}  // namespace lanze::journal
