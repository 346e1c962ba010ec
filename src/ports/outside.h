// Outside: a number outside the centre that an agent calls about his contact, as the edge and the
// API see it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/ids.h"

namespace lanze::ports {

enum class OutsideState : std::uint8_t { calling, ringing, talking, ended };

// How it ended, or why nothing came of it.
enum class OutsideEnd : std::uint8_t {
    by_us,           // an agent or the caller hung up
    by_them,         // who was called hung up
    busy,            // 486, 600
    no_answer,       // in time, or by the phone's own word
    rejected,        // 403, 603
    unknown_number,  // 404, 410, 484, 604
    failed,          // no way there, or no sound in common
    too_long,        // the longest time that is configured was over
};

// What numbers may begin with, and what they must not; "+49" and the like.
struct Dialable {
    std::vector<std::string> allowed;
    std::vector<std::string> forbidden;
    friend bool operator==(const Dialable&, const Dialable&) = default;
};

// What the desk shows of it.
struct OutsideView {
    std::string number;
    OutsideState state = OutsideState::calling;
    bool is_joined = false;         // talks with the caller, too
    std::optional<OutsideEnd> end;  // if it has ended
    friend bool operator==(const OutsideView&, const OutsideView&) = default;
};

// What an agent calls a number for.
enum class DialFor : std::uint8_t {
    consultation,  // he talks with whom he called, while the caller hears music
    transfer,      // he gives the caller away, who hears that it rings there
};

// What he does with who was called.
enum class OutsideStep : std::uint8_t { join, complete, end };

// Whom an agent calls of his own accord: one of the three.
struct OwnCallTarget {
    core::AgentId agent = {};
    core::QueueId queue = {};  // whoever of it is free
    std::string number = {};   // as he wrote it
    friend bool operator==(const OwnCallTarget&, const OwnCallTarget&) = default;
};

// The last call of his own accord.
struct OwnCallView {
    std::string to;                 // a name, or the number as it is dialled
    std::optional<OutsideEnd> end;  // unset: it goes on
    friend bool operator==(const OwnCallView&, const OwnCallView&) = default;
};

// For the log: each call to a number outside, when it begins and when it is over.
struct OutsideNews {
    core::AgentId agent;
    core::ContactId contact;
    std::string number;
    DialFor dialled_for = DialFor::consultation;
    std::optional<OutsideEnd> end;   // unset: it begins
    std::optional<Duration> talked;  // if it was answered
    friend bool operator==(const OutsideNews&, const OutsideNews&) = default;
};

}  // namespace lanze::ports
