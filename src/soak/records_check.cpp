#include "soak/records_check.h"

#include <algorithm>
#include <optional>

namespace lanze::soak {

namespace {

using core::ContactRecord;

// One record beside the diaries of its two sides.
struct Matter {
    const ContactRecord& record;
    const DiaryEntry& caller;
    std::vector<const DiaryEntry*> agent;  // the agent's calls with this caller
};

bool has_left_by(const DiaryEntry& entry, Time time) {
    return entry.left && *entry.left <= time;
}

// How much of the hold lies between the answer and the end, at most: asked for until it was over.
Duration asked_within(const DiaryEntry::Hold& hold, Time answered, Time ended) {
    const Time begin = std::max(hold.asked, answered);
    const Time end = std::min(hold.over.value_or(ended), ended);
    return std::max(end - begin, Duration::zero());
}

// Granted until it was taken back, if the call stood all that time.
Duration granted_within(const DiaryEntry::Hold& hold, Time answered, Time ended) {
    const bool is_whole =
        hold.granted && hold.taken_back && answered <= hold.asked && *hold.taken_back <= ended;
    return is_whole ? *hold.taken_back - *hold.granted : Duration::zero();
}

class Comparison {
public:
    Comparison(const OnRecord& on_record, const Witnesses& witnesses, bool is_calm)
        : on_record_(on_record), witnesses_(witnesses), is_calm_(is_calm) {}

    std::vector<std::string> take() {
        for (const auto& [id, record] : on_record_.records) {
            check_record(record);
        }
        for (const auto& [name, entry] : witnesses_.callers) {
            check_caller(entry);
        }
        for (const auto& [agent, entries] : witnesses_.phones) {
            check_phone(agent, entries);
        }
        return std::move(differences_);
    }

private:
    void differ(const std::string& text) { differences_.push_back(text); }
    void differ(const ContactRecord& record, const std::string& text) {
        differ("the record of contact " + std::to_string(record.contact.value()) + " " + text);
    }

    std::string caller_of(const ContactRecord& record) const {
        const auto place = on_record_.callers.find(record.contact);
        return place == on_record_.callers.end() ? "" : place->second;
    }

    void check_record(const ContactRecord& record) {
        const auto caller = witnesses_.callers.find(caller_of(record));
        if (caller == witnesses_.callers.end()) {
            differ(record, "is of a caller who never dialled");
            return;
        }
        Matter matter{record, caller->second, {}};
        if (record.agent.is_set()) {
            const auto phone = witnesses_.phones.find(record.agent);
            for (const DiaryEntry& entry : phone->second) {
                if (entry.caller == caller->second.caller) {
                    matter.agent.push_back(&entry);
                }
            }
        }
        if (record.queued < caller->second.begun || record.ended < record.queued) {
            differ(record, "began before its caller dialled, or ended before it began");
        }
        check_answer(matter);
        check_end(matter);
        check_hold(matter);
    }

    void check_answer(const Matter& matter) {
        const ContactRecord& record = matter.record;
        if (record.answered.has_value() != record.agent.is_set()) {
            differ(record, "names an agent without an answer, or the other way round");
            return;
        }
        const bool was_picked_up =
            std::any_of(matter.agent.begin(), matter.agent.end(),
                        [&](const DiaryEntry* entry) { return entry->begun <= *record.answered; });
        if (record.answered && !was_picked_up) {
            differ(record, "names an agent whose phone never picked up");
        }
    }

    void check_end(const Matter& matter) {
        const ContactRecord& record = matter.record;
        if (record.end == core::ContactEnd::cut_off) {
            check_cut_off(record);
            return;
        }
        if (record.end == core::ContactEnd::transferred) {
            return;  // check_caller looks for what follows
        }
        if ((record.end == core::ContactEnd::finished) != record.answered.has_value()) {
            differ(record, "is finished without an answer, or abandoned after one");
        }
        const bool agent_left =
            on_record_.hung_up_at_desk.contains(record.contact) ||
            std::any_of(matter.agent.begin(), matter.agent.end(),
                        [&](const DiaryEntry* entry) { return has_left_by(*entry, record.ended); });
        if (record.by == core::EndedBy::caller && !has_left_by(matter.caller, record.ended)) {
            differ(record, "says that the caller hung up, who did not");
        } else if (record.by == core::EndedBy::agent && !agent_left) {
            differ(record, "says that the agent hung up, who did not");
        } else if (record.by == core::EndedBy::centre) {
            differ(record, "says that the centre hung up");
        }
    }

    void check_cut_off(const ContactRecord& record) {
        const bool is_restart = record.cause == core::CutOffCause::restart;
        if (is_restart && !on_record_.starts.contains(record.ended)) {
            differ(record, "is cut off by a restart that was not");
        } else if (is_calm_ && record.cause != core::CutOffCause::time_limit) {
            differ(record, "is cut off on a day without faults, by cause " +
                               std::to_string(static_cast<int>(record.cause)));
        }
    }

    void check_hold(const Matter& matter) {
        const ContactRecord& record = matter.record;
        if (!record.answered) {
            return;
        }
        Duration longest{};
        Duration shortest{};
        const auto add = [&](const DiaryEntry& entry) {
            for (const DiaryEntry::Hold& hold : entry.holds) {
                longest += asked_within(hold, *record.answered, record.ended);
                shortest = std::max(shortest, granted_within(hold, *record.answered, record.ended));
            }
        };
        add(matter.caller);
        for (const DiaryEntry* entry : matter.agent) {
            add(*entry);
        }
        if (record.held > longest || record.held < shortest) {
            differ(record, "has " + std::to_string(record.held.count()) + " µs on hold, not " +
                               std::to_string(shortest.count()) + " to " +
                               std::to_string(longest.count()));
        }
    }

    std::vector<const ContactRecord*> records_of(const DiaryEntry& caller) const {
        std::vector<const ContactRecord*> records;
        for (const auto& [id, record] : on_record_.records) {
            if (caller_of(record) == caller.caller) {
                records.push_back(&record);
            }
        }
        return records;
    }

    void check_caller(const DiaryEntry& caller) {
        const std::vector<const ContactRecord*> records = records_of(caller);
        if (records.empty() && caller.answered) {
            differ("no record of caller " + caller.caller + ", who was answered");
        }
        for (const ContactRecord* record : records) {
            const bool is_last = record == records.back();
            const bool is_transferred = record->end == core::ContactEnd::transferred;
            // The INVITE of a call that a kill has ended may come again, and then it is a new one.
            const bool is_cut_off = record->end == core::ContactEnd::cut_off &&
                                    record->cause == core::CutOffCause::restart;
            if (is_last && is_transferred) {
                differ(*record, "is of a transfer that nothing follows");
            } else if (!is_last && !is_transferred && !is_cut_off) {
                differ(*record, "is followed by another, but it was no transfer");
            }
        }
        for (const DiaryEntry::Heard& heard : caller.heard) {
            const core::AgentId agent = witnesses_.phone_addresses.at(heard.other);
            if (!has_answer(records, agent, heard.at)) {
                differ("no record of caller " + caller.caller + " with the agent whom he heard");
            }
        }
    }

    void check_phone(core::AgentId agent, const std::vector<DiaryEntry>& entries) {
        for (const DiaryEntry& entry : entries) {
            for (const DiaryEntry::Heard& heard : entry.heard) {
                if (!has_answer(records_of(entry), agent, heard.at)) {
                    differ("no record of caller " + entry.caller + ", whom an agent heard");
                }
            }
        }
    }

    static bool has_answer(const std::vector<const ContactRecord*>& records, core::AgentId agent,
                           Time by) {
        return std::any_of(records.begin(), records.end(), [&](const ContactRecord* record) {
            return record->agent == agent && record->answered && *record->answered <= by;
        });
    }

    const OnRecord& on_record_;
    const Witnesses& witnesses_;
    bool is_calm_;
    std::vector<std::string> differences_;
};

}  // namespace

std::vector<std::string> compare(const OnRecord& on_record, const Witnesses& witnesses,
                                 bool is_calm) {
    return Comparison(on_record, witnesses, is_calm).take();
}

}  // namespace lanze::soak
