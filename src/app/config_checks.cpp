#include <algorithm>
#include <map>

#include "app/config_sections.h"
#include "core/skills.h"

namespace lanze::app {

namespace {

bool share_address(const IpAddress& a, const IpAddress& b) {
    return a == b || (a.is_v6 == b.is_v6 && (a.is_unspecified() || b.is_unspecified()));
}

// "queue[2].widening[0]"
std::string step_field(std::string_view list, std::size_t queue, std::size_t step) {
    return "queue[" + std::to_string(queue) + "]." + std::string(list) + "[" +
           std::to_string(step) + "]";
}

// How many agents have each set of skills: thousands of agents have few different ones.
using SkillSets = std::map<core::Skills, std::size_t>;

std::size_t agents_who_serve(const SkillSets& sets, const core::Skills& needs) {
    std::size_t result = 0;
    for (const auto& [skills, count] : sets) {
        result += core::fulfils(skills, needs) ? count : 0;
    }
    return result;
}

std::string nobody_has(const core::Skills& needs) {
    return needs.empty() ? "there is no agent at all"
                         : "no agent has all of " + written_skills(needs);
}

void check_widening_is_staffed(const ConfigDraft& draft, std::size_t i, const SkillSets& sets,
                               ConfigFindings& findings) {
    const std::vector<core::WideningStep>& steps = draft.config.core.queues[i].widening;
    for (std::size_t k = 0; k < steps.size(); ++k) {
        if (agents_who_serve(sets, steps[k].needs) == 0) {
            findings.add(draft.queue_at[i].widening_steps[k], step_field("widening", i, k),
                         nobody_has(steps[k].needs),
                         "give them to an agent, or lower what the step needs");
        }
    }
}

// A reserve that nobody can be taken from closes the queue to its pool for good.
void check_reserves_can_be_left(const ConfigDraft& draft, std::size_t i, const SkillSets& sets,
                                ConfigFindings& findings) {
    const std::vector<core::Reserve>& reserves = draft.config.core.queues[i].reserves;
    for (std::size_t k = 0; k < reserves.size(); ++k) {
        const std::size_t count = agents_who_serve(sets, reserves[k].pool);
        if (count > reserves[k].keep) {
            continue;
        }
        findings.add(draft.queue_at[i].reserves[k], step_field("reserve", i, k),
                     count == 0
                         ? nobody_has(reserves[k].pool)
                         : "keeps " + std::to_string(reserves[k].keep) + " of " +
                               std::to_string(count) + " with " + written_skills(reserves[k].pool) +
                               ", and so none of them could ever take a contact here",
                     count == 0 ? "give them to an agent, or take the reserve out"
                                : "keep fewer, or give the skills to more agents");
    }
}

}  // namespace

std::string written_skills(const core::Skills& skills) {
    std::string result;
    for (const core::SkillLevel& one : skills) {
        result += (result.empty() ? " " : ", ") + one.skill + " = " + std::to_string(one.level);
    }
    return "{" + result + " }";
}

void check_queues_are_staffed(const ConfigDraft& draft, ConfigFindings& findings) {
    SkillSets sets;
    for (const core::AgentConfig& agent : draft.config.core.agents) {
        ++sets[agent.skills];
    }
    for (std::size_t i = 0; i < draft.config.core.queues.size(); ++i) {
        const core::QueueConfig& queue = draft.config.core.queues[i];
        if (agents_who_serve(sets, queue.needs) == 0) {
            findings.add(draft.queue_at[i].skills, "queue[" + std::to_string(i) + "].skills",
                         nobody_has(queue.needs),
                         "give them to an agent, or lower what the queue needs");
        }
        check_widening_is_staffed(draft, i, sets, findings);
        check_reserves_can_be_left(draft, i, sets, findings);
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
