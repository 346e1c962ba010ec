#include "property/naive_router.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

#include "base/rng.h"

namespace lanze::property {

namespace {

bool is_waiting(const core::Contact& contact) {
    return std::holds_alternative<core::Waiting>(contact.state);
}

bool has_level(const core::AgentConfig& agent, const core::SkillLevel& need) {
    return std::any_of(agent.skills.begin(), agent.skills.end(), [&](const auto& skill) {
        return skill.skill == need.skill && skill.level >= need.level;
    });
}

// The step of widening by which the agent may take it; nothing if he may not.
std::optional<std::size_t> step_for(const core::Floor& floor, const core::Agent& agent,
                                    const core::Contact& contact) {
    const core::QueueConfig& queue = floor.find_queue(contact.queue)->config;
    const auto has_all = [&](const core::Skills& needs) {
        return std::all_of(needs.begin(), needs.end(), [&](const core::SkillLevel& need) {
            return has_level(agent.config, need);
        });
    };
    if (has_all(queue.needs) && has_all(contact.needs)) {
        return 0;
    }
    for (std::size_t i = 0; i < contact.step && i < queue.widening.size(); ++i) {
        const core::WideningStep& step = queue.widening[i];
        if (has_all(step.needs) && (step.drops_own || has_all(contact.needs))) {
            return i + 1;
        }
    }
    return std::nullopt;
}

bool reserves_allow(const core::Floor& floor, const core::Agent& agent,
                    const core::Contact& contact) {
    const auto& reserves = floor.find_queue(contact.queue)->config.reserves;
    const auto is_in = [](const core::Agent& each, const core::Reserve& reserve) {
        return std::all_of(reserve.pool.begin(), reserve.pool.end(),
                           [&](const auto& need) { return has_level(each.config, need); });
    };
    return contact.is_overdue ||
           std::all_of(reserves.begin(), reserves.end(), [&](const core::Reserve& reserve) {
               const auto idle = std::count_if(
                   floor.agents().begin(), floor.agents().end(), [&](const core::Agent& each) {
                       return each.is_presentable() && each.written.empty() && is_in(each, reserve);
                   });
               return !is_in(agent, reserve) || idle > static_cast<std::ptrdiff_t>(reserve.keep);
           });
}

std::uint8_t level_in(const core::Skills& skills, const std::string& skill) {
    for (const core::SkillLevel& each : skills) {
        if (each.skill == skill) {
            return each.level;
        }
    }
    return 0;
}

// Chats and messages, by plain counting.
std::pair<int, int> written_of(const core::Agent& agent) {
    std::pair<int, int> counts{};
    for (const core::Written& each : agent.written) {
        ++(each.medium == core::Medium::chat ? counts.first : counts.second);
    }
    return counts;
}

bool has_room(const core::Agent& agent, core::Medium medium) {
    const core::Capacity& capacity = agent.config.capacity;
    const auto [chats, messages] = written_of(agent);
    const bool is_alerting = std::any_of(
        agent.written.begin(), agent.written.end(),
        [](const core::Written& each) { return each.phase == core::Written::Phase::alerting; });
    // A new configuration may allow less than he has; then he gets no more.
    const bool may_have_both =
        capacity.chats_interrupt_messages || capacity.messages_interrupt_chats;
    const bool has_too_much = chats > capacity.chats || messages > capacity.messages ||
                              (chats > 0 && messages > 0 && !may_have_both);
    if (is_alerting || has_too_much) {
        return false;
    }
    if (medium == core::Medium::call) {
        return (chats == 0 || capacity.calls_interrupt_chats) &&
               (messages == 0 || capacity.calls_interrupt_messages);
    }
    return medium == core::Medium::chat
               ? chats < capacity.chats && (messages == 0 || capacity.chats_interrupt_messages)
               : messages < capacity.messages && (chats == 0 || capacity.messages_interrupt_chats);
}

// Stand-ins, step of widening, chats and messages, then what the rule says of skills.
using Level = std::tuple<bool, std::size_t, int, std::vector<int>>;

Level level_of(const core::Floor& floor, const core::Agent& agent, const core::Contact& contact) {
    const core::QueueConfig& queue = floor.find_queue(contact.queue)->config;
    const std::size_t step = *step_for(floor, agent, contact);
    std::map<std::string, int> needs;
    for (const auto& need : step == 0 ? queue.needs : queue.widening[step - 1].needs) {
        needs[need.skill] = need.level;
    }
    if (step == 0 || !queue.widening[step - 1].drops_own) {
        for (const auto& need : contact.needs) {
            needs[need.skill] = need.level;
        }
    }
    std::vector<int> by_skill;
    for (const auto& [skill, level] : needs) {
        const int has = level_in(agent.config.skills, skill);
        if (queue.agent_rule == core::AgentRule::best_level) {
            by_skill.push_back(-has);
        } else if (queue.agent_rule == core::AgentRule::lowest_level) {
            by_skill.push_back(has);
        }
    }
    if (queue.agent_rule == core::AgentRule::lowest_level) {
        by_skill.push_back(static_cast<int>(agent.config.skills.size()));
    }
    const auto [chats, messages] = written_of(agent);
    return {agent.config.is_stand_in, step, chats + messages, by_skill};
}

bool is_by_chance(const core::Floor& floor, const core::Contact& contact) {
    const core::AgentRule rule = floor.find_queue(contact.queue)->config.agent_rule;
    return rule == core::AgentRule::random || rule == core::AgentRule::random_pool;
}

using Turn = std::tuple<std::int64_t, std::int64_t, core::AgentId>;

Turn turn_of(const core::Floor& floor, const core::Agent& agent, const core::Contact& contact) {
    const core::Queue& queue = *floor.find_queue(contact.queue);
    const std::int64_t since = to_micros(core::activity_since(agent));
    const core::PlaceKey place{agent.config.place, agent.id};
    switch (queue.config.agent_rule) {
        case core::AgentRule::least_occupied:
            return {agent.load_when_idle.count(), since, agent.id};
        case core::AgentRule::fixed_order:
            return {0, agent.config.place, agent.id};
        case core::AgentRule::round_robin:
            return {queue.last_place && place <= *queue.last_place ? 1 : 0, agent.config.place,
                    agent.id};
        case core::AgentRule::longest_idle:
        case core::AgentRule::best_level:
        case core::AgentRule::lowest_level:
        case core::AgentRule::random:
        case core::AgentRule::random_pool:
            break;
    }
    return {0, since, agent.id};
}

// All in a row by pool and idle time; the one the number falls on, or the next who may be chosen.
template <typename MayBeChosen>
std::optional<core::AgentId> by_chance(const core::Floor& floor, const core::Contact& contact,
                                       std::vector<const core::Agent*> row,
                                       MayBeChosen&& may_be_chosen) {
    std::sort(row.begin(), row.end(), [](const auto* a, const auto* b) {
        return std::tuple(a->pool, written_of(*a), core::activity_since(*a), a->id) <
               std::tuple(b->pool, written_of(*b), core::activity_since(*b), b->id);
    });
    const std::uint64_t number = floor.next_presentation().value();
    std::size_t at = split_mix(floor.config().seed ^ split_mix(number)) % row.size();
    if (floor.find_queue(contact.queue)->config.agent_rule == core::AgentRule::random_pool) {
        const auto is_alike = [](const core::Agent& a, const core::Agent& b) {
            return a.pool == b.pool && written_of(a) == written_of(b);
        };
        while (at > 0 && is_alike(*row[at - 1], *row[at])) {
            --at;
        }
    }
    while (!may_be_chosen(row[at])) {
        at = (at + 1) % row.size();
    }
    return row[at]->id;
}

std::int64_t waiting_in(const core::Floor& floor, core::QueueId queue) {
    return std::count_if(floor.contacts().begin(), floor.contacts().end(), [&](const auto& entry) {
        return entry.second.queue == queue && is_waiting(entry.second);
    });
}

// Does contact `a` go before contact `b`?
bool goes_before(const core::Floor& floor, const core::Contact& a, const core::Contact& b,
                 Time now) {
    const bool is_older = std::tuple(a.queued, a.id) < std::tuple(b.queued, b.id);
    if (a.is_overdue || b.is_overdue) {
        return a.is_overdue && b.is_overdue ? is_older : a.is_overdue;
    }
    if (a.priority != b.priority) {
        return a.priority < b.priority;
    }
    const core::ContactRule rule = floor.config().contact_rule;
    if (rule == core::ContactRule::relative_to_target) {
        const auto millis = [](Duration time) {
            return std::chrono::duration_cast<milliseconds>(time).count();
        };
        const auto target = [&](const core::Contact& contact) {
            return std::max<std::int64_t>(
                1, millis(floor.find_queue(contact.queue)->config.service_level.within));
        };
        const std::int64_t wait_a = millis(now - a.queued) * target(b);
        const std::int64_t wait_b = millis(now - b.queued) * target(a);
        return wait_a != wait_b ? wait_a > wait_b : is_older;
    }
    if (rule == core::ContactRule::longer_queue && a.queue != b.queue) {
        const std::int64_t in_a = waiting_in(floor, a.queue);
        const std::int64_t in_b = waiting_in(floor, b.queue);
        return in_a != in_b ? in_a > in_b : a.queue < b.queue;
    }
    return is_older;
}

std::string name(core::AgentId id) {
    return "agent " + std::to_string(id.value());
}
std::string name(core::ContactId id) {
    return "contact " + std::to_string(id.value());
}

// The agent a contact believes it is with.
core::AgentId agent_of(const core::Contact& contact) {
    if (const auto* presented = std::get_if<core::Presented>(&contact.state)) {
        return presented->agent;
    }
    const auto* connected = std::get_if<core::Connected>(&contact.state);
    return connected == nullptr ? core::AgentId{} : connected->agent;
}

std::string problem_of_agent(const core::Floor& floor, const core::Agent& agent) {
    if (std::holds_alternative<core::Released>(agent.activity)) {
        return name(agent.id) + " was left between two states";
    }
    for (const core::Written& each : agent.written) {
        const bool is_in_wrap_up = each.phase == core::Written::Phase::wrap_up;
        const core::Contact* contact = floor.find_contact(each.contact);
        if (is_in_wrap_up ? contact != nullptr
                          : contact == nullptr || agent_of(*contact) != agent.id) {
            return name(agent.id) + " and " + name(each.contact) + " disagree";
        }
    }
    const core::ContactId id = core::contact_of(agent);
    const bool is_with_contact = std::holds_alternative<core::Alerting>(agent.activity) ||
                                 std::holds_alternative<core::Talking>(agent.activity);
    if (!is_with_contact) {
        return "";
    }
    const core::Contact* contact = floor.find_contact(id);
    const bool is_mutual = contact != nullptr && agent_of(*contact) == agent.id;
    return is_mutual ? "" : name(agent.id) + " is with " + name(id) + ", which is not with him";
}

std::string problem_of_contact(const core::Floor& floor, const core::Contact& contact, Time now) {
    const core::AgentId with = agent_of(contact);
    const bool is_call = contact.medium() == core::Medium::call;
    const bool has_it =
        with.is_set() && (is_call ? core::contact_of(*floor.find_agent(with)) == contact.id
                                  : floor.find_agent(with)->find_written(contact.id) != nullptr);
    if (with.is_set() && !has_it) {
        return name(contact.id) + " is with " + name(with) + ", who is not with it";
    }
    if (contact.is_own_call() && !std::holds_alternative<core::Connected>(contact.state)) {
        return name(contact.id) + " is an agent's own call, and he is not in it";
    }
    if (!is_waiting(contact)) {
        return "";
    }
    if (contact.preferred.is_set() && !floor.find_agent(contact.preferred)->is_signed_on()) {
        return name(contact.id) + " waits for somebody who is not at work";
    }
    const core::Queue& queue = *floor.find_queue(contact.queue);
    if (!queue.is_open && !queue.serves_rest && queue.config.at_closing != core::AtClosing::serve &&
        is_on_the_line(contact.channel)) {
        return name(contact.id) + " waits in a closed queue that does not serve it";
    }
    for (const core::Agent& agent : floor.agents()) {
        if (could_take(floor, agent, contact, now)) {
            return name(contact.id) + " waits beside " + name(agent.id) + ", who is ready for it";
        }
    }
    return "";
}

// A consultation belongs to a contact that an agent has; it knows it, and they are few.
std::string problem_of_consultation(const core::Floor& floor, const core::Contact& contact) {
    const auto& asked = floor.consultations_of(contact.id);
    if (!asked.empty() && (contact.is_consultation() || asked.size() > core::kConsultationsMax)) {
        return name(contact.id) + " must not have such consultations";
    }
    for (const core::ContactId id : asked) {
        const core::Contact* one = floor.find_contact(id);
        if (one == nullptr || !one->is_consultation() || floor.origin_of(id) != contact.id) {
            return name(contact.id) + " asks " + name(id) + ", which knows nothing of it";
        }
    }
    if (!contact.is_consultation()) {
        return "";
    }
    const core::Contact* origin = floor.find_contact(floor.origin_of(contact.id));
    const bool is_asked = origin != nullptr &&
                          std::holds_alternative<core::Connected>(origin->state) &&
                          std::count(floor.consultations_of(origin->id).begin(),
                                     floor.consultations_of(origin->id).end(), contact.id) == 1;
    return is_asked ? "" : name(contact.id) + " is about a contact that nobody has";
}

std::string problem_of_counts(const core::Floor& floor, Time now) {
    std::map<core::QueueId, std::uint32_t> contacts;
    std::map<core::QueueId, std::size_t> waiting;
    for (const auto& [id, contact] : floor.contacts()) {
        ++contacts[contact.queue];
        waiting[contact.queue] += is_waiting(contact) ? 1U : 0U;
    }
    for (const core::Queue& queue : floor.queues()) {
        if (queue.contacts != contacts[queue.id]) {
            return "queue " + queue.config.name + " counts " + std::to_string(queue.contacts) +
                   " contacts of " + std::to_string(contacts[queue.id]);
        }
        const bool is_in_hours = std::any_of(
            queue.hours.begin(), queue.hours.end(),
            [now](const core::OpenSpan& span) { return span.from <= now && now < span.to; });
        if (!queue.hours.empty() && is_in_hours != queue.is_open) {
            return "queue " + queue.config.name + " does not keep its hours";
        }
        const auto withheld = std::count_if(
            floor.agents().begin(), floor.agents().end(), [&](const core::Agent& agent) {
                return agent.withheld == core::WithheldBy::occupancy_ceiling &&
                       std::all_of(queue.config.needs.begin(), queue.config.needs.end(),
                                   [&](const auto& need) { return has_level(agent.config, need); });
            });
        if (queue.short_of !=
            std::min<std::size_t>(static_cast<std::size_t>(withheld), waiting[queue.id])) {
            return "queue " + queue.config.name + " tells a wrong shortage";
        }
        if (!queue.is_retired && floor.routing().waiting_count(queue.id) != waiting[queue.id]) {
            return "queue " + queue.config.name + " has lost count of who waits";
        }
    }
    return "";
}

}  // namespace

namespace {

bool leaves_too_soon(const core::Floor& floor, const core::Agent& agent,
                     const core::Contact& contact, Time now) {
    const Duration usual = floor.find_queue(contact.queue)->handle_times.reached_by_most();
    return floor.config().charter.ends_shifts && agent.shift && agent.shift->end - now < usual;
}

// Could take it, if it were not for the end of his shift.
bool is_fit(const core::Floor& floor, const core::Agent& agent, const core::Contact& contact) {
    const bool may_not_be_called = (contact.channel == core::Channel::callback ||
                                    contact.channel == core::Channel::outbound) &&
                                   !floor.find_queue(contact.queue)->is_open;
    if (!agent.is_ready() || agent.withheld || may_not_be_called ||
        !has_room(agent, contact.medium())) {
        return false;
    }
    if (contact.preferred.is_set()) {
        return contact.preferred == agent.id;
    }
    return step_for(floor, agent, contact) && reserves_allow(floor, agent, contact);
}

}  // namespace

bool could_take(const core::Floor& floor, const core::Agent& agent, const core::Contact& contact,
                Time now) {
    return is_fit(floor, agent, contact) && !leaves_too_soon(floor, agent, contact, now);
}

std::optional<core::AgentId> agent_for(const core::Floor& floor, const core::Contact& contact,
                                       Time now) {
    // Chance draws among all of them; on whom leaves too soon it falls in vain.
    std::vector<const core::Agent*> all;
    for (const core::Agent& agent : floor.agents()) {
        if (is_fit(floor, agent, contact)) {
            all.push_back(&agent);
        }
    }
    const auto stays = [&](const core::Agent* agent) {
        return !leaves_too_soon(floor, *agent, contact, now);
    };
    if (std::none_of(all.begin(), all.end(), stays)) {
        return std::nullopt;
    }
    if (contact.preferred.is_set()) {
        return contact.preferred;
    }
    const bool all_tried = std::all_of(all.begin(), all.end(), [&](const core::Agent* agent) {
        return !stays(agent) || contact.was_tried_by(agent->id);
    });
    const auto may_be_chosen = [&](const core::Agent* agent) {
        return stays(agent) && (all_tried || !contact.was_tried_by(agent->id));
    };
    // Of the groups that go one before the other the first with somebody in it.
    std::optional<Level> first;
    for (const core::Agent* agent : all) {
        if (may_be_chosen(agent)) {
            const Level level = level_of(floor, *agent, contact);
            first = first ? std::min(*first, level) : level;
        }
    }
    std::erase_if(
        all, [&](const core::Agent* agent) { return level_of(floor, *agent, contact) != *first; });
    if (is_by_chance(floor, contact)) {
        return by_chance(floor, contact, all, may_be_chosen);
    }
    std::erase_if(all, [&](const core::Agent* agent) { return !may_be_chosen(agent); });
    const auto best = std::min_element(all.begin(), all.end(), [&](const auto* a, const auto* b) {
        return turn_of(floor, *a, contact) < turn_of(floor, *b, contact);
    });
    return (*best)->id;
}

std::optional<core::ContactId> contact_for(const core::Floor& floor, const core::Agent& agent,
                                           Time now) {
    const core::Contact* best = nullptr;
    for (const auto& [id, contact] : floor.contacts()) {
        if (!is_waiting(contact) || !could_take(floor, agent, contact, now)) {
            continue;
        }
        const bool is_better =
            best == nullptr || (contact.was_tried_by(agent.id) != best->was_tried_by(agent.id)
                                    ? best->was_tried_by(agent.id)
                                    : goes_before(floor, contact, *best, now));
        best = is_better ? &contact : best;
    }
    return best == nullptr ? std::nullopt : std::optional(best->id);
}

std::string problem_of(const core::Floor& floor, Time now) {
    for (const core::Agent& agent : floor.agents()) {
        if (std::string problem = problem_of_agent(floor, agent); !problem.empty()) {
            return problem;
        }
    }
    for (const auto& [id, contact] : floor.contacts()) {
        if (std::string problem = problem_of_contact(floor, contact, now); !problem.empty()) {
            return problem;
        }
        if (std::string problem = problem_of_consultation(floor, contact); !problem.empty()) {
            return problem;
        }
    }
    return problem_of_counts(floor, now);
}

}  // namespace lanze::property
