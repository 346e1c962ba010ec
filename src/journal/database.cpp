#include "journal/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <utility>

#include "base/check.h"

namespace lanze::journal {

namespace {

constexpr int kBusyWaitMillis = 5'000;

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

void Statement::start_over() {
    if (is_running_) {
        sqlite3_reset(statement_.get());
        is_running_ = false;
        bound_ = 0;
    }
}

Statement& Statement::bind(std::int64_t value) {
    start_over();
    LANZE_CHECK(sqlite3_bind_int64(statement_.get(), ++bound_, value) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind(std::optional<std::int64_t> value) {
    if (value) {
        return bind(*value);
    }
    start_over();
    LANZE_CHECK(sqlite3_bind_null(statement_.get(), ++bound_) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind_bytes(std::string_view value) {
    start_over();
    // A null pointer would be stored as NULL.
    const char* data = value.data() == nullptr ? "" : value.data();
    is_good_ = is_good_ && sqlite3_bind_blob64(statement_.get(), ++bound_, data, value.size(),
                                               SQLITE_STATIC) == SQLITE_OK;
    return *this;
}

Statement& Statement::bind_text(std::string_view value) {
    start_over();
    const char* data = value.data() == nullptr ? "" : value.data();
    is_good_ = is_good_ && sqlite3_bind_text64(statement_.get(), ++bound_, data, value.size(),
                                               SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK;
    return *this;
}

bool Statement::step() {
    is_running_ = true;
    const int result = is_good_ ? sqlite3_step(statement_.get()) : SQLITE_TOOBIG;
    if (result == SQLITE_ROW) {
        return true;
    }
    is_good_ = result == SQLITE_DONE;
    start_over();
    return false;
}

bool Statement::run() {
    is_running_ = true;
    const int result = is_good_ ? sqlite3_step(statement_.get()) : SQLITE_TOOBIG;
    start_over();
    is_good_ = true;
    return result == SQLITE_DONE || result == SQLITE_ROW;
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

std::optional<std::int64_t> Statement::maybe_number(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL
               ? std::nullopt
               : std::optional(number(column));
}

std::string_view Statement::bytes(int column) const {
    const void* data = sqlite3_column_blob(statement_.get(), column);
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return data == nullptr
               ? std::string_view()
               : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

void Database::Close::operator()(sqlite3* connection) const {
    sqlite3_close_v2(connection);
}

Result<Database, std::string> Database::open(const std::string& path, Access access) {
    const int flags = access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                              : SQLITE_OPEN_READWRITE;
    if (access == Access::write) {
        // SQLite would make the file readable for all; WAL and index take over its rights.
        const int created = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (created >= 0) {
            ::close(created);
        }
    }
    // Reading a WAL needs the right to write its index; nothing else is written (query_only).
    sqlite3* connection = nullptr;
    int result = sqlite3_open_v2(path.c_str(), &connection, flags, nullptr);
    if (result == SQLITE_CANTOPEN && access == Access::read) {
        sqlite3_close_v2(connection);
        result = sqlite3_open_v2(path.c_str(), &connection, SQLITE_OPEN_READONLY, nullptr);
    }
    Database database(path, connection);
    if (result != SQLITE_OK) {
        return Unexpected(database.problem());
    }
    sqlite3_busy_timeout(connection, kBusyWaitMillis);
    if (access == Access::read) {
        if (const auto ran = database.run("PRAGMA query_only = ON"); !ran) {
            return Unexpected(ran.error());
        }
    }
    return database;
}

Result<void, std::string> Database::run(const char* sql) {
    if (sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
        return Unexpected(problem());
    }
    return {};
}

Result<Statement, std::string> Database::prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(connection_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement,
                           nullptr) != SQLITE_OK) {
        return Unexpected(problem());
    }
    return Statement(statement);
}

Result<std::int64_t, std::string> Database::number(const char* sql) {
    auto statement = prepare(sql);
    if (!statement) {
        return Unexpected(statement.error());
    }
    if (!statement->step()) {
        return Unexpected(problem());
    }
    return statement->number(0);
}

std::string Database::problem() const {
    return "the journal " + path_ + ": " +
           (connection_ == nullptr ? "out of memory" : sqlite3_errmsg(connection_.get()));
}

bool Database::has_failed() const {
    const int code = sqlite3_errcode(connection_.get());
    return code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE;
}

}  // namespace lanze::journal
