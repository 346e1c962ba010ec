#include "app/config_sections.h"

namespace lanze::app {

namespace {

std::optional<sip::Credentials> read_credentials(TableReader& trunk) {
    auto table = trunk.table("credentials");
    if (!table) {
        return std::nullopt;
    }
    sip::Credentials result{table->required_name("username"), table->required_text("password")};
    table->reject_unknown();
    return result;
}

// A host name or an address, with or without a port; an IPv6 address with one in brackets.
bool is_registrar(const std::string& text) {
    if (text.starts_with('[')) {
        const bool has_port = !text.ends_with(']');
        const auto endpoint = Endpoint::parse(has_port ? text : text + ":5060");
        return endpoint && endpoint->port != 0;
    }
    const std::size_t colon = text.find(':');
    if (colon != text.rfind(':')) {
        return IpAddress::parse(text).has_value();
    }
    const bool is_plain = text.find_first_of(" /@;<>[]\"") == std::string::npos;
    // The port is read as an endpoint's is.
    const auto port = colon == std::string::npos
                          ? std::nullopt
                          : Endpoint::parse("127.0.0.1" + text.substr(colon));
    const bool has_good_port = colon == std::string::npos || (port && port->port != 0);
    return is_plain && colon != 0 && has_good_port;
}

std::optional<edge::ProviderAccount> read_account(TableReader& trunk) {
    auto table = trunk.table("register");
    if (!table) {
        return std::nullopt;
    }
    edge::ProviderAccount result;
    result.registrar = table->required_text("registrar");
    if (!result.registrar.empty() && !is_registrar(result.registrar)) {
        table->reject("registrar", in_quotes(result.registrar) + " is no host",
                      "write the provider's host alone, such as \"sip.example.org\" or "
                      "\"sip.example.org:5060\"");
    }
    result.transport =
        table->choice<sip::Transport>("transport", result.transport,
                                      {{"udp", sip::Transport::udp}, {"tcp", sip::Transport::tcp}});
    result.username = table->required_text("username");
    result.password = table->required_text("password");
    result.domain = table->text("domain").value_or("");
    result.expires = table->duration("expires", {result.expires, seconds(60), hours(24)});
    table->reject_unknown();
    return result;
}

std::vector<Network> read_networks(TableReader& trunk) {
    std::vector<Network> result;
    for (const auto& [text, at, field] : trunk.texts("from", kListMax)) {
        if (const auto network = Network::parse(text)) {
            result.push_back(*network);
        } else {
            trunk.reject_at(at, field, in_quotes(text) + " is no range of addresses",
                            "write one such as \"192.0.2.0/24\" or \"192.0.2.7\"; names are not "
                            "looked up");
        }
    }
    return result;
}

}  // namespace

void read_trunks(TableReader& root, ConfigDraft& draft) {
    for (TableReader& table : root.tables("trunk", kTrunksMax)) {
        edge::Trunk trunk;
        trunk.name = table.required_name("name");
        draft.trunk_names.take(table, "name", trunk.name, table.position_of("name"));
        trunk.from = read_networks(table);
        trunk.credentials = read_credentials(table);
        trunk.account = read_account(table);
        trunk.trusts_identity = table.boolean("trusts_identity", trunk.trusts_identity);
        if (!table.has("from") && !trunk.credentials && !trunk.account) {
            table.reject("from", "is missing, and so nobody could come in",
                         "add from = [\"192.0.2.0/24\"], credentials = { ... } or register = "
                         "{ ... }");
        }
        table.reject_unknown();
        draft.config.edge.trunks.push_back(std::move(trunk));
    }
}

}  // namespace lanze::app
