#include "media/stun.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

#include "base/check.h"
#include "media/wire.h"

namespace lanze::media {

namespace {

constexpr std::uint32_t kCookie = 0x2112A442;
constexpr std::uint32_t kFingerprintXor = 0x5354554E;  // RFC 8489 §14.7
constexpr std::size_t kAttributeHeader = 4;
constexpr std::size_t kIntegritySize = 20;
constexpr std::size_t kFingerprintSize = 4;

// RFC 8489 §18.3, RFC 8445 §16.1.
enum Attribute : std::uint16_t {
    mapped_address = 0x0001,
    username = 0x0006,
    message_integrity = 0x0008,
    error_code = 0x0009,
    unknown_attributes = 0x000A,
    realm = 0x0014,
    nonce = 0x0015,
    message_integrity_sha256 = 0x001C,
    xor_mapped_address = 0x0020,
    priority = 0x0024,
    use_candidate = 0x0025,
    fingerprint = 0x8028,
    ice_controlled = 0x8029,
    ice_controlling = 0x802A,
};

constexpr std::array<std::uint32_t, 256> make_crc_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value >> 1U) ^ ((value & 1U) != 0 ? 0xEDB88320U : 0U);
        }
        table[i] = value;
    }
    return table;
}

// ISO 3309's CRC-32, the one of V.42.
std::uint32_t crc32(Bytes bytes) {
    static constexpr std::array<std::uint32_t, 256> kTable = make_crc_table();
    std::uint32_t crc = ~0U;
    for (const std::uint8_t byte : bytes) {
        crc = kTable[(crc ^ byte) & 0xFFU] ^ (crc >> 8U);
    }
    return ~crc;
}

constexpr std::size_t padded(std::size_t size) {
    return (size + 3) & ~std::size_t{3};
}

std::uint64_t read64(Bytes bytes, std::size_t at) {
    return (std::uint64_t{read32(bytes, at)} << 32U) | read32(bytes, at + 4);
}

// The HMAC over what stands before `integrity_at`, with the length that the message would have if
// it ended behind MESSAGE-INTEGRITY (RFC 8489 §14.5).
std::array<std::uint8_t, kIntegritySize> integrity_of(Bytes message, std::size_t integrity_at,
                                                      std::string_view password) {
    std::array<std::uint8_t, kDatagramMax> covered{};
    std::copy_n(message.begin(), integrity_at, covered.begin());
    write16(covered, 2,
            static_cast<std::uint16_t>(integrity_at + kAttributeHeader + kIntegritySize -
                                       kStunHeaderSize));
    std::array<std::uint8_t, kIntegritySize> digest{};
    unsigned size = 0;
    const unsigned char* made = HMAC(EVP_sha1(), password.data(), static_cast<int>(password.size()),
                                     covered.data(), integrity_at, digest.data(), &size);
    LANZE_CHECK(made != nullptr && size == kIntegritySize);
    return digest;
}

// RFC 8489 §14.2: the port is xored with the cookie's upper half, the address with the cookie and
// the transaction.
std::array<std::uint8_t, 16> address_mask(const StunTransaction& transaction) {
    std::array<std::uint8_t, 16> mask{};
    write32(mask, 0, kCookie);
    std::copy(transaction.begin(), transaction.end(), mask.begin() + 4);
    return mask;
}

std::optional<Endpoint> read_mapped(Bytes value, const StunTransaction& transaction) {
    if (value.size() != 8 && value.size() != 20) {
        return std::nullopt;
    }
    const bool is_v6 = value[1] == 2;
    if (value[1] != (value.size() == 20 ? 2 : 1)) {
        return std::nullopt;
    }
    Endpoint endpoint;
    endpoint.address.is_v6 = is_v6;
    endpoint.port = static_cast<std::uint16_t>(read16(value, 2) ^ (kCookie >> 16U));
    const std::array<std::uint8_t, 16> mask = address_mask(transaction);
    const std::size_t size = value.size() - 4;
    const std::size_t start = endpoint.address.bytes.size() - size;
    for (std::size_t i = 0; i < size; ++i) {
        endpoint.address.bytes[start + i] = value[4 + i] ^ mask[i];
    }
    return endpoint;
}

// Class and method lie interleaved in the type (RFC 8489 §5).
StunClass class_of(std::uint16_t type) {
    return static_cast<StunClass>(((type >> 7U) & 2U) | ((type >> 4U) & 1U));
}

std::uint16_t method_of(std::uint16_t type) {
    return static_cast<std::uint16_t>((type & 0xFU) | ((type >> 1U) & 0x70U) |
                                      ((type >> 2U) & 0xF80U));
}

// Whether the value's length is one the type can have.
bool read_attribute(StunMessage& message, std::uint16_t type, Bytes value) {
    const std::size_t size = value.size();
    switch (type) {
        case Attribute::username:
            message.username = {reinterpret_cast<const char*>(value.data()), size};
            return size <= kStunUsernameMax;
        case Attribute::error_code:
            if (size < 4) {
                return false;
            }
            message.error_code = static_cast<std::uint16_t>((value[2] & 7U) * 100U + value[3]);
            return true;
        case Attribute::xor_mapped_address:
            message.mapped = read_mapped(value, message.transaction);
            return message.mapped.has_value();
        case Attribute::priority:
            message.priority = size == 4 ? std::optional(read32(value, 0)) : std::nullopt;
            return size == 4;
        case Attribute::use_candidate:
            message.has_use_candidate = true;
            return size == 0;
        case Attribute::ice_controlled:
            message.controlled = size == 8 ? std::optional(read64(value, 0)) : std::nullopt;
            return size == 8;
        case Attribute::ice_controlling:
            message.controlling = size == 8 ? std::optional(read64(value, 0)) : std::nullopt;
            return size == 8;
        case Attribute::message_integrity:
            return size == kIntegritySize;
        case Attribute::mapped_address:
        case Attribute::unknown_attributes:
        case Attribute::realm:
        case Attribute::nonce:
        case Attribute::message_integrity_sha256:
            return true;
        default:
            break;
    }
    // Types from 0x8000 on may be passed over.
    if (type < 0x8000 && message.unknown_count < kStunUnknownMax) {
        message.unknown[message.unknown_count++] = type;
    }
    return true;
}

Result<void, StunError> read_attributes(StunMessage& message, Bytes datagram) {
    std::size_t count = 0;
    for (std::size_t at = kStunHeaderSize; at < datagram.size();) {
        if (++count > kStunAttributesMax) {
            return Unexpected(StunError::too_many);
        }
        // The header's length is a multiple of four, so that four bytes are there.
        const std::uint16_t type = read16(datagram, at);
        const std::size_t size = read16(datagram, at + 2);
        const std::size_t next = at + kAttributeHeader + padded(size);
        if (next > datagram.size()) {
            return Unexpected(StunError::bad_attribute);
        }
        const Bytes value = datagram.subspan(at + kAttributeHeader, size);
        if (type == Attribute::fingerprint) {
            const bool is_right = size == kFingerprintSize && next == datagram.size() &&
                                  read32(value, 0) == (crc32(datagram.first(at)) ^ kFingerprintXor);
            if (!is_right) {
                return Unexpected(StunError::bad_fingerprint);
            }
            message.has_fingerprint = true;
        } else if (message.integrity_at == 0) {
            if (!read_attribute(message, type, value)) {
                return Unexpected(StunError::bad_attribute);
            }
            message.integrity_at = type == Attribute::message_integrity ? at : 0;
        }
        at = next;
    }
    return {};
}

std::string_view phrase_of(StunCode code) {
    switch (code) {
        case StunCode::bad_request:
            return "Bad Request";
        case StunCode::unauthenticated:
            return "Unauthenticated";
        case StunCode::unknown_attribute:
            return "Unknown Attribute";
        case StunCode::role_conflict:
            return "Role Conflict";
    }
    return {};
}

}  // namespace

std::string_view describe(StunError error) {
    switch (error) {
        case StunError::too_short:
            return "the datagram is shorter than a STUN header";
        case StunError::too_long:
            return "the datagram is longer than 1,500 bytes";
        case StunError::not_stun:
            return "the first two bits or the magic cookie are not those of STUN";
        case StunError::bad_length:
            return "the length in the header is not that of the datagram";
        case StunError::bad_attribute:
            return "an attribute goes beyond the end or has a length its type cannot have";
        case StunError::too_many:
            return "the message has more than 32 attributes";
        case StunError::bad_fingerprint:
            return "FINGERPRINT is wrong or not the last attribute";
    }
    return "unknown";
}

Result<StunMessage, StunError> parse_stun(Bytes datagram) {
    if (datagram.size() < kStunHeaderSize) {
        return Unexpected(StunError::too_short);
    }
    if (datagram.size() > kDatagramMax) {
        return Unexpected(StunError::too_long);
    }
    if (datagram[0] >= 0x40 || read32(datagram, 4) != kCookie) {
        return Unexpected(StunError::not_stun);
    }
    const std::size_t length = read16(datagram, 2);
    if (length % 4 != 0 || length + kStunHeaderSize != datagram.size()) {
        return Unexpected(StunError::bad_length);
    }
    StunMessage message;
    const std::uint16_t type = read16(datagram, 0);
    message.kind = class_of(type);
    message.method = method_of(type);
    std::copy_n(datagram.begin() + 8, message.transaction.size(), message.transaction.begin());
    if (const auto read = read_attributes(message, datagram); !read) {
        return Unexpected(read.error());
    }
    return message;
}

bool has_integrity(Bytes datagram, const StunMessage& message, std::string_view password) {
    if (message.integrity_at == 0) {
        return false;
    }
    const auto expected = integrity_of(datagram, message.integrity_at, password);
    const Bytes given = datagram.subspan(message.integrity_at + kAttributeHeader, expected.size());
    return CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0;
}

StunWriter::StunWriter(StunClass kind, const StunTransaction& transaction)
    : transaction_(transaction) {
    const auto bits = static_cast<unsigned>(kind);
    write16(bytes_, 0,
            static_cast<std::uint16_t>(kStunBinding | ((bits & 2U) << 7U) | ((bits & 1U) << 4U)));
    write32(bytes_, 4, kCookie);
    std::copy(transaction.begin(), transaction.end(), bytes_.begin() + 8);
}

std::span<std::uint8_t> StunWriter::add(std::uint16_t type, std::size_t size) {
    LANZE_CHECK(size_ + kAttributeHeader + padded(size) <= bytes_.size());
    write16(bytes_, size_, type);
    write16(bytes_, size_ + 2, static_cast<std::uint16_t>(size));
    const std::span<std::uint8_t> value = std::span(bytes_).subspan(size_ + kAttributeHeader, size);
    size_ += kAttributeHeader + padded(size);
    return value;
}

void StunWriter::set_length() {
    write16(bytes_, 2, static_cast<std::uint16_t>(size_ - kStunHeaderSize));
}

void StunWriter::add_username(std::string_view name) {
    name = name.substr(0, kStunUsernameMax);
    std::copy(name.begin(), name.end(), add(Attribute::username, name.size()).begin());
}

void StunWriter::add_priority(std::uint32_t value) {
    write32(add(Attribute::priority, 4), 0, value);
}

void StunWriter::add_use_candidate() {
    add(Attribute::use_candidate, 0);
}

void StunWriter::add_controlling(std::uint64_t tie_breaker) {
    const std::span<std::uint8_t> value = add(Attribute::ice_controlling, 8);
    write32(value, 0, static_cast<std::uint32_t>(tie_breaker >> 32U));
    write32(value, 4, static_cast<std::uint32_t>(tie_breaker));
}

void StunWriter::add_controlled(std::uint64_t tie_breaker) {
    const std::span<std::uint8_t> value = add(Attribute::ice_controlled, 8);
    write32(value, 0, static_cast<std::uint32_t>(tie_breaker >> 32U));
    write32(value, 4, static_cast<std::uint32_t>(tie_breaker));
}

void StunWriter::add_mapped(const Endpoint& endpoint) {
    const std::size_t size = endpoint.address.is_v6 ? 16 : 4;
    const std::span<std::uint8_t> value = add(Attribute::xor_mapped_address, 4 + size);
    value[1] = endpoint.address.is_v6 ? 2 : 1;
    write16(value, 2, static_cast<std::uint16_t>(endpoint.port ^ (kCookie >> 16U)));
    const std::array<std::uint8_t, 16> mask = address_mask(transaction_);
    const std::size_t start = endpoint.address.bytes.size() - size;
    for (std::size_t i = 0; i < size; ++i) {
        value[4 + i] = endpoint.address.bytes[start + i] ^ mask[i];
    }
}

void StunWriter::add_error(StunCode code) {
    const std::string_view phrase = phrase_of(code);
    const auto number = static_cast<std::uint16_t>(code);
    const std::span<std::uint8_t> value = add(Attribute::error_code, 4 + phrase.size());
    value[2] = static_cast<std::uint8_t>(number / 100);
    value[3] = static_cast<std::uint8_t>(number % 100);
    std::copy(phrase.begin(), phrase.end(), value.begin() + 4);
}

void StunWriter::add_unknown(std::span<const std::uint16_t> types) {
    const std::span<std::uint8_t> value = add(Attribute::unknown_attributes, 2 * types.size());
    for (std::size_t i = 0; i < types.size(); ++i) {
        write16(value, 2 * i, types[i]);
    }
}

void StunWriter::add_other(std::uint16_t type, Bytes value) {
    std::copy(value.begin(), value.end(), add(type, value.size()).begin());
}

Bytes StunWriter::finish(std::string_view password) {
    const std::size_t at = size_;
    const std::span<std::uint8_t> value = add(Attribute::message_integrity, kIntegritySize);
    const auto digest = integrity_of(Bytes(bytes_).first(size_), at, password);
    std::copy(digest.begin(), digest.end(), value.begin());
    return finish();
}

Bytes StunWriter::finish() {
    const std::size_t at = size_;
    const std::span<std::uint8_t> value = add(Attribute::fingerprint, kFingerprintSize);
    set_length();
    write32(value, 0, crc32(Bytes(bytes_).first(at)) ^ kFingerprintXor);
    return Bytes(bytes_).first(size_);
}

}  // namespace lanze::media
