// Checks of the records: that they tell what callers and agents' phones have lived through.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/endpoint.h"
#include "core/record.h"
#include "soak/diary.h"

namespace lanze::soak {

// What the centre has written down in the end, and what else it alone can know.
struct OnRecord {
    std::map<core::ContactId, core::ContactRecord> records;  // the last one of each
    std::map<core::ContactId, std::string> callers;          // who, as signalled
    std::set<core::ContactId> hung_up_at_desk;
    std::set<Time> starts;  // of the process
};

// What the people say.
struct Witnesses {
    std::map<std::string, DiaryEntry> callers;  // by name
    std::map<core::AgentId, std::vector<DiaryEntry>> phones;
    std::map<Endpoint, core::AgentId> phone_addresses;
};

// Everything in which the two differ. Only what each could see counts, and in the order of cause
// and effect, so that no delay of the network or the disk makes a difference:
//   - a caller who was answered has a record; his records follow each other by transfers alone
//     (or a kill and his INVITE again); no record is of somebody who never dialled, or before he
//     did
//   - who heard an agent is on record as answered by that agent, before; a record that names an
//     agent is of a call which that agent's phone picked up before
//   - the caller ended it: he hung up or gave up before that; the agent did: the phone or the desk
//     hung up before that; a restart did: the process started at that time
//   - time on hold is no longer than the two phones asked for, and no shorter than what they were
//     granted
//   - on a day without faults nobody is cut off
std::vector<std::string> compare(const OnRecord& on_record, const Witnesses& witnesses,
                                 bool is_calm);

}  // namespace lanze::soak
