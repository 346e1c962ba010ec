#include "api/thanks.h"

#include <utility>

#include "api/database.h"

namespace lanze::api {

namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS thank (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    agent   TEXT NOT NULL,
    text    TEXT NOT NULL,
    queue   TEXT NOT NULL,
    from_whom TEXT NOT NULL,
    at      INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS thank_agent ON thank (agent, id);
PRAGMA secure_delete = ON;
)sql";

}  // namespace

Thanks::Thanks(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Thanks::Thanks(Thanks&&) noexcept = default;
Thanks& Thanks::operator=(Thanks&&) noexcept = default;
Thanks::~Thanks() = default;

Result<Thanks, std::string> Thanks::open(const std::string& path) {
    auto database = Database::open(path);
    if (!database) {
        return Unexpected(database.error());
    }
    if (const auto made = (*database)->execute(kSchema); !made) {
        return Unexpected("thanks in " + path + ": " + made.error());
    }
    return Thanks(std::move(*database));
}

bool Thanks::add(const std::string& agent, const Thank& thank) {
    auto put = database_->prepare(
        "INSERT INTO thank (agent, text, queue, from_whom, at) VALUES (?, ?, ?, ?, ?)");
    put.bind(agent).bind(thank.text).bind(thank.queue).bind(thank.from).bind(to_micros(thank.at));
    put.step();
    auto drop = database_->prepare(
        "DELETE FROM thank WHERE agent = ?1 AND id NOT IN "
        "(SELECT id FROM thank WHERE agent = ?1 ORDER BY id DESC LIMIT ?2)");
    drop.bind(agent).bind(static_cast<std::int64_t>(kPerAgentMax)).step();
    return !put.has_failed();
}

std::vector<Thank> Thanks::of(const std::string& agent) {
    auto rows = database_->prepare(
        "SELECT id, text, queue, from_whom, at FROM thank WHERE agent = ? ORDER BY id DESC");
    rows.bind(agent);
    std::vector<Thank> thanks;
    while (rows.step()) {
        thanks.push_back({rows.number(0), rows.text(1), rows.text(2), rows.text(3),
                          from_micros(rows.number(4))});
    }
    return thanks;
}

bool Thanks::remove(const std::string& agent, std::int64_t id) {
    auto drop = database_->prepare("DELETE FROM thank WHERE agent = ? AND id = ?");
    drop.bind(agent).bind(id).step();
    return database_->changes() > 0;
}

}  // namespace lanze::api
