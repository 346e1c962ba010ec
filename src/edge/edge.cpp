#include "edge/edge.h"

#include <algorithm>

#include "base/check.h"
#include "base/variant.h"

namespace lanze::edge {

Edge::Edge(core::Floor& floor, Settings settings, ports::Entropy& entropy)
    : floor_(floor),
      settings_(std::move(settings)),
      entropy_(entropy),
      transactions_({.hash_seed = entropy.next64()}),
      trunks_(settings_.trunks, settings_.realm, entropy.token(32)),
      phones_(settings_, entropy.token(32)) {
    set_numbers();
}

void Edge::receive(std::string_view bytes, const sip::Flow& flow, Time now) {
    ++figures_.received;
    auto message = sip::parse_message(bytes);
    if (message) {
        transactions_.receive(std::move(*message), flow, now, transaction_output_);
        drain(now);
        return;
    }
    ++figures_.malformed;
    const sip::ParseError& error = message.error();
    if (error.answerable && error.answerable->method != "ACK") {
        // Stateless (RFC 3261 §8.2.7): what cannot be read gets no transaction.
        sip::Message request = *error.answerable;
        sip::note_source(request, flow);
        const sip::Message response =
            sip::make_response(request, error.status, error.reason, entropy_.token(10));
        sip::Flow back = flow;
        if (flow.transport == sip::Transport::udp) {
            back.remote = sip::response_target(request.vias.front(), flow.remote);
        }
        transaction_output_.sends.push_back({back, sip::write_message(response)});
    }
}

void Edge::transport_failed(const sip::Flow& flow, Time now) {
    transactions_.transport_failed(flow, now, transaction_output_);
    drain(now);
    provider_connection_lost(flow, now);
    apply_binding_changes(phones_.flow_ended(flow), now);
    run_follow_ups(now);
}

void Edge::report(const ports::MediaReport& report, Time now) {
    std::visit([&](const auto& alternative) { on(alternative, now); }, report);
    run_follow_ups(now);
}

std::optional<core::Refusal> Edge::command(const core::Command& command, Time now) {
    const core::Outcome outcome = decide(command, now);
    run_follow_ups(now);
    if (const auto* closed = std::get_if<core::CloseDesk>(&command)) {
        leave_chats(closed->agent, now);
    }
    return outcome.refusal;
}

std::optional<core::Refusal> Edge::hang_up(core::AgentId agent, core::ContactId contact, Time now) {
    const core::Agent* found = floor_.find_agent(agent);
    if (found == nullptr) {
        return core::Refusal::unknown_agent;
    }
    if (found->find_written(contact) != nullptr) {
        return command(core::HangUp{contact, core::EndedBy::agent}, now);
    }
    const bool is_of_call = !contact.is_set() || contact == core::contact_of(*found);
    if (!is_of_call || !std::holds_alternative<core::Talking>(found->activity)) {
        return core::Refusal::contact_not_connected;
    }
    const Line* line = find_line(core::contact_of(*found));
    return command(line != nullptr ? leave_by(*line)
                                   : core::HangUp{core::contact_of(*found), core::EndedBy::agent},
                   now);
}

std::optional<core::Refusal> Edge::reject(core::AgentId agent, core::ContactId contact, Time now) {
    const core::Agent* found = floor_.find_agent(agent);
    if (found == nullptr) {
        return core::Refusal::unknown_agent;
    }
    if (const core::Written* written = found->find_written(contact)) {
        return command(core::Decline{written->presentation, core::DeclineReason::rejected}, now);
    }
    const auto* alerting = std::get_if<core::Alerting>(&found->activity);
    if (alerting == nullptr || (contact.is_set() && alerting->contact != contact)) {
        return core::Refusal::stale_presentation;
    }
    return command(core::Decline{alerting->presentation, core::DeclineReason::rejected}, now);
}

std::optional<core::Refusal> Edge::take(core::AgentId agent, core::ContactId contact, Time now) {
    const core::Agent* found = floor_.find_agent(agent);
    const core::Written* written = found == nullptr ? nullptr : found->find_written(contact);
    return written == nullptr ? core::Refusal::stale_presentation
                              : command(core::Answer{written->presentation}, now);
}

std::optional<core::Refusal> Edge::remark(core::AgentId agent, core::ContactId contact,
                                          std::string text) {
    const core::Agent* found = floor_.find_agent(agent);
    if (found == nullptr) {
        return core::Refusal::unknown_agent;
    }
    const bool is_alerting = std::holds_alternative<core::Alerting>(found->activity);
    const bool is_his_call = core::contact_of(*found) == contact && !is_alerting;
    const core::Written* written = found->find_written(contact);
    const bool is_his_text = written != nullptr && written->phase != core::Written::Phase::alerting;
    if (!contact.is_set() || (!is_his_call && !is_his_text)) {
        return core::Refusal::not_your_contact;
    }
    notes_.push_back({"remark/" + std::to_string(contact.value()), std::move(text)});
    return std::nullopt;
}

void Edge::advance(Time now) {
    transactions_.advance(now, transaction_output_);
    drain(now);
    while (const auto due = timers_.pop_due(now)) {
        fire(due->second, now);
        run_follow_ups(now);
    }
    if (floor_.next_deadline() && *floor_.next_deadline() <= now) {
        (void)decide(core::AdvanceTime{}, now);
        run_follow_ups(now);
    }
}

std::optional<Time> Edge::next_deadline() const {
    std::optional<Time> earliest;
    for (const std::optional<Time>& candidate :
         {transactions_.next_deadline(), timers_.next(), floor_.next_deadline()}) {
        if (candidate && (!earliest || *candidate < *earliest)) {
            earliest = candidate;
        }
    }
    return earliest;
}

void Edge::drain(Time now) {
    // Handlers only plan; nothing below calls back into the transactions before release.
    auto events = std::exchange(transaction_output_.events, {});
    for (const sip::TransactionEvent& event : events) {
        std::visit([&](const auto& alternative) { on(alternative, now); }, event);
        run_follow_ups(now);
    }
}

void Edge::on(const sip::RequestReceived& event, Time now) {
    const sip::Message& request = event.message;
    if (!request.to.tag().empty()) {
        on_in_dialog(event, now);
        return;
    }
    if (request.method == "ACK") {
        return;  // to nothing we know
    }
    if (request.max_forwards && *request.max_forwards == 0 && request.method != "OPTIONS") {
        respond(event, 483);
        return;
    }
    const auto unsupported = unsupported_extensions(request);
    if (!unsupported.empty()) {
        sip::Message response = response_to(event, 420);
        response.set_header("Unsupported", unsupported);
        respond(event.transaction, std::move(response));
        return;
    }
    if (request.method == "INVITE") {
        on_invite(event, now);
    } else if (request.method == "OPTIONS") {
        sip::Message response = response_to(event, 200);
        response.set_header("Accept", "application/sdp");
        respond(event.transaction, std::move(response));
    } else if (request.method == "REGISTER") {
        on_register(event, now);
    } else if (request.method == "BYE" || request.method == "PRACK" || request.method == "UPDATE") {
        respond(event, 481);
    } else {
        respond(event, is_known_method(request.method) ? 405 : 501);
    }
}

void Edge::on(const sip::CancelReceived& event, Time now) {
    const auto place = open_invites_.find(event.invite);
    if (place == open_invites_.end()) {
        return;
    }
    Leg* leg = find_leg(place->second);
    if (leg != nullptr && leg->closed_queue.is_set()) {
        end_leaving(*leg, 487, now);
    } else if (leg != nullptr && leg->state == LegState::incoming) {
        (void)decide(core::HangUp{leg->contact, core::EndedBy::caller}, now);
    }
}

void Edge::on(const sip::ResponseReceived& event, Time now) {
    const auto place = pending_.find(event.transaction);
    if (place == pending_.end()) {
        return;
    }
    const Pending pending = place->second;
    const int status = event.message.status;
    // An INVITE's 2xx may be repeated; its entry goes with the leg.
    if (status >= 200 && pending.purpose != Purpose::invite) {
        pending_.erase(place);
    }
    switch (pending.purpose) {
        case Purpose::invite:
            if (Leg* leg = find_leg(pending.leg); leg != nullptr && leg->role == LegRole::outside) {
                on_outside_response(*leg, event, now);
            } else if (leg != nullptr) {
                on_agent_response(*leg, event, now);
            } else if (status >= 200 && status < 300) {
                end_stray_dialog(event);
            }
            return;
        case Purpose::refresh:
            if (Leg* leg = find_leg(pending.leg); leg != nullptr && status >= 200) {
                on_refresh_response(*leg, event.message, now);
            }
            return;
        case Purpose::check:
            if (status >= 200) {
                timers_.cancel({TimerKind::check_limit, pending.agent.value()});
                note_phone(pending.agent, status != 408 && status != 503, now);
            }
            return;
        case Purpose::provider:
            if (status >= 200) {
                on_provider_response(pending.trunk, event.message, now);
            }
            return;
        case Purpose::bye:
        case Purpose::prack:
            return;
    }
}

void Edge::on(const sip::ClientFailed& event, Time now) {
    const auto place = pending_.find(event.transaction);
    if (place == pending_.end()) {
        return;
    }
    const Pending pending = place->second;
    pending_.erase(place);
    Leg* leg = find_leg(pending.leg);
    switch (pending.purpose) {
        case Purpose::invite:
            if (leg != nullptr && leg->state == LegState::cancelling) {
                close_leg(*leg);
            } else if (leg != nullptr && leg->role == LegRole::outside) {
                leg->has_ended = true;
                (void)end_outside_by(*leg, ports::OutsideEnd::failed, now);
            } else if (leg != nullptr && leg->state != LegState::established) {
                decline(*leg, core::DeclineReason::unreachable, now);
            }
            return;
        case Purpose::refresh:
            if (leg != nullptr) {
                leg_broke(*leg, core::CutOffCause::signalling_lost, now);
            }
            return;
        case Purpose::check:
            note_phone(pending.agent, false, now);
            return;
        case Purpose::provider:
            provider_silent(pending.trunk, now);
            return;
        case Purpose::bye:
        case Purpose::prack:
            return;
    }
}

void Edge::on(const sip::AckMissing& event, Time now) {
    const auto over = std::find_if(
        unacknowledged_.begin(), unacknowledged_.end(),
        [&](const auto& entry) { return entry.second.invite_server == event.transaction; });
    if (over != unacknowledged_.end()) {
        end_unacknowledged(std::string(over->first), true);
        return;
    }
    const auto place = open_invites_.find(event.transaction);
    if (place == open_invites_.end()) {
        return;
    }
    Leg* leg = find_leg(place->second);
    open_invites_.erase(place);
    if (leg != nullptr) {
        leg_broke(*leg, core::CutOffCause::signalling_lost, now);
    }
}

void Edge::on(const ports::PortsLent& report, Time now) {
    for (const ports::MediaPort& port : report.ports) {
        port_pool_.add(port);
    }
    for (const core::ContactPresented& event : std::exchange(waiting_for_port_, {})) {
        if (floor_.presented_contact(event.presentation).is_set()) {
            react(event, now);
        }
    }
}

void Edge::on(const ports::LegSilent& report, Time now) {
    Leg* leg = find_leg(report.leg);
    if (leg != nullptr && (!leg->hears.with.empty() || leg->guest.is_set())) {
        leg_broke(*leg, core::CutOffCause::media_silent, now);
    }
}

void Edge::on(const ports::LegClosed& report, Time /*now*/) {
    const auto place = closing_.find(report.leg);
    if (place == closing_.end()) {
        return;
    }
    const auto [contact, role] = place->second;
    closing_.erase(place);
    records_.note_quality(contact, role == LegRole::caller, report.quality);
}

void Edge::fire(const TimerKey& key, Time now) {
    Leg* leg = find_leg(LegId{key.id});
    const core::AgentId agent{static_cast<std::uint32_t>(key.id)};
    switch (key.kind) {
        case TimerKind::first_sign:
            if (leg != nullptr && leg->state == LegState::calling) {
                decline(*leg, core::DeclineReason::unreachable, now);
            }
            return;
        case TimerKind::own_phone:
            if (leg != nullptr && leg->state != LegState::established) {
                decline(*leg, core::DeclineReason::no_answer, now);
            }
            return;
        case TimerKind::early_repeat:
            if (leg != nullptr && leg->state == LegState::incoming) {
                send_early(*leg, now);
            }
            return;
        case TimerKind::early_limit:
            if (leg != nullptr && leg->state == LegState::incoming) {
                (void)decide(core::CutOff{leg->contact, core::CutOffCause::time_limit}, now);
            }
            return;
        case TimerKind::session:
            if (leg != nullptr) {
                session_due(*leg, now);
            }
            return;
        case TimerKind::leaving:
            if (leg != nullptr && leg->is_web) {
                close_web_leg(*leg);
            } else if (leg != nullptr) {
                end_leaving(*leg, 480, now);
            }
            return;
        case TimerKind::cancel_limit:
            if (leg != nullptr && leg->state == LegState::cancelling) {
                close_cancelled(*leg, now);
            }
            return;
        case TimerKind::forget_invite:
            pending_.erase(sip::ClientTransactionId{key.id});
            return;
        case TimerKind::check:
            check_phone(agent, now);
            return;
        case TimerKind::check_limit:
            note_phone(agent, false, now);
            return;
        case TimerKind::phone_back:
            (void)decide(core::PhoneSeen{agent}, now);
            return;
        case TimerKind::registrations:
            apply_binding_changes(phones_.advance(now), now);
            return;
        case TimerKind::provider:
            advance_provider(key.id, now);
            return;
        case TimerKind::outside:
            outside_due(LegId{key.id}, now);
            return;
        case TimerKind::web_away:
            web_phone_is_late(agent, now);
            return;
        case TimerKind::guest_away:
            guest_is_late(ports::GuestId{key.id}, now);
            return;
    }
}

core::Outcome Edge::decide(const core::Command& command, Time now) {
    core::Outcome outcome = floor_.handle(command, now, core::Explaining::yes);
    ++figures_.commands;
    figures_.refusals += outcome.refusal ? 1U : 0U;
    if (outcome.events.empty()) {
        return outcome;
    }
    decisions_.push_back({now, outcome.refusal ? core::Command{core::AdvanceTime{}} : command,
                          outcome.events, std::exchange(outcome.reasons, {})});
    for (const core::Event& event : outcome.events) {
        records_.note(event, now);
        react(event, now);
        events_.push_back(event);
    }
    arrange_touched();
    if (!leaving_phones_.empty()) {
        forget_leavers();
    }
    return outcome;
}

// Reactions may ask for further commands (a phone that cannot be called at all); they are decided
// after the reactions to the present one are complete.
void Edge::run_follow_ups(Time now) {
    while (!follow_ups_.empty()) {
        const core::Command command = std::move(follow_ups_.front());
        follow_ups_.pop_front();
        (void)decide(command, now);
    }
    arrange_touched();
    settle_holds(now);
}

std::optional<ports::Batch> Edge::take_batch() {
    ports::Batch batch;
    batch.decisions = std::exchange(decisions_, {});
    batch.notes = std::exchange(notes_, {});
    batch.blocked = records_.take_blocked();
    (void)records_.take_diverted();  // whoever wants them draws them from the events
    // In the batch that ends the contact: between it and a later one the process may die. The legs'
    // quality follows when the media has closed them.
    batch.finished = records_.take_finished();
    for (core::ContactRecord& record : records_.take_amended()) {
        batch.finished.push_back(std::move(record));  // replaces the row that is stored
    }
    if (batch.is_empty()) {
        outbox_.lower_open_to(sequence_);
        return std::nullopt;
    }
    batch.sequence = ++sequence_;
    outbox_.seal(sequence_);
    return batch;
}

void Edge::release(std::uint64_t durable, Time now) {
    while (auto effect = outbox_.pop_released(durable)) {
        send_effect(std::move(*effect), now);
    }
    drain(now);
}

void Edge::send_effect(Effect effect, Time now) {
    match(
        std::move(effect),
        [&](SendRequest&& send) {
            const Leg* leg = find_leg(send.leg);
            const bool is_unwanted = send.leg.is_set() && send.request.message.method == "INVITE" &&
                                     (leg == nullptr || leg->state == LegState::cancelling);
            if (!is_unwanted) {
                limit_refresh(send.request.id, now);
                transactions_.start(std::move(send.request), now, transaction_output_);
                return;
            }
            pending_.erase(send.request.id);  // never left: no response will come
            if (leg != nullptr) {
                close_leg(*find_leg(send.leg));
            }
        },
        [&](SendAck&& send) {
            transactions_.send_without_transaction(std::move(send.request), transaction_output_);
        },
        [&](SendCancel&& send) { transactions_.cancel(send.invite, now, transaction_output_); },
        [&](SendResponse&& send) {
            if (send.is_reliable) {
                transactions_.respond_reliably(send.transaction, send.message, now,
                                               transaction_output_);
            } else {
                transactions_.respond(send.transaction, send.message, now, transaction_output_);
            }
        },
        [&](SendNews&& send) {
            const auto* offer = std::get_if<ports::PhoneOffer>(&send.news);
            if (offer == nullptr || find_leg(offer->leg) != nullptr) {
                phone_news_.push_back(std::move(send));
            }
        },
        [&](SendGuestNews&& send) {
            const auto* offer = std::get_if<ports::PhoneOffer>(&send.news);
            if (offer == nullptr || find_leg(offer->leg) != nullptr) {
                guest_news_.push_back(std::move(send));
            }
        },
        [&](SendRaw&& send) { transaction_output_.sends.push_back(std::move(send.send)); },
        [&](const ports::MediaOrder& media) { orders_.push_back(media); });
}

}  // namespace lanze::edge
