// What an event means for the legs: who is called, bridged, hung up.
#include "base/check.h"
#include "base/variant.h"
#include "edge/edge.h"

namespace lanze::edge {

namespace {

// What ends an INVITE that was never answered: 487 after CANCEL (RFC 3261 §9.2), 504 if our
// reliable 18x got no PRACK (RFC 3262 §3).
int final_error(const core::ContactEnded& event) {
    if (event.by == core::EndedBy::caller) {
        return 487;
    }
    const bool is_cut_off = event.end == core::ContactEnd::cut_off;
    return is_cut_off && event.cause == core::CutOffCause::signalling_lost ? 504 : 480;
}

}  // namespace

void Edge::react(const core::Event& event, Time now) {
    match(
        event, [&](const core::Configured& configured) { react(configured, now); },
        [&](const core::ContactQueued& queued) { react(queued); },
        [&](const core::ContactPresented& presented) { react(presented, now); },
        [&](const core::PresentationEnded& ended) { react(ended, now); },
        [&](const core::ContactAnswered& answered) { react(answered, now); },
        [&](const core::ContactEnded& ended) { react(ended, now); },
        [&](const core::ConsultationJoined& joined) { react(joined); },
        [&](const core::TransferCompleted& completed) { react(completed); },
        [&](const core::Dialled& dialled) { react(dialled, now); },
        [](const auto&) {});  // concerns no leg
}

// An arrival has made its line itself. Who is transferred goes on under another contact and hears
// the music again; the agent's leg stays with the contact that is about to end.
void Edge::react(const core::ContactQueued& event) {
    if (event.channel == core::Channel::consultation) {
        begin_consultation(event);
        return;
    }
    follow_chat(event);
    Line* before = event.origin.is_set() ? find_line(event.origin) : nullptr;
    Leg* caller = before == nullptr ? nullptr : find_leg(before->caller);
    if (caller == nullptr) {
        return;
    }
    let_hear(*caller, ports::Sound::waiting_music);
    Line line = *before;
    line.contact = event.contact;
    line.queue = event.queue;
    line.agent = LegId{};
    line.outside = LegId{};
    line.outside_ended.reset();
    line.is_consulting = false;
    before->caller = LegId{};
    caller->contact = event.contact;
    note_leg(*caller);
    notes_.push_back({"caller/" + std::to_string(event.contact.value()), line.caller_text});
    lines_[event.contact] = std::move(line);
    if (caller->guest.is_set()) {
        follow_guest(*caller);
    }
}

void Edge::react(const core::ContactPresented& event, Time now) {
    if (find_line(event.contact) == nullptr) {
        // Of the process before, about to be cut off and not the agent's fault; or a chat, which
        // cannot be read without a desk.
        const core::Contact* contact = floor_.find_contact(event.contact);
        const core::Agent* agent = floor_.find_agent(event.agent);
        const bool is_chat = contact != nullptr && contact->channel == core::Channel::chat;
        if (is_chat && agent != nullptr && !agent->has_desk) {
            follow_up(core::Decline{event.presentation, core::DeclineReason::failed});
        }
        return;
    }
    call_phone(event, now);
    if (!find_line(event.contact)->agent.is_set() && !has_web_phone(event.agent) &&
        !phones_.target(event.agent)) {
        follow_up(core::Decline{event.presentation, core::DeclineReason::unreachable});
    }
}

// The page, if it is his telephone; nothing rings if he has none.
void Edge::call_phone(const core::ContactPresented& event, Time now) {
    if (has_web_phone(event.agent)) {
        call_web_phone(event, now);
    } else if (const auto target = phones_.target(event.agent)) {
        call_agent(event, *target, now);
    }
}

void Edge::react(const core::PresentationEnded& event, Time now) {
    Line* line = find_line(event.contact);
    Leg* leg = line == nullptr ? nullptr : find_leg(line->agent);
    if (leg == nullptr || leg->presentation != event.presentation) {
        return;
    }
    line->agent = LegId{};
    touch(*line);
    own_call_missed(event);
    if (event.end == core::PresentationEnd::unreachable) {
        phone_was_lost(event.agent, now);
    }
    hang_up_agent(*leg, now);
}

void Edge::react(const core::ContactAnswered& event, Time now) {
    Line* line = find_line(event.contact);
    if (line == nullptr) {
        return;  // a chat or message
    }
    Leg* agent = find_leg(line->agent);
    Leg* caller = find_leg(line->caller);
    LANZE_CHECK(agent != nullptr && (caller != nullptr || line->about.is_set()));
    agent->state = LegState::established;
    note_leg(*agent);
    if (caller != nullptr && caller->state == LegState::incoming) {
        answer_caller(*caller, now);
    }
    touch(*line);
}

void Edge::react(const core::ContactEnded& event, Time now) {
    end_chat(event);
    const auto place = lines_.find(event.contact);
    if (place == lines_.end()) {
        return;  // an arrival that was refused, or a contact of the process before
    }
    Line line = place->second;
    lines_.erase(place);
    leave_talk_about(line);
    called_left(line.about, event);
    forget_own_call(line);
    leave_outside(line, event, now);
    hang_up_caller(line, event, now);
    if (Leg* agent = find_leg(line.agent)) {
        hang_up_agent(*agent, now);
    }
    notes_.push_back({"line/" + std::to_string(event.contact.value()), ""});
}

void Edge::hang_up_caller(Line& line, const core::ContactEnded& event, Time now) {
    Leg* caller = find_leg(line.caller);
    if (caller == nullptr) {
        return;
    }
    if (caller->guest.is_set()) {
        hang_up_guest(*caller, event);
        return;
    }
    if (event.end == core::ContactEnd::closed && settings_.closed_prompt > Duration::zero() &&
        !caller->has_ended) {
        tell_closed(*caller, line.queue, now);
        return;
    }
    if (caller->state == LegState::incoming && event.end == core::ContactEnd::closed) {
        respond(caller->invite_server, closed_response(*caller, line.queue, now));
    } else if (caller->state == LegState::incoming) {
        const int status = final_error(event);
        sip::Message response =
            sip::make_response(*caller->invite, status, {}, caller->dialog.local.tag());
        if (status == 480) {
            response.set_header("Retry-After", "60");
        }
        respond(caller->invite_server, std::move(response));
    } else if (!caller->has_ended) {
        say_goodbye(*caller);
    }
    close_leg(*caller);
}

// No BYE before the ACK to our 2xx (RFC 3261 §15): it could overtake the 2xx, and the caller would
// believe in a call that is over.
void Edge::say_goodbye(Leg& caller) {
    if (open_invites_.contains(caller.invite_server)) {
        unacknowledged_.insert_or_assign(sip::dialog_key(caller.dialog), caller);
    } else {
        send_bye(caller);
    }
}

// The ACK has come, or will not come any more: now the call can be ended.
void Edge::end_unacknowledged(const std::string& dialog, bool says_bye) {
    auto node = unacknowledged_.extract(dialog);
    if (node.empty()) {
        return;
    }
    Leg& leg = node.mapped();
    transactions_.ack_received(leg.invite_server);
    if (says_bye) {
        send_bye(leg);
    }
    forget_leg_note(leg.id);
}

// BYE, CANCEL or nothing, by how far the call to the phone has come.
void Edge::hang_up_agent(Leg& leg, Time now) {
    if (leg.is_web) {
        close_web_leg(leg);
        return;
    }
    switch (leg.state) {
        case LegState::established:
            if (!leg.has_ended) {
                send_bye(leg);
            }
            close_leg(leg);
            return;
        case LegState::calling:
        case LegState::ringing:
            if (leg.has_ended) {
                close_leg(leg);  // the phone has answered with a final error
                return;
            }
            leg.state = LegState::cancelling;
            outbox_.push(SendCancel{leg.invite_client});
            // A phone that answers neither the INVITE nor the CANCEL is given up after 64*T1
            // (RFC 3261 §9.1).
            timers_.set({TimerKind::cancel_limit, leg.id.value()}, now + seconds(32));
            timers_.cancel({TimerKind::first_sign, leg.id.value()});
            return;
        case LegState::incoming:
        case LegState::cancelling:
            return;
    }
}

}  // namespace lanze::edge
