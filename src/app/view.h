// ViewKeeper: what a wallboard shows: today's counts by queue, and which queues, agents and
// contacts changed since the last look.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "core/event.h"
#include "core/floor.h"
#include "core/measures.h"
#include "core/reason.h"
#include "ports/centre.h"
#include "predict/wait_teller.h"

namespace lanze::app {

class ViewKeeper {
public:
    // `local_offset`: how far local time is ahead of UTC at a moment. `caller_text` of a contact.
    ViewKeeper(const core::Floor& floor, std::function<Duration(Time)> local_offset,
               std::function<std::string_view(core::ContactId)> caller_text);

    // Of numbers outside the floor knows nothing.
    struct Outside {
        std::function<std::optional<ports::OutsideView>(core::ContactId)> of;
        std::function<std::optional<ports::Dialable>()> dialable;
        std::function<std::optional<ports::OwnCallView>(core::AgentId)> own_call_of;
    };
    void show_outside(Outside outside) { outside_ = std::move(outside); }
    // Something that no event tells has changed.
    void touch(core::ContactId contact);

    // Every event, in order, after it was applied; also those of a replay.
    void note(const core::Event& event, Time at);

    // Why contacts went to agents; after their events were noted.
    void explain(const std::vector<core::Reason>& reasons);

    // When waits should be told anew, by tell(): at most once a second, as long as something has
    // happened since or somebody waits. Nothing: not needed.
    std::optional<Time> tells_at() const;
    // Finds anew what callers are told of their waits; what is new is a change.
    void tell(Time now);

    bool has_changes() const;
    ports::View snapshot(std::uint64_t sequence, Time now);
    // What changed since the last call of changes() or snapshot().
    ports::View changes(std::uint64_t sequence, Time now);

private:
    void explain(const core::Reason& reason);
    struct Counts {
        core::TrafficCounts today;  // by entry into the queue; its `waiting` is not used
        std::uint64_t waiting = 0;
        std::uint64_t talking = 0;
        std::set<std::pair<Time, core::ContactId>> unanswered;  // waiting or alerting
    };
    struct Entry {
        core::QueueId queue;
        Time queued;
        Time since;
        bool is_answered = false;
        bool is_of_today = true;
        bool is_counted = true;  // false: a consultation, which is nobody's attempt to reach us
        // Of the last search that found somebody, and whom.
        core::AgentId chosen_agent = {};
        ports::Chosen chosen = {};
        core::ContactId about = {};  // of a consultation
    };

    void start_day(Time at);
    void touch_agent(core::AgentId id);
    bool is_shown(const core::Agent& agent) const;
    void touch_contact(core::ContactId id, Time at);
    void touch_talk(core::ContactId about);
    void on_moved(const core::ContactMoved& event, Time at);
    void on_answered(const core::ContactAnswered& event, Time at);
    void on_ended(const core::ContactEnded& event, Time at);
    void on_completed(const core::TransferCompleted& event, Time at);
    ports::QueueView queue_view(const core::Queue& queue, Time now) const;
    ports::AgentView agent_view(const core::Agent& agent) const;
    ports::ContactView contact_view(const core::Contact& contact) const;
    void add_colleagues(const core::Contact& contact, ports::ContactView& view) const;

    const core::Floor& floor_;
    std::function<Duration(Time)> local_offset_;
    std::function<std::string_view(core::ContactId)> caller_text_;
    Outside outside_{[](core::ContactId) { return std::nullopt; }, [] { return std::nullopt; },
                     [](core::AgentId) { return std::nullopt; }};
    predict::WaitTeller waits_;
    std::optional<Time> told_at_;
    bool is_telling_old_ = false;  // something has happened since
    std::unordered_map<core::QueueId, Counts> counts_;
    std::unordered_map<core::ContactId, Entry> open_;
    std::int64_t day_ = 0;
    std::set<core::QueueId> queues_;
    std::set<core::AgentId> agents_;
    std::set<core::ContactId> contacts_;
    std::set<core::ContactId> gone_;
    bool is_all_changed_ = false;
};

}  // namespace lanze::app
