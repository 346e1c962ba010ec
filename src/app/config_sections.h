// The sections of the configuration file: each reads its tables into the draft and notes what is
// wrong; the checks that look at several sections follow.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/config.h"
#include "app/config_reader.h"

namespace lanze::app {

// Names that must be told apart, with the line that took each.
class TakenNames {
public:
    // Notes an error that names both lines if the name is taken. An empty name (already refused)
    // takes nothing.
    void take(TableReader& reader, std::string_view field, const std::string& name,
              ConfigPosition at);
    bool has(const std::string& name) const { return lines_.contains(name); }
    std::vector<std::string> all() const;

private:
    std::unordered_map<std::string, std::uint32_t> lines_;
};

// Where a queue says what later checks look at; where a field is missing, its [[queue]].
struct QueuePositions {
    ConfigPosition skills;
    ConfigPosition priority;
    ConfigPosition share;
    ConfigPosition within;
    ConfigPosition waiting_max;
    ConfigPosition preferred_for;
    ConfigPosition widening;
    ConfigPosition reserve;
    std::vector<ConfigPosition> widening_steps;
    std::vector<ConfigPosition> reserves;
    ConfigPosition overflow;
    std::vector<ConfigPosition> overflows;  // their `to`
    ConfigPosition hours;
    ConfigPosition at_closing;
    ConfigPosition closing_to;
};

// A step of widening that takes the needs of another queue, which may stand further below.
struct WideningToQueue {
    std::size_t queue = 0;
    std::size_t step = 0;
    std::string name;
    ConfigPosition at;
    std::string field;
};

// The configuration on its way, with what the later checks must know of the text.
struct ConfigDraft {
    CentreConfig config;
    TakenNames calendar_names;
    TakenNames queue_names;
    TakenNames numbers;
    TakenNames agent_names;
    TakenNames trunk_names;
    TakenNames caller_names;
    std::vector<QueuePositions> queue_at;  // as config.core.queues
    std::vector<WideningToQueue> widening_to_queues;
    ConfigPosition contact_rule_at;
    std::vector<ConfigPosition> listener_at;  // as config.edge.listeners
    ConfigPosition media_ports_at;            // unset: wrong already
    ConfigPosition http_listen_at;
    std::vector<ConfigPosition> caller_number_at;  // as config.built_in_callers
};

// Of config_sections.cpp: the centre and its connections
void read_centre(TableReader& root, ConfigDraft& draft);
void read_sip(TableReader& root, ConfigDraft& draft);
void read_media(TableReader& root, ConfigDraft& draft);
void read_http(TableReader& root, ConfigDraft& draft);
void read_oidc(TableReader& root, ConfigDraft& draft);
void read_journal(TableReader& root, ConfigDraft& draft);

// Of config_ice.cpp: servers that help browsers' audio through
void read_ice_servers(TableReader& media, ConfigDraft& draft);

// Of config_desk.cpp: what agents' desks show beside the call
void read_desk(TableReader& root, ConfigDraft& draft);
// A template of addresses; nothing if it is missing or wrong.
std::optional<std::string> read_screen_pop(TableReader& table);

// Of config_trunks.cpp
void read_trunks(TableReader& root, ConfigDraft& draft);
// After the trunks, one of which it names.
void read_dial_out(TableReader& root, ConfigDraft& draft);

// Of config_routing.cpp: who gets whom, and the charter
core::Skills read_skills(TableReader& table);
core::AgentRule read_agent_rule(TableReader& queue);
// All of a queue but its name, numbers and how calls are answered.
void read_queue_routing(TableReader& table, core::QueueConfig& queue, ConfigDraft& draft);
void resolve_widening(ConfigDraft& draft, ConfigFindings& findings);  // when all queues are read
void read_routing(TableReader& root, ConfigDraft& draft);
void read_charter(TableReader& root, ConfigDraft& draft);

// The tables of name = [{ ... }, { ... }].
std::vector<TableReader> inline_tables(TableReader& table, std::string_view name,
                                       std::size_t count_max);

// Of config_hours.cpp: calendars, which stand before the queues that name them
void read_calendars(TableReader& root, ConfigDraft& draft);
void read_queue_hours(TableReader& table, ConfigDraft& draft);

// Of config_overflow.cpp: where contacts go that a queue cannot serve
void read_overflows(TableReader& table, core::QueueConfig& queue, QueuePositions& at);
void check_overflow_leads_on(const ConfigDraft& draft, ConfigFindings& findings);
std::optional<std::size_t> index_of_queue(const ConfigDraft& draft, std::string_view name);

// Of config_floor.cpp: queues, agents and the example centre's callers
void read_queues(TableReader& root, ConfigDraft& draft);
// What of an agent the core knows, but for the name.
void read_core_agent(TableReader& table, core::AgentConfig& agent);
void read_agents(TableReader& root, ConfigDraft& draft);
void read_callers(TableReader& root, ConfigDraft& draft);

// Of config_call_page.cpp: callers from web pages; after the queues
void read_call_page(TableReader& root, ConfigDraft& draft);

// Of config_checks.cpp: what only shows when everything is read
void check_queues_are_staffed(const ConfigDraft& draft, ConfigFindings& findings);
void check_ports_are_apart(const ConfigDraft& draft, ConfigFindings& findings);
void check_callers_have_queues(const ConfigDraft& draft, ConfigFindings& findings);
std::string written_skills(const core::Skills& skills);  // "{ bank = 4, gold = 1 }"

// Of config_charter.cpp: refuses whatever would make cancelling slower than buying
void check_cancelling_is_not_slower(const ConfigDraft& draft, ConfigFindings& findings);

// A path of the file: relative ones start in the folder of `config_path`.
std::string beside(const std::string& config_path, const std::string& path);

}  // namespace lanze::app
