#include "journal/batch_walk.h"

#include "journal/batch_codec.h"

namespace lanze::journal {

void BatchWalk::learn_from(const ports::Decision& decision) {
    for (const core::Event& event : decision.events) {
        if (const auto* configured = std::get_if<core::Configured>(&event)) {
            known_.insert(configured->agent_ids.begin(), configured->agent_ids.end());
        }
    }
}

void BatchWalk::begin_day(Day day, const Visitor& visitor) {
    day_ = day;
    if (book_ != nullptr) {
        anonymous_next_ = book_->anonymous_next();
    }
    book_ = std::make_unique<DayCodebook>(keys_.find(Purpose::agents, day), anonymous_next_);
    for (const core::AgentId agent : known_) {
        book_->learn(agent);
    }
    if (visitor.day_begins) {
        visitor.day_begins(day, *book_);
    }
}

Result<void, std::string> BatchWalk::run(const Range& range, const Visitor& visitor) {
    auto rows = database_.prepare(
        "SELECT sequence, day, bytes, checksum FROM batch WHERE sequence > ? AND sequence <= ? "
        "ORDER BY sequence");
    if (!rows) {
        return Unexpected(rows.error());
    }
    checksum_ = range.checksum;
    std::uint64_t expected = range.after;
    rows->bind(range.after).bind(range.up_to);
    while ((!visitor.is_enough || !visitor.is_enough()) && rows->step()) {
        const auto sequence = static_cast<std::uint64_t>(rows->number(0));
        const Day day = rows->number(1);
        const std::string_view bytes = rows->bytes(2);
        checksum_ = chain_checksum(checksum_, {sequence, day, bytes});
        const std::string which = "batch " + std::to_string(sequence) + " of the journal ";
        if (sequence != ++expected) {
            return Unexpected("batch " + std::to_string(expected) +
                              " of the journal is missing; put back a copy of the whole file");
        }
        if (checksum_ != static_cast<std::uint64_t>(rows->number(3))) {
            return Unexpected(which +
                              "is damaged (its checksum is wrong); put back a copy of the "
                              "whole file");
        }
        sequence_ = sequence;
        if (book_ == nullptr || day != day_) {
            begin_day(day, visitor);
        }
        const auto decisions = decode_decisions(bytes, *book_);
        if (!decisions) {
            return Unexpected(which + "cannot be read; was it written by a later version?");
        }
        for (const ports::Decision& decision : *decisions) {
            if (book_->has_key()) {
                learn_from(decision);
            }
            visitor.decision(decision);
        }
    }
    if (database_.has_failed()) {
        return Unexpected(database_.problem());
    }
    return {};
}

}  // namespace lanze::journal
