// Callers who are not let in: what they get as an answer, and what they hear when a queue is
// closed.
#include <algorithm>

#include "edge/edge.h"

namespace lanze::edge {

namespace {

bool is_blocked_as_closed(const core::Outcome& outcome) {
    return std::any_of(outcome.events.begin(), outcome.events.end(), [](const auto& event) {
        const auto* blocked = std::get_if<core::ContactBlocked>(&event);
        return blocked != nullptr && blocked->reason == core::BlockedReason::queue_closed;
    });
}

}  // namespace

// Where callers of a closed queue go: along `closing_to` to the first that is open, if it diverts.
// The configuration has no circles of these ways; what is retired ends them.
core::QueueId Edge::serving_queue(core::QueueId dialled) const {
    core::QueueId id = dialled;
    const core::Queue* queue = floor_.find_queue(id);
    while (queue != nullptr && !queue->is_open &&
           queue->config.at_closing == core::AtClosing::divert) {
        id = floor_.queue_by_name(queue->config.closing_to);
        queue = floor_.find_queue(id);
    }
    return queue != nullptr && queue->is_open && !queue->is_retired ? id : dialled;
}

// 480 says that the callee is not available now and, by Retry-After, when he is (RFC 3261
// §21.4.18). Not 503: to a proxy it says that this server is overloaded, and it would send all
// other calls elsewhere until then (§21.5.4).
sip::Message Edge::closed_response(const Leg& leg, core::QueueId queue, Time now) const {
    sip::Message response = sip::make_response(*leg.invite, 480, "Closed", leg.dialog.local.tag());
    const core::Queue* closed = floor_.find_queue(queue);
    const bool opens = closed != nullptr && !closed->is_open && !closed->hours.empty();
    if (opens && closed->hours.front().from > now) {
        const auto wait = std::chrono::ceil<seconds>(closed->hours.front().from - now);
        response.set_header("Retry-After", std::to_string(wait.count()));
    }
    return response;
}

// The caller's INVITE led to no contact.
void Edge::turn_away(Leg& leg, const core::Outcome& outcome, Time now) {
    const core::QueueId queue = find_line(leg.contact)->queue;
    notes_.push_back({"caller/" + std::to_string(leg.contact.value()), ""});
    lines_.erase(leg.contact);
    leg.contact = {};  // its id is the next one's
    if (is_blocked_as_closed(outcome) && settings_.closed_prompt > Duration::zero()) {
        order(ports::OpenLeg{leg.id, leg.port});
        order_remote(leg);
        send_early(leg, now);
        note_leg(leg);
        tell_closed(leg, queue, now);
        return;
    }
    if (is_blocked_as_closed(outcome)) {
        respond(leg.invite_server, closed_response(leg, queue, now));
    } else {
        sip::Message response = sip::make_response(*leg.invite, 503, {}, leg.dialog.local.tag());
        response.set_header("Retry-After", "10");
        respond(leg.invite_server, std::move(response));
    }
    order(ports::ReturnPort{leg.port});
    forget_leg(leg);
}

// Once to its end; then BYE, or 480 to who was not answered yet: as early media the announcement
// costs its caller nothing.
void Edge::tell_closed(Leg& leg, core::QueueId queue, Time now) {
    leg.closed_queue = queue;
    timers_.cancel({TimerKind::early_limit, leg.id.value()});
    timers_.set({TimerKind::leaving, leg.id.value()}, now + settings_.closed_prompt);
    order(ports::Play{leg.id, ports::Sound::closed});
}

// `status` to who was not answered yet.
void Edge::end_leaving(Leg& leg, int status, Time now) {
    if (leg.state != LegState::incoming) {
        say_goodbye(leg);
    } else if (status == 480) {
        respond(leg.invite_server, closed_response(leg, leg.closed_queue, now));
    } else {
        respond(leg.invite_server,
                sip::make_response(*leg.invite, status, {}, leg.dialog.local.tag()));
    }
    close_leg(leg);
}

}  // namespace lanze::edge
