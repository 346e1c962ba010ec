// People: who may sign in, with what, as whom: persons, sessions, tokens and an audit trail in a
// SQLite file.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace lanze::api {

class Database;

// What a person may do. An administrator may all that a supervisor may; a desk needs `agent`. A
// planner sees records and figures, nobody's present state, and acts on nothing.
struct Roles {
    bool agent = false;
    bool planner = false;
    bool supervisor = false;
    bool administrator = false;

    bool sees_all() const { return supervisor || administrator; }
    bool sees_records() const { return planner || sees_all(); }
    bool is_empty() const { return !agent && !planner && !supervisor && !administrator; }
    // "agent,supervisor"; nothing if a word is unknown or none is there.
    static std::optional<Roles> parse(std::string_view text);
    std::string to_string() const;
    friend bool operator==(const Roles&, const Roles&) = default;
};

struct Person {
    std::string name;
    Roles roles;
    std::string agent;  // name of the agent whose desk it is; may be empty
    friend bool operator==(const Person&, const Person&) = default;
};

// A fresh password, told once and stored only as a hash.
struct NewPassword {
    std::string name;
    std::string password;
    friend bool operator==(const NewPassword&, const NewPassword&) = default;
};

// A program's token as it may be listed; the token itself is not stored.
struct TokenEntry {
    std::string name;
    Time created;
    friend bool operator==(const TokenEntry&, const TokenEntry&) = default;
};

struct AuditEntry {
    Time at;
    std::string who;
    std::string what;
    friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

// Used by one thread at a time; several processes may have the file open (the server and
// `lanze person`). Errors are sentences for the person at the command line. `at` is UTC.
class People {
public:
    static constexpr Duration kSessionIdleMax = hours(12);
    static constexpr Duration kSessionMax = hours(24 * 30);
    static constexpr std::size_t kSessionsPerPerson = 20;  // the oldest goes
    static constexpr std::size_t kNameMax = 64;            // bytes
    static constexpr std::size_t kPeopleMax = 100'000;
    static constexpr std::size_t kTokensMax = 1'000;

    using Done = Result<void, std::string>;

    // Makes the file (readable by its owner only) if it is missing.
    static Result<People, std::string> open(const std::string& path);
    People(People&&) noexcept;
    People& operator=(People&&) noexcept;
    ~People();

    // For the command line and the first start; each fresh password costs about 40 ms
    // Adds "admin" to an empty file and one person for each agent that has none. People who were
    // removed stay removed.
    Result<std::vector<NewPassword>, std::string> ensure_people(
        const std::vector<std::string>& agents, Time at);
    Result<NewPassword, std::string> add_person(const Person& person, Time at);
    // Gives a new password and ends the person's sessions.
    Result<NewPassword, std::string> renew_password(const std::string& name, Time at);
    Done remove_person(const std::string& name, Time at);
    Result<std::vector<Person>, std::string> persons();
    // The token to hand to the program.
    Result<std::string, std::string> add_token(const std::string& name, Time at);
    Done remove_token(const std::string& name, Time at);
    Result<std::vector<TokenEntry>, std::string> tokens();
    Result<std::vector<AuditEntry>, std::string> audit_trail(std::size_t newest);

    // For the server
    std::optional<Person> find(std::string_view name);
    // The hash to check a password against; nothing for unknown names.
    std::optional<std::string> password_hash(std::string_view name);
    // Also ends the person's sessions except the one whose token is `keep`.
    Done set_password_hash(const std::string& name, const std::string& hash, std::string_view keep,
                           Time at);
    // A token of 256 random bits for the cookie; only its SHA-256 is stored.
    Result<std::string, std::string> open_session(const std::string& name, Time at);
    // Whose session it is; counts as use of it. Nothing if it is unknown or over.
    std::optional<Person> session(std::string_view token, Time at);
    void end_session(std::string_view token);
    // All of the person's, wherever they were opened.
    Done end_sessions(const std::string& name, Time at);
    // The program a bearer token belongs to, as a person in the role of supervisor.
    std::optional<Person> program(std::string_view token);
    void note(Time at, std::string_view who, std::string_view what);

private:
    explicit People(std::unique_ptr<Database> database);
    Result<NewPassword, std::string> store_person(const Person& person, Time at);

    std::unique_ptr<Database> database_;
};

}  // namespace lanze::api
