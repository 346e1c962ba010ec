#include "journal/codebook.h"

#include "base/check.h"

namespace lanze::journal {

namespace {

constexpr std::string_view kContext = "agent";

// Hashing and sealing each have a key of their own, drawn from the day's.
Key sealing_key(const Key& key) {
    return keyed_hash(key, "seal");
}

}  // namespace

std::uint64_t DayCodebook::pseudonym(core::AgentId agent) const {
    if (!agent.is_set()) {
        return 0;
    }
    const auto [place, is_new] = pseudonyms_.try_emplace(agent, 0);
    if (is_new) {
        LANZE_CHECK(key_.has_value());
        const auto hash = keyed_hash(*key_, "agent " + std::to_string(agent.value()));
        for (std::size_t i = 0; i < 8; ++i) {
            place->second |= static_cast<std::uint64_t>(hash[i]) << (8 * i);
        }
    }
    return place->second;
}

core::AgentId DayCodebook::agent(std::uint64_t pseudonym) {
    if (pseudonym == 0) {
        return {};
    }
    const auto [place, is_new] = agents_.try_emplace(pseudonym, core::AgentId{anonymous_next_});
    if (is_new) {
        ++anonymous_next_;
    }
    return place->second;
}

std::string DayCodebook::seal(std::string_view plain) const {
    LANZE_CHECK(key_.has_value());
    return journal::seal(sealing_key(*key_), kContext, plain);
}

std::optional<std::string> DayCodebook::open(std::string_view sealed) const {
    return key_ ? open_sealed(sealing_key(*key_), kContext, sealed) : std::nullopt;
}

void DayCodebook::learn(core::AgentId agent) {
    if (key_ && agent.is_set()) {
        agents_.insert_or_assign(pseudonym(agent), agent);
    }
}

}  // namespace lanze::journal
