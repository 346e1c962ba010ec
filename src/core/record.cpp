#include "core/record.h"

#include <algorithm>

#include "base/variant.h"

namespace lanze::core {

namespace {

// How long a leg may take to close after its contact's end; BYE is given up after 32 s
// (RFC 3261 §17.1.2.2, 64 × T1).
constexpr Duration kQualityWait = seconds(60);

}  // namespace

RecordKeeper::Open* RecordKeeper::find(ContactId contact) {
    const auto place = open_.find(contact);
    return place == open_.end() ? nullptr : &place->second;
}

void RecordKeeper::note(const Event& event, Time at) {
    now_ = at;
    forget_before(at - kQualityWait);
    match(
        event, [&](const ContactQueued& queued) { on_queued(queued, at); },
        [&](const ContactBlocked& blocked) {
            blocked_.push_back({blocked.queue, at, blocked.reason});
        },
        [&](const ContactMoved& moved) { on_moved(moved, at); },
        [&](const ContactPresented& presented) {
            if (Open* open = find(presented.contact)) {
                open->record.presented = open->record.presented.value_or(at);
                ++open->record.presentations;
            }
        },
        [&](const ContactAnswered& answered) {
            if (Open* open = find(answered.contact)) {
                open->record.answered = at;
                open->record.agent = answered.agent;
                if (!open->is_written) {
                    on_agent_free(answered.agent);
                    handled_[answered.agent] = answered.contact;
                }
            }
        },
        [&](const TransferCompleted& completed) { on_completed(completed, at); },
        [&](const MessageLeft& left) {
            if (Open* open = find(left.contact)) {
                open->is_written = true;
            }
        },
        [&](const ContactHeld& held) {
            if (Open* open = find(held.contact)) {
                open->held_since = open->held_since.value_or(at);
            }
        },
        [&](const ContactResumed& resumed) {
            if (Open* open = find(resumed.contact); open != nullptr && open->held_since) {
                open->record.held += at - *open->held_since;
                open->held_since.reset();
            }
        },
        [&](const ContactEnded& ended) { on_ended(ended, at); },
        [&](const WrapUpStarted& started) {
            if (Open* open = find(started.contact)) {
                open->is_in_wrap_up = true;
            }
        },
        [&](const WrapUpEnded& ended) {
            if (Open* open = find(ended.contact)) {
                open->record.wrap_up_ended = at;
                open->record.outcome = ended.outcome;
                finish(ended.contact);
            }
        },
        [&](const AgentReady& ready) { on_agent_free(ready.agent); },
        [&](const AgentNotReady& not_ready) { on_agent_free(not_ready.agent); },
        [&](const AgentRests& rests) { on_agent_free(rests.agent); },
        [](const auto&) {});  // says nothing about a contact
}

void RecordKeeper::on_queued(const ContactQueued& queued, Time at) {
    if (is_internal(queued.channel)) {
        return;  // no customer's attempt
    }
    ContactRecord& record = open_[queued.contact].record;
    record.contact = queued.contact;
    record.queue = queued.queue;
    record.queued = at;
    open_[queued.contact].is_written = medium_of(queued.channel) != Medium::call;
}

void RecordKeeper::on_moved(const ContactMoved& moved, Time at) {
    if (Open* open = find(moved.contact)) {
        ContactRecord& record = open->record;
        diverted_.push_back({record.contact, record.queue, record.queued, at, moved.cause});
        record.queue = moved.queue;
        record.queued = at;
        record.presented.reset();
        record.presentations = 0;
    }
}

void RecordKeeper::on_completed(const TransferCompleted& completed, Time at) {
    ContactRecord& record = open_[completed.contact].record;
    record.contact = completed.contact;
    record.queue = completed.queue;
    record.queued = at;
    record.presented = at;
    record.presentations = 1;
    record.answered = at;
    record.agent = completed.agent;
    handled_[completed.agent] = completed.contact;
}

void RecordKeeper::on_ended(const ContactEnded& event, Time at) {
    Open* open = find(event.contact);
    if (open == nullptr) {
        return;
    }
    ContactRecord& record = open->record;
    if (open->held_since) {
        record.held += at - *open->held_since;
        open->held_since.reset();
    }
    record.ended = at;
    record.end = event.end;
    record.by = event.by;
    record.cause = event.cause;
    open->has_ended = true;
    if (!record.answered) {
        finish(event.contact);
    }
}

void RecordKeeper::on_agent_free(AgentId agent) {
    const auto place = handled_.find(agent);
    if (place == handled_.end()) {
        return;
    }
    const Open* open = find(place->second);
    if (open != nullptr && open->has_ended && !open->is_in_wrap_up) {
        finish(place->second);
    }
}

void RecordKeeper::finish(ContactId contact) {
    const auto place = open_.find(contact);
    const ContactRecord& record = place->second.record;
    if (!place->second.is_written) {
        handled_.erase(record.agent);
    }
    finished_.push_back(record);
    recent_.emplace(contact, record);
    recent_order_.emplace_back(now_, contact);
    open_.erase(place);
}

void RecordKeeper::forget_before(Time time) {
    while (!recent_order_.empty() && recent_order_.front().first < time) {
        recent_.erase(recent_order_.front().second);
        recent_order_.pop_front();
    }
}

void RecordKeeper::note_quality(ContactId contact, bool is_caller, const LegQuality& quality) {
    if (Open* open = find(contact)) {
        (is_caller ? open->record.caller_leg : open->record.agent_leg) = quality;
        return;
    }
    const auto place = recent_.find(contact);
    if (place == recent_.end()) {
        return;
    }
    (is_caller ? place->second.caller_leg : place->second.agent_leg) = quality;
    const auto waiting =
        std::find_if(finished_.begin(), finished_.end(),
                     [contact](const ContactRecord& record) { return record.contact == contact; });
    if (waiting != finished_.end()) {
        *waiting = place->second;  // nobody has taken it yet
    } else if (std::find(amended_.begin(), amended_.end(), contact) == amended_.end()) {
        amended_.push_back(contact);
    }
}

std::vector<ContactRecord> RecordKeeper::take_finished() {
    return std::exchange(finished_, {});
}

std::vector<ContactRecord> RecordKeeper::take_amended() {
    std::vector<ContactRecord> result;
    for (const ContactId contact : std::exchange(amended_, {})) {
        const auto place = recent_.find(contact);
        if (place != recent_.end()) {
            result.push_back(place->second);
        }
    }
    return result;
}

std::vector<BlockedRecord> RecordKeeper::take_blocked() {
    return std::exchange(blocked_, {});
}

std::vector<DivertedRecord> RecordKeeper::take_diverted() {
    return std::exchange(diverted_, {});
}

std::vector<ContactRecord> RecordKeeper::open() const {
    std::vector<ContactRecord> result;
    result.reserve(open_.size());
    for (const auto& [id, open] : open_) {
        result.push_back(open.record);
    }
    std::sort(result.begin(), result.end(),
              [](const ContactRecord& a, const ContactRecord& b) { return a.contact < b.contact; });
    return result;
}

}  // namespace lanze::core
