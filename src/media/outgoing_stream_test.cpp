#include "media/outgoing_stream.h"

#include <gtest/gtest.h>

namespace lanze::media {
namespace {

constexpr std::size_t kFrame = 160;
const Time kStart = from_micros(1'000'000'000);

RtpHeader packet(unsigned sequence, std::uint32_t timestamp, std::uint32_t ssrc = 1) {
    return {.marker = false,
            .payload_type = 8,
            .sequence = static_cast<std::uint16_t>(sequence),
            .timestamp = timestamp,
            .ssrc = ssrc};
}

OutgoingStream stream() {
    return OutgoingStream({.ssrc = 77, .sequence = 65'534, .timestamp = 1000});
}

TEST(OutgoingStream, StartsWithItsOwnNumbersAndAMarker) {
    OutgoingStream out = stream();
    const auto header = out.relay(packet(500, 90'000), kFrame, kStart);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->ssrc, 77U);
    EXPECT_EQ(header->sequence, 65'534);
    EXPECT_EQ(header->timestamp, 1000U);
    EXPECT_TRUE(header->marker);
}

TEST(OutgoingStream, KeepsGapsAndOrderOfItsSource) {
    OutgoingStream out = stream();
    out.relay(packet(500, 90'000), kFrame, kStart);
    const auto gap = out.relay(packet(503, 90'480), kFrame, kStart + milliseconds(60));
    EXPECT_EQ(gap->sequence, 1);
    EXPECT_EQ(gap->timestamp, 1480U);
    EXPECT_FALSE(gap->marker);
    const auto late = out.relay(packet(502, 90'320), kFrame, kStart + milliseconds(61));
    EXPECT_EQ(late->sequence, 0);
    EXPECT_EQ(late->timestamp, 1320U);
    EXPECT_EQ(out.relay(packet(504, 90'640), kFrame, kStart + milliseconds(80))->sequence, 2);
}

TEST(OutgoingStream, DoesNotJumpFromMusicToRelay) {
    OutgoingStream out = stream();
    RtpHeader played;
    for (int i = 0; i < 3; ++i) {
        played = out.play(kFrame, kStart + i * milliseconds(20));
        EXPECT_EQ(played.marker, i == 0);
    }
    EXPECT_EQ(played.timestamp, 1320U);
    const auto relayed =
        out.relay(packet(9000, 0xFFFFFFFF), kFrame, kStart + milliseconds(40 + 125));
    EXPECT_EQ(relayed->sequence, static_cast<std::uint16_t>(played.sequence + 1));
    EXPECT_EQ(relayed->timestamp, played.timestamp + 1000) << "as much as the clock went on";
    EXPECT_TRUE(relayed->marker);
}

TEST(OutgoingStream, GoesOnByAFrameAtLeast) {
    OutgoingStream out = stream();
    out.play(kFrame, kStart);
    const auto relayed = out.relay(packet(9000, 5), kFrame, kStart + milliseconds(1));
    EXPECT_EQ(relayed->timestamp, 1160U);
}

TEST(OutgoingStream, DropsWhatWasSentBeforeTheChange) {
    OutgoingStream out = stream();
    out.play(kFrame, kStart);
    ASSERT_TRUE(out.relay(packet(100, 1600), kFrame, kStart + milliseconds(20)));
    EXPECT_FALSE(out.relay(packet(99, 1440), kFrame, kStart + milliseconds(21)));
}

TEST(OutgoingStream, ComesRoundTheWholeCircle) {
    OutgoingStream out = stream();
    Time now = kStart;
    for (unsigned i = 0; i < 140'000; ++i) {
        const auto header = out.relay(packet(i, i * 160), kFrame, now);
        ASSERT_TRUE(header) << i;
        ASSERT_EQ(header->sequence, static_cast<std::uint16_t>(65'534 + i));
        now += milliseconds(20);
    }
}

TEST(OutgoingStream, FollowsARestartOfItsSource) {
    OutgoingStream out = stream();
    out.relay(packet(100, 1600), kFrame, kStart);
    const auto jumped = out.relay(packet(30'000, 7), kFrame, kStart + milliseconds(20));
    EXPECT_EQ(jumped->sequence, 65'535);
    EXPECT_EQ(jumped->timestamp, 1160U);
    EXPECT_TRUE(jumped->marker);
    const auto other = out.relay(packet(30'001, 9, 2), kFrame, kStart + milliseconds(40));
    EXPECT_EQ(other->sequence, 0);
    EXPECT_TRUE(other->marker);
}

TEST(OutgoingStream, HidesWhatIsLeftOut) {
    OutgoingStream out = stream();
    out.relay(packet(100, 1600), kFrame, kStart);
    out.skip();  // 101 is an event nobody wants
    EXPECT_EQ(out.relay(packet(102, 1920), kFrame, kStart + milliseconds(40))->sequence, 65'535);
}

TEST(OutgoingStream, TellsTheTimestampOfAMoment) {
    OutgoingStream out = stream();
    EXPECT_EQ(out.timestamp_at(kStart), 1000U);
    out.play(kFrame, kStart);
    EXPECT_EQ(out.timestamp_at(kStart + milliseconds(10)), 1080U);
}

// RFC 7160 §4.2: the time up to the first packet at another clock counts at the clock of before.
TEST(OutgoingStream, ChangesItsClock) {
    constexpr std::uint32_t kWide = 48'000;
    OutgoingStream out = stream();
    const Time start = from_micros(1'795'763'763'899'322);  // a softphone's are since 1970
    const RtpHeader played = out.play(kFrame, start);
    Time now = start + milliseconds(50);
    const auto wide = out.relay(packet(500, 90'000), 960, now, kWide);
    ASSERT_TRUE(wide);
    EXPECT_TRUE(wide->marker);
    EXPECT_EQ(wide->sequence, static_cast<std::uint16_t>(played.sequence + 1));
    EXPECT_EQ(wide->timestamp - played.timestamp, 400U);
    EXPECT_EQ(out.timestamp_at(now + milliseconds(10)) - wide->timestamp, 480U);
    now += milliseconds(20);
    const auto next = out.relay(packet(501, 90'960), 960, now, kWide);
    EXPECT_FALSE(next->marker);
    EXPECT_EQ(next->timestamp - wide->timestamp, 960U);
    now += milliseconds(20);
    // The same source at the clock of before is a talk spurt of its own.
    const auto narrow = out.relay(packet(502, 15'300), kFrame, now);
    EXPECT_TRUE(narrow->marker);
    EXPECT_EQ(narrow->timestamp - next->timestamp, 960U);
    const RtpHeader again = out.play(kFrame, now + milliseconds(20));
    EXPECT_EQ(again.timestamp - narrow->timestamp, 160U);
}

}  // namespace
}  // namespace lanze::media
