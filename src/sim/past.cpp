#include "sim/past.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace lanze::sim {

namespace {

// What the core or the phone says by itself follows again in a simulation.
bool is_own_word(core::NotReadyReason reason) {
    using Reason = core::NotReadyReason;
    switch (reason) {
        case Reason::signed_out:
        case Reason::break_time:
        case Reason::meeting:
        case Reason::training:
        case Reason::other:
            return true;
        case Reason::wrap_up:
        case Reason::phone_unreachable:
        case Reason::phone_busy:
        case Reason::missed:
        case Reason::breather:
            return false;
    }
    return false;
}

}  // namespace

void PastKeeper::learn(const std::vector<core::Event>& events, Time at) {
    apply(events, at);
    last_ = std::max(last_, at);
}

bool PastKeeper::note(const core::Command& command, const std::vector<core::Event>& events,
                      Time at) {
    last_ = std::max(last_, at);
    if (!has_begun_ && at >= from_) {
        begin(at);
    }
    note_command(command, at);
    for (const core::Event& event : events) {
        const auto* blocked = std::get_if<core::ContactBlocked>(&event);
        const auto* entering = std::get_if<core::EnterQueue>(&command);
        if (blocked != nullptr && entering != nullptr) {
            note_blocked(*entering, blocked->reason, at);
        }
    }
    apply(events, at);
    if (!has_begun_) {
        return true;
    }
    for (const core::AgentId agent : std::exchange(touched_, {})) {
        follow(agent, at);
    }
    for (const core::ContactId contact : std::exchange(over_, {})) {
        open_.erase(contact);
    }
    if (std::exchange(hours_change_, false)) {
        follow_hours(at);
    }
    const bool is_settled = open_.empty() && wrap_ups_.empty() && overruns_.empty();
    return at < to_ || !is_settled;
}

void PastKeeper::apply(const std::vector<core::Event>& events, Time at) {
    for (const core::Event& event : events) {
        floor_.apply(event, at);
        times_.note(event, at);
        if (!has_begun_) {
            continue;
        }
        std::visit(
            [&](const auto& alternative) {
                on(alternative, at);
                if constexpr (requires { alternative.agent; }) {
                    touched_.push_back(alternative.agent);
                }
            },
            event);
    }
}

void PastKeeper::begin(Time at) {
    has_begun_ = true;
    const bool is_configured = !floor_.queues().empty() || !floor_.agents().empty();
    past_.start = is_configured ? std::max(from_, Time{}) : at;
    if (from_ == Time::min()) {
        past_.start = at;
    }
    begin_with_contacts();
    touched_.clear();
    for (const core::Agent& agent : floor_.agents()) {
        if (agent.id.is_set()) {
            follow(agent.id, past_.start);
            if (agent.shift) {
                note_moment(agent.id,
                            core::PlanShift{agent.id, agent.shift->begin, agent.shift->end, {}},
                            past_.start);
            }
        }
    }
    follow_hours(past_.start);
}

void PastKeeper::begin_with_contacts() {
    std::vector<const core::Contact*> contacts;
    contacts.reserve(floor_.contacts().size());
    for (const auto& [id, contact] : floor_.contacts()) {
        contacts.push_back(&contact);
    }
    std::sort(contacts.begin(), contacts.end(), [](const auto* a, const auto* b) {
        return std::pair(a->queued, a->id) < std::pair(b->queued, b->id);
    });
    for (const core::Contact* contact : contacts) {
        if (const auto* connected = std::get_if<core::Connected>(&contact->state)) {
            add_beside(contact->id, connected->agent);
            ++past_.talking_before;
        } else if (!contact->is_consultation()) {
            on(core::ContactQueued{contact->id, contact->queue, contact->needs, contact->priority,
                                   contact->preferred, contact->channel},
               past_.start);
            past_.contacts.back().is_from_before = true;
        }
    }
    for (const core::Agent& agent : floor_.agents()) {
        if (const auto* wrap_up = std::get_if<core::WrapUp>(&agent.activity)) {
            add_beside(wrap_up->contact, agent.id);
        }
    }
}

PastAgent& PastKeeper::agent_of(core::AgentId agent) {
    const auto [place, is_new] = agents_.try_emplace(agent, past_.agents.size());
    if (is_new) {
        past_.agents.emplace_back();
    }
    return past_.agents[place->second];
}

PastContact* PastKeeper::find(core::ContactId contact) {
    const auto place = open_.find(contact);
    return place == open_.end() ? nullptr : &past_.contacts[place->second];
}

void PastKeeper::on(const core::ContactQueued& event, Time at) {
    if (core::is_internal(event.channel)) {
        const bool is_asked = event.channel == core::Channel::consultation;
        past_.consultations += is_asked && is_within(at) ? 1U : 0U;
        return;
    }
    if (!is_within(at)) {
        return;
    }
    const core::Queue& queue = *floor_.find_queue(event.queue);
    PastContact contact;
    contact.queue = queue.config.name;
    contact.channel = event.channel;
    contact.needs = event.needs;
    contact.priority = event.priority == queue.config.priority ? 0 : event.priority;
    if (const core::Agent* preferred = floor_.find_agent(event.preferred)) {
        contact.preferred = preferred->config.name;
    }
    contact.arrived = at;
    contact.is_transferred_to = event.origin.is_set();
    past_.transfers += contact.is_transferred_to ? 1U : 0U;
    open_[event.contact] = past_.contacts.size();
    past_.contacts.push_back(std::move(contact));
}

void PastKeeper::note_blocked(const core::EnterQueue& entering, core::BlockedReason reason,
                              Time at) {
    const core::Queue* queue = floor_.find_queue(entering.queue);
    if (!is_within(at) || queue == nullptr) {
        return;
    }
    PastContact contact;
    contact.queue = queue->config.name;
    contact.channel = entering.channel;
    contact.needs = entering.needs;
    contact.priority = entering.priority;
    contact.arrived = at;
    contact.blocked = reason;
    past_.contacts.push_back(std::move(contact));
}

void PastKeeper::on(const core::ContactPresented& event, Time at) {
    if (PastContact* contact = find(event.contact); contact != nullptr && contact->arrived == at) {
        contact->is_presented_at_once = true;
    }
    if (is_within(at)) {
        ++agent_of(event.agent).presented;
        presented_[event.presentation] = at;
    }
}

void PastKeeper::on(const core::PresentationEnded& event, Time /*at*/) {
    using End = core::PresentationEnd;
    if (presented_.erase(event.presentation) == 0) {
        return;
    }
    PastAgent& agent = agent_of(event.agent);
    switch (event.end) {
        case End::expired:
        case End::no_answer:
            ++agent.no_answer;
            return;
        case End::rejected:
        case End::busy:
        case End::failed:
        case End::unreachable:
            ++agent.rejects;
            return;
        case End::withdrawn:
            --agent.presented;  // nobody knows what would have come of it
            return;
    }
}

void PastKeeper::on(const core::ContactAnswered& event, Time at) {
    const auto place = presented_.find(event.presentation);
    if (place != presented_.end()) {
        agent_of(event.agent).answer_delays.push_back(at - place->second);
        presented_.erase(place);
    }
    PastContact* contact = find(event.contact);
    if (contact == nullptr) {
        add_beside(event.contact, event.agent);
        return;
    }
    contact->answered = at;
    contact->agent = floor_.find_agent(event.agent)->config.name;
}

void PastKeeper::on(const core::Dialled& event, Time /*at*/) {
    add_beside(event.contact, event.agent);
}

void PastKeeper::on(const core::ContactEnded& event, Time at) {
    remove_beside(event.contact);
    PastContact* contact = find(event.contact);
    if (contact == nullptr) {
        return;
    }
    contact->ended = at;
    contact->end = event.end;
    contact->is_cut_short = event.end == core::ContactEnd::cut_off &&
                            (!contact->answered || event.cause == core::CutOffCause::restart ||
                             event.cause == core::CutOffCause::centre_closed);
    past_.cut_short += contact->is_cut_short ? 1U : 0U;
    if (contact->answered) {
        contact->wrap_up = Duration::zero();  // unless one begins now
    }
    over_.push_back(event.contact);
}

void PastKeeper::on(const core::WrapUpStarted& event, Time at) {
    const auto place = open_.find(event.contact);
    if (place == open_.end()) {
        add_beside(event.contact, event.agent);
        return;
    }
    past_.contacts[place->second].wrap_up.reset();
    wrap_ups_[event.contact] = {place->second, at};
}

void PastKeeper::on(const core::WrapUpEnded& event, Time at) {
    remove_beside(event.contact);
    const auto place = wrap_ups_.find(event.contact);
    if (place == wrap_ups_.end()) {
        return;
    }
    past_.contacts[place->second.contact].wrap_up = at - place->second.since;
    last_wrap_ups_[event.agent] = place->second;
    wrap_ups_.erase(place);
}

void PastKeeper::on(const core::AgentNotReady& event, Time /*at*/) {
    const auto place = last_wrap_ups_.find(event.agent);
    if (event.reason == core::NotReadyReason::wrap_up && place != last_wrap_ups_.end()) {
        overruns_[event.agent] = place->second;
    }
}

void PastKeeper::on(const core::AlternativeProposed& event, Time at) {
    const PastContact* contact = find(event.contact);
    if (contact != nullptr && is_within(at)) {
        Proposals& proposals = past_.proposals[contact->queue];
        ++(event.channel == core::Channel::callback ? proposals.callbacks : proposals.messages);
    }
}

void PastKeeper::on(const core::CallbackRequested& event, Time at) {
    if (PastContact* contact = find(event.contact)) {
        contact->left_line = contact->left_line.value_or(at);
        ++past_.proposals[contact->queue].callbacks_accepted;
    }
}

void PastKeeper::on(const core::MessageLeft& event, Time at) {
    if (PastContact* contact = find(event.contact)) {
        contact->left_line = contact->left_line.value_or(at);
        ++past_.proposals[contact->queue].messages_accepted;
    }
}

void PastKeeper::on(const core::ShiftPlanned& event, Time at) {
    note_moment(event.agent, core::PlanShift{event.agent, event.begin, event.end, event.breaks},
                at);
}

void PastKeeper::on(const core::Configured& event, Time at) {
    hours_change_ = true;
    past_.configurations += is_within(at) ? 1U : 0U;
    for (const core::Agent& agent : floor_.agents()) {
        touched_.push_back(agent.id);  // who is left out, too
    }
    touched_.insert(touched_.end(), event.agent_ids.begin(), event.agent_ids.end());
}

void PastKeeper::note_command(const core::Command& command, Time at) {
    if (!is_within(at)) {
        return;
    }
    if (const auto* breather = std::get_if<core::TakeBreather>(&command)) {
        note_moment(breather->agent, *breather, at);
    }
    past_.interventions.moved += std::holds_alternative<core::MoveContact>(command) ? 1U : 0U;
    past_.interventions.assigned += std::holds_alternative<core::Assign>(command) ? 1U : 0U;
    past_.interventions.changed += std::holds_alternative<core::Prioritise>(command) ||
                                           std::holds_alternative<core::ChangeNeeds>(command)
                                       ? 1U
                                       : 0U;
}

void PastKeeper::note_moment(core::AgentId agent, core::Command says, Time at) {
    agent_of(agent).past.push_back({at - past_.start, std::move(says)});
}

PastKeeper::AgentState PastKeeper::state_of(const core::Agent& agent) const {
    AgentState state;
    state.is_reachable = !agent.is_retired && agent.is_reachable;
    state.has_desk = agent.has_desk;
    if (agent.closed_for && is_own_word(*agent.closed_for)) {
        state.wish = agent.closed_for;
    }
    if (!state.wish && beside_counts_.contains(agent.id)) {
        state.wish = core::NotReadyReason::meeting;
    }
    return state;
}

void PastKeeper::follow(core::AgentId id, Time at) {
    const core::Agent* agent = floor_.find_agent(id);
    if (agent == nullptr || !agent->id.is_set()) {
        return;
    }
    const auto overrun = overruns_.find(id);
    if (overrun != overruns_.end() && agent->closed_for != core::NotReadyReason::wrap_up) {
        past_.contacts[overrun->second.contact].wrap_up = at - overrun->second.since;
        overruns_.erase(overrun);
    }
    const AgentState now = state_of(*agent);
    const bool is_new = !states_.contains(id);
    AgentState& before = states_[id];
    if (is_new) {
        // As he stands in a simulation that has just begun.
        before.is_reachable = at == past_.start;
        before.wish = agent->config.starts_ready ? std::nullopt
                                                 : std::optional(core::NotReadyReason::signed_out);
        if (!before.is_reachable) {
            note_moment(id, core::PhoneLost{id}, past_.start);
        }
    }
    if (!agent->is_retired) {
        agent_of(id).config = agent->config;
    }
    if (now != before) {
        note_change(id, before, now, at);
        before = now;
    }
}

void PastKeeper::note_change(core::AgentId agent, const AgentState& before, const AgentState& now,
                             Time at) {
    if (before.is_reachable && !now.is_reachable) {
        note_moment(agent, core::PhoneLost{agent}, at);
    }
    // Who opens a desk is not ready, without a word.
    const bool is_arriving = !before.has_desk && now.has_desk &&
                             before.wish == core::NotReadyReason::signed_out &&
                             now.wish == core::NotReadyReason::other;
    if (!before.has_desk && now.has_desk) {
        note_moment(agent, core::OpenDesk{agent}, at);
    }
    if (now.wish != before.wish && !now.wish) {
        note_moment(agent, core::Ready{agent}, at);
    } else if (now.wish != before.wish && now.wish != core::NotReadyReason::signed_out &&
               !is_arriving) {
        note_moment(agent, core::NotReady{agent, *now.wish}, at);
    }
    if (before.has_desk && !now.has_desk) {
        note_moment(agent, core::CloseDesk{agent}, at);
    }
    if (!before.is_reachable && now.is_reachable) {
        note_moment(agent, core::PhoneSeen{agent}, at);
    }
}

void PastKeeper::add_beside(core::ContactId contact, core::AgentId agent) {
    if (beside_.emplace(contact, agent).second) {
        ++beside_counts_[agent];
        touched_.push_back(agent);
    }
}

void PastKeeper::remove_beside(core::ContactId contact) {
    const auto place = beside_.find(contact);
    if (place == beside_.end()) {
        return;
    }
    touched_.push_back(place->second);
    if (--beside_counts_[place->second] == 0) {
        beside_counts_.erase(place->second);
    }
    beside_.erase(place);
}

void PastKeeper::follow_hours(Time at) {
    if (at >= to_) {
        return;
    }
    for (const core::Queue& queue : floor_.queues()) {
        std::vector<core::OpenSpan>& spans = hours_[queue.id];
        const bool was_open = !spans.empty() && spans.back().to == Time::max();
        if (queue.is_open && !was_open) {
            spans.push_back({at, Time::max()});
        } else if (!queue.is_open && was_open) {
            spans.back().to = at;
        }
    }
}

void PastKeeper::add_span(const core::AgentSpan& span) {
    const Time from = std::max(span.from, past_.start);
    const Time to = std::min(span.to, to_);
    if (!has_begun_ || from >= to) {
        return;
    }
    const bool is_handling = span.activity == core::AgentActivity::talking ||
                             span.activity == core::AgentActivity::wrap_up;
    PastAgent& agent = agent_of(span.agent);
    (is_handling ? agent.handling : agent.ready) += to - from;
}

// What was the case, and then what is known of the time to come.
std::vector<core::OpenSpan> PastKeeper::hours_of(core::QueueId id) const {
    const core::Queue& queue = *floor_.find_queue(id);
    const auto place = hours_.find(id);
    std::vector<core::OpenSpan> spans =
        place == hours_.end() ? std::vector<core::OpenSpan>{} : place->second;
    const bool is_open_still = !spans.empty() && spans.back().to == Time::max();
    if (is_open_still && spans.size() == 1 && queue.hours.empty()) {
        return {};
    }
    if (is_open_still) {
        spans.pop_back();
        spans.push_back({place->second.back().from, queue.hours.empty()
                                                        ? past_.end + hours(24 * 365)
                                                        : queue.hours.front().to});
    }
    for (const core::OpenSpan& span : queue.hours) {
        const bool is_later = spans.empty() || span.from >= spans.back().to;
        if (is_later && span.from >= past_.end && spans.size() < core::kOpenSpansMax) {
            spans.push_back(span);
        }
    }
    if (spans.empty()) {
        spans.push_back({past_.start - Duration{2}, past_.start - Duration{1}});  // never
    }
    return spans;
}

std::optional<Past> PastKeeper::take() {
    if (!has_begun_ || floor_.config().queues.empty() || last_ < past_.start) {
        return std::nullopt;
    }
    times_.cut(last_);
    past_.end = std::min(last_ + Duration{1}, to_);
    past_.config = floor_.config();
    past_.config.agents.clear();
    for (const core::QueueConfig& queue : past_.config.queues) {
        past_.hours.push_back(hours_of(floor_.queue_by_name(queue.name)));
    }
    for (const auto& [id, place] : agents_) {
        const core::Agent* agent = floor_.find_agent(id);
        past_.agents[place].is_configured = agent != nullptr && !agent->is_retired;
    }
    std::erase_if(past_.agents, [](const PastAgent& agent) { return agent.config.name.empty(); });
    const std::size_t all = past_.contacts.size();
    std::erase_if(past_.contacts, [&](const PastContact& contact) {
        return std::none_of(past_.config.queues.begin(), past_.config.queues.end(),
                            [&](const auto& queue) { return queue.name == contact.queue; });
    });
    past_.without_queue = all - past_.contacts.size();
    return std::move(past_);
}

}  // namespace lanze::sim
