#include "app/articles.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "app/text_file.h"

namespace lanze::app {

namespace {

constexpr std::string_view kTitleMark = "# ";
constexpr std::string_view kQueuesMark = "Queues:";

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r"), text.size());
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(" \t\r") + 1);
}

// The first line; `text` goes on behind it.
std::string_view take_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return trimmed(line);
}

std::vector<std::string> names_in(std::string_view list) {
    std::vector<std::string> names;
    while (!list.empty()) {
        const std::string_view name = list.substr(0, list.find(','));
        list.remove_prefix(std::min(name.size() + 1, list.size()));
        if (!trimmed(name).empty()) {
            names.emplace_back(trimmed(name));
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

Result<api::ArticleText, std::string> parse_article(std::string_view text) {
    api::ArticleText article;
    const std::string_view title = take_line(text);
    if (!title.starts_with(kTitleMark) || trimmed(title.substr(kTitleMark.size())).empty()) {
        return Unexpected(std::string("line 1 is no title: it begins with \"# \""));
    }
    article.title = trimmed(title.substr(kTitleMark.size()));
    if (article.title.size() > api::Knowledge::kTitleMax) {
        return Unexpected(std::string("line 1 is longer than 200 bytes"));
    }
    std::string_view rest = text;
    if (const std::string_view line = take_line(rest); line.starts_with(kQueuesMark)) {
        article.queues = names_in(line.substr(kQueuesMark.size()));
        text = rest;
    }
    if (article.queues.size() > api::Knowledge::kQueuesMax) {
        return Unexpected(std::string("line 2 names more than 20 queues"));
    }
    text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
    article.body = text;
    if (article.body.size() > api::Knowledge::kBodyMax) {
        return Unexpected(std::string("has more than 48 KiB"));
    }
    return article;
}

Result<std::vector<api::ArticleText>, std::string> read_articles(const std::string& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".md") {
            files.push_back(entry.path());
        }
        if (files.size() > kArticleFilesMax) {
            return Unexpected(folder + " holds more than 1000 articles");
        }
    }
    if (error) {
        return Unexpected(folder + " is no folder that can be read");
    }
    std::sort(files.begin(), files.end());
    std::vector<api::ArticleText> articles;
    articles.reserve(files.size());
    for (const std::filesystem::path& file : files) {
        const auto text = read_text_file(file.string(), api::Knowledge::kBodyMax + 1'024);
        if (!text) {
            return Unexpected(file.string() + " cannot be read");
        }
        auto article = parse_article(*text);
        if (!article) {
            return Unexpected(file.string() + ": " + article.error());
        }
        articles.push_back(std::move(*article));
    }
    return articles;
}

}  // namespace lanze::app
