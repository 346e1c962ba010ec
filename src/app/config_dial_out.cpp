// [dial_out]: which numbers agents may dial, and how often.
#include <algorithm>

#include "app/config_sections.h"

namespace lanze::app {

namespace {

constexpr std::size_t kCountryDigitsMax = 3;

std::vector<std::string> read_prefixes(TableReader& table, std::string_view name) {
    std::vector<std::string> prefixes;
    for (const ConfigText& each : table.texts(name, kListMax)) {
        if (edge::is_prefix(each.text)) {
            prefixes.push_back(each.text);
        } else {
            table.reject_at(each.at, each.field, in_quotes(each.text) + " is no prefix",
                            "write digits alone, with + and the country where it has one, such as "
                            "\"+4989\"; numbers within the country are written so, too");
        }
    }
    return prefixes;
}

void read_server(TableReader& table, edge::DialOut& rules) {
    const auto text = table.text("server");
    if (!text) {
        return;
    }
    rules.server = Endpoint::parse(*text);
    if (!rules.server && IpAddress::parse(*text)) {
        rules.server = Endpoint{*IpAddress::parse(*text), 5060};
    }
    if (!rules.server || rules.server->port == 0) {
        table.reject("server", in_quotes(*text) + " is no address",
                     "write one such as \"192.0.2.7:5060\"; names are not looked up");
    }
}

void check_way(TableReader& table, const edge::DialOut& rules, const ConfigDraft& draft) {
    const auto& trunks = draft.config.edge.trunks;
    const auto trunk = std::ranges::find(trunks, rules.trunk, &edge::Trunk::name);
    if (rules.trunk.empty()) {
        return;  // said already
    }
    if (trunk == trunks.end()) {
        table.reject("trunk", in_quotes(rules.trunk) + " is no trunk of this file",
                     "write the name of a [[trunk]]");
    } else if (!trunk->account && !rules.server) {
        table.reject("trunk", in_quotes(rules.trunk) + " has no register, and so no server to call",
                     "add server = \"192.0.2.7:5060\", or choose a trunk with register");
    } else if (trunk->account && rules.server) {
        table.reject("server", "is given, but " + in_quotes(rules.trunk) + " registers at one",
                     "leave it out: calls go where the trunk is registered");
    }
}

// What is allowed in vain is probably a slip.
void check_prefixes(TableReader& table, const edge::DialOut& rules) {
    if (rules.allowed.empty() && !table.has("allowed")) {
        table.reject("allowed", "is missing, and so no number could be dialled",
                     "list what numbers may begin with: allowed = [\"+49\"]");
    }
    for (const std::string& prefix : rules.allowed) {
        const bool is_vain = std::ranges::any_of(
            rules.forbidden, [&](const std::string& other) { return prefix.starts_with(other); });
        if (is_vain) {
            table.reject("allowed", in_quotes(prefix) + " is forbidden, too",
                         "take it out of one of the two lists");
        }
    }
}

}  // namespace

void read_dial_out(TableReader& root, ConfigDraft& draft) {
    auto table = root.table("dial_out");
    if (!table) {
        return;
    }
    edge::DialOut& rules = draft.config.edge.dial_out;
    rules.trunk = table->required_text("trunk");
    read_server(*table, rules);
    rules.country = table->text("country").value_or("");
    const bool is_country = rules.country.empty() ||
                            (rules.country.size() <= kCountryDigitsMax &&
                             edge::is_prefix(rules.country) && !rules.country.starts_with('+'));
    if (!is_country) {
        table->reject("country", in_quotes(rules.country) + " is no country code",
                      "write its digits alone: \"49\"");
    }
    rules.allowed = read_prefixes(*table, "allowed");
    rules.forbidden = read_prefixes(*table, "forbidden");
    if (const auto shown = table->text("number_shown"); shown && !shown->empty()) {
        const auto number = edge::normalised_number(*shown, rules.country);
        rules.shown = number ? *number : "";
        if (!number) {
            table->reject("number_shown",
                          in_quotes(*shown) + " " + std::string(edge::explain(number.error())), "");
        }
    }
    rules.calls_max = table->integer("calls_max", {rules.calls_max, 1, 1'000});
    rules.calls_per_hour =
        table->integer("calls_per_agent_and_hour", {rules.calls_per_hour, 1, 600});
    rules.length_max = table->duration("length_max", {rules.length_max, minutes(1), hours(12)});
    rules.answer_max = table->duration("answer_max", {rules.answer_max, seconds(5), minutes(2)});
    table->reject_unknown();
    check_way(*table, rules, draft);
    check_prefixes(*table, rules);
}

}  // namespace lanze::app
