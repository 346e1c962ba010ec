#include "media/rtp.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace lanze::media {
namespace {

std::vector<std::uint8_t> packet_with(std::uint8_t first, std::vector<std::uint8_t> rest) {
    std::vector<std::uint8_t> bytes(kRtpHeaderSize);
    write_rtp_header({.marker = true,
                      .payload_type = 8,
                      .sequence = 65535,
                      .timestamp = 0xFFFFFF00,
                      .ssrc = 0x01020304},
                     std::span(bytes).first<kRtpHeaderSize>());
    bytes[0] = first;
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    return bytes;
}

TEST(Rtp, ReadsWhatItWrote) {
    const std::vector<std::uint8_t> bytes = packet_with(0x80, {1, 2, 3});
    const auto packet = parse_rtp(bytes);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->header, (RtpHeader{.marker = true,
                                         .payload_type = 8,
                                         .sequence = 65535,
                                         .timestamp = 0xFFFFFF00,
                                         .ssrc = 0x01020304}));
    EXPECT_EQ(packet->payload_offset, 12U);
    EXPECT_EQ(packet->payload_size, 3U);
}

TEST(Rtp, FindsThePayloadBehindSourcesExtensionAndPadding) {
    // One contributing source, an extension of one word, two bytes of padding.
    const auto packet =
        parse_rtp(packet_with(0xB1, {9, 9, 9, 9, 0xBE, 0xDE, 0, 1, 7, 7, 7, 7, 42, 43, 44, 0, 2}));
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->payload_offset, 24U);
    EXPECT_EQ(packet->payload_size, 3U);
}

TEST(Rtp, RefusesWhatDoesNotFit) {
    struct Case {
        const char* name;
        std::vector<std::uint8_t> bytes;
        RtpError error;
    };
    const std::vector<Case> cases = {
        {"short", std::vector<std::uint8_t>(11, 0x80), RtpError::too_short},
        {"long", std::vector<std::uint8_t>(1501, 0x80), RtpError::too_long},
        {"version", packet_with(0x40, {}), RtpError::bad_version},
        {"sources", packet_with(0x8F, {1, 2, 3}), RtpError::too_short},
        {"no extension", packet_with(0x90, {0, 0, 0}), RtpError::too_short},
        {"extension cut", packet_with(0x90, {0, 0, 0, 2, 1, 1, 1, 1}), RtpError::too_short},
        {"padding 0", packet_with(0xA0, {1, 0}), RtpError::bad_padding},
        {"padding over payload", packet_with(0xA0, {1, 3}), RtpError::bad_padding},
        {"padding without payload", packet_with(0xA0, {}), RtpError::bad_padding},
    };
    for (const Case& c : cases) {
        const auto packet = parse_rtp(c.bytes);
        ASSERT_FALSE(packet) << c.name;
        EXPECT_EQ(packet.error(), c.error) << c.name;
    }
}

TEST(Rtp, TellsDatagramsApart) {
    std::vector<std::uint8_t> stun(20);
    stun[4] = 0x21;
    stun[5] = 0x12;
    stun[6] = 0xA4;
    stun[7] = 0x42;
    EXPECT_EQ(classify(stun), DatagramKind::stun);
    stun[7] = 0;
    EXPECT_EQ(classify(stun), DatagramKind::junk);
    EXPECT_EQ(classify(std::array<std::uint8_t, 2>{22, 254}), DatagramKind::dtls);
    EXPECT_EQ(classify(std::array<std::uint8_t, 2>{0x80, 8}), DatagramKind::rtp);
    EXPECT_EQ(classify(std::array<std::uint8_t, 2>{0x80, 0x88}), DatagramKind::rtp);
    EXPECT_EQ(classify(std::array<std::uint8_t, 2>{0x80, 200}), DatagramKind::rtcp);
    EXPECT_EQ(classify(std::array<std::uint8_t, 2>{0xBF, 223}), DatagramKind::rtcp);
    EXPECT_EQ(classify(std::array<std::uint8_t, 2>{0xC0, 200}), DatagramKind::junk);
    EXPECT_EQ(classify(std::array<std::uint8_t, 2>{64, 0}), DatagramKind::junk);
    EXPECT_EQ(classify(std::array<std::uint8_t, 2>{10, 0}), DatagramKind::junk);
    EXPECT_EQ(classify(std::array<std::uint8_t, 1>{0x80}), DatagramKind::junk);
    EXPECT_EQ(classify(std::vector<std::uint8_t>(1501, 0x80)), DatagramKind::junk);
}

TEST(Rtp, MeasuresDistanceAcrossTheWrap) {
    EXPECT_EQ(sequence_distance(65535, 0), 1);
    EXPECT_EQ(sequence_distance(0, 65535), -1);
    EXPECT_EQ(sequence_distance(10, 10), 0);
}

}  // namespace
}  // namespace lanze::media
