// BatchWalk: goes through a journal's batches in order, proves their checksums and gives back their
// decisions.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "base/result.h"
#include "journal/codebook.h"
#include "journal/database.h"
#include "journal/key_file.h"
#include "ports/journal.h"

namespace lanze::journal {

class BatchWalk {
public:
    BatchWalk(Database& database, const KeyFile& keys) : database_(database), keys_(keys) {}

    struct Range {
        std::uint64_t after = 0;  // sequence
        std::uint64_t up_to = ~std::uint64_t{0} >> 1U;
        std::uint64_t checksum = 0;  // of the batch `after`; 0 before the first
    };
    struct Visitor {
        std::function<void(const ports::Decision&)> decision;
        // Before the first batch of a day, with the codebook it is read by. May be empty.
        std::function<void(Day day, DayCodebook& book)> day_begins;
        // Asked before each batch; true ends the walk. May be empty.
        std::function<bool()> is_enough = {};
    };
    // The error names the batch that cannot be read, in words for a person.
    Result<void, std::string> run(const Range& range, const Visitor& visitor);

    // Agents met so far; their pseudonyms of other days are found by them.
    std::set<core::AgentId>& known_agents() { return known_; }
    void learn_from(const ports::Decision& decision);
    // The batch whose decisions are visited.
    std::uint64_t sequence() const { return sequence_; }
    std::uint64_t last_checksum() const { return checksum_; }

private:
    void begin_day(Day day, const Visitor& visitor);

    Database& database_;
    const KeyFile& keys_;
    std::set<core::AgentId> known_;
    std::unique_ptr<DayCodebook> book_;
    Day day_ = 0;
    std::uint32_t anonymous_next_ = kAnonymousFirst;
    std::uint64_t checksum_ = 0;
    std::uint64_t sequence_ = 0;
};

}  // namespace lanze::journal
