// Numbers outside: called through a trunk about an agent's contact, asked, joined, and left alone
// with the caller. No contact stands for such a call (record 0038): it is a leg of the talk.
#include <algorithm>

#include "base/check.h"
#include "edge/edge.h"
#include "edge/refused.h"

namespace lanze::edge {

namespace {

using ports::OutsideEnd;

// Who answers a challenge that comes again has the wrong password.
constexpr std::uint8_t kChallengesMax = 2;

OutsideEnd end_by(int status) {
    switch (status) {
        case 486:
        case 600:
            return OutsideEnd::busy;
        case 408:
        case 480:
        case 487:
            return OutsideEnd::no_answer;
        case 403:
        case 603:
        case 607:
            return OutsideEnd::rejected;
        case 404:
        case 410:
        case 484:
        case 604:
            return OutsideEnd::unknown_number;
        default:
            return OutsideEnd::failed;
    }
}

ports::CommandRefused not_allowed(DialVerdict verdict, const DialOut& rules) {
    std::string why = "Agents may not call this number; they may call ";
    if (verdict == DialVerdict::expensive) {
        why = "This number is charged at a premium, and not allowed by name; agents may call ";
    }
    return {"number_not_allowed", why + describe_allowed(rules) + "."};
}

std::string host_of(const Endpoint& server) {
    const std::string text = server.address.to_string();
    return text.find(':') == std::string::npos ? text : "[" + text + "]";
}

}  // namespace

Outside* Edge::find_outside(LegId leg) {
    const auto place = outsides_.find(leg);
    return place == outsides_.end() ? nullptr : &place->second;
}

Outside* Edge::outside_with(LegId leg) {
    const auto place = std::find_if(outsides_.begin(), outsides_.end(), [&](const auto& entry) {
        return entry.first == leg || entry.second.caller == leg;
    });
    return place == outsides_.end() ? nullptr : &place->second;
}

// Where a call goes, as whom; nothing: the trunk has no connection now.
std::optional<Edge::OutsideWay> Edge::way_outside(const std::string& number, Time now) const {
    const DialOut& rules = settings_.dial_out;
    OutsideWay way;
    way.from.uri.user = rules.shown;
    if (rules.server) {
        way.flow = phones_.flow_to(*rules.server, sip::Transport::udp);
        way.to.user = number;
        way.to.host = host_of(*rules.server);
        way.to.port = rules.server->port;
        way.from.uri.host = own_endpoint(way.flow).address.to_string();
        way.from.uri.user = rules.shown.empty() ? "lanze" : rules.shown;
        return way;
    }
    for (const auto& [index, provider] : providers_) {
        const bool is_up = provider.standing.trunk == rules.trunk && provider.registration &&
                           sip::is_registered(*provider.registration, now) &&
                           !provider.endpoints.empty();
        if (!is_up) {
            continue;
        }
        const sip::RegistrationAccount& account = provider.account;
        way.flow =
            phones_.flow_to(provider.endpoints[provider.endpoint], provider.lookup.transport);
        way.to = account.registrar;
        way.to.user = number;
        way.from = account.address;
        way.from.uri.user = rules.shown.empty() ? account.credentials.username : rules.shown;
        way.credentials = account.credentials;
        return way;
    }
    return std::nullopt;
}

// What stands in the way of calling any number about what the agent talks in.
PhoneRefused Edge::refuse_outside(core::AgentId agent, ports::DialFor what) {
    const core::Agent* found = floor_.find_agent(agent);
    if (found == nullptr) {
        return refused(core::Refusal::unknown_agent);
    }
    const Line* line = find_line(core::contact_of(*found));
    const core::Contact* contact = floor_.find_contact(core::contact_of(*found));
    const bool is_call =
        line != nullptr && contact->medium() == core::Medium::call &&
        std::holds_alternative<core::Talking>(found->activity) &&
        (line->about.is_set() || line->own_of.is_set() || find_leg(line->caller) != nullptr);
    if (!is_call) {
        return refused(core::Refusal::contact_not_connected);
    }
    if (line->about.is_set() || line->own_of.is_set()) {
        return refused(core::Refusal::channel_does_not_fit);
    }
    if (line->outside.is_set()) {
        return ports::CommandRefused{"outside_open",
                                     "A number outside is in this talk already; end that first."};
    }
    const bool is_transfer = what == ports::DialFor::transfer;
    const bool has_open = std::ranges::any_of(line->consultations, [&](core::ContactId id) {
        return is_transfer || !find_line(id)->is_joined;
    });
    return has_open ? PhoneRefused(refused(core::Refusal::consultation_open)) : std::nullopt;
}

// The limits, the cheapest question first.
PhoneRefused Edge::refuse_number(const std::string& number, Time now) const {
    const DialOut& rules = settings_.dial_out;
    const DialVerdict verdict =
        rules.trunk.empty() ? DialVerdict::not_allowed : judge_number(number, rules);
    if (verdict != DialVerdict::allowed) {
        return not_allowed(verdict, rules);
    }
    if (outsides_.size() >= rules.calls_max) {
        return ports::CommandRefused{
            "dial_limit", "So many calls to numbers outside are in progress as are allowed."};
    }
    if (!way_outside(number, now)) {
        return ports::CommandRefused{"trunk_unavailable",
                                     "The way to the telephone network is not there now."};
    }
    return std::nullopt;
}

// The same, and the call counts for the agent.
PhoneRefused Edge::count_number(core::AgentId agent, const std::string& number, Time now) {
    if (PhoneRefused in_the_way = refuse_number(number, now)) {
        return in_the_way;
    }
    if (!dial_quota_.take(agent, now, settings_.dial_out.calls_per_hour)) {
        return ports::CommandRefused{
            "dial_limit", "You have called as many numbers in the last hour as are allowed."};
    }
    return std::nullopt;
}

PhoneRefused Edge::dial(core::AgentId agent, const std::string& text, ports::DialFor what,
                        Time now) {
    if (PhoneRefused in_the_way = refuse_outside(agent, what)) {
        return in_the_way;
    }
    const auto number = normalised_number(text, settings_.dial_out.country);
    if (!number) {
        return ports::CommandRefused{"bad_number",
                                     "number " + std::string(edge::explain(number.error())) + "."};
    }
    if (is_overloaded_ || port_pool_.size() == 0) {
        return ports::CommandRefused{"no_ports", "The centre has no room for another call now."};
    }
    if (PhoneRefused in_the_way = count_number(agent, *number, now)) {
        return in_the_way;
    }
    Line& line = *find_line(core::contact_of(*floor_.find_agent(agent)));
    const core::ContactId contact = line.contact;
    const auto port = port_pool_.take_from(find_leg(line.caller)->port.worker);
    if (!port) {
        return ports::CommandRefused{"no_ports", "The centre has no room for another call now."};
    }
    call_outside(line, *port, {*way_outside(*number, now), *number, agent, what}, now);
    if (what == ports::DialFor::transfer) {
        const core::Outcome outcome = decide(core::TransferOut{contact}, now);
        LANZE_CHECK(!outcome.refusal);
    }
    arrange_touched();
    run_follow_ups(now);
    return std::nullopt;
}

void Edge::call_outside(Line& line, const ports::MediaPort& port, const OutsideOrder& wanted,
                        Time now) {
    const Leg& beside = *find_leg(line.own_of.is_set() ? line.agent : line.caller);
    Leg leg;
    leg.role = LegRole::outside;
    leg.state = LegState::calling;
    leg.agent = wanted.agent;
    leg.port = port;
    leg.local = {{port.advertised, port.bound.port}, entropy_.next64() >> 2U, 1};
    leg.sent = sip::make_offer(leg.local, sip::Direction::sendrecv, codec_of(&beside));
    leg.has_open_offer = true;
    sip::NameAddress to;
    to.uri = wanted.way.to;
    leg.dialog = sip::make_uac_dialog(wanted.way.from, to, wanted.way.to, entropy_.token(20),
                                      entropy_.token(12), 0, wanted.way.flow);
    Leg& added = add_leg(std::move(leg));

    const core::Contact& contact = *floor_.find_contact(line.contact);
    const auto& talk = std::get<core::Connected>(contact.state);
    Outside call;
    call.leg = added.id;
    call.talk = line.contact;
    call.contact = line.contact;
    call.agent = wanted.agent;
    call.number = wanted.number;
    call.dialled_for = wanted.what;
    call.credentials = wanted.way.credentials;
    call.queue = contact.queue;
    call.needs = contact.needs;
    call.waited = talk.since - contact.queued;
    call.caller_text = line.caller_text;
    outside_news_.push_back({call.agent, call.contact, call.number, call.dialled_for, {}, {}});
    outsides_[added.id] = std::move(call);
    line.outside = added.id;
    line.outside_ended.reset();
    line.is_consulting = wanted.what == ports::DialFor::consultation;
    touch(line);
    order(ports::OpenLeg{added.id, added.port});
    send_outside_invite(added, std::nullopt);
    timers_.set({TimerKind::outside, added.id.value()}, now + settings_.dial_out.answer_max);
}

// Again with `authorization` when the provider asks who we are.
void Edge::send_outside_invite(
    Leg& leg, const std::optional<std::pair<std::string, std::string>>& authorization) {
    sip::Message invite = make_invite(leg);
    if (authorization) {
        invite.set_header(authorization->first, authorization->second);
    }
    if (!settings_.dial_out.shown.empty()) {
        // RFC 3325: which of our numbers, where From is not believed.
        sip::NameAddress shown = leg.dialog.local;
        shown.parameters.clear();
        invite.set_header("P-Preferred-Identity", shown.to_string());
    }
    plan_invite(leg, std::move(invite), {});
}

void Edge::on_outside_response(Leg& leg, const sip::ResponseReceived& event, Time now) {
    const int status = event.message.status;
    Outside* call = find_outside(leg.id);
    if (status < 200) {
        if (leg.state == LegState::calling && status > 100) {
            leg.state = LegState::ringing;
            outside_changed(call);
        }
        if (event.message.header_has_token("Require", "100rel") && status > 100) {
            send_prack(leg, event.message);
        }
        return;
    }
    if (status < 300) {
        outside_answered(leg, event, now);
        return;
    }
    pending_.erase(event.transaction);
    const bool is_challenge = status == 401 || status == 407;
    if (is_challenge && call != nullptr && answer_outside_challenge(leg, *call, event.message)) {
        return;
    }
    leg.has_ended = true;
    if (leg.state == LegState::cancelling || call == nullptr) {
        close_leg(leg);
        return;
    }
    outside_failed(*call, end_by(status), now);
}

bool Edge::answer_outside_challenge(Leg& leg, Outside& call, const sip::Message& response) {
    const auto challenge = sip::strongest_challenge(response);
    const bool may_answer = challenge && call.credentials && leg.state != LegState::cancelling &&
                            call.challenges < kChallengesMax &&
                            (call.challenges == 0 || challenge->is_stale);
    if (!may_answer) {
        return false;
    }
    ++call.challenges;
    leg.state = LegState::calling;
    leg.peer_reliable_sequence = 0;
    const std::string value =
        sip::answer_challenge(*challenge, *call.credentials, "INVITE",
                              leg.dialog.remote_target.to_string(), entropy_.token(16), 1);
    send_outside_invite(leg, std::pair(std::string(response.status == 407 ? "Proxy-Authorization"
                                                                          : "Authorization"),
                                       value));
    return true;
}

void Edge::outside_answered(Leg& leg, const sip::ResponseReceived& event, Time now) {
    if (!take_2xx(leg, event, now)) {
        return;
    }
    Outside* call = find_outside(leg.id);
    LANZE_CHECK(call != nullptr);
    if (!leg.agreed) {
        send_bye(leg);
        leg.has_ended = true;
        outside_failed(*call, OutsideEnd::failed, now);
        return;
    }
    leg.state = LegState::established;
    note_leg(leg);
    call->answered = now;
    timers_.set({TimerKind::outside, leg.id.value()}, now + settings_.dial_out.length_max);
    session_refreshed(leg, now);
    outside_changed(call);
    arrange_outside(*call);
    run_follow_ups(now);
}

void Edge::outside_changed(const Outside* call) {
    if (call != nullptr && call->talk.is_set()) {
        changed_talks_.push_back(call->talk);
    }
}

// Who hears whom, where an outside number has a part.
void Edge::arrange_outside(const Outside& call) {
    if (call.talk.is_set()) {
        arrange(call.talk);
        return;
    }
    Leg* outside = find_leg(call.leg);
    Room room;
    enter(room, find_leg(call.caller));
    if (call.answered) {
        enter(room, outside);
    }
    settle_room(room, call.answered ? ports::Sound::waiting_music : ports::Sound::ring_tone);
}

// A leg's hold or page has changed.
void Edge::arrange_leg(const Leg& leg) {
    if (const Outside* call = outside_with(leg.id)) {
        arrange_outside(*call);
    } else {
        arrange_line(leg.contact);
    }
}

// The agent has left: caller and number go on alone, or it still rings there.
void Edge::hand_out(Line& line) {
    Outside& call = *find_outside(line.outside);
    call.talk = {};
    call.caller = std::exchange(line.caller, {});
    line.outside = {};
    Leg& caller = *find_leg(call.caller);
    caller.contact = {};
    note_leg(caller);
    arrange_outside(call);
}

// Its line is gone already.
void Edge::leave_outside(Line& line, const core::ContactEnded& event, Time now) {
    Outside* call = find_outside(line.outside);
    if (call == nullptr) {
        return;
    }
    if (event.end == core::ContactEnd::transferred && line.caller.is_set()) {
        hand_out(line);
    } else {
        finish_outside(*call, OutsideEnd::by_us, now);
    }
}

// Nobody answered there. Who waits for it alone goes back to the head of his queue.
void Edge::outside_failed(Outside& call, OutsideEnd end, Time now) {
    if (call.talk.is_set()) {
        finish_outside(call, end, now);
    } else {
        take_back(call, end, now);
    }
    arrange_touched();
    run_follow_ups(now);
}

void Edge::take_back(Outside& call, OutsideEnd end, Time now) {
    const core::TakeBack command{call.contact, call.queue, call.needs, call.waited};
    Leg& caller = *find_leg(call.caller);
    const core::ContactId contact = floor_.next_contact();
    Line line;
    line.contact = contact;
    line.queue = call.queue;
    line.caller = caller.id;
    line.caller_text = call.caller_text;
    lines_[contact] = std::move(line);
    caller.contact = contact;
    note_leg(caller);
    notes_.push_back({"caller/" + std::to_string(contact.value()), call.caller_text});
    let_hear(caller, ports::Sound::waiting_music);
    call.caller = {};
    finish_outside(call, end, now);
    const core::Outcome outcome = decide(command, now);
    if (floor_.find_contact(contact) != nullptr) {
        if (caller.guest.is_set()) {
            follow_guest(caller);
        }
        return;
    }
    lines_.erase(contact);
    notes_.push_back({"caller/" + std::to_string(contact.value()), ""});
    caller.contact = {};
    let_go_of(caller, ports::GuestOverReason::queue_closed);
}

// A caller who belongs to no contact any more.
void Edge::let_go_of(Leg& caller, ports::GuestOverReason reason) {
    if (caller.guest.is_set()) {
        end_guest(caller.guest, reason);
    } else if (!caller.has_ended) {
        say_goodbye(caller);
    }
    close_leg(caller);
}

// The call is over for everybody who is left in it; the agent of a talk stays with his caller.
void Edge::finish_outside(Outside& ended, OutsideEnd end, Time now) {
    const Outside call = std::move(ended);
    outsides_.erase(LegId{call.leg});
    timers_.cancel({TimerKind::outside, call.leg.value()});
    outside_news_.push_back({call.agent, call.contact, call.number, call.dialled_for, end,
                             call.answered ? std::optional(now - *call.answered) : std::nullopt});
    if (Line* line = call.talk.is_set() ? find_line(call.talk) : nullptr) {
        line->outside = {};
        line->outside_ended = {call.number, ports::OutsideState::ended, false, end};
        line->is_consulting = line->is_consulting && call.is_joined;
        touch(*line);
        changed_talks_.push_back(call.talk);
        end_own_call(call.talk, end);
    }
    Leg* caller = find_leg(call.caller);
    Leg* outside = find_leg(call.leg);
    for (Leg* leg : {caller, outside}) {
        if (leg != nullptr) {
            let_hear(*leg, std::nullopt);
        }
    }
    if (caller != nullptr) {
        let_go_of(*caller, caller->has_ended ? ports::GuestOverReason::hung_up
                                             : ports::GuestOverReason::ended);
    }
    if (outside != nullptr) {
        hang_up_agent(*outside, now);
    }
}

// A leg ended or broke that is an outside number's, or its caller's. False: it is neither.
bool Edge::end_outside_by(const Leg& leg, OutsideEnd end, Time now) {
    Outside* call = outside_with(leg.id);
    if (call == nullptr) {
        return false;
    }
    if (leg.id == call->leg && !call->answered) {
        outside_failed(*call, end, now);
        return true;
    }
    finish_outside(*call, leg.id == call->leg ? end : OutsideEnd::by_us, now);
    arrange_touched();
    run_follow_ups(now);
    return true;
}

void Edge::outside_due(LegId leg, Time now) {
    Outside* call = find_outside(leg);
    if (call != nullptr && !call->answered) {
        outside_failed(*call, OutsideEnd::no_answer, now);
    } else if (call != nullptr) {
        finish_outside(*call, OutsideEnd::too_long, now);
        arrange_touched();
        run_follow_ups(now);
    }
}

// A colleague who talks along takes the caller over, with the number; else they are alone.
core::Command Edge::leave_with(Line& line, Outside& call) {
    for (const core::ContactId id : line.consultations) {
        if (find_line(id)->is_joined) {
            call.is_joined = true;
            line.is_consulting = false;
            return core::CompleteTransfer{id};
        }
    }
    return core::TransferOut{line.contact};
}

PhoneRefused Edge::outside(core::AgentId agent, ports::OutsideStep step, Time now) {
    const core::Agent* found = floor_.find_agent(agent);
    Line* line = found == nullptr ? nullptr : find_line(core::contact_of(*found));
    Outside* call = line == nullptr ? nullptr : find_outside(line->outside);
    const bool needs_answer = step != ports::OutsideStep::end;
    if (call == nullptr || (needs_answer && !call->answered)) {
        return ports::CommandRefused{"no_consultation",
                                     "No number outside is in this talk, or nobody has answered."};
    }
    if (line->own_of.is_set() && step != ports::OutsideStep::end) {
        return refused(core::Refusal::channel_does_not_fit);  // there is no caller
    }
    switch (step) {
        case ports::OutsideStep::join:
            call->is_joined = true;
            line->is_consulting = false;
            touch(*line);
            changed_talks_.push_back(line->contact);
            break;
        case ports::OutsideStep::complete: {
            const core::Outcome outcome = decide(leave_with(*line, *call), now);
            if (outcome.refusal) {
                return refused(*outcome.refusal);
            }
            break;
        }
        case ports::OutsideStep::end:
            finish_outside(*call, OutsideEnd::by_us, now);
            break;
    }
    arrange_touched();
    run_follow_ups(now);
    return std::nullopt;
}

std::optional<ports::OutsideView> Edge::outside_of(core::ContactId contact) const {
    const auto place = lines_.find(contact);
    if (place == lines_.end()) {
        return std::nullopt;
    }
    const auto found = outsides_.find(place->second.outside);
    if (found == outsides_.end()) {
        return place->second.outside_ended;
    }
    const Outside& call = found->second;
    const bool is_calling = legs_.at(call.leg).state == LegState::calling;
    const auto state = call.answered ? ports::OutsideState::talking
                       : is_calling  ? ports::OutsideState::calling
                                     : ports::OutsideState::ringing;
    return ports::OutsideView{call.number, state, call.is_joined, {}};
}

std::optional<ports::Dialable> Edge::dialable() const {
    const DialOut& rules = settings_.dial_out;
    if (rules.trunk.empty() || rules.allowed.empty()) {
        return std::nullopt;
    }
    return ports::Dialable{rules.allowed, rules.forbidden};
}

}  // namespace lanze::edge
