// Calls of an agent's own accord: his telephone first, then whom he calls. On the floor it is a
// contact of his alone, in which he asks a colleague or a number (record 0039).
#include "base/check.h"
#include "edge/edge.h"
#include "edge/refused.h"

namespace lanze::edge {

namespace {

using ports::OutsideEnd;

// So long the agent's own telephone rings.
constexpr Duration kOwnPhoneMax = seconds(30);

ports::CommandRefused no_room() {
    return {"no_ports", "The centre has no room for another call now."};
}

OutsideEnd end_by(core::PresentationEnd end) {
    switch (end) {
        case core::PresentationEnd::rejected:
            return OutsideEnd::rejected;
        case core::PresentationEnd::busy:
            return OutsideEnd::busy;
        case core::PresentationEnd::unreachable:
        case core::PresentationEnd::failed:
            return OutsideEnd::failed;
        case core::PresentationEnd::expired:
        case core::PresentationEnd::no_answer:
        case core::PresentationEnd::withdrawn:
            return OutsideEnd::no_answer;
    }
    return OutsideEnd::failed;
}

}  // namespace

// What stands in the way of calling him, or a queue, before any telephone rings.
PhoneRefused Edge::refuse_called(core::AgentId agent, const ports::OwnCallTarget& target,
                                 Time now) const {
    if (!target.agent.is_set()) {
        const core::Queue* queue = floor_.find_queue(target.queue);
        if (queue == nullptr || queue->is_retired) {
            return refused(core::Refusal::unknown_queue);
        }
        return core::Floor::is_open_at(*queue, now)
                   ? std::nullopt
                   : PhoneRefused(refused(core::Refusal::queue_closed));
    }
    const core::Agent* called = floor_.find_agent(target.agent);
    if (called == nullptr || called->is_retired) {
        return refused(core::Refusal::unknown_agent);
    }
    return target.agent == agent || !called->is_signed_on()
               ? PhoneRefused(refused(core::Refusal::agent_not_ready))
               : std::nullopt;
}

PhoneRefused Edge::call_somebody(core::AgentId agent, const ports::OwnCallTarget& target,
                                 Time now) {
    OwnCall call;
    call.target = target;
    if (target.number.empty()) {
        if (PhoneRefused in_the_way = refuse_called(agent, target, now)) {
            return in_the_way;
        }
        call.view.to = target.agent.is_set() ? floor_.find_agent(target.agent)->config.name
                                             : floor_.find_queue(target.queue)->config.name;
    } else {
        const auto number = normalised_number(target.number, settings_.dial_out.country);
        if (!number) {
            return ports::CommandRefused{
                "bad_number", "number " + std::string(edge::explain(number.error())) + "."};
        }
        call.view.to = *number;
        call.target.number = *number;
    }
    // His own leg and the other one.
    if (is_overloaded_ || port_pool_.size() < 2) {
        return no_room();
    }
    const core::Agent* caller = floor_.find_agent(agent);
    if (caller == nullptr) {
        return refused(core::Refusal::unknown_agent);
    }
    if (!std::holds_alternative<core::Idle>(caller->activity)) {
        return refused(core::Refusal::agent_not_ready);
    }
    if (!call.target.number.empty()) {
        if (PhoneRefused in_the_way = count_number(agent, call.target.number, now)) {
            return in_the_way;
        }
    }
    const auto before = own_calls_.extract(agent);
    own_calls_[agent] = std::move(call);
    const core::Outcome outcome = decide(core::Dial{agent, target.queue}, now);
    if (outcome.refusal) {
        own_calls_.erase(agent);
        if (!before.empty()) {
            own_calls_[agent] = before.mapped();
        }
        return refused(*outcome.refusal);
    }
    run_follow_ups(now);
    return std::nullopt;
}

void Edge::react(const core::Dialled& event, Time now) {
    const auto call = own_calls_.find(event.agent);
    if (call == own_calls_.end()) {
        return;  // of the process before
    }
    call->second.contact = event.contact;
    Line line;
    line.contact = event.contact;
    line.queue = event.queue;
    line.own_of = event.agent;
    line.caller_text = call->second.view.to;
    lines_[event.contact] = std::move(line);
    call_phone({event.contact, event.agent, {}, now + kOwnPhoneMax}, now);
    if (const Leg* leg = find_leg(find_line(event.contact)->agent)) {
        timers_.set({TimerKind::own_phone, leg->id.value()}, now + kOwnPhoneMax);
    } else {
        end_own_call(event.contact, OutsideEnd::failed);
    }
}

// His telephone is there: now whom he calls.
void Edge::reach_called(core::ContactId contact, Time now) {
    const core::AgentId agent = find_line(contact)->own_of;
    const ports::OwnCallTarget target = own_calls_.at(agent).target;
    if (target.number.empty()) {
        const core::Outcome outcome =
            decide(core::Consult{contact, target.queue, target.agent}, now);
        if (outcome.refusal) {
            end_own_call(contact, OutsideEnd::failed);
        }
        return;
    }
    // Others may have called meanwhile, and the rules may have become others.
    Line& line = *find_line(contact);
    const auto way =
        refuse_number(target.number, now) ? std::nullopt : way_outside(target.number, now);
    const auto port = way ? port_pool_.take_from(find_leg(line.agent)->port.worker) : std::nullopt;
    if (!port) {
        end_own_call(contact, OutsideEnd::failed);
        return;
    }
    call_outside(line, *port, {*way, target.number, agent, ports::DialFor::consultation}, now);
    arrange_touched();
}

// The agent's telephone has taken the call it rang for.
core::Outcome Edge::answer(Leg& leg, Time now) {
    if (leg.presentation.is_set()) {
        return decide(core::Answer{leg.presentation}, now);
    }
    leg.state = LegState::established;
    timers_.cancel({TimerKind::own_phone, leg.id.value()});
    note_leg(leg);
    reach_called(leg.contact, now);
    return {};
}

// Or it has not.
void Edge::decline(const Leg& leg, core::DeclineReason reason, Time now) {
    if (leg.presentation.is_set()) {
        (void)decide(core::Decline{leg.presentation, reason}, now);
        return;
    }
    // Not whom he calls: nobody was called yet.
    end_own_call(leg.contact, OutsideEnd::failed);
    const core::AgentId agent = leg.agent;
    if (reason == core::DeclineReason::unreachable) {
        (void)decide(core::PhoneLost{agent}, now);
        phone_was_lost(agent, now);
    }
    run_follow_ups(now);
}

void Edge::own_call_missed(const core::PresentationEnded& event) {
    const Line* line = find_line(event.contact);
    const Line* about = line == nullptr ? nullptr : find_line(line->about);
    if (about != nullptr && about->own_of.is_set()) {
        own_calls_.at(about->own_of).missed = end_by(event.end);
    }
}

// A colleague who was called is gone, or was not reached.
void Edge::called_left(core::ContactId talk, const core::ContactEnded& event) {
    const Line* line = find_line(talk);
    const bool goes_on = floor_.find_contact(talk) != nullptr;  // else he has hung up
    if (line == nullptr || !line->own_of.is_set() || !goes_on) {
        return;
    }
    switch (event.end) {
        case core::ContactEnd::finished:
            end_own_call(
                talk, event.by == core::EndedBy::agent ? OutsideEnd::by_them : OutsideEnd::by_us);
            return;
        case core::ContactEnd::abandoned:
        case core::ContactEnd::closed:
            end_own_call(talk, own_calls_.at(line->own_of).missed.value_or(OutsideEnd::no_answer));
            return;
        case core::ContactEnd::cut_off:
        case core::ContactEnd::not_reached:
        case core::ContactEnd::transferred:
            end_own_call(talk, OutsideEnd::failed);
    }
}

// Unless somebody is still in it.
void Edge::end_own_call(core::ContactId talk, OutsideEnd end) {
    const Line* line = find_line(talk);
    if (line == nullptr || !line->own_of.is_set() || !line->consultations.empty() ||
        line->outside.is_set()) {
        return;
    }
    OwnCall& call = own_calls_.at(line->own_of);
    call.view.end = call.view.end.value_or(end);
    follow_up(core::HangUp{talk, core::EndedBy::centre});
}

void Edge::forget_own_call(const Line& line) {
    if (line.own_of.is_set()) {
        OwnCall& call = own_calls_.at(line.own_of);
        call.view.end = call.view.end.value_or(OutsideEnd::by_us);
        call.contact = {};
    }
}

std::optional<ports::OwnCallView> Edge::own_call_of(core::AgentId agent) const {
    const auto place = own_calls_.find(agent);
    return place == own_calls_.end() ? std::nullopt : std::optional(place->second.view);
}

}  // namespace lanze::edge
