// What queues lead to: opening hours, overflow, moves between them.
#include <algorithm>

#include "core/turn.h"

namespace lanze::core {

const Queue* Turn::find_open(QueueId id) const {
    const Queue* queue = floor_.find_queue(id);
    const bool takes_more = queue != nullptr && !queue->is_retired &&
                            Floor::is_open_at(*queue, now_) &&
                            floor_.routing().waiting_count(id) < queue->config.waiting_max;
    return takes_more ? queue : nullptr;
}

void Turn::move(ContactId contact, QueueId queue, MoveCause cause) {
    emit(ContactMoved{contact, queue, cause});
    match_contact(contact, Occasion::contact_moved);
}

std::vector<Turn::Way> Turn::ways_at_once(const Queue& queue) const {
    if (queue.config.overflows.empty()) {
        return {};
    }
    const std::size_t waiting = floor_.routing().waiting_count(queue.id);
    const auto expected = floor_.expected_wait(queue);
    std::vector<Way> ways;
    for (const Overflow& overflow : queue.config.overflows) {
        const bool is_by_length = overflow.waiting > 0 && waiting >= overflow.waiting;
        const bool is_by_wait =
            overflow.expected > Duration::zero() && expected && *expected > overflow.expected;
        if (is_by_length || is_by_wait) {
            ways.emplace_back(&overflow, is_by_length ? MoveCause::overflow_length
                                                      : MoveCause::overflow_expected);
        }
    }
    return ways;
}

bool Turn::is_without_room(const Queue& queue, const ContactQueued& entering,
                           const std::vector<Way>& ways) {
    if (floor_.routing().waiting_count(queue.id) < queue.config.waiting_max) {
        return false;
    }
    const bool leads_on = std::any_of(ways.begin(), ways.end(), [&](const Way& way) {
        return way.first->proposes == Channel::voice &&
               find_open(floor_.queue_by_name(way.first->to)) != nullptr;
    });
    Contact contact;
    contact.id = entering.contact;
    contact.queued = now_;
    contact.queue = entering.queue;
    contact.priority = entering.priority;
    contact.needs = entering.needs;
    contact.preferred = entering.preferred;
    contact.channel = entering.channel;
    return !leads_on && !floor_.as_if_waiting(std::move(contact), [&](const Contact& asked) {
        return agent_for(asked);
    });
}

void Turn::overflow(ContactId contact, const std::vector<Way>& ways) {
    for (const auto& [way, cause] : ways) {
        if (way->proposes != Channel::voice) {
            propose(contact, way->proposes, cause);
        } else if (const Queue* other = find_open(floor_.queue_by_name(way->to))) {
            move(contact, other->id, cause);
            return;
        }
    }
}

// Only who calls and waits on the line is asked.
bool Turn::propose(ContactId contact, Channel channel, MoveCause cause) {
    const bool is_asked = floor_.find_contact(contact)->channel == Channel::voice;
    if (is_asked) {
        emit(AlternativeProposed{contact, channel, cause});
    }
    return is_asked;
}

void Turn::settle_overflow(const Contact& contact) {
    const Overflow& overflow = *floor_.next_overflow(contact);
    if (overflow.proposes != Channel::voice) {
        if (!propose(contact.id, overflow.proposes, MoveCause::overflow_wait)) {
            emit(OverflowRefused{contact.id});
        }
    } else if (const Queue* other = find_open(floor_.queue_by_name(overflow.to))) {
        move(contact.id, other->id, MoveCause::overflow_wait);
    } else {
        emit(OverflowRefused{contact.id});
    }
}

void Turn::settle(const Queue& queue) {
    if (queue.is_open) {
        emit(QueueClosed{queue.id});
    } else {
        resume(queue);
    }
}

// As many events as agents are idle and callbacks wait: once in a while, and not more than a new
// configuration may lead to.
void Turn::resume(const Queue& queue) {
    emit(QueueOpened{queue.id});
    bool goes_on = true;
    while (goes_on) {
        const auto next = floor_.routing().first_that_may_go(now_);
        goes_on = next && match_contact(*next, Occasion::queue_opened);
    }
}

// One at a time: what is left is due at once, and other commands come in between.
void Turn::let_go(const Queue& queue) {
    const ContactId id = *floor_.routing().first_on_the_line(queue.id);
    const Queue* other = queue.config.at_closing == AtClosing::divert
                             ? find_open(floor_.queue_by_name(queue.config.closing_to))
                             : nullptr;
    if (other != nullptr) {
        move(id, other->id, MoveCause::queue_closed);
    } else if (queue.config.at_closing == AtClosing::divert) {
        emit(RestServed{queue.id});  // nobody is let go whom the configuration does not let go
    } else {
        emit(ContactEnded{id, ContactEnd::closed, EndedBy::centre, {}});
    }
}

Refused Turn::on(const MoveContact& command) {
    if (floor_.find_queue(command.queue) == nullptr) {
        return Refusal::unknown_queue;
    }
    Refused refused;
    const Contact* contact = find_waiting(command.contact, refused);
    if (contact == nullptr || contact->queue == command.queue) {
        return refused;
    }
    if (find_open(command.queue) == nullptr) {
        return Refusal::queue_full;
    }
    move(command.contact, command.queue, MoveCause::supervisor);
    return kDone;
}

Refused Turn::on(const SetHours& command) {
    const Queue* queue = floor_.find_queue(command.queue);
    if (queue == nullptr || queue->is_retired) {
        return Refusal::unknown_queue;
    }
    Time before = Time::min();
    const bool is_in_order =
        std::all_of(command.open.begin(), command.open.end(), [&](const OpenSpan& span) {
            const bool is_later = span.from > before && span.from < span.to;
            before = span.to;
            return is_later;
        });
    if (!is_in_order || command.open.size() > kOpenSpansMax) {
        return Refusal::hours_invalid;
    }
    // What is past is not kept.
    HoursSet hours{command.queue, command.open};
    std::erase_if(hours.open, [&](const OpenSpan& span) { return span.to <= now_; });
    const bool is_open = !hours.open.empty() && hours.open.front().from <= now_;
    emit(std::move(hours));
    if (is_open && !queue->is_open) {
        resume(*queue);
    } else if (!is_open && queue->is_open) {
        emit(QueueClosed{command.queue});
    }
    return kDone;
}

}  // namespace lanze::core
