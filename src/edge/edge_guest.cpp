// A guest: a caller in a browser, without an account. His leg is offered to his page like an
// agent's to the agent's page (edge_web.cpp); here stands what differs: how he comes, and goes.
#include <algorithm>

#include "base/variant.h"
#include "core/caller.h"
#include "edge/edge.h"

namespace lanze::edge {

namespace {

// As a number stands behind a name; the API lets no guest write brackets himself.
std::string guest_text(const std::string& name) {
    const std::string web(core::kWebCaller);
    return name.empty() ? web : name + " <" + web + ">";
}

ports::GuestNews as_guest_news(ports::PhoneNews news) {
    return std::visit([](auto& each) { return ports::GuestNews(std::move(each)); }, news);
}

ports::GuestOverReason reason_of(const core::ContactEnded& event) {
    if (event.end == core::ContactEnd::closed) {
        return ports::GuestOverReason::queue_closed;
    }
    if (event.end != core::ContactEnd::cut_off) {
        return event.by == core::EndedBy::caller ? ports::GuestOverReason::hung_up
                                                 : ports::GuestOverReason::ended;
    }
    switch (event.cause) {
        case core::CutOffCause::media_silent:
            return ports::GuestOverReason::no_audio;
        case core::CutOffCause::centre_closed:
        case core::CutOffCause::restart:
            return ports::GuestOverReason::centre_closed;
        case core::CutOffCause::session_expired:
        case core::CutOffCause::signalling_lost:
        case core::CutOffCause::time_limit:
            return ports::GuestOverReason::cut_off;
    }
    return ports::GuestOverReason::cut_off;
}

ports::GuestOverReason reason_of(const core::Outcome& outcome) {
    const bool is_closed = std::ranges::any_of(outcome.events, [](const core::Event& event) {
        const auto* blocked = std::get_if<core::ContactBlocked>(&event);
        return blocked != nullptr && blocked->reason == core::BlockedReason::queue_closed;
    });
    return is_closed ? ports::GuestOverReason::queue_closed : ports::GuestOverReason::queue_full;
}

}  // namespace

void Edge::guest(ports::GuestId guest, const ports::GuestMessage& message, Time now) {
    match(message, [&](const auto& alternative) { on(guest, alternative, now); });
    run_follow_ups(now);
}

// Only queues, and only those the API lets guests choose: there is no way from here to a number.
void Edge::on(ports::GuestId guest, const ports::GuestCalls& message, Time now) {
    const core::Queue* queue = floor_.find_queue(message.queue);
    if (guests_.contains(guest)) {
        return;
    }
    const bool is_chat = message.channel == core::Channel::chat;
    if (queue == nullptr || queue->is_retired ||
        (!is_chat && message.channel != core::Channel::voice)) {
        tell_guest(guest, ports::GuestOver{ports::GuestOverReason::not_offered});
        return;
    }
    // A chat takes no port.
    if (is_chat ? is_overloaded_ : is_full()) {
        tell_guest(guest, ports::GuestOver{ports::GuestOverReason::busy});
        return;
    }
    if (is_chat) {
        let_writer_in(guest, message, now);
        return;
    }
    let_guest_in(guest, message, now);
}

void Edge::let_guest_in(ports::GuestId guest, const ports::GuestCalls& message, Time now) {
    const core::QueueId queue = serving_queue(message.queue);
    const core::ContactId contact = floor_.next_contact();
    Leg leg;
    leg.role = LegRole::caller;
    leg.state = LegState::established;  // there is nothing to answer
    leg.contact = contact;
    leg.guest = guest;
    const LegId id = add_web_leg(std::move(leg), *port_pool_.take(), {}).id;
    // Leg and line must be there when the events of EnterQueue are reacted to (edge_caller.cpp).
    Line line;
    line.contact = contact;
    line.queue = queue;
    line.caller = id;
    line.caller_text = guest_text(message.name);
    lines_[contact] = std::move(line);
    guests_[guest] = {contact, id, true};
    notes_.push_back({"caller/" + std::to_string(contact.value()), guest_text(message.name)});
    const core::Outcome outcome = decide(core::EnterQueue{queue}, now);
    if (floor_.find_contact(contact) == nullptr) {
        turn_guest_away(guest, reason_of(outcome));
        return;
    }
    tell_guest(guest, ports::GuestQueued{contact});
    tell_guest(guest, ports::PhoneReady{{id}});
    Leg& entered = *find_leg(id);
    order(ports::Play{id, ports::Sound::waiting_music});
    offer(entered);
    timers_.set({TimerKind::guest_away, guest.value()}, now + settings_.guest_silence_max);
}

// Who writes has no leg, and what he writes is no business of ours (record 0036).
void Edge::let_writer_in(ports::GuestId guest, const ports::GuestCalls& message, Time now) {
    const core::QueueId queue = serving_queue(message.queue);
    const core::ContactId contact = floor_.next_contact();
    // Both must be there when the events of EnterQueue are reacted to.
    guests_[guest] = {contact, LegId{}, true};
    chats_[contact] = {guest, guest_text(message.name)};
    notes_.push_back({"caller/" + std::to_string(contact.value()), guest_text(message.name)});
    const core::Outcome outcome =
        decide(core::EnterQueue{queue, {}, 0, {}, core::Channel::chat}, now);
    if (floor_.find_contact(contact) != nullptr) {
        tell_guest(guest, ports::GuestQueued{contact});
        return;
    }
    notes_.push_back({"caller/" + std::to_string(contact.value()), ""});
    chats_.erase(contact);
    end_guest(guest, reason_of(outcome));
}

// An agent has given the chat away: it goes on as another contact.
void Edge::follow_chat(const core::ContactQueued& event) {
    auto node = chats_.extract(event.origin);
    if (node.empty()) {
        return;
    }
    const Chat& chat = node.mapped();
    guests_[chat.guest].contact = event.contact;
    notes_.push_back({"caller/" + std::to_string(event.contact.value()), chat.caller_text});
    tell_guest(chat.guest, ports::GuestQueued{event.contact});
    node.key() = event.contact;
    chats_.insert(std::move(node));
}

void Edge::end_chat(const core::ContactEnded& event) {
    const auto node = chats_.extract(event.contact);
    if (!node.empty()) {
        end_guest(node.mapped().guest, reason_of(event));
    }
}

// Nobody reads a chat without a desk: his go to others, before all who wait.
void Edge::leave_chats(core::AgentId agent, Time now) {
    const core::Agent* found = floor_.find_agent(agent);
    const std::vector<core::Written> had =
        found == nullptr ? std::vector<core::Written>{} : found->written;
    for (const core::Written& each : had) {
        if (each.medium != core::Medium::chat) {
            continue;
        }
        if (each.phase == core::Written::Phase::alerting) {
            (void)decide(core::Decline{each.presentation, core::DeclineReason::failed}, now);
        } else if (each.phase == core::Written::Phase::talking) {
            put_back(each.contact, now);
        }
    }
    run_follow_ups(now);
}

void Edge::turn_guest_away(ports::GuestId guest, ports::GuestOverReason reason) {
    const Guest known = guests_[guest];
    notes_.push_back({"caller/" + std::to_string(known.contact.value()), ""});
    lines_.erase(known.contact);
    Leg& leg = *find_leg(known.leg);
    leg.contact = {};  // its id is the next one's
    end_guest(guest, reason);
    close_leg(leg);
}

void Edge::on(ports::GuestId guest, const ports::PhoneOpened& /*message*/, Time now) {
    const auto place = guests_.find(guest);
    if (place == guests_.end()) {
        return;  // over meanwhile, and told so
    }
    place->second.is_there = true;
    if (!place->second.leg.is_set()) {
        timers_.cancel({TimerKind::guest_away, guest.value()});
        return;  // he writes
    }
    Leg& leg = *find_leg(place->second.leg);
    tell_guest(guest, ports::PhoneReady{{leg.id}});
    leave_alone(leg);  // also if the page before did not say goodbye
    offer(leg);
    // Until it is described: a page that never is must not keep the agent waiting.
    timers_.set({TimerKind::guest_away, guest.value()}, now + settings_.guest_away_max);
}

void Edge::on(ports::GuestId guest, const ports::PhoneClosed& message, Time now) {
    const auto place = guests_.find(guest);
    if (place == guests_.end()) {
        return;
    }
    if (message.is_meant) {
        guest_goes(place->second, now);
        return;
    }
    place->second.is_there = false;
    if (Leg* leg = find_leg(place->second.leg)) {
        leave_alone(*leg);
    }
    timers_.set({TimerKind::guest_away, guest.value()}, now + settings_.guest_away_max);
}

void Edge::on(ports::GuestId guest, const ports::PhoneDescribed& message, Time now) {
    Leg* leg = guest_leg(guest, message.leg);
    if (leg == nullptr) {
        return;
    }
    if (const PhoneRefused refused = describe(*leg, message.sdp)) {
        tell_guest(guest, ports::PhoneRefusal{refused->code, refused->message});
        leg_broke(*leg, core::CutOffCause::media_silent, now);
        return;
    }
    timers_.cancel({TimerKind::guest_away, guest.value()});
    order(ports::WatchSilence{leg->id, settings_.guest_silence_max, true});
    take_up(*leg);
}

void Edge::on(ports::GuestId guest, const ports::PhoneBroken& message, Time /*now*/) {
    if (Leg* leg = guest_leg(guest, message.leg)) {
        offer(*leg);
    }
}

// Of his own will, or because his page stays away.
void Edge::guest_goes(const Guest& guest, Time now) {
    Leg* leg = find_leg(guest.leg);
    if (leg != nullptr) {
        leg->has_ended = true;
    }
    if (leg == nullptr || !end_outside_by(*leg, ports::OutsideEnd::by_us, now)) {
        (void)decide(core::HangUp{guest.contact, core::EndedBy::caller}, now);
    }
}

// The page did not come back, or is there and never set up its audio.
void Edge::guest_is_late(ports::GuestId guest, Time now) {
    const auto place = guests_.find(guest);
    if (place == guests_.end()) {
        return;
    }
    if (!place->second.is_there) {
        guest_goes(place->second, now);
        return;
    }
    Leg* leg = find_leg(place->second.leg);
    if (leg != nullptr && !leg->is_described) {
        leg_broke(*leg, core::CutOffCause::media_silent, now);
    }
}

Leg* Edge::guest_leg(ports::GuestId guest, LegId id) {
    const auto place = guests_.find(guest);
    return place != guests_.end() && place->second.leg == id ? find_leg(id) : nullptr;
}

void Edge::hang_up_guest(Leg& caller, const core::ContactEnded& event) {
    end_guest(caller.guest, reason_of(event));
    close_leg(caller);
}

// His contact goes on as another one: an agent has given it away.
void Edge::follow_guest(const Leg& caller) {
    guests_[caller.guest].contact = caller.contact;
    tell_guest(caller.guest, ports::GuestQueued{caller.contact});
    if (caller.is_described) {
        order(ports::WatchSilence{caller.id, settings_.guest_silence_max, true});
    }
}

void Edge::end_guest(ports::GuestId guest, ports::GuestOverReason reason) {
    timers_.cancel({TimerKind::guest_away, guest.value()});
    guests_.erase(guest);
    tell_guest(guest, ports::GuestOver{reason});
}

bool Edge::is_page_there(const Leg& leg) const {
    if (leg.guest.is_set()) {
        const auto place = guests_.find(leg.guest);
        return place != guests_.end() && place->second.is_there;
    }
    const auto place = web_phones_.find(leg.agent);
    return place != web_phones_.end() && place->second.is_there;
}

void Edge::tell_page_of(const Leg& leg, ports::PhoneNews news) {
    if (leg.guest.is_set()) {
        tell_guest(leg.guest, as_guest_news(std::move(news)));
    } else {
        tell_page(leg.agent, std::move(news));
    }
}

void Edge::tell_guest(ports::GuestId guest, ports::GuestNews news) {
    outbox_.push(SendGuestNews{guest, std::move(news)});
}

}  // namespace lanze::edge
