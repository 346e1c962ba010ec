// RTP packets as values (RFC 3550 §5.1), and what kind of datagram has come (RFC 7983, RFC 5761).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"
#include "base/time.h"

namespace lanze::media {

using Bytes = std::span<const std::uint8_t>;

inline constexpr std::size_t kRtpHeaderSize = 12;
inline constexpr std::size_t kDatagramMax = 1500;  // longer ones are refused

// Buffers of packets keep so much room behind the packet: SRTP writes its tag there, and libsrtp2
// asks for what the longest of all its tags would take.
inline constexpr std::size_t kRoomBehind = 148;

// A packet that may be rewritten in place.
struct PacketBuffer {
    std::span<std::uint8_t> bytes;
    std::size_t room = 0;  // bytes behind it that may be written to
};

enum class DatagramKind : std::uint8_t { rtp, rtcp, stun, dtls, junk };

// By the first two bytes, and for STUN the magic cookie; the rest may still be malformed.
DatagramKind classify(Bytes datagram);

enum class RtpError : std::uint8_t { too_short, too_long, bad_version, bad_padding };

struct RtpHeader {
    bool marker = false;
    std::uint8_t payload_type = 0;  // 0..127
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t ssrc = 0;
    friend bool operator==(const RtpHeader&, const RtpHeader&) = default;
};

struct RtpPacket {
    RtpHeader header;
    // Where the payload lies in the datagram, without contributing sources, extension and padding.
    std::size_t payload_offset = 0;
    std::size_t payload_size = 0;
};

Result<RtpPacket, RtpError> parse_rtp(Bytes datagram);

// Version 2, no padding, no extension, no contributing sources.
void write_rtp_header(const RtpHeader& header, std::span<std::uint8_t, kRtpHeaderSize> to);

// How many units of a clock of so many Hz there are in it; by seconds, so that the time since 1970
// does not overflow.
constexpr std::int64_t clock_units(Duration duration, std::uint32_t clock) {
    constexpr std::int64_t kMicros = 1'000'000;
    const std::int64_t micros = duration.count();
    return micros / kMicros * clock + micros % kMicros * clock / kMicros;
}

// Signed distance from `from` to `to` on the circle of sequence numbers.
constexpr int sequence_distance(std::uint16_t from, std::uint16_t to) {
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(to - from));
}

}  // namespace lanze::media
