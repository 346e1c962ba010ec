// Contact: one customer's attempt to reach the centre, as the floor sees it.
#pragma once

#include <algorithm>
#include <variant>
#include <vector>

#include "base/time.h"
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

struct Contact {
    ContactId id;
    QueueId queue;
    Time queued;  // its rank; kept when a presentation fails
    std::variant<Waiting, Presented, Connected> state;
    std::vector<AgentId> tried;  // presented to already, without success

    bool was_tried_by(AgentId agent) const {
        return std::find(tried.begin(), tried.end(), agent) != tried.end();
    }
    friend bool operator==(const Contact&, const Contact&) = default;
};

}  // namespace lanze::core
