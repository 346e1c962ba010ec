#include "core/measures.h"

#include <algorithm>

#include "base/variant.h"
#include "core/skills.h"

namespace lanze::core {

std::optional<std::size_t> IntervalGrid::index_of(Time time) const {
    if (size() == 0 || time < bounds_.front() || time >= bounds_.back()) {
        return std::nullopt;
    }
    const auto after = std::upper_bound(bounds_.begin(), bounds_.end(), time);
    return static_cast<std::size_t>(after - bounds_.begin()) - 1;
}

std::optional<Duration> wait_of(const ContactRecord& record) {
    if (record.answered) {
        return *record.answered - record.queued;
    }
    return record.ended == Time{} ? std::nullopt : std::optional(record.ended - record.queued);
}

std::optional<Duration> handle_time_of(const ContactRecord& finished) {
    if (!finished.answered) {
        return std::nullopt;
    }
    return finished.wrap_up_ended.value_or(finished.ended) - *finished.answered;
}

void TrafficCounts::add(const ContactRecord& finished, const ServiceLevel& level) {
    add_open(finished, level);
    if (const auto time = handle_time_of(finished)) {
        handle_time.add(*time);
    }
}

void TrafficCounts::add_open(const ContactRecord& record, const ServiceLevel& level) {
    ++offered;
    const auto wait = wait_of(record);
    if (record.answered) {
        note_answer(*wait, level);
    } else if (wait) {
        note_end(record.end, *wait, level);
    } else {
        ++waiting;
    }
}

void TrafficCounts::note_answer(Duration wait, const ServiceLevel& level) {
    wait_max = std::max(wait_max, wait);
    ++answered;
    answered_within += wait <= level.within ? 1U : 0U;
    answer_delay.add(wait);
}

void TrafficCounts::note_end(ContactEnd end, Duration wait, const ServiceLevel& level) {
    wait_max = std::max(wait_max, wait);
    switch (end) {
        case ContactEnd::cut_off:
            ++cut_off;
            return;
        case ContactEnd::closed:
            ++diverted;
            return;
        case ContactEnd::abandoned:
        case ContactEnd::finished:     // cannot be without an answer
        case ContactEnd::not_reached:  // likewise
        case ContactEnd::transferred:  // likewise
            ++abandoned;
            abandoned_within += wait <= level.within ? 1U : 0U;
            short_abandons += wait < level.short_abandon ? 1U : 0U;
            return;
    }
}

void TrafficCounts::add(const DivertedRecord& record) {
    ++offered;
    ++diverted;
    wait_max = std::max(wait_max, record.left - record.queued);
}

void TrafficCounts::add(const TrafficCounts& other) {
    offered += other.offered;
    answered += other.answered;
    abandoned += other.abandoned;
    diverted += other.diverted;
    cut_off += other.cut_off;
    waiting += other.waiting;
    blocked += other.blocked;
    answered_within += other.answered_within;
    abandoned_within += other.abandoned_within;
    short_abandons += other.short_abandons;
    answer_delay.add(other.answer_delay);
    handle_time.add(other.handle_time);
    wait_max = std::max(wait_max, other.wait_max);
}

Ratio service_level(const TrafficCounts& counts, ServiceLevelDefinition definition) {
    switch (definition) {
        case ServiceLevelDefinition::answered_within_per_offered_less_short:
            return {counts.answered_within, counts.offered - counts.short_abandons};
        case ServiceLevelDefinition::answered_within_per_offered:
            return {counts.answered_within, counts.offered};
        case ServiceLevelDefinition::answered_within_per_answered:
            return {counts.answered_within, counts.answered};
        case ServiceLevelDefinition::answered_or_abandoned_within_per_offered:
            return {counts.answered_within + counts.abandoned_within, counts.offered};
    }
    return {};
}

void AgentTimeKeeper::tell(AgentId agent, const Doing& doing, Time at) {
    if (doing.activity && at > doing.since) {
        tell_({agent, *doing.activity, doing.since, at});
    }
}

template <typename Change>
void AgentTimeKeeper::change(AgentId agent, Time at, Change&& change) {
    Doing& doing = doing_[agent];
    change(doing);
    std::optional<AgentActivity> activity;
    for (const AgentActivity each :
         {AgentActivity::alerting, AgentActivity::wrap_up, AgentActivity::talking}) {
        const bool has = std::any_of(doing.contacts.begin(), doing.contacts.end(),
                                     [&](const auto& contact) { return contact.second == each; });
        activity = has ? each : activity;
    }
    if (!activity && doing.is_ready) {
        activity = AgentActivity::ready;
    }
    if (activity != doing.activity) {
        tell(agent, doing, at);
        doing.activity = activity;
        doing.since = at;
    }
}

void AgentTimeKeeper::have(AgentId agent, ContactId contact, AgentActivity activity, Time at) {
    change(agent, at, [&](Doing& doing) {
        doing.contacts[contact] = activity;
        doing.is_ready = doing.is_ready && written_.contains(contact);
    });
}

void AgentTimeKeeper::part(AgentId agent, ContactId contact, Time at) {
    change(agent, at, [&](Doing& doing) { doing.contacts.erase(contact); });
}

void AgentTimeKeeper::note(const Event& event, Time at) {
    const auto set_ready = [&](AgentId agent, bool is_ready) {
        change(agent, at, [&](Doing& doing) {
            doing.is_ready = is_ready;
            // He is in no call; one may have begun before this keeper saw anything.
            std::erase_if(doing.contacts,
                          [&](const auto& each) { return !written_.contains(each.first); });
        });
    };
    match(
        event,
        [&](const ContactQueued& queued) {
            if (medium_of(queued.channel) != Medium::call) {
                written_.insert(queued.contact);
            }
        },
        [&](const MessageLeft& left) { written_.insert(left.contact); },
        [&](const AgentReady& ready) { set_ready(ready.agent, true); },
        [&](const AgentNotReady& not_ready) { set_ready(not_ready.agent, false); },
        [&](const AgentRests& rests) { set_ready(rests.agent, false); },
        [&](const ContactPresented& presented) {
            have(presented.agent, presented.contact, AgentActivity::alerting, at);
        },
        [&](const PresentationEnded& ended) { part(ended.agent, ended.contact, at); },
        [&](const ContactAnswered& answered) {
            have(answered.agent, answered.contact, AgentActivity::talking, at);
            talking_[answered.contact] = answered.agent;
        },
        [&](const Dialled& dialled) {
            have(dialled.agent, dialled.contact, AgentActivity::talking, at);
            talking_[dialled.contact] = dialled.agent;
        },
        [&](const ContactEnded& ended) {
            const auto place = talking_.find(ended.contact);
            if (place == talking_.end()) {
                written_.erase(ended.contact);
                return;
            }
            if (!written_.contains(ended.contact)) {
                part(place->second, ended.contact, at);
            }
            talking_.erase(place);
        },
        [&](const WrapUpStarted& started) {
            have(started.agent, started.contact, AgentActivity::wrap_up, at);
        },
        [&](const WrapUpEnded& ended) {
            part(ended.agent, ended.contact, at);
            written_.erase(ended.contact);
        },
        [](const auto&) {});  // changes nobody's activity
}

void AgentTimeKeeper::cut(Time at) {
    for (auto& [agent, doing] : doing_) {
        tell(agent, doing, at);
        doing.since = std::max(doing.since, at);
    }
}

void AgentTimeKeeper::cut(AgentId agent, Time at) {
    if (const auto doing = doing_.find(agent); doing != doing_.end()) {
        tell(agent, doing->second, at);
        doing->second.since = std::max(doing->second.since, at);
    }
}

void AgentTimeKeeper::forget(Time at) {
    cut(at);
    doing_.clear();
    talking_.clear();
    written_.clear();
}

Ratio Occupancy::ratio() const {
    return {static_cast<std::uint64_t>(handling.count()),
            static_cast<std::uint64_t>((handling + ready).count())};
}

void Occupancy::add(const Occupancy& other) {
    handling += other.handling;
    ready += other.ready;
    agents.insert(other.agents.begin(), other.agents.end());
}

bool serves(const AgentConfig& agent, const QueueConfig& queue) {
    return fulfils(agent.skills, queue.needs);
}

void OccupancyTable::note(const Event& event, Time at) {
    if (const auto* configured = std::get_if<Configured>(&event)) {
        keeper_.cut(at);  // time so far counts for the queues served so far
        configure(*configured);
    }
    keeper_.note(event, at);
}

void OccupancyTable::configure(const Configured& event) {
    served_.clear();
    for (std::size_t i = 0; i < event.agent_ids.size(); ++i) {
        std::vector<QueueId>& queues = served_[event.agent_ids[i]];
        for (std::size_t j = 0; j < event.queue_ids.size(); ++j) {
            if (serves(event.config.agents[i], event.config.queues[j])) {
                queues.push_back(event.queue_ids[j]);
            }
        }
    }
}

void OccupancyTable::add(const AgentSpan& span) {
    const auto served = served_.find(span.agent);
    if (served == served_.end() || grid_.size() == 0) {
        return;
    }
    const bool is_handling =
        span.activity == AgentActivity::talking || span.activity == AgentActivity::wrap_up;
    std::size_t interval =
        grid_.index_of(std::max(span.from, grid_.start(0))).value_or(grid_.size());
    for (; interval < grid_.size() && grid_.start(interval) < span.to; ++interval) {
        const Duration time =
            std::min(span.to, grid_.end(interval)) - std::max(span.from, grid_.start(interval));
        for (const QueueId queue : served->second) {
            Occupancy& cell = cells_[{queue, interval}];
            (is_handling ? cell.handling : cell.ready) += time;
            cell.agents.insert(span.agent);
        }
    }
}

const Occupancy& OccupancyTable::of(QueueId queue, std::size_t interval) const {
    static const Occupancy none;
    const auto place = cells_.find({queue, interval});
    return place == cells_.end() ? none : place->second;
}

}  // namespace lanze::core
