// Database: the few words of SQLite that the files of this layer need, without its header.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace lanze::api {

// One prepared statement in use: bind in order, then step. Ready for the next use when it dies.
class Statement {
public:
    explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement(Statement&& other) noexcept
        : statement_(std::exchange(other.statement_, nullptr)), bound_(other.bound_) {}
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    Statement& bind(std::string_view text);
    Statement& bind(std::int64_t number);
    // True while there is a row. False at the end and after an error.
    bool step();
    bool has_failed() const { return has_failed_; }

    std::string text(int column) const;
    std::int64_t number(int column) const;

private:
    sqlite3_stmt* statement_;  // null: could not be prepared; every step fails
    int bound_ = 0;
    bool has_failed_ = false;
};

class Database {
public:
    // Write-ahead log, synchronous FULL, 2 s of patience with other processes.
    static Result<std::unique_ptr<Database>, std::string> open(const std::string& path);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    // Several statements without parameters.
    Result<void, std::string> execute(const char* sql);
    // A single statement to bind and step.
    Statement prepare(std::string_view sql);
    // What SQLite says of the last error.
    std::string last_error() const;
    std::int64_t changes() const;  // rows changed by the last statement

private:
    explicit Database(sqlite3* handle) : handle_(handle) {}
    sqlite3* handle_;
};

}  // namespace lanze::api
