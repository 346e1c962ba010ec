#include "api/people.h"

#include <algorithm>
#include <array>
#include <utility>

#include "api/database.h"
#include "api/passwords.h"

namespace lanze::api {

namespace {

// A removed person keeps the row, without a password, so that the next start does not bring back
// who was removed on purpose.
constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS people(
    name TEXT PRIMARY KEY, hash TEXT NOT NULL, roles TEXT NOT NULL, agent TEXT NOT NULL,
    is_removed INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS tokens(
    hash TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
    created INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS sessions(
    hash TEXT PRIMARY KEY, person TEXT NOT NULL, created INTEGER NOT NULL,
    seen INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS sessions_by_person ON sessions(person, created);
CREATE TABLE IF NOT EXISTS audit(at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS audit_by_time ON audit(at);
)sql";

// Sessions are used many times a second; that they were is written this often.
constexpr Duration kSeenEvery = minutes(1);
// How long the audit trail is kept.
constexpr Duration kAuditMax = hours(24 * 365);

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= People::kNameMax &&
           std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

// Each word of a Roles value with its place in it.
constexpr std::array<std::pair<std::string_view, bool Roles::*>, 4> kRoleWords{{
    {"agent", &Roles::agent},
    {"planner", &Roles::planner},
    {"supervisor", &Roles::supervisor},
    {"administrator", &Roles::administrator},
}};

std::string quoted(std::string_view name) {
    return "\"" + std::string(name) + "\"";
}

People::Done done_or(Statement& statement, const Database& database) {
    statement.step();
    if (statement.has_failed()) {
        return Unexpected("the people file could not be written: " + database.last_error());
    }
    return {};
}

}  // namespace

std::optional<Roles> Roles::parse(std::string_view text) {
    Roles roles;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view word = text.substr(0, comma);
        const auto found =
            std::ranges::find(kRoleWords, word, [](const auto& p) { return p.first; });
        if (found == kRoleWords.end()) {
            return std::nullopt;
        }
        roles.*(found->second) = true;
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return roles.is_empty() ? std::nullopt : std::optional(roles);
}

std::string Roles::to_string() const {
    std::string text;
    for (const auto& [word, place] : kRoleWords) {
        if (this->*place) {
            text += text.empty() ? "" : ",";
            text += word;
        }
    }
    return text;
}

People::People(std::unique_ptr<Database> database) : database_(std::move(database)) {}
People::People(People&&) noexcept = default;
People& People::operator=(People&&) noexcept = default;
People::~People() = default;

Result<People, std::string> People::open(const std::string& path) {
    auto database = Database::open(path);
    if (!database) {
        return Unexpected(database.error());
    }
    if (const auto made = (*database)->execute(kSchema); !made) {
        return Unexpected("people file " + path + ": " + made.error());
    }
    return People(std::move(*database));
}

Result<std::vector<NewPassword>, std::string> People::ensure_people(
    const std::vector<std::string>& agents, Time at) {
    std::vector<Person> wanted{{"admin", {.supervisor = true, .administrator = true}, ""}};
    for (const std::string& agent : agents) {
        wanted.push_back({agent, {.agent = true}, agent});
    }
    std::vector<NewPassword> made;
    for (const Person& person : wanted) {
        Statement known = database_->prepare("SELECT 1 FROM people WHERE name = ?");
        if (known.bind(person.name).step()) {
            continue;
        }
        auto added = store_person(person, at);
        if (!added) {
            return Unexpected(added.error());
        }
        made.push_back(std::move(*added));
    }
    Statement old = database_->prepare("DELETE FROM audit WHERE at < ?");
    old.bind(to_micros(at - kAuditMax)).step();
    return made;
}

Result<NewPassword, std::string> People::add_person(const Person& person, Time at) {
    if (find(person.name)) {
        return Unexpected("There is a person " + quoted(person.name) +
                          " already; `lanze person password` gives a new password.");
    }
    return store_person(person, at);
}

Result<NewPassword, std::string> People::store_person(const Person& person, Time at) {
    if (!is_name(person.name)) {
        return Unexpected(quoted(person.name) +
                          " cannot be a name: 1 to 64 bytes without control characters.");
    }
    if (person.roles.is_empty() || (person.roles.agent && person.agent.empty())) {
        return Unexpected(quoted(person.name) +
                          " needs a role, and the role agent needs an agent.");
    }
    Statement count = database_->prepare("SELECT count(*) FROM people");
    if (count.step() && count.number(0) >= static_cast<std::int64_t>(kPeopleMax)) {
        return Unexpected("There are 100,000 people already; no more can be added.");
    }
    NewPassword fresh{person.name, fresh_password()};
    Statement insert = database_->prepare(
        "INSERT INTO people(name, hash, roles, agent) VALUES(?, ?, ?, ?) ON CONFLICT(name) DO "
        "UPDATE SET hash = excluded.hash, roles = excluded.roles, agent = excluded.agent, "
        "is_removed = 0");
    insert.bind(person.name).bind(hash_password(fresh.password));
    insert.bind(person.roles.to_string()).bind(person.agent);
    if (auto stored = done_or(insert, *database_); !stored) {
        return Unexpected(stored.error());
    }
    note(at, person.name, "person added: " + person.roles.to_string());
    return fresh;
}

Result<NewPassword, std::string> People::renew_password(const std::string& name, Time at) {
    if (!find(name)) {
        return Unexpected("There is no person " + quoted(name) +
                          "; `lanze person list` shows all.");
    }
    NewPassword fresh{name, fresh_password()};
    if (auto set = set_password_hash(name, hash_password(fresh.password), "", at); !set) {
        return Unexpected(set.error());
    }
    return fresh;
}

People::Done People::remove_person(const std::string& name, Time at) {
    Statement remove = database_->prepare(
        "UPDATE people SET is_removed = 1, hash = '' WHERE name = ? AND is_removed = 0");
    if (auto removed = done_or(remove.bind(name), *database_); !removed) {
        return removed;
    }
    if (database_->changes() == 0) {
        return Unexpected("There is no person " + quoted(name) +
                          "; `lanze person list` shows all.");
    }
    Statement sessions = database_->prepare("DELETE FROM sessions WHERE person = ?");
    note(at, name, "person removed");
    return done_or(sessions.bind(name), *database_);
}

Result<std::vector<Person>, std::string> People::persons() {
    std::vector<Person> found;
    Statement select = database_->prepare(
        "SELECT name, roles, agent FROM people WHERE is_removed = 0 ORDER BY name");
    while (select.step()) {
        found.push_back(
            {select.text(0), Roles::parse(select.text(1)).value_or(Roles{}), select.text(2)});
    }
    if (select.has_failed()) {
        return Unexpected("the people file could not be read: " + database_->last_error());
    }
    return found;
}

std::optional<Person> People::find(std::string_view name) {
    Statement select = database_->prepare(
        "SELECT name, roles, agent FROM people WHERE name = ? AND is_removed = 0");
    if (!select.bind(name).step()) {
        return std::nullopt;
    }
    return Person{select.text(0), Roles::parse(select.text(1)).value_or(Roles{}), select.text(2)};
}

std::optional<std::string> People::password_hash(std::string_view name) {
    Statement select =
        database_->prepare("SELECT hash FROM people WHERE name = ? AND is_removed = 0");
    return select.bind(name).step() ? std::optional(select.text(0)) : std::nullopt;
}

People::Done People::set_password_hash(const std::string& name, const std::string& hash,
                                       std::string_view keep, Time at) {
    Statement update =
        database_->prepare("UPDATE people SET hash = ? WHERE name = ? AND is_removed = 0");
    update.bind(hash).bind(name);
    if (auto updated = done_or(update, *database_); !updated) {
        return updated;
    }
    note(at, name, "password changed");
    Statement sessions = database_->prepare("DELETE FROM sessions WHERE person = ? AND hash <> ?");
    sessions.bind(name).bind(sha256_hex(keep));
    return done_or(sessions, *database_);
}

Result<std::string, std::string> People::add_token(const std::string& name, Time at) {
    if (!is_name(name)) {
        return Unexpected(quoted(name) +
                          " cannot be a name: 1 to 64 bytes without control characters.");
    }
    Statement known = database_->prepare(
        "SELECT (SELECT count(*) FROM tokens WHERE name = ?), (SELECT count(*) FROM tokens)");
    if (known.bind(name).step() && known.number(0) > 0) {
        return Unexpected("There is a token " + quoted(name) +
                          " already; remove it with `lanze token remove`.");
    }
    if (known.number(1) >= static_cast<std::int64_t>(kTokensMax)) {
        return Unexpected("There are 1,000 tokens already; remove one with `lanze token remove`.");
    }
    const std::string token = "lanze_" + random_hex(32);
    Statement insert =
        database_->prepare("INSERT INTO tokens(hash, name, role, created) VALUES(?, ?, ?, ?)");
    insert.bind(sha256_hex(token)).bind(name).bind("supervisor").bind(to_micros(at));
    if (auto stored = done_or(insert, *database_); !stored) {
        return Unexpected(stored.error());
    }
    note(at, name, "token added");
    return token;
}

People::Done People::remove_token(const std::string& name, Time at) {
    Statement remove = database_->prepare("DELETE FROM tokens WHERE name = ?");
    if (auto removed = done_or(remove.bind(name), *database_); !removed) {
        return removed;
    }
    if (database_->changes() == 0) {
        return Unexpected("There is no token " + quoted(name) + "; `lanze token list` shows all.");
    }
    note(at, name, "token removed");
    return {};
}

Result<std::vector<TokenEntry>, std::string> People::tokens() {
    std::vector<TokenEntry> found;
    Statement select = database_->prepare("SELECT name, created FROM tokens ORDER BY name");
    while (select.step()) {
        found.push_back({select.text(0), from_micros(select.number(1))});
    }
    if (select.has_failed()) {
        return Unexpected("the people file could not be read: " + database_->last_error());
    }
    return found;
}

std::optional<Person> People::program(std::string_view token) {
    Statement select = database_->prepare("SELECT name, role FROM tokens WHERE hash = ?");
    if (!select.bind(sha256_hex(token)).step()) {
        return std::nullopt;
    }
    return Person{select.text(0), Roles::parse(select.text(1)).value_or(Roles{}), ""};
}

Result<std::string, std::string> People::open_session(const std::string& name, Time at) {
    Statement over = database_->prepare(
        "DELETE FROM sessions WHERE seen <= ? OR created <= ? OR hash IN "
        "(SELECT hash FROM sessions WHERE person = ? ORDER BY created DESC "
        "LIMIT -1 OFFSET ?)");
    over.bind(to_micros(at - kSessionIdleMax)).bind(to_micros(at - kSessionMax));
    over.bind(name).bind(static_cast<std::int64_t>(kSessionsPerPerson - 1));
    if (auto removed = done_or(over, *database_); !removed) {
        return Unexpected(removed.error());
    }
    const std::string token = random_hex(32);
    Statement insert =
        database_->prepare("INSERT INTO sessions(hash, person, created, seen) VALUES(?, ?, ?, ?)");
    insert.bind(sha256_hex(token)).bind(name).bind(to_micros(at)).bind(to_micros(at));
    if (auto stored = done_or(insert, *database_); !stored) {
        return Unexpected(stored.error());
    }
    return token;
}

std::optional<Person> People::session(std::string_view token, Time at) {
    const std::string hash = sha256_hex(token);
    Statement select =
        database_->prepare("SELECT person, created, seen FROM sessions WHERE hash = ?");
    if (!select.bind(hash).step()) {
        return std::nullopt;
    }
    const Time created = from_micros(select.number(1));
    const Time seen = from_micros(select.number(2));
    if (at - seen >= kSessionIdleMax || at - created >= kSessionMax) {
        return std::nullopt;
    }
    if (at - seen >= kSeenEvery) {
        Statement update = database_->prepare("UPDATE sessions SET seen = ? WHERE hash = ?");
        update.bind(to_micros(at)).bind(hash).step();  // missed once: written the next time
    }
    return find(select.text(0));
}

void People::end_session(std::string_view token) {
    Statement remove = database_->prepare("DELETE FROM sessions WHERE hash = ?");
    remove.bind(sha256_hex(token)).step();
}

People::Done People::end_sessions(const std::string& name, Time at) {
    Statement remove = database_->prepare("DELETE FROM sessions WHERE person = ?");
    if (auto removed = done_or(remove.bind(name), *database_); !removed) {
        return removed;
    }
    note(at, name, "signed out everywhere");
    return {};
}

void People::note(Time at, std::string_view who, std::string_view what) {
    Statement insert = database_->prepare("INSERT INTO audit(at, who, what) VALUES(?, ?, ?)");
    insert.bind(to_micros(at)).bind(who).bind(what).step();
}

Result<std::vector<AuditEntry>, std::string> People::audit_trail(std::size_t newest) {
    std::vector<AuditEntry> found;
    Statement select =
        database_->prepare("SELECT at, who, what FROM audit ORDER BY at DESC, rowid DESC LIMIT ?");
    select.bind(static_cast<std::int64_t>(newest));
    while (select.step()) {
        found.push_back({from_micros(select.number(0)), select.text(1), select.text(2)});
    }
    if (select.has_failed()) {
        return Unexpected("the people file could not be read: " + database_->last_error());
    }
    return found;
}

}  // namespace lanze::api
