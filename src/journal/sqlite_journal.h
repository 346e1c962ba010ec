// SqliteJournal: the journal of one machine: SQLite in WAL mode, fsync at every commit, waiting
// batches committed as one group by a thread of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ports/journal.h"

namespace lanze::journal {

struct SqliteJournalOptions {
    std::size_t waiting_max = 20'000;  // batches handed over and not yet durable: then is_full()
    std::size_t group_max = 2'000;     // batches in one commit
    int agent_days = 7;                // an agent's steps can be told for so long
    int caller_days = 90;              // a caller's number, and what was written down about him
    int remember_days = 90;            // a caller is known again; 0: never
    // What day it is decides which keys are shredded at the start. Default: the system's clock.
    Time opened_at = from_micros(0);
    // Lost ground: the disk is full, a write failed. Must not return to normal work. Default: the
    // message on the standard error output, and the process ends with status 74 (EX_IOERR).
    std::function<void(const std::string& message)> on_lost;
};

// One writer per file, held by a lock; readers (journal_reader.h) as many as one likes.
class SqliteJournal final : public ports::Journal {
public:
    // Creates what is missing. `key_path` holds what encrypts personal data: mode 0600, never on
    // the same backup as `path`. The error is a message for a person: what is wrong and what to do.
    static Result<std::unique_ptr<SqliteJournal>, std::string> open(
        const std::string& path, const std::string& key_path,
        const SqliteJournalOptions& options = {});

    // Everything handed over is made durable first.
    ~SqliteJournal() override;

    void append(ports::Batch batch) override;
    void on_durable(std::function<void(std::uint64_t sequence)> callback) override;
    std::uint64_t last_sequence() const override;
    // Of days whose keys are shredded only what the present still rests on comes back: the
    // configuration, agents' states and open contacts.
    void replay(const std::function<void(const ports::Decision&)>& visit) override;
    std::vector<ports::Note> notes() override;

    // From any thread: too much waits for the disk; let no new call in (503).
    bool is_full() const;
    // Batches handed over and not yet durable; from any thread.
    std::size_t waiting() const;

private:
    struct State;
    explicit SqliteJournal(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace lanze::journal
