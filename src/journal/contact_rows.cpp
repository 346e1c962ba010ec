#include "journal/contact_rows.h"

#include <algorithm>

namespace lanze::journal {

// Columns in the order of the table (schema.cpp).
const char* const kInsertContact =
    "INSERT OR REPLACE INTO contact VALUES "
    "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
const char* const kSelectContact = "SELECT * FROM contact ";

namespace {

std::optional<std::int64_t> micros(const std::optional<Time>& time) {
    return time ? std::optional(to_micros(*time)) : std::nullopt;
}

std::optional<Time> time_of(const std::optional<std::int64_t>& micros) {
    return micros ? std::optional(from_micros(*micros)) : std::nullopt;
}

void bind_leg(Statement& insert, const core::LegQuality& leg) {
    insert.bind(leg.packets_received)
        .bind(leg.packets_lost)
        .bind(std::int64_t{leg.jitter_us})
        .bind(std::int64_t{leg.round_trip_us})
        .bind(std::int64_t{leg.mos_hundredths});
}

core::LegQuality read_leg(const Statement& row, int first) {
    core::LegQuality leg;
    leg.packets_received = static_cast<std::uint64_t>(row.number(first));
    leg.packets_lost = static_cast<std::uint64_t>(row.number(first + 1));
    leg.jitter_us = static_cast<std::uint32_t>(row.number(first + 2));
    leg.round_trip_us = static_cast<std::uint32_t>(row.number(first + 3));
    leg.mos_hundredths = static_cast<std::uint16_t>(row.number(first + 4));
    return leg;
}

// A file that was written to by other hands gives the last enumerator, never one that is none.
template <typename E>
E enum_of(std::int64_t number, E last) {
    return static_cast<E>(std::clamp<std::int64_t>(number, 0, static_cast<std::int64_t>(last)));
}

}  // namespace

bool write_contact(Statement& insert, std::int64_t day, const core::ContactRecord& record,
                   const core::AgentCodebook& book) {
    insert.bind(record.contact.value())
        .bind(day)
        .bind(std::int64_t{record.queue.value()})
        .bind(to_micros(record.queued))
        .bind(micros(record.presented))
        .bind(micros(record.answered))
        .bind(to_micros(record.ended))
        .bind(micros(record.wrap_up_ended))
        .bind(static_cast<std::int64_t>(record.held.count()))
        .bind(std::int64_t{record.presentations})
        .bind(book.pseudonym(record.agent))
        .bind(static_cast<std::int64_t>(record.end))
        .bind(static_cast<std::int64_t>(record.by))
        .bind(static_cast<std::int64_t>(record.cause))
        .bind_text(record.outcome);
    bind_leg(insert, record.caller_leg);
    bind_leg(insert, record.agent_leg);
    return insert.run();
}

ContactRow read_contact(const Statement& row) {
    ContactRow result;
    core::ContactRecord& record = result.record;
    record.contact = core::ContactId{static_cast<std::uint64_t>(row.number(0))};
    result.day = row.number(1);
    record.queue = core::QueueId{static_cast<std::uint32_t>(row.number(2))};
    record.queued = from_micros(row.number(3));
    record.presented = time_of(row.maybe_number(4));
    record.answered = time_of(row.maybe_number(5));
    record.ended = from_micros(row.number(6));
    record.wrap_up_ended = time_of(row.maybe_number(7));
    record.held = Duration{row.number(8)};
    record.presentations = static_cast<std::uint32_t>(row.number(9));
    result.pseudonym = static_cast<std::uint64_t>(row.number(10));
    record.end = enum_of(row.number(11), core::ContactEnd::transferred);
    record.by = enum_of(row.number(12), core::EndedBy::centre);
    record.cause = enum_of(row.number(13), core::CutOffCause::time_limit);
    record.outcome = row.bytes(14);
    record.caller_leg = read_leg(row, 15);
    record.agent_leg = read_leg(row, 20);
    return result;
}

}  // namespace lanze::journal
