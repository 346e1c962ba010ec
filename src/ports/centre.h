// The seam between the API and the running centre: commands in, answers and views out.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "core/command.h"
#include "core/config.h"
#include "core/event.h"
#include "core/ids.h"
#include "ports/chosen.h"
#include "ports/guest.h"
#include "ports/outside.h"
#include "ports/own_day.h"
#include "ports/phone.h"
#include "ports/told_wait.h"

namespace lanze::ports {

enum class ContactState : std::uint8_t { waiting, alerting, talking, on_hold };
enum class AgentState : std::uint8_t { ready, not_ready, alerting, talking, wrap_up };

// A chat or message that an agent has, beside others and beside a call.
struct WrittenView {
    core::ContactId contact;
    AgentState state = AgentState::alerting;  // alerting, talking or wrap_up
    Time since;                               // of this state
    std::optional<Time> until;                // end of alerting or wrap-up
    bool is_wrap_up_extended = false;
    friend bool operator==(const WrittenView&, const WrittenView&) = default;
};

// A queue as a wallboard shows it. Counts are of today in the centre's time zone, by entry.
struct QueueView {
    core::QueueId id;
    std::string name;
    std::uint32_t waiting = 0;  // waiting or alerting
    std::optional<Time> longest_waiting_since;
    std::uint32_t talking = 0;
    // Who could take a contact of this queue now, and those whom the ceiling withholds: a
    // difference to the agents' states would tell who they are.
    std::uint32_t agents_ready = 0;
    std::uint32_t agents_signed_on = 0;  // ready, alerting, talking or in wrap-up
    std::uint32_t short_of = 0;          // agents whom somebody waits for and the ceiling withholds
    bool is_open = true;
    std::optional<Time> changes_at;  // when it opens or closes next, if that is known and near
    std::uint64_t offered = 0;
    std::uint64_t answered = 0;
    std::uint64_t abandoned = 0;
    std::uint64_t diverted = 0;
    std::uint64_t cut_off = 0;
    std::uint64_t blocked = 0;
    std::uint64_t answered_within = 0;  // service level = part / whole by its definition
    std::uint64_t service_level_part = 0;
    std::uint64_t service_level_whole = 0;
    core::ServiceLevel service_level = {};  // what is promised, as configured now
    // To a caller who enters now; nothing: closed, or not found yet.
    std::optional<ToldWait> told_wait = {};
    friend bool operator==(const QueueView&, const QueueView&) = default;
};

struct AgentView {
    core::AgentId id;
    std::string name;
    AgentState state = AgentState::not_ready;
    std::optional<core::NotReadyReason> reason;  // if not ready
    std::optional<core::NotReadyReason> wish;    // said during a contact: not ready after it
    Time since;
    std::optional<Time> until;  // end of alerting, wrap-up, rest
    core::ContactId contact;    // alerting, talking, wrap-up
    bool has_desk = false;
    bool is_phone_reachable = false;
    // His own matter, shown to nobody else; for others he is ready.
    std::optional<core::WithheldBy> withheld;  // why nothing is presented, if he is ready
    bool wants_breather = false;               // after the contact
    bool is_wrap_up_extended = false;
    std::vector<WrittenView> written = {};    // in the order they were presented
    std::optional<Dialable> may_dial = {};    // numbers outside; nothing: none
    std::optional<OwnCallView> dialled = {};  // the last call of his own accord
    friend bool operator==(const AgentView&, const AgentView&) = default;
};

// A colleague who is asked about a contact, or talks along.
struct ConsultationView {
    core::ContactId contact;  // the consultation
    core::QueueId queue;
    core::AgentId agent;    // alerting, talking
    std::string colleague;  // the agent's name; empty: nobody yet
    ContactState state = ContactState::waiting;
    bool is_joined = false;
    friend bool operator==(const ConsultationView&, const ConsultationView&) = default;
};

struct ContactView {
    core::ContactId id;
    core::QueueId queue;
    ContactState state = ContactState::waiting;
    Time queued;
    Time since;           // of this state
    core::AgentId agent;  // alerting, talking
    std::string caller;   // number or name as signalled; personal
    std::uint8_t priority = core::kPriorityNormal;
    std::uint8_t step = 0;    // of widening; 0: the queue's own needs
    bool is_overdue = false;  // beyond the starvation bound: goes before all others
    core::Skills needs;       // its own, beside the queue's
    core::Channel channel = core::Channel::voice;
    std::optional<ToldWait> told_wait = {};  // while it waits for an agent's voice
    std::optional<Time> answered = {};
    std::optional<Chosen> chosen = {};  // why this agent, while he has it
    // Of a consultation: what it is about, who calls there (`caller` is who asks), whether it is
    // part of a conference. Its `consultations` are then the others that are.
    core::ContactId about = {};
    std::string about_caller = {};
    bool is_joined = false;
    std::vector<ConsultationView> consultations = {};
    std::optional<OutsideView> outside = {};  // a number that is asked, or talks along
    friend bool operator==(const ContactView&, const ContactView&) = default;
};

// A whole picture (is_snapshot), or what changed since the last one.
struct View {
    bool is_snapshot = false;
    std::uint64_t sequence = 0;  // of the journal; everything shown is durable up to here
    Time at;
    std::vector<QueueView> queues;
    std::vector<AgentView> agents;
    std::vector<ContactView> contacts;
    std::vector<core::ContactId> contacts_gone;
    std::vector<std::string> skills = {};  // of the agents, sorted; only in a snapshot
};

// Why a command was not carried out, for a person.
struct CommandRefused {
    std::string code;     // "agent_not_in_wrap_up", stable, for programs
    std::string message;  // one English sentence
};

// A trunk that registers at a provider.
struct TrunkFigures {
    std::string name;
    bool is_registered = false;
    std::uint64_t status = 0;  // of the provider's last answer to REGISTER; 0: it gave none
};

// Figures for /metrics, taken by the signal thread.
struct CentreFigures {
    std::uint64_t commands = 0;
    std::uint64_t refusals = 0;
    std::uint64_t batches = 0;
    std::uint64_t batches_waiting = 0;  // for the disk
    std::uint64_t sip_received = 0;
    std::uint64_t sip_sent = 0;
    std::uint64_t sip_rejected = 0;  // answered 4xx–6xx by us
    std::uint64_t transactions = 0;
    std::uint64_t calls = 0;  // contacts and their legs now
    std::uint64_t ports_free = 0;
    std::vector<TrunkFigures> trunks;
};

// Whom the agent talks with who asks a colleague.
enum class TalkPartner : std::uint8_t { caller, colleague };

class Centre {
public:
    virtual ~Centre() = default;

    // From any thread. `request_id` (may be empty) makes a repeated command answer like the first
    // one without being done twice. `done` is called on the signal thread once the outcome is
    // durable: the journal's sequence number, or the refusal. Do not block in it.
    virtual void submit(core::Command command, std::string request_id,
                        std::function<void(Result<std::uint64_t, CommandRefused>)> done) = 0;

    // Hangs up the contact an agent is in (the agent's own wish), as if by phone: in a conference
    // the others go on. Unset: the call.
    virtual void hang_up(core::AgentId agent, core::ContactId contact,
                         std::function<void(Result<std::uint64_t, CommandRefused>)> done) = 0;

    // The agent who asks a colleague turns to him, or to the caller; the other one hears music.
    virtual void talk_with(core::AgentId agent, TalkPartner partner,
                           std::function<void(Result<std::uint64_t, CommandRefused>)> done) = 0;

    // Calls a number outside about the contact the agent talks in; `number` as he wrote it.
    virtual void dial(core::AgentId agent, std::string number, DialFor what,
                      std::function<void(Result<std::uint64_t, CommandRefused>)> done) = 0;

    // Calls somebody of the agent's own accord, while he has no call.
    virtual void call_somebody(core::AgentId agent, OwnCallTarget target,
                               std::function<void(Result<std::uint64_t, CommandRefused>)> done) = 0;

    // What he does with who was called there.
    virtual void outside(core::AgentId agent, OutsideStep step,
                         std::function<void(Result<std::uint64_t, CommandRefused>)> done) = 0;

    // Declines what is presented to the agent. Unset: the call.
    virtual void reject(core::AgentId agent, core::ContactId contact,
                        std::function<void(Result<std::uint64_t, CommandRefused>)> done) = 0;

    // The agent takes the chat that is presented to him; calls are taken by telephone.
    virtual void take(core::AgentId agent, core::ContactId contact,
                      std::function<void(Result<std::uint64_t, CommandRefused>)> done) = 0;
    // What the agent writes down about a contact he is in, or in whose wrap-up he is, in place of
    // what was written before; "": nothing.
    virtual void remark(core::AgentId agent, core::ContactId contact, std::string text,
                        std::function<void(Result<std::uint64_t, CommandRefused>)> done) = 0;

    // What became of the charter's promises to the agent today; nothing: there is no such agent.
    // `done` is called on the signal thread.
    virtual void own_day(core::AgentId agent, std::function<void(std::optional<OwnDay>)> done) = 0;

    // What the agent's page says as his telephone; a refusal comes as news.
    virtual void phone(core::AgentId agent, PhoneMessage message) = 0;

    // `tell` is called on the signal thread with news for an agent's page, once they are durable.
    // One listener (the API).
    virtual void watch_phones(std::function<void(core::AgentId, const PhoneNews&)> tell) = 0;

    // What a guest's page says; what became of it comes as news.
    virtual void guest(GuestId guest, GuestMessage message) = 0;

    // As watch_phones, with news for guests' pages.
    virtual void watch_guests(std::function<void(GuestId, const GuestNews&)> tell) = 0;

    // `watch` is called on the signal thread: first with a snapshot, then with changes, at most 50
    // times a second. One watcher (the API); it fans out itself.
    virtual void watch(std::function<void(std::shared_ptr<const View>)> watch) = 0;

    // The latest figures; from any thread.
    virtual CentreFigures figures() const = 0;
};

}  // namespace lanze::ports
