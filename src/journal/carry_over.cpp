#include "journal/carry_over.h"

#include <algorithm>
#include <ranges>
#include <set>

#include "base/variant.h"

namespace lanze::journal {

void CarryOver::note(const core::Event& event, Time at) {
    Kept kept{++order_, at, event};
    if (std::holds_alternative<core::Configured>(event)) {
        note_configured(std::move(kept));
        return;
    }
    note_contact(event, kept);
    note_wrap_up(event, kept);
    note_queue(event, kept);
    note_agent(event, kept);
}

void CarryOver::note_configured(Kept kept) {
    const auto& fresh = std::get<core::Configured>(kept.event);
    const std::set<core::QueueId> queues(fresh.queue_ids.begin(), fresh.queue_ids.end());
    const std::set<core::AgentId> agents(fresh.agent_ids.begin(), fresh.agent_ids.end());
    std::erase_if(configured_, [&](const Kept& old) {
        const auto& event = std::get<core::Configured>(old.event);
        return std::all_of(event.queue_ids.begin(), event.queue_ids.end(),
                           [&](core::QueueId id) { return queues.contains(id); }) &&
               std::all_of(event.agent_ids.begin(), event.agent_ids.end(),
                           [&](core::AgentId id) { return agents.contains(id); });
    });
    configured_.push_back(std::move(kept));
}

// A queue's id must not be given to another one, so every queue that ever was stays. An agent who
// has left stays only while he is in a contact.
std::vector<CarryOver::Kept> CarryOver::configurations() const {
    std::vector<Kept> result;
    std::set<core::QueueId> queues;
    std::set<core::AgentId> agents;
    for (Kept kept : std::ranges::reverse_view(configured_)) {
        auto& event = std::get<core::Configured>(kept.event);
        std::vector<core::AgentConfig> configs;
        std::vector<core::AgentId> ids;
        for (std::size_t i = 0; i < event.agent_ids.size(); ++i) {
            const core::AgentId id = event.agent_ids[i];
            const auto state = agents_.find(id);
            const bool is_busy =
                (state != agents_.end() && state->second.contact.is_set()) || has_written(id);
            if ((result.empty() || is_busy) && agents.insert(id).second) {
                configs.push_back(event.config.agents[i]);
                ids.push_back(id);
            }
        }
        bool is_needed = result.empty() || !ids.empty();
        for (const core::QueueId id : event.queue_ids) {
            is_needed = queues.insert(id).second || is_needed;
        }
        event.config.agents = std::move(configs);
        event.agent_ids = std::move(ids);
        if (is_needed) {
            result.push_back(std::move(kept));
        }
    }
    return result;
}

template <typename Change>
void CarryOver::change(core::ContactId contact, Change&& change) {
    const auto place = contacts_.find(contact);
    if (place != contacts_.end()) {
        change(place->second);
    }
}

void CarryOver::note_contact(const core::Event& event, const Kept& kept) {
    match(
        event,
        [&](const core::ContactQueued& queued) {
            contacts_[queued.contact].queued = kept;
            contacts_[queued.contact].is_written =
                core::medium_of(queued.channel) != core::Medium::call;
            newest_contact_ = kept;
        },
        [&](const core::Dialled& dialled) {
            contacts_[dialled.contact].queued = kept;
            contacts_[dialled.contact].answered = kept;
            // Of one that is over only the number counts, and nobody is busy with it.
            core::ContactQueued number{dialled.contact, dialled.queue};
            number.channel = core::Channel::own_call;
            newest_contact_ = {kept.order, kept.at, std::move(number)};
        },
        [&](const core::ContactPresented& presented) {
            change(presented.contact, [&](ContactState& state) { state.presented = kept; });
        },
        [&](const core::PresentationEnded& ended) {
            change(ended.contact, [&](ContactState& state) { state.presented.reset(); });
        },
        [&](const core::ContactAnswered& answered) {
            change(answered.contact, [&](ContactState& state) { state.answered = kept; });
        },
        [&](const core::ContactHeld& held) {
            change(held.contact, [&](ContactState& state) { state.held = kept; });
        },
        [&](const core::ContactResumed& resumed) {
            change(resumed.contact, [&](ContactState& state) { state.held.reset(); });
        },
        [&](const core::NeedsChanged& changed) {
            change(changed.contact, [&](ContactState& state) { state.needs = kept; });
        },
        [&](const core::ContactMoved& moved) {
            change(moved.contact, [&](ContactState& state) { state.moved = kept; });
        },
        [&](const core::ContactPrioritised& contact) {
            change(contact.contact, [&](ContactState& state) { state.priority = kept; });
        },
        [&](const core::CallbackRequested& requested) {
            change(requested.contact, [&](ContactState& state) { state.callback = kept; });
        },
        [&](const core::MessageLeft& left) {
            change(left.contact, [&](ContactState& state) {
                state.message = kept;
                state.is_written = true;
            });
        },
        [&](const core::ConsultationJoined& joined) {
            change(joined.contact, [&](ContactState& state) { state.joined = kept; });
        },
        [&](const core::TransferCompleted& completed) {
            change(completed.contact, [&](ContactState& state) { state.completed = kept; });
        },
        [&](const core::ContactEnded& ended) {
            change(ended.contact, [&](ContactState& state) { state.ended = kept; });
            const auto place = contacts_.find(ended.contact);
            if (place != contacts_.end() && !place->second.answered) {
                contacts_.erase(place);
            }
        },
        [](const auto&) {});
}

void CarryOver::note_wrap_up(const core::Event& event, const Kept& kept) {
    match(
        event,
        [&](const core::WrapUpStarted& started) {
            change(started.contact, [&](ContactState& state) {
                state.wrap_up = state.is_written ? std::optional(kept) : std::nullopt;
            });
        },
        [&](const core::WrapUpExtended& extended) {
            change(extended.contact, [&](ContactState& state) { state.extended = kept; });
        },
        [&](const core::WrapUpEnded& ended) {
            const auto place = contacts_.find(ended.contact);
            if (place != contacts_.end() && place->second.is_written) {
                contacts_.erase(place);
                agents_[ended.agent].freed = kept;
            }
        },
        [](const auto&) {});
}

void CarryOver::note_queue(const core::Event& event, const Kept& kept) {
    match(
        event, [&](const core::HoursSet& hours) { queues_[hours.queue].hours = kept; },
        [&](const core::QueueOpened& opened) {
            queues_[opened.queue].is_open = kept;
            queues_[opened.queue].rest.reset();
        },
        [&](const core::QueueClosed& closed) { queues_[closed.queue].is_open = kept; },
        [&](const core::RestServed& rest) { queues_[rest.queue].rest = kept; }, [](const auto&) {});
}

bool CarryOver::has_written(core::AgentId agent) const {
    return std::any_of(contacts_.begin(), contacts_.end(), [&](const auto& entry) {
        const ContactState& state = entry.second;
        const auto& with = state.answered ? state.answered : state.presented;
        return state.is_written && with &&
               match(
                   with->event,
                   [&](const core::ContactAnswered& event) { return event.agent == agent; },
                   [&](const core::ContactPresented& event) { return event.agent == agent; },
                   [](const auto&) { return false; });
    });
}

// The agent is idle, resting or not ready: whatever he had before is over.
void CarryOver::settle(core::AgentId agent, const Kept& kept) {
    AgentState& state = agents_[agent];
    state.activity = kept;
    state.wrap_up.reset();
    state.freed.reset();
    const auto place = contacts_.find(state.contact);
    if (place != contacts_.end() && place->second.ended) {
        contacts_.erase(place);
    }
    state.contact = {};
}

void CarryOver::note_agent(const core::Event& event, const Kept& kept) {
    match(
        event,
        [&](const core::ContactPresented& presented) {
            const auto place = contacts_.find(presented.contact);
            if (place == contacts_.end() || !place->second.is_written) {
                agents_[presented.agent].contact = presented.contact;
            }
        },
        [&](const core::Dialled& dialled) { agents_[dialled.agent].contact = dialled.contact; },
        [&](const core::AgentReady& ready) {
            settle(ready.agent, kept);
            agents_[ready.agent].wish = kept;
        },
        [&](const core::AgentNotReady& not_ready) {
            settle(not_ready.agent, kept);
            if (not_ready.reason != core::NotReadyReason::phone_unreachable) {
                agents_[not_ready.agent].wish = kept;
            }
        },
        [&](const core::AgentRests& rests) { settle(rests.agent, kept); },
        [&](const core::AgentWishNoted& wish) { agents_[wish.agent].wish = kept; },
        [&](const core::WrapUpStarted& started) {
            if (agents_[started.agent].contact == started.contact) {
                agents_[started.agent].wrap_up = kept;
            }
        },
        [&](const core::DeskOpened& desk) { agents_[desk.agent].desk = kept; },
        [&](const core::DeskClosed& desk) { agents_[desk.agent].desk = kept; },
        [&](const core::PhoneFound& phone) { agents_[phone.agent].phone = kept; },
        [&](const core::PhoneMissing& phone) { agents_[phone.agent].phone = kept; },
        [](const auto&) {});
}

std::vector<ports::Decision> CarryOver::decisions() const {
    std::map<std::uint64_t, const Kept*> ordered;
    const auto keep = [&](const std::optional<Kept>& kept) {
        if (kept) {
            ordered[kept->order] = &*kept;
        }
    };
    // Configurations go first: what is kept of an agent may be older than the one that names him.
    std::vector<Kept> configured = configurations();
    std::reverse(configured.begin(), configured.end());
    std::set<core::AgentId> known;
    for (const Kept& kept : configured) {
        const auto& ids = std::get<core::Configured>(kept.event).agent_ids;
        known.insert(ids.begin(), ids.end());
    }
    for (const auto& [id, agent] : agents_) {
        if (!known.contains(id)) {
            continue;  // has left, and nothing of his is open
        }
        keep(agent.wish);
        keep(agent.activity);
        keep(agent.desk);
        keep(agent.phone);
        keep(agent.wrap_up);
        keep(agent.freed);
    }
    for (const auto& [id, queue] : queues_) {
        keep(queue.hours);
        keep(queue.is_open);
        keep(queue.rest);
    }
    for (const auto& [id, contact] : contacts_) {
        ordered[contact.queued.order] = &contact.queued;
        keep(contact.moved);
        keep(contact.needs);
        keep(contact.priority);
        keep(contact.callback);
        keep(contact.message);
        keep(contact.joined);
        keep(contact.completed);
        keep(contact.presented);
        keep(contact.answered);
        keep(contact.held);
        keep(contact.ended);
        keep(contact.wrap_up);
        keep(contact.extended);
    }
    const core::ContactId newest =
        newest_contact_ ? std::get<core::ContactQueued>(newest_contact_->event).contact
                        : core::ContactId{};
    const bool is_newest_over = newest.is_set() && !contacts_.contains(newest);
    if (is_newest_over) {
        keep(newest_contact_);
    }
    std::vector<ports::Decision> result;
    result.reserve(configured.size() + ordered.size());
    for (const Kept& kept : configured) {
        result.push_back({kept.at, core::AdvanceTime{}, {kept.event}, {}});
    }
    for (const auto& [order, kept] : ordered) {
        result.push_back({kept->at, core::AdvanceTime{}, {kept->event}, {}});
    }
    if (is_newest_over) {
        const core::ContactEnded over{newest, core::ContactEnd::abandoned, core::EndedBy::caller};
        result.push_back({result.back().at, core::AdvanceTime{}, {over}, {}});
    }
    return result;
}

}  // namespace lanze::journal
