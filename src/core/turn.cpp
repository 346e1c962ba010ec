// Deciding: what a command leads to. One Turn per call of Floor::handle; it emits events, and each
// is applied at once, so that every decision sees the floor as the ones before left it.
#include <algorithm>
#include <set>

#include "base/variant.h"
#include "core/floor.h"

namespace lanze::core {

namespace {

constexpr std::size_t kOutcomeBytesMax = 64;

using Refused = std::optional<Refusal>;
constexpr Refused kDone = std::nullopt;

class Turn {
public:
    Turn(Floor& floor, Time now) : floor_(floor), now_(now) {}

    void settle();
    std::vector<Event> take_events() { return std::move(events_); }

    Refused on(const Configure& command);
    Refused on(const EnterQueue& command);
    Refused on(const Answer& command);
    Refused on(const Decline& command);
    Refused on(const Hold& command);
    Refused on(const Resume& command);
    Refused on(const HangUp& command);
    Refused on(const CutOff& command);
    Refused on(const Ready& command);
    Refused on(const NotReady& command);
    Refused on(const OpenDesk& command);
    Refused on(const CloseDesk& command);
    Refused on(const EndWrapUp& command);
    Refused on(const PhoneSeen& command);
    Refused on(const PhoneLost& command);
    static Refused on(const AdvanceTime& /*command*/) { return kDone; }

private:
    void emit(Event event) {
        floor_.apply(event, now_);
        events_.push_back(std::move(event));
    }
    void settle_agent(const Agent& agent);
    void end_presentation(PresentationId presentation, PresentationEnd end);
    void decide_after_miss(const Agent& agent, PresentationEnd end);
    void end_contact(ContactId id, ContactEnded ended);
    void end_wrap_up(const Agent& agent, const std::string& outcome);
    void release(const Agent& agent);
    void match_agent(const Agent& agent);
    void match_contact(ContactId id);
    void present(ContactId contact, const Agent& agent);

    Floor& floor_;
    Time now_;
    std::vector<Event> events_;
};

PresentationEnd presentation_end(DeclineReason reason) {
    switch (reason) {
        case DeclineReason::rejected:
            return PresentationEnd::rejected;
        case DeclineReason::busy:
            return PresentationEnd::busy;
        case DeclineReason::no_answer:
            return PresentationEnd::no_answer;
        case DeclineReason::unreachable:
            return PresentationEnd::unreachable;
        case DeclineReason::failed:
            return PresentationEnd::failed;
    }
    return PresentationEnd::failed;
}

bool is_own_choice(NotReadyReason reason) {
    return reason == NotReadyReason::break_time || reason == NotReadyReason::meeting ||
           reason == NotReadyReason::training || reason == NotReadyReason::other;
}

void Turn::settle() {
    for (std::size_t count = 0; count < kSettledMax; ++count) {
        const auto due = floor_.next_due(now_);
        if (!due) {
            return;
        }
        settle_agent(*floor_.find_agent(*due));
    }
}

void Turn::settle_agent(const Agent& agent) {
    if (const auto* alerting = std::get_if<Alerting>(&agent.activity)) {
        end_presentation(alerting->presentation, PresentationEnd::expired);
    } else if (std::holds_alternative<WrapUp>(agent.activity)) {
        end_wrap_up(agent, "");
    } else {
        release(agent);  // has rested
    }
}

template <typename Things>
bool has_good_names(const Things& things) {
    std::set<std::string_view> names;
    return std::all_of(things.begin(), things.end(), [&](const auto& thing) {
        return !thing.name.empty() && names.insert(thing.name).second;
    });
}

Refused Turn::on(const Configure& command) {
    const Config& config = command.config;
    if (!has_good_names(config.queues) || !has_good_names(config.agents)) {
        return Refusal::configuration_invalid;
    }
    Configured event{config, {}, {}};
    auto queue_next = static_cast<std::uint32_t>(floor_.queues().size() + 1);
    std::set<QueueId> kept;
    for (const QueueConfig& queue : config.queues) {
        const QueueId known = floor_.queue_by_name(queue.name);
        event.queue_ids.push_back(known.is_set() ? known : QueueId{queue_next++});
        kept.insert(event.queue_ids.back());
    }
    for (const Queue& queue : floor_.queues()) {
        if (queue.contacts > 0 && !kept.contains(queue.id)) {
            return Refusal::queue_not_empty;
        }
    }
    auto agent_next = static_cast<std::uint32_t>(floor_.agents().size() + 1);
    for (const AgentConfig& agent : config.agents) {
        const AgentId known = floor_.agent_by_name(agent.name);
        event.agent_ids.push_back(known.is_set() ? known : AgentId{agent_next++});
    }
    const std::vector<AgentId> ids = event.agent_ids;
    std::set<AgentId> ready_before;
    for (const Agent& agent : floor_.agents()) {
        if (agent.is_ready()) {
            ready_before.insert(agent.id);
        }
    }
    emit(std::move(event));
    for (const AgentId id : ready_before) {
        if (floor_.find_agent(id)->is_retired) {
            emit(AgentNotReady{id, NotReadyReason::signed_out});
        }
    }
    for (const AgentId id : ids) {
        const Agent& agent = *floor_.find_agent(id);
        if (!agent.is_ready()) {
            continue;
        }
        if (!ready_before.contains(id)) {
            emit(AgentReady{id});
        }
        match_agent(agent);  // also for skills he has only now
    }
    return kDone;
}

Refused Turn::on(const EnterQueue& command) {
    const Queue* queue = floor_.find_queue(command.queue);
    if (queue == nullptr || queue->is_retired) {
        return Refusal::unknown_queue;
    }
    if (floor_.contacts().size() >= floor_.config().contacts_max) {
        emit(ContactBlocked{command.queue, BlockedReason::centre_full});
        return kDone;
    }
    if (floor_.routing().waiting_count(command.queue) >= queue->config.waiting_max) {
        emit(ContactBlocked{command.queue, BlockedReason::queue_full});
        return kDone;
    }
    const ContactId id = floor_.next_contact();
    emit(ContactQueued{id, command.queue});
    match_contact(id);
    return kDone;
}

Refused Turn::on(const Answer& command) {
    const ContactId id = floor_.presented_contact(command.presentation);
    if (!id.is_set()) {
        return Refusal::stale_presentation;
    }
    const AgentId agent = std::get<Presented>(floor_.find_contact(id)->state).agent;
    emit(ContactAnswered{id, agent, command.presentation});
    return kDone;
}

Refused Turn::on(const Decline& command) {
    if (!floor_.presented_contact(command.presentation).is_set()) {
        return Refusal::stale_presentation;
    }
    end_presentation(command.presentation, presentation_end(command.reason));
    return kDone;
}

Refused Turn::on(const Hold& command) {
    const Contact* contact = floor_.find_contact(command.contact);
    const auto* connected = contact == nullptr ? nullptr : std::get_if<Connected>(&contact->state);
    if (connected == nullptr) {
        return Refusal::contact_not_connected;
    }
    if (!connected->is_on_hold) {
        emit(ContactHeld{command.contact});
    }
    return kDone;
}

Refused Turn::on(const Resume& command) {
    const Contact* contact = floor_.find_contact(command.contact);
    const auto* connected = contact == nullptr ? nullptr : std::get_if<Connected>(&contact->state);
    if (connected == nullptr) {
        return Refusal::contact_not_connected;
    }
    if (connected->is_on_hold) {
        emit(ContactResumed{command.contact});
    }
    return kDone;
}

Refused Turn::on(const HangUp& command) {
    const Contact* contact = floor_.find_contact(command.contact);
    if (contact == nullptr) {
        return Refusal::unknown_contact;
    }
    const bool was_answered = std::holds_alternative<Connected>(contact->state);
    if (!was_answered && command.by == EndedBy::agent) {
        return Refusal::contact_not_connected;
    }
    end_contact(command.contact, {command.contact,
                                  was_answered ? ContactEnd::finished : ContactEnd::abandoned,
                                  command.by,
                                  {}});
    return kDone;
}

Refused Turn::on(const CutOff& command) {
    if (floor_.find_contact(command.contact) == nullptr) {
        return Refusal::unknown_contact;
    }
    end_contact(command.contact,
                {command.contact, ContactEnd::cut_off, EndedBy::centre, command.cause});
    return kDone;
}

void Turn::end_contact(ContactId id, ContactEnded ended) {
    const Contact& contact = *floor_.find_contact(id);
    AgentId agent_id;
    bool was_connected = false;
    if (const auto* presented = std::get_if<Presented>(&contact.state)) {
        agent_id = presented->agent;
        emit(PresentationEnded{presented->presentation, id, agent_id, PresentationEnd::withdrawn});
    } else if (const auto* connected = std::get_if<Connected>(&contact.state)) {
        agent_id = connected->agent;
        was_connected = true;
    }
    emit(ended);
    if (!agent_id.is_set()) {
        return;
    }
    const Agent& agent = *floor_.find_agent(agent_id);
    if (was_connected && agent.config.wrap_up > Duration::zero()) {
        emit(WrapUpStarted{agent_id, id, now_ + agent.config.wrap_up});
    } else {
        release(agent);
    }
}

void Turn::end_presentation(PresentationId presentation, PresentationEnd end) {
    const ContactId id = floor_.presented_contact(presentation);
    const AgentId agent_id = std::get<Presented>(floor_.find_contact(id)->state).agent;
    emit(PresentationEnded{presentation, id, agent_id, end});
    decide_after_miss(*floor_.find_agent(agent_id), end);
    match_contact(id);
}

void Turn::decide_after_miss(const Agent& agent, PresentationEnd end) {
    if (end == PresentationEnd::unreachable) {
        emit(PhoneMissing{agent.id});
        release(agent);
        return;
    }
    if (!agent.wants_contacts()) {
        release(agent);  // he had said so during the presentation
        return;
    }
    if (end == PresentationEnd::busy) {
        emit(AgentRests{agent.id, NotReadyReason::phone_busy, now_ + kBusyRest});
        return;
    }
    if (end == PresentationEnd::failed) {
        emit(AgentRests{agent.id, NotReadyReason::phone_unreachable, now_ + kBusyRest});
        return;
    }
    const bool is_once_more = agent.misses % kMissesMax == 0;
    if (is_once_more && agent.has_desk) {
        emit(AgentNotReady{agent.id, NotReadyReason::missed});
        return;
    }
    emit(AgentRests{agent.id, NotReadyReason::missed, now_ + (is_once_more ? kLongRest : kRest)});
}

void Turn::present(ContactId contact, const Agent& agent) {
    emit(ContactPresented{contact, agent.id, floor_.next_presentation(),
                          now_ + agent.config.present_for});
}

void Turn::match_contact(ContactId id) {
    const auto agent = floor_.routing().agent_for(*floor_.find_contact(id));
    if (agent) {
        present(id, *floor_.find_agent(*agent));
    }
}

void Turn::match_agent(const Agent& agent) {
    const auto contact = floor_.routing().contact_for(
        agent, [&](ContactId id) { return floor_.find_contact(id)->was_tried_by(agent.id); });
    if (contact) {
        present(*contact, agent);
    }
}

// What an agent who has nothing to do any more goes to.
void Turn::release(const Agent& agent) {
    if (agent.is_retired) {
        emit(AgentNotReady{agent.id, NotReadyReason::signed_out});
    } else if (agent.closed_for) {
        emit(AgentNotReady{agent.id, *agent.closed_for});
    } else if (!agent.is_reachable) {
        emit(AgentNotReady{agent.id, NotReadyReason::phone_unreachable});
    } else {
        emit(AgentReady{agent.id});
        match_agent(agent);
    }
}

void Turn::end_wrap_up(const Agent& agent, const std::string& outcome) {
    const bool is_over_budget = outcome.empty() && activity_until(agent) <= now_;
    emit(WrapUpEnded{agent.id, contact_of(agent), outcome});
    if (is_over_budget && agent.has_desk && agent.wants_contacts()) {
        emit(AgentNotReady{agent.id, NotReadyReason::wrap_up});
        return;
    }
    release(agent);
}

Refused Turn::on(const Ready& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr || agent->is_retired) {
        return Refusal::unknown_agent;
    }
    if (agent->is_ready()) {
        return kDone;
    }
    if (std::holds_alternative<WrapUp>(agent->activity)) {
        emit(WrapUpEnded{command.agent, contact_of(*agent), ""});
    }
    const bool has_contact = contact_of(*agent).is_set();
    if (agent->closed_for && (has_contact || !agent->is_reachable)) {
        emit(AgentWishNoted{command.agent, true, {}});
    }
    if (has_contact) {
        return kDone;
    }
    if (!agent->is_reachable) {
        emit(AgentNotReady{command.agent, NotReadyReason::phone_unreachable});
        return kDone;
    }
    emit(AgentReady{command.agent});
    match_agent(*agent);
    return kDone;
}

Refused Turn::on(const NotReady& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr || agent->is_retired) {
        return Refusal::unknown_agent;
    }
    if (!is_own_choice(command.reason)) {
        return Refusal::reason_not_allowed;
    }
    if (contact_of(*agent).is_set()) {
        emit(AgentWishNoted{command.agent, false, command.reason});
    } else {
        emit(AgentNotReady{command.agent, command.reason});
    }
    return kDone;
}

Refused Turn::on(const OpenDesk& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr || agent->is_retired) {
        return Refusal::unknown_agent;
    }
    if (agent->has_desk) {
        return kDone;
    }
    emit(DeskOpened{command.agent});
    if (agent->closed_for == NotReadyReason::signed_out) {
        if (contact_of(*agent).is_set()) {
            emit(AgentWishNoted{command.agent, false, NotReadyReason::other});
        } else {
            emit(AgentNotReady{command.agent, NotReadyReason::other});
        }
    }
    return kDone;
}

Refused Turn::on(const CloseDesk& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr) {
        return Refusal::unknown_agent;
    }
    if (!agent->has_desk) {
        return kDone;
    }
    emit(DeskClosed{command.agent});
    if (agent->config.starts_ready) {
        return kDone;  // a desk phone goes on without the desk
    }
    if (contact_of(*agent).is_set()) {
        emit(AgentWishNoted{command.agent, false, NotReadyReason::signed_out});
    } else {
        emit(AgentNotReady{command.agent, NotReadyReason::signed_out});
    }
    return kDone;
}

Refused Turn::on(const EndWrapUp& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr) {
        return Refusal::unknown_agent;
    }
    if (!std::holds_alternative<WrapUp>(agent->activity)) {
        return Refusal::agent_not_in_wrap_up;
    }
    if (command.outcome.size() > kOutcomeBytesMax) {
        return Refusal::outcome_too_long;
    }
    end_wrap_up(*agent, command.outcome);
    return kDone;
}

Refused Turn::on(const PhoneSeen& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr) {
        return Refusal::unknown_agent;
    }
    if (agent->is_reachable) {
        return kDone;
    }
    emit(PhoneFound{command.agent});
    if (agent->is_ready()) {
        emit(AgentReady{command.agent});
        match_agent(*agent);
    }
    return kDone;
}

Refused Turn::on(const PhoneLost& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr) {
        return Refusal::unknown_agent;
    }
    if (!agent->is_reachable) {
        return kDone;
    }
    const bool was_ready = agent->is_ready();
    emit(PhoneMissing{command.agent});
    if (was_ready) {
        emit(AgentNotReady{command.agent, NotReadyReason::phone_unreachable});
    }
    return kDone;
}

}  // namespace

Outcome Floor::handle(const Command& command, Time now) {
    Turn turn(*this, now);
    turn.settle();
    const Refused refusal =
        std::visit([&](const auto& alternative) { return turn.on(alternative); }, command);
    return {turn.take_events(), refusal};
}

}  // namespace lanze::core
