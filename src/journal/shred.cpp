// Store's shredding: keys of days that have had their time are destroyed; what the present still
// needs of those days is written anew first.
#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "journal/batch_codec.h"
#include "journal/carry_over.h"
#include "journal/store.h"

namespace lanze::journal {

// In this order, so that a crash between any two steps loses nothing: what is needed is durable
// before the keys go.
Store::Done Store::shred() {
    const Day first_agents = day_ - retention_.agent_days;
    const Day first_callers = day_ - retention_.caller_days;
    bool has_shredded = false;
    if (auto done = forget_callers(); !done) {
        return done;
    }
    if (keys_.has_older(Purpose::agents, first_agents)) {
        if (auto done = shred_agents(first_agents); !done) {
            return done;
        }
        has_shredded = true;
    }
    if (keys_.has_older(Purpose::callers, first_callers)) {
        if (auto done = shred_callers(first_callers); !done) {
            return done;
        }
        has_shredded = true;
    }
    return has_shredded ? keys_.save() : Done{};
}

Store::Done Store::shred_agents(Day first_kept) {
    const auto snapshot = carry_over(first_kept);
    if (!snapshot) {
        return Unexpected(snapshot.error());
    }
    if (auto saved = save_snapshot(*snapshot); !saved) {
        return saved;
    }
    keys_.shred(Purpose::agents, first_kept);
    return {};
}

Result<Snapshot, std::string> Store::carry_over(Day first_kept) {
    auto snapshot = load_snapshot(database_, keys_);
    if (!snapshot) {
        return Unexpected(snapshot.error());
    }
    auto last = database_.prepare("SELECT min(first_sequence) - 1 FROM day WHERE day >= ?");
    if (!last) {
        return Unexpected(last.error());
    }
    last->bind(first_kept);
    const auto up_to = last->step() ? last->maybe_number(0) : std::nullopt;

    CarryOver kept;
    BatchWalk walk(database_, keys_);
    const auto note = [&kept](const ports::Decision& decision) {
        for (const core::Event& event : decision.events) {
            kept.note(event, decision.at);
        }
    };
    for (const ports::Decision& decision : snapshot->decisions) {
        walk.learn_from(decision);
        note(decision);
    }
    BatchWalk::Range range;
    range.after = snapshot->sequence;
    range.checksum = snapshot->checksum;
    range.up_to = up_to ? static_cast<std::uint64_t>(*up_to) : sequence_;
    if (range.up_to > range.after) {
        if (const auto walked = walk.run(range, {note, {}}); !walked) {
            return Unexpected(walked.error());
        }
        snapshot->sequence = range.up_to;
        snapshot->checksum = walk.last_checksum();
    }
    snapshot->decisions = kept.decisions();
    return snapshot;
}

// Under the key of today, which outlives the snapshot: tomorrow's shredding makes a new one.
Store::Done Store::save_snapshot(const Snapshot& snapshot) {
    const std::string decisions = encode_decisions(snapshot.decisions, *book_);
    ByteWriter bytes;
    bytes.fixed64(core::stable_hash(decisions));
    bytes.raw(decisions);
    auto insert = database_.prepare("INSERT INTO snapshot VALUES (?, ?, ?, ?)");
    if (!insert) {
        return Unexpected(insert.error());
    }
    if (auto begun = database_.run("BEGIN IMMEDIATE; DELETE FROM snapshot"); !begun) {
        return begun;
    }
    const bool is_written = insert->bind(snapshot.sequence)
                                .bind(day_)
                                .bind_bytes(bytes.bytes())
                                .bind(snapshot.checksum)
                                .run();
    return is_written ? database_.run("COMMIT") : failed();
}

Store::Done Store::shred_callers(Day first_kept) {
    if (auto begun = database_.run("BEGIN IMMEDIATE"); !begun) {
        return begun;
    }
    if (auto renewed = renew_notes(first_kept); !renewed) {
        return renewed;
    }
    for (const char* sql :
         {"DELETE FROM caller WHERE day < ?", "DELETE FROM remark WHERE day < ?"}) {
        auto drop = database_.prepare(sql);
        if (!drop || !drop->bind(first_kept).run()) {
            return failed();
        }
    }
    if (auto committed = database_.run("COMMIT"); !committed) {
        return committed;
    }
    keys_.shred(Purpose::callers, first_kept);
    return {};
}

// By which callers are known again: sooner than their numbers go, if so configured.
Store::Done Store::forget_callers() {
    const int days = std::min(retention_.remember_days, retention_.caller_days);
    auto drop = database_.prepare("DELETE FROM caller_seen WHERE day < ?");
    const Day first_kept = days > 0 ? day_ - days : day_ + 1;
    return drop && drop->bind(first_kept).run() ? Done{} : failed();
}

// Notes are of the present (a registration, an open leg), however long ago they were written.
Store::Done Store::renew_notes(Day first_kept) {
    auto rows = database_.prepare("SELECT id, sealed FROM note WHERE day < ?");
    if (!rows) {
        return Unexpected(rows.error());
    }
    std::vector<std::pair<std::string, std::string>> renewed;
    rows->bind(first_kept);
    while (rows->step()) {
        const std::string id(rows->bytes(0));
        if (const auto text = open_row(keys_, id, rows->bytes(1))) {
            renewed.emplace_back(id, seal_row(caller_key_, day_, id, *text));
        }
    }
    for (const auto& [id, row] : renewed) {
        if (!statements_.put_note.bind_bytes(id).bind(day_).bind_bytes(row).run()) {
            return failed();
        }
    }
    return {};
}

}  // namespace lanze::journal
