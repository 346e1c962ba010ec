#include "api/shelf.h"

#include <utility>

namespace lanze::api {

Result<Shelf, std::string> open_shelf(const std::string& path,
                                      const std::vector<ArticleText>& articles, Time at) {
    auto knowledge = Knowledge::open(path);
    if (!knowledge) {
        return Unexpected(knowledge.error());
    }
    auto thanks = Thanks::open(path);
    if (!thanks) {
        return Unexpected(thanks.error());
    }
    const bool is_first = knowledge->is_untouched();
    for (std::size_t i = 0; is_first && i < articles.size(); ++i) {
        if (const auto added = knowledge->add({articles[i], "(centre)", at}); !added) {
            return Unexpected("article \"" + articles[i].title +
                              "\": " + std::string(explain(added.error())));
        }
    }
    return Shelf{std::move(*knowledge), std::move(*thanks)};
}

}  // namespace lanze::api
