#include "api/knowledge.h"

#include <algorithm>
#include <utility>

#include "api/database.h"

namespace lanze::api {

namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS article (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    version    INTEGER NOT NULL,
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,
    changed    INTEGER NOT NULL,
    changed_by TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS article_queue (
    article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    queue   TEXT NOT NULL,
    PRIMARY KEY (article, queue)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS article_text USING fts5 (
    title, body, content = 'article', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE TRIGGER IF NOT EXISTS article_added AFTER INSERT ON article BEGIN
    INSERT INTO article_text (rowid, title, body) VALUES (new.id, new.title, new.body);
END;
CREATE TRIGGER IF NOT EXISTS article_removed AFTER DELETE ON article BEGIN
    INSERT INTO article_text (article_text, rowid, title, body)
        VALUES ('delete', old.id, old.title, old.body);
END;
CREATE TRIGGER IF NOT EXISTS article_changed AFTER UPDATE ON article BEGIN
    INSERT INTO article_text (article_text, rowid, title, body)
        VALUES ('delete', old.id, old.title, old.body);
    INSERT INTO article_text (rowid, title, body) VALUES (new.id, new.title, new.body);
END;
)sql";

// A title counts more than the text below it.
constexpr const char* kFind = R"sql(
SELECT article.id, article.title, snippet(article_text, 1, char(2), char(3), '…', 16),
       EXISTS (SELECT 1 FROM article_queue WHERE article = article.id AND queue = ?2) AS is_own
FROM article_text JOIN article ON article.id = article_text.rowid
WHERE article_text MATCH ?1
ORDER BY is_own DESC, bm25(article_text, 6.0, 1.0), article.id LIMIT ?3
)sql";

constexpr const char* kList = R"sql(
SELECT id, title, substr(body, 1, 120),
       EXISTS (SELECT 1 FROM article_queue WHERE article = id AND queue = ?1) AS is_own
FROM article ORDER BY is_own DESC, title COLLATE NOCASE, id LIMIT ?2
)sql";

bool is_of_a_word(char c) {
    const bool is_ascii_word =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_ascii_word || static_cast<unsigned char>(c) >= 0x80;
}

bool is_one_line(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 0x7f; });
}

std::optional<KnowledgeError> problem_of(const ArticleText& text) {
    const bool is_blank = text.title.find_first_not_of(' ') == std::string::npos;
    if (is_blank || text.title.size() > Knowledge::kTitleMax || !is_one_line(text.title)) {
        return KnowledgeError::title_wrong;
    }
    if (text.body.size() > Knowledge::kBodyMax) {
        return KnowledgeError::body_too_long;
    }
    const bool are_named = std::all_of(text.queues.begin(), text.queues.end(), [](const auto& one) {
        return !one.empty() && one.size() <= 64 && is_one_line(one);
    });
    return are_named && text.queues.size() <= Knowledge::kQueuesMax
               ? std::nullopt
               : std::optional(KnowledgeError::queues_wrong);
}

}  // namespace

std::string_view to_string(KnowledgeError error) {
    switch (error) {
        case KnowledgeError::not_found:
            return "not_found";
        case KnowledgeError::changed_meanwhile:
            return "changed_meanwhile";
        case KnowledgeError::title_wrong:
            return "title_wrong";
        case KnowledgeError::body_too_long:
            return "body_too_long";
        case KnowledgeError::queues_wrong:
            return "queues_wrong";
        case KnowledgeError::too_many:
            return "too_many";
        case KnowledgeError::not_stored:
            return "not_stored";
    }
    return "";
}

std::string_view explain(KnowledgeError error) {
    switch (error) {
        case KnowledgeError::not_found:
            return "There is no such article.";
        case KnowledgeError::changed_meanwhile:
            return "Somebody else has changed this article meanwhile; read it again.";
        case KnowledgeError::title_wrong:
            return "A title is one line of at most 200 bytes, and not empty.";
        case KnowledgeError::body_too_long:
            return "An article has at most 48 KiB.";
        case KnowledgeError::queues_wrong:
            return "Name at most 20 queues.";
        case KnowledgeError::too_many:
            return "There are 10000 articles already; remove some first.";
        case KnowledgeError::not_stored:
            return "The file of the articles cannot be written.";
    }
    return "";
}

std::string fts_query(std::string_view typed) {
    typed = typed.substr(0, Knowledge::kQueryMax);
    std::string query;
    for (std::size_t words = 0; words < Knowledge::kWordsMax && !typed.empty(); ++words) {
        const auto begin = std::find_if(typed.begin(), typed.end(), is_of_a_word);
        const auto end = std::find_if_not(begin, typed.end(), is_of_a_word);
        if (begin == end) {
            break;
        }
        query += query.empty() ? "\"" : " \"";
        query.append(begin, end);
        query += "\"*";
        typed.remove_prefix(static_cast<std::size_t>(end - typed.begin()));
    }
    return query;
}

Knowledge::Knowledge(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Knowledge::Knowledge(Knowledge&&) noexcept = default;
Knowledge& Knowledge::operator=(Knowledge&&) noexcept = default;
Knowledge::~Knowledge() = default;

Result<Knowledge, std::string> Knowledge::open(const std::string& path) {
    auto database = Database::open(path);
    if (!database) {
        return Unexpected(database.error());
    }
    if (const auto made = (*database)->execute(kSchema); !made) {
        return Unexpected("articles in " + path + ": " + made.error());
    }
    return Knowledge(std::move(*database));
}

std::vector<std::string> Knowledge::queues_of(std::int64_t id) {
    std::vector<std::string> queues;
    auto rows =
        database_->prepare("SELECT queue FROM article_queue WHERE article = ? ORDER BY queue");
    rows.bind(id);
    while (rows.step()) {
        queues.push_back(rows.text(0));
    }
    return queues;
}

std::vector<FoundArticle> Knowledge::find(const KnowledgeQuery& query) {
    const std::string words = fts_query(query.text);
    const std::int64_t limit = std::min(query.limit, kLimitMax);
    auto rows = database_->prepare(words.empty() ? kList : kFind);
    if (!words.empty()) {
        rows.bind(words);
    }
    rows.bind(query.queue).bind(limit);
    std::vector<FoundArticle> found;
    while (rows.step()) {
        FoundArticle& one = found.emplace_back();
        one.id = rows.number(0);
        one.title = rows.text(1);
        one.excerpt = rows.text(2);
        one.is_of_queue = rows.number(3) != 0;
    }
    for (FoundArticle& one : found) {
        one.queues = queues_of(one.id);
    }
    return found;
}

std::optional<Article> Knowledge::read(std::int64_t id) {
    auto row = database_->prepare(
        "SELECT version, title, body, changed, changed_by FROM article WHERE id = ?");
    if (!row.bind(id).step()) {
        return std::nullopt;
    }
    return Article{id,
                   row.number(0),
                   {row.text(1), queues_of(id), row.text(2)},
                   from_micros(row.number(3)),
                   row.text(4)};
}

Result<Article, KnowledgeError> Knowledge::add(const Change& change) {
    auto count = database_->prepare("SELECT count(*) FROM article");
    if (count.step() && count.number(0) >= kArticlesMax) {
        return Unexpected(KnowledgeError::too_many);
    }
    return store(0, 0, change);
}

Result<Article, KnowledgeError> Knowledge::change(std::int64_t id, std::int64_t version,
                                                  const Change& change) {
    if (!read(id)) {
        return Unexpected(KnowledgeError::not_found);
    }
    return store(id, version, change);
}

// A new one has no id yet.
Result<Article, KnowledgeError> Knowledge::store(std::int64_t id, std::int64_t version,
                                                 const Change& change) {
    if (const auto problem = problem_of(change.text)) {
        return Unexpected(*problem);
    }
    const auto undo = [this](KnowledgeError error) {
        (void)database_->execute("ROLLBACK");
        return Unexpected(error);
    };
    if (!database_->execute("BEGIN IMMEDIATE")) {
        return Unexpected(KnowledgeError::not_stored);
    }
    auto row = id == 0 ? database_->prepare(
                             "INSERT INTO article (title, body, changed, changed_by, "
                             "version) VALUES (?, ?, ?, ?, ?) RETURNING id")
                       : database_->prepare(
                             "UPDATE article SET title = ?, body = ?, changed = ?, "
                             "changed_by = ?, version = version + 1 "
                             "WHERE version = ? AND id = ? RETURNING id");
    row.bind(change.text.title)
        .bind(change.text.body)
        .bind(to_micros(change.at))
        .bind(change.who)
        .bind(id == 0 ? std::int64_t{1} : version);
    if (id != 0) {
        row.bind(id);
    }
    if (!row.step()) {
        return undo(row.has_failed() ? KnowledgeError::not_stored
                                     : KnowledgeError::changed_meanwhile);
    }
    id = row.number(0);
    while (row.step()) {
    }
    auto drop = database_->prepare("DELETE FROM article_queue WHERE article = ?");
    drop.bind(id).step();
    for (const std::string& queue : change.text.queues) {
        auto put = database_->prepare("INSERT OR IGNORE INTO article_queue VALUES (?, ?)");
        put.bind(id).bind(queue).step();
    }
    if (!database_->execute("COMMIT")) {
        return undo(KnowledgeError::not_stored);
    }
    auto stored = read(id);
    return stored ? Result<Article, KnowledgeError>(std::move(*stored))
                  : Unexpected(KnowledgeError::not_stored);
}

Result<void, KnowledgeError> Knowledge::remove(std::int64_t id, std::int64_t version) {
    auto row = database_->prepare("DELETE FROM article WHERE id = ? AND version = ?");
    row.bind(id).bind(version).step();
    if (row.has_failed()) {
        return Unexpected(KnowledgeError::not_stored);
    }
    if (database_->changes() > 0) {
        return {};
    }
    return Unexpected(read(id) ? KnowledgeError::changed_meanwhile : KnowledgeError::not_found);
}

bool Knowledge::is_untouched() {
    auto row = database_->prepare("SELECT count(*) FROM sqlite_sequence WHERE name = 'article'");
    return row.step() && row.number(0) == 0;
}

}  // namespace lanze::api
