// Events: everything that can happen to the floor; only they change it.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "core/command.h"

namespace lanze::core {

// The configuration in force, with the id of each queue and agent, in the order of `config`.
struct Configured {
    Config config;
    std::vector<QueueId> queue_ids;
    std::vector<AgentId> agent_ids;
    friend bool operator==(const Configured&, const Configured&) = default;
};

struct ContactQueued {
    ContactId contact;
    QueueId queue;
    Skills needs = {};  // its own
    std::uint8_t priority = kPriorityNormal;
    AgentId preferred = {};  // nobody else for the queue's `preferred_for`
    Channel channel = Channel::voice;
    // Of a consultation the contact it is about, otherwise the one that was transferred.
    ContactId origin = {};
    Duration waited = {};  // before; its rank is that much earlier
    friend bool operator==(const ContactQueued&, const ContactQueued&) = default;
};

enum class BlockedReason : std::uint8_t { queue_full, centre_full, queue_closed };

// Counted, but never let in; no contact exists.
struct ContactBlocked {
    QueueId queue;
    BlockedReason reason = BlockedReason::queue_full;
    friend bool operator==(const ContactBlocked&, const ContactBlocked&) = default;
};

struct ContactPresented {
    ContactId contact;
    AgentId agent;
    PresentationId presentation;
    Time until;  // expires then
    friend bool operator==(const ContactPresented&, const ContactPresented&) = default;
};

enum class PresentationEnd : std::uint8_t {
    expired,  // no answer in time
    rejected,
    busy,
    no_answer,
    unreachable,
    failed,
    withdrawn,  // the contact ended meanwhile
};

// The contact waits on in its place (or, if withdrawn, is about to end).
struct PresentationEnded {
    PresentationId presentation;
    ContactId contact;
    AgentId agent;
    PresentationEnd end = PresentationEnd::expired;
    friend bool operator==(const PresentationEnded&, const PresentationEnded&) = default;
};

struct ContactAnswered {
    ContactId contact;
    AgentId agent;
    PresentationId presentation;
    friend bool operator==(const ContactAnswered&, const ContactAnswered&) = default;
};

struct ContactHeld {
    ContactId contact;
    friend bool operator==(const ContactHeld&, const ContactHeld&) = default;
};

struct ContactResumed {
    ContactId contact;
    friend bool operator==(const ContactResumed&, const ContactResumed&) = default;
};

enum class ContactEnd : std::uint8_t {
    abandoned,  // by the caller before an answer
    finished,   // after an answer, hung up by one side
    cut_off,
    closed,       // let go when the queue closed
    not_reached,  // nobody answered when the agent called
    transferred,  // the agent gave it away; another contact follows it
};

struct ContactEnded {
    ContactId contact;
    ContactEnd end = ContactEnd::finished;
    EndedBy by = EndedBy::caller;
    CutOffCause cause = CutOffCause::signalling_lost;  // says something only if cut off
    friend bool operator==(const ContactEnded&, const ContactEnded&) = default;
};

// The agent is idle and open to contacts from now on.
struct AgentReady {
    AgentId agent;
    friend bool operator==(const AgentReady&, const AgentReady&) = default;
};

struct AgentNotReady {
    AgentId agent;
    NotReadyReason reason = NotReadyReason::other;
    friend bool operator==(const AgentNotReady&, const AgentNotReady&) = default;
};

// Said during a contact: takes effect after it.
struct AgentWishNoted {
    AgentId agent;
    bool wants_ready = true;
    NotReadyReason reason = NotReadyReason::other;  // if not
    friend bool operator==(const AgentWishNoted&, const AgentWishNoted&) = default;
};

// The agent rests after a miss or a busy phone and is ready again by himself at `until`.
struct AgentRests {
    AgentId agent;
    NotReadyReason reason = NotReadyReason::missed;
    Time until;
    friend bool operator==(const AgentRests&, const AgentRests&) = default;
};

struct WrapUpStarted {
    AgentId agent;
    ContactId contact;
    Time until;
    friend bool operator==(const WrapUpStarted&, const WrapUpStarted&) = default;
};

// `outcome` as given by the agent; empty when the budget ran out. After a call followed by
// AgentReady or AgentNotReady.
struct WrapUpEnded {
    AgentId agent;
    ContactId contact;
    std::string outcome;
    friend bool operator==(const WrapUpEnded&, const WrapUpEnded&) = default;
};

struct DeskOpened {
    AgentId agent;
    friend bool operator==(const DeskOpened&, const DeskOpened&) = default;
};

struct DeskClosed {
    AgentId agent;
    friend bool operator==(const DeskClosed&, const DeskClosed&) = default;
};

struct PhoneFound {
    AgentId agent;
    friend bool operator==(const PhoneFound&, const PhoneFound&) = default;
};

struct PhoneMissing {
    AgentId agent;
    friend bool operator==(const PhoneMissing&, const PhoneMissing&) = default;
};

// Step 1 is the queue's first: from now on the contact may also go to agents who fulfil its needs.
struct ContactWidened {
    ContactId contact;
    std::uint8_t step = 1;
    friend bool operator==(const ContactWidened&, const ContactWidened&) = default;
};

// The preferred agent did not become free in time, or has left: others may take it.
struct PreferenceEnded {
    ContactId contact;
    friend bool operator==(const PreferenceEnded&, const PreferenceEnded&) = default;
};

// The starvation bound is reached: no priority and no reserve counts against it any more.
struct ContactOverdue {
    ContactId contact;
    friend bool operator==(const ContactOverdue&, const ContactOverdue&) = default;
};

struct NeedsChanged {
    ContactId contact;
    Skills needs;
    friend bool operator==(const NeedsChanged&, const NeedsChanged&) = default;
};

struct ContactPrioritised {
    ContactId contact;
    std::uint8_t priority = kPriorityNormal;
    friend bool operator==(const ContactPrioritised&, const ContactPrioritised&) = default;
};

// Why the charter presents nothing to an agent who is ready.
enum class WithheldBy : std::uint8_t { occupancy_ceiling, break_due, shift_over };

// The agent is ready and stays so; nothing is presented until AgentReturned.
struct AgentWithheld {
    AgentId agent;
    WithheldBy by = WithheldBy::occupancy_ceiling;
    friend bool operator==(const AgentWithheld&, const AgentWithheld&) = default;
};

struct AgentReturned {
    AgentId agent;
    friend bool operator==(const AgentReturned&, const AgentReturned&) = default;
};

// What the ceiling costs: so many of those waiting in the queue would be with an agent without it.
struct QueueShort {
    QueueId queue;
    std::uint32_t agents = 0;  // 0: no longer
    friend bool operator==(const QueueShort&, const QueueShort&) = default;
};

// The agent asked for a breather during a contact; it follows the contact.
struct BreatherNoted {
    AgentId agent;
    friend bool operator==(const BreatherNoted&, const BreatherNoted&) = default;
};

struct ShiftPlanned {
    AgentId agent;
    Time begin;
    Time end;
    std::vector<PlannedBreak> breaks = {};
    friend bool operator==(const ShiftPlanned&, const ShiftPlanned&) = default;
};

enum class MoveCause : std::uint8_t {
    overflow_wait,
    overflow_length,
    queue_closed,
    supervisor,
    overflow_expected,
};

// Waits in another queue from now on; its rank stays.
struct ContactMoved {
    ContactId contact;
    QueueId queue;
    MoveCause cause = MoveCause::overflow_wait;
    friend bool operator==(const ContactMoved&, const ContactMoved&) = default;
};

// The queue it should have overflowed to was full or closed: it waits where it is.
struct OverflowRefused {
    ContactId contact;
    friend bool operator==(const OverflowRefused&, const OverflowRefused&) = default;
};

struct HoursSet {
    QueueId queue;
    std::vector<OpenSpan> open = {};
    friend bool operator==(const HoursSet&, const HoursSet&) = default;
};

struct QueueOpened {
    QueueId queue;
    friend bool operator==(const QueueOpened&, const QueueOpened&) = default;
};

struct QueueClosed {
    QueueId queue;
    friend bool operator==(const QueueClosed&, const QueueClosed&) = default;
};

struct WrapUpExtended {
    AgentId agent;
    ContactId contact;
    Time until;
    friend bool operator==(const WrapUpExtended&, const WrapUpExtended&) = default;
};

// It waits on as a callback, with its place.
struct CallbackRequested {
    ContactId contact;
    friend bool operator==(const CallbackRequested&, const CallbackRequested&) = default;
};

// It waits on as a message, with its place.
struct MessageLeft {
    ContactId contact;
    friend bool operator==(const MessageLeft&, const MessageLeft&) = default;
};

// The caller was asked whether he wants a callback, or to leave a message; he waits on.
struct AlternativeProposed {
    ContactId contact;
    Channel channel = Channel::callback;
    MoveCause cause = MoveCause::overflow_wait;
    friend bool operator==(const AlternativeProposed&, const AlternativeProposed&) = default;
};

// The colleague who was asked and the caller hear each other from now on.
struct ConsultationJoined {
    ContactId contact;
    friend bool operator==(const ConsultationJoined&, const ConsultationJoined&) = default;
};

// The consultation is the caller's contact from now on; `origin` is about to end. What it takes
// over of it stands here, since the origin may be forgotten sooner.
struct TransferCompleted {
    ContactId contact;
    ContactId origin;
    QueueId queue;
    AgentId agent;
    Channel channel = Channel::voice;
    Skills needs = {};
    Duration waited = {};  // as of ContactQueued
    friend bool operator==(const TransferCompleted&, const TransferCompleted&) = default;
};

// The queue is closed and should send on who waits, but there is no room: they are served.
struct RestServed {
    QueueId queue;
    friend bool operator==(const RestServed&, const RestServed&) = default;
};

// The agent is in a call of his own from now on: a contact of channel own_call, connected to him.
struct Dialled {
    ContactId contact;
    QueueId queue;
    AgentId agent;
    friend bool operator==(const Dialled&, const Dialled&) = default;
};

using Event =
    std::variant<Configured, ContactQueued, ContactBlocked, ContactPresented, PresentationEnded,
                 ContactAnswered, ContactHeld, ContactResumed, ContactEnded, AgentReady,
                 AgentNotReady, AgentWishNoted, AgentRests, WrapUpStarted, WrapUpEnded, DeskOpened,
                 DeskClosed, PhoneFound, PhoneMissing, ContactWidened, PreferenceEnded,
                 ContactOverdue, NeedsChanged, ContactPrioritised, AgentWithheld, AgentReturned,
                 QueueShort, BreatherNoted, ShiftPlanned, ContactMoved, OverflowRefused, HoursSet,
                 QueueOpened, QueueClosed, CallbackRequested, WrapUpExtended, MessageLeft,
                 AlternativeProposed, ConsultationJoined, TransferCompleted, RestServed, Dialled>;

}  // namespace lanze::core
