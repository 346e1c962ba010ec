// What the edge's parts share: finding, adding and closing legs, writing requests and responses.
#include <algorithm>

#include "base/check.h"
#include "edge/edge.h"
#include "edge/note.h"

namespace lanze::edge {

Leg* Edge::find_leg(LegId id) {
    const auto place = legs_.find(id);
    return place == legs_.end() ? nullptr : &place->second;
}

Leg* Edge::find_leg_by_dialog(const std::string& key) {
    const auto place = dialogs_.find(key);
    return place == dialogs_.end() ? nullptr : find_leg(place->second);
}

Line* Edge::find_line(core::ContactId id) {
    const auto place = lines_.find(id);
    return place == lines_.end() ? nullptr : &place->second;
}

Leg& Edge::add_leg(Leg leg) {
    leg.id = LegId{++leg_last_};
    dialogs_[sip::dialog_key(leg.dialog)] = leg.id;
    return legs_.emplace(leg.id, std::move(leg)).first->second;
}

void Edge::close_leg(Leg& leg) {
    order(ports::CloseLeg{leg.id});
    const bool has_contact = leg.contact.is_set();
    if (has_contact && (leg.state == LegState::established || leg.role == LegRole::caller)) {
        closing_[leg.id] = {leg.contact, leg.role};
    }
    forget_leg(leg);
}

void Edge::forget_leg(Leg& leg) {
    for (const TimerKind kind :
         {TimerKind::first_sign, TimerKind::early_repeat, TimerKind::early_limit,
          TimerKind::session, TimerKind::leaving, TimerKind::cancel_limit}) {
        timers_.cancel({kind, leg.id.value()});
    }
    if (leg.is_web) {
        legs_.erase(LegId{leg.id});
        return;
    }
    dialogs_.erase(sip::dialog_key(leg.dialog));
    open_invites_.erase(leg.invite_server);
    open_invites_.erase(leg.reinvite_server);
    // A cancelled INVITE may still be answered; then there must be somebody to say BYE.
    if (leg.state == LegState::established || leg.has_ended) {
        pending_.erase(leg.invite_client);
    }
    pending_.erase(leg.refresh_client);
    if (!unacknowledged_.contains(sip::dialog_key(leg.dialog))) {
        forget_leg_note(leg.id);  // else after the BYE, so that a restart sends it
    }
    legs_.erase(LegId{leg.id});
}

// A page needs no word of ours after a restart: its connection tells it.
void Edge::note_leg(const Leg& leg) {
    if (leg.is_web) {
        return;
    }
    notes_.push_back({"leg/" + std::to_string(leg.id.value()), encode_leg(leg)});
}

void Edge::forget_leg_note(LegId id) {
    notes_.push_back({"leg/" + std::to_string(id.value()), ""});
}

std::string_view Edge::caller_text(core::ContactId contact) const {
    const auto place = lines_.find(contact);
    if (place != lines_.end()) {
        return place->second.caller_text;
    }
    const auto chat = chats_.find(contact);
    return chat == chats_.end() ? std::string_view{} : chat->second.caller_text;
}

bool Edge::is_quiet() const {
    const bool owes_nothing = std::none_of(pending_.begin(), pending_.end(), [](const auto& entry) {
        return entry.second.purpose == Purpose::bye;
    });
    return legs_.empty() && unacknowledged_.empty() && owes_nothing && !is_leaving_provider() &&
           outbox_.size() == 0;
}

std::size_t Edge::remembered_count() const {
    return legs_.size() + dialogs_.size() + lines_.size() + open_invites_.size() + pending_.size() +
           unacknowledged_.size() + closing_.size() + waiting_for_port_.size() + guests_.size() +
           chats_.size() + outsides_.size() + outbox_.size();
}

bool Edge::is_consistent() const {
    const auto is_of_outside = [&](LegId leg) {
        return std::any_of(outsides_.begin(), outsides_.end(), [&](const auto& entry) {
            return entry.first == leg || entry.second.caller == leg;
        });
    };
    const auto is_owned = [&](const auto& entry) {
        const Leg& leg = entry.second;
        const auto line = lines_.find(leg.contact);
        const bool is_test = leg.is_web && !leg.contact.is_set();
        return leg.state == LegState::cancelling || leg.closed_queue.is_set() || is_test ||
               is_of_outside(leg.id) ||
               (line != lines_.end() &&
                (line->second.caller == leg.id || line->second.agent == leg.id));
    };
    const auto is_on_floor = [&](const auto& entry) {
        return floor_.find_contact(entry.first) != nullptr;
    };
    return std::all_of(legs_.begin(), legs_.end(), is_owned) &&
           std::all_of(lines_.begin(), lines_.end(), is_on_floor) &&
           std::all_of(chats_.begin(), chats_.end(), is_on_floor);
}

// What is written into Via and Contact: the address others reach us at.
Endpoint Edge::own_endpoint(const sip::Flow& flow) const {
    if (flow.listener >= settings_.listeners.size()) {
        return {};
    }
    Endpoint endpoint = settings_.listeners[flow.listener].bound;
    if (settings_.advertise) {
        endpoint.address = *settings_.advertise;
    }
    return endpoint;
}

sip::NameAddress Edge::own_contact(const sip::Flow& flow) const {
    const Endpoint endpoint = own_endpoint(flow);
    sip::NameAddress contact;
    contact.uri.user = "lanze";
    contact.uri.host = endpoint.address.to_string();
    contact.uri.port = endpoint.port;
    if (flow.transport == sip::Transport::tcp) {
        sip::set_parameter(contact.uri.parameters, "transport", "tcp");
    }
    return contact;
}

sip::Flow Edge::flow_for(const sip::Dialog& dialog) const {
    const sip::NextHop hop = sip::next_hop(dialog);
    if (!hop.endpoint || *hop.endpoint == dialog.flow.remote) {
        return dialog.flow;  // also for a Contact that is a name: back where it came from
    }
    if (hop.transport == dialog.flow.transport && hop.transport == sip::Transport::tcp &&
        hop.endpoint->address == dialog.flow.remote.address) {
        return dialog.flow;  // the connection that is open
    }
    return phones_.flow_to(*hop.endpoint, hop.transport);
}

sip::TransactionLayer::ClientRequest Edge::wrap(sip::Message message, const sip::Flow& flow) {
    return {sip::ClientTransactionId{++client_last_}, std::move(message), flow, own_endpoint(flow),
            entropy_.token(24)};
}

sip::ClientTransactionId Edge::send_request(Pending pending, sip::Message message,
                                            const sip::Flow& flow) {
    auto request = wrap(std::move(message), flow);
    const sip::ClientTransactionId id = request.id;
    pending_[id] = pending;
    outbox_.push(SendRequest{std::move(request), {}});
    return id;
}

void Edge::send_bye(Leg& leg) {
    sip::Message bye = sip::make_request(leg.dialog, "BYE", own_contact(leg.dialog.flow));
    send_request({Purpose::bye, leg.id, {}}, std::move(bye), flow_for(leg.dialog));
}

sip::Message Edge::response_to(const sip::RequestReceived& request, int status,
                               std::string_view reason) const {
    sip::Message response = sip::make_response(request.message, status, reason, entropy_.token(12));
    if (status == 405 || (status < 300 && request.message.method != "BYE")) {
        response.set_header("Allow", kAllow);
    }
    if (status == 501) {
        response.set_header("Allow", kAllow);
    }
    if (status < 300) {
        response.set_header("Supported", kSupported);
        if (request.message.method == "INVITE" || request.message.method == "UPDATE" ||
            request.message.method == "OPTIONS") {
            response.contacts = {own_contact(request.flow)};
        }
    }
    return response;
}

void Edge::respond(const sip::RequestReceived& request, int status, std::string_view reason) {
    respond(request.transaction, response_to(request, status, reason));
}

void Edge::respond(sip::ServerTransactionId transaction, sip::Message message, bool is_reliable) {
    figures_.rejected += message.status >= 400 ? 1U : 0U;
    message.set_header("Server", kServer);
    outbox_.push(SendResponse{transaction, std::move(message), is_reliable});
}

void Edge::order_remote(const Leg& leg) {
    if (!leg.agreed) {
        return;
    }
    const sip::AgreedMedia& agreed = *leg.agreed;
    const auto law = agreed.audio.name == "PCMU" ? ports::G711::mu_law : ports::G711::a_law;
    ports::OpusPayloads opus;
    if (agreed.opus) {
        opus = {agreed.opus->payload, agreed.opus->payload_in,
                agreed.opus->event_payload.value_or(0), agreed.opus->event_payload_in.value_or(0)};
    }
    order(ports::SetRemote{leg.id, agreed.remote_rtp, agreed.remote_rtcp, law,
                           agreed.audio.payload_type, agreed.audio_payload_in,
                           agreed.event_payload.value_or(0), agreed.event_payload_in.value_or(0),
                           agreed.may_send, agreed.may_receive, opus});
}

void Edge::restore(const std::vector<ports::Note>& notes, std::uint64_t last_sequence, Time now) {
    sequence_ = last_sequence;
    outbox_.seal(sequence_);
    for (const ports::Note& note : notes) {
        if (note.key.starts_with("leg/")) {
            if (auto leg = decode_leg(note.text)) {
                leg_last_ = std::max(leg_last_, leg->id.value());
                end_old_leg(*leg);
            }
            notes_.push_back({note.key, ""});
        } else if (note.key.starts_with("registration/")) {
            phones_.restore(note);
        }
    }
    apply_binding_changes({}, now);
}

void Edge::cut_off_all(core::CutOffCause cause, Time now) {
    // Who waits goes first: an agent who becomes free must find nobody who is about to go. All are
    // named beforehand, for what is due by now (a presentation that expired) moves them about.
    std::vector<std::pair<std::size_t, core::ContactId>> contacts;
    for (const auto& [id, contact] : floor_.contacts()) {
        contacts.emplace_back(contact.state.index(), id);
    }
    std::sort(contacts.begin(), contacts.end());
    for (const auto& [state, id] : contacts) {
        (void)command(core::CutOff{id, cause}, now);
    }
    for (const auto& [agent, phone] : web_phones_) {
        end_test(agent);
    }
    while (!outsides_.empty()) {
        finish_outside(outsides_.begin()->second, ports::OutsideEnd::by_us, now);
    }
    std::vector<LegId> leaving;
    for (const auto& [id, leg] : legs_) {
        if (leg.closed_queue.is_set()) {
            leaving.push_back(id);
        }
    }
    std::sort(leaving.begin(), leaving.end());
    for (const LegId id : leaving) {
        end_leaving(*find_leg(id), 480, now);
    }
}

// The other side still believes in a call of the process before: it is told.
void Edge::end_old_leg(Leg& leg) {
    leg.dialog.flow.connection = 0;  // connections did not outlive the process
    switch (leg.state) {
        case LegState::established:
            send_bye(leg);
            pending_.erase(sip::ClientTransactionId{client_last_});
            return;
        case LegState::calling:
        case LegState::ringing:
        case LegState::cancelling: {
            // CANCEL is matched by the INVITE's branch, which was written down.
            sip::Message cancel = sip::make_request(leg.dialog, "CANCEL",
                                                    own_contact(leg.dialog.flow), leg.invite_cseq);
            auto request = wrap(std::move(cancel), flow_for(leg.dialog));
            request.branch = leg.invite_branch;
            outbox_.push(SendRequest{std::move(request), {}});
            return;
        }
        case LegState::incoming:
            if (leg.invite) {
                sip::Message response =
                    sip::make_response(*leg.invite, 503, {}, leg.dialog.local.tag());
                response.set_header("Retry-After", "1");
                outbox_.push(SendRaw{{leg.dialog.flow, sip::write_message(response)}});
            }
            return;
    }
}

}  // namespace lanze::edge
