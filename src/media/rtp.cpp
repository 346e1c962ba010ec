#include "media/rtp.h"

#include "media/wire.h"

namespace lanze::media {

namespace {

constexpr std::uint32_t kStunCookie = 0x2112A442;
constexpr std::size_t kStunHeaderSize = 20;

}  // namespace

DatagramKind classify(Bytes datagram) {
    if (datagram.size() < 2 || datagram.size() > kDatagramMax) {
        return DatagramKind::junk;
    }
    const std::uint8_t first = datagram[0];
    if (first < 4) {
        const bool is_stun =
            datagram.size() >= kStunHeaderSize && read32(datagram, 4) == kStunCookie;
        return is_stun ? DatagramKind::stun : DatagramKind::junk;
    }
    if (first >= 20 && first < 64) {
        return DatagramKind::dtls;
    }
    if (first < 128 || first >= 192) {
        return DatagramKind::junk;
    }
    // RFC 5761 §4: RTCP types 192..223 stand where RTP payload types 64..95 with a marker would.
    const bool is_rtcp = datagram[1] >= 192 && datagram[1] < 224;
    return is_rtcp ? DatagramKind::rtcp : DatagramKind::rtp;
}

Result<RtpPacket, RtpError> parse_rtp(Bytes datagram) {
    if (datagram.size() < kRtpHeaderSize) {
        return Unexpected(RtpError::too_short);
    }
    if (datagram.size() > kDatagramMax) {
        return Unexpected(RtpError::too_long);
    }
    if (datagram[0] >> 6U != 2) {
        return Unexpected(RtpError::bad_version);
    }
    RtpPacket packet;
    packet.payload_offset = kRtpHeaderSize + std::size_t{4} * (datagram[0] & 15U);
    if ((datagram[0] & 0x10U) != 0) {
        if (datagram.size() < packet.payload_offset + 4) {
            return Unexpected(RtpError::too_short);
        }
        packet.payload_offset += 4 + std::size_t{4} * read16(datagram, packet.payload_offset + 2);
    }
    if (datagram.size() < packet.payload_offset) {
        return Unexpected(RtpError::too_short);
    }
    packet.payload_size = datagram.size() - packet.payload_offset;
    if ((datagram[0] & 0x20U) != 0) {
        const std::size_t padding = datagram.back();
        if (padding == 0 || padding > packet.payload_size) {
            return Unexpected(RtpError::bad_padding);
        }
        packet.payload_size -= padding;
    }
    packet.header = {.marker = (datagram[1] & 0x80U) != 0,
                     .payload_type = static_cast<std::uint8_t>(datagram[1] & 0x7FU),
                     .sequence = read16(datagram, 2),
                     .timestamp = read32(datagram, 4),
                     .ssrc = read32(datagram, 8)};
    return packet;
}

void write_rtp_header(const RtpHeader& header, std::span<std::uint8_t, kRtpHeaderSize> to) {
    to[0] = 0x80;
    to[1] = static_cast<std::uint8_t>((header.marker ? 0x80U : 0U) | (header.payload_type & 0x7FU));
    write16(to, 2, header.sequence);
    write32(to, 4, header.timestamp);
    write32(to, 8, header.ssrc);
}

}  // namespace lanze::media
