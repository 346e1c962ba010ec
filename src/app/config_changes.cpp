#include "app/config_changes.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "app/config_text.h"

namespace lanze::app {

namespace {

template <typename Things, typename Write>
std::string listed(const Things& things, const Write& write) {
    std::string text;
    for (const auto& thing : things) {
        text += (text.empty() ? "" : ", ") + std::string(write(thing));
    }
    return "[" + text + "]";
}

std::string written(bool value) {
    return value ? "true" : "false";
}

std::string written(const edge::Listener& listener) {
    const bool is_udp = listener.transport == sip::Transport::udp;
    return in_quotes((is_udp ? "udp://" : "tcp://") + listener.bound.to_string());
}

std::string written(const std::optional<IpAddress>& address) {
    return address ? in_quotes(address->to_string()) : "nothing";
}

// A field as the file writes it; a difference of the texts is one of the values.
struct WrittenField {
    std::string_view field;
    std::string (*write)(const CentreConfig& config);
};

constexpr WrittenField kFixedFields[] = {
    {"centre.time_zone", [](const CentreConfig& config) { return in_quotes(config.time_zone); }},
    {"sip.listen",
     [](const CentreConfig& config) {
         return listed(config.edge.listeners,
                       [](const edge::Listener& one) { return written(one); });
     }},
    {"sip.advertise", [](const CentreConfig& config) { return written(config.edge.advertise); }},
    {"sip.realm", [](const CentreConfig& config) { return in_quotes(config.edge.realm); }},
    {"media.address",
     [](const CentreConfig& config) {
         return listed(config.media.addresses,
                       [](const MediaAddress& one) { return in_quotes(one.bind.to_string()); });
     }},
    {"media.advertise",
     [](const CentreConfig& config) {
         std::vector<IpAddress> given;
         for (const MediaAddress& one : config.media.addresses) {
             given.insert(given.end(), one.advertise ? 1 : 0, one.advertise.value_or(one.bind));
         }
         return listed(given, [](const IpAddress& one) { return in_quotes(one.to_string()); });
     }},
    {"media.ports",
     [](const CentreConfig& config) {
         return "[" + std::to_string(config.media.port_first) + ", " +
                std::to_string(config.media.port_last) + "]";
     }},
    {"media.waiting_music",
     [](const CentreConfig& config) { return in_quotes(config.media.waiting_music); }},
    {"media.closed_prompt",
     [](const CentreConfig& config) { return in_quotes(config.media.closed_prompt); }},
    {"media.right_back_prompt",
     [](const CentreConfig& config) { return in_quotes(config.media.right_back_prompt); }},
    {"media.workers",
     [](const CentreConfig& config) { return std::to_string(config.media.workers); }},
    {"media.port_rest",
     [](const CentreConfig& config) {
         return in_quotes(written_duration(config.media.port_rest));
     }},
    {"http.listen",
     [](const CentreConfig& config) { return in_quotes(config.http.listen.to_string()); }},
    {"http.behind_proxy",
     [](const CentreConfig& config) { return written(config.http.is_behind_proxy); }},
    {"http.certificate",
     [](const CentreConfig& config) { return in_quotes(config.http.certificate.certificate); }},
    {"http.key", [](const CentreConfig& config) { return in_quotes(config.http.certificate.key); }},
    {"http.host_names",
     [](const CentreConfig& config) {
         return listed(config.http.host_names,
                       [](const std::string& name) { return in_quotes(name); });
     }},
    {"http.pages", [](const CentreConfig& config) { return in_quotes(config.http.pages); }},
    {"oidc.issuer", [](const CentreConfig& config) { return in_quotes(config.oidc.issuer); }},
    {"oidc.client_id", [](const CentreConfig& config) { return in_quotes(config.oidc.id); }},
    {"oidc.client_secret_file",
     [](const CentreConfig& config) { return in_quotes(config.oidc.secret_path); }},
    {"oidc.claim", [](const CentreConfig& config) { return in_quotes(config.oidc.claim); }},
    {"oidc.name", [](const CentreConfig& config) { return in_quotes(config.oidc.name); }},
    {"journal.path", [](const CentreConfig& config) { return in_quotes(config.journal.path); }},
    {"journal.keys",
     [](const CentreConfig& config) { return in_quotes(config.journal.keys_path); }},
    {"journal.people",
     [](const CentreConfig& config) { return in_quotes(config.journal.people_path); }},
    {"desk.file", [](const CentreConfig& config) { return in_quotes(config.desk.path); }},
    {"desk.screen_pop",
     [](const CentreConfig& config) { return in_quotes(config.desk.screen_pop); }},
    {"desk.remember_callers_days",
     [](const CentreConfig& config) { return std::to_string(config.desk.remember_days); }},
    {"queue[].screen_pop",
     [](const CentreConfig& config) {
         std::vector<std::string> own;
         for (std::size_t i = 0; i < config.core.queues.size(); ++i) {
             if (const auto& each = config.desk.queue_screen_pops[i]) {
                 own.push_back(config.core.queues[i].name + ": " + *each);
             }
         }
         return listed(own, [](const std::string& each) { return in_quotes(each); });
     }},
};

constexpr std::string_view kRegisterField = "trunk[].register";
constexpr std::string_view kIceField = "media.ice_server";
constexpr std::string_view kBuiltInField = "agent[].built_in";
constexpr std::string_view kCallerField = "caller";
constexpr std::string_view kCallPageField = "call_page";

struct Account {
    std::string trunk;
    edge::ProviderAccount account;
    friend bool operator==(const Account&, const Account&) = default;
};

std::vector<Account> accounts_of(const CentreConfig& config) {
    std::vector<Account> accounts;
    for (const edge::Trunk& trunk : config.edge.trunks) {
        if (trunk.account) {
            accounts.push_back({trunk.name, *trunk.account});
        }
    }
    return accounts;
}

// Things whose whole description is too long, or too secret, to be told.
template <typename Things, typename Write>
void compare(std::string_view field, const Things& before, const Things& after, const Write& write,
             std::vector<RestartField>& needed) {
    if (before == after) {
        return;
    }
    RestartField found{std::string(field), listed(before, write), listed(after, write)};
    if (found.before == found.after) {
        found.after += " with other settings";
    }
    needed.push_back(std::move(found));
}

// Added, removed and changed names, in the order of the file. `is_same` compares two of one name.
template <typename Thing, typename Name, typename IsSame>
api::NameChanges compare_names(const std::vector<Thing>& before, const std::vector<Thing>& after,
                               const Name& name, const IsSame& is_same) {
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < before.size(); ++i) {
        known.emplace(name(before[i]), i);
    }
    api::NameChanges changes;
    std::vector<bool> is_kept(before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
        const auto place = known.find(name(after[i]));
        if (place == known.end()) {
            changes.added.push_back(name(after[i]));
            continue;
        }
        is_kept[place->second] = true;
        if (!is_same(place->second, i)) {
            changes.changed.push_back(name(after[i]));
        }
    }
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (!is_kept[i]) {
            changes.removed.push_back(name(before[i]));
        }
    }
    return changes;
}

// The calendar of the `index`th queue without its name; null: always open.
const Calendar* calendar_of(const CentreConfig& config, std::size_t index) {
    const auto& calendar = config.queue_calendars[index];
    return calendar ? &config.calendars[*calendar] : nullptr;
}

bool has_same_hours(const Calendar* a, const Calendar* b) {
    return a == nullptr || b == nullptr ? a == b
                                        : a->week == b->week && a->special_days == b->special_days;
}

std::unordered_map<std::string, const edge::Phone*> phones_of(const CentreConfig& config) {
    std::unordered_map<std::string, const edge::Phone*> phones;
    for (const edge::Phone& phone : config.edge.phones) {
        phones.emplace(phone.agent, &phone);
    }
    return phones;
}

api::NameChanges changed_agents(const CentreConfig& before, const CentreConfig& after) {
    const auto phones_before = phones_of(before);
    const auto phones_after = phones_of(after);
    return compare_names(
        before.core.agents, after.core.agents,
        [](const core::AgentConfig& agent) -> const std::string& { return agent.name; },
        [&](std::size_t was, std::size_t is) {
            const core::AgentConfig& agent = after.core.agents[is];
            const auto old = phones_before.find(agent.name);
            const auto fresh = phones_after.find(agent.name);
            const bool has_phones = old != phones_before.end() && fresh != phones_after.end();
            const bool is_same_phone =
                has_phones ? *old->second == *fresh->second
                           : (old == phones_before.end()) == (fresh == phones_after.end());
            return before.core.agents[was] == agent && is_same_phone;
        });
}

std::string counted_names(std::string_view kind, const api::NameChanges& names, bool tells_names) {
    std::string text;
    const auto add = [&](const std::vector<std::string>& list, std::string_view what) {
        if (list.empty()) {
            return;
        }
        text += text.empty() ? std::string(kind) + ": " : ", ";
        text += std::to_string(list.size()) + " " + std::string(what);
        text += tells_names ? " (" + join_quoted(list, " and ") + ")" : "";
    };
    add(names.added, "added");
    add(names.removed, "removed");
    add(names.changed, "changed");
    return text;
}

}  // namespace

std::vector<RestartField> restart_needed(const CentreConfig& before, const CentreConfig& after) {
    std::vector<RestartField> needed;
    for (const WrittenField& each : kFixedFields) {
        RestartField found{std::string(each.field), each.write(before), each.write(after)};
        if (found.before != found.after) {
            needed.push_back(std::move(found));
        }
    }
    compare(
        kRegisterField, accounts_of(before), accounts_of(after),
        [](const Account& one) { return one.trunk + " at " + one.account.registrar; }, needed);
    compare(
        kIceField, before.media.ice_servers, after.media.ice_servers,
        [](const api::IceServer& one) { return one.urls.empty() ? "" : one.urls.front(); }, needed);
    compare(
        kBuiltInField, before.built_in_agents, after.built_in_agents,
        [](const BuiltInAgent& one) { return one.agent; }, needed);
    compare(
        kCallerField, before.built_in_callers, after.built_in_callers,
        [](const BuiltInCaller& one) { return one.name; }, needed);
    // What of it concerns the edge (away_max, silence_max) is taken at once.
    compare(
        kCallPageField, std::vector{before.call_page}, std::vector{after.call_page},
        [](const api::CallPageSettings& page) {
            return page.is_enabled ? std::to_string(page.concerns.size()) + " concerns" : "off";
        },
        needed);
    return needed;
}

std::vector<std::string_view> restart_fields() {
    std::vector<std::string_view> fields;
    for (const WrittenField& each : kFixedFields) {
        fields.push_back(each.field);
    }
    fields.insert(fields.end(),
                  {kRegisterField, kIceField, kBuiltInField, kCallerField, kCallPageField});
    return fields;
}

api::ConfigChanges changes_between(const CentreConfig& before, const CentreConfig& after) {
    api::ConfigChanges changes;
    changes.queues = compare_names(
        before.core.queues, after.core.queues,
        [](const core::QueueConfig& queue) -> const std::string& { return queue.name; },
        [&](std::size_t was, std::size_t is) {
            return before.core.queues[was] == after.core.queues[is] &&
                   before.edge.queues[was] == after.edge.queues[is] &&
                   before.queue_purposes[was] == after.queue_purposes[is] &&
                   has_same_hours(calendar_of(before, was), calendar_of(after, is));
        });
    changes.agents = changed_agents(before, after);
    changes.trunks = compare_names(
        before.edge.trunks, after.edge.trunks,
        [](const edge::Trunk& trunk) -> const std::string& { return trunk.name; },
        [&](std::size_t was, std::size_t is) {
            return before.edge.trunks[was] == after.edge.trunks[is];
        });
    const auto centre = [](const CentreConfig& one) {
        return std::tie(one.core.name, one.core.contacts_max);
    };
    const auto sip = [](const CentreConfig& one) {
        return std::tie(one.edge.calls_max, one.edge.session_interval);
    };
    const auto media = [](const CentreConfig& one) {
        return std::tie(one.edge.silence_max, one.edge.early_media_max, one.edge.web_away_max,
                        one.edge.web_opus);
    };
    const auto call_page = [](const CentreConfig& one) {
        return std::tie(one.edge.guest_away_max, one.edge.guest_silence_max);
    };
    const auto routing = [](const CentreConfig& one) {
        return std::tie(one.core.contact_rule, one.core.seed);
    };
    const auto note = [&](std::string_view section, bool is_same) {
        if (!is_same) {
            changes.sections.emplace_back(section);
        }
    };
    note("centre", centre(before) == centre(after));
    note("sip", sip(before) == sip(after));
    note("media", media(before) == media(after));
    note("routing", routing(before) == routing(after));
    note("call_page", call_page(before) == call_page(after));
    note("dial_out", before.edge.dial_out == after.edge.dial_out);
    note("charter", before.core.charter == after.core.charter);
    return changes;
}

std::string describe(const api::ConfigChanges& changes) {
    std::vector<std::string> parts = {counted_names("queues", changes.queues, true),
                                      counted_names("agents", changes.agents, false),
                                      counted_names("trunks", changes.trunks, true)};
    parts.insert(parts.end(), changes.sections.begin(), changes.sections.end());
    std::string text;
    for (const std::string& part : parts) {
        text += text.empty() || part.empty() ? part : "; " + part;
    }
    return text.empty() ? "nothing is otherwise than before" : text;
}

}  // namespace lanze::app
