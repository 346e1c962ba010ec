#include "app/config_sections.h"

namespace lanze::app {

namespace {

constexpr std::size_t kServersMax = 4;
constexpr std::size_t kUrlsMax = 4;

}  // namespace

void read_ice_servers(TableReader& media, ConfigDraft& draft) {
    for (TableReader& table : media.tables("ice_server", kServersMax)) {
        api::IceServer server;
        for (const ConfigText& item : table.texts("urls", kUrlsMax)) {
            if (api::is_ice_url(item.text)) {
                server.urls.push_back(item.text);
            } else {
                table.reject_at(item.at, item.field,
                                in_quotes(item.text) + " is no address of a STUN or TURN server",
                                "write one such as \"turns:turn.example.org:5349?transport=tcp\"");
            }
        }
        if (!table.has("urls")) {
            table.reject("urls", "is missing", "add urls = [\"turns:HOST:5349?transport=tcp\"]");
        }
        server.secret = table.text("secret").value_or("");
        server.valid_for = table.duration("valid_for", {server.valid_for, minutes(5), hours(24)});
        table.reject_unknown();
        draft.config.media.ice_servers.push_back(std::move(server));
    }
}

}  // namespace lanze::app
