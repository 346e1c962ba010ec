#include "scenario/centre_lines.h"

#include <functional>

namespace lanze::scenario {

namespace {

// "key=value" or "key"; reads it, or says that it cannot be read.
using Settings = std::map<std::string, std::function<bool(const std::string& value)>>;

std::string read_settings(const Words& words, std::size_t first, const Settings& settings) {
    for (std::size_t i = first; i < words.size(); ++i) {
        const std::size_t equals = words[i].find('=');
        const std::string key = words[i].substr(0, equals);
        const std::string value = equals == std::string::npos ? "" : words[i].substr(equals + 1);
        const auto setting = settings.find(key);
        if (setting == settings.end()) {
            return "unknown setting " + key;
        }
        if (!setting->second(value)) {
            return "cannot read " + words[i];
        }
    }
    return "";
}

auto number_into(auto& target) {
    return [&target](const std::string& value) {
        const bool is_number =
            !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
        if (is_number) {
            target = static_cast<std::remove_reference_t<decltype(target)>>(std::stoull(value));
        }
        return is_number;
    };
}

auto seconds_into(Duration& target) {
    return [&target](const std::string& value) {
        const auto time = parse_seconds(value);
        target = time.value_or(Duration{});
        return time.has_value();
    };
}

auto flag_into(bool& target, bool value) {
    return [&target, value](const std::string& text) {
        target = value;
        return text.empty();
    };
}

template <typename Value>
auto name_into(Value& target, const std::map<std::string, Value>& names) {
    return [&target, &names](const std::string& value) {
        const auto place = names.find(value);
        if (place != names.end()) {
            target = place->second;
        }
        return place != names.end();
    };
}

// "30:bank,german" after widen= or widen_alone=; the latter drops the contact's own needs.
auto step_into(core::QueueConfig& queue, bool drops_own) {
    return [&queue, drops_own](const std::string& value) {
        const std::size_t colon = value.find(':');
        const auto after = parse_seconds(value.substr(0, colon));
        if (!after || colon == std::string::npos) {
            return false;
        }
        queue.widening.push_back({*after, parse_skills(value.substr(colon + 1)), drops_own});
        return true;
    };
}

constexpr std::string_view kProposal = "propose:";

// "30:mobile", or "30:propose:callback", after overflow=: after so many seconds; after
// overflow_expected=: when the wait is expected to be longer; after overflow_at=: when so many
// wait.
template <typename Into>
auto overflow_into(core::QueueConfig& queue, Into&& into) {
    return [&queue, into](const std::string& value) {
        const std::size_t colon = value.find(':');
        core::Overflow overflow;
        const bool is_good = colon != std::string::npos && into(overflow)(value.substr(0, colon));
        const std::string to = is_good ? value.substr(colon + 1) : "";
        const bool is_proposal = to.starts_with(kProposal);
        overflow.to = is_proposal ? "" : to;
        const auto channel = channels().find(is_proposal ? to.substr(kProposal.size()) : "voice");
        overflow.proposes = channel == channels().end() ? core::Channel::voice : channel->second;
        queue.overflows.push_back(overflow);
        return is_good;
    };
}

// "end", or "divert:night".
auto closing_into(core::QueueConfig& queue) {
    return [&queue](const std::string& value) {
        const Words parts = split(value, ':');
        const bool ends = parts.size() == 1 && parts[0] == "end";
        const bool diverts = parts.size() == 2 && parts[0] == "divert";
        queue.at_closing = ends ? core::AtClosing::end : core::AtClosing::divert;
        queue.closing_to = diverts ? parts[1] : "";
        return ends || diverts;
    };
}

// "2:vip": more than two of them must be idle.
auto reserve_into(core::QueueConfig& queue) {
    return [&queue](const std::string& value) {
        const std::size_t colon = value.find(':');
        core::Reserve reserve;
        if (colon == std::string::npos || !number_into(reserve.keep)(value.substr(0, colon))) {
            return false;
        }
        reserve.pool = parse_skills(value.substr(colon + 1));
        queue.reserves.push_back(reserve);
        return true;
    };
}

// "calls:chats,chats:messages"
auto interruptions_into(core::Capacity& capacity) {
    return [&capacity](const std::string& value) {
        bool is_good = true;
        for (const std::string& each : split(value, ',')) {
            const auto place = interruptions().find(each);
            is_good = is_good && place != interruptions().end();
            if (is_good) {
                capacity.*place->second = true;
            }
        }
        return is_good;
    };
}

std::string read_centre(const Words& words, core::Config& config) {
    return read_settings(words, 1,
                         {{"rule", name_into(config.contact_rule, contact_rules())},
                          {"ceiling", number_into(config.charter.occupancy_max_permille)},
                          {"shifts_end", flag_into(config.charter.ends_shifts, true)},
                          {"breaks", flag_into(config.charter.gives_breaks, true)},
                          {"breather", seconds_into(config.charter.breather)},
                          {"starvation", number_into(config.charter.starvation_factor)},
                          {"seed", number_into(config.seed)},
                          {"contacts_max", number_into(config.contacts_max)}});
}

std::string read_queue(const Words& words, core::Config& config) {
    if (words.size() < 4 || words[2] != "needs") {
        return "write: queue NAME needs SKILLS [SETTINGS]";
    }
    core::QueueConfig queue;
    queue.name = words[1];
    queue.needs = parse_skills(words[3]);
    queue.waiting_max = 1'000;
    const std::string problem = read_settings(
        words, 4,
        {{"waiting_max", number_into(queue.waiting_max)},
         {"rule", name_into(queue.agent_rule, agent_rules())},
         {"priority", number_into(queue.priority)},
         {"target", seconds_into(queue.service_level.within)},
         {"preferred_for", seconds_into(queue.preferred_for)},
         {"widen", step_into(queue, false)},
         {"widen_alone", step_into(queue, true)},
         {"overflow",
          overflow_into(queue, [](core::Overflow& one) { return seconds_into(one.after); })},
         {"overflow_expected",
          overflow_into(queue, [](core::Overflow& one) { return seconds_into(one.expected); })},
         {"overflow_at",
          overflow_into(queue, [](core::Overflow& one) { return number_into(one.waiting); })},
         {"at_closing", closing_into(queue)},
         {"reserve", reserve_into(queue)}});
    config.queues.push_back(queue);
    return problem;
}

std::string read_agent(const Words& words, core::Config& config) {
    if (words.size() < 3) {
        return "write: agent NAME SKILLS [SETTINGS]";
    }
    core::AgentConfig agent;
    agent.name = words[1];
    agent.skills = parse_skills(words[2]);
    agent.wrap_up = Duration::zero();
    const std::string problem =
        read_settings(words, 3,
                      {{"wrap_up", seconds_into(agent.wrap_up)},
                       {"present_for", seconds_into(agent.present_for)},
                       {"place", number_into(agent.place)},
                       {"chats", number_into(agent.capacity.chats)},
                       {"messages", number_into(agent.capacity.messages)},
                       {"interrupts", interruptions_into(agent.capacity)},
                       {"starts_ready", flag_into(agent.starts_ready, true)},
                       {"starts_unreachable", flag_into(agent.starts_reachable, false)},
                       {"stand_in", flag_into(agent.is_stand_in, true)}});
    config.agents.push_back(agent);
    return problem;
}

// " key=value" if it is not the default.
template <typename Value>
std::string setting(const std::string& key, const Value& value, const Value& usual) {
    if (value == usual) {
        return "";
    }
    if constexpr (std::is_same_v<Value, Duration>) {
        return " " + key + "=" + seconds_text(value);
    } else if constexpr (std::is_same_v<Value, core::AgentRule>) {
        return " " + key + "=" + name_in(agent_rules(), value);
    } else if constexpr (std::is_same_v<Value, core::ContactRule>) {
        return " " + key + "=" + name_in(contact_rules(), value);
    } else if constexpr (std::is_same_v<Value, bool>) {
        return " " + key;
    } else {
        return " " + key + "=" + std::to_string(value);
    }
}

std::string centre_line(const core::Config& config) {
    const core::Config usual;
    return "centre" + setting("rule", config.contact_rule, usual.contact_rule) +
           setting("ceiling", config.charter.occupancy_max_permille,
                   usual.charter.occupancy_max_permille) +
           setting("shifts_end", config.charter.ends_shifts, usual.charter.ends_shifts) +
           setting("breaks", config.charter.gives_breaks, usual.charter.gives_breaks) +
           setting("breather", config.charter.breather, usual.charter.breather) +
           setting("starvation", config.charter.starvation_factor,
                   usual.charter.starvation_factor) +
           setting("seed", config.seed, usual.seed) +
           setting("contacts_max", config.contacts_max, usual.contacts_max);
}

std::string queue_line(const core::QueueConfig& queue) {
    const core::QueueConfig usual;
    std::string line = "queue " + queue.name + " needs " + skills_text(queue.needs) +
                       setting("waiting_max", queue.waiting_max, std::uint32_t{1'000}) +
                       setting("rule", queue.agent_rule, usual.agent_rule) +
                       setting("priority", queue.priority, usual.priority) +
                       setting("target", queue.service_level.within, usual.service_level.within) +
                       setting("preferred_for", queue.preferred_for, usual.preferred_for);
    for (const core::WideningStep& step : queue.widening) {
        line += (step.drops_own ? " widen_alone=" : " widen=") + seconds_text(step.after) + ":" +
                skills_text(step.needs);
    }
    for (const core::Overflow& overflow : queue.overflows) {
        if (overflow.waiting > 0) {
            line += " overflow_at=" + std::to_string(overflow.waiting);
        } else if (overflow.expected > Duration::zero()) {
            line += " overflow_expected=" + seconds_text(overflow.expected);
        } else {
            line += " overflow=" + seconds_text(overflow.after);
        }
        line += ":" + (overflow.to.empty()
                           ? std::string(kProposal) + name_in(channels(), overflow.proposes)
                           : overflow.to);
    }
    if (queue.at_closing != usual.at_closing) {
        line += queue.at_closing == core::AtClosing::end ? " at_closing=end"
                                                         : " at_closing=divert:" + queue.closing_to;
    }
    for (const core::Reserve& reserve : queue.reserves) {
        line += " reserve=" + std::to_string(reserve.keep) + ":" + skills_text(reserve.pool);
    }
    return line;
}

std::string agent_line(const core::AgentConfig& agent) {
    const core::AgentConfig usual;
    std::string interrupts;
    for (const auto& [name, flag] : interruptions()) {
        if (agent.capacity.*flag) {
            interrupts += (interrupts.empty() ? " interrupts=" : ",") + name;
        }
    }
    return "agent " + agent.name + " " + skills_text(agent.skills) +
           setting("wrap_up", agent.wrap_up, Duration{}) +
           setting("present_for", agent.present_for, usual.present_for) +
           setting("place", agent.place, usual.place) +
           setting("starts_ready", agent.starts_ready, usual.starts_ready) +
           setting("starts_unreachable", agent.starts_reachable, usual.starts_reachable) +
           setting("stand_in", agent.is_stand_in, usual.is_stand_in) +
           setting("chats", agent.capacity.chats, usual.capacity.chats) +
           setting("messages", agent.capacity.messages, usual.capacity.messages) + interrupts;
}

}  // namespace

bool is_centre_line(const Words& words) {
    return !words.empty() && (words[0] == "centre" || words[0] == "queue" || words[0] == "agent");
}

std::string read_centre_line(const Words& words, core::Config& config) {
    if (words[0] == "centre") {
        return read_centre(words, config);
    }
    return words[0] == "queue" ? read_queue(words, config) : read_agent(words, config);
}

std::vector<std::string> centre_lines(const core::Config& config) {
    std::vector<std::string> lines;
    if (centre_line(config) != "centre") {
        lines.push_back(centre_line(config));
    }
    for (const core::QueueConfig& queue : config.queues) {
        lines.push_back(queue_line(queue));
    }
    for (const core::AgentConfig& agent : config.agents) {
        lines.push_back(agent_line(agent));
    }
    return lines;
}

}  // namespace lanze::scenario
