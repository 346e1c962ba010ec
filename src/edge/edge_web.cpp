// The agent's page as his telephone: calling it, what it says, and what happens while it is away.
#include "base/check.h"
#include "base/variant.h"
#include "edge/edge.h"
#include "edge/refused.h"

namespace lanze::edge {

namespace {

// Of ICE: at least 24 and 128 bits (RFC 8445 §5.3).
constexpr std::size_t kFragmentSize = 8;
constexpr std::size_t kPasswordSize = 26;
constexpr Duration kTestMax = seconds(60);
constexpr Duration kTestEvery = seconds(2);

ports::CommandRefused unknown_leg() {
    return {"unknown_leg", "This call is over, or it is not on this telephone."};
}

}  // namespace

PhoneRefused Edge::phone(core::AgentId agent, const ports::PhoneMessage& message, Time now) {
    const core::Agent* found = floor_.find_agent(agent);
    // Who leaves with another configuration keeps the call he is in.
    if (found == nullptr || (found->is_retired && !has_web_phone(agent))) {
        return ports::CommandRefused{"unknown_agent", "There is no such agent."};
    }
    PhoneRefused refused =
        match(message, [&](const auto& alternative) { return on(agent, alternative, now); });
    if (refused) {
        tell_page(agent, ports::PhoneRefusal{refused->code, refused->message});
    }
    run_follow_ups(now);
    return refused;
}

PhoneRefused Edge::on(core::AgentId agent, const ports::PhoneOpened& /*message*/, Time now) {
    web_phones_[agent].is_there = true;
    end_test(agent);  // of the page before
    Leg* leg = web_leg_of(agent);
    ports::PhoneReady ready;
    if (leg != nullptr) {
        ready.legs.push_back(leg->id);
    }
    tell_page(agent, std::move(ready));
    if (leg != nullptr) {
        offer(*leg);
    }
    if (leg != nullptr && leg->state == LegState::established) {
        // Until it is described: a page that never is must not keep the caller waiting.
        timers_.set({TimerKind::web_away, agent.value()}, now + settings_.web_away_max);
    } else {
        timers_.cancel({TimerKind::web_away, agent.value()});
    }
    note_phone(agent, true, now);
    return std::nullopt;
}

PhoneRefused Edge::on(core::AgentId agent, const ports::PhoneClosed& message, Time now) {
    const auto place = web_phones_.find(agent);
    if (place == web_phones_.end()) {
        return std::nullopt;
    }
    place->second.is_there = false;
    Leg* leg = web_leg_of(agent);
    if (leg != nullptr && leg->state == LegState::established) {
        leave_alone(*leg);
    }
    if (message.is_meant) {
        give_up_web_phone(agent, now);
    } else {
        timers_.set({TimerKind::web_away, agent.value()}, now + settings_.web_away_max);
    }
    return std::nullopt;
}

PhoneRefused Edge::on(core::AgentId agent, const ports::PhoneDescribed& message, Time now) {
    Leg* leg = web_leg(agent, message.leg);
    if (leg == nullptr) {
        return unknown_leg();
    }
    if (PhoneRefused refused = describe(*leg, message.sdp)) {
        if (leg->state != LegState::established) {
            decline(*leg, core::DeclineReason::failed, now);
        }
        return refused;
    }
    timers_.cancel({TimerKind::first_sign, leg->id.value()});
    timers_.cancel({TimerKind::web_away, agent.value()});
    if (leg->state == LegState::calling) {
        leg->state = LegState::ringing;
    }
    take_up(*leg);
    return std::nullopt;
}

PhoneRefused Edge::on(core::AgentId agent, const ports::PhoneAnswered& message, Time now) {
    Leg* leg = web_leg(agent, message.leg);
    if (leg == nullptr || leg->state == LegState::established || !leg->contact.is_set()) {
        return leg == nullptr ? PhoneRefused(unknown_leg()) : std::nullopt;
    }
    if (!leg->is_described) {
        return ports::CommandRefused{"no_audio", "The audio of this call is not set up yet."};
    }
    const core::Outcome outcome = answer(*leg, now);
    if (outcome.refusal) {
        return refused(*outcome.refusal);
    }
    return std::nullopt;
}

PhoneRefused Edge::on(core::AgentId agent, const ports::PhoneHeld& message, Time /*now*/) {
    Leg* leg = web_leg(agent, message.leg);
    if (leg == nullptr || leg->state != LegState::established || !leg->contact.is_set()) {
        return unknown_leg();
    }
    set_held(*leg, message.is_held);
    return std::nullopt;
}

PhoneRefused Edge::on(core::AgentId agent, const ports::PhoneBroken& message, Time /*now*/) {
    Leg* leg = web_leg(agent, message.leg);
    if (leg == nullptr) {
        return unknown_leg();
    }
    offer(*leg);
    return std::nullopt;
}

PhoneRefused Edge::on(core::AgentId agent, const ports::PhoneTest& message, Time now) {
    if (!has_web_phone(agent) || web_leg_of(agent) != nullptr) {
        return ports::CommandRefused{"phone_in_use",
                                     "The telephone can be tested between calls, while it is on."};
    }
    end_test(agent);
    if (!message.is_wanted) {
        return std::nullopt;
    }
    // Each takes a pair of ports that rests afterwards.
    WebPhone& phone = web_phones_[agent];
    if (phone.tested && now - *phone.tested < kTestEvery) {
        return ports::CommandRefused{"too_soon", "Wait a moment before the next test."};
    }
    phone.tested = now;
    const auto port = port_pool_.take();
    if (!port) {
        return ports::CommandRefused{"no_ports",
                                     "All of the centre's ports are in use; try again."};
    }
    Leg leg;
    leg.role = LegRole::agent;
    leg.state = LegState::established;
    leg.agent = agent;
    Leg& added = add_web_leg(std::move(leg), *port, {});
    phone.test = added.id;
    timers_.set({TimerKind::leaving, added.id.value()}, now + kTestMax);
    offer(added);
    return std::nullopt;
}

void Edge::end_test(core::AgentId agent) {
    const auto place = web_phones_.find(agent);
    Leg* leg = place == web_phones_.end() ? nullptr : find_leg(place->second.test);
    if (leg != nullptr) {
        close_web_leg(*leg);
    }
}

void Edge::call_web_phone(const core::ContactPresented& event, Time now) {
    Line* line = find_line(event.contact);
    LANZE_CHECK(line != nullptr);
    end_test(event.agent);
    const Leg* caller = other_side(*line);
    const auto port = port_for(*line);
    if (!port) {
        waiting_for_port_.push_back(event);
        return;
    }
    Leg leg;
    leg.role = LegRole::agent;
    leg.state = LegState::calling;
    leg.contact = event.contact;
    leg.agent = event.agent;
    leg.presentation = event.presentation;
    Leg& added = add_web_leg(std::move(leg), *port, codec_of(caller));
    line->agent = added.id;
    touch(*line);
    // A page that is being reloaded is back sooner than that; one that is gone is not the agent's
    // miss.
    timers_.set({TimerKind::first_sign, added.id.value()}, now + settings_.first_sign);
    offer(added);
}

Leg& Edge::add_web_leg(Leg leg, const ports::MediaPort& port, std::string_view codec) {
    leg.id = LegId{++leg_last_};
    leg.is_web = true;
    leg.port = port;
    leg.local = {{port.advertised, port.bound.port}, entropy_.next64() >> 2U, 0};
    leg.sent = sip::make_web_offer(leg.local, codec, settings_.web_opus);
    Leg& added = legs_.emplace(leg.id, std::move(leg)).first->second;
    order(ports::OpenLeg{added.id, added.port});
    return added;
}

// The browser's answer to our last offer: its audio may come from now on.
PhoneRefused Edge::describe(Leg& leg, const std::string& sdp) {
    const auto answer = sip::parse_web_answer(sdp);
    const auto agreed = answer
                            ? sip::agree_web(*leg.sent, *answer)
                            : Result<sip::AgreedMedia, sip::SdpError>(Unexpected(answer.error()));
    if (!agreed) {
        tell_page_of(leg, ports::PhoneOver{leg.id, ports::PhoneOverReason::not_understood});
        return ports::CommandRefused{"bad_description",
                                     "The browser's description of its audio cannot be used: " +
                                         std::string(sip::to_string(agreed.error())) + "."};
    }
    leg.agreed = *agreed;
    leg.received = answer->audio;
    leg.is_described = true;
    order(ports::SecureLeg{leg.id,
                           {leg.web.fragment, leg.web.password},
                           {answer->web.fragment, answer->web.password},
                           answer->web.fingerprint});
    order_remote(leg);
    return std::nullopt;
}

// New credentials each time: what belonged to the connection before is not taken any more.
void Edge::offer(Leg& leg) {
    if (!is_page_there(leg)) {
        return;  // offered when it is back
    }
    leg.is_described = false;
    leg.sent->version = ++leg.local.version;
    leg.web = {entropy_.token(kFragmentSize), entropy_.token(kPasswordSize),
               settings_.web_fingerprint};
    // The contact's number says how many there were: it is for agents.
    const core::ContactId contact = leg.guest.is_set() ? core::ContactId{} : leg.contact;
    tell_page_of(leg,
                 ports::PhoneOffer{leg.id, contact, leg.state == LegState::established,
                                   leg.is_held_by_peer, sip::write_web_offer(*leg.sent, leg.web)});
}

// Audio flows again, or for the first time in a test or of a guest.
void Edge::take_up(Leg& leg) {
    if (leg.state != LegState::established) {
        return;
    }
    if (outside_with(leg.id) != nullptr) {
        arrange_leg(leg);
        return;
    }
    if (!leg.contact.is_set()) {
        order(ports::Bridge{leg.id, leg.id});
        return;
    }
    const Line* line = find_line(leg.contact);
    const Leg* agent = line == nullptr ? nullptr : find_leg(line->agent);
    if (leg.guest.is_set() && (agent == nullptr || agent->state != LegState::established)) {
        order(ports::Play{leg.id, ports::Sound::waiting_music});
        return;
    }
    arrange_line(leg.contact);
}

// The page is away from a call: the other side hears that its person will be right back.
void Edge::leave_alone(Leg& leg) {
    leg.is_described = false;
    if (leg.guest.is_set()) {
        order(ports::WatchSilence{leg.id, Duration::zero()});
    }
    arrange_leg(leg);
}

// The page is not coming back, or the agent wants no calls there: his callers go back to the head
// of their queues, and his other phone counts again, if he has one.
void Edge::give_up_web_phone(core::AgentId agent, Time now) {
    end_test(agent);
    web_phones_.erase(agent);
    timers_.cancel({TimerKind::web_away, agent.value()});
    timers_.cancel({TimerKind::phone_back, agent.value()});
    const Leg* leg = web_leg_of(agent);
    if (leg != nullptr && leg->state != LegState::established) {
        // Before the other phone counts, for it is the page that was not reached.
        decline(*leg, core::DeclineReason::unreachable, now);
        leg = nullptr;
    }
    note_phone(agent, phones_.target(agent).has_value(), now);
    if (leg != nullptr) {
        put_back(leg->contact, now);
    }
}

// The page did not come back, or came back and did not take its call up again.
void Edge::web_phone_is_late(core::AgentId agent, Time now) {
    const auto place = web_phones_.find(agent);
    if (place == web_phones_.end() || !place->second.is_there) {
        give_up_web_phone(agent, now);
        return;
    }
    const Leg* leg = web_leg_of(agent);
    if (leg != nullptr && leg->state == LegState::established && !leg->is_described) {
        put_back(leg->contact, now);
    }
}

void Edge::put_back(core::ContactId contact, Time now) {
    const Line* line = find_line(contact);
    if (line != nullptr && leave_to_joined(*line, now)) {
        return;
    }
    const std::vector<core::ContactId> asked =
        line == nullptr ? std::vector<core::ContactId>{} : line->consultations;
    for (const core::ContactId consultation : asked) {
        (void)decide(core::HangUp{consultation, core::EndedBy::centre}, now);
    }
    const core::Contact* found = floor_.find_contact(contact);
    if (found->is_own_call()) {
        (void)decide(core::HangUp{contact, core::EndedBy::centre}, now);
        return;
    }
    const core::Outcome outcome = decide(core::Transfer{contact, found->queue, {}}, now);
    if (outcome.refusal) {
        (void)decide(core::CutOff{contact, core::CutOffCause::signalling_lost}, now);
        return;
    }
    for (const core::Event& event : outcome.events) {
        const auto* queued = std::get_if<core::ContactQueued>(&event);
        if (queued != nullptr && queued->origin == contact) {
            (void)decide(core::Prioritise{queued->contact, core::kPriorityFirst}, now);
        }
    }
}

Leg* Edge::web_leg(core::AgentId agent, LegId id) {
    Leg* leg = find_leg(id);
    return leg != nullptr && leg->is_web && leg->agent == agent ? leg : nullptr;
}

// Of the contact the agent is in or is called for; null: none, or it is on another phone.
Leg* Edge::web_leg_of(core::AgentId agent) {
    const core::Agent* found = floor_.find_agent(agent);
    const Line* line = found == nullptr ? nullptr : find_line(core::contact_of(*found));
    return line == nullptr ? nullptr : web_leg(agent, line->agent);
}

void Edge::close_web_leg(Leg& leg) {
    tell_page(leg.agent, ports::PhoneOver{leg.id, ports::PhoneOverReason::ended});
    close_leg(leg);
}

void Edge::tell_page(core::AgentId agent, ports::PhoneNews news) {
    outbox_.push(SendNews{agent, std::move(news)});
}

}  // namespace lanze::edge
