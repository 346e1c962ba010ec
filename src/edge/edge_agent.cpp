// The agent's phone: calling it, what its answers mean, and whether it is there at all.
#include "base/check.h"
#include "edge/edge.h"

namespace lanze::edge {

namespace {

// The phone's final error in the agent's terms. 408 and 503 are what a phone that is gone looks
// like from behind a proxy.
core::DeclineReason decline_reason(int status) {
    switch (status) {
        case 486:
        case 600:
            return core::DeclineReason::busy;
        case 480:
        case 487:
            return core::DeclineReason::no_answer;
        case 603:
        case 607:
        case 608:
            return core::DeclineReason::rejected;
        case 404:
        case 408:
        case 503:
            return core::DeclineReason::unreachable;
        default:
            return core::DeclineReason::failed;
    }
}

constexpr Duration kCheckLimit = seconds(4);
// How soon a phone that was lost is asked again, and when one that is never asked is trusted again.
constexpr Duration kLostCheckEvery = seconds(5);
constexpr Duration kPhoneBackAfter = seconds(30);
// 64*T1: for so long a 2xx is repeated (RFC 6026 §7.2).
constexpr Duration kRepetitionsMax = seconds(32);

}  // namespace

void Edge::call_agent(const core::ContactPresented& event, const PhoneTarget& target, Time now) {
    Line* line = find_line(event.contact);
    LANZE_CHECK(line != nullptr);
    const Leg* caller = other_side(*line);
    const auto port = port_for(*line);
    if (!port) {
        // Not the agent's fault: he is called as soon as the workers lend more ports.
        waiting_for_port_.push_back(event);
        return;
    }
    Leg leg;
    leg.role = LegRole::agent;
    leg.state = LegState::calling;
    leg.contact = event.contact;
    leg.agent = event.agent;
    leg.presentation = event.presentation;
    leg.port = *port;
    leg.local = {{port->advertised, port->bound.port}, entropy_.next64() >> 2U, 1};
    leg.sent = sip::make_offer(leg.local, sip::Direction::sendrecv, codec_of(caller));
    leg.has_open_offer = true;

    sip::NameAddress from = own_contact(target.flow);
    from.display_name = line->caller_text;
    if (caller == nullptr || line->about.is_set()) {
        from.uri.user = line->caller_text;
    } else {
        from.uri.user = caller->guest.is_set() ? "web" : caller->dialog.remote.uri.user;
    }
    from.uri.parameters.clear();
    sip::NameAddress to;
    to.uri = target.uri;
    leg.dialog = sip::make_uac_dialog(from, to, target.uri, entropy_.token(20), entropy_.token(12),
                                      0, target.flow);

    Leg& added = add_leg(std::move(leg));
    line->agent = added.id;
    touch(*line);
    order(ports::OpenLeg{added.id, added.port});
    plan_invite(added, make_invite(added), event.agent);
    timers_.set({TimerKind::first_sign, added.id.value()}, now + settings_.first_sign);
}

sip::Message Edge::make_invite(Leg& leg) const {
    const sip::NameAddress contact = own_contact(leg.dialog.flow);
    sip::Message invite = sip::make_request(leg.dialog, "INVITE", contact);
    leg.invite_cseq = invite.cseq.number;
    invite.set_header("Allow", kAllow);
    invite.set_header("Supported", kSupported);
    sip::request_session_timer(invite, {settings_.session_interval});
    invite.content_type = "application/sdp";
    invite.body = sip::write_sdp(*leg.sent);
    return invite;
}

// Dropped at release if the leg is gone by then.
void Edge::plan_invite(Leg& leg, sip::Message invite, core::AgentId agent) {
    auto request = wrap(std::move(invite), leg.dialog.flow);
    leg.invite_client = request.id;
    leg.invite_branch = request.branch;
    pending_[request.id] = {Purpose::invite, leg.id, agent};
    outbox_.push(SendRequest{std::move(request), leg.id});
    note_leg(leg);
}

void Edge::on_agent_response(Leg& leg, const sip::ResponseReceived& event, Time now) {
    const int status = event.message.status;
    timers_.cancel({TimerKind::first_sign, leg.id.value()});
    if (status < 200) {
        if (leg.state == LegState::calling) {
            leg.state = LegState::ringing;
        }
        if (event.message.header_has_token("Require", "100rel") && status > 100) {
            send_prack(leg, event.message);
        }
        return;
    }
    if (status < 300) {
        on_agent_answered(leg, event, now);
        return;
    }
    pending_.erase(event.transaction);
    leg.has_ended = true;
    if (leg.state == LegState::cancelling) {
        close_leg(leg);
        return;
    }
    decline(leg, decline_reason(status), now);
}

// The first 2xx to our INVITE: the dialog is made, ACK planned, and the answer taken. False: that
// is done already, or nobody wants the call any more.
bool Edge::take_2xx(Leg& leg, const sip::ResponseReceived& event, Time now) {
    const bool is_ours = leg.dialog.remote.tag().empty() || !leg.dialog.is_confirmed ||
                         leg.dialog.remote.tag() == event.message.to.tag();
    if (!is_ours) {
        end_stray_dialog(event);  // a second phone behind a forking proxy
        return false;
    }
    if (leg.state == LegState::established) {
        acknowledge(leg, event.message);  // our ACK was lost
        return false;
    }
    dialogs_.erase(sip::dialog_key(leg.dialog));
    sip::update_from_response(leg.dialog, event.message);
    leg.dialog.is_confirmed = true;
    leg.dialog.flow = event.flow;
    dialogs_[sip::dialog_key(leg.dialog)] = leg.id;
    acknowledge(leg, event.message);
    if (leg.state == LegState::cancelling) {
        // The 200 crossed our CANCEL.
        send_bye(leg);
        close_cancelled(leg, now);
        return false;
    }
    leg.peer_allows_update = event.message.header_has_token("Allow", "UPDATE");
    leg.session = sip::read_session_timer(event.message, {settings_.session_interval});
    if (leg.has_open_offer) {
        take_answer(leg, event.message.body, now);
    }
    return true;
}

void Edge::on_agent_answered(Leg& leg, const sip::ResponseReceived& event, Time now) {
    if (!take_2xx(leg, event, now)) {
        return;
    }
    const sip::SessionTimer session = leg.session;
    const LegId id = leg.id;
    if (!leg.agreed) {
        send_bye(leg);
        leg.has_ended = true;
        leg.state = LegState::ringing;
        decline(leg, core::DeclineReason::failed, now);
        return;
    }
    const core::Outcome outcome = answer(leg, now);
    Leg* still = find_leg(id);
    if (still == nullptr) {
        return;
    }
    if (outcome.refusal && still->state == LegState::ringing) {
        send_bye(*still);
        close_cancelled(*still, now);
        return;
    }
    still->session = session;
    session_refreshed(*still, now);
}

void Edge::acknowledge(const Leg& leg, const sip::Message& response) {
    sip::Dialog dialog = leg.dialog;  // ACK does not count CSeq up
    sip::Message ack =
        sip::make_request(dialog, "ACK", own_contact(leg.dialog.flow), response.cseq.number);
    outbox_.push(SendAck{wrap(std::move(ack), flow_for(leg.dialog))});
}

void Edge::send_prack(Leg& leg, const sip::Message& response) {
    const auto sequence_text = response.header("RSeq");
    const auto sequence = static_cast<std::uint32_t>(
        std::strtoul(std::string(sequence_text.value_or("0")).c_str(), nullptr, 10));
    const bool is_next =
        leg.peer_reliable_sequence == 0 || sequence == leg.peer_reliable_sequence + 1;
    if (sequence == 0 || !is_next || response.to.tag().empty()) {
        return;  // a repetition or one out of order (RFC 3262 §4)
    }
    leg.peer_reliable_sequence = sequence;
    dialogs_.erase(sip::dialog_key(leg.dialog));
    sip::update_from_response(leg.dialog, response);
    dialogs_[sip::dialog_key(leg.dialog)] = leg.id;
    if (leg.has_open_offer && response.content_type == "application/sdp") {
        take_answer(leg, response.body, Time{});
    }
    sip::Message prack = sip::make_request(leg.dialog, "PRACK", own_contact(leg.dialog.flow));
    prack.set_header(
        "RAck", std::to_string(sequence) + " " + std::to_string(response.cseq.number) + " INVITE");
    send_request({Purpose::prack, leg.id, {}}, std::move(prack), flow_for(leg.dialog));
}

// The leg goes, but its INVITE may still be answered, again or for the first time: until then there
// must be somebody to say ACK and BYE.
void Edge::close_cancelled(Leg& leg, Time now) {
    timers_.set({TimerKind::forget_invite, leg.invite_client.value()}, now + kRepetitionsMax);
    close_leg(leg);
}

// A 2xx nobody waits for any more: ACK and BYE, so that no phone believes in a call.
void Edge::end_stray_dialog(const sip::ResponseReceived& event) {
    const sip::Message& response = event.message;
    if (response.contacts.empty()) {
        return;
    }
    sip::Dialog dialog = sip::make_uac_dialog(
        response.from, response.to, response.contacts.front().uri, response.call_id,
        response.from.tag(), response.cseq.number, event.flow);
    sip::update_from_response(dialog, response);
    sip::Message ack =
        sip::make_request(dialog, "ACK", own_contact(event.flow), response.cseq.number);
    outbox_.push(SendAck{wrap(std::move(ack), flow_for(dialog))});
    if (!event.is_repeat) {
        sip::Message bye = sip::make_request(dialog, "BYE", own_contact(event.flow));
        send_request({Purpose::bye, {}, {}}, std::move(bye), flow_for(dialog));
    }
}

void Edge::check_phone(core::AgentId agent, Time now) {
    const Duration every = phones_.check_every(agent);
    const core::Agent* found = floor_.find_agent(agent);
    if (found == nullptr || found->is_retired || every == Duration::zero()) {
        return;
    }
    const auto target = phones_.target(agent);
    if (!target) {
        note_phone(agent, false, now);
        return;
    }
    sip::NameAddress to;
    to.uri = target->uri;
    sip::Dialog dialog =
        sip::make_uac_dialog(own_contact(target->flow), to, target->uri, entropy_.token(20),
                             entropy_.token(12), 0, target->flow);
    sip::Message options = sip::make_request(dialog, "OPTIONS", own_contact(target->flow));
    options.set_header("Accept", "application/sdp");
    send_request({Purpose::check, {}, agent}, std::move(options), target->flow);
    timers_.set({TimerKind::check_limit, agent.value()}, now + kCheckLimit);
    const Duration next = found->is_reachable ? every : std::min(every, kLostCheckEvery);
    timers_.set({TimerKind::check, agent.value()}, now + next);
}

void Edge::note_phone(core::AgentId agent, bool is_there, Time now) {
    // While the agent's page is his telephone, or is waited for, no other phone of his counts.
    is_there = is_there || has_web_phone(agent);
    const core::Agent* found = floor_.find_agent(agent);
    if (found == nullptr || found->is_reachable == is_there) {
        return;
    }
    if (is_there) {
        (void)decide(core::PhoneSeen{agent}, now);
    } else {
        (void)decide(core::PhoneLost{agent}, now);
        phone_was_lost(agent, now);
    }
}

// The phone gave no sign of life: ask soon, or trust it again after a while if it is never asked.
void Edge::phone_was_lost(core::AgentId agent, Time now) {
    const bool is_in_page = has_web_phone(agent);
    const bool is_trusted = phones_.find(agent) != nullptr && !phones_.is_registering(agent);
    if (!is_in_page && phones_.check_every(agent) > Duration::zero()) {
        timers_.set({TimerKind::check, agent.value()}, now + kLostCheckEvery);
    } else if (is_in_page || is_trusted) {
        timers_.set({TimerKind::phone_back, agent.value()}, now + kPhoneBackAfter);
    }
}

void Edge::on_register(const sip::RequestReceived& request, Time now) {
    RegisterOutcome outcome = phones_.on_register(request, now, entropy_.token(12));
    respond(request.transaction, std::move(outcome.response));
    apply_binding_changes(outcome.changes, now);
}

void Edge::apply_binding_changes(const std::vector<BindingChange>& changes, Time now) {
    for (const BindingChange& change : changes) {
        notes_.push_back(change.note);
        note_phone(change.agent, change.is_bound, now);
        if (change.is_bound && phones_.check_every(change.agent) > Duration::zero()) {
            timers_.set({TimerKind::check, change.agent.value()},
                        now + phones_.check_every(change.agent));
        }
    }
    if (const auto next = phones_.next_expiry()) {
        timers_.set({TimerKind::registrations, 0}, *next);
    }
}

}  // namespace lanze::edge
