// Sealing: AES-256-GCM and HMAC-SHA256 as values; the only place that speaks to the cipher library.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lanze::journal {

using Key = std::array<std::uint8_t, 32>;

// From the system's generator. Nothing if that fails.
std::optional<Key> random_key();

// Nonce, ciphertext and tag. `context` says what the text belongs to (row, purpose) and must be the
// same when it is opened: a text moved to another row does not open.
std::string seal(const Key& key, std::string_view context, std::string_view plain);
std::optional<std::string> open_sealed(const Key& key, std::string_view context,
                                       std::string_view sealed);

// HMAC-SHA256 (RFC 2104).
std::array<std::uint8_t, 32> keyed_hash(const Key& key, std::string_view text);

}  // namespace lanze::journal
