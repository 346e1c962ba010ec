#include "app/config_sections.h"

#include <algorithm>
#include <filesystem>

#include "api/fetch.h"
#include "app/text_file.h"

namespace lanze::app {

namespace {

constexpr std::string_view kZoneFolder = "/usr/share/zoneinfo";
constexpr std::uint32_t kPortLeast = 1'024;  // below, only root may bind

bool is_zone_name(std::string_view name) {
    const bool has_plain_letters = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '+' || c == '-' || c == '/';
    });
    return has_plain_letters && !name.empty() && name.front() != '/' && name.size() < 64;
}

// What may have been meant: the nearest name in the same folder.
std::string zone_remedy(const std::filesystem::path& folder, const std::string& zone) {
    const std::filesystem::path named(zone);
    std::vector<std::string> neighbours;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder / named.parent_path(), error), end;
         !error && entry != end; entry.increment(error)) {
        neighbours.push_back(entry->path().filename().string());
    }
    std::sort(neighbours.begin(), neighbours.end());
    if (const auto nearest = nearest_name(named.filename().string(), neighbours)) {
        return "did you mean " + in_quotes((named.parent_path() / *nearest).string()) + "?";
    }
    return "write a name as under " + folder.string() + ", such as \"Europe/Berlin\"";
}

void check_time_zone(TableReader& centre, const std::string& zone) {
    const std::filesystem::path folder(kZoneFolder);
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) {
        centre.reject("time_zone", "cannot be looked up: " + folder.string() + " is not there",
                      "install the package tzdata");
    } else if (!is_zone_name(zone)) {
        centre.reject("time_zone", in_quotes(zone) + " is no name of a time zone",
                      "write one such as \"Europe/Berlin\"");
    } else if (!std::filesystem::is_regular_file(folder / zone, error)) {
        centre.reject("time_zone", in_quotes(zone) + " is no time zone of this machine",
                      zone_remedy(folder, zone));
    }
}

std::optional<edge::Listener> parse_listener(std::string_view text) {
    constexpr std::string_view kUdp = "udp://";
    constexpr std::string_view kTcp = "tcp://";
    const bool is_udp = text.starts_with(kUdp);
    if (!is_udp && !text.starts_with(kTcp)) {
        return std::nullopt;
    }
    const auto bound = Endpoint::parse(text.substr(kUdp.size()));
    if (!bound || bound->port == 0) {
        return std::nullopt;
    }
    return edge::Listener{is_udp ? sip::Transport::udp : sip::Transport::tcp, *bound};
}

void read_listeners(TableReader& sip, ConfigDraft& draft) {
    std::vector<edge::Listener>& listeners = draft.config.edge.listeners;
    for (const auto& [text, at, field] : sip.texts("listen", kListenersMax)) {
        const auto listener = parse_listener(text);
        if (!listener) {
            sip.reject_at(at, field, in_quotes(text) + " is no address to listen on",
                          "write \"udp://127.0.0.1:5060\" or \"tcp://127.0.0.1:5060\", with an IP "
                          "address and a port from 1 to 65535");
        } else if (std::find(listeners.begin(), listeners.end(), *listener) != listeners.end()) {
            sip.reject_at(at, field, in_quotes(text) + " stands there twice",
                          "take one of them out");
        } else {
            listeners.push_back(*listener);
            draft.listener_at.push_back(at);
        }
    }
}

std::optional<IpAddress> read_address(TableReader& reader, std::string_view name) {
    const auto text = reader.text(name);
    if (!text) {
        return std::nullopt;
    }
    const auto address = IpAddress::parse(*text);
    if (!address || address->is_unspecified()) {
        reader.reject(name, in_quotes(*text) + " is no IP address that others can reach",
                      "write one such as \"203.0.113.5\"; names are not looked up");
        return std::nullopt;
    }
    return address;
}

std::vector<IpAddress> read_addresses(TableReader& media, std::string_view name) {
    std::vector<IpAddress> result;
    for (const auto& [text, at, field] : media.texts(name, kMediaAddressesMax)) {
        const auto address = IpAddress::parse(text);
        if (!address) {
            media.reject_at(at, field, in_quotes(text) + " is no IP address",
                            "write one such as \"127.0.0.1\"; names are not looked up");
        } else if (std::find(result.begin(), result.end(), *address) != result.end()) {
            media.reject_at(at, field, in_quotes(text) + " stands there twice",
                            "take one of them out");
        } else {
            result.push_back(*address);
        }
    }
    return result;
}

void read_media_addresses(TableReader& media, ConfigDraft& draft) {
    std::vector<IpAddress> bound = read_addresses(media, "address");
    if (!media.has("address")) {
        bound.push_back(IpAddress::v4(127, 0, 0, 1));
    } else if (bound.empty() && !media.findings().has_errors()) {
        media.reject("address", "is empty", "write the address RTP is received on");
    }
    const std::vector<IpAddress> advertised = read_addresses(media, "advertise");
    if (!advertised.empty() && advertised.size() != bound.size()) {
        media.reject("advertise", "does not have one entry for each entry of address",
                     "write " + std::to_string(bound.size()) + ", in the same order");
        return;
    }
    for (std::size_t i = 0; i < bound.size(); ++i) {
        MediaAddress address{bound[i], std::nullopt};
        if (!advertised.empty()) {
            address.advertise = advertised[i];
        }
        if (bound[i].is_unspecified() && !address.advertise) {
            media.reject("address",
                         bound[i].to_string() + " stands for every address, and phones need one",
                         "add advertise = \"...\" with the address that phones can reach");
        }
        draft.config.media.addresses.push_back(address);
    }
}

void read_media_ports(TableReader& media, ConfigDraft& draft) {
    const ConfigNode* node = media.find("ports");
    if (node == nullptr) {
        return;
    }
    draft.media_ports_at = node->at;
    const auto* list = std::get_if<ConfigList>(&node->value);
    std::vector<std::int64_t> ports;
    for (const ConfigNode& item : list == nullptr ? std::vector<ConfigNode>{} : list->items) {
        const auto* port = std::get_if<std::int64_t>(&item.value);
        ports.push_back(port == nullptr ? 0 : *port);
    }
    const bool is_range =
        ports.size() == 2 && ports[0] >= kPortLeast && ports[1] <= 65'535 && ports[0] < ports[1];
    if (!is_range) {
        draft.media_ports_at = {};
        media.reject("ports", "is no range of ports",
                     "write the first and the last, such as [20000, 29999], from 1024 to 65535");
    } else if (ports[0] % 2 != 0 || ports[1] % 2 == 0) {
        draft.media_ports_at = {};
        // RFC 3550 §11: RTP on an even port, RTCP on the next one.
        media.reject("ports", "does not hold whole pairs",
                     "begin with an even port (RTP) and end with an odd one (RTCP)");
    } else {
        draft.config.media.port_first = static_cast<std::uint16_t>(ports[0]);
        draft.config.media.port_last = static_cast<std::uint16_t>(ports[1]);
    }
}

// The path of a WAV file; "" without one.
std::string read_sound_file(TableReader& media, std::string_view name, const ConfigDraft& draft) {
    const auto path = media.text(name);
    if (!path || path->empty()) {
        return "";
    }
    std::string file = beside(draft.config.path, *path);
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) {
        media.reject(name, in_quotes(*path) + " is not there",
                     "write the path of a WAV file, from the folder of this file on");
    }
    return file;
}

// Runs `read` on the table, or on an empty one at its place in the text, so that defaults come from
// one place only.
template <typename Read>
void with_section(TableReader& root, std::string_view name, Read read) {
    const ConfigNode empty{std::string(name), root.at(), ConfigTable{}};
    auto section = root.table(name);
    if (!section) {
        section.emplace(empty, std::string(name), root.findings());
    }
    read(*section);
    section->reject_unknown();
}

}  // namespace

void TakenNames::take(TableReader& reader, std::string_view field, const std::string& name,
                      ConfigPosition at) {
    if (name.empty()) {
        return;
    }
    const auto [place, is_new] = lines_.emplace(name, at.line);
    if (!is_new) {
        reader.reject_at(
            at, field,
            in_quotes(name) + " is already taken in line " + std::to_string(place->second),
            "choose another one here or there");
    }
}

std::vector<std::string> TakenNames::all() const {
    std::vector<std::string> result;
    result.reserve(lines_.size());
    for (const auto& [name, line] : lines_) {
        result.push_back(name);
    }
    std::sort(result.begin(), result.end());
    return result;
}

std::string beside(const std::string& config_path, const std::string& path) {
    const std::filesystem::path given(path);
    if (given.is_absolute()) {
        return path;
    }
    return (std::filesystem::path(config_path).parent_path() / given).lexically_normal().string();
}

void read_centre(TableReader& root, ConfigDraft& draft) {
    with_section(root, "centre", [&](TableReader& centre) {
        core::Config& core = draft.config.core;
        core.name = centre.required_text("name");
        draft.config.time_zone = centre.text("time_zone").value_or("UTC");
        check_time_zone(centre, draft.config.time_zone);
        core.contacts_max = centre.integer("contacts_max", {core.contacts_max, 1, 1'000'000});
    });
}

void read_sip(TableReader& root, ConfigDraft& draft) {
    with_section(root, "sip", [&](TableReader& sip) {
        edge::Settings& edge = draft.config.edge;
        read_listeners(sip, draft);
        if (!sip.has("listen")) {
            edge.listeners = {*parse_listener("udp://127.0.0.1:5060"),
                              *parse_listener("tcp://127.0.0.1:5060")};
            draft.listener_at.assign(edge.listeners.size(), sip.at());
        }
        edge.advertise = read_address(sip, "advertise");
        const bool listens_everywhere = std::any_of(
            edge.listeners.begin(), edge.listeners.end(),
            [](const edge::Listener& one) { return one.bound.address.is_unspecified(); });
        if (listens_everywhere && !edge.advertise && !sip.has("advertise")) {
            sip.reject("listen", "stands for every address, and phones need one",
                       "add advertise = \"...\" with the address that phones can reach");
        }
        if (sip.has("realm")) {
            edge.realm = sip.required_name("realm");
        }
        edge.calls_max = sip.integer("calls_max", {edge.calls_max, 1, 1'000'000});
        // RFC 4028 §4: shorter sessions than 90 s are a burden.
        edge.session_interval =
            sip.duration("session_interval", {edge.session_interval, seconds(90), hours(24)});
    });
}

void read_media(TableReader& root, ConfigDraft& draft) {
    with_section(root, "media", [&](TableReader& media) {
        draft.media_ports_at = media.at();
        read_media_addresses(media, draft);
        read_media_ports(media, draft);
        draft.config.media.waiting_music = read_sound_file(media, "waiting_music", draft);
        draft.config.media.closed_prompt = read_sound_file(media, "closed_prompt", draft);
        draft.config.media.right_back_prompt = read_sound_file(media, "right_back_prompt", draft);
        draft.config.media.workers = media.integer("workers", {1, 1, 64});
        draft.config.media.port_rest = media.duration(
            "port_rest", {draft.config.media.port_rest, milliseconds(500), minutes(1)});
        edge::Settings& edge = draft.config.edge;
        edge.silence_max = media.duration("silence_max", {edge.silence_max, seconds(5), hours(1)});
        edge.early_media_max =
            media.duration("early_media_max", {edge.early_media_max, seconds(10), hours(2)});
        edge.web_away_max =
            media.duration("page_away_max", {edge.web_away_max, seconds(5), minutes(5)});
        edge.web_opus = media.boolean("opus", edge.web_opus);
        read_ice_servers(media, draft);
    });
}

// Both files or neither; what they hold is looked at here, their dates where it is known what then.
void read_certificate(TableReader& http, ConfigDraft& draft) {
    const auto certificate = http.text("certificate");
    const auto key = http.text("key");
    if (certificate.has_value() != key.has_value()) {
        http.reject(certificate ? "certificate" : "key", "stands alone",
                    "name both files: certificate and key");
        return;
    }
    if (!certificate) {
        return;
    }
    api::CertificateFiles& files = draft.config.http.certificate;
    files = {beside(draft.config.path, *certificate), beside(draft.config.path, *key)};
    if (const auto loaded = api::Certificate::load(files); !loaded) {
        const bool is_of_key = loaded.error().is_of_key;
        http.reject(is_of_key ? "key" : "certificate",
                    (is_of_key ? files.key : files.certificate) + " " + loaded.error().what,
                    "give the PEM files of a certificate with its chain, and of its key without a "
                    "password");
    }
}

void read_http(TableReader& root, ConfigDraft& draft) {
    with_section(root, "http", [&](TableReader& http) {
        HttpConfig& config = draft.config.http;
        draft.http_listen_at = http.position_of("listen");
        const std::string text = http.text("listen").value_or("127.0.0.1:8080");
        const auto listen = Endpoint::parse(text);
        config.is_behind_proxy = http.boolean("behind_proxy", false);
        read_certificate(http, draft);
        const bool is_secure = config.is_behind_proxy || http.has("certificate");
        if (!listen) {
            http.reject("listen", in_quotes(text) + " is no address to listen on",
                        "write an IP address and a port, such as \"127.0.0.1:8080\"");
        } else if (!listen->address.is_loopback() && !is_secure) {
            http.reject("listen",
                        in_quotes(text) +
                            " can be reached from outside without TLS, so "
                            "passwords could be read on the way",
                        "listen on 127.0.0.1, name a certificate and its key, or put a proxy that "
                        "speaks TLS in front and add behind_proxy = true");
        } else {
            config.listen = *listen;
        }
        for (const ConfigText& item : http.texts("host_names", kListMax)) {
            config.host_names.push_back(item.text);
        }
        if (const auto pages = http.text("pages"); pages && !pages->empty()) {
            config.pages = beside(draft.config.path, *pages);
        }
    });
}

// The secret stands in a file of its own, so that the configuration can be shown to others.
void read_oidc(TableReader& root, ConfigDraft& draft) {
    if (!root.has("oidc")) {
        return;
    }
    with_section(root, "oidc", [&](TableReader& oidc) {
        OidcConfig& config = draft.config.oidc;
        config.issuer = oidc.required_text("issuer");
        config.id = oidc.required_text("client_id");
        config.claim = oidc.text("claim").value_or("preferred_username");
        config.name = oidc.text("name").value_or("OpenID Connect");
        if (!config.issuer.empty() && !api::is_safe_address(config.issuer)) {
            oidc.reject("issuer", in_quotes(config.issuer) + " is no https address",
                        "write it as the provider does, such as \"https://id.example.org\"");
        }
        const auto path = oidc.text("client_secret_file");
        if (!path) {
            return;
        }
        config.secret_path = beside(draft.config.path, *path);
        if (read_secret(config.secret_path).empty()) {
            oidc.reject("client_secret_file", config.secret_path + " holds no secret",
                        "write the secret that the provider gave into it, on one line");
        }
    });
}

std::string read_secret(const std::string& path) {
    constexpr std::size_t kSecretMax = 1'024;
    std::string secret = read_text_file(path, kSecretMax + 1).value_or("");
    secret.resize(secret.find_last_not_of("\r\n") + 1);
    const bool is_line = secret.find_first_of("\r\n") == std::string::npos;
    return is_line && secret.size() <= kSecretMax ? secret : "";
}

void read_journal(TableReader& root, ConfigDraft& draft) {
    with_section(root, "journal", [&](TableReader& journal) {
        JournalConfig& config = draft.config.journal;
        const std::string path = journal.has("path") ? journal.required_text("path") : "lanze.db";
        config.path = beside(draft.config.path, path);
        std::filesystem::path keys(config.path);
        const auto named = journal.text("keys");
        config.keys_path =
            named ? beside(draft.config.path, *named) : keys.replace_extension(".keys").string();
        std::filesystem::path people(config.path);
        const auto people_named = journal.text("people");
        config.people_path = people_named ? beside(draft.config.path, *people_named)
                                          : people.replace_extension(".people.db").string();
        if (config.keys_path == config.path || config.people_path == config.path ||
            config.people_path == config.keys_path) {
            journal.reject("path", "is the same file as keys or people",
                           "give each of the three a name of its own");
        }
    });
}

}  // namespace lanze::app
