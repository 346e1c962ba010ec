#include "app/api_settings.h"

#include <filesystem>
#include <memory>
#include <utility>

#include "app/articles.h"
#include "app/log.h"
#include "app/why.h"
#include "app/why_json.h"
#include "journal/journal_reader.h"

namespace lanze::app {

namespace {

// The built page: as configured, of the tree this program was built in, or as installed.
std::string page_folder(const std::string& configured) {
    if (!configured.empty()) {
        return configured;
    }
    std::error_code none;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", none);
    const auto of_tree = program.parent_path() / "../../ui/dist";
    return std::filesystem::exists(of_tree / "index.html", none) ? of_tree.string()
                                                                 : "/usr/share/lanze/page";
}

// The reader lives in the API, which asks it on one thread.
void read_ended_contacts(const CentreConfig& config, api::Settings& settings) {
    auto reader = journal::JournalReader::open(config.journal.path, config.journal.keys_path);
    if (!reader) {
        return;
    }
    std::shared_ptr<journal::JournalReader> shared = std::move(*reader);
    settings.read_records = [shared](const api::RecordQuery& query) {
        journal::ContactQuery asked;
        asked.limit = query.limit;
        asked.is_newest_first = true;
        if (query.only.is_set()) {
            asked.only = query.only;
        }
        if (query.before.is_set()) {
            asked.before = query.before;
        }
        std::vector<core::ContactRecord> records;
        for (const journal::StoredContact& stored : shared->contacts(asked)) {
            records.push_back(stored.record);
        }
        return records;
    };
    settings.read_memory = [shared](core::ContactId id) {
        api::ContactMemory memory{shared->remark(id), {}};
        for (const core::ContactId each : shared->earlier_of_caller(id, api::kEarlierMax)) {
            journal::ContactQuery asked;
            asked.only = each;
            for (journal::StoredContact& stored : shared->contacts(asked)) {
                memory.earlier.push_back({std::move(stored.record), shared->remark(each)});
            }
        }
        return memory;
    };
    settings.read_handler = [shared](core::ContactId id) {
        journal::ContactQuery asked;
        asked.only = id;
        const auto found = shared->contacts(asked);
        return found.empty()
                   ? api::HandledBy{}
                   : api::HandledBy{found.front().record.agent, found.front().record.queue};
    };
}

// A connection of its own: an explanation may take seconds, and runs on a thread of its own.
void read_reasons(const CentreConfig& config, api::Settings& settings) {
    auto explainer = journal::JournalReader::open(config.journal.path, config.journal.keys_path);
    if (!explainer) {
        return;
    }
    std::shared_ptr<journal::JournalReader> shared = std::move(*explainer);  // likewise
    settings.read_why =
        [shared](core::ContactId id) -> Result<std::optional<std::string>, std::string> {
        const auto why = explain(*shared, id, false);
        if (!why) {
            return Unexpected(why.error());
        }
        if (!*why) {
            return std::optional<std::string>();
        }
        const bool is_over = (*why)->ended.has_value();
        return std::optional(why_json(is_over ? without_agents(**why) : **why));
    };
}

void set_desk(const CentreConfig& config, api::Settings& settings) {
    settings.desk_path = config.desk.path;
    // Calls matter more than articles: what is wrong with them is told at the start.
    if (auto articles = read_articles(config.desk.articles)) {
        settings.articles = std::move(*articles);
    }
    settings.remember_days = config.desk.remember_days;
    settings.screen_pops.of_centre = config.desk.screen_pop;
    for (std::size_t i = 0; i < config.core.queues.size(); ++i) {
        if (const auto& own = config.desk.queue_screen_pops[i]) {
            settings.screen_pops.by_queue[config.core.queues[i].name] = *own;
        }
    }
}

}  // namespace

api::Settings api_settings(const CentreConfig& config) {
    api::Settings settings;
    settings.listen = config.http.listen;
    settings.behind_proxy = config.http.is_behind_proxy;
    settings.certificate = config.http.certificate;
    settings.tell_certificate = [](bool is_taken, const std::string& sentence) {
        is_taken ? log_info("http", sentence) : log_error("http", sentence);
    };
    settings.host_names = config.http.host_names;
    if (const OidcConfig& oidc = config.oidc; !oidc.issuer.empty()) {
        const std::string secret = oidc.secret_path.empty() ? "" : read_secret(oidc.secret_path);
        settings.oidc = api::OidcSettings{oidc.issuer, oidc.id, secret, oidc.claim, oidc.name};
    }
    settings.centre_name = config.core.name;
    settings.people_path = config.journal.people_path;
    settings.page_directory = page_folder(config.http.pages);
    settings.desk_agents = config.desk_agents;
    settings.ice_servers = config.media.ice_servers;
    settings.call_page = config.call_page;
    set_desk(config, settings);
    read_ended_contacts(config, settings);
    read_reasons(config, settings);
    return settings;
}

}  // namespace lanze::app
