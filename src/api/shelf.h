// Shelf: what a centre keeps for its agents beside the calls: articles and thanks, in one file.
#pragma once

#include <string>
#include <vector>

#include "api/knowledge.h"
#include "api/thanks.h"

namespace lanze::api {

struct Shelf {
    Knowledge knowledge;
    Thanks thanks;
};

// Makes the file if it is missing; `articles` are read in if there never was one. The error is a
// sentence for the operator.
Result<Shelf, std::string> open_shelf(const std::string& path,
                                      const std::vector<ArticleText>& articles, Time at);

}  // namespace lanze::api
