// Applying: the only way a floor changes.
#include <algorithm>

#include "base/check.h"
#include "base/variant.h"
#include "core/floor.h"

namespace lanze::core {

namespace {

// What of an agent the charter's counters follow.
struct Counted {
    bool is_handling = false;
    bool is_off = false;     // on a break, or not at work
    bool has_breaks = true;  // as the law wants them
};

Counted counted(const Agent& agent) {
    const bool is_away = agent.is_retired || agent.closed_for == NotReadyReason::signed_out;
    const bool is_on_break = std::holds_alternative<Idle>(agent.activity) &&
                             agent.written.empty() &&
                             agent.closed_for == NotReadyReason::break_time;
    // A phone that is ready without a desk cannot say that its owner takes one.
    return {agent.is_handling(), is_away || is_on_break,
            agent.has_desk || !agent.config.starts_ready};
}

// What the charter counts: handling in the last hour, and work since the last break.
void follow(const Counted& before, Agent& agent, Time at) {
    const Counted after = counted(agent);
    if (!before.is_handling && after.is_handling) {
        agent.handles_since = at;
    } else if (before.is_handling && !after.is_handling) {
        agent.load.add(agent.handles_since.value_or(at), at);
        agent.handles_since.reset();
    }
    const auto* idle = std::get_if<Idle>(&agent.activity);
    if (idle != nullptr && idle->since == at) {
        agent.load_when_idle = agent.load.handled(agent.handles_since, at);
    }
    if (!agent.is_ready()) {
        agent.withheld.reset();
        agent.withheld_until.reset();
    }
    if (!before.is_off && after.is_off) {
        agent.duty.begin_break(at);
    } else if (before.is_off && !after.is_off) {
        agent.duty.end_break(at);
    }
    if (!after.has_breaks) {
        agent.duty.forget_work();
    } else if (!after.is_off) {
        agent.duty.begin_work(at);
    }
}

Written* find_written(Agent& agent, ContactId contact) {
    const auto place = std::find_if(agent.written.begin(), agent.written.end(),
                                    [&](const Written& each) { return each.contact == contact; });
    return place == agent.written.end() ? nullptr : &*place;
}

}  // namespace

Agent& Floor::agent(AgentId id) {
    LANZE_CHECK(id.is_set() && id.value() <= agents_.size());
    return agents_[id.value() - 1];
}

Contact& Floor::contact(ContactId id) {
    const auto place = contacts_.find(id);
    LANZE_CHECK(place != contacts_.end());
    return place->second;
}

template <typename Change>
void Floor::change(AgentId id, Time at, Change&& change) {
    Agent& changed = agent(id);
    leave_routing(changed);
    const Counted before = counted(changed);
    const bool was_signed_on = changed.is_signed_on();
    change(changed);
    follow(before, changed, at);
    record_handled(changed);
    // Nobody's load falls while he handles contacts.
    if (changed.withheld == WithheldBy::occupancy_ceiling && !changed.handles_since &&
        !changed.withheld_until) {
        changed.withheld_until =
            changed.load.falls_to(handling_max().value_or(LoadWindow::kLength), at);
    }
    join_routing(changed);
    set_deadline(changed, at);
    if (changed.is_signed_on() != was_signed_on) {
        for (const ContactId each : routing_.waiting_for(id)) {
            set_deadline(contact(each));  // nobody waits for an agent who is not at work
        }
    }
}

void Floor::join_routing(const Agent& agent) {
    routing_.add(agent);
    const auto over = shift_over(agent);
    if (over && agent.is_presentable()) {
        shift_ends_.emplace(*over, agent.id);
    }
}

void Floor::leave_routing(const Agent& agent) {
    routing_.remove(agent);
    const auto over = shift_over(agent);
    if (over && agent.is_presentable()) {
        shift_ends_.erase({*over, agent.id});
    }
}

// A contact and its wrap-up are over when the agent does something else.
void Floor::record_handled(Agent& agent) {
    const bool is_free = std::holds_alternative<Idle>(agent.activity) ||
                         std::holds_alternative<Resting>(agent.activity);
    if (is_free && agent.handled) {
        record_time(agent.handled->queue, agent.handled->time);
        agent.handled.reset();
    }
}

void Floor::record_time(QueueId queue, Duration time) {
    HandleTimes& times = queues_[queue.value() - 1].handle_times;
    const Duration before = times.reached_by_most();
    times.add(time);
    shortened_count_ += times.reached_by_most() < before ? 1U : 0U;
}

template <typename Change>
void Floor::change(ContactId id, Change&& change) {
    Contact& changed = contact(id);
    if (std::holds_alternative<Waiting>(changed.state)) {
        routing_.remove_waiting(changed);
    }
    change(changed);
    if (std::holds_alternative<Waiting>(changed.state)) {
        routing_.add_waiting(changed);
    }
    set_deadline(changed);
    set_deadline(queues_[changed.queue.value() - 1]);
}

void Floor::apply(const Event& event, Time at) {
    std::visit([&](const auto& alternative) { on(alternative, at); }, event);
}

void Floor::on(const Configured& event, Time at) {
    config_ = event.config;
    config_.agents = {};  // they keep their own
    agents_configured_ = event.agent_ids;
    for (Queue& queue : queues_) {
        queue.is_retired = true;
    }
    std::vector<bool> was_here;
    std::vector<Counted> before;
    for (Agent& agent : agents_) {
        was_here.push_back(!agent.is_retired);
        before.push_back(counted(agent));
        agent.is_retired = true;
    }
    for (std::size_t i = 0; i < event.queue_ids.size(); ++i) {
        const QueueId id = event.queue_ids[i];
        if (id.value() > queues_.size()) {
            queues_.resize(id.value());
        }
        Queue& queue = queues_[id.value() - 1];
        queue.id = id;
        queue.config = config_.queues[i];
        queue.is_retired = false;
        queue_names_[queue.config.name] = id;
    }
    const auto last = std::max_element(event.agent_ids.begin(), event.agent_ids.end());
    agents_.reserve(last == event.agent_ids.end() ? 0 : last->value());  // not twice as many
    for (std::size_t i = 0; i < event.agent_ids.size(); ++i) {
        const AgentId id = event.agent_ids[i];
        const AgentConfig& config = event.config.agents[i];
        if (id.value() > agents_.size()) {
            Agent absent;  // an id that is left out belongs to somebody who has gone
            absent.is_retired = true;
            agents_.resize(id.value(), absent);
        }
        Agent& agent = agents_[id.value() - 1];
        const bool stays = id.value() <= was_here.size() && was_here[id.value() - 1];
        if (!stays && !contact_of(agent).is_set() && agent.written.empty()) {
            // Who comes back has done what he has done.
            Agent fresh;
            fresh.load = agent.load;
            fresh.duty = agent.duty;
            agent = std::move(fresh);
            agent.activity = Idle{at};
            agent.is_reachable = config.starts_reachable;
            if (!config.starts_ready) {
                agent.closed_for = NotReadyReason::signed_out;
            }
        }
        agent.id = id;
        agent.config = config;
        agent.is_retired = false;
        agent_names_[config.name] = id;
    }
    before.resize(agents_.size(), Counted{false, true, true});
    for (std::size_t i = 0; i < agents_.size(); ++i) {
        follow(before[i], agents_[i], at);
    }
    for (Agent& agent : agents_) {
        // The rules may be others now; who is withheld under them is decided anew.
        agent.withheld.reset();
        agent.withheld_until.reset();
    }
    rebuild_routing(at);
}

void Floor::rebuild_routing(Time at) {
    std::vector<std::pair<QueueId, QueueConfig>> queues;
    for (const Queue& queue : queues_) {
        if (queue.id.is_set()) {  // also one that is gone: contacts may still be in it
            queues.emplace_back(queue.id, queue.config);
        }
    }
    routing_.configure(queues, config_.contact_rule);
    for (const auto& [id, config] : queues) {
        routing_.set_open(id, queues_[id.value() - 1].is_open);
    }
    shift_ends_.clear();
    emptying_.clear();
    // Who has gone comes last. So the numbers of pools, by which chance draws and reasons tell,
    // rest on the configuration and the ids alone, and not on whom the journal has forgotten.
    for (const bool is_retired : {false, true}) {
        for (Agent& agent : agents_) {
            if (agent.is_retired == is_retired) {
                agent.pool = routing_.pool_of(agent.config);
            }
        }
    }
    for (const Agent& agent : agents_) {
        join_routing(agent);
        set_deadline(agent, at);
    }
    for (auto& [id, contact] : contacts_) {
        contact.step = static_cast<std::uint8_t>(std::min<std::size_t>(
            contact.step, queues_[contact.queue.value() - 1].config.widening.size()));
        if (std::holds_alternative<Waiting>(contact.state)) {
            routing_.add_waiting(contact);
        }
        set_deadline(contact);
    }
    for (const Queue& queue : queues_) {
        set_deadline(queue);
    }
}

void Floor::on(const ContactQueued& event, Time at) {
    contact_last_ = std::max(contact_last_, event.contact.value());
    Queue& queue = queues_[event.queue.value() - 1];
    Contact fresh;
    fresh.id = event.contact;
    fresh.queued = at - event.waited;
    fresh.entered = at;
    fresh.queue = event.queue;
    fresh.priority = event.priority;
    fresh.needs = event.needs;
    fresh.preferred = event.preferred;
    fresh.channel = event.channel;
    if (fresh.is_consultation()) {
        origins_[event.contact] = event.origin;
        consultations_[event.origin].push_back(event.contact);
    } else if (const Contact* origin = find_contact(event.origin)) {
        const auto* connected = std::get_if<Connected>(&origin->state);
        if (connected != nullptr) {
            fresh.tried.push_back(connected->agent);
        }
    }
    const auto [place, is_new] = contacts_.try_emplace(event.contact, std::move(fresh));
    LANZE_CHECK(is_new);
    routing_.add_waiting(place->second);
    set_deadline(place->second);
    ++queue.contacts;
    set_deadline(queue);
}

void Floor::on(const Dialled& event, Time at) {
    contact_last_ = std::max(contact_last_, event.contact.value());
    Contact own;
    own.id = event.contact;
    own.queue = event.queue;
    own.queued = own.entered = at;
    own.priority = queues_[event.queue.value() - 1].config.priority;
    own.channel = Channel::own_call;
    own.state = Connected{event.agent, at, false};
    LANZE_CHECK(contacts_.try_emplace(event.contact, std::move(own)).second);
    ++queues_[event.queue.value() - 1].contacts;
    set_deadline(queues_[event.queue.value() - 1]);
    change(event.agent, at, [&](Agent& agent) { agent.activity = Talking{event.contact, at}; });
}

void Floor::on(const ContactPresented& event, Time at) {
    presentation_last_ = std::max(presentation_last_, event.presentation.value());
    const Agent& taker = agent(event.agent);
    Written written;
    written.contact = event.contact;
    written.presentation = event.presentation;
    written.since = at;
    written.until = event.until;
    change(event.contact, [&](Contact& contact) {
        LANZE_CHECK(std::holds_alternative<Waiting>(contact.state));
        written.queue = contact.queue;
        written.medium = contact.medium();
        contact.state = Presented{event.agent, event.presentation, at};
        queues_[contact.queue.value() - 1].last_place = {taker.config.place, taker.id};
    });
    presentations_[event.presentation] = event.contact;
    change(event.agent, at, [&](Agent& agent) {
        const auto* idle = std::get_if<Idle>(&agent.activity);
        LANZE_CHECK(idle != nullptr);
        if (written.medium != Medium::call) {
            agent.written.push_back(written);
            return;
        }
        agent.activity = Alerting{event.contact, event.presentation, at, event.until, idle->since};
    });
}

void Floor::on(const PresentationEnded& event, Time at) {
    change(event.contact, [&](Contact& contact) {
        contact.state = Waiting{};
        if (!contact.was_tried_by(event.agent)) {
            contact.tried.push_back(event.agent);
        }
        if (contact.preferred == event.agent) {
            contact.preferred = AgentId{};  // he could not or would not
        }
    });
    presentations_.erase(event.presentation);
    change(event.agent, at, [&](Agent& agent) {
        const bool is_miss = event.end == PresentationEnd::expired ||
                             event.end == PresentationEnd::rejected ||
                             event.end == PresentationEnd::no_answer;
        agent.misses += is_miss ? 1 : 0;
        if (agent.find_written(event.contact) != nullptr) {
            agent.written.pop_back();  // nothing was presented to him since
            return;
        }
        const auto* alerting = std::get_if<Alerting>(&agent.activity);
        LANZE_CHECK(alerting != nullptr);
        Released released;
        if (event.end == PresentationEnd::withdrawn) {
            released.idle_since = alerting->idle_since;
        }
        agent.activity = released;
    });
}

void Floor::on(const ContactAnswered& event, Time at) {
    contact(event.contact).state = Connected{event.agent, at, false};
    presentations_.erase(event.presentation);
    change(event.agent, at, [&](Agent& agent) {
        agent.misses = 0;
        if (Written* written = find_written(agent, event.contact)) {
            Written talking;
            talking.contact = written->contact;
            talking.queue = written->queue;
            talking.medium = written->medium;
            talking.phase = Written::Phase::talking;
            talking.since = at;
            *written = talking;
            return;
        }
        agent.activity = Talking{event.contact, at};
    });
}

void Floor::on(const ContactEnded& event, Time at) {
    const Contact& ended = contact(event.contact);
    if (std::holds_alternative<Waiting>(ended.state)) {
        routing_.remove_waiting(ended);
    } else if (const auto* connected = std::get_if<Connected>(&ended.state)) {
        change(connected->agent, at, [&](Agent& agent) {
            if (Written* written = find_written(agent, event.contact)) {
                written->phase = Written::Phase::wrap_up;
                written->talked = at - written->since;
                written->since = at;
                return;
            }
            if (!is_internal(ended.channel)) {
                agent.handled = Handled{ended.queue, at - connected->since};
            }
            agent.activity = Released{};
        });
    }
    contact_deadlines_.cancel(event.contact);
    if (ended.is_consultation()) {
        forget_consultation(ended);
    }
    consultations_.erase(event.contact);
    Queue& queue = queues_[ended.queue.value() - 1];
    --queue.contacts;
    contacts_.erase(event.contact);
    set_deadline(queue);
}

void Floor::on(const ContactWidened& event, Time /*at*/) {
    change(event.contact, [&](Contact& contact) { contact.step = event.step; });
}

void Floor::on(const PreferenceEnded& event, Time /*at*/) {
    change(event.contact, [](Contact& contact) { contact.preferred = AgentId{}; });
}

void Floor::on(const ContactOverdue& event, Time /*at*/) {
    change(event.contact, [](Contact& contact) { contact.is_overdue = true; });
}

void Floor::on(const NeedsChanged& event, Time /*at*/) {
    change(event.contact, [&](Contact& contact) { contact.needs = event.needs; });
}

void Floor::on(const ContactPrioritised& event, Time /*at*/) {
    change(event.contact, [&](Contact& contact) { contact.priority = event.priority; });
}

void Floor::on(const AgentReady& event, Time at) {
    change(event.agent, at, [&](Agent& agent) {
        const auto* released = std::get_if<Released>(&agent.activity);
        const Time since = released == nullptr ? at : released->idle_since.value_or(at);
        agent.closed_for.reset();
        agent.wants_breather = false;  // he says so again if he still does
        agent.activity = Idle{since};
    });
}

void Floor::on(const AgentNotReady& event, Time at) {
    change(event.agent, at, [&](Agent& agent) {
        if (event.reason != NotReadyReason::phone_unreachable) {
            agent.closed_for = event.reason;
            agent.wants_breather = false;
        }
        agent.activity = Idle{at};
    });
}

void Floor::on(const AgentWishNoted& event, Time at) {
    change(event.agent, at, [&](Agent& agent) {
        agent.closed_for =
            event.wants_ready ? std::nullopt : std::optional<NotReadyReason>(event.reason);
    });
}

void Floor::on(const AgentRests& event, Time at) {
    change(event.agent, at, [&](Agent& agent) {
        if (event.reason == NotReadyReason::breather) {
            agent.wants_breather = false;
        }
        agent.activity = Resting{event.reason, at, event.until};
    });
}

void Floor::on(const AgentWithheld& event, Time at) {
    change(event.agent, at, [&](Agent& agent) { agent.withheld = event.by; });
}

void Floor::on(const AgentReturned& event, Time at) {
    change(event.agent, at, [](Agent& agent) {
        agent.withheld.reset();
        agent.withheld_until.reset();
    });
}

void Floor::on(const BreatherNoted& event, Time /*at*/) {
    agent(event.agent).wants_breather = true;
}

void Floor::on(const ShiftPlanned& event, Time at) {
    change(event.agent, at, [&](Agent& agent) {
        agent.shift =
            event.end > event.begin ? std::optional(Shift{event.begin, event.end}) : std::nullopt;
        agent.duty.plan(event.breaks);
        agent.withheld.reset();  // decided anew
        agent.withheld_until.reset();
    });
}

void Floor::on(const ContactMoved& event, Time at) {
    const QueueId before = contact(event.contact).queue;
    change(event.contact, [&](Contact& contact) {
        const QueueConfig& queue = queues_[event.queue.value() - 1].config;
        const std::uint8_t usual = queues_[contact.queue.value() - 1].config.priority;
        // A priority of its own goes with it; otherwise that of the queue it is in counts.
        contact.priority = contact.priority == usual ? queue.priority : contact.priority;
        contact.queue = event.queue;
        contact.entered = at;
        contact.step = 0;
        contact.overflows = 0;
        contact.is_overdue = false;
    });
    --queues_[before.value() - 1].contacts;
    ++queues_[event.queue.value() - 1].contacts;
    set_deadline(queues_[before.value() - 1]);
}

void Floor::on(const OverflowRefused& event, Time /*at*/) {
    change(event.contact, [](Contact& contact) { ++contact.overflows; });
}

void Floor::on(const CallbackRequested& event, Time /*at*/) {
    change(event.contact, [](Contact& contact) { contact.channel = Channel::callback; });
}

void Floor::on(const MessageLeft& event, Time /*at*/) {
    change(event.contact, [](Contact& contact) { contact.channel = Channel::message; });
}

void Floor::on(const AlternativeProposed& event, Time /*at*/) {
    change(event.contact, [&](Contact& contact) {
        if (event.cause == MoveCause::overflow_wait) {
            ++contact.overflows;
        }
    });
}

void Floor::on(const WrapUpExtended& event, Time at) {
    change(event.agent, at, [&](Agent& agent) {
        if (Written* written = find_written(agent, event.contact)) {
            written->until = event.until;
            written->is_extended = true;
        } else if (auto* wrap_up = std::get_if<WrapUp>(&agent.activity)) {
            wrap_up->until = event.until;
            wrap_up->is_extended = true;
        }
    });
}

void Floor::on(const WrapUpStarted& event, Time at) {
    change(event.agent, at, [&](Agent& agent) {
        if (Written* written = find_written(agent, event.contact)) {
            written->until = event.until;
            return;
        }
        agent.activity = WrapUp{event.contact, at, event.until, false};
    });
}

void Floor::on(const WrapUpEnded& event, Time at) {
    change(event.agent, at, [&](Agent& agent) {
        if (const Written* written = find_written(agent, event.contact)) {
            record_time(written->queue, written->talked + (at - written->since));
            agent.written.erase(agent.written.begin() + (written - agent.written.data()));
            if (agent.written.empty() && std::holds_alternative<Idle>(agent.activity)) {
                agent.activity = Idle{at};
            }
            return;
        }
        if (std::holds_alternative<Idle>(agent.activity)) {
            // A chat or message that was forgotten with its day: he has been idle since.
            agent.activity = agent.written.empty() ? Activity{Idle{at}} : agent.activity;
            return;
        }
        const auto* wrap_up = std::get_if<WrapUp>(&agent.activity);
        if (wrap_up == nullptr || wrap_up->contact != event.contact) {
            return;  // likewise, and he is in a call
        }
        if (agent.handled) {
            agent.handled->time += at - wrap_up->since;
        }
        agent.activity = Released{};
    });
}

void Floor::on(const DeskOpened& event, Time at) {
    change(event.agent, at, [](Agent& agent) { agent.has_desk = true; });
}

void Floor::on(const DeskClosed& event, Time at) {
    change(event.agent, at, [](Agent& agent) { agent.has_desk = false; });
}

void Floor::on(const PhoneFound& event, Time at) {
    change(event.agent, at, [&](Agent& agent) {
        agent.is_reachable = true;
        if (std::holds_alternative<Idle>(agent.activity)) {
            agent.activity = Idle{at};  // his turn counts from his return
        }
    });
}

void Floor::on(const PhoneMissing& event, Time at) {
    change(event.agent, at, [&](Agent& agent) {
        agent.is_reachable = false;
        if (std::holds_alternative<Idle>(agent.activity)) {
            agent.activity = Idle{at};
        }
    });
}

}  // namespace lanze::core
