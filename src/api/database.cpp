#include "api/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace lanze::api {

namespace {

// SQLite makes new files with 0644; these are for their owner only.
void make_private(const std::string& path) {
    const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0) {
        ::close(file);
    }
}

}  // namespace

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

Statement& Statement::bind(std::string_view text) {
    // An empty view may have no address, which SQLite would take for NULL.
    const char* data = text.data() == nullptr ? "" : text.data();
    if (sqlite3_bind_text64(statement_, ++bound_, data, text.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8) != SQLITE_OK) {
        has_failed_ = true;
    }
    return *this;
}

Statement& Statement::bind(std::int64_t number) {
    if (sqlite3_bind_int64(statement_, ++bound_, number) != SQLITE_OK) {
        has_failed_ = true;
    }
    return *this;
}

bool Statement::step() {
    if (has_failed_ || statement_ == nullptr) {
        has_failed_ = true;
        return false;
    }
    const int code = sqlite3_step(statement_);
    has_failed_ = code != SQLITE_ROW && code != SQLITE_DONE;
    return code == SQLITE_ROW;
}

std::string Statement::text(int column) const {
    const unsigned char* data = sqlite3_column_text(statement_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return data == nullptr ? std::string{} : std::string(reinterpret_cast<const char*>(data), size);
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(statement_, column);
}

Result<std::unique_ptr<Database>, std::string> Database::open(const std::string& path) {
    if (path.find(':') == std::string::npos) {
        make_private(path);
    }
    sqlite3* handle = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    std::unique_ptr<Database> database(new Database(handle));
    if (code != SQLITE_OK) {
        return Unexpected(path + ": " + database->last_error());
    }
    sqlite3_busy_timeout(handle, 2'000);
    const auto prepared = database->execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
    if (!prepared) {
        return Unexpected(path + ": " + prepared.error());
    }
    return database;
}

Database::~Database() {
    sqlite3_close(handle_);
}

Result<void, std::string> Database::execute(const char* sql) {
    if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
        return Unexpected(last_error());
    }
    return {};
}

Statement Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    return Statement(statement);
}

std::string Database::last_error() const {
    return handle_ == nullptr ? "out of memory" : sqlite3_errmsg(handle_);
}

std::int64_t Database::changes() const {
    return sqlite3_changes64(handle_);
}

}  // namespace lanze::api
