#include <algorithm>

#include "app/config_sections.h"

namespace lanze::app {

namespace {

constexpr std::string_view kNumberMark = "{}";
constexpr std::uint32_t kPlaceMax = 1'000'000;

bool is_dialled_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("+*#._-").find(c) != std::string_view::npos;
}

// A voice of espeak-ng, handed to it as an argument.
std::string read_language(TableReader& table) {
    std::string language = table.text("language").value_or("de");
    const bool is_plain = std::all_of(language.begin(), language.end(), [](char c) {
        return is_dialled_character(c) && c != '*' && c != '#';
    });
    if (language.empty() || !is_plain || language.front() == '-') {
        table.reject("language", in_quotes(language) + " is no language",
                     "write a voice of espeak-ng such as \"de\" or \"en\"");
        return "de";
    }
    return language;
}

std::vector<std::string> read_numbers(TableReader& queue, ConfigDraft& draft) {
    std::vector<std::string> result;
    for (const auto& [number, at, field] : queue.texts("numbers", kListMax)) {
        const bool is_dialled = !number.empty() && number.size() <= kNameBytesMax &&
                                std::all_of(number.begin(), number.end(), is_dialled_character);
        if (!is_dialled) {
            queue.reject_at(at, field, in_quotes(number) + " cannot be dialled",
                            "write a number such as \"+4954112345\" or a name such as "
                            "\"bank\", without spaces");
            continue;
        }
        draft.numbers.take(queue, field, number, at);
        result.push_back(number);
    }
    if (result.empty() && !queue.has("numbers")) {
        queue.reject("numbers", "is missing, and so nobody could reach the queue",
                     "add numbers = [\"+4954112345\"]");
    }
    return result;
}

void read_queue(TableReader& table, ConfigDraft& draft) {
    core::QueueConfig queue;
    queue.name = table.required_name("name");
    draft.queue_names.take(table, "name", queue.name, table.position_of("name"));
    read_queue_routing(table, queue, draft);
    edge::QueueLine line;
    line.queue = queue.name;
    line.numbers = read_numbers(table, draft);
    line.answer =
        table.choice<edge::AnswerMode>("answer", line.answer,
                                       {{"at_once", edge::AnswerMode::at_once},
                                        {"when_connected", edge::AnswerMode::when_connected}});
    draft.config.desk.queue_screen_pops.push_back(read_screen_pop(table));
    table.reject_unknown();
    draft.config.core.queues.push_back(std::move(queue));
    draft.config.edge.queues.push_back(std::move(line));
}

enum class PhoneKind : std::uint8_t { fixed, registered, built_in, browser };

// What [[agent]] and [[agents]] say alike; name and phone address still with their "{}".
struct AgentDraft {
    core::AgentConfig core;
    PhoneKind kind = PhoneKind::fixed;
    std::string phone;
    std::string password;
    Duration check_every = seconds(30);
    bool has_desk = false;
};

// What may be presented to an agent who has something else already.
struct Interruption {
    std::string by;
    std::string what;
    bool core::Capacity::*is_allowed;
};

void read_interrupts(TableReader& agent, core::Capacity& capacity) {
    const Interruption known[] = {
        {"calls", "chats", &core::Capacity::calls_interrupt_chats},
        {"calls", "messages", &core::Capacity::calls_interrupt_messages},
        {"chats", "messages", &core::Capacity::chats_interrupt_messages},
        {"messages", "chats", &core::Capacity::messages_interrupt_chats},
    };
    auto table = agent.table("interrupts");
    if (!table) {
        return;
    }
    for (const std::string by : {"calls", "chats", "messages"}) {
        std::vector<std::string> possible;
        for (const Interruption& one : known) {
            if (one.by == by) {
                possible.push_back(one.what);
            }
        }
        for (const auto& [text, at, field] : table->texts(by, possible.size())) {
            const auto place = std::find_if(std::begin(known), std::end(known),
                                            [&, what = text](const Interruption& one) {
                                                return one.by == by && one.what == what;
                                            });
            if (place == std::end(known)) {
                table->reject_at(at, field,
                                 in_quotes(text) + " is nothing that " + by + " interrupt",
                                 "write " + join_quoted(possible, " or "));
            } else {
                capacity.*(place->is_allowed) = true;
            }
        }
    }
    table->reject_unknown();
}

void read_capacity(TableReader& agent, core::Capacity& capacity) {
    if (auto table = agent.table("at_once")) {
        capacity.chats = static_cast<std::uint8_t>(
            table->integer("chats", {capacity.chats, 0, core::kWrittenMax}));
        capacity.messages = static_cast<std::uint8_t>(
            table->integer("messages", {capacity.messages, 0, core::kWrittenMax}));
        table->reject_unknown();
    }
    read_interrupts(agent, capacity);
}

PhoneKind read_phone_kind(TableReader& table, const std::string& phone) {
    const bool is_built_in = table.boolean("built_in", false);
    if (is_built_in && table.has("phone")) {
        table.reject("phone", "contradicts built_in = true", "take one of the two out");
    } else if (!is_built_in && !table.has("phone")) {
        table.reject("phone", "is missing",
                     "add phone = \"browser\", phone = \"registered\" or phone = "
                     "\"sip:NAME@ADDRESS:PORT\"");
    }
    if (is_built_in) {
        return PhoneKind::built_in;
    }
    if (phone == "browser") {
        return PhoneKind::browser;
    }
    return phone == "registered" ? PhoneKind::registered : PhoneKind::fixed;
}

void read_password(TableReader& table, AgentDraft& draft) {
    const bool is_given = table.has("password");
    draft.password = table.text("password").value_or("");
    if (draft.kind == PhoneKind::registered && draft.password.empty()) {
        table.reject("password", "is missing, and the phone signs in with it",
                     "add password = \"...\"");
    } else if (draft.kind != PhoneKind::registered && is_given) {
        table.reject("password", "has no use: only a registered phone signs in",
                     "take it out, or write phone = \"registered\"");
    }
}

void read_check_every(TableReader& table, AgentDraft& draft) {
    const ConfigRange<Duration> range{draft.check_every, seconds(0), hours(1)};
    if (draft.kind == PhoneKind::built_in || draft.kind == PhoneKind::browser) {
        draft.check_every = Duration::zero();
        if (table.has("check_every")) {
            table.reject("check_every", "has no use: only SIP phones outside are asked",
                         "take it out");
        }
        return;
    }
    draft.check_every = table.duration("check_every", range);
    if (draft.check_every > Duration::zero() && draft.check_every < seconds(5)) {
        table.reject("check_every", "is too often", "write \"0s\" for never, or \"5s\" and more");
    }
}

AgentDraft read_agent_draft(TableReader& table) {
    AgentDraft draft;
    draft.phone = table.text("phone").value_or("");
    draft.kind = read_phone_kind(table, draft.phone);
    if (draft.kind == PhoneKind::built_in) {
        draft.core.capacity.chats = 0;  // it cannot read
        draft.core.capacity.messages = 0;
    }
    read_core_agent(table, draft.core);
    read_password(table, draft);
    draft.core.starts_ready = table.choice<bool>("starts", draft.kind == PhoneKind::built_in,
                                                 {{"ready", true}, {"not_ready", false}});
    read_check_every(table, draft);
    draft.core.starts_reachable =
        draft.check_every == Duration::zero() &&
        (draft.kind == PhoneKind::fixed || draft.kind == PhoneKind::built_in);
    return draft;
}

// RFC 3261 §19.1: the request goes to this address as it is; names are not looked up.
std::optional<sip::Uri> phone_address(const std::string& text) {
    auto uri = sip::Uri::parse(text);
    if (!uri || uri->scheme != "sip" || uri->user.empty()) {
        return std::nullopt;
    }
    std::string_view host = uri->host;
    if (host.size() > 2 && host.front() == '[') {
        host = host.substr(1, host.size() - 2);
    }
    const auto address = IpAddress::parse(host);
    return address && !address->is_unspecified() ? uri : std::nullopt;
}

std::string with_number(std::string text, std::uint32_t number) {
    const std::string digits = std::to_string(number);
    for (std::size_t at = text.find(kNumberMark); at != std::string::npos;
         at = text.find(kNumberMark, at + digits.size())) {
        text.replace(at, kNumberMark.size(), digits);
    }
    return text;
}

// Adds the agent; a fixed phone's address must be right.
void add_agent(TableReader& table, AgentDraft agent, ConfigDraft& draft) {
    edge::Phone phone{agent.core.name, std::nullopt, agent.password, agent.check_every};
    if (agent.kind == PhoneKind::fixed && !agent.phone.empty()) {
        phone.address = phone_address(agent.phone);
        if (!phone.address) {
            table.reject("phone", in_quotes(agent.phone) + " is no phone's address",
                         "write \"sip:NAME@ADDRESS:PORT\" with an IP address, \"registered\" or "
                         "\"browser\"");
        }
    }
    if (agent.kind == PhoneKind::fixed || agent.kind == PhoneKind::registered) {
        draft.config.edge.phones.push_back(std::move(phone));
    }
    if (agent.has_desk) {
        draft.config.desk_agents.push_back(agent.core.name);
    }
    draft.config.core.agents.push_back(std::move(agent.core));
}

void read_built_in(TableReader& table, const AgentDraft& agent, ConfigDraft& draft) {
    const bool is_built_in = agent.kind == PhoneKind::built_in;
    BuiltInAgent built_in{agent.core.name, table.text("says").value_or(""), read_language(table),
                          0};
    built_in.port = static_cast<std::uint16_t>(table.integer("port", {0, 1'024, 65'535}));
    for (const std::string_view field : {"says", "language", "port"}) {
        if (!is_built_in && table.has(field)) {
            table.reject(field, "has no use: only a phone that is built in has it",
                         "take it out, or write built_in = true instead of phone");
        }
    }
    if (!is_built_in) {
        return;
    }
    draft.config.built_in_agents.push_back(std::move(built_in));
    if (draft.config.built_in_agents.size() == kBuiltInAgentsMax + 1) {
        table.reject("built_in", "is beyond the limit",
                     "let at most " + std::to_string(kBuiltInAgentsMax) + " phones be built in");
    }
}

void read_agent(TableReader& table, ConfigDraft& draft) {
    const std::string name = table.required_name("name");
    draft.agent_names.take(table, "name", name, table.position_of("name"));
    AgentDraft agent = read_agent_draft(table);
    agent.core.name = name;
    agent.has_desk =
        table.boolean("desk", agent.kind != PhoneKind::built_in && !agent.core.starts_ready);
    read_built_in(table, agent, draft);
    table.reject_unknown();
    add_agent(table, std::move(agent), draft);
}

// [[agents]]: many alike, for load tests and large floors; "{}" is the agent's number.
void read_agent_pattern(TableReader& table, ConfigDraft& draft) {
    const std::uint32_t count =
        table.integer("count", {1, 1, static_cast<std::uint32_t>(kAgentsMax)});
    if (!table.has("count")) {
        table.reject("count", "is missing", "add count = 100, or write [[agent]] for one");
    }
    const std::uint32_t first = table.integer("first", {1, 0, 1'000'000'000});
    const std::string pattern = table.required_text("name");
    AgentDraft agent = read_agent_draft(table);
    agent.has_desk = table.boolean("desk", false);
    if (agent.kind == PhoneKind::built_in) {
        table.reject("built_in", "is not possible for many agents at once",
                     "write an [[agent]] for each");
    }
    table.reject_unknown();
    const bool is_name = std::all_of(pattern.begin(), pattern.end(), [](char c) {
        return is_dialled_character(c) ? c != '+' && c != '*' && c != '#' : c == '{' || c == '}';
    });
    if (pattern.empty()) {
        return;
    }
    if (pattern.find(kNumberMark) == std::string::npos || !is_name ||
        pattern.size() + 8 > kNameBytesMax ||
        with_number(pattern, 1).find_first_of("{}") != std::string::npos) {
        table.reject("name", in_quotes(pattern) + " is no pattern for names",
                     "write letters, digits, '.', '_', '-' and \"{}\" where the number goes");
        return;
    }
    if (draft.config.core.agents.size() + count > kAgentsMax) {
        table.reject("count", "goes beyond the limit",
                     "let there be at most " + std::to_string(kAgentsMax) + " agents in all");
        return;
    }
    for (std::uint32_t number = first; number < first + count; ++number) {
        AgentDraft one = agent;
        one.core.name = with_number(pattern, number);
        one.phone = with_number(agent.phone, number);
        draft.agent_names.take(table, "name", one.core.name, table.position_of("name"));
        add_agent(table, std::move(one), draft);
    }
}

}  // namespace

void read_core_agent(TableReader& table, core::AgentConfig& agent) {
    agent.skills = read_skills(table);
    agent.wrap_up = table.duration("wrap_up", {agent.wrap_up, seconds(0), hours(1)});
    agent.present_for = table.duration("present_for", {agent.present_for, seconds(1), minutes(5)});
    agent.is_stand_in = table.boolean("stand_in", agent.is_stand_in);
    agent.place = table.integer("place", {agent.place, 0, kPlaceMax});
    read_capacity(table, agent.capacity);
}

void read_queues(TableReader& root, ConfigDraft& draft) {
    if (!root.has("queue")) {
        root.reject("queue", "is missing: there is nothing callers could wait in",
                    "add [[queue]] with name, numbers and skills");
    }
    for (TableReader& table : root.tables("queue", kQueuesMax)) {
        read_queue(table, draft);
    }
    resolve_widening(draft, root.findings());
}

void read_agents(TableReader& root, ConfigDraft& draft) {
    for (TableReader& table : root.tables("agent", kAgentsMax)) {
        read_agent(table, draft);
    }
    for (TableReader& table : root.tables("agents", kListMax)) {
        read_agent_pattern(table, draft);
    }
    if (draft.config.desk_agents.size() > kDesksMax) {
        root.reject("agent", "have " + std::to_string(draft.config.desk_agents.size()) + " desks",
                    "write desk = false where it is not needed: at most " +
                        std::to_string(kDesksMax) + " are made from the file");
    }
}

void read_callers(TableReader& root, ConfigDraft& draft) {
    for (TableReader& table : root.tables("caller", kCallersMax)) {
        BuiltInCaller caller;
        caller.name = table.required_name("name");
        draft.caller_names.take(table, "name", caller.name, table.position_of("name"));
        caller.number = table.required_text("number");
        caller.every = table.duration("every", {caller.every, seconds(1), hours(24)});
        caller.talk_for = table.duration("talk_for", {caller.talk_for, seconds(1), hours(1)});
        caller.patience = table.duration("patience", {caller.patience, seconds(1), hours(1)});
        caller.says = table.text("says").value_or("");
        caller.language = read_language(table);
        table.reject_unknown();
        draft.caller_number_at.push_back(table.position_of("number"));
        draft.config.built_in_callers.push_back(std::move(caller));
    }
}

}  // namespace lanze::app
