#include "media/srtp.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "media/rtcp.h"

namespace lanze::media {
namespace {

constexpr std::size_t kPayload = 160;

// A packet with room behind it.
struct Packet {
    std::array<std::uint8_t, kRtpHeaderSize + kPayload + kRoomBehind> bytes{};
    std::size_t size = 0;

    PacketBuffer buffer() { return {std::span(bytes).first(size), bytes.size() - size}; }
};

Packet rtp_packet(std::uint16_t sequence, std::uint32_t ssrc = 7) {
    Packet packet;
    packet.size = kRtpHeaderSize + kPayload;
    packet.bytes.fill(0xD5);
    write_rtp_header({.marker = false,
                      .payload_type = 8,
                      .sequence = sequence,
                      .timestamp = sequence * 160U,
                      .ssrc = ssrc},
                     std::span(packet.bytes).first<kRtpHeaderSize>());
    return packet;
}

class SrtpTest : public ::testing::TestWithParam<SrtpProfile> {
protected:
    SrtpTest() {
        SrtpKeys keys;
        keys.profile = GetParam();
        for (std::size_t i = 0; i < keys.outgoing.size(); ++i) {
            keys.outgoing[i] = static_cast<std::uint8_t>(i);
            keys.incoming[i] = static_cast<std::uint8_t>(200 - i);
        }
        SrtpKeys mirrored = keys;
        std::swap(mirrored.outgoing, mirrored.incoming);
        ours = Srtp::make(keys);
        theirs = Srtp::make(mirrored);
    }

    // As it goes over the wire.
    std::vector<std::uint8_t> sent(std::uint16_t sequence, std::uint32_t ssrc = 7) {
        Packet packet = rtp_packet(sequence, ssrc);
        const Bytes bytes = ours->protect_rtp(packet.buffer());
        return {bytes.begin(), bytes.end()};
    }
    bool opens(std::vector<std::uint8_t> bytes) { return !theirs->open_rtp(bytes).empty(); }

    std::optional<Srtp> ours;
    std::optional<Srtp> theirs;
};

INSTANTIATE_TEST_SUITE_P(Profiles, SrtpTest,
                         ::testing::Values(SrtpProfile::aes128_cm_sha1_80,
                                           SrtpProfile::aead_aes_128_gcm));

TEST_P(SrtpTest, OpensWhatWasProtected) {
    ASSERT_TRUE(ours && theirs) << "libsrtp2 without this profile";
    Packet plain = rtp_packet(1);
    std::vector<std::uint8_t> bytes = sent(1);
    const std::size_t tag = GetParam() == SrtpProfile::aead_aes_128_gcm ? 16 : 10;
    ASSERT_EQ(bytes.size(), plain.size + tag);
    EXPECT_FALSE(std::equal(bytes.begin() + kRtpHeaderSize, bytes.begin() + kRtpHeaderSize + 20,
                            plain.bytes.begin() + kRtpHeaderSize));
    const auto opened = theirs->open_rtp(bytes);
    ASSERT_EQ(opened.size(), plain.size);
    EXPECT_TRUE(std::equal(opened.begin(), opened.end(), plain.bytes.begin()));
    EXPECT_EQ(theirs->refused(), 0U);
}

TEST_P(SrtpTest, OpensRtcp) {
    std::array<std::uint8_t, kRtcpWrittenMax + kRoomBehind> bytes{};
    RtcpReport report;
    report.ssrc = 7;
    const std::size_t size =
        write_rtcp(report, "someone", std::span(bytes).first<kRtcpWrittenMax>());
    const Bytes wire = ours->protect_rtcp({std::span(bytes).first(size), bytes.size() - size});
    ASSERT_GT(wire.size(), size);
    std::vector<std::uint8_t> copy(wire.begin(), wire.end());
    std::vector<std::uint8_t> again = copy;
    const auto opened = theirs->open_rtcp(copy);
    ASSERT_EQ(opened.size(), size);
    EXPECT_EQ(parse_rtcp(opened)->ssrc, 7U);
    EXPECT_TRUE(theirs->open_rtcp(again).empty()) << "replayed";
}

TEST_P(SrtpTest, RefusesWhatWasReplayedOrChanged) {
    const std::vector<std::uint8_t> bytes = sent(1);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::vector<std::uint8_t> forged = bytes;
        forged[i] ^= 0x40U;
        EXPECT_FALSE(opens(forged)) << "byte " << i;
    }
    EXPECT_EQ(theirs->refused(), bytes.size());
    EXPECT_TRUE(opens(bytes));
    EXPECT_FALSE(opens(bytes)) << "replayed";
    EXPECT_EQ(theirs->refused(), bytes.size() + 1);
    EXPECT_FALSE(opens({}));
    EXPECT_FALSE(opens(std::vector<std::uint8_t>(kRtpHeaderSize, 0x80)));
}

TEST_P(SrtpTest, TakesPacketsOutOfOrderButNotTooOld) {
    const std::vector<std::uint8_t> first = sent(1);
    const std::vector<std::uint8_t> second = sent(2);
    EXPECT_TRUE(opens(second));
    EXPECT_TRUE(opens(first));
    const std::vector<std::uint8_t> old = sent(3);
    for (std::uint16_t i = 4; i < 4 + Srtp::kReplayWindow; ++i) {
        ASSERT_TRUE(opens(sent(i)));
    }
    EXPECT_FALSE(opens(old));
}

TEST_P(SrtpTest, GoesOnWhenTheNumbersWrap) {
    for (int i = 0; i < 1'000; ++i) {
        ASSERT_TRUE(opens(sent(static_cast<std::uint16_t>(65'000 + i)))) << i;
    }
}

TEST_P(SrtpTest, LimitsTheSources) {
    for (std::uint32_t ssrc = 1; ssrc <= Srtp::kSourcesMax; ++ssrc) {
        EXPECT_TRUE(opens(sent(1, ssrc)));
    }
    EXPECT_FALSE(opens(sent(1, 100)));
    EXPECT_TRUE(opens(sent(2, 1)));
}

TEST_P(SrtpTest, RefusesToWriteBeyondTheRoom) {
    Packet packet = rtp_packet(1);
    PacketBuffer narrow = packet.buffer();
    narrow.room = kRoomBehind - 1;
    EXPECT_TRUE(ours->protect_rtp(narrow).empty());
    EXPECT_TRUE(ours->protect_rtcp(narrow).empty());
    EXPECT_TRUE(ours->protect_rtp({std::span(packet.bytes).first(11), 200}).empty());
}

}  // namespace
}  // namespace lanze::media
