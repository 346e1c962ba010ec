#include "app/view.h"

#include <tuple>
#include <utility>

#include "app/chosen.h"
#include "app/opening.h"
#include "base/variant.h"

namespace lanze::app {

namespace {

// Looking at all who wait costs a millisecond for some thousands.
constexpr Duration kTellEvery = seconds(1);

ports::AgentState state_of(core::Written::Phase phase) {
    switch (phase) {
        case core::Written::Phase::alerting:
            return ports::AgentState::alerting;
        case core::Written::Phase::talking:
            return ports::AgentState::talking;
        case core::Written::Phase::wrap_up:
            return ports::AgentState::wrap_up;
    }
    return ports::AgentState::wrap_up;
}

ports::AgentState state_in_writing(const core::Agent& agent) {
    ports::AgentState state = ports::AgentState::wrap_up;
    for (const core::Written& each : agent.written) {
        if (each.phase == core::Written::Phase::alerting) {
            return ports::AgentState::alerting;
        }
        if (each.phase == core::Written::Phase::talking) {
            state = ports::AgentState::talking;
        }
    }
    return state;
}

ports::AgentState state_of(const core::Agent& agent) {
    return match(
        agent.activity,
        [&](const core::Idle&) {
            if (!agent.written.empty()) {
                return state_in_writing(agent);
            }
            return agent.is_ready() ? ports::AgentState::ready : ports::AgentState::not_ready;
        },
        [](const core::Resting&) { return ports::AgentState::not_ready; },
        [](const core::Released&) { return ports::AgentState::not_ready; },
        [](const core::Alerting&) { return ports::AgentState::alerting; },
        [](const core::Talking&) { return ports::AgentState::talking; },
        [](const core::WrapUp&) { return ports::AgentState::wrap_up; });
}

std::pair<ports::ContactState, core::AgentId> state_and_agent(const core::Contact& contact) {
    using Pair = std::pair<ports::ContactState, core::AgentId>;
    return match(
        contact.state, [](const core::Waiting&) { return Pair(ports::ContactState::waiting, {}); },
        [](const core::Presented& presented) {
            return Pair(ports::ContactState::alerting, presented.agent);
        },
        [](const core::Connected& connected) {
            return Pair(
                connected.is_on_hold ? ports::ContactState::on_hold : ports::ContactState::talking,
                connected.agent);
        });
}

// Every skill that somebody has, sorted.
std::vector<std::string> skills_of(const core::Config& config) {
    std::set<std::string> names;
    for (const core::AgentConfig& agent : config.agents) {
        for (const core::SkillLevel& each : agent.skills) {
            names.insert(each.skill);
        }
    }
    return {names.begin(), names.end()};
}

}  // namespace

ViewKeeper::ViewKeeper(const core::Floor& floor, std::function<Duration(Time)> local_offset,
                       std::function<std::string_view(core::ContactId)> caller_text)
    : floor_(floor),
      local_offset_(std::move(local_offset)),
      caller_text_(std::move(caller_text)),
      waits_(floor) {}

void ViewKeeper::start_day(Time at) {
    const auto local = (at + local_offset_(at)).time_since_epoch();
    const std::int64_t day = std::chrono::floor<std::chrono::days>(local).count();
    if (day == day_) {
        return;
    }
    day_ = day;
    for (auto& [queue, counts] : counts_) {
        counts.today = {};
        queues_.insert(queue);
    }
    for (auto& [contact, entry] : open_) {
        entry.is_of_today = false;
    }
}

// Who is no longer configured is shown until his contact is over.
bool ViewKeeper::is_shown(const core::Agent& agent) const {
    return !agent.is_retired || core::contact_of(agent).is_set() || !agent.written.empty();
}

// Who is ready, and so every queue the agent serves, may have changed with him.
void ViewKeeper::touch_agent(core::AgentId id) {
    const core::Agent* agent = floor_.find_agent(id);
    if (agent != nullptr && !is_shown(*agent)) {
        is_all_changed_ = true;  // changes cannot say that somebody has gone
        return;
    }
    agents_.insert(id);
    for (const core::Queue& queue : floor_.queues()) {
        if (!queue.is_retired && agent != nullptr &&
            floor_.routing().serves(agent->pool, queue.id)) {
            queues_.insert(queue.id);
        }
    }
}

void ViewKeeper::touch_contact(core::ContactId id, Time at) {
    contacts_.insert(id);
    Entry& entry = open_[id];
    entry.since = at;
    queues_.insert(entry.queue);
    touch_talk(entry.about.is_set() ? entry.about : id);
}

void ViewKeeper::touch(core::ContactId contact) {
    if (floor_.find_contact(contact) != nullptr) {
        touch_talk(contact);
    }
}

// Who takes part in the same talk is shown the others.
void ViewKeeper::touch_talk(core::ContactId about) {
    contacts_.insert(about);
    const std::vector<core::ContactId>& asked = floor_.consultations_of(about);
    contacts_.insert(asked.begin(), asked.end());
}

void ViewKeeper::note(const core::Event& event, Time at) {
    start_day(at);
    waits_.note(event, at);
    is_telling_old_ = true;
    match(
        event, [&](const core::Configured&) { is_all_changed_ = true; },
        [&](const core::ContactQueued& queued) {
            const bool is_counted = !core::is_internal(queued.channel);
            open_[queued.contact] = {queued.queue, at, at, false, is_counted, is_counted, {}};
            open_[queued.contact].about = is_counted ? core::ContactId{} : queued.origin;
            if (is_counted) {
                Counts& counts = counts_[queued.queue];
                ++counts.today.offered;
                ++counts.waiting;
                counts.unanswered.emplace(at, queued.contact);
            }
            touch_contact(queued.contact, at);
        },
        [&](const core::Dialled& dialled) {
            open_[dialled.contact] = {dialled.queue, at, at, true, true, false, {}};
            touch_contact(dialled.contact, at);
            touch_agent(dialled.agent);
        },
        [&](const core::ContactBlocked& blocked) {
            ++counts_[blocked.queue].today.blocked;
            queues_.insert(blocked.queue);
        },
        [&](const core::ContactPresented& presented) {
            touch_contact(presented.contact, at);
            touch_agent(presented.agent);
        },
        [&](const core::PresentationEnded& ended) {
            touch_contact(ended.contact, at);
            touch_agent(ended.agent);
        },
        [&](const core::ContactAnswered& answered) { on_answered(answered, at); },
        [&](const core::ContactHeld& held) { touch_contact(held.contact, at); },
        [&](const core::ContactResumed& resumed) { touch_contact(resumed.contact, at); },
        [&](const core::ContactEnded& ended) { on_ended(ended, at); },
        // The contact's state is as old as it was.
        [&](const core::ContactWidened& widened) { contacts_.insert(widened.contact); },
        [&](const core::ContactOverdue& overdue) { contacts_.insert(overdue.contact); },
        [&](const core::NeedsChanged& changed) { contacts_.insert(changed.contact); },
        [&](const core::ContactPrioritised& changed) { contacts_.insert(changed.contact); },
        [&](const core::CallbackRequested& changed) { contacts_.insert(changed.contact); },
        [&](const core::MessageLeft& changed) { contacts_.insert(changed.contact); },
        [&](const core::ConsultationJoined& joined) { touch_contact(joined.contact, at); },
        [&](const core::TransferCompleted& completed) { on_completed(completed, at); },
        [](const core::PreferenceEnded&) {}, [](const core::OverflowRefused&) {},
        [](const core::AlternativeProposed&) {},
        [&](const core::ContactMoved& moved) { on_moved(moved, at); },
        [&](const core::HoursSet& one) { queues_.insert(one.queue); },
        [&](const core::QueueOpened& one) { queues_.insert(one.queue); },
        [&](const core::QueueClosed& one) { queues_.insert(one.queue); },
        [&](const core::RestServed& one) { queues_.insert(one.queue); },
        [&](const core::QueueShort& one) { queues_.insert(one.queue); },
        [&](const auto& of_agent) { touch_agent(of_agent.agent); });
}

void ViewKeeper::on_answered(const core::ContactAnswered& event, Time at) {
    touch_contact(event.contact, at);
    touch_agent(event.agent);
    Entry& entry = open_[event.contact];
    if (!entry.is_counted) {
        return;
    }
    entry.is_answered = true;
    Counts& counts = counts_[entry.queue];
    --counts.waiting;
    counts.unanswered.erase({entry.queued, event.contact});
    ++counts.talking;
    const core::Queue* queue = floor_.find_queue(entry.queue);
    if (entry.is_of_today && queue != nullptr) {
        counts.today.note_answer(at - entry.queued, queue->config.service_level);
    }
}

// A consultation has taken the caller over: offered and answered at once.
void ViewKeeper::on_completed(const core::TransferCompleted& event, Time at) {
    open_[event.contact] = {event.queue, at, at, true, true, true, {}};
    for (const core::ContactId other : floor_.consultations_of(event.contact)) {
        open_[other].about = event.contact;
    }
    Counts& counts = counts_[event.queue];
    ++counts.talking;
    ++counts.today.offered;
    if (const core::Queue* queue = floor_.find_queue(event.queue)) {
        counts.today.note_answer(Duration::zero(), queue->config.service_level);
    }
    touch_contact(event.contact, at);
    touch_agent(event.agent);
}

// One queue counts it as diverted, the other as offered, from now on.
void ViewKeeper::on_moved(const core::ContactMoved& event, Time at) {
    Entry& entry = open_[event.contact];
    if (!entry.is_counted) {
        entry.queue = event.queue;
        touch_contact(event.contact, at);
        return;
    }
    Counts& left = counts_[entry.queue];
    --left.waiting;
    left.today.diverted += entry.is_of_today ? 1U : 0U;
    left.unanswered.erase({entry.queued, event.contact});
    queues_.insert(entry.queue);
    entry.queue = event.queue;
    entry.queued = at;
    entry.is_of_today = true;
    Counts& entered = counts_[entry.queue];
    ++entered.waiting;
    ++entered.today.offered;
    entered.unanswered.emplace(at, event.contact);
    touch_contact(event.contact, at);
}

void ViewKeeper::on_ended(const core::ContactEnded& event, Time at) {
    const auto place = open_.find(event.contact);
    if (place == open_.end()) {
        return;
    }
    const Entry entry = place->second;
    open_.erase(place);
    contacts_.erase(event.contact);
    gone_.insert(event.contact);
    queues_.insert(entry.queue);
    if (entry.about.is_set()) {
        touch_talk(entry.about);
    }
    if (!entry.is_counted) {
        return;
    }
    Counts& counts = counts_[entry.queue];
    --(entry.is_answered ? counts.talking : counts.waiting);
    counts.unanswered.erase({entry.queued, event.contact});
    const core::Queue* queue = floor_.find_queue(entry.queue);
    if (!entry.is_answered && entry.is_of_today && queue != nullptr) {
        counts.today.note_end(event.end, at - entry.queued, queue->config.service_level);
    }
}

void ViewKeeper::explain(const std::vector<core::Reason>& reasons) {
    for (const core::Reason& reason : reasons) {
        explain(reason);
    }
}

void ViewKeeper::explain(const core::Reason& reason) {
    const auto place = open_.find(reason.contact);
    const core::Contact* contact = floor_.find_contact(reason.contact);
    if (!reason.agent.is_set() || place == open_.end() || contact == nullptr) {
        return;  // found nobody, or is over again
    }
    place->second.chosen_agent = reason.agent;
    place->second.chosen = chosen_of(reason, contact->preferred == reason.agent);
    contacts_.insert(reason.contact);
}

std::optional<Time> ViewKeeper::tells_at() const {
    if (!is_telling_old_ && !waits_.is_anybody_waiting()) {
        return std::nullopt;
    }
    return told_at_ ? *told_at_ + kTellEvery : Time{};
}

void ViewKeeper::tell(Time now) {
    const predict::WaitTeller::News news = waits_.tell(now);
    queues_.insert(news.queues.begin(), news.queues.end());
    contacts_.insert(news.contacts.begin(), news.contacts.end());
    told_at_ = now;
    is_telling_old_ = false;
}

bool ViewKeeper::has_changes() const {
    return is_all_changed_ || !queues_.empty() || !agents_.empty() || !contacts_.empty() ||
           !gone_.empty();
}

ports::View ViewKeeper::snapshot(std::uint64_t sequence, Time now) {
    start_day(now);
    ports::View view{true, sequence, now, {}, {}, {}, {}, {}};
    for (const core::Queue& queue : floor_.queues()) {
        if (!queue.is_retired) {
            view.queues.push_back(queue_view(queue, now));
        }
    }
    for (const core::Agent& agent : floor_.agents()) {
        if (is_shown(agent)) {
            view.agents.push_back(agent_view(agent));
        }
    }
    view.skills = skills_of(floor_.whole_config());
    for (const auto& [id, contact] : floor_.contacts()) {
        view.contacts.push_back(contact_view(contact));
    }
    is_all_changed_ = false;
    queues_.clear();
    agents_.clear();
    contacts_.clear();
    gone_.clear();
    return view;
}

ports::View ViewKeeper::changes(std::uint64_t sequence, Time now) {
    if (is_all_changed_) {
        return snapshot(sequence, now);
    }
    start_day(now);
    ports::View view{false, sequence, now, {}, {}, {}, {}, {}};
    for (const core::QueueId id : std::exchange(queues_, {})) {
        const core::Queue* queue = floor_.find_queue(id);
        if (queue != nullptr && !queue->is_retired) {
            view.queues.push_back(queue_view(*queue, now));
        }
    }
    for (const core::AgentId id : std::exchange(agents_, {})) {
        if (const core::Agent* agent = floor_.find_agent(id)) {
            view.agents.push_back(agent_view(*agent));
        }
    }
    for (const core::ContactId id : std::exchange(contacts_, {})) {
        if (const core::Contact* contact = floor_.find_contact(id)) {
            view.contacts.push_back(contact_view(*contact));
        }
    }
    const auto gone = std::exchange(gone_, {});
    view.contacts_gone.assign(gone.begin(), gone.end());
    return view;
}

ports::QueueView ViewKeeper::queue_view(const core::Queue& queue, Time now) const {
    ports::QueueView view;
    view.id = queue.id;
    view.name = queue.config.name;
    const std::size_t withheld = floor_.routing().count(queue.id, core::Availability::over_ceiling);
    view.agents_ready =
        static_cast<std::uint32_t>(floor_.routing().idle_count(queue.id) + withheld);
    view.short_of = queue.short_of;
    view.is_open = queue.is_open;
    view.changes_at = next_change(queue, now);
    view.service_level = queue.config.service_level;
    if (const ports::ToldWait* told = queue.is_open ? waits_.entering(queue.id) : nullptr) {
        view.told_wait = *told;
    }
    view.agents_signed_on = static_cast<std::uint32_t>(floor_.signed_on_count(queue.id));
    const auto place = counts_.find(queue.id);
    if (place == counts_.end()) {
        return view;
    }
    const Counts& counts = place->second;
    view.waiting = static_cast<std::uint32_t>(counts.waiting);
    view.talking = static_cast<std::uint32_t>(counts.talking);
    if (!counts.unanswered.empty()) {
        view.longest_waiting_since = counts.unanswered.begin()->first;
    }
    const core::TrafficCounts& today = counts.today;
    view.offered = today.offered;
    view.answered = today.answered;
    view.abandoned = today.abandoned;
    view.diverted = today.diverted;
    view.cut_off = today.cut_off;
    view.blocked = today.blocked;
    view.answered_within = today.answered_within;
    const core::Ratio level = core::service_level(today, queue.config.service_level.definition);
    view.service_level_part = level.part;
    view.service_level_whole = level.whole;
    return view;
}

ports::AgentView ViewKeeper::agent_view(const core::Agent& agent) const {
    ports::AgentView view;
    view.id = agent.id;
    view.name = agent.config.name;
    view.state = state_of(agent);
    view.reason = core::not_ready_reason(agent);
    if (core::contact_of(agent).is_set()) {
        view.wish = agent.closed_for;
    }
    view.since = core::activity_since(agent);
    view.until = core::activity_until(agent);
    view.contact = core::contact_of(agent);
    view.has_desk = agent.has_desk;
    view.is_phone_reachable = agent.is_reachable;
    view.withheld = agent.withheld;
    view.wants_breather = agent.wants_breather;
    view.may_dial = outside_.dialable();
    view.dialled = outside_.own_call_of(agent.id);
    const auto* wrap_up = std::get_if<core::WrapUp>(&agent.activity);
    view.is_wrap_up_extended = wrap_up != nullptr && wrap_up->is_extended;
    view.written.reserve(agent.written.size());
    for (const core::Written& each : agent.written) {
        view.written.push_back(
            {each.contact, state_of(each.phase), each.since, each.until, each.is_extended});
    }
    return view;
}

void ViewKeeper::add_colleagues(const core::Contact& contact, ports::ContactView& view) const {
    view.is_joined = contact.is_joined;
    if (contact.is_consultation()) {
        view.about = floor_.origin_of(contact.id);
        // In a call of the agent's own the text of the contact is whom he calls.
        const bool has_caller = !floor_.find_contact(view.about)->is_own_call();
        view.about_caller = has_caller ? caller_text_(view.about) : "";
    }
    view.outside = outside_.of(view.about.is_set() ? view.about : contact.id);
    if (view.about.is_set() && view.outside && !(contact.is_joined && view.outside->is_joined)) {
        view.outside.reset();
    }
    for (const core::ContactId id :
         floor_.consultations_of(view.about.is_set() ? view.about : contact.id)) {
        const core::Contact* other = floor_.find_contact(id);
        if (other == nullptr || id == contact.id || (view.about.is_set() && !other->is_joined)) {
            continue;
        }
        ports::ConsultationView shown{id, other->queue, {}, {}, {}, other->is_joined};
        std::tie(shown.state, shown.agent) = state_and_agent(*other);
        if (const core::Agent* agent = floor_.find_agent(shown.agent)) {
            shown.colleague = agent->config.name;
        }
        view.consultations.push_back(std::move(shown));
    }
}

ports::ContactView ViewKeeper::contact_view(const core::Contact& contact) const {
    ports::ContactView view;
    view.id = contact.id;
    view.queue = contact.queue;
    view.queued = contact.queued;
    const auto place = open_.find(contact.id);
    view.since = place == open_.end() ? contact.queued : place->second.since;
    view.caller = caller_text_(contact.id);
    view.priority = contact.priority;
    view.step = contact.step;
    view.is_overdue = contact.is_overdue;
    view.needs = contact.needs;
    view.channel = contact.channel;
    add_colleagues(contact, view);
    std::tie(view.state, view.agent) = state_and_agent(contact);
    if (const ports::ToldWait* told = waits_.of(contact.id);
        told != nullptr && view.state == ports::ContactState::waiting) {
        view.told_wait = *told;
    }
    if (const auto* connected = std::get_if<core::Connected>(&contact.state)) {
        view.answered = connected->since;
    }
    if (view.agent.is_set() && place != open_.end() && place->second.chosen_agent == view.agent) {
        view.chosen = place->second.chosen;
    }
    return view;
}

}  // namespace lanze::app
