#include "journal/schema.h"

namespace lanze::journal {

// All times in µs since 1970, UTC; days in days since then. `agent` holds a day's pseudonym.
const char* const kSchema = R"sql(
CREATE TABLE batch (
    sequence INTEGER PRIMARY KEY,
    day      INTEGER NOT NULL,
    bytes    BLOB    NOT NULL,
    checksum INTEGER NOT NULL
);
CREATE TABLE day (
    day            INTEGER PRIMARY KEY,
    first_sequence INTEGER NOT NULL,
    roster         BLOB
);
CREATE TABLE snapshot (
    sequence INTEGER PRIMARY KEY,
    day      INTEGER NOT NULL,
    bytes    BLOB    NOT NULL,
    checksum INTEGER NOT NULL
);
CREATE TABLE note (
    id     BLOB PRIMARY KEY,
    day    INTEGER NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE caller (
    contact INTEGER PRIMARY KEY,
    day     INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    sealed  BLOB NOT NULL
);
CREATE INDEX caller_open ON caller (contact) WHERE is_open = 1;
CREATE TABLE contact (
    contact       INTEGER PRIMARY KEY,
    day           INTEGER NOT NULL,
    queue         INTEGER NOT NULL,
    queued        INTEGER NOT NULL,
    presented     INTEGER,
    answered      INTEGER,
    ended         INTEGER NOT NULL,
    wrap_up_ended INTEGER,
    held          INTEGER NOT NULL,
    presentations INTEGER NOT NULL,
    agent         INTEGER NOT NULL,
    "end"         INTEGER NOT NULL,
    "by"          INTEGER NOT NULL,
    cause         INTEGER NOT NULL,
    outcome       TEXT NOT NULL,
    caller_received INTEGER NOT NULL, caller_lost INTEGER NOT NULL,
    caller_jitter INTEGER NOT NULL, caller_round_trip INTEGER NOT NULL,
    caller_mos INTEGER NOT NULL,
    agent_received INTEGER NOT NULL, agent_lost INTEGER NOT NULL,
    agent_jitter INTEGER NOT NULL, agent_round_trip INTEGER NOT NULL,
    agent_mos INTEGER NOT NULL
);
CREATE INDEX contact_queued ON contact (queued);
CREATE TABLE blocked (
    at     INTEGER NOT NULL,
    queue  INTEGER NOT NULL,
    reason INTEGER NOT NULL
);
CREATE INDEX blocked_at ON blocked (at);
)sql";

// Came later; whoever does not know it goes on reading and writing all the rest.
const char* const kLaterTables = R"sql(
CREATE TABLE IF NOT EXISTS build (
    first_sequence INTEGER PRIMARY KEY,
    build          TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS remark (
    contact INTEGER PRIMARY KEY,
    day     INTEGER NOT NULL,
    sealed  BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS caller_seen (
    day     INTEGER NOT NULL,
    who     BLOB NOT NULL,
    contact INTEGER NOT NULL,
    PRIMARY KEY (day, who, contact)
) WITHOUT ROWID;
)sql";

Result<void, std::string> check_format(Database& database, const std::string& path) {
    const auto application = database.number("PRAGMA application_id");
    if (!application) {
        return Unexpected(application.error());
    }
    if (*application != kApplicationId) {
        return Unexpected(path + " is not a journal of Lanze; give the path of one, or of no file");
    }
    const auto format = database.number("PRAGMA user_version");
    if (!format) {
        return Unexpected(format.error());
    }
    if (*format > kFormat) {
        return Unexpected(path + " was written by a later version of Lanze (format " +
                          std::to_string(*format) + ", this one reads " + std::to_string(kFormat) +
                          "); install that version");
    }
    return {};
}

Result<void, std::string> make_or_check(Database& database, const std::string& path) {
    const auto tables = database.number("SELECT count(*) FROM sqlite_master");
    if (!tables) {
        return Unexpected(tables.error());
    }
    if (*tables == 0) {
        const std::string sql = std::string("BEGIN IMMEDIATE;") + kSchema +
                                "PRAGMA application_id = " + std::to_string(kApplicationId) +
                                "; PRAGMA user_version = " + std::to_string(kFormat) + "; COMMIT;";
        if (auto made = database.run(sql.c_str()); !made) {
            return made;
        }
    }
    if (auto checked = check_format(database, path); !checked) {
        return checked;
    }
    if (auto made = database.run(kLaterTables); !made) {
        return made;
    }
    // FULL: every commit is an fsync of the WAL; NORMAL would lose the last ones at power failure.
    // 64 MiB of pages: with SQLite's own 2 MiB a busy hour reads pages back from the WAL.
    return database.run(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;");
}

}  // namespace lanze::journal
