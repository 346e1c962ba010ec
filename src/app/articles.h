// Articles that a centre brings along: files of Markdown in a folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/knowledge.h"
#include "base/result.h"

namespace lanze::app {

inline constexpr std::size_t kArticleFilesMax = 1'000;

// "# Title" in the first line, then perhaps "Queues: bank, mobile", then the text. The error says
// what is wrong, without the file's name.
Result<api::ArticleText, std::string> parse_article(std::string_view text);

// Every *.md file of the folder, by name. The error is a part of a sentence: the file, the line and
// what is wrong.
Result<std::vector<api::ArticleText>, std::string> read_articles(const std::string& folder);

}  // namespace lanze::app
