// Requests inside a dialog: BYE, re-INVITE, UPDATE, PRACK, ACK, and the session timer.
#include "base/check.h"
#include "edge/edge.h"

namespace lanze::edge {

namespace {

constexpr Duration kRetryRefresh = seconds(10);
// More than 64*T1, after which the transaction itself gives up whoever says nothing at all.
constexpr Duration kRefreshMax = seconds(34);

bool is_on_hold(const sip::AgreedMedia& agreed) {
    return !agreed.may_send;
}

}  // namespace

void Edge::on_in_dialog(const sip::RequestReceived& event, Time now) {
    const sip::Message& request = event.message;
    const std::string key = sip::dialog_key(request);
    Leg* leg = find_leg_by_dialog(key);
    if (leg == nullptr) {
        on_after_end(event, key);
        return;
    }
    if (request.method == "ACK") {
        on_ack(*leg, request, now);
        return;
    }
    if (!sip::accept_cseq(leg->dialog, request)) {
        respond(event, 500, "CSeq Out Of Order");
        return;
    }
    leg->dialog.flow = event.flow;
    const std::string unsupported = unsupported_extensions(request);
    if (!unsupported.empty()) {
        sip::Message response = response_to(event, 420);
        response.set_header("Unsupported", unsupported);
        respond(event.transaction, std::move(response));
    } else if (request.method == "BYE") {
        on_bye(*leg, event, now);
    } else if (request.method == "INVITE") {
        on_reinvite(*leg, event, now);
    } else if (request.method == "UPDATE") {
        on_update(*leg, event, now);
    } else if (request.method == "PRACK") {
        on_prack(*leg, event, now);
    } else if (request.method == "OPTIONS") {
        respond(event, 200);
    } else {
        respond(event, is_known_method(request.method) ? 405 : 501);
    }
}

// For a leg that is over: only the ACK to our 2xx, and a BYE instead of it, still mean something.
void Edge::on_after_end(const sip::RequestReceived& event, const std::string& dialog) {
    const std::string& method = event.message.method;
    const bool is_bye = method == "BYE" && unacknowledged_.contains(dialog);
    if (method == "ACK" || is_bye) {
        end_unacknowledged(dialog, !is_bye);
    }
    if (method != "ACK") {
        respond(event, is_bye ? 200 : 481);
    }
}

void Edge::on_ack(Leg& leg, const sip::Message& ack, Time now) {
    transactions_.ack_received(leg.reinvite_server.is_set() ? leg.reinvite_server
                                                            : leg.invite_server);
    open_invites_.erase(leg.reinvite_server.is_set() ? leg.reinvite_server : leg.invite_server);
    leg.reinvite_server = {};
    if (!leg.has_open_offer || leg.state != LegState::established) {
        return;
    }
    take_answer(leg, ack.body, now);
    if (!leg.agreed) {
        leg_broke(leg, core::CutOffCause::signalling_lost, now);
    } else {
        media_changed(leg);
    }
}

void Edge::on_bye(Leg& leg, const sip::RequestReceived& request, Time now) {
    respond(request, 200);
    leg.has_ended = true;
    if (leg.closed_queue.is_set()) {
        close_leg(leg);
        return;
    }
    if (end_outside_by(leg, ports::OutsideEnd::by_them, now)) {
        return;
    }
    const Line* line = leg.role == LegRole::agent ? find_line(leg.contact) : nullptr;
    const LegId id = leg.id;
    const core::Outcome outcome = decide(
        line != nullptr ? leave_by(*line) : core::HangUp{leg.contact, core::EndedBy::caller}, now);
    if (outcome.refusal) {
        if (Leg* still = find_leg(id)) {
            close_leg(*still);
        }
    }
}

void Edge::on_reinvite(Leg& leg, const sip::RequestReceived& request, Time now) {
    if (leg.refresh_client.is_set()) {
        respond(request, 491);
        return;
    }
    if (leg.reinvite_server.is_set() || leg.state != LegState::established) {
        sip::Message response = response_to(request, 500);
        response.set_header("Retry-After", "2");
        respond(request.transaction, std::move(response));
        return;
    }
    sip::Message response = response_to(request, 200);
    if (request.message.body.empty()) {
        // Late offer: ours goes with the 200, the answer comes with the ACK.
        ++leg.local.version;
        leg.sent = sip::make_offer(leg.local, sip::Direction::sendrecv,
                                   leg.agreed ? leg.agreed->audio.name : "");
        leg.has_open_offer = true;
        response.content_type = "application/sdp";
        response.body = sip::write_sdp(*leg.sent);
    } else if (!answer_offer(leg, request, response, now)) {
        return;
    }
    sip::update_target(leg.dialog, request.message);
    leg.reinvite_server = request.transaction;
    open_invites_[request.transaction] = leg.id;
    if (const auto timer =
            sip::agree_session_timer(request.message, {settings_.session_interval})) {
        leg.session = *timer;
        sip::apply_session_timer(response, request.message, *timer);
    }
    respond(request.transaction, std::move(response));
    session_refreshed(leg, now);
    note_leg(leg);
    media_changed(leg);
}

void Edge::on_update(Leg& leg, const sip::RequestReceived& request, Time now) {
    if (leg.has_open_offer && !request.message.body.empty()) {
        respond(request, 491);  // RFC 3311 §5.2
        return;
    }
    sip::Message response = response_to(request, 200);
    const bool has_offer = !request.message.body.empty();
    if (has_offer && !answer_offer(leg, request, response, now)) {
        return;
    }
    sip::update_target(leg.dialog, request.message);
    if (const auto timer =
            sip::agree_session_timer(request.message, {settings_.session_interval})) {
        leg.session = *timer;
        sip::apply_session_timer(response, request.message, *timer);
    }
    respond(request.transaction, std::move(response));
    session_refreshed(leg, now);
    note_leg(leg);
    if (has_offer) {
        media_changed(leg);
    }
}

void Edge::on_prack(Leg& leg, const sip::RequestReceived& request, Time now) {
    const auto acknowledged = request.message.header("RAck");
    const std::string expected = std::to_string(leg.reliable_sequence) + " ";
    if (leg.state != LegState::incoming || leg.reliable_sequence == 0 || !acknowledged ||
        acknowledged->substr(0, expected.size()) != expected) {
        respond(request, 481);
        return;
    }
    transactions_.prack_received(leg.invite_server);
    if (leg.has_open_offer && !request.message.body.empty()) {
        take_answer(leg, request.message.body, now);
    }
    respond(request, 200);
}

// Answers an offer inside the dialog; false: it was refused and nothing changed.
bool Edge::answer_offer(Leg& leg, const sip::RequestReceived& request, sip::Message& response,
                        Time /*now*/) {
    if (request.message.content_type != "application/sdp") {
        sip::Message refusal = response_to(request, 415);
        refusal.set_header("Accept", "application/sdp");
        respond(request.transaction, std::move(refusal));
        return false;
    }
    const auto offer = sip::parse_sdp(request.message.body);
    if (!offer) {
        respond(request, offer.error() == sip::SdpError::malformed ? 400 : 488);
        return false;
    }
    sip::LocalMedia next = leg.local;
    ++next.version;
    auto answer = sip::make_answer(*offer, next);
    auto agreed = answer ? sip::agree(*answer, *offer, false)
                         : Result<sip::AgreedMedia, sip::SdpError>(Unexpected(answer.error()));
    if (!agreed) {
        respond(request, 488);
        return false;
    }
    leg.local = next;
    leg.received = *offer;
    leg.sent = std::move(*answer);
    leg.agreed = *agreed;
    response.content_type = "application/sdp";
    response.body = sip::write_sdp(*leg.sent);
    return true;
}

// The answer to our offer. On a bad one `agreed` stays as it was, unset at the start of a call.
void Edge::take_answer(Leg& leg, const std::string& body, Time /*now*/) {
    leg.has_open_offer = false;
    const auto answer = sip::parse_sdp(body);
    if (!answer || !leg.sent) {
        return;
    }
    const auto agreed = sip::agree(*leg.sent, *answer, true);
    if (!agreed) {
        return;
    }
    leg.received = *answer;
    leg.agreed = *agreed;
    order_remote(leg);
}

// After offer and answer: hold and resume. On hold the other side hears music, and nobody's silence
// is counted.
void Edge::media_changed(Leg& leg) {
    if (!leg.agreed) {
        return;
    }
    order_remote(leg);
    set_held(leg, is_on_hold(*leg.agreed));
}

void Edge::set_held(Leg& leg, bool is_held) {
    if (std::exchange(leg.is_held_by_peer, is_held) != is_held) {
        arrange_leg(leg);
    }
}

void Edge::session_refreshed(Leg& leg, Time now) {
    const TimerKey key{TimerKind::session, leg.id.value()};
    if (leg.session.interval == Duration::zero()) {
        timers_.cancel(key);
    } else {
        timers_.set(key, now + sip::session_timer_due(leg.session));
    }
}

void Edge::session_due(Leg& leg, Time now) {
    if (leg.refresh_client.is_set() && transactions_.has(leg.refresh_client)) {
        // No timer ends an INVITE that has got a 1xx (RFC 3261 §17.1.1.2); without a final response
        // the dialog is over (§12.2.1.2).
        outbox_.push(SendCancel{leg.refresh_client});
        leg_broke(leg, core::CutOffCause::signalling_lost, now);
    } else if (leg.session.refresher == sip::Refresher::us) {
        refresh_session(leg, now);
    } else {
        leg_broke(leg, core::CutOffCause::session_expired, now);
    }
}

// A refresh leaves now; only from here on its answer is late.
void Edge::limit_refresh(sip::ClientTransactionId request, Time now) {
    const auto place = pending_.find(request);
    if (place != pending_.end() && place->second.purpose == Purpose::refresh) {
        timers_.set({TimerKind::session, place->second.leg.value()}, now + kRefreshMax);
    }
}

void Edge::refresh_session(Leg& leg, Time now) {
    if (leg.state != LegState::established) {
        return;
    }
    if (leg.reinvite_server.is_set() || leg.refresh_client.is_set()) {
        timers_.set({TimerKind::session, leg.id.value()}, now + kRetryRefresh);
        return;
    }
    const bool by_update = leg.peer_allows_update;
    sip::Message request = sip::make_request(leg.dialog, by_update ? "UPDATE" : "INVITE",
                                             own_contact(leg.dialog.flow));
    request.set_header("Supported", kSupported);
    sip::request_session_timer(request, {settings_.session_interval}, sip::Refresher::us);
    if (!by_update) {
        request.set_header("Allow", kAllow);
        request.content_type = "application/sdp";
        request.body = sip::write_sdp(*leg.sent);  // unchanged: same version (RFC 4028 §7.4)
    }
    leg.refresh_client =
        send_request({Purpose::refresh, leg.id, {}}, std::move(request), flow_for(leg.dialog));
    note_leg(leg);
}

void Edge::on_refresh_response(Leg& leg, const sip::Message& response, Time now) {
    leg.refresh_client = {};
    const int status = response.status;
    if (status < 300) {
        if (response.cseq.method == "INVITE") {
            acknowledge(leg, response);
            take_answer(leg, response.body, now);
        }
        sip::update_target(leg.dialog, response);
        leg.session = sip::read_session_timer(response, {settings_.session_interval});
        session_refreshed(leg, now);
        media_changed(leg);
    } else if (status == 408 || status == 481) {
        leg_broke(leg, core::CutOffCause::signalling_lost, now);
    } else {
        // The call stands; the other form of refreshing is tried soon (491, 405, 500 ...).
        leg.peer_allows_update = leg.peer_allows_update && status == 491;
        timers_.set({TimerKind::session, leg.id.value()}, now + kRetryRefresh);
    }
}

void Edge::leg_broke(Leg& leg, core::CutOffCause cause, Time now) {
    if (leg.closed_queue.is_set()) {
        end_leaving(leg, 504, now);
        return;
    }
    if (end_outside_by(leg, ports::OutsideEnd::failed, now)) {
        return;
    }
    const Line* line = find_line(leg.contact);
    const bool is_agents = line != nullptr && line->agent == leg.id;
    if (!is_agents || !leave_to_joined(*line, now)) {
        (void)decide(core::CutOff{leg.contact, cause}, now);
    }
}

}  // namespace lanze::edge
