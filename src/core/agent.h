// Agent: a person who handles contacts, as the floor sees him.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "core/command.h"
#include "core/duty.h"
#include "core/event.h"
#include "core/ids.h"
#include "core/load_window.h"

namespace lanze::core {

// No contact; open to contacts if the agent's own wish and his phone allow it.
struct Idle {
    Time since;
    friend bool operator==(const Idle&, const Idle&) = default;
};

// Not ready for a short while after a miss or because the phone is in use; ends by itself.
struct Resting {
    NotReadyReason reason = NotReadyReason::missed;
    Time since;
    Time until;
    friend bool operator==(const Resting&, const Resting&) = default;
};

struct Alerting {
    ContactId contact;
    PresentationId presentation;
    Time since;
    Time until;
    Time idle_since;  // given back if the contact is withdrawn: a lost caller costs nobody his turn
    friend bool operator==(const Alerting&, const Alerting&) = default;
};

struct Talking {
    ContactId contact;
    Time since;
    friend bool operator==(const Talking&, const Talking&) = default;
};

struct WrapUp {
    ContactId contact;
    Time since;
    Time until;
    bool is_extended = false;
    friend bool operator==(const WrapUp&, const WrapUp&) = default;
};

// Between two events of one command only: free, what comes next is decided now.
struct Released {
    std::optional<Time> idle_since;  // the turn he had before, if he keeps it
    friend bool operator==(const Released&, const Released&) = default;
};

// A chat or message that the agent has, beside others and beside a call.
struct Written {
    enum class Phase : std::uint8_t { alerting, talking, wrap_up };
    ContactId contact;
    QueueId queue;
    Medium medium = Medium::chat;
    Phase phase = Phase::alerting;
    PresentationId presentation;
    Time since;                 // of the phase
    std::optional<Time> until;  // alerting or wrap-up ends by itself
    bool is_extended = false;   // the wrap-up
    Duration talked{};          // once it is over
    friend bool operator==(const Written&, const Written&) = default;
};

using Activity = std::variant<Idle, Resting, Alerting, Talking, WrapUp, Released>;

// What routing makes of an agent; each agent is one of these at a time.
enum class Availability : std::uint8_t {
    idle,          // contacts can be presented
    has_room,      // has chats or messages; others can be presented
    over_ceiling,  // ready, but withheld by the charter
    break_due,     // likewise
    shift_over,    // likewise
    alerting,
    talking,
    wrap_up,
    resting,
    not_ready,
    phone_unreachable,
    signed_out,
};
inline constexpr std::size_t kAvailabilities = 12;

struct Shift {
    Time begin;
    Time end;
    friend bool operator==(const Shift&, const Shift&) = default;
};

// A contact that is over, of which the wrap-up may still be going on.
struct Handled {
    QueueId queue;
    Duration time{};
    friend bool operator==(const Handled&, const Handled&) = default;
};

struct Agent {
    AgentId id;
    AgentConfig config;
    std::size_t pool = 0;     // index of the agents who are alike for routing
    bool is_retired = false;  // no longer in the configuration
    bool has_desk = false;
    bool is_reachable = true;
    std::optional<NotReadyReason> closed_for;  // the agent's own wish; nothing: open to contacts
    std::uint32_t misses = 0;                  // in a row
    Activity activity;                         // but for chats and messages
    std::vector<Written> written;              // in the order they were presented
    bool wants_breather = false;               // after the contact
    std::optional<WithheldBy> withheld;        // only while ready
    std::optional<Time> withheld_until;        // if it passes by itself
    LoadWindow load;
    std::optional<Time> handles_since;  // talking or in wrap-up, without a gap
    Duration load_when_idle{};          // handled in the hour before he became idle
    Duty duty;
    std::optional<Shift> shift;
    std::optional<Handled> handled;  // until he is free

    bool wants_contacts() const { return !closed_for && is_reachable && !is_retired; }
    // In no call and open to contacts; may have chats and messages.
    bool is_ready() const { return std::holds_alternative<Idle>(activity) && wants_contacts(); }
    WrittenCount written_count() const;
    bool has_room_for(Medium medium) const {
        return has_room(config.capacity, written_count(), medium);
    }
    // Something can be presented to him now, for which he has room.
    bool is_presentable() const;
    bool is_handling() const;
    const Written* find_written(ContactId contact) const;
    // At work: ready, alerting, talking or in wrap-up.
    bool is_signed_on() const {
        return is_ready() || !written.empty() ||
               !(std::holds_alternative<Idle>(activity) ||
                 std::holds_alternative<Resting>(activity));
    }
    friend bool operator==(const Agent&, const Agent&) = default;
};

Availability availability(const Agent& agent);

// Why an agent without a contact is not ready; nothing if he is, or has one.
std::optional<NotReadyReason> not_ready_reason(const Agent& agent);
// When the present activity began, and when it ends by itself.
Time activity_since(const Agent& agent);
std::optional<Time> activity_until(const Agent& agent);
// The call alerting, talked to or wrapped up; unset if none.
ContactId contact_of(const Agent& agent);

}  // namespace lanze::core
