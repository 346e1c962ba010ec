#include <algorithm>
#include <set>

#include "app/config_sections.h"

namespace lanze::app {

namespace {

// Both lists are sorted by skill.
bool serves(const std::vector<core::SkillLevel>& skills,
            const std::vector<core::SkillLevel>& needs) {
    auto skill = skills.begin();
    for (const core::SkillLevel& need : needs) {
        while (skill != skills.end() && skill->skill < need.skill) {
            ++skill;
        }
        if (skill == skills.end() || skill->skill != need.skill || skill->level < need.level) {
            return false;
        }
    }
    return true;
}

std::string needs_text(const std::vector<core::SkillLevel>& needs) {
    std::string result;
    for (const core::SkillLevel& need : needs) {
        result += (result.empty() ? "" : ", ") + need.skill + " = " + std::to_string(need.level);
    }
    return result;
}

bool share_address(const IpAddress& a, const IpAddress& b) {
    return a == b || (a.is_v6 == b.is_v6 && (a.is_unspecified() || b.is_unspecified()));
}

}  // namespace

void check_queues_are_staffed(const ConfigDraft& draft, ConfigFindings& findings) {
    // Thousands of agents have few different sets of skills.
    std::set<std::vector<core::SkillLevel>> skill_sets;
    for (const core::AgentConfig& agent : draft.config.core.agents) {
        skill_sets.insert(agent.skills);
    }
    for (std::size_t i = 0; i < draft.config.core.queues.size(); ++i) {
        const core::QueueConfig& queue = draft.config.core.queues[i];
        const bool is_staffed =
            std::any_of(skill_sets.begin(), skill_sets.end(),
                        [&](const auto& skills) { return serves(skills, queue.needs); });
        if (!is_staffed) {
            const std::string field = "queue[" + std::to_string(i) + "].skills";
            findings.add(draft.queue_at[i], field,
                         queue.needs.empty()
                             ? "there is no agent at all"
                             : "no agent has all of { " + needs_text(queue.needs) + " }",
                         "give them to an agent, or lower what the queue needs");
        }
    }
}

void check_ports_are_apart(const ConfigDraft& draft, ConfigFindings& findings) {
    const CentreConfig& config = draft.config;
    for (std::size_t i = 0; i < config.edge.listeners.size(); ++i) {
        const edge::Listener& listener = config.edge.listeners[i];
        const Endpoint& bound = listener.bound;
        if (listener.transport == sip::Transport::tcp && bound.port == config.http.listen.port &&
            share_address(bound.address, config.http.listen.address)) {
            findings.add(draft.http_listen_at, "http.listen",
                         "is the same address and port as sip.listen in line " +
                             std::to_string(draft.listener_at[i].line),
                         "choose another port");
        }
        const bool is_media_address = std::any_of(
            config.media.addresses.begin(), config.media.addresses.end(),
            [&](const MediaAddress& one) { return share_address(one.bind, bound.address); });
        if (listener.transport == sip::Transport::udp && is_media_address &&
            draft.media_ports_at.line != 0 && bound.port >= config.media.port_first &&
            bound.port <= config.media.port_last) {
            findings.add(draft.media_ports_at, "media.ports",
                         "holds port " + std::to_string(bound.port) + " of sip.listen in line " +
                             std::to_string(draft.listener_at[i].line),
                         "choose a range without it");
        }
    }
}

void check_callers_have_queues(const ConfigDraft& draft, ConfigFindings& findings) {
    for (std::size_t i = 0; i < draft.config.built_in_callers.size(); ++i) {
        const std::string& number = draft.config.built_in_callers[i].number;
        if (number.empty() || draft.numbers.has(number)) {
            continue;
        }
        const auto nearest = nearest_name(number, draft.numbers.all());
        findings.add(draft.caller_number_at[i], "caller[" + std::to_string(i) + "].number",
                     in_quotes(number) + " is the number of no queue",
                     nearest ? "did you mean \"" + *nearest + "\"?"
                             : std::string("write one of the numbers of a queue"));
    }
}

}  // namespace lanze::app
