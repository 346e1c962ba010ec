// Knowledge: articles by concern in a SQLite file, found as one types.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace lanze::api {

class Database;

// What somebody writes. `queues` are names; one that no queue has (any more) only groups nothing.
struct ArticleText {
    std::string title;
    std::vector<std::string> queues;  // sorted; none: of every concern
    std::string body;                 // Markdown
    friend bool operator==(const ArticleText&, const ArticleText&) = default;
};

struct Article {
    std::int64_t id = 0;
    std::int64_t version = 0;  // 1, 2, 3 …
    ArticleText text;
    Time changed;
    std::string changed_by;
    friend bool operator==(const Article&, const Article&) = default;
};

// A line of a list of articles.
struct FoundArticle {
    std::int64_t id = 0;
    std::string title;
    std::vector<std::string> queues;
    std::string excerpt;  // what was found stands between \x02 and \x03
    bool is_of_queue = false;
    friend bool operator==(const FoundArticle&, const FoundArticle&) = default;
};

struct KnowledgeQuery {
    std::string text;   // as typed; "": all
    std::string queue;  // articles of this one go first; "": of none
    std::uint32_t limit = 20;
};

enum class KnowledgeError : std::uint8_t {
    not_found,
    changed_meanwhile,  // the version is another one by now
    title_wrong,        // empty, too long, or not one line
    body_too_long,
    queues_wrong,  // too many, or one without a name
    too_many,      // articles
    not_stored,    // the file does not serve
};
// Stable, for programs: "changed_meanwhile".
std::string_view to_string(KnowledgeError error);
// One English sentence for a person.
std::string_view explain(KnowledgeError error);

// Used by one thread at a time.
class Knowledge {
public:
    static constexpr std::size_t kTitleMax = 200;    // bytes
    static constexpr std::size_t kBodyMax = 49'152;  // 48 KiB
    static constexpr std::size_t kQueuesMax = 20;
    static constexpr std::int64_t kArticlesMax = 10'000;
    static constexpr std::size_t kQueryMax = 200;  // bytes; what is behind is not looked for
    static constexpr std::size_t kWordsMax = 8;
    static constexpr std::uint32_t kLimitMax = 100;

    // Makes the file if it is missing. The error is a sentence for the operator.
    static Result<Knowledge, std::string> open(const std::string& path);
    Knowledge(Knowledge&&) noexcept;
    Knowledge& operator=(Knowledge&&) noexcept;
    ~Knowledge();

    // Every word of the text must stand at the beginning of a word of the article. Articles of the
    // queue first, then those that fit best (BM25); without words by title.
    std::vector<FoundArticle> find(const KnowledgeQuery& query);
    std::optional<Article> read(std::int64_t id);

    struct Change {
        ArticleText text;
        std::string who;
        Time at;
    };
    Result<Article, KnowledgeError> add(const Change& change);
    // Only what was read as `version` is overwritten.
    Result<Article, KnowledgeError> change(std::int64_t id, std::int64_t version,
                                           const Change& change);
    Result<void, KnowledgeError> remove(std::int64_t id, std::int64_t version);

    // No article was ever there: what a centre brings along may be read in.
    bool is_untouched();

private:
    explicit Knowledge(std::unique_ptr<Database> database);
    Result<Article, KnowledgeError> store(std::int64_t id, std::int64_t version,
                                          const Change& change);
    std::vector<std::string> queues_of(std::int64_t id);

    std::unique_ptr<Database> database_;
};

// What somebody typed as a query of SQLite's FTS5, in which nothing of it is syntax: each word as a
// quoted prefix. "": no word in it.
std::string fts_query(std::string_view typed);

}  // namespace lanze::api
