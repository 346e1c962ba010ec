// CarryOver: what the present still rests on of events that are about to be forgotten.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/event.h"
#include "ports/journal.h"

namespace lanze::journal {

// When a day's key is shredded its events can no longer be told from whom they were, so the floor
// could not be rebuilt from them. CarryOver reads all events in order and keeps those that a floor
// needs to stand where it stands: the configurations whose queues are the last of their name, the
// contacts still open, and of each agent the last wish, activity, desk and phone. Widening and the
// starvation bound follow anew from a contact's time in the queue. Forgotten are whom an open
// contact was presented to in vain, how often an agent missed in a row, what the charter counts of
// the hours before, shifts that old, and how far the
// numbering of presentations had come (those still open keep theirs).
class CarryOver {
public:
    void note(const core::Event& event, Time at);
    // One decision per kept event, in order; the command is AdvanceTime.
    std::vector<ports::Decision> decisions() const;

private:
    struct Kept {
        std::uint64_t order = 0;
        Time at;
        core::Event event;
    };
    struct AgentState {
        std::optional<Kept> wish;      // AgentReady, AgentNotReady by own word, AgentWishNoted
        std::optional<Kept> activity;  // AgentReady, AgentNotReady, AgentRests
        std::optional<Kept> desk;
        std::optional<Kept> phone;
        core::ContactId contact;  // the call: alerting, talking or in wrap-up
        std::optional<Kept> wrap_up;
        std::optional<Kept> freed;  // WrapUpEnded of a chat or message since
    };
    struct ContactState {
        Kept queued;
        std::optional<Kept> moved;     // to the queue it is in
        std::optional<Kept> needs;     // changed since
        std::optional<Kept> priority;  // changed since
        std::optional<Kept> presented;
        std::optional<Kept> answered;
        std::optional<Kept> held;
        std::optional<Kept> callback;
        std::optional<Kept> message;
        std::optional<Kept> joined;     // of a consultation, as the next
        std::optional<Kept> completed;  // it took the caller over
        std::optional<Kept> ended;
        std::optional<Kept> wrap_up;   // of a chat or message; a call's is the agent's
        std::optional<Kept> extended;  // the wrap-up, of either
        bool is_written = false;
    };
    struct QueueState {
        std::optional<Kept> hours;
        std::optional<Kept> is_open;  // QueueOpened, QueueClosed
        std::optional<Kept> rest;     // RestServed, until it opens
    };
    void note_configured(Kept kept);
    // The newest configuration, and of older ones the queues and busy agents in none since.
    std::vector<Kept> configurations() const;
    void note_contact(const core::Event& event, const Kept& kept);
    template <typename Change>
    void change(core::ContactId contact, Change&& change);
    void note_wrap_up(const core::Event& event, const Kept& kept);
    void note_queue(const core::Event& event, const Kept& kept);
    void note_agent(const core::Event& event, const Kept& kept);
    void settle(core::AgentId agent, const Kept& kept);
    bool has_written(core::AgentId agent) const;

    std::uint64_t order_ = 0;
    std::vector<Kept> configured_;
    std::map<core::AgentId, AgentState> agents_;
    std::map<core::QueueId, QueueState> queues_;
    std::unordered_map<core::ContactId, ContactState> contacts_;
    std::optional<Kept> newest_contact_;  // keeps its number from being given again
};

}  // namespace lanze::journal
