// RTCP compound packets as values: sender and receiver reports (RFC 3550 §6); others are skipped.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "media/rtp.h"

namespace lanze::media {

enum class RtcpError : std::uint8_t {
    too_short,
    too_long,
    bad_version,
    bad_first,   // RFC 3550 §6.1: a compound starts with a sender or receiver report, unpadded
    bad_length,  // the lengths do not add up to the datagram
};

struct ReportBlock {
    std::uint32_t ssrc = 0;                 // whose packets are reported on
    std::uint8_t fraction_lost = 0;         // of 256, since the last report
    std::int32_t cumulative_lost = 0;       // 24 bits; negative with duplicates
    std::uint32_t highest_sequence = 0;     // with cycles
    std::uint32_t jitter = 0;               // timestamp units
    std::uint32_t last_sr = 0;              // middle 32 bits of the NTP time; 0: none came
    std::uint32_t delay_since_last_sr = 0;  // 1/65,536 s
    friend bool operator==(const ReportBlock&, const ReportBlock&) = default;
};

struct SenderInfo {
    std::uint64_t ntp_time = 0;  // 32.32 seconds
    std::uint32_t rtp_time = 0;
    std::uint32_t packets = 0;
    std::uint32_t octets = 0;
    friend bool operator==(const SenderInfo&, const SenderInfo&) = default;
};

// A leg speaks with one other end, so more blocks than these are of no interest and skipped.
inline constexpr std::size_t kReportBlocksKept = 4;

struct RtcpReport {
    std::uint32_t ssrc = 0;  // of the first report
    std::optional<SenderInfo> sender;
    std::array<ReportBlock, kReportBlocksKept> blocks{};
    std::size_t block_count = 0;
    bool has_bye = false;
};

Result<RtcpReport, RtcpError> parse_rtcp(Bytes datagram);

inline constexpr std::size_t kCnameMax = 32;
inline constexpr std::size_t kRtcpWrittenMax = 8 + 20 + 24 + 8 + 2 + kCnameMax + 4;

// A compound of one report (sender report if `sender` is set, up to one block) and the source
// description with the canonical name, cut at kCnameMax. Gives the number of bytes written.
std::size_t write_rtcp(const RtcpReport& report, std::string_view cname,
                       std::span<std::uint8_t, kRtcpWrittenMax> to);

// NTP form of a time. RFC 3550 §6.4.1 allows any epoch, as only differences count.
std::uint64_t to_ntp(Time time);
constexpr std::uint32_t ntp_middle(std::uint64_t ntp) {
    return static_cast<std::uint32_t>(ntp >> 16U);
}

}  // namespace lanze::media
