#include "media/rtcp.h"

#include <algorithm>

#include "media/wire.h"

namespace lanze::media {

namespace {

constexpr std::uint8_t kSenderReport = 200;
constexpr std::uint8_t kReceiverReport = 201;
constexpr std::uint8_t kSourceDescription = 202;
constexpr std::uint8_t kBye = 203;
constexpr std::uint8_t kCnameItem = 1;
constexpr std::size_t kHeaderSize = 8;  // common header and the sender's SSRC
constexpr std::size_t kSenderInfoSize = 20;
constexpr std::size_t kBlockSize = 24;

ReportBlock read_block(Bytes bytes) {
    // 24 bits with sign: shifted up to the sign of 32 bits and back.
    const auto lost = static_cast<std::int32_t>(read24(bytes, 5) << 8U) >> 8U;
    return {.ssrc = read32(bytes, 0),
            .fraction_lost = bytes[4],
            .cumulative_lost = lost,
            .highest_sequence = read32(bytes, 8),
            .jitter = read32(bytes, 12),
            .last_sr = read32(bytes, 16),
            .delay_since_last_sr = read32(bytes, 20)};
}

void write_block(const ReportBlock& block, std::span<std::uint8_t> to) {
    constexpr std::int32_t kLostMax = 0x7FFFFF;
    const std::int32_t lost = std::clamp(block.cumulative_lost, -kLostMax - 1, kLostMax);
    write32(to, 0, block.ssrc);
    write32(to, 4, static_cast<std::uint32_t>(lost) & 0xFFFFFFU);
    to[4] = block.fraction_lost;
    write32(to, 8, block.highest_sequence);
    write32(to, 12, block.jitter);
    write32(to, 16, block.last_sr);
    write32(to, 20, block.delay_since_last_sr);
}

// One report packet of the compound, header included; its length was checked against the datagram.
Result<void, RtcpError> read_report(Bytes packet, RtcpReport& into) {
    const bool is_sender = packet[1] == kSenderReport;
    const std::size_t block_count = packet[0] & 31U;
    const std::size_t blocks_at = kHeaderSize + (is_sender ? kSenderInfoSize : 0);
    if (packet.size() < blocks_at + block_count * kBlockSize) {
        return Unexpected(RtcpError::bad_length);
    }
    if (is_sender) {
        into.sender = SenderInfo{
            .ntp_time = (static_cast<std::uint64_t>(read32(packet, 8)) << 32U) | read32(packet, 12),
            .rtp_time = read32(packet, 16),
            .packets = read32(packet, 20),
            .octets = read32(packet, 24)};
    }
    for (std::size_t i = 0; i < block_count && into.block_count < kReportBlocksKept; ++i) {
        into.blocks[into.block_count++] =
            read_block(packet.subspan(blocks_at + i * kBlockSize, kBlockSize));
    }
    return {};
}

// RFC 3550 A.2, for the first packet of a compound.
Result<void, RtcpError> check_first(Bytes datagram) {
    if (datagram.size() < kHeaderSize) {
        return Unexpected(RtcpError::too_short);
    }
    if (datagram.size() > kDatagramMax) {
        return Unexpected(RtcpError::too_long);
    }
    if (datagram[0] >> 6U != 2) {
        return Unexpected(RtcpError::bad_version);
    }
    const bool is_report = datagram[1] == kSenderReport || datagram[1] == kReceiverReport;
    if (!is_report || (datagram[0] & 0x20U) != 0) {
        return Unexpected(RtcpError::bad_first);
    }
    return {};
}

std::size_t write_source_description(std::uint32_t ssrc, std::string_view cname,
                                     std::span<std::uint8_t> to) {
    cname = cname.substr(0, kCnameMax);
    // At least one zero ends the list of items; the chunk ends on a 32-bit boundary.
    const std::size_t size = (kHeaderSize + 2 + cname.size() + 1 + 3) / 4 * 4;
    std::fill(to.begin(), to.begin() + static_cast<std::ptrdiff_t>(size), std::uint8_t{0});
    to[0] = 0x81;
    to[1] = kSourceDescription;
    write16(to, 2, static_cast<std::uint16_t>(size / 4 - 1));
    write32(to, 4, ssrc);
    to[8] = kCnameItem;
    to[9] = static_cast<std::uint8_t>(cname.size());
    std::copy(cname.begin(), cname.end(), to.begin() + 10);
    return size;
}

}  // namespace

Result<RtcpReport, RtcpError> parse_rtcp(Bytes datagram) {
    if (const auto checked = check_first(datagram); !checked) {
        return Unexpected(checked.error());
    }
    RtcpReport report;
    report.ssrc = read32(datagram, 4);
    Bytes rest = datagram;
    while (!rest.empty()) {
        if (rest.size() < 4) {
            return Unexpected(RtcpError::bad_length);
        }
        if (rest[0] >> 6U != 2) {
            return Unexpected(RtcpError::bad_version);
        }
        const std::size_t size = (std::size_t{read16(rest, 2)} + 1) * 4;
        if (size > rest.size()) {
            return Unexpected(RtcpError::bad_length);
        }
        const std::uint8_t type = rest[1];
        if (type == kSenderReport || type == kReceiverReport) {
            if (const auto read = read_report(rest.first(size), report); !read) {
                return Unexpected(read.error());
            }
        }
        report.has_bye = report.has_bye || type == kBye;
        rest = rest.subspan(size);
    }
    return report;
}

std::size_t write_rtcp(const RtcpReport& report, std::string_view cname,
                       std::span<std::uint8_t, kRtcpWrittenMax> to) {
    const std::size_t block_count = std::min<std::size_t>(report.block_count, 1);
    const std::size_t blocks_at = kHeaderSize + (report.sender ? kSenderInfoSize : 0);
    const std::size_t size = blocks_at + block_count * kBlockSize;
    to[0] = static_cast<std::uint8_t>(0x80U | block_count);
    to[1] = report.sender ? kSenderReport : kReceiverReport;
    write16(to, 2, static_cast<std::uint16_t>(size / 4 - 1));
    write32(to, 4, report.ssrc);
    if (report.sender) {
        write32(to, 8, static_cast<std::uint32_t>(report.sender->ntp_time >> 32U));
        write32(to, 12, static_cast<std::uint32_t>(report.sender->ntp_time));
        write32(to, 16, report.sender->rtp_time);
        write32(to, 20, report.sender->packets);
        write32(to, 24, report.sender->octets);
    }
    if (block_count == 1) {
        write_block(report.blocks[0], to.subspan(blocks_at, kBlockSize));
    }
    return size + write_source_description(report.ssrc, cname, to.subspan(size));
}

std::uint64_t to_ntp(Time time) {
    const auto micros = static_cast<std::uint64_t>(to_micros(time));
    const std::uint64_t whole = micros / 1'000'000;
    const std::uint64_t part = ((micros % 1'000'000) << 32U) / 1'000'000;
    return (whole << 32U) | part;
}

}  // namespace lanze::media
