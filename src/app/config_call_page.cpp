#include "app/config_sections.h"

namespace lanze::app {

namespace {

constexpr std::size_t kConcernsMax = 50;
constexpr std::size_t kSitesMax = 20;

void read_concern(TableReader& table, ConfigDraft& draft, TakenNames& taken) {
    api::CallConcern concern;
    concern.queue = table.required_text("queue");
    concern.title_de = table.text("title_de").value_or("");
    concern.title_en = table.text("title_en").value_or("");
    // One title will do for both languages, and without any the queue's name.
    concern.title_en = concern.title_en.empty() ? concern.title_de : concern.title_en;
    concern.title_en = concern.title_en.empty() ? concern.queue : concern.title_en;
    concern.title_de = concern.title_de.empty() ? concern.title_en : concern.title_de;
    if (!concern.queue.empty() && !index_of_queue(draft, concern.queue)) {
        table.reject("queue", in_quotes(concern.queue) + " is no queue of this file",
                     "write the name of a [[queue]]");
    }
    taken.take(table, "queue", concern.queue, table.position_of("queue"));
    table.reject_unknown();
    draft.config.call_page.concerns.push_back(std::move(concern));
}

void read_limits(TableReader& page, ConfigDraft& draft) {
    api::CallPageSettings& settings = draft.config.call_page;
    if (auto limits = page.table("calls_per_address")) {
        settings.calls_per_minute =
            limits->integer("minute", {settings.calls_per_minute, 1, 1'000});
        settings.calls_per_hour = limits->integer("hour", {settings.calls_per_hour, 1, 10'000});
        settings.calls_at_once = limits->integer("at_once", {settings.calls_at_once, 1, 1'000});
        limits->reject_unknown();
    }
    settings.at_once = page.integer("at_once", {settings.at_once, 1, 500});
    settings.proof_of_work_from =
        page.integer("proof_of_work_from", {settings.proof_of_work_from, 0, 100'000});
    settings.proof_of_work_bits =
        page.integer("proof_of_work_bits", {settings.proof_of_work_bits, 8, 24});
    settings.token_valid =
        page.duration("token_valid", {settings.token_valid, seconds(10), minutes(10)});
}

}  // namespace

void read_call_page(TableReader& root, ConfigDraft& draft) {
    auto page = root.table("call_page");
    if (!page) {
        return;
    }
    api::CallPageSettings& settings = draft.config.call_page;
    settings.is_enabled = page->boolean("enabled", false);
    TakenNames taken;
    for (TableReader& table : page->tables("concern", kConcernsMax)) {
        read_concern(table, draft, taken);
    }
    if (settings.is_enabled && settings.concerns.empty()) {
        page->reject("concern", "is missing, so that there is nothing to call",
                     "add [[call_page.concern]] with queue = \"...\" for each queue that guests "
                     "may call");
    }
    for (const ConfigText& site : page->texts("frame_ancestors", kSitesMax)) {
        if (api::is_frame_ancestor(site.text)) {
            settings.frame_ancestors.push_back(site.text);
        } else {
            page->reject_at(site.at, site.field, in_quotes(site.text) + " is no site",
                            "write it as in a browser's address, without a path: "
                            "\"https://www.example.org\"");
        }
    }
    read_limits(*page, draft);
    edge::Settings& edge = draft.config.edge;
    edge.guest_away_max = page->duration("away_max", {edge.guest_away_max, seconds(5), minutes(5)});
    edge.guest_silence_max =
        page->duration("silence_max", {edge.guest_silence_max, seconds(10), minutes(5)});
    page->reject_unknown();
}

}  // namespace lanze::app
