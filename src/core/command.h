// Commands: everything that can be asked of the floor.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
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
    Skills needs = {};          // its own, beside the queue's: concern, language
    std::uint8_t priority = 0;  // 1 to 9; 0: the queue's
    // Who helped last, or was asked for. Others come only when he has not become free in the
    // queue's `preferred_for`, or at once if he is not at work. Unset: nobody.
    AgentId preferred = {};
    Channel channel = Channel::voice;
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
    breather,           // after a hard contact, at the agent's own word; passes by itself
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

// `outcome` is a short code such as "solved"; at most 64 bytes, may be empty. Without a contact the
// call is meant or, if none is in wrap-up, the chat or message that has been in it longest.
struct EndWrapUp {
    AgentId agent;
    std::string outcome;
    ContactId contact = {};
    friend bool operator==(const EndWrapUp&, const EndWrapUp&) = default;
};

// The agent needs his wrap-up budget once more; only once for a contact. Which contact is meant as
// for EndWrapUp.
struct ExtendWrapUp {
    AgentId agent;
    ContactId contact = {};
    friend bool operator==(const ExtendWrapUp&, const ExtendWrapUp&) = default;
};

// At the agent's own word, any time he is at work: nothing is presented for Charter::breather. In
// a contact it takes effect after it.
struct TakeBreather {
    AgentId agent;
    friend bool operator==(const TakeBreather&, const TakeBreather&) = default;
};

// The contact's own needs from now on; only while it waits.
struct ChangeNeeds {
    ContactId contact;
    Skills needs;
    friend bool operator==(const ChangeNeeds&, const ChangeNeeds&) = default;
};

// 1 to 9, 1 goes first; only while it waits.
struct Prioritise {
    ContactId contact;
    std::uint8_t priority = kPriorityNormal;
    friend bool operator==(const Prioritise&, const Prioritise&) = default;
};

// A supervisor presents a waiting contact to a ready agent, whatever his skills. What the charter
// withholds stays withheld.
struct Assign {
    ContactId contact;
    AgentId agent;
    friend bool operator==(const Assign&, const Assign&) = default;
};

// A break of at least `length` that begins at `from`, or when the contact of that moment is over.
struct PlannedBreak {
    Time from;
    Duration length = minutes(15);
    friend bool operator==(const PlannedBreak&, const PlannedBreak&) = default;
};

// When the agent works; takes the place of what was planned before. `end` not after `begin`: no
// shift. Breaks in order of time, at most kPlannedBreaksMax.
struct PlanShift {
    AgentId agent;
    Time begin;
    Time end;
    std::vector<PlannedBreak> breaks = {};
    friend bool operator==(const PlanShift&, const PlanShift&) = default;
};
inline constexpr std::size_t kPlannedBreaksMax = 16;

// The contact goes on waiting in another queue, with its rank.
struct MoveContact {
    ContactId contact;
    QueueId queue;
    friend bool operator==(const MoveContact&, const MoveContact&) = default;
};

// The caller gives up the line and keeps the place: he is called when it is his turn. Only while a
// call waits.
struct RequestCallback {
    ContactId contact;
    friend bool operator==(const RequestCallback&, const RequestCallback&) = default;
};

// The caller gives up the line and leaves a message, which waits in his place. Only while a call or
// callback waits.
struct LeaveMessage {
    ContactId contact;
    friend bool operator==(const LeaveMessage&, const LeaveMessage&) = default;
};

// The agent gives the contact away, unseen: to a queue (unset: the one it is in), or to one agent
// at work, others coming only after the queue's `preferred_for`. A new contact follows it, which
// has waited as long as this one had; the agent who gives it away comes last for it.
struct Transfer {
    ContactId contact;
    QueueId queue = {};
    AgentId agent = {};
    friend bool operator==(const Transfer&, const Transfer&) = default;
};

// The agent asks a colleague, of a queue or by name as for Transfer, while the contact is held. One
// at a time, and at most kConsultationsMax together with those who have joined.
struct Consult {
    ContactId contact;
    QueueId queue = {};
    AgentId agent = {};
    friend bool operator==(const Consult&, const Consult&) = default;
};
inline constexpr std::size_t kConsultationsMax = 3;  // a conference of five

// The colleague who was asked joins the contact: a conference. He leaves it by hanging up.
struct Join {
    ContactId consultation;
    friend bool operator==(const Join&, const Join&) = default;
};

// The colleague who was asked takes the contact over; who asked him leaves it.
struct CompleteTransfer {
    ContactId consultation;
    friend bool operator==(const CompleteTransfer&, const CompleteTransfer&) = default;
};

// The agent gives the contact away to a number outside the centre: he is free, and no contact
// follows it. Colleagues who were asked about it are not, any more.
struct TransferOut {
    ContactId contact;
    friend bool operator==(const TransferOut&, const TransferOut&) = default;
};

// Nobody answered there: the caller waits again at the head of his queue, under a contact that
// follows `origin` and has waited as long as that one had.
struct TakeBack {
    ContactId origin;
    QueueId queue;
    Skills needs = {};
    Duration waited = {};
    friend bool operator==(const TakeBack&, const TakeBack&) = default;
};

// The agent calls somebody of his own accord, in no contact: he is busy until that is over. Whom he
// calls he consults in it. `queue`: whose colleagues and rules count; unset: the first that is
// open.
struct Dial {
    AgentId agent;
    QueueId queue = {};
    friend bool operator==(const Dial&, const Dial&) = default;
};

// Nobody answered when the agent called: of a callback or an outbound task.
struct NotReached {
    ContactId contact;
    friend bool operator==(const NotReached&, const NotReached&) = default;
};

struct OpenSpan {
    Time from;
    Time to;
    friend bool operator==(const OpenSpan&, const OpenSpan&) = default;
};

// When the queue is open, as instants: the core knows no time zone and no calendar. Takes the place
// of what was said before; without it a queue is always open.
struct SetHours {
    QueueId queue;
    std::vector<OpenSpan> open = {};  // in order of time, apart, at most kOpenSpansMax
    friend bool operator==(const SetHours&, const SetHours&) = default;
};
inline constexpr std::size_t kOpenSpansMax = 1'000;

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
                 NotReady, OpenDesk, CloseDesk, EndWrapUp, PhoneSeen, PhoneLost, AdvanceTime,
                 TakeBreather, ChangeNeeds, Prioritise, Assign, PlanShift, MoveContact, SetHours,
                 RequestCallback, NotReached, ExtendWrapUp, LeaveMessage, Transfer, Consult, Join,
                 CompleteTransfer, TransferOut, TakeBack, Dial>;

}  // namespace lanze::core
