#include "media/rtcp.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace lanze::media {
namespace {

RtcpReport full_report() {
    RtcpReport report;
    report.ssrc = 0xAABBCCDD;
    report.sender =
        SenderInfo{.ntp_time = 0x0102030405060708, .rtp_time = 7, .packets = 8, .octets = 9};
    report.blocks[0] = {.ssrc = 0x11223344,
                        .fraction_lost = 12,
                        .cumulative_lost = -5,
                        .highest_sequence = 0x10002,
                        .jitter = 33,
                        .last_sr = 44,
                        .delay_since_last_sr = 55};
    report.block_count = 1;
    return report;
}

std::vector<std::uint8_t> written(const RtcpReport& report, std::string_view cname = "abc") {
    std::array<std::uint8_t, kRtcpWrittenMax> buffer{};
    const std::size_t size = write_rtcp(report, cname, buffer);
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST(Rtcp, ReadsWhatItWrote) {
    const auto read = parse_rtcp(written(full_report()));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->ssrc, 0xAABBCCDDU);
    EXPECT_EQ(read->sender, full_report().sender);
    ASSERT_EQ(read->block_count, 1U);
    EXPECT_EQ(read->blocks[0], full_report().blocks[0]);
    EXPECT_FALSE(read->has_bye);
}

TEST(Rtcp, WritesAReceiverReportWithoutBlocks) {
    RtcpReport report;
    report.ssrc = 1;
    const std::vector<std::uint8_t> bytes = written(report);
    EXPECT_EQ(bytes[1], 201);
    EXPECT_EQ(bytes.size() % 4, 0U);
    EXPECT_EQ(bytes[9], 202);
    const auto read = parse_rtcp(bytes);
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->sender);
    EXPECT_EQ(read->block_count, 0U);
}

TEST(Rtcp, FitsTheLongestNameIntoItsBuffer) {
    for (std::size_t size = 0; size < 40; ++size) {
        EXPECT_TRUE(parse_rtcp(written(full_report(), std::string(size, 'x')))) << size;
    }
}

TEST(Rtcp, SeesByeAndSkipsOthers) {
    std::vector<std::uint8_t> bytes = written(full_report());
    const std::vector<std::uint8_t> more = {0x80, 204, 0, 1, 0, 0, 0, 0,   // application-defined
                                            0x81, 203, 0, 1, 0, 0, 0, 9};  // BYE
    bytes.insert(bytes.end(), more.begin(), more.end());
    const auto read = parse_rtcp(bytes);
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->has_bye);
}

TEST(Rtcp, KeepsTheFirstBlocksOnly) {
    std::vector<std::uint8_t> bytes(8 + 6 * 24);
    bytes[0] = 0x86;
    bytes[1] = 201;
    bytes[3] = static_cast<std::uint8_t>(bytes.size() / 4 - 1);
    const auto read = parse_rtcp(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->block_count, kReportBlocksKept);
}

TEST(Rtcp, RefusesWhatDoesNotFit) {
    std::vector<std::uint8_t> good = written(full_report());
    const auto error_of = [](std::vector<std::uint8_t> bytes) { return parse_rtcp(bytes).error(); };
    EXPECT_EQ(error_of({0x80, 200, 0, 0}), RtcpError::too_short);
    EXPECT_EQ(error_of(std::vector<std::uint8_t>(1504, 0x80)), RtcpError::too_long);
    std::vector<std::uint8_t> bad = good;
    bad[0] = 0x41;
    EXPECT_EQ(error_of(bad), RtcpError::bad_version);
    bad = good;
    bad[1] = 202;
    EXPECT_EQ(error_of(bad), RtcpError::bad_first);
    bad = good;
    bad[0] |= 0x20;
    EXPECT_EQ(error_of(bad), RtcpError::bad_first);
    bad = good;
    bad[0] = 0x9F;  // 31 blocks are said, one is there
    EXPECT_EQ(error_of(bad), RtcpError::bad_length);
    bad = good;
    bad[3] = 200;
    EXPECT_EQ(error_of(bad), RtcpError::bad_length);
    bad = good;
    bad.pop_back();
    EXPECT_EQ(error_of(bad), RtcpError::bad_length);
}

TEST(Rtcp, CountsNtpTimeInSecondsAndParts) {
    EXPECT_EQ(to_ntp(from_micros(1'500'000)), 0x180000000ULL);
    EXPECT_EQ(ntp_middle(to_ntp(from_micros(1'500'000))), 0x18000U);
}

}  // namespace
}  // namespace lanze::media
