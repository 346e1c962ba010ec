// What contacts and presentations lead to.
#include "core/turn.h"

#include "base/variant.h"

namespace lanze::core {

namespace {

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

}  // namespace

void Turn::settle() {
    for (std::size_t count = 0; count < kSettledMax; ++count) {
        const auto due = floor_.next_due(now_);
        if (!due) {
            return;
        }
        match(
            *due, [&](AgentId id) { settle(*floor_.find_agent(id)); },
            [&](QueueId id) { settle(*floor_.find_queue(id)); },
            [&](Floor::Emptying emptying) { let_go(*floor_.find_queue(emptying.queue)); },
            [&](ContactId id) { settle(*floor_.find_contact(id)); });
    }
}

void Turn::settle(const Contact& contact) {
    const ContactId id = contact.id;
    switch (floor_.next_turning(contact)->kind) {
        case Floor::Turning::Kind::preference_ends:
            if (is_for_one(contact)) {
                end_contact(id, {id, ContactEnd::abandoned, EndedBy::centre, {}});
                return;
            }
            emit(PreferenceEnded{id});
            match_contact(id, Occasion::preference_ended);
            return;
        case Floor::Turning::Kind::becomes_overdue:
            emit(ContactOverdue{id});
            match_contact(id, Occasion::contact_overdue);
            return;
        case Floor::Turning::Kind::overflows:
            settle_overflow(contact);
            return;
        case Floor::Turning::Kind::widens:
            emit(ContactWidened{id, static_cast<std::uint8_t>(contact.step + 1)});
            match_contact(id, Occasion::contact_widened);
            return;
    }
}

Refused Turn::on(const EnterQueue& command) {
    const Queue* queue = floor_.find_queue(command.queue);
    if (queue == nullptr || queue->is_retired) {
        return Refusal::unknown_queue;
    }
    if (!is_well_formed(command.needs) || command.needs.size() > kOwnNeedsMax) {
        return Refusal::needs_invalid;
    }
    if (command.priority > kPriorityMax) {
        return Refusal::priority_invalid;
    }
    if (is_internal(command.channel)) {
        return Refusal::channel_does_not_fit;  // Consult and Dial begin these
    }
    if (floor_.contacts().size() >= floor_.config().contacts_max) {
        emit(ContactBlocked{command.queue, BlockedReason::centre_full});
        return kDone;
    }
    if (!Floor::is_open_at(*queue, now_)) {
        emit(ContactBlocked{command.queue, BlockedReason::queue_closed});
        return kDone;
    }
    // Nobody waits for an agent who is not at work.
    const Agent* preferred = floor_.find_agent(command.preferred);
    const bool is_at_work = preferred != nullptr && preferred->is_signed_on();
    const ContactId id = floor_.next_contact();
    const std::vector<Way> ways = ways_at_once(*queue);
    ContactQueued entering{id,
                           command.queue,
                           command.needs,
                           command.priority == 0 ? queue->config.priority : command.priority,
                           is_at_work ? command.preferred : AgentId{},
                           command.channel,
                           ContactId{},
                           Duration::zero()};
    if (is_without_room(*queue, entering, ways)) {
        emit(ContactBlocked{command.queue, BlockedReason::queue_full});
        return kDone;
    }
    emit(std::move(entering));
    if (!match_contact(id, Occasion::contact_entered)) {
        overflow(id, ways);
    }
    return kDone;
}

Refused Turn::on(const Answer& command) {
    const ContactId id = floor_.presented_contact(command.presentation);
    if (!id.is_set()) {
        return Refusal::stale_presentation;
    }
    const AgentId agent = std::get<Presented>(floor_.find_contact(id)->state).agent;
    emit(ContactAnswered{id, agent, command.presentation});
    rejoin(*floor_.find_agent(agent));
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
    end_consultations(id);
    const Contact& contact = *floor_.find_contact(id);
    const Medium medium = contact.medium();
    const bool has_wrap_up = !is_internal(contact.channel);
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
    const bool is_written = medium != Medium::call;
    if (was_connected && has_wrap_up && agent.config.wrap_up > Duration::zero()) {
        emit(WrapUpStarted{agent_id, id, now_ + agent.config.wrap_up});
    } else if (was_connected && is_written) {
        emit(WrapUpEnded{agent_id, id, ""});
    }
    if (is_written) {
        rejoin(agent);
    } else if (!std::holds_alternative<WrapUp>(agent.activity)) {
        release(agent);
    }
}

const Contact* Turn::find_waiting(ContactId id, Refused& refused) const {
    const Contact* contact = floor_.find_contact(id);
    if (contact == nullptr) {
        refused = Refusal::unknown_contact;
    } else if (!std::holds_alternative<Waiting>(contact->state)) {
        refused = Refusal::contact_not_waiting;
    }
    return refused ? nullptr : contact;
}

Refused Turn::on(const ChangeNeeds& command) {
    if (!is_well_formed(command.needs) || command.needs.size() > kOwnNeedsMax) {
        return Refusal::needs_invalid;
    }
    Refused refused;
    const Contact* contact = find_waiting(command.contact, refused);
    if (contact != nullptr && contact->needs != command.needs) {
        emit(NeedsChanged{command.contact, command.needs});
        match_contact(command.contact, Occasion::needs_changed);
    }
    return refused;
}

Refused Turn::on(const Prioritise& command) {
    if (command.priority < 1 || command.priority > kPriorityMax) {
        return Refusal::priority_invalid;
    }
    Refused refused;
    const Contact* contact = find_waiting(command.contact, refused);
    if (contact != nullptr && contact->priority != command.priority) {
        emit(ContactPrioritised{command.contact, command.priority});
    }
    return refused;
}

Refused Turn::on(const Assign& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr || agent->is_retired) {
        return Refusal::unknown_agent;
    }
    Refused refused;
    if (find_waiting(command.contact, refused) == nullptr) {
        return refused;
    }
    const Contact& contact = *floor_.find_contact(command.contact);
    if (!agent->is_presentable() || !agent->has_room_for(contact.medium()) ||
        floor_.leaves_too_soon(*agent, contact.queue, now_)) {
        return Refusal::agent_not_ready;
    }
    explain(contact, agent, Occasion::assigned, nullptr);
    present(command.contact, *agent);
    return kDone;
}

void Turn::end_presentation(PresentationId presentation, PresentationEnd end) {
    const ContactId id = floor_.presented_contact(presentation);
    const Contact& contact = *floor_.find_contact(id);
    const bool is_written = contact.medium() != Medium::call;
    const bool was_for_one = is_for_one(contact);
    const AgentId agent_id = std::get<Presented>(contact.state).agent;
    emit(PresentationEnded{presentation, id, agent_id, end});
    if (is_written) {
        decide_after_written_miss(*floor_.find_agent(agent_id), end);
    } else {
        decide_after_miss(*floor_.find_agent(agent_id), end);
    }
    if (was_for_one) {
        end_contact(id, {id, ContactEnd::abandoned, EndedBy::centre, {}});
        return;
    }
    match_contact(id, Occasion::contact_came_back);
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

// He goes on with what else he has; only what is new stays away for a while.
void Turn::decide_after_written_miss(const Agent& agent, PresentationEnd end) {
    const bool was_ready = agent.is_ready();
    if (end == PresentationEnd::unreachable) {
        emit(PhoneMissing{agent.id});
    }
    if (was_ready && !agent.is_ready()) {
        emit(AgentNotReady{agent.id, NotReadyReason::phone_unreachable});
    } else if (was_ready) {
        decide_after_miss(agent, end);
    }
}

Refused Turn::on(const RequestCallback& command) {
    Refused refused;
    const Contact* contact = find_waiting(command.contact, refused);
    if (contact == nullptr || contact->channel == Channel::callback) {
        return refused;
    }
    if (contact->channel != Channel::voice) {
        return Refusal::channel_does_not_fit;
    }
    emit(CallbackRequested{command.contact});
    return kDone;
}

Refused Turn::on(const LeaveMessage& command) {
    Refused refused;
    const Contact* contact = find_waiting(command.contact, refused);
    if (contact == nullptr || contact->channel == Channel::message) {
        return refused;
    }
    if (contact->channel != Channel::voice && contact->channel != Channel::callback) {
        return Refusal::channel_does_not_fit;
    }
    emit(MessageLeft{command.contact});
    match_contact(command.contact, Occasion::needs_changed);  // to who writes, not talks
    return kDone;
}

Refused Turn::on(const NotReached& command) {
    const Contact* contact = floor_.find_contact(command.contact);
    if (contact == nullptr) {
        return Refusal::unknown_contact;
    }
    if (!std::holds_alternative<Connected>(contact->state)) {
        return Refusal::contact_not_connected;
    }
    if (contact->channel != Channel::callback && contact->channel != Channel::outbound) {
        return Refusal::channel_does_not_fit;
    }
    end_contact(command.contact, {command.contact, ContactEnd::not_reached, EndedBy::agent, {}});
    return kDone;
}

Outcome Floor::handle(const Command& command, Time now, Explaining explaining) {
    Turn turn(*this, now, explaining);
    turn.settle();
    const Refused refusal =
        std::visit([&](const auto& alternative) { return turn.on(alternative); }, command);
    turn.match_leaving();
    turn.settle();  // what became due while a contact was presented to somebody
    turn.tell_shortage();
    return turn.take_outcome(refusal);
}

}  // namespace lanze::core
