// The bytes of a batch: its decisions, compact and with a checksum that chains it to the one
// before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/codec.h"
#include "ports/journal.h"

namespace lanze::journal {

// version, count, then per decision: time (after the previous one), command, events.
std::string encode_decisions(const std::vector<ports::Decision>& decisions,
                             const core::AgentCodebook& book);
// Nothing for bytes that encode_decisions() has not made.
std::optional<std::vector<ports::Decision>> decode_decisions(std::string_view bytes,
                                                             core::AgentCodebook& book);

// Over the batch and the checksum before it: a batch that is changed, missing or moved shows.
struct ChecksumOf {
    std::uint64_t sequence = 0;
    std::int64_t day = 0;
    std::string_view bytes;
};
std::uint64_t chain_checksum(std::uint64_t before, const ChecksumOf& batch);

}  // namespace lanze::journal
