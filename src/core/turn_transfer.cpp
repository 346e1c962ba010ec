// What agents do with contacts among themselves: transfer, consultation, conference.
#include <algorithm>

#include "core/turn.h"

namespace lanze::core {

namespace {

// Talking is not waiting.
Duration waited_of(const Contact& contact) {
    return std::get<Connected>(contact.state).since - contact.queued;
}

// Who was called back or called is on the line now.
Channel channel_after(const Contact& contact) {
    return contact.medium() == Medium::call ? Channel::voice : contact.channel;
}

}  // namespace

const Contact* Turn::find_connected(ContactId id, Refused& refused) const {
    const Contact* contact = floor_.find_contact(id);
    if (contact == nullptr) {
        refused = Refusal::unknown_contact;
    } else if (!std::holds_alternative<Connected>(contact->state)) {
        refused = Refusal::contact_not_connected;
    }
    return refused ? nullptr : contact;
}

const Contact* Turn::find_consultation(ContactId id, Refused& refused) const {
    const Contact* contact = floor_.find_contact(id);
    if (contact != nullptr && !contact->is_consultation()) {
        refused = Refusal::not_a_consultation;
        return nullptr;
    }
    return find_connected(id, refused);
}

// Where a contact goes that follows this one: its rank is by the time this one has waited, talking
// does not count. A priority of its own goes with it; otherwise that of the new queue counts.
ContactQueued Turn::follow(const Contact& contact, QueueId queue, AgentId agent) const {
    const std::uint8_t usual = floor_.find_queue(contact.queue)->config.priority;
    ContactQueued event;
    event.contact = floor_.next_contact();
    event.queue = queue.is_set() ? queue : contact.queue;
    event.needs = contact.needs;
    event.priority = contact.priority == usual ? floor_.find_queue(event.queue)->config.priority
                                               : contact.priority;
    event.preferred = agent;
    event.origin = contact.id;
    event.waited = waited_of(contact);
    return event;
}

// A queue that still serves who waits after closing time takes back what was let in before.
Refused Turn::refuse_way(const Contact& contact, QueueId queue_id, AgentId agent_id) const {
    const QueueId to = queue_id.is_set() ? queue_id : contact.queue;
    const Queue* queue = floor_.find_queue(to);
    if (queue == nullptr) {
        return Refusal::unknown_queue;
    }
    const bool serves = queue->config.at_closing == AtClosing::serve || queue->serves_rest;
    const bool is_open = Floor::is_open_at(*queue, now_) || (to == contact.queue && serves);
    if (!is_open) {
        return Refusal::queue_closed;
    }
    if (queue->is_retired || floor_.routing().waiting_count(to) >= queue->config.waiting_max) {
        return Refusal::queue_full;
    }
    if (!agent_id.is_set()) {
        return kDone;
    }
    const Agent* agent = floor_.find_agent(agent_id);
    if (agent == nullptr || agent->is_retired) {
        return Refusal::unknown_agent;
    }
    const bool has_it = std::get<Connected>(contact.state).agent == agent_id;
    return has_it || !agent->is_signed_on() ? Refused(Refusal::agent_not_ready) : kDone;
}

Refused Turn::on(const Transfer& command) {
    Refused refused;
    const Contact* contact = find_connected(command.contact, refused);
    if (contact == nullptr) {
        return refused;
    }
    if (is_internal(contact->channel)) {
        return Refusal::channel_does_not_fit;
    }
    if (!floor_.consultations_of(command.contact).empty()) {
        return Refusal::consultation_open;
    }
    if (const Refused in_the_way = refuse_way(*contact, command.queue, command.agent)) {
        return in_the_way;
    }
    ContactQueued follower = follow(*contact, command.queue, command.agent);
    follower.channel = channel_after(*contact);
    const ContactId id = follower.contact;
    emit(std::move(follower));
    match_contact(id, Occasion::contact_entered);  // before the agent is free: not to him again
    end_contact(command.contact, {command.contact, ContactEnd::transferred, EndedBy::agent, {}});
    return kDone;
}

Refused Turn::on(const Consult& command) {
    Refused refused;
    const Contact* contact = find_connected(command.contact, refused);
    if (contact == nullptr) {
        return refused;
    }
    if (contact->is_consultation() || contact->medium() != Medium::call) {
        return Refusal::channel_does_not_fit;
    }
    const std::vector<ContactId>& asked = floor_.consultations_of(command.contact);
    const bool has_open = std::any_of(asked.begin(), asked.end(), [&](ContactId id) {
        return !floor_.find_contact(id)->is_joined;
    });
    if (has_open) {
        return Refusal::consultation_open;
    }
    const std::size_t asked_max = contact->is_own_call() ? 1 : kConsultationsMax;
    if (asked.size() >= asked_max) {
        return Refusal::conference_full;
    }
    if (const Refused in_the_way = refuse_way(*contact, command.queue, command.agent)) {
        return in_the_way;
    }
    if (floor_.contacts().size() >= floor_.config().contacts_max) {
        return Refusal::queue_full;
    }
    if (!contact->is_own_call() && !std::get<Connected>(contact->state).is_on_hold) {
        emit(ContactHeld{command.contact});
    }
    ContactQueued consultation = follow(*contact, command.queue, command.agent);
    consultation.channel = Channel::consultation;
    const ContactId id = consultation.contact;
    emit(std::move(consultation));
    match_contact(id, Occasion::contact_entered);
    return kDone;
}

Refused Turn::on(const Join& command) {
    Refused refused;
    const Contact* contact = find_consultation(command.consultation, refused);
    if (contact == nullptr || contact->is_joined) {
        return refused;
    }
    const ContactId origin = floor_.origin_of(command.consultation);
    if (floor_.find_contact(origin)->is_own_call()) {
        return Refusal::channel_does_not_fit;  // they talk with each other anyway
    }
    emit(ConsultationJoined{command.consultation});
    if (std::get<Connected>(floor_.find_contact(origin)->state).is_on_hold) {
        emit(ContactResumed{origin});
    }
    return kDone;
}

Refused Turn::on(const CompleteTransfer& command) {
    Refused refused;
    const Contact* contact = find_consultation(command.consultation, refused);
    if (contact == nullptr) {
        return refused;
    }
    const Contact& origin = *floor_.find_contact(floor_.origin_of(command.consultation));
    if (origin.is_own_call()) {
        return Refusal::channel_does_not_fit;  // there is no caller to hand over
    }
    emit(TransferCompleted{contact->id, origin.id, contact->queue,
                           std::get<Connected>(contact->state).agent, channel_after(origin),
                           origin.needs, waited_of(origin)});
    end_contact(origin.id, {origin.id, ContactEnd::transferred, EndedBy::agent, {}});
    return kDone;
}

Refused Turn::on(const TransferOut& command) {
    Refused refused;
    const Contact* contact = find_connected(command.contact, refused);
    if (contact == nullptr) {
        return refused;
    }
    if (is_internal(contact->channel) || contact->medium() != Medium::call) {
        return Refusal::channel_does_not_fit;
    }
    end_contact(command.contact, {command.contact, ContactEnd::transferred, EndedBy::agent, {}});
    return kDone;
}

// He was let in before: neither a full queue nor one that serves who is left keeps him out.
Refused Turn::on(const TakeBack& command) {
    const Queue* queue = floor_.find_queue(command.queue);
    if (queue == nullptr || queue->is_retired) {
        return Refusal::unknown_queue;
    }
    if (!is_well_formed(command.needs) || command.needs.size() > kOwnNeedsMax) {
        return Refusal::needs_invalid;
    }
    const bool serves = queue->config.at_closing == AtClosing::serve || queue->serves_rest;
    if (!Floor::is_open_at(*queue, now_) && !serves) {
        return Refusal::queue_closed;
    }
    ContactQueued event;
    event.contact = floor_.next_contact();
    event.queue = command.queue;
    event.needs = command.needs;
    event.priority = kPriorityFirst;
    event.origin = command.origin;
    event.waited = std::max(command.waited, Duration::zero());
    const ContactId id = event.contact;
    emit(std::move(event));
    match_contact(id, Occasion::contact_entered);
    return kDone;
}

Refused Turn::on(const Dial& command) {
    const Agent* agent = floor_.find_agent(command.agent);
    if (agent == nullptr || agent->is_retired) {
        return Refusal::unknown_agent;
    }
    const bool is_idle = std::holds_alternative<Idle>(agent->activity);
    const bool is_at_work = agent->closed_for != NotReadyReason::signed_out;
    if (!is_idle || !is_at_work || !agent->is_reachable || !agent->has_room_for(Medium::call)) {
        return Refusal::agent_not_ready;
    }
    if (floor_.contacts().size() >= floor_.config().contacts_max) {
        return Refusal::queue_full;
    }
    const auto is_meant = [&](const Queue& queue) {
        const bool is_named = queue.id == command.queue;
        return !queue.is_retired &&
               (command.queue.is_set() ? is_named : Floor::is_open_at(queue, now_));
    };
    const auto& queues = floor_.queues();
    const auto queue = std::find_if(queues.begin(), queues.end(), is_meant);
    if (queue == queues.end()) {
        return command.queue.is_set() ? Refusal::unknown_queue : Refusal::queue_closed;
    }
    emit(Dialled{floor_.next_contact(), queue->id, command.agent});
    return kDone;
}

bool Turn::is_for_one(const Contact& contact) const {
    return contact.preferred.is_set() && contact.is_consultation() &&
           floor_.find_contact(floor_.origin_of(contact.id))->is_own_call();
}

// Nobody is asked any more about a contact that is over. Who has not answered yet goes first, so
// that nobody who becomes free is alerted for it.
void Turn::end_consultations(ContactId about) {
    const std::vector<ContactId> asked = floor_.consultations_of(about);
    const auto is_answered = [&](ContactId id) {
        return std::holds_alternative<Connected>(floor_.find_contact(id)->state);
    };
    std::vector<ContactId> answered;
    for (const ContactId id : asked) {
        if (is_answered(id)) {
            answered.push_back(id);
        } else {
            end_contact(id, {id, ContactEnd::abandoned, EndedBy::centre, {}});
        }
    }
    for (const ContactId id : answered) {
        end_contact(id, {id, ContactEnd::finished, EndedBy::centre, {}});
    }
}

}  // namespace lanze::core
