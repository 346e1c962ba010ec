// Articles: finding and reading them for all who are signed in, writing them for supervisors.
#include <boost/json.hpp>
#include <utility>

#include "api/handlers.h"
#include "api/json_object.h"
#include "api/json_view.h"

namespace lanze::api {

namespace {

constexpr std::size_t kDepthMax = 4;

std::string texts_json(const std::vector<std::string>& texts) {
    std::vector<std::string> items;
    items.reserve(texts.size());
    for (const std::string& text : texts) {
        items.push_back(text_json(text));
    }
    return array_json(items);
}

std::string found_json(const FoundArticle& found) {
    return "{\"id\":" + std::to_string(found.id) + ",\"title\":" + text_json(found.title) +
           ",\"queues\":" + texts_json(found.queues) + ",\"excerpt\":" + text_json(found.excerpt) +
           ",\"is_of_queue\":" + (found.is_of_queue ? "true" : "false") + "}";
}

Response article_response(const Article& article, unsigned status = 200) {
    Response response{.status = status,
                      .body = "{\"id\":" + std::to_string(article.id) +
                              ",\"version\":" + std::to_string(article.version) +
                              ",\"title\":" + text_json(article.text.title) +
                              ",\"queues\":" + texts_json(article.text.queues) +
                              ",\"body\":" + text_json(article.text.body) +
                              ",\"changed\":" + text_json(time_text(article.changed)) +
                              ",\"changed_by\":" + text_json(article.changed_by) + "}"};
    response.headers.push_back({"ETag", "\"" + std::to_string(article.version) + "\""});
    return response;
}

unsigned status_of(KnowledgeError error) {
    switch (error) {
        case KnowledgeError::not_found:
            return 404;
        case KnowledgeError::changed_meanwhile:
        case KnowledgeError::too_many:
            return 409;
        case KnowledgeError::title_wrong:
        case KnowledgeError::body_too_long:
        case KnowledgeError::queues_wrong:
            return 400;
        case KnowledgeError::not_stored:
            break;
    }
    return 503;
}

Response refusal(KnowledgeError error) {
    return error_response(status_of(error), to_string(error), explain(error));
}

// On the reader's thread, which alone uses the file.
void on_reader(const Call& call, const Respond& respond, std::function<Response(Knowledge&)> work) {
    Knowledge* knowledge = call.context.knowledge;
    if (knowledge == nullptr) {
        respond(error_response(503, "no_knowledge", "This centre keeps no articles."));
        return;
    }
    const bool is_taken = call.context.on_reader(
        [knowledge, respond, work = std::move(work)] { respond(work(*knowledge)); });
    if (!is_taken) {
        respond(error_response(503, "too_busy", "Too many lists are read at once; try again."));
    }
}

// {"title", "queues", "body"}; nothing: answered already.
std::optional<ArticleText> read_article(const Call& call, const Respond& respond) {
    auto object = parse_object(call.request.body, kDepthMax);
    const auto title = object ? find_text(*object, "title") : std::nullopt;
    const auto body = object ? find_text(*object, "body") : std::nullopt;
    const auto* queues = object ? object->if_contains("queues") : nullptr;
    ArticleText text;
    bool is_good = title && body && queues != nullptr && queues->is_array();
    for (std::size_t i = 0; is_good && i < queues->get_array().size(); ++i) {
        const auto* name = queues->get_array()[i].if_string();
        is_good = name != nullptr;
        text.queues.emplace_back(is_good ? std::string(*name) : "");
    }
    if (!is_good) {
        respond(error_response(400, "bad_article",
                               "Send {\"title\": ..., \"queues\": [...], \"body\": ...}."));
        return std::nullopt;
    }
    text.title = *title;
    text.body = *body;
    return text;
}

// The version that was read (RFC 9110 §13.1.1); nothing: answered already.
std::optional<std::int64_t> read_version(const Call& call, const Respond& respond) {
    std::string_view tag = call.request.header("If-Match");
    if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') {
        tag = tag.substr(1, tag.size() - 2);
        if (const auto version = parse_number(tag)) {
            return static_cast<std::int64_t>(*version);
        }
    }
    respond(error_response(428, "version_needed",
                           "Say in If-Match which version you have read: its ETag."));
    return std::nullopt;
}

// Answers, and writes into the audit trail, which belongs to the web thread.
std::function<void(std::string)> noting(const Call& call) {
    Context& context = call.context;
    return [&context, who = call.identity.person.name](std::string what) {
        context.on_web([&context, who, what = std::move(what)] {
            context.people.note(context.now(), who, what);
        });
    };
}

std::string described(const Article& article) {
    return "article " + std::to_string(article.id) + " (" + article.text.title + ")";
}

}  // namespace

void find_articles(const Call& call, const Respond& respond) {
    KnowledgeQuery query;
    query.text = call.target.parameter("text").value_or("");
    query.queue = call.target.parameter("queue").value_or("");
    const auto limit = call.target.parameter("limit");
    const auto count = limit ? parse_number(*limit) : std::optional<std::uint64_t>(query.limit);
    if (!count || *count == 0 || *count > Knowledge::kLimitMax) {
        respond(error_response(400, "bad_query", "limit is a number from 1 to 100."));
        return;
    }
    query.limit = static_cast<std::uint32_t>(*count);
    on_reader(call, respond, [query](Knowledge& knowledge) {
        std::vector<std::string> items;
        for (const FoundArticle& found : knowledge.find(query)) {
            items.push_back(found_json(found));
        }
        return Response{.body = "{\"articles\":" + array_json(items) + "}"};
    });
}

void show_article(const Call& call, const Respond& respond) {
    on_reader(call, respond, [id = static_cast<std::int64_t>(call.id)](Knowledge& knowledge) {
        const auto article = knowledge.read(id);
        return article ? article_response(*article) : refusal(KnowledgeError::not_found);
    });
}

void add_article(const Call& call, const Respond& respond) {
    auto text = read_article(call, respond);
    if (!text) {
        return;
    }
    Knowledge::Change change{std::move(*text), call.identity.person.name, call.context.now()};
    on_reader(call, respond, [change = std::move(change), note = noting(call)](Knowledge& all) {
        const auto added = all.add(change);
        if (!added) {
            return refusal(added.error());
        }
        note(described(*added) + " added");
        return article_response(*added, 201);
    });
}

void change_article(const Call& call, const Respond& respond) {
    const auto version = read_version(call, respond);
    if (!version) {
        return;
    }
    auto text = read_article(call, respond);
    if (!text) {
        return;
    }
    Knowledge::Change change{std::move(*text), call.identity.person.name, call.context.now()};
    on_reader(call, respond,
              [id = static_cast<std::int64_t>(call.id), version = *version,
               change = std::move(change), note = noting(call)](Knowledge& all) {
                  const auto changed = all.change(id, version, change);
                  if (!changed) {
                      return refusal(changed.error());
                  }
                  note(described(*changed) + " changed");
                  return article_response(*changed);
              });
}

void remove_article(const Call& call, const Respond& respond) {
    const auto version = read_version(call, respond);
    if (!version) {
        return;
    }
    on_reader(call, respond,
              [id = static_cast<std::int64_t>(call.id), version = *version,
               note = noting(call)](Knowledge& all) {
                  const auto before = all.read(id);
                  if (const auto removed = all.remove(id, version); !removed) {
                      return refusal(removed.error());
                  }
                  note((before ? described(*before) : "article") + " removed");
                  return Response{.status = 204};
              });
}

}  // namespace lanze::api
