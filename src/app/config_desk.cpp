#include <filesystem>

#include "api/screen_pop.h"
#include "app/config_sections.h"

namespace lanze::app {

namespace {

// A caller's number is kept no longer, and so he cannot be known again after that.
constexpr std::uint32_t kRememberDaysMax = 90;

}  // namespace

// An empty one is taken as it is: a queue may do without the centre's.
std::optional<std::string> read_screen_pop(TableReader& table) {
    auto address = table.text("screen_pop");
    if (!address || address->empty()) {
        return address;
    }
    if (const auto checked = api::check_screen_pop(*address); !checked) {
        table.reject("screen_pop", in_quotes(*address) + " " + checked.error(),
                     "write one such as \"https://crm.example/?phone={caller}&queue={queue}\"");
        return std::nullopt;
    }
    return address;
}

void read_desk(TableReader& root, ConfigDraft& draft) {
    DeskConfig& config = draft.config.desk;
    std::filesystem::path file(draft.config.journal.path);
    config.path = file.replace_extension(".desk.db").string();
    auto desk = root.table("desk");
    if (!desk) {
        return;
    }
    if (const auto named = desk->text("file"); named && !named->empty()) {
        config.path = beside(draft.config.path, *named);
    }
    if (const auto folder = desk->text("articles"); folder && !folder->empty()) {
        config.articles = beside(draft.config.path, *folder);
        config.articles_line = desk->position_of("articles").line;
    }
    config.screen_pop = read_screen_pop(*desk).value_or("");
    config.remember_days =
        desk->integer("remember_callers_days", {config.remember_days, 0, kRememberDaysMax});
    desk->reject_unknown();
}

}  // namespace lanze::app
