// The seam to the journal: batches go down, "durable up to" comes back; at start everything is
// read.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/command.h"
#include "core/event.h"
#include "core/reason.h"
#include "core/record.h"

namespace lanze::ports {

// A command and what came of it, at one time. Refused commands are not journalled.
struct Decision {
    Time at;
    core::Command command;
    std::vector<core::Event> events;
    std::vector<core::Reason> reasons = {};  // of each search for an agent or a contact
    friend bool operator==(const Decision&, const Decision&) = default;
};

// What the edge writes down to find its dialogs and registrations again: the newest note under a
// key counts, an empty text removes it. Personal (SIP identities): stored encrypted.
struct Note {
    std::string key;  // "leg/17", "registration/anna", "caller/4711"; "remark/4711" is an agent's
    std::string text;
    friend bool operator==(const Note&, const Note&) = default;
};

// Everything one turn of the signal thread decided; written in one piece or not at all.
struct Batch {
    std::uint64_t sequence = 0;  // 1, 2, 3 ...
    std::vector<Decision> decisions;
    std::vector<Note> notes;
    std::vector<core::ContactRecord> finished;
    std::vector<core::BlockedRecord> blocked;

    bool is_empty() const {
        return decisions.empty() && notes.empty() && finished.empty() && blocked.empty();
    }
    friend bool operator==(const Batch&, const Batch&) = default;
};

class Journal {
public:
    virtual ~Journal() = default;

    // Hands the batch over; returns at once. `sequence` must be the last one + 1.
    virtual void append(Batch batch) = 0;

    // Called on the journal's own thread when everything up to `sequence` is durable. A journal
    // that cannot go on (disk full, checksum wrong) ends the process with a message.
    virtual void on_durable(std::function<void(std::uint64_t sequence)> callback) = 0;

    virtual std::uint64_t last_sequence() const = 0;
    // All decisions in order.
    virtual void replay(const std::function<void(const Decision&)>& visit) = 0;
    // The newest note under each key that is not empty, by key.
    virtual std::vector<Note> notes() = 0;
};

}  // namespace lanze::ports
