// Store: the writer's side of a journal's file: groups of batches in, the state of the centre out
// at start, and the shredding of what has had its time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "journal/batch_walk.h"
#include "journal/codebook.h"
#include "journal/database.h"
#include "journal/key_file.h"
#include "journal/snapshot.h"
#include "ports/journal.h"

namespace lanze::journal {

struct Retention {
    int agent_days = 7;
    int caller_days = 90;
    int remember_days = 90;  // a caller is known again; 0: never
};

class Store {
public:
    struct Paths {
        std::string journal;
        std::string keys;
    };
    // `today` decides what is shredded.
    static Result<std::unique_ptr<Store>, std::string> open(const Paths& paths,
                                                            const Retention& retention, Day today);

    // One transaction; durable when it returns. On an error nothing of the group is stored.
    Result<void, std::string> write(std::span<const ports::Batch> group);

    std::uint64_t last_sequence() const { return sequence_; }
    Result<void, std::string> replay(const std::function<void(const ports::Decision&)>& visit);
    Result<std::vector<ports::Note>, std::string> notes();

private:
    Store(Database database, KeyFile keys, const Retention& retention)
        : database_(std::move(database)), keys_(std::move(keys)), retention_(retention) {}

    struct Statements {
        Statement insert_batch;
        Statement insert_contact;
        Statement insert_blocked;
        Statement put_note;
        Statement drop_note;
        Statement put_caller;
        Statement close_caller;
        Statement put_seen;
        Statement put_remark;
        Statement drop_remark;
        Statement begin_day;
        Statement put_roster;
        Statement put_build;
    };
    using Done = Result<void, std::string>;

    Done prepare();
    Done load_position();
    Done check_keys();
    Done enter_day(Day day);
    Done shred();
    Done shred_agents(Day first_kept);
    Done shred_callers(Day first_kept);
    Done forget_callers();
    Done renew_notes(Day first_kept);
    Done save_snapshot(const Snapshot& snapshot);
    Result<Snapshot, std::string> carry_over(Day first_kept);

    Done write_batch(const ports::Batch& batch);
    bool begin_day(std::uint64_t first_sequence);
    bool note_build(std::uint64_t first_sequence);
    bool write_note(const ports::Note& note);
    bool write_caller(std::uint64_t contact, const ports::Note& note);
    bool write_remark(std::uint64_t contact, const ports::Note& note);
    void note_latest(std::span<const ports::Batch> group);
    bool write_rows(const ports::Batch& batch);
    Done note_roster(const ports::Batch& batch);
    Done failed() const { return Unexpected(database_.problem()); }

    Database database_;
    KeyFile keys_;
    Retention retention_;
    Statements statements_;
    std::uint64_t sequence_ = 0;
    std::uint64_t checksum_ = 0;
    Day day_ = 0;
    bool is_day_begun_ = false;          // has its row
    bool is_build_noted_ = false;        // has its row, or is the one before
    std::unique_ptr<DayCodebook> book_;  // of day_
    Key caller_key_{};                   // of day_
    Key index_key_{};
    std::optional<core::Configured> configured_;
    Time configured_at_;
    std::unordered_map<std::string_view, const ports::Note*> latest_;  // of one transaction
};

// Stands for a caller's address on one day: nobody without the day's key can tell whose it is, nor
// that two days' are one caller's.
std::string caller_mark(const Key& caller_key, std::string_view address);

// How a sealed row begins: its format and the day of its key; then nonce, text and tag.
std::string seal_row(const Key& key, Day day, std::string_view context, std::string_view plain);
std::optional<std::string> open_row(const KeyFile& keys, std::string_view context,
                                    std::string_view row);

// The roster of a day: its configuration, encoded by its codebook.
std::string encode_roster(const core::Configured& configured, Time at,
                          const core::AgentCodebook& book);
std::optional<ports::Decision> decode_roster(std::string_view bytes, core::AgentCodebook& book);

}  // namespace lanze::journal
