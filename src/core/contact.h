// Contact: one customer's attempt to reach the centre, as the floor sees it.
#pragma once

#include <algorithm>
#include <variant>
#include <vector>

#include "base/time.h"
#include "core/config.h"
#include "core/ids.h"

namespace lanze::core {

struct Waiting {
    friend bool operator==(const Waiting&, const Waiting&) = default;
};

struct Presented {
    AgentId agent;
    PresentationId presentation;
    Time since;
    friend bool operator==(const Presented&, const Presented&) = default;
};

struct Connected {
    AgentId agent;
    Time since;
    bool is_on_hold = false;
    friend bool operator==(const Connected&, const Connected&) = default;
};

// Where routing keeps a contact that waits; says nothing about the contact itself.
struct RoutingPlace {
    std::uint32_t line = 0;
    friend bool operator==(const RoutingPlace&, const RoutingPlace&) { return true; }
};

struct Contact {
    ContactId id;
    Time queued;  // its rank; kept when a presentation fails
    QueueId queue;
    std::uint8_t priority = kPriorityNormal;
    std::uint8_t step = 0;       // of widening; 0: the queue's own needs
    bool is_overdue = false;     // beyond the starvation bound
    std::uint8_t overflows = 0;  // of the queue's that are behind it
    Channel channel = Channel::voice;
    bool is_joined = false;  // of a consultation: it is part of a conference
    AgentId preferred;       // waits for him alone, for the queue's `preferred_for`
    RoutingPlace place;
    Time entered;  // this queue
    std::variant<Waiting, Presented, Connected> state;
    std::vector<AgentId> tried;  // presented to already, without success
    Skills needs;                // its own, beside the queue's

    Medium medium() const { return medium_of(channel); }
    bool is_consultation() const { return channel == Channel::consultation; }
    bool is_own_call() const { return channel == Channel::own_call; }
    bool was_tried_by(AgentId agent) const {
        return std::find(tried.begin(), tried.end(), agent) != tried.end();
    }
    friend bool operator==(const Contact&, const Contact&) = default;
};

}  // namespace lanze::core
