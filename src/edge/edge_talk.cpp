// Who hears whom: the caller, his agent, and the colleagues whom that agent asks.
#include <algorithm>

#include "base/check.h"
#include "edge/edge.h"

namespace lanze::edge {

void Edge::begin_consultation(const core::ContactQueued& event) {
    Line* about = find_line(event.origin);
    if (about == nullptr) {
        return;  // of the process before
    }
    Line line;
    line.contact = event.contact;
    line.queue = event.queue;
    line.about = event.origin;
    if (const Leg* asker = find_leg(about->agent)) {
        line.caller_text = floor_.find_agent(asker->agent)->config.name;
    }
    about->consultations.push_back(event.contact);
    about->is_consulting = true;
    touch(*about);
    lines_[event.contact] = std::move(line);
}

void Edge::react(const core::ConsultationJoined& event) {
    Line* line = find_line(event.contact);
    Line* about = line == nullptr ? nullptr : find_line(line->about);
    if (about == nullptr) {
        return;
    }
    line->is_joined = true;
    about->is_consulting = false;
    touch(*about);
}

// The consultation is the caller's contact from now on. Other colleagues stay with him; the leg of
// who has handed him over stays with the contact that is about to end.
void Edge::react(const core::TransferCompleted& event) {
    Line* line = find_line(event.contact);
    Line* before = find_line(event.origin);
    if (line == nullptr || before == nullptr) {
        return;
    }
    line->about = {};
    line->is_joined = false;
    line->queue = event.queue;
    line->caller_text = before->caller_text;
    line->outside = std::exchange(before->outside, LegId{});
    if (Outside* outside = find_outside(line->outside)) {
        outside->talk = event.contact;
    }
    line->consultations = std::exchange(before->consultations, {});
    std::erase(line->consultations, event.contact);
    for (const core::ContactId other : line->consultations) {
        find_line(other)->about = event.contact;
    }
    line->caller = std::exchange(before->caller, LegId{});
    if (Leg* caller = find_leg(line->caller)) {
        caller->contact = event.contact;
        note_leg(*caller);
        if (caller->guest.is_set()) {
            follow_guest(*caller);
        }
    }
    notes_.push_back({"caller/" + std::to_string(event.contact.value()), line->caller_text});
    touch(*line);
}

// Its line is gone already.
void Edge::leave_talk_about(const Line& consultation) {
    Line* about = consultation.about.is_set() ? find_line(consultation.about) : nullptr;
    if (about == nullptr) {
        return;
    }
    std::erase(about->consultations, consultation.contact);
    about->is_consulting = about->is_consulting && consultation.is_joined;
    touch(*about);
}

std::optional<core::Refusal> Edge::talk_with(core::AgentId agent, ports::TalkPartner partner,
                                             Time now) {
    const core::Agent* found = floor_.find_agent(agent);
    if (found == nullptr) {
        return core::Refusal::unknown_agent;
    }
    Line* line = find_line(core::contact_of(*found));
    const Outside* outside = line == nullptr ? nullptr : find_outside(line->outside);
    const bool asks_outside = outside != nullptr && !outside->is_joined;
    const bool asks_colleague =
        line != nullptr && std::ranges::any_of(line->consultations, [&](core::ContactId id) {
            return !find_line(id)->is_joined;
        });
    if (!asks_outside && !asks_colleague) {
        return core::Refusal::not_a_consultation;
    }
    line->is_consulting = partner == ports::TalkPartner::colleague;
    arrange(line->contact);
    run_follow_ups(now);
    return std::nullopt;
}

// Who hangs up leaves the talk to the others: to those who talk with the caller already, or to the
// colleague he was asking just now (as telephones hand over by hanging up). Else it is over.
core::Command Edge::leave_by(const Line& line) const {
    if (line.own_of.is_set()) {
        return core::HangUp{line.contact, core::EndedBy::agent};
    }
    for (const core::ContactId id : line.consultations) {
        const core::Contact* consultation = floor_.find_contact(id);
        const bool is_answered =
            consultation != nullptr && std::holds_alternative<core::Connected>(consultation->state);
        if (is_answered && (lines_.at(id).is_joined || line.is_consulting)) {
            return core::CompleteTransfer{id};
        }
    }
    const auto outside = outsides_.find(line.outside);
    if (outside != outsides_.end() && outside->second.answered &&
        (outside->second.is_joined || line.is_consulting)) {
        return core::TransferOut{line.contact};
    }
    return core::HangUp{line.contact, core::EndedBy::agent};
}

// Who talks with the caller already goes on without the agent. False: nobody has joined.
bool Edge::leave_to_joined(const Line& line, Time now) {
    if (line.own_of.is_set()) {
        return false;  // there is nobody whom they could be left to
    }
    for (const core::ContactId id : line.consultations) {
        if (lines_.at(id).is_joined) {
            (void)decide(core::CompleteTransfer{id}, now);
            return true;
        }
    }
    const Outside* outside = find_outside(line.outside);
    if (outside != nullptr && outside->answered && outside->is_joined) {
        (void)decide(core::TransferOut{line.contact}, now);
        return true;
    }
    return false;
}

// Whom the agent's phone is called for: its pair of ports must lie with the same worker.
const Leg* Edge::other_side(const Line& line) {
    const Line* about = line.about.is_set() ? find_line(line.about) : nullptr;
    return about == nullptr ? find_leg(line.caller) : find_leg(about->agent);
}

std::optional<ports::MediaPort> Edge::port_for(const Line& line) {
    const Leg* other = other_side(line);
    LANZE_CHECK(other != nullptr || line.own_of.is_set());
    return other == nullptr ? port_pool_.take() : port_pool_.take_from(other->port.worker);
}

// What the other side speaks, so that nothing has to be converted; "": anything.
std::string_view Edge::codec_of(const Leg* leg) {
    return leg != nullptr && leg->agreed ? std::string_view(leg->agreed->audio.name) : "";
}

void Edge::touch(const Line& line) {
    touched_.push_back(line.about.is_set() ? line.about : line.contact);
}

// When all events of a decision have been reacted to.
void Edge::arrange_touched() {
    for (const core::ContactId talk : std::exchange(touched_, {})) {
        arrange(talk);
    }
}

void Edge::arrange_line(core::ContactId contact) {
    if (const Line* line = find_line(contact)) {
        arrange(line->about.is_set() ? line->about : line->contact);
    }
}

// There are two rooms: the caller's, with those who have joined, and that of the colleague who is
// asked. The agent is in one of them. Who is on hold or whose page is away is in none.
void Edge::arrange(core::ContactId talk) {
    const Line* line = find_line(talk);
    Leg* agent = line == nullptr ? nullptr : find_leg(line->agent);
    if (agent == nullptr || agent->state != LegState::established) {
        return;  // who waits hears what he was given when he came
    }
    Room of_caller;
    Room of_colleague;
    ports::Sound alone = ports::Sound::waiting_music;
    enter(of_caller, find_leg(line->caller));
    enter(line->is_consulting ? of_colleague : of_caller, agent);
    for (const core::ContactId id : line->consultations) {
        const Line& consultation = *find_line(id);
        Leg* colleague = find_leg(consultation.agent);
        if (colleague != nullptr && colleague->state == LegState::established) {
            enter(consultation.is_joined ? of_caller : of_colleague, colleague);
        } else if (colleague != nullptr) {
            alone = ports::Sound::ring_tone;
        }
    }
    if (const Outside* outside = find_outside(line->outside)) {
        if (outside->answered) {
            enter(outside->is_joined ? of_caller : of_colleague, find_leg(outside->leg));
        } else {
            alone = ports::Sound::ring_tone;
        }
    }
    settle_room(of_caller, ports::Sound::waiting_music);
    settle_room(of_colleague, alone);
    unsettled_.push_back(talk);
}

void Edge::enter(Room& room, Leg* leg) {
    if (leg == nullptr) {
        return;
    }
    if (is_away(*leg)) {
        room.misses_page = true;
        let_hear(*leg, std::nullopt);
    } else if (leg->is_held_by_peer) {
        let_hear(*leg, std::nullopt);
    } else {
        room.present.push_back(leg);
    }
}

// `alone`: what somebody hears who is the only one.
void Edge::settle_room(const Room& room, ports::Sound alone) {
    if (room.present.size() < 2) {
        for (Leg* leg : room.present) {
            let_hear(*leg, room.misses_page ? ports::Sound::right_back : alone);
        }
        return;
    }
    std::vector<LegId> with;
    with.reserve(room.present.size());
    for (const Leg* leg : room.present) {
        with.push_back(leg->id);
    }
    const bool is_so =
        std::ranges::all_of(room.present, [&](const Leg* leg) { return leg->hears.with == with; });
    if (is_so) {
        return;
    }
    if (with.size() == 2) {
        order(ports::Bridge{with[0], with[1]});
    } else {
        order(ports::Confer{with});
    }
    for (Leg* leg : room.present) {
        const bool is_watched = !leg->hears.with.empty();
        leg->hears = {with, std::nullopt};
        if (!is_watched && settings_.silence_max > Duration::zero()) {
            // A browser sends from the start, also when its guest says nothing.
            order(ports::WatchSilence{leg->id, settings_.silence_max, leg->guest.is_set()});
        }
    }
}

// Nobody, and the sound if there is one.
void Edge::let_hear(Leg& leg, std::optional<ports::Sound> sound) {
    const std::vector<LegId> with = std::exchange(leg.hears.with, {});
    if (!with.empty()) {
        order(ports::WatchSilence{leg.id, Duration::zero()});
    }
    if (with.size() == 2) {
        const Leg* other = find_leg(with[0] == leg.id ? with[1] : with[0]);
        if (other != nullptr && other->hears.with == with) {
            order(ports::Unbridge{with[0], with[1]});
        }
    } else if (with.size() > 2 && !sound) {
        sound = ports::Sound::silence;  // takes it out of the conference
    }
    if (sound && leg.hears.sound != sound) {
        order(ports::Play{leg.id, *sound});
    }
    leg.hears.sound = sound;
}

// The floor counts as on hold whoever is not with his agent. While a page is away that stays as it
// was.
void Edge::settle_holds(Time now) {
    while (!unsettled_.empty()) {
        const Line* line = find_line(unsettled_.back());
        unsettled_.pop_back();
        if (line == nullptr) {
            continue;
        }
        std::vector<core::ContactId> contacts = line->consultations;
        contacts.push_back(line->contact);
        for (const core::ContactId contact : contacts) {
            settle_hold(contact, now);
        }
    }
}

void Edge::settle_hold(core::ContactId contact, Time now) {
    const core::Contact* found = floor_.find_contact(contact);
    const auto* talk = found == nullptr ? nullptr : std::get_if<core::Connected>(&found->state);
    const Line* line = find_line(contact);
    if (talk == nullptr || line == nullptr) {
        return;
    }
    const Leg* asker = other_side(*line);
    const Leg* agent = find_leg(line->agent);
    if (asker == nullptr || agent == nullptr || is_away(*asker) || is_away(*agent)) {
        return;
    }
    const std::vector<LegId>& with = agent->hears.with;
    const bool is_with_him = std::ranges::find(with, asker->id) != with.end();
    if (talk->is_on_hold && is_with_him) {
        (void)decide(core::Resume{contact}, now);
    } else if (!talk->is_on_hold && !is_with_him) {
        (void)decide(core::Hold{contact}, now);
    }
}

}  // namespace lanze::edge
