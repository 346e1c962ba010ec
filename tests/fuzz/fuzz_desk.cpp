// Any text as a search for articles, as an article's file, as a caller and as a template of the
// customer's page: no crash, a search is never a wrong one, and no caller leads to another host.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "api/knowledge.h"
#include "api/screen_pop.h"
#include "app/articles.h"
#include "base/check.h"
#include "core/caller.h"

namespace {

using namespace lanze;

api::Knowledge open_knowledge() {
    api::Knowledge knowledge = std::move(*api::Knowledge::open(":memory:"));
    LANZE_CHECK(knowledge.add({{"Lost card", {"bank"}, "Block it near the door."}, "x", Time{}}));
    return knowledge;
}

void search(std::string_view text) {
    static api::Knowledge knowledge = open_knowledge();
    (void)knowledge.find({std::string(text), std::string(text)});
    LANZE_CHECK(knowledge.find({"card", ""}).size() == 1);
}

void read_article(std::string_view text) {
    const auto article = app::parse_article(text);
    LANZE_CHECK(article ? article->title.size() <= api::Knowledge::kTitleMax
                        : !article.error().empty());
}

void fill(std::string_view text) {
    const std::string caller(core::caller_number(text));
    (void)core::caller_address(text);
    const std::string filled =
        api::fill_screen_pop("https://crm.example/?n={caller}", {caller, "{caller}", "1"});
    constexpr std::string_view kHead = "https://crm.example/?n=";
    LANZE_CHECK(filled.starts_with(kHead));
    LANZE_CHECK(filled.find_first_of("/?&#@{}", kHead.size()) == std::string::npos);
    if (api::check_screen_pop(text)) {
        LANZE_CHECK(api::check_screen_pop(api::fill_screen_pop(text, {"a b", "q", "1"})));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    search(text);
    read_article(text);
    fill(text);
    return 0;
}
