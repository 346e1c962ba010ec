// A new caller: who may come in, what is refused and how, and how a waiting caller is answered.
#include <algorithm>
#include <string>

#include "base/check.h"
#include "edge/edge.h"

namespace lanze::edge {

namespace {

// A pair for the caller's leg and one for the agent's.
constexpr std::size_t kPortsPerCall = 2;

// The number or name that was signalled: P-Asserted-Identity where the trunk is believed
// (RFC 3325), From otherwise.
std::string signalled_caller(const sip::Message& invite, bool trusts_identity) {
    sip::NameAddress identity = invite.from;
    if (trusts_identity) {
        for (const std::string& value : invite.header_list("P-Asserted-Identity")) {
            if (auto asserted = sip::NameAddress::parse(value)) {
                identity = std::move(*asserted);
                break;
            }
        }
    }
    const std::string& number = identity.uri.user.empty() ? identity.uri.host : identity.uri.user;
    constexpr std::size_t kLengthMax = 128;
    const bool says_more = !identity.display_name.empty() && identity.display_name != number;
    const std::string text = says_more ? identity.display_name + " <" + number + ">" : number;
    return text.substr(0, kLengthMax);
}

}  // namespace

void Edge::on_invite(const sip::RequestReceived& request, Time now) {
    Arrival arrival{request, {}, nullptr, {}, {}, {}, false};
    if (!check_trunk(arrival, now) || !check_arrival(arrival, now) ||
        !check_session(arrival, now)) {
        return;
    }
    let_in(arrival, now);
}

bool Edge::check_trunk(Arrival& arrival, Time now) {
    const sip::RequestReceived& request = arrival.request;
    const Admission admission = trunks_.admit(request.message, request.flow.remote.address, now);
    if (const auto* admitted = std::get_if<Admitted>(&admission)) {
        arrival.trusts_identity = admitted->trusts_identity;
        return true;
    }
    if (const auto* challenged = std::get_if<Challenged>(&admission)) {
        sip::Message response = response_to(request, 401);
        for (const std::string& challenge : trunks_.challenges(now, challenged->is_stale)) {
            response.headers.push_back({"WWW-Authenticate", challenge});
        }
        respond(request.transaction, std::move(response));
        return false;
    }
    respond(request, 403);
    return false;
}

bool Edge::is_provider_contact(std::string_view name) const {
    return std::any_of(settings_.trunks.begin(), settings_.trunks.end(), [&](const Trunk& trunk) {
        return trunk.account && trunk.account->username == name;
    });
}

// The queue that was dialled, or nothing. A provider calls the address we registered; the number
// that was dialled then stands in P-Called-Party-ID (RFC 7315 §4.2) or To.
const QueueLine* Edge::dialled_line(const sip::Message& invite) const {
    std::vector<std::string> dialled;
    if (is_provider_contact(invite.uri.user)) {
        const auto called = invite.header("P-Called-Party-ID");
        const auto address = called ? sip::NameAddress::parse(*called) : std::nullopt;
        dialled.push_back(address ? address->uri.user : "");
        dialled.push_back(invite.to.uri.user);
    }
    dialled.push_back(invite.uri.user);
    for (const std::string& number : dialled) {
        // Behind ';' stand parameters of the number (RFC 3966): ;phone-context=, ;npdi.
        const auto place = numbers_.find(number.substr(0, number.find(';')));
        if (place != numbers_.end()) {
            return &settings_.queues[place->second];
        }
    }
    return nullptr;
}

bool Edge::is_full() const {
    return is_overloaded_ || lines_.size() >= settings_.calls_max ||
           port_pool_.size() < kPortsPerCall;
}

bool Edge::check_arrival(Arrival& arrival, Time /*now*/) {
    const sip::RequestReceived& request = arrival.request;
    const sip::Message& invite = request.message;
    if (invite.uri.scheme != "sip" && invite.uri.scheme != "sips" && invite.uri.scheme != "tel") {
        respond(request, 416);
        return false;
    }
    arrival.line = dialled_line(invite);
    if (arrival.line == nullptr) {
        respond(request, 404);
        return false;
    }
    arrival.queue = serving_queue(floor_.queue_by_name(arrival.line->queue));
    if (invite.contacts.empty()) {
        respond(request, 400, "Contact Missing");
        return false;
    }
    if (is_full()) {
        sip::Message response = response_to(request, 503);
        response.set_header("Retry-After", "5");
        respond(request.transaction, std::move(response));
        return false;
    }
    return true;
}

bool Edge::check_session(Arrival& arrival, Time /*now*/) {
    const sip::RequestReceived& request = arrival.request;
    const sip::Message& invite = request.message;
    if (!invite.body.empty()) {
        const auto encoding = invite.header("Content-Encoding");
        const bool is_encoded = encoding && !encoding->empty() && *encoding != "identity";
        if (invite.content_type != "application/sdp" || is_encoded) {
            sip::Message response = response_to(request, 415);
            response.set_header("Accept", "application/sdp");
            response.set_header("Accept-Encoding", "identity");
            respond(request.transaction, std::move(response));
            return false;
        }
        auto offer = sip::parse_sdp(invite.body);
        if (!offer) {
            const sip::SdpError error = offer.error();
            const int status = error == sip::SdpError::malformed   ? 400
                               : error == sip::SdpError::too_large ? 413
                                                                   : 488;
            respond(request, status, sip::to_string(error));
            return false;
        }
        arrival.offer = std::move(*offer);
    }
    arrival.session = sip::agree_session_timer(invite, {settings_.session_interval});
    if (!arrival.session) {
        sip::Message response = response_to(request, 422);
        response.set_header("Min-SE", "90");
        respond(request.transaction, std::move(response));
        return false;
    }
    arrival.caller_text = signalled_caller(invite, arrival.trusts_identity);
    return true;
}

void Edge::let_in(Arrival& arrival, Time now) {
    const sip::RequestReceived& request = arrival.request;
    Leg leg;
    leg.port = *port_pool_.take();
    leg.local = {{leg.port.advertised, leg.port.bound.port}, entropy_.next64() >> 2U, 1};
    if (arrival.offer) {
        auto answer = sip::make_answer(*arrival.offer, leg.local);
        auto agreed = answer ? sip::agree(*answer, *arrival.offer, false)
                             : Result<sip::AgreedMedia, sip::SdpError>(Unexpected(answer.error()));
        if (!agreed) {
            order(ports::ReturnPort{leg.port});
            respond(request, 488, sip::to_string(agreed.error()));
            return;
        }
        leg.received = *arrival.offer;
        leg.sent = std::move(*answer);
        leg.agreed = *agreed;
    } else {
        leg.sent = sip::make_offer(leg.local, sip::Direction::sendrecv);
        leg.has_open_offer = true;
    }
    leg.role = LegRole::caller;
    leg.state = LegState::incoming;
    leg.invite_server = request.transaction;
    leg.invite = request.message;
    leg.session = *arrival.session;
    leg.peer_allows_update = request.message.header_has_token("Allow", "UPDATE");
    leg.dialog = sip::make_uas_dialog(request.message, request.flow, entropy_.token(12));
    leg.contact = floor_.next_contact();

    // Leg and line must be there when the events of EnterQueue are reacted to. What the command
    // settles first (deadlines) makes no contacts, so the id is the next one.
    Leg& added = add_leg(std::move(leg));
    lines_[added.contact] = {added.contact,
                             arrival.queue,
                             added.id,
                             {},
                             arrival.line->answer == AnswerMode::when_connected,
                             arrival.caller_text,
                             {},
                             false,
                             {},
                             false};
    open_invites_[request.transaction] = added.id;
    notes_.push_back({"caller/" + std::to_string(added.contact.value()), arrival.caller_text});
    const LegId id = added.id;
    const core::Outcome outcome = decide(core::EnterQueue{arrival.queue}, now);
    if (Leg& entered = *find_leg(id); floor_.find_contact(entered.contact) == nullptr) {
        turn_away(entered, outcome, now);
    } else {
        start_waiting(id, now);
    }
}

// The contact is in its queue: the caller is answered and hears something.
void Edge::start_waiting(LegId id, Time now) {
    Leg& leg = *find_leg(id);
    order(ports::OpenLeg{leg.id, leg.port});
    order_remote(leg);
    if (!find_line(leg.contact)->answers_when_connected) {
        answer_caller(leg, now);
    } else {
        send_early(leg, now);
        timers_.set({TimerKind::early_limit, leg.id.value()}, now + settings_.early_media_max);
    }
    let_hear(leg, ports::Sound::waiting_music);
    note_leg(leg);
}

// 200 to the INVITE: at once, or when an agent has answered.
void Edge::answer_caller(Leg& leg, Time now) {
    sip::Message response = sip::make_response(*leg.invite, 200, {}, leg.dialog.local.tag());
    response.contacts = {own_contact(leg.dialog.flow)};
    response.set_header("Allow", kAllow);
    response.set_header("Supported", kSupported);
    sip::apply_session_timer(response, *leg.invite, leg.session);
    response.content_type = "application/sdp";
    response.body = sip::write_sdp(*leg.sent);
    leg.state = LegState::established;
    leg.dialog.is_confirmed = true;
    leg.invite.reset();
    timers_.cancel({TimerKind::early_repeat, leg.id.value()});
    timers_.cancel({TimerKind::early_limit, leg.id.value()});
    respond(leg.invite_server, std::move(response));
    session_refreshed(leg, now);
    note_leg(leg);
}

// 183 with early media; again every early_repeat, so that no proxy's timer C ends the wait
// (RFC 3261 §13.3.1.1). Reliably if the caller requires it (RFC 3262).
void Edge::send_early(Leg& leg, Time now) {
    sip::Message response = sip::make_response(*leg.invite, 183, {}, leg.dialog.local.tag());
    response.contacts = {own_contact(leg.dialog.flow)};
    response.set_header("Allow", kAllow);
    const bool is_first = leg.reliable_sequence == 0;
    const bool is_reliable = leg.invite->header_has_token("Require", "100rel");
    if (is_reliable) {
        leg.reliable_sequence = is_first
                                    ? static_cast<std::uint32_t>(entropy_.next64() % 1'000'000 + 1)
                                    : leg.reliable_sequence + 1;
        response.set_header("Require", "100rel");
        response.set_header("RSeq", std::to_string(leg.reliable_sequence));
    }
    // With a reliable answer given, later 18x carry none (RFC 3262 §5).
    if (!is_reliable || is_first) {
        response.content_type = "application/sdp";
        response.body = sip::write_sdp(*leg.sent);
    }
    respond(leg.invite_server, std::move(response), is_reliable);
    timers_.set({TimerKind::early_repeat, leg.id.value()}, now + settings_.early_repeat);
}

}  // namespace lanze::edge
