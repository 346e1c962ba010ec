// What the API asks of the record table; the app hands in the reader.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/ids.h"
#include "core/record.h"

namespace lanze::api {

// Which ended contacts are asked for: one of them, or the newest before a given one.
struct RecordQuery {
    core::ContactId only{};     // if set, nothing else counts
    core::ContactId before{};   // unset: from the newest on
    std::uint32_t limit = 100;  // at most 1,000
};

// Newest first. Called on one worker thread of the API, never twice at a time; may block. The
// agent of a record is not read: there is no query of contacts by agent.
using ReadRecords = std::function<std::vector<core::ContactRecord>(const RecordQuery&)>;

// A contact of the same caller, before.
struct EarlierContact {
    core::ContactRecord record;
    std::string remark;
};

// What is remembered of a contact and its caller.
struct ContactMemory {
    std::string remark;                   // of the contact itself
    std::vector<EarlierContact> earlier;  // newest first, kEarlierMax at most
};
inline constexpr std::size_t kEarlierMax = 10;

// Called like ReadRecords.
using ReadMemory = std::function<ContactMemory(core::ContactId)>;

// Who answered a contact that is over, and of which queue it was; unset: nobody, or not known any
// more. For thanks alone, which reach him unnamed.
struct HandledBy {
    core::AgentId agent{};
    core::QueueId queue{};
};
// Called like ReadRecords.
using ReadHandler = std::function<HandledBy(core::ContactId)>;

// A contact's life with its reasons, as openapi.json says (schema Why); nothing if there is no such
// contact. Called like ReadRecords, on the same thread. The error is for a person.
using ReadWhy = std::function<Result<std::optional<std::string>, std::string>(core::ContactId)>;

}  // namespace lanze::api
