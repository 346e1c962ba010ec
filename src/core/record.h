// ContactRecord: what is kept of a contact when it is over; RecordKeeper draws it from the events.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "core/event.h"

namespace lanze::core {

// Media quality of one leg as received by us. MOS × 100 after G.107 in simplified form.
struct LegQuality {
    std::uint64_t packets_received = 0;
    std::uint64_t packets_lost = 0;
    std::uint32_t jitter_us = 0;       // RFC 3550 §6.4.1, highest
    std::uint32_t round_trip_us = 0;   // from RTCP; 0: not known
    std::uint16_t mos_hundredths = 0;  // 0: not known
    friend bool operator==(const LegQuality&, const LegQuality&) = default;
};

// Who this was for the caller stands elsewhere, encrypted; the agent is a number that the journal
// turns into a pseudonym before anything is stored.
struct ContactRecord {
    ContactId contact;
    QueueId queue;
    Time queued;                    // in the last queue it was in
    std::optional<Time> presented;  // first time there
    std::optional<Time> answered;
    Time ended;
    std::optional<Time> wrap_up_ended;
    Duration held{};
    std::uint32_t presentations = 0;
    AgentId agent;  // who answered; unset if nobody
    ContactEnd end = ContactEnd::finished;
    EndedBy by = EndedBy::caller;
    CutOffCause cause = CutOffCause::signalling_lost;
    std::string outcome;
    LegQuality caller_leg;
    LegQuality agent_leg;
    friend bool operator==(const ContactRecord&, const ContactRecord&) = default;
};

// A contact that was not let in.
struct BlockedRecord {
    QueueId queue;
    Time at;
    BlockedReason reason = BlockedReason::queue_full;
    friend bool operator==(const BlockedRecord&, const BlockedRecord&) = default;
};

// A contact that went on to another queue, as the queue it left counts it.
struct DivertedRecord {
    ContactId contact;
    QueueId queue;
    Time queued;  // in this queue
    Time left;
    MoveCause cause = MoveCause::overflow_wait;
    friend bool operator==(const DivertedRecord&, const DivertedRecord&) = default;
};

// Follows the events in order and keeps one open record per contact. A record is finished when the
// contact has ended and, if it was answered, its wrap-up too. A consultation has none; when it
// takes the caller over, one begins that is answered at once.
class RecordKeeper {
public:
    void note(const Event& event, Time at);
    // The legs' quality, told by the edge when a leg closes; before or after the contact's end.
    void note_quality(ContactId contact, bool is_caller, const LegQuality& quality);
    // Records finished since the last call.
    std::vector<ContactRecord> take_finished();
    // Finished records that quality was added to afterwards (a leg closes after its contact):
    // stored again in place of the first, counted once.
    std::vector<ContactRecord> take_amended();
    std::vector<BlockedRecord> take_blocked();
    std::vector<DivertedRecord> take_diverted();
    // Contacts still open, for counts that include who waits now; by id. `ended` is Time{} until
    // the contact has ended; then only its wrap-up is still going on.
    std::vector<ContactRecord> open() const;

private:
    struct Open {
        ContactRecord record;
        std::optional<Time> held_since;
        bool has_ended = false;
        bool is_in_wrap_up = false;
        bool is_written = false;  // a chat or message; ends by its own WrapUpEnded
    };
    void on_queued(const ContactQueued& queued, Time at);
    void on_moved(const ContactMoved& moved, Time at);
    void on_completed(const TransferCompleted& completed, Time at);
    void on_ended(const ContactEnded& event, Time at);
    // The agent has gone on to something else: a contact he had ended without wrap-up is finished.
    void on_agent_free(AgentId agent);
    Open* find(ContactId contact);
    void finish(ContactId contact);
    void forget_before(Time time);

    std::unordered_map<ContactId, Open> open_;
    std::unordered_map<AgentId, ContactId> handled_;  // the call answered, not yet finished
    std::vector<ContactRecord> finished_;
    std::vector<BlockedRecord> blocked_;
    std::vector<DivertedRecord> diverted_;
    // Finished a short while ago, waiting for their legs' quality.
    std::unordered_map<ContactId, ContactRecord> recent_;
    std::deque<std::pair<Time, ContactId>> recent_order_;
    std::vector<ContactId> amended_;
    Time now_;
};

}  // namespace lanze::core
