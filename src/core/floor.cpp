#include "core/floor.h"

#include <algorithm>

#include "base/check.h"

namespace lanze::core {

const Queue* Floor::find_queue(QueueId id) const {
    return id.is_set() && id.value() <= queues_.size() ? &queues_[id.value() - 1] : nullptr;
}

const Agent* Floor::find_agent(AgentId id) const {
    return id.is_set() && id.value() <= agents_.size() ? &agents_[id.value() - 1] : nullptr;
}

const Contact* Floor::find_contact(ContactId id) const {
    const auto place = contacts_.find(id);
    return place == contacts_.end() ? nullptr : &place->second;
}

Config Floor::whole_config() const {
    Config config = config_;
    for (const AgentId id : agents_configured_) {
        config.agents.push_back(agents_[id.value() - 1].config);
    }
    return config;
}

const std::vector<ContactId>& Floor::consultations_of(ContactId id) const {
    static const std::vector<ContactId> none;
    const auto place = consultations_.find(id);
    return place == consultations_.end() ? none : place->second;
}

ContactId Floor::origin_of(ContactId consultation) const {
    const auto place = origins_.find(consultation);
    return place == origins_.end() ? ContactId{} : place->second;
}

QueueId Floor::queue_by_name(std::string_view name) const {
    const auto place = queue_names_.find(std::string(name));
    return place == queue_names_.end() ? QueueId{} : place->second;
}

AgentId Floor::agent_by_name(std::string_view name) const {
    const auto place = agent_names_.find(std::string(name));
    return place == agent_names_.end() ? AgentId{} : place->second;
}

ContactId Floor::presented_contact(PresentationId presentation) const {
    const auto place = presentations_.find(presentation);
    return place == presentations_.end() ? ContactId{} : place->second;
}

void Floor::set_deadline(const Agent& agent, Time now) {
    std::optional<Time> at = activity_until(agent);
    const auto take = [&](std::optional<Time> time) {
        at = time ? std::min(at.value_or(*time), *time) : at;
    };
    for (const Written& each : agent.written) {
        take(each.until);
    }
    if (agent.is_ready() && agent.withheld) {
        take(agent.withheld_until);
    } else if (agent.is_ready()) {
        take(break_due(agent));
        take(shift_over(agent));
        take(ceiling_reached(agent, now));
    }
    if (at) {
        agent_deadlines_.set(agent.id, *at);
    } else {
        agent_deadlines_.cancel(agent.id);
    }
}

void Floor::set_deadline(const Contact& contact) {
    if (const auto next = next_turning(contact)) {
        contact_deadlines_.set(contact.id, next->at);
    } else {
        contact_deadlines_.cancel(contact.id);
    }
}

std::optional<Time> Floor::break_due(const Agent& agent) const {
    return config_.charter.gives_breaks ? agent.duty.break_due() : std::nullopt;
}

std::optional<Time> Floor::ceiling_reached(const Agent& agent, Time now) const {
    const auto limit = handling_max();
    return limit && agent.handles_since && agent.is_presentable()
               ? agent.load.exceeds(*limit, *agent.handles_since, now)
               : std::nullopt;
}

bool Floor::leaves_too_soon(const Agent& agent, QueueId queue, Time now) const {
    const auto over = shift_over(agent);
    return over && *over - now < queues_[queue.value() - 1].handle_times.reached_by_most();
}

std::optional<Duration> Floor::handling_max() const {
    const std::uint32_t permille = config_.charter.occupancy_max_permille;
    return permille >= 1'000 ? std::nullopt
                             : std::optional<Duration>(LoadWindow::kLength / 1'000 * permille);
}

std::optional<Floor::Turning> Floor::next_turning(const Contact& contact) const {
    if (!std::holds_alternative<Waiting>(contact.state)) {
        return std::nullopt;
    }
    const QueueConfig& queue = queues_[contact.queue.value() - 1].config;
    std::optional<Turning> next;
    const auto take_if_earlier = [&](Time at, Turning::Kind kind) {
        if (!next || at < next->at) {
            next = Turning{at, kind};
        }
    };
    if (contact.preferred.is_set()) {
        const Agent* preferred = find_agent(contact.preferred);
        const bool is_at_work = preferred != nullptr && preferred->is_signed_on();
        take_if_earlier(is_at_work ? contact.entered + queue.preferred_for : Time{},
                        Turning::Kind::preference_ends);
    }
    if (const Overflow* overflow = next_overflow(contact)) {
        take_if_earlier(contact.entered + overflow->after, Turning::Kind::overflows);
    }
    if (contact.step < queue.widening.size()) {
        take_if_earlier(contact.queued + queue.widening[contact.step].after, Turning::Kind::widens);
    }
    if (config_.charter.starvation_factor > 0 && !contact.is_overdue) {
        const Duration target = std::max<Duration>(queue.service_level.within, seconds(1));
        take_if_earlier(contact.queued + target * config_.charter.starvation_factor,
                        Turning::Kind::becomes_overdue);
    }
    return next;
}

void Floor::set_deadline(const Queue& queue) {
    if (must_be_emptied(queue)) {
        emptying_.insert(queue.id);
    } else {
        emptying_.erase(queue.id);
    }
    if (!queue.hours.empty()) {
        queue_deadlines_.set(queue.id,
                             queue.is_open ? queue.hours.front().to : queue.hours.front().from);
    } else {
        queue_deadlines_.cancel(queue.id);
    }
}

bool Floor::must_be_emptied(const Queue& queue) const {
    return !queue.is_open && queue.config.at_closing != AtClosing::serve && !queue.serves_rest &&
           routing_.on_the_line_count(queue.id) > 0;
}

std::optional<Duration> Floor::expected_wait(const Queue& queue) const {
    const auto mean = queue.handle_times.mean();
    const auto agents = static_cast<std::int64_t>(routing_.signed_on_count(queue.id));
    if (agents == 0) {
        return Duration::max();
    }
    if (!mean) {
        return std::nullopt;
    }
    const auto ahead = static_cast<std::int64_t>(routing_.waiting_count(queue.id));
    return *mean * (ahead + 1) / agents;
}

const Overflow* Floor::next_overflow(const Contact& contact) const {
    const auto& overflows = queues_[contact.queue.value() - 1].config.overflows;
    std::size_t behind = contact.overflows;
    for (const Overflow& overflow : overflows) {
        if (overflow.after > Duration::zero() && behind-- == 0) {
            return &overflow;
        }
    }
    return nullptr;
}

std::optional<Floor::Due> Floor::first_due(Time now) const {
    const Time next = next_timer();
    if (next > now) {
        return emptying_.empty() ? std::nullopt : std::optional<Due>(Emptying{*emptying_.begin()});
    }
    if (const auto agent = agent_deadlines_.peek_due(next)) {
        return *agent;
    }
    if (const auto queue = queue_deadlines_.peek_due(next)) {
        return *queue;
    }
    return *contact_deadlines_.peek_due(next);
}

bool Floor::is_same_as(const Floor& other) const {
    return config_ == other.config_ && queues_ == other.queues_ && agents_ == other.agents_ &&
           contacts_ == other.contacts_ && presentations_ == other.presentations_ &&
           consultations_ == other.consultations_ && contact_last_ == other.contact_last_ &&
           presentation_last_ == other.presentation_last_ &&
           next_deadline() == other.next_deadline();
}

}  // namespace lanze::core
