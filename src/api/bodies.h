// Bodies of commands that carry more than texts, read strictly: what is wrong is told by its field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "core/command.h"

namespace lanze::api {

// The error is a sentence for a person: the field, what is wrong with it, what to send.
template <typename Value>
using FromBody = Result<Value, std::string>;

inline constexpr Duration kShiftMax = hours(24);
inline constexpr Duration kShiftFromNowMax = hours(24 * 366);  // further away is a slip of the pen
inline constexpr int kBreakMinutesMax = 240;
inline constexpr std::size_t kNumberBytesMax = 64;

// {"agent": 3}
FromBody<core::AgentId> read_agent(std::string_view body);
// {"priority": 1}
FromBody<std::uint8_t> read_priority(std::string_view body);
// {"queue": "bank"}: a name, which one may not be known
FromBody<std::string> read_queue_name(std::string_view body);
// {"queue": "bank"}, {"agent": "ben"} or {"number": "089 123"}: names may not be known, numbers may
// not be allowed; the others are empty.
struct TransferTarget {
    std::string queue;
    std::string agent;
    std::string number;
};
FromBody<TransferTarget> read_transfer_target(std::string_view body);
// {"contact": 7}, {"outside": true}, or nothing at all: unset
struct ConsultationMeant {
    core::ContactId contact;
    bool is_outside = false;
};
FromBody<ConsultationMeant> read_consultation(std::string_view body);
// {"needs": {"french": 2}}, well formed; only skills that are `known`, sorted, so that nobody waits
// for ever because of a wrong letter.
FromBody<core::Skills> read_needs(std::string_view body, const std::vector<std::string>& known);
// {"begin": time, "end": time, "breaks": [{"from": time, "minutes": 15}]}; `breaks` may be missing.
// The breaks come in order, inside the shift and one after the other.
FromBody<core::PlanShift> read_shift(std::string_view body, core::AgentId agent, Time now);

// A time as time_text() writes it; the fraction may be shorter or missing, and in place of Z there
// may be an offset such as +01:00 (RFC 3339 §5.6). Nothing for anything else.
std::optional<Time> parse_time(std::string_view text);

}  // namespace lanze::api
