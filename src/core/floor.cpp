#include "core/floor.h"

#include <algorithm>

#include "base/check.h"
#include "base/variant.h"

namespace lanze::core {

const Queue* Floor::find_queue(QueueId id) const {
    return id.is_set() && id.value() <= queues_.size() ? &queues_[id.value() - 1] : nullptr;
}

const Agent* Floor::find_agent(AgentId id) const {
    return id.is_set() && id.value() <= agents_.size() ? &agents_[id.value() - 1] : nullptr;
}

const Contact* Floor::find_contact(ContactId id) const {
    const auto place = contacts_.find(id);
    return place == contacts_.end() ? nullptr : &place->second;
}

QueueId Floor::queue_by_name(std::string_view name) const {
    const auto place = queue_names_.find(std::string(name));
    return place == queue_names_.end() ? QueueId{} : place->second;
}

AgentId Floor::agent_by_name(std::string_view name) const {
    const auto place = agent_names_.find(std::string(name));
    return place == agent_names_.end() ? AgentId{} : place->second;
}

ContactId Floor::presented_contact(PresentationId presentation) const {
    const auto place = presentations_.find(presentation);
    return place == presentations_.end() ? ContactId{} : place->second;
}

Agent& Floor::agent(AgentId id) {
    LANZE_CHECK(id.is_set() && id.value() <= agents_.size());
    return agents_[id.value() - 1];
}

Contact& Floor::contact(ContactId id) {
    const auto place = contacts_.find(id);
    LANZE_CHECK(place != contacts_.end());
    return place->second;
}

void Floor::join_routing(const Agent& agent) {
    if (agent.is_ready()) {
        routing_.add_idle(agent);
    }
    if (agent.is_signed_on()) {
        routing_.add_signed_on(agent.pool);
    }
}

void Floor::leave_routing(const Agent& agent) {
    if (agent.is_ready()) {
        routing_.remove_idle(agent);
    }
    if (agent.is_signed_on()) {
        routing_.remove_signed_on(agent.pool);
    }
}

template <typename Change>
void Floor::change(AgentId id, Change&& change) {
    Agent& changed = agent(id);
    leave_routing(changed);
    change(changed);
    join_routing(changed);
    if (const auto until = activity_until(changed)) {
        deadlines_.set(id, *until);
    } else {
        deadlines_.cancel(id);
    }
}

void Floor::apply(const Event& event, Time at) {
    std::visit([&](const auto& alternative) { on(alternative, at); }, event);
}

void Floor::on(const Configured& event, Time at) {
    config_ = event.config;
    for (Queue& queue : queues_) {
        queue.is_retired = true;
    }
    const std::vector<Agent> before = agents_;
    for (Agent& agent : agents_) {
        agent.is_retired = true;
    }
    for (std::size_t i = 0; i < event.queue_ids.size(); ++i) {
        const QueueId id = event.queue_ids[i];
        if (id.value() > queues_.size()) {
            queues_.resize(id.value());
        }
        Queue& queue = queues_[id.value() - 1];
        queue.id = id;
        queue.config = config_.queues[i];
        queue.is_retired = false;
        queue_names_[queue.config.name] = id;
    }
    for (std::size_t i = 0; i < event.agent_ids.size(); ++i) {
        const AgentId id = event.agent_ids[i];
        const AgentConfig& config = config_.agents[i];
        if (id.value() > agents_.size()) {
            agents_.resize(id.value());
        }
        Agent& agent = agents_[id.value() - 1];
        const bool was_here = id.value() <= before.size() && !before[id.value() - 1].is_retired;
        if (!was_here && !contact_of(agent).is_set()) {
            agent = Agent{};
            agent.activity = Idle{at};
            agent.is_reachable = config.starts_reachable;
            if (!config.starts_ready) {
                agent.closed_for = NotReadyReason::signed_out;
            }
        }
        agent.id = id;
        agent.config = config;
        agent.is_retired = false;
        agent_names_[config.name] = id;
    }
    rebuild_routing();
}

void Floor::rebuild_routing() {
    std::vector<std::pair<QueueId, QueueConfig>> lines;
    for (const Queue& queue : queues_) {
        if (queue.id.is_set()) {  // also one that is gone: contacts may still be in it
            lines.emplace_back(queue.id, queue.config);
        }
    }
    routing_.configure(lines);
    for (Agent& agent : agents_) {
        agent.pool = routing_.pool_of(agent.config.skills);
        join_routing(agent);
    }
    for (const auto& [id, contact] : contacts_) {
        if (std::holds_alternative<Waiting>(contact.state)) {
            routing_.add_waiting(contact);
        }
    }
}

void Floor::on(const ContactQueued& event, Time at) {
    contact_last_ = std::max(contact_last_, event.contact.value());
    const auto [place, is_new] =
        contacts_.try_emplace(event.contact, Contact{event.contact, event.queue, at, {}, {}});
    LANZE_CHECK(is_new);
    routing_.add_waiting(place->second);
    ++queues_[event.queue.value() - 1].contacts;
}

void Floor::on(const ContactBlocked& /*event*/, Time /*at*/) {
    // Counted by the measures; nothing on the floor changes.
}

void Floor::on(const ContactPresented& event, Time at) {
    presentation_last_ = std::max(presentation_last_, event.presentation.value());
    Contact& presented = contact(event.contact);
    LANZE_CHECK(std::holds_alternative<Waiting>(presented.state));
    routing_.remove_waiting(presented);
    presented.state = Presented{event.agent, event.presentation, at};
    presentations_[event.presentation] = event.contact;
    change(event.agent, [&](Agent& agent) {
        const auto* idle = std::get_if<Idle>(&agent.activity);
        LANZE_CHECK(idle != nullptr);
        agent.activity = Alerting{event.contact, event.presentation, at, event.until, idle->since};
    });
}

void Floor::on(const PresentationEnded& event, Time /*at*/) {
    Contact& presented = contact(event.contact);
    presented.state = Waiting{};
    if (!presented.was_tried_by(event.agent)) {
        presented.tried.push_back(event.agent);
    }
    routing_.add_waiting(presented);
    presentations_.erase(event.presentation);
    change(event.agent, [&](Agent& agent) {
        const auto* alerting = std::get_if<Alerting>(&agent.activity);
        LANZE_CHECK(alerting != nullptr);
        Released released;
        if (event.end == PresentationEnd::withdrawn) {
            released.idle_since = alerting->idle_since;
        }
        const bool is_miss = event.end == PresentationEnd::expired ||
                             event.end == PresentationEnd::rejected ||
                             event.end == PresentationEnd::no_answer;
        agent.misses += is_miss ? 1 : 0;
        agent.activity = released;
    });
}

void Floor::on(const ContactAnswered& event, Time at) {
    contact(event.contact).state = Connected{event.agent, at, false};
    presentations_.erase(event.presentation);
    change(event.agent, [&](Agent& agent) {
        agent.misses = 0;
        agent.activity = Talking{event.contact, at};
    });
}

void Floor::on(const ContactHeld& event, Time /*at*/) {
    std::get<Connected>(contact(event.contact).state).is_on_hold = true;
}

void Floor::on(const ContactResumed& event, Time /*at*/) {
    std::get<Connected>(contact(event.contact).state).is_on_hold = false;
}

void Floor::on(const ContactEnded& event, Time /*at*/) {
    const Contact& ended = contact(event.contact);
    if (std::holds_alternative<Waiting>(ended.state)) {
        routing_.remove_waiting(ended);
    } else if (const auto* connected = std::get_if<Connected>(&ended.state)) {
        change(connected->agent, [](Agent& agent) { agent.activity = Released{}; });
    }
    --queues_[ended.queue.value() - 1].contacts;
    contacts_.erase(event.contact);
}

void Floor::on(const AgentReady& event, Time at) {
    change(event.agent, [&](Agent& agent) {
        const auto* released = std::get_if<Released>(&agent.activity);
        const Time since = released == nullptr ? at : released->idle_since.value_or(at);
        agent.closed_for.reset();
        agent.activity = Idle{since};
    });
}

void Floor::on(const AgentNotReady& event, Time at) {
    change(event.agent, [&](Agent& agent) {
        if (event.reason != NotReadyReason::phone_unreachable) {
            agent.closed_for = event.reason;
        }
        agent.activity = Idle{at};
    });
}

void Floor::on(const AgentWishNoted& event, Time /*at*/) {
    change(event.agent, [&](Agent& agent) {
        agent.closed_for =
            event.wants_ready ? std::nullopt : std::optional<NotReadyReason>(event.reason);
    });
}

void Floor::on(const AgentRests& event, Time at) {
    change(event.agent, [&](Agent& agent) {
        agent.activity = Resting{event.reason, at, event.until};
    });
}

void Floor::on(const WrapUpStarted& event, Time at) {
    change(event.agent, [&](Agent& agent) {
        agent.activity = WrapUp{event.contact, at, event.until};
    });
}

void Floor::on(const WrapUpEnded& event, Time /*at*/) {
    change(event.agent, [](Agent& agent) { agent.activity = Released{}; });
}

void Floor::on(const DeskOpened& event, Time /*at*/) {
    agent(event.agent).has_desk = true;
}

void Floor::on(const DeskClosed& event, Time /*at*/) {
    agent(event.agent).has_desk = false;
}

void Floor::on(const PhoneFound& event, Time at) {
    change(event.agent, [&](Agent& agent) {
        agent.is_reachable = true;
        if (std::holds_alternative<Idle>(agent.activity)) {
            agent.activity = Idle{at};  // his turn counts from his return
        }
    });
}

void Floor::on(const PhoneMissing& event, Time at) {
    change(event.agent, [&](Agent& agent) {
        agent.is_reachable = false;
        if (std::holds_alternative<Idle>(agent.activity)) {
            agent.activity = Idle{at};
        }
    });
}

bool Floor::is_same_as(const Floor& other) const {
    return config_ == other.config_ && queues_ == other.queues_ && agents_ == other.agents_ &&
           contacts_ == other.contacts_ && presentations_ == other.presentations_ &&
           contact_last_ == other.contact_last_ && presentation_last_ == other.presentation_last_ &&
           next_deadline() == other.next_deadline();
}

}  // namespace lanze::core
