// DayCodebook: agents' pseudonyms of one day: made from the day's key, or, once that is shredded,
// ids that mean nobody.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/codec.h"
#include "journal/seal.h"

namespace lanze::journal {

// Ids from here on stand for agents whose day's key is shredded.
inline constexpr std::uint32_t kAnonymousFirst = 1U << 31U;

class DayCodebook final : public core::AgentCodebook {
public:
    // `anonymous_first`: the first id for a pseudonym that nobody can resolve.
    DayCodebook(std::optional<Key> key, std::uint32_t anonymous_first)
        : key_(key), anonymous_next_(anonymous_first) {}

    // The first eight bytes of HMAC-SHA256(day's key, id). Needs the key.
    std::uint64_t pseudonym(core::AgentId agent) const override;
    core::AgentId agent(std::uint64_t pseudonym) override;
    std::string seal(std::string_view plain) const override;
    std::optional<std::string> open(std::string_view sealed) const override;
    void learn(core::AgentId agent) override;

    bool has_key() const { return key_.has_value(); }
    std::uint32_t anonymous_next() const { return anonymous_next_; }

private:
    std::optional<Key> key_;
    std::uint32_t anonymous_next_;
    mutable std::unordered_map<core::AgentId, std::uint64_t> pseudonyms_;
    std::unordered_map<std::uint64_t, core::AgentId> agents_;
};

}  // namespace lanze::journal
