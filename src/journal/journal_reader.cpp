#include "journal/journal_reader.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "core/caller.h"
#include "journal/batch_walk.h"
#include "journal/contact_rows.h"
#include "journal/schema.h"
#include "journal/snapshot.h"
#include "journal/store.h"

namespace lanze::journal {

struct JournalReader::State {
    State(Database opened, std::string path)
        : database(std::move(opened)), key_path(std::move(path)) {}

    // Keys of new days are added while we read, old ones shredded.
    bool load_keys() {
        auto loaded = KeyFile::load(key_path);
        if (loaded) {
            keys.emplace(std::move(*loaded));
        }
        return keys.has_value();
    }
    DayCodebook book_of(Day day);
    std::map<std::uint64_t, std::string> builds();
    // A journal that no build of today has written yet lacks those that came later.
    bool has_table(const std::string& name);

    Database database;
    std::string key_path;
    std::optional<KeyFile> keys;
};

// The day's agents are known by its roster.
DayCodebook JournalReader::State::book_of(Day day) {
    DayCodebook book(keys->find(Purpose::agents, day), kAnonymousFirst);
    auto row = database.prepare("SELECT roster FROM day WHERE day = ?");
    if (row && book.has_key() && row->bind(day).step()) {
        (void)decode_roster(row->bytes(0), book);
    }
    return book;
}

bool JournalReader::State::has_table(const std::string& name) {
    auto row = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
    return row && row->bind_text(name).step();
}

// By their first batch.
std::map<std::uint64_t, std::string> JournalReader::State::builds() {
    std::map<std::uint64_t, std::string> result;
    if (!has_table("build")) {
        return result;
    }
    auto rows = database.prepare("SELECT first_sequence, build FROM build");
    while (rows && rows->step()) {
        result[static_cast<std::uint64_t>(rows->number(0))] = rows->bytes(1);
    }
    return result;
}

JournalReader::JournalReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
JournalReader::~JournalReader() = default;

Result<std::unique_ptr<JournalReader>, std::string> JournalReader::open(
    const std::string& path, const std::string& key_path) {
    auto database = Database::open(path, Database::Access::read);
    if (!database) {
        return Unexpected(database.error());
    }
    if (auto checked = check_format(*database, path); !checked) {
        return Unexpected(checked.error());
    }
    auto state = std::make_unique<State>(std::move(*database), key_path);
    auto keys = KeyFile::load(key_path);
    if (!keys) {
        return Unexpected(keys.error());
    }
    state->keys.emplace(std::move(*keys));
    return std::unique_ptr<JournalReader>(new JournalReader(std::move(state)));
}

std::vector<StoredContact> JournalReader::contacts(const ContactQuery& query) {
    state_->load_keys();
    std::string sql = std::string(kSelectContact) + "WHERE queued >= ? AND queued < ?";
    sql += query.only ? " AND contact = ?" : query.before ? " AND contact < ?" : "";
    sql += query.is_newest_first ? " ORDER BY contact DESC" : " ORDER BY queued, contact";
    sql += query.limit > 0 ? " LIMIT " + std::to_string(query.limit) : "";
    auto rows = state_->database.prepare(sql.c_str());
    if (!rows) {
        return {};
    }
    rows->bind(to_micros(query.from)).bind(to_micros(query.to));
    if (query.only || query.before) {
        rows->bind((query.only ? query.only : query.before)->value());
    }
    std::vector<StoredContact> result;
    std::map<Day, DayCodebook> books;
    while (rows->step()) {
        ContactRow row = read_contact(*rows);
        auto place = books.find(row.day);
        if (place == books.end()) {
            place = books.emplace(row.day, state_->book_of(row.day)).first;
        }
        row.record.agent = place->second.agent(row.pseudonym);
        result.push_back({std::move(row.record), row.day});
    }
    return result;
}

std::vector<core::BlockedRecord> JournalReader::blocked(Time from, Time to) {
    auto rows = state_->database.prepare(
        "SELECT at, queue, reason FROM blocked WHERE at >= ? AND at < ? ORDER BY at");
    if (!rows) {
        return {};
    }
    std::vector<core::BlockedRecord> result;
    rows->bind(to_micros(from)).bind(to_micros(to));
    while (rows->step()) {
        const auto reason = std::clamp<std::int64_t>(
            rows->number(2), 0, static_cast<std::int64_t>(core::BlockedReason::queue_closed));
        result.push_back({core::QueueId{static_cast<std::uint32_t>(rows->number(1))},
                          from_micros(rows->number(0)), static_cast<core::BlockedReason>(reason)});
    }
    return result;
}

std::optional<std::string> JournalReader::caller(core::ContactId contact) {
    auto row = state_->database.prepare("SELECT sealed FROM caller WHERE contact = ?");
    if (!row || !state_->load_keys() || !row->bind(contact.value()).step()) {
        return std::nullopt;
    }
    return open_row(*state_->keys, "caller/" + std::to_string(contact.value()), row->bytes(0));
}

std::string JournalReader::remark(core::ContactId contact) {
    if (!state_->has_table("remark") || !state_->load_keys()) {
        return "";
    }
    auto row = state_->database.prepare("SELECT sealed FROM remark WHERE contact = ?");
    if (!row || !row->bind(contact.value()).step()) {
        return "";
    }
    return open_row(*state_->keys, "remark/" + std::to_string(contact.value()), row->bytes(0))
        .value_or("");
}

// He has another mark on each day, so each day is looked at, from the newest on.
std::vector<core::ContactId> JournalReader::earlier_of_caller(core::ContactId contact,
                                                              std::size_t limit) {
    const std::string address = core::caller_address(caller(contact).value_or(""));
    std::vector<core::ContactId> earlier;
    if (address.empty() || !state_->has_table("caller_seen")) {
        return earlier;
    }
    auto days = state_->database.prepare("SELECT day FROM day ORDER BY day DESC");
    auto seen = state_->database.prepare(
        "SELECT contact FROM caller_seen WHERE day = ? AND who = ? AND contact < ? "
        "ORDER BY contact DESC");
    while (days && seen && earlier.size() < limit && days->step()) {
        const Day day = days->number(0);
        const auto key = state_->keys->find(Purpose::callers, day);
        if (!key) {
            continue;
        }
        const std::string mark = caller_mark(*key, address);
        seen->bind(day).bind_bytes(mark).bind(contact.value());
        while (seen->step()) {
            earlier.emplace_back(static_cast<std::uint64_t>(seen->number(0)));
        }
    }
    earlier.resize(std::min(limit, earlier.size()));
    return earlier;
}

core::ContactId JournalReader::newest_contact() {
    auto row = state_->database.prepare(
        "SELECT max(coalesce((SELECT max(contact) FROM contact), 0),"
        " coalesce((SELECT max(contact) FROM caller), 0))");
    return row && row->step() ? core::ContactId{static_cast<std::uint64_t>(row->number(0))}
                              : core::ContactId{};
}

std::map<core::QueueId, std::string> JournalReader::queue_names() {
    std::map<core::QueueId, std::string> names;
    auto rows = state_->database.prepare("SELECT roster FROM day ORDER BY day");
    while (rows && rows->step()) {
        DayCodebook book(std::nullopt, kAnonymousFirst);
        const auto roster = decode_roster(rows->bytes(0), book);
        if (!roster) {
            continue;
        }
        const auto& configured = std::get<core::Configured>(roster->events.front());
        for (std::size_t i = 0; i < configured.queue_ids.size(); ++i) {
            names[configured.queue_ids[i]] = configured.config.queues[i].name;
        }
    }
    return names;
}

Result<std::uint64_t, std::string> JournalReader::replay(
    const std::function<void(const ports::Decision&)>& visit,
    const std::function<void(Time)>& on_forgotten) {
    state_->load_keys();
    std::uint64_t count = 0;
    std::optional<Day> forgotten;
    BatchWalk walk(state_->database, *state_->keys);
    BatchWalk::Visitor visitor;
    visitor.decision = [&](const ports::Decision& decision) {
        ++count;
        visit(decision);
    };
    visitor.day_begins = [&](Day day, DayCodebook& book) {
        const bool was_forgotten = forgotten.has_value();
        if (was_forgotten && on_forgotten) {
            on_forgotten(start_of(*forgotten + 1));
        }
        forgotten = book.has_key() ? std::nullopt : std::optional(day);
        auto row = state_->database.prepare("SELECT roster FROM day WHERE day = ?");
        if (!row || !row->bind(day).step()) {
            return;
        }
        auto roster = decode_roster(row->bytes(0), book);  // the book learns the day's agents
        if (roster && (forgotten || was_forgotten)) {
            roster->at = std::max(roster->at, start_of(day));
            visit(*roster);
        }
    };
    if (const auto walked = walk.run({}, visitor); !walked) {
        return Unexpected(walked.error());
    }
    return count;
}

Result<JournalReader::Kept, std::string> JournalReader::replay_kept(
    const std::function<bool(const KeptDecision&)>& visit) {
    state_->load_keys();
    const auto builds = state_->builds();
    const auto snapshot = load_snapshot(state_->database, *state_->keys);
    if (!snapshot) {
        return Unexpected(snapshot.error());
    }
    BatchWalk walk(state_->database, *state_->keys);
    bool is_enough = false;
    bool has_keys = snapshot->has_key;
    for (std::size_t i = 0; has_keys && !is_enough && i < snapshot->decisions.size(); ++i) {
        walk.learn_from(snapshot->decisions[i]);
        is_enough = !visit({snapshot->decisions[i], "", true});
    }
    BatchWalk::Visitor visitor;
    visitor.decision = [&](const ports::Decision& decision) {
        if (is_enough || !has_keys) {
            return;
        }
        const auto after = builds.upper_bound(walk.sequence());
        is_enough = !visit({decision, after == builds.begin() ? "" : std::prev(after)->second});
    };
    visitor.day_begins = [&](Day, const DayCodebook& book) { has_keys = book.has_key(); };
    visitor.is_enough = [&] { return is_enough || !has_keys; };
    BatchWalk::Range range;
    range.after = snapshot->sequence;
    range.checksum = snapshot->checksum;
    if (const auto walked = walk.run(range, visitor); !walked) {
        return Unexpected(walked.error());
    }
    return has_keys ? Kept::all : Kept::key_gone;
}

void JournalReader::freeze() {
    (void)state_->database.run("BEGIN");
}

void JournalReader::release() {
    (void)state_->database.run("COMMIT");
}

}  // namespace lanze::journal
