// Database: SQLite as this layer needs it: one connection, prepared statements, errors as text.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace lanze::journal {

// A prepared statement. bind() fills the parameters from left to right; after the last step it is
// ready to be bound anew.
class Statement {
public:
    Statement() = default;
    explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

    Statement& bind(std::int64_t value);
    Statement& bind(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
    Statement& bind(std::optional<std::int64_t> value);  // nothing: NULL
    Statement& bind_bytes(std::string_view value);       // must live until the next step
    Statement& bind_text(std::string_view value);

    // True: there is a row to read. False: done, or failed (see Database::has_failed).
    bool step();
    // One step of a statement that yields no rows; false if it failed.
    bool run();

    std::int64_t number(int column) const;
    std::optional<std::int64_t> maybe_number(int column) const;
    std::string_view bytes(int column) const;  // until the next step

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    int bound_ = 0;
    bool is_running_ = false;
    bool is_good_ = true;
    void start_over();
};

class Database {
public:
    enum class Access : std::uint8_t { read, write };

    static Result<Database, std::string> open(const std::string& path, Access access);

    // Runs SQL without parameters.
    Result<void, std::string> run(const char* sql);
    // The SQL is ours: one that does not compile is a bug, unless the file is damaged.
    Result<Statement, std::string> prepare(const char* sql);
    Result<std::int64_t, std::string> number(const char* sql);

    // The last error in words, with the file's name.
    std::string problem() const;
    bool has_failed() const;

private:
    struct Close {
        void operator()(sqlite3* connection) const;
    };
    Database(std::string path, sqlite3* connection)
        : path_(std::move(path)), connection_(connection) {}

    std::string path_;
    std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace lanze::journal
