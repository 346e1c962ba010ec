#include "journal/store.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "core/build_id.h"
#include "core/caller.h"
#include "journal/batch_codec.h"
#include "journal/contact_rows.h"
#include "journal/schema.h"

namespace lanze::journal {

namespace {

constexpr std::string_view kCallerNote = "caller/";
constexpr std::string_view kRemarkNote = "remark/";
constexpr std::string_view kLegNote = "leg/";
constexpr std::uint8_t kRowFormat = 1;
constexpr std::size_t kNoteIdBytes = 16;

// The number of a note under "<kind><number>"; nothing for other notes.
std::optional<std::uint64_t> number_after(std::string_view kind, std::string_view key) {
    if (!key.starts_with(kind)) {
        return std::nullopt;
    }
    key.remove_prefix(kind.size());
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
    const bool is_number = error == std::errc{} && end == key.data() + key.size();
    return is_number ? std::optional(number) : std::nullopt;
}

// The contact of a caller's note.
std::optional<std::uint64_t> caller_of(std::string_view key) {
    return number_after(kCallerNote, key);
}

// Legs stand in the order of their numbers, so that those of one time share their pages; a leg's
// number says nothing of anybody.
std::string note_id(const Key& index_key, std::string_view key) {
    if (auto leg = number_after(kLegNote, key)) {
        std::string id(kNoteIdBytes, '\0');
        for (auto byte = id.rbegin(); *leg != 0; ++byte, *leg >>= 8U) {
            *byte = static_cast<char>(*leg & 0xffU);
        }
        return id;
    }
    const auto hash = keyed_hash(index_key, key);
    return {reinterpret_cast<const char*>(hash.data()), kNoteIdBytes};
}

std::string note_text(const ports::Note& note) {
    ByteWriter out;
    out.text(note.key);
    out.text(note.text);
    return out.take();
}

std::optional<ports::Note> parse_note(std::string_view text) {
    ByteReader in(text);
    ports::Note note{std::string(in.text()), std::string(in.text())};
    return in.has_failed() || !in.is_at_end() ? std::nullopt : std::optional(std::move(note));
}

std::string lost_key(const char* what) {
    return std::string("the key file lacks the key ") + what +
           "; put back the key file that belongs to this journal, or move the journal away to "
           "start a new one";
}

}  // namespace

std::string caller_mark(const Key& caller_key, std::string_view address) {
    const auto hash = keyed_hash(caller_key, "seen/" + std::string(address));
    return {reinterpret_cast<const char*>(hash.data()), kNoteIdBytes};
}

std::string seal_row(const Key& key, Day day, std::string_view context, std::string_view plain) {
    ByteWriter out;
    out.number(kRowFormat);
    out.signed_number(day);
    out.raw(seal(key, context, plain));
    return out.take();
}

std::optional<std::string> open_row(const KeyFile& keys, std::string_view context,
                                    std::string_view row) {
    ByteReader in(row);
    const std::uint64_t format = in.number();
    const Day day = in.signed_number();
    const auto key = keys.find(Purpose::callers, day);
    if (in.has_failed() || format != kRowFormat || !key) {
        return std::nullopt;
    }
    return open_sealed(*key, context, in.raw(in.remaining()));
}

std::string encode_roster(const core::Configured& configured, Time at,
                          const core::AgentCodebook& book) {
    return encode_decisions({{at, core::AdvanceTime{}, {configured}}}, book);
}

std::optional<ports::Decision> decode_roster(std::string_view bytes, core::AgentCodebook& book) {
    auto decisions = decode_decisions(bytes, book);
    const bool is_roster =
        decisions && decisions->size() == 1 && decisions->front().events.size() == 1 &&
        std::holds_alternative<core::Configured>(decisions->front().events.front());
    return is_roster ? std::optional(std::move(decisions->front())) : std::nullopt;
}

Result<std::unique_ptr<Store>, std::string> Store::open(const Paths& paths,
                                                        const Retention& retention, Day today) {
    auto database = Database::open(paths.journal, Database::Access::write);
    if (!database) {
        return Unexpected(database.error());
    }
    if (auto made = make_or_check(*database, paths.journal); !made) {
        return Unexpected(made.error());
    }
    auto keys = KeyFile::load(paths.keys);
    if (!keys) {
        return Unexpected(keys.error());
    }
    std::unique_ptr<Store> store(new Store(std::move(*database), std::move(*keys), retention));
    for (const auto step : {&Store::prepare, &Store::check_keys, &Store::load_position}) {
        if (auto done = (store.get()->*step)(); !done) {
            return Unexpected(done.error());
        }
    }
    if (auto done = store->enter_day(std::max(today, store->day_)); !done) {
        return Unexpected(done.error());
    }
    return store;
}

Store::Done Store::prepare() {
    const std::pair<Statement*, const char*> all[] = {
        {&statements_.insert_batch, "INSERT INTO batch VALUES (?, ?, ?, ?)"},
        {&statements_.insert_contact, kInsertContact},
        {&statements_.insert_blocked, "INSERT INTO blocked VALUES (?, ?, ?)"},
        {&statements_.put_note, "INSERT OR REPLACE INTO note VALUES (?, ?, ?)"},
        {&statements_.drop_note, "DELETE FROM note WHERE id = ?"},
        {&statements_.put_caller, "INSERT OR REPLACE INTO caller VALUES (?, ?, 1, ?)"},
        {&statements_.close_caller,
         "UPDATE caller SET is_open = 0 WHERE contact = ? AND is_open = 1"},
        {&statements_.put_seen, "INSERT OR IGNORE INTO caller_seen VALUES (?, ?, ?)"},
        {&statements_.put_remark, "INSERT OR REPLACE INTO remark VALUES (?, ?, ?)"},
        {&statements_.drop_remark, "DELETE FROM remark WHERE contact = ?"},
        {&statements_.begin_day, "INSERT OR IGNORE INTO day VALUES (?, ?, ?)"},
        {&statements_.put_roster, "UPDATE day SET roster = ? WHERE day = ?"},
        {&statements_.put_build,
         "INSERT INTO build SELECT ?1, ?2 WHERE ?2 IS NOT "
         "(SELECT build FROM build ORDER BY first_sequence DESC LIMIT 1)"},
    };
    for (const auto& [statement, sql] : all) {
        auto prepared = database_.prepare(sql);
        if (!prepared) {
            return Unexpected(prepared.error());
        }
        *statement = std::move(*prepared);
    }
    return {};
}

// The present rests on batches whose keys must be there; only shredding takes them away, and it
// leaves a snapshot.
Store::Done Store::check_keys() {
    auto days = database_.prepare(
        "SELECT day FROM day WHERE day >= (SELECT day FROM batch WHERE sequence > "
        "(SELECT ifnull(max(sequence), 0) FROM snapshot) ORDER BY sequence LIMIT 1) "
        "UNION SELECT day FROM snapshot");
    if (!days) {
        return Unexpected(days.error());
    }
    while (days->step()) {
        if (!keys_.has(Purpose::agents, days->number(0))) {
            return Unexpected(lost_key("this journal was written with"));
        }
    }
    return database_.has_failed() ? failed() : Done{};
}

Store::Done Store::load_position() {
    auto last = database_.prepare(
        "SELECT batch.sequence, batch.checksum, batch.day, day.roster FROM batch "
        "LEFT JOIN day ON day.day = batch.day ORDER BY sequence DESC LIMIT 1");
    if (!last) {
        return Unexpected(last.error());
    }
    if (!last->step()) {
        return database_.has_failed() ? failed() : Done{};
    }
    sequence_ = static_cast<std::uint64_t>(last->number(0));
    checksum_ = static_cast<std::uint64_t>(last->number(1));
    day_ = last->number(2);
    DayCodebook book(keys_.find(Purpose::agents, day_), kAnonymousFirst);
    if (const auto roster = decode_roster(last->bytes(3), book)) {
        configured_ = std::get<core::Configured>(roster->events.front());
        configured_at_ = roster->at;
    }
    return {};
}

Store::Done Store::enter_day(Day day) {
    day_ = day;
    is_day_begun_ = false;
    const bool has_keys = keys_.has(Purpose::agents, day) && keys_.has(Purpose::callers, day) &&
                          keys_.has(Purpose::index, 0);
    const auto agents = keys_.make(Purpose::agents, day);
    const auto callers = keys_.make(Purpose::callers, day);
    const auto index = keys_.make(Purpose::index, 0);
    for (const auto* made : {&agents, &callers, &index}) {
        if (!*made) {
            return Unexpected(made->error());
        }
    }
    if (!has_keys) {
        if (auto saved = keys_.save(); !saved) {
            return saved;
        }
    }
    book_ = std::make_unique<DayCodebook>(*agents, kAnonymousFirst);
    caller_key_ = *callers;
    index_key_ = *index;
    return shred();
}

Store::Done Store::write(std::span<const ports::Batch> group) {
    while (!group.empty()) {
        const auto day = [&](const ports::Batch& batch) {
            return batch.decisions.empty() ? day_
                                           : std::max(day_, day_of(batch.decisions.front().at));
        };
        if (const Day next = day(group.front()); next != day_) {
            if (auto entered = enter_day(next); !entered) {
                return entered;
            }
        }
        const auto end = std::find_if(group.begin(), group.end(), [&](const ports::Batch& batch) {
            return day(batch) != day_;
        });
        const auto count = static_cast<std::size_t>(end - group.begin());
        if (auto begun = database_.run("BEGIN IMMEDIATE"); !begun) {
            return begun;
        }
        note_latest(group.first(count));
        for (const ports::Batch& batch : group.first(count)) {
            if (auto written = write_batch(batch); !written) {
                (void)database_.run("ROLLBACK");
                return written;
            }
        }
        if (auto committed = database_.run("COMMIT"); !committed) {
            return committed;
        }
        group = group.subspan(count);
    }
    return {};
}

Store::Done Store::write_batch(const ports::Batch& batch) {
    LANZE_CHECK(batch.sequence == sequence_ + 1);
    if (!is_day_begun_ && !begin_day(batch.sequence)) {
        return failed();
    }
    if (!is_build_noted_ && !note_build(batch.sequence)) {
        return failed();
    }
    const std::string bytes = encode_decisions(batch.decisions, *book_);
    const std::uint64_t checksum = chain_checksum(checksum_, {batch.sequence, day_, bytes});
    const bool is_written = statements_.insert_batch.bind(batch.sequence)
                                .bind(day_)
                                .bind_bytes(bytes)
                                .bind(checksum)
                                .run();
    if (!is_written || !write_rows(batch)) {
        return failed();
    }
    sequence_ = batch.sequence;
    checksum_ = checksum;
    return note_roster(batch);
}

bool Store::begin_day(std::uint64_t first_sequence) {
    const std::string roster =
        configured_ ? encode_roster(*configured_, configured_at_, *book_) : std::string();
    is_day_begun_ = statements_.begin_day.bind(day_).bind(first_sequence).bind_bytes(roster).run();
    return is_day_begun_;
}

bool Store::note_build(std::uint64_t first_sequence) {
    is_build_noted_ = statements_.put_build.bind(first_sequence).bind_text(core::build_id()).run();
    return is_build_noted_;
}

// Of several notes with one key in a transaction only the last one shows afterwards. Not so a
// caller's: it stays when the contact's end closes it.
void Store::note_latest(std::span<const ports::Batch> group) {
    latest_.clear();
    for (const ports::Batch& batch : group) {
        for (const ports::Note& note : batch.notes) {
            latest_[note.key] = &note;
        }
    }
}

bool Store::write_rows(const ports::Batch& batch) {
    for (const ports::Note& note : batch.notes) {
        const bool is_overtaken = latest_.at(note.key) != &note && !caller_of(note.key);
        if (!is_overtaken && !write_note(note)) {
            return false;
        }
    }
    for (const core::ContactRecord& record : batch.finished) {
        if (!write_contact(statements_.insert_contact, day_, record, *book_) ||
            !statements_.close_caller.bind(record.contact.value()).run()) {
            return false;
        }
    }
    for (const core::BlockedRecord& blocked : batch.blocked) {
        const bool is_written = statements_.insert_blocked.bind(to_micros(blocked.at))
                                    .bind(std::int64_t{blocked.queue.value()})
                                    .bind(static_cast<std::int64_t>(blocked.reason))
                                    .run();
        if (!is_written) {
            return false;
        }
    }
    return true;
}

bool Store::write_note(const ports::Note& note) {
    if (const auto contact = caller_of(note.key)) {
        return write_caller(*contact, note);
    }
    if (const auto contact = number_after(kRemarkNote, note.key)) {
        return write_remark(*contact, note);
    }
    const std::string id = note_id(index_key_, note.key);
    if (note.text.empty()) {
        return statements_.drop_note.bind_bytes(id).run();
    }
    const std::string row = seal_row(caller_key_, day_, id, note_text(note));
    return statements_.put_note.bind_bytes(id).bind(day_).bind_bytes(row).run();
}

bool Store::write_caller(std::uint64_t contact, const ports::Note& note) {
    if (note.text.empty()) {
        return statements_.close_caller.bind(contact).run();
    }
    const std::string row = seal_row(caller_key_, day_, note.key, note.text);
    const std::string address = core::caller_address(note.text);
    if (retention_.remember_days > 0 && !address.empty()) {
        const std::string mark = caller_mark(caller_key_, address);
        if (!statements_.put_seen.bind(day_).bind_bytes(mark).bind(contact).run()) {
            return false;
        }
    }
    return statements_.put_caller.bind(contact).bind(day_).bind_bytes(row).run();
}

bool Store::write_remark(std::uint64_t contact, const ports::Note& note) {
    if (note.text.empty()) {
        return statements_.drop_remark.bind(contact).run();
    }
    const std::string row = seal_row(caller_key_, day_, note.key, note.text);
    return statements_.put_remark.bind(contact).bind(day_).bind_bytes(row).run();
}

// The newest configuration of the day, by which readers know the day's agents.
Store::Done Store::note_roster(const ports::Batch& batch) {
    bool has_changed = false;
    for (const ports::Decision& decision : batch.decisions) {
        for (const core::Event& event : decision.events) {
            if (const auto* configured = std::get_if<core::Configured>(&event)) {
                configured_ = *configured;
                configured_at_ = decision.at;
                has_changed = true;
            }
        }
    }
    if (!has_changed) {
        return {};
    }
    const std::string roster = encode_roster(*configured_, configured_at_, *book_);
    const bool is_written = statements_.put_roster.bind_bytes(roster).bind(day_).run();
    return is_written ? Done{} : failed();
}

Store::Done Store::replay(const std::function<void(const ports::Decision&)>& visit) {
    const auto snapshot = load_snapshot(database_, keys_);
    if (!snapshot) {
        return Unexpected(snapshot.error());
    }
    BatchWalk walk(database_, keys_);
    for (const ports::Decision& decision : snapshot->decisions) {
        walk.learn_from(decision);
        visit(decision);
    }
    BatchWalk::Range range;
    range.after = snapshot->sequence;
    range.checksum = snapshot->checksum;
    return walk.run(range, {visit, {}});
}

Result<std::vector<ports::Note>, std::string> Store::notes() {
    std::vector<ports::Note> result;
    auto rows = database_.prepare("SELECT id, sealed FROM note");
    auto callers = database_.prepare("SELECT contact, sealed FROM caller WHERE is_open = 1");
    if (!rows || !callers) {
        return Unexpected(database_.problem());
    }
    while (rows->step()) {
        const auto text = open_row(keys_, rows->bytes(0), rows->bytes(1));
        auto note = text ? parse_note(*text) : std::nullopt;
        if (!note) {
            return Unexpected(lost_key("of a note"));
        }
        result.push_back(std::move(*note));
    }
    while (callers->step()) {
        const std::string key = std::string(kCallerNote) +
                                std::to_string(static_cast<std::uint64_t>(callers->number(0)));
        auto text = open_row(keys_, key, callers->bytes(1));
        if (!text) {
            return Unexpected(lost_key("of a caller"));
        }
        result.push_back({key, std::move(*text)});
    }
    std::sort(result.begin(), result.end(),
              [](const ports::Note& a, const ports::Note& b) { return a.key < b.key; });
    return result;
}

}  // namespace lanze::journal
