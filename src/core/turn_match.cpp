// Who gets whom, and what the charter withholds.
#include <algorithm>

#include "base/rng.h"
#include "core/turn.h"

namespace lanze::core {

void Turn::emit(Event event) {
    floor_.apply(event, now_);
    events_.push_back(std::move(event));
}

void Turn::present(ContactId contact, const Agent& agent) {
    emit(ContactPresented{contact, agent.id, floor_.next_presentation(),
                          now_ + agent.config.present_for});
}

// In the order of precedence: law, ceiling, end of shift.
std::optional<WithheldBy> Turn::withholding(const Agent& agent) const {
    const auto due = floor_.break_due(agent);
    if (due && *due <= now_) {
        return WithheldBy::break_due;
    }
    const auto limit = floor_.handling_max();
    if (limit && agent.load.handled(agent.handles_since, now_) > *limit) {
        return WithheldBy::occupancy_ceiling;
    }
    const auto over = floor_.shift_over(agent);
    return over && *over <= now_ ? std::optional(WithheldBy::shift_over) : std::nullopt;
}

bool Turn::withhold(const Agent& agent) {
    const auto by = withholding(agent);
    if (by) {
        emit(AgentWithheld{agent.id, *by});
    }
    return by.has_value();
}

void Turn::welcome(const Agent& agent) {
    if (!withhold(agent)) {
        match_agent(agent, Occasion::agent_free);
    }
}

std::optional<AgentId> Turn::agent_for(const Contact& contact) const {
    if (floor_.routing().rests(contact)) {
        return std::nullopt;
    }
    if (contact.preferred.is_set()) {
        const Agent* preferred = floor_.find_agent(contact.preferred);
        const bool is_free = preferred->is_presentable() &&
                             preferred->has_room_for(contact.medium()) &&
                             !floor_.leaves_too_soon(*preferred, contact.queue, now_);
        return is_free ? std::optional(preferred->id) : std::nullopt;
    }
    const std::uint64_t number = floor_.next_presentation().value();
    return floor_.routing().agent_for(
        contact, {split_mix(floor_.config().seed ^ split_mix(number)),
                  floor_.find_queue(contact.queue)->last_place, leaving(contact)});
}

std::vector<AgentId> Turn::leaving(const Contact& contact) const {
    std::vector<AgentId> result;
    for (const auto& [end, id] : floor_.idle_by_shift_end()) {
        if (!floor_.leaves_too_soon(*floor_.find_agent(id), contact.queue, now_)) {
            break;  // nor do those who stay longer
        }
        result.push_back(id);
    }
    return result;
}

void Turn::match_leaving() {
    if (floor_.shortened_count() == shortened_before_) {
        return;
    }
    std::vector<AgentId> idle;
    for (const auto& [end, id] : floor_.idle_by_shift_end()) {
        if (end - now_ > HandleTimes::kStep * static_cast<int>(HandleTimes::kSteps)) {
            break;
        }
        idle.push_back(id);
    }
    for (const AgentId id : idle) {
        match_agent(*floor_.find_agent(id), Occasion::agent_free);
    }
}

bool Turn::match_contact(ContactId id, Occasion occasion, const Agent* free) {
    const Contact& contact = *floor_.find_contact(id);
    const auto chosen = agent_for(contact);
    const Agent* agent = chosen ? floor_.find_agent(*chosen) : nullptr;
    explain(contact, agent, occasion, free);
    if (agent != nullptr) {
        present(id, *agent);
    }
    return agent != nullptr;
}

// The agent takes contacts as long as he is idle. It is the contact's rule that says who gets it,
// and it may name another one, whom a reserve has kept so far.
void Turn::match_agent(const Agent& agent, Occasion occasion) {
    const auto was_tried = [&](ContactId id) {
        return floor_.find_contact(id)->was_tried_by(agent.id);
    };
    const auto has_time = [&](QueueId queue) {
        return !floor_.leaves_too_soon(agent, queue, now_);
    };
    while (agent.is_presentable()) {
        const auto contact = floor_.routing().contact_for(agent, now_, was_tried, has_time);
        // A new configuration has its own limits; otherwise one more idle agent passes one or not.
        const bool may_let_go =
            occasion == Occasion::configured || floor_.routing().passes_a_limit(agent.pool);
        const auto other =
            contact || !may_let_go ? std::nullopt : floor_.routing().first_that_may_go(now_);
        const bool is_presented = contact
                                      ? match_contact(*contact, occasion, &agent)
                                      : other && match_contact(*other, Occasion::reserve_let_go);
        if (!is_presented) {
            return;
        }
    }
}

void Turn::exclude_leaving(const Contact& contact, Reason& reason) const {
    std::uint32_t count = 0;
    for (const AgentId id : leaving(contact)) {
        count += floor_.routing().is_open_to(contact, *floor_.find_agent(id)) ? 1U : 0U;
    }
    if (count > 0) {
        reason.candidates -= count;
        reason.excluded.push_back({kAllPools, ExcludedBy::shift_over, count});
    }
}

// Routing does not know whether he is free; all others who are idle it has counted, him too.
void Turn::admit_preferred(const Contact& contact, Reason& reason) const {
    const auto preferred = contact.preferred.is_set() ? agent_for(contact) : std::nullopt;
    if (!preferred) {
        return;
    }
    ++reason.candidates;
    if (availability(*floor_.find_agent(*preferred)) == Availability::idle) {
        std::erase_if(reason.excluded, [](Exclusion& exclusion) {
            return exclusion.by == ExcludedBy::not_preferred && --exclusion.agents == 0;
        });
    }
}

void Turn::explain(const Contact& contact, const Agent* chosen, Occasion occasion,
                   const Agent* free) {
    if (explaining_ == Explaining::no) {
        return;
    }
    Reason reason = floor_.routing().reason_for(contact, chosen);
    reason.occasion = occasion;
    reason.presentation = chosen == nullptr ? PresentationId{} : floor_.next_presentation();
    reason.contacts = free == nullptr ? 0 : floor_.routing().contacts_for(*free);
    admit_preferred(contact, reason);
    exclude_leaving(contact, reason);
    if (floor_.routing().rests(contact) && reason.candidates > 0) {
        reason.excluded.push_back({kAllPools, ExcludedBy::queue_closed, reason.candidates});
        reason.candidates = 0;
    }
    const auto tried = static_cast<std::uint32_t>(
        std::count_if(contact.tried.begin(), contact.tried.end(), [&](AgentId id) {
            const Agent& agent = *floor_.find_agent(id);
            return agent.is_presentable() && floor_.routing().is_open_to(contact, agent) &&
                   !floor_.leaves_too_soon(agent, contact.queue, now_);
        }));
    if (tried > 0 && tried < reason.candidates) {
        reason.candidates -= tried;
        reason.excluded.push_back({kAllPools, ExcludedBy::tried_before, tried});
    }
    reasons_.push_back(std::move(reason));
    events_before_.push_back(events_.size());
}

void Turn::tell_shortage() {
    for (const QueueId id : floor_.take_touched()) {
        const Queue& queue = *floor_.find_queue(id);
        const std::size_t agents = floor_.routing().count(id, Availability::over_ceiling);
        const auto short_of =
            static_cast<std::uint32_t>(std::min(agents, floor_.routing().waiting_count(id)));
        if (short_of != queue.short_of) {
            emit(QueueShort{id, short_of});
        }
    }
}

}  // namespace lanze::core
