// Commands: everything that can be asked of the floor.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "core/config.h"
#include "core/ids.h"

namespace lanze::core {

// Takes the configuration; things keep their ids by name.
struct Configure {
    Config config;
    friend bool operator==(const Configure&, const Configure&) = default;
};

// A new contact joins a queue. Yields ContactQueued with its id, or ContactBlocked when full.
struct EnterQueue {
    QueueId queue;
    friend bool operator==(const EnterQueue&, const EnterQueue&) = default;
};

// The agent took what was presented.
struct Answer {
    PresentationId presentation;
    friend bool operator==(const Answer&, const Answer&) = default;
};

enum class DeclineReason : std::uint8_t {
    rejected,     // by the agent's own hand (603, the desk)
    busy,         // the phone is in use (486, 600)
    no_answer,    // the phone gave up ringing (408, 480)
    unreachable,  // no sign of life from the phone: not the agent's miss
    failed,       // the call to the phone went wrong (5xx, no common codec ...)
};

struct Decline {
    PresentationId presentation;
    DeclineReason reason = DeclineReason::rejected;
    friend bool operator==(const Decline&, const Decline&) = default;
};

struct Hold {
    ContactId contact;
    friend bool operator==(const Hold&, const Hold&) = default;
};

struct Resume {
    ContactId contact;
    friend bool operator==(const Resume&, const Resume&) = default;
};

enum class EndedBy : std::uint8_t { caller, agent, centre };

// The call is over: the caller gave up or hung up, or the agent hung up.
struct HangUp {
    ContactId contact;
    EndedBy by = EndedBy::caller;
    friend bool operator==(const HangUp&, const HangUp&) = default;
};

enum class CutOffCause : std::uint8_t {
    media_silent,     // no RTP and RTCP for too long
    session_expired,  // RFC 4028
    signalling_lost,  // a request in the dialog found nobody
    restart,          // the process came back and could not know
    centre_closed,    // an orderly stop
    time_limit,       // early media or call length
};

// The call broke; neither side ended it.
struct CutOff {
    ContactId contact;
    CutOffCause cause = CutOffCause::signalling_lost;
    friend bool operator==(const CutOff&, const CutOff&) = default;
};

enum class NotReadyReason : std::uint8_t {
    signed_out,
    break_time,
    meeting,
    training,
    other,
    wrap_up,            // the budget is over; the agent says when to go on
    phone_unreachable,  // nobody's fault; ends when the phone is back
    phone_busy,         // passes by itself
    missed,             // did not answer or rejected
};

struct Ready {
    AgentId agent;
    friend bool operator==(const Ready&, const Ready&) = default;
};

// During a contact it takes effect after it. Reasons a person can choose: break_time … other.
struct NotReady {
    AgentId agent;
    NotReadyReason reason = NotReadyReason::other;
    friend bool operator==(const NotReady&, const NotReady&) = default;
};

// The agent signed in at a desk, or left it.
struct OpenDesk {
    AgentId agent;
    friend bool operator==(const OpenDesk&, const OpenDesk&) = default;
};

struct CloseDesk {
    AgentId agent;
    friend bool operator==(const CloseDesk&, const CloseDesk&) = default;
};

// `outcome` is a short code such as "solved"; at most 64 bytes, may be empty.
struct EndWrapUp {
    AgentId agent;
    std::string outcome;
    friend bool operator==(const EndWrapUp&, const EndWrapUp&) = default;
};

struct PhoneSeen {
    AgentId agent;
    friend bool operator==(const PhoneSeen&, const PhoneSeen&) = default;
};

struct PhoneLost {
    AgentId agent;
    friend bool operator==(const PhoneLost&, const PhoneLost&) = default;
};

// Nothing but the passing of time: settles what is due.
struct AdvanceTime {
    friend bool operator==(const AdvanceTime&, const AdvanceTime&) = default;
};

using Command =
    std::variant<Configure, EnterQueue, Answer, Decline, Hold, Resume, HangUp, CutOff, Ready,
                 NotReady, OpenDesk, CloseDesk, EndWrapUp, PhoneSeen, PhoneLost, AdvanceTime>;

}  // namespace lanze::core
