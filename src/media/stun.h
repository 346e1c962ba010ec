// STUN messages as values (RFC 8489), as far as ICE's connectivity checks use them (RFC 8445 §7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/endpoint.h"
#include "base/result.h"
#include "media/rtp.h"

namespace lanze::media {

inline constexpr std::size_t kStunHeaderSize = 20;
inline constexpr std::size_t kStunUsernameMax = 513;   // RFC 8489 §14.3
inline constexpr std::size_t kStunAttributesMax = 32;  // a check of a browser has eight
inline constexpr std::size_t kStunUnknownMax = 8;      // told of in an answer; the rest is not
inline constexpr std::uint16_t kStunBinding = 1;

using StunTransaction = std::array<std::uint8_t, 12>;

enum class StunClass : std::uint8_t { request, indication, success, error };

enum class StunError : std::uint8_t {
    too_short,
    too_long,         // longer than kDatagramMax
    not_stun,         // the first two bits or the magic cookie are others
    bad_length,       // the header's length is not that of the datagram
    bad_attribute,    // one goes beyond the end, or has a length its type cannot have
    too_many,         // more than kStunAttributesMax
    bad_fingerprint,  // FINGERPRINT is wrong, or not the last attribute
};

// A sentence for who looks for the fault.
std::string_view describe(StunError error);

// The numbers an error answer may have (RFC 8489 §14.8, RFC 8445 §7.3.1.1).
enum class StunCode : std::uint16_t {
    bad_request = 400,
    unauthenticated = 401,
    unknown_attribute = 420,
    role_conflict = 487,
};

struct StunMessage {
    StunClass kind = StunClass::request;
    std::uint16_t method = kStunBinding;
    StunTransaction transaction{};
    std::string_view username;  // points into the datagram; empty: none
    std::optional<std::uint32_t> priority;
    bool has_use_candidate = false;
    std::optional<std::uint64_t> controlling;  // the sender's tie-breaker
    std::optional<std::uint64_t> controlled;
    std::optional<Endpoint> mapped;           // XOR-MAPPED-ADDRESS
    std::optional<std::uint16_t> error_code;  // 300..699
    // Attributes we would have to understand (RFC 8489 §14) and do not.
    std::array<std::uint16_t, kStunUnknownMax> unknown{};
    std::size_t unknown_count = 0;
    std::size_t integrity_at = 0;  // where MESSAGE-INTEGRITY begins; 0: there is none
    bool has_fingerprint = false;  // and it is right
};

// What stands behind MESSAGE-INTEGRITY is not read, except FINGERPRINT: anybody could have added it
// (RFC 8489 §14.5).
Result<StunMessage, StunError> parse_stun(Bytes datagram);

// Whether the message has MESSAGE-INTEGRITY, made with that password (short-term credentials).
bool has_integrity(Bytes datagram, const StunMessage& message, std::string_view password);

// Builds one message in a buffer of its own.
class StunWriter {
public:
    StunWriter(StunClass kind, const StunTransaction& transaction);

    void add_username(std::string_view name);  // cut at kStunUsernameMax
    void add_priority(std::uint32_t value);
    void add_use_candidate();
    void add_controlling(std::uint64_t tie_breaker);
    void add_controlled(std::uint64_t tie_breaker);
    void add_mapped(const Endpoint& endpoint);
    void add_error(StunCode code);
    void add_unknown(std::span<const std::uint16_t> types);

    void add_other(std::uint16_t type, Bytes value);  // any attribute by its number

    // Both complete the message; nothing is added afterwards. They stay valid as long as the
    // writer.
    Bytes finish(std::string_view password);  // with MESSAGE-INTEGRITY and FINGERPRINT
    Bytes finish();                           // with FINGERPRINT alone

private:
    std::span<std::uint8_t> add(std::uint16_t type, std::size_t size);
    void set_length();

    std::array<std::uint8_t, 768> bytes_{};
    std::size_t size_ = kStunHeaderSize;
    StunTransaction transaction_;
};

}  // namespace lanze::media
