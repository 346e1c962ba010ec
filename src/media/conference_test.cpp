#include "media/conference.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "media/g711.h"

namespace lanze::media {
namespace {

using ports::G711;
using Frame = std::array<std::int16_t, kFrameSamples>;

RtpHeader header(std::uint32_t timestamp, std::uint32_t ssrc = 1) {
    return {.timestamp = timestamp, .ssrc = ssrc};
}

Frame constant(std::int16_t value) {
    Frame frame{};
    frame.fill(value);
    return frame;
}

Frame take(JitterBuffer& buffer) {
    Frame frame{};
    buffer.take(frame);
    return frame;
}

TEST(JitterBuffer, GivesWhatCameAfterItsDelay) {
    JitterBuffer buffer;
    Frame frame{};
    EXPECT_FALSE(buffer.take(frame));
    buffer.put(header(1000), constant(11));
    buffer.put(header(1160), constant(12));
    EXPECT_EQ(buffer.held(), JitterBuffer::kDelay + 320);
    EXPECT_EQ(take(buffer), constant(0));
    EXPECT_EQ(take(buffer), constant(0));
    EXPECT_EQ(take(buffer), constant(11));
    EXPECT_EQ(take(buffer), constant(12));
    EXPECT_FALSE(buffer.take(frame));
    EXPECT_EQ(frame, constant(0));
}

TEST(JitterBuffer, PutsPacketsInOrderOnceWithAGapForWhatIsLost) {
    JitterBuffer buffer;
    buffer.put(header(0xFFFFFF60), constant(1));  // and round the circle
    buffer.put(header(320), constant(4));
    buffer.put(header(0), constant(2));
    buffer.put(header(0), constant(2));
    take(buffer);
    take(buffer);
    for (const std::int16_t expected : std::array<std::int16_t, 4>{1, 2, 0, 4}) {
        EXPECT_EQ(take(buffer), constant(expected));
    }
}

TEST(JitterBuffer, TakesPacketsOfOtherLengths) {
    JitterBuffer buffer;
    for (std::uint32_t i = 0; i < 4; ++i) {
        const std::array<std::int16_t, 80> half = [&] {
            std::array<std::int16_t, 80> samples{};
            samples.fill(static_cast<std::int16_t>(i + 1));
            return samples;
        }();
        buffer.put(header(80 * i), half);
    }
    take(buffer);
    take(buffer);
    for (const int first : {1, 3}) {
        const Frame frame = take(buffer);
        EXPECT_EQ(frame[0], first);
        EXPECT_EQ(frame[79], first);
        EXPECT_EQ(frame[80], first + 1);
        EXPECT_EQ(frame[159], first + 1);
    }
}

TEST(JitterBuffer, LeavesOutWhatComesTooLate) {
    JitterBuffer buffer;
    buffer.put(header(0), constant(1));
    for (int i = 0; i < 3; ++i) {
        take(buffer);
    }
    buffer.put(header(320), constant(3));
    buffer.put(header(0), constant(9));  // its time is over
    EXPECT_EQ(take(buffer), constant(0));
    EXPECT_EQ(take(buffer), constant(3));
}

TEST(JitterBuffer, BeginsAnewAfterAPauseAndWithAnotherSource) {
    JitterBuffer buffer;
    buffer.put(header(0), constant(1));
    for (int i = 0; i < 10; ++i) {
        take(buffer);
    }
    buffer.put(header(90'000), constant(2));
    EXPECT_EQ(buffer.held(), JitterBuffer::kDelay + 160);
    buffer.put(header(5, 2), constant(4));
    EXPECT_EQ(buffer.held(), JitterBuffer::kDelay + 160);
    take(buffer);
    take(buffer);
    EXPECT_EQ(take(buffer), constant(4));
}

TEST(JitterBuffer, ALatePacketAloneGetsTheDelayAnew) {
    JitterBuffer buffer;
    buffer.put(header(0), constant(1));
    for (int i = 0; i < 4; ++i) {
        take(buffer);
    }
    buffer.put(header(160), constant(2));  // 20 ms later than the delay allows for
    take(buffer);
    take(buffer);
    EXPECT_EQ(take(buffer), constant(2));
}

TEST(JitterBuffer, CatchesUpWithABurst) {
    JitterBuffer buffer;
    for (std::uint32_t i = 0; i < 5; ++i) {
        buffer.put(header(160 * i), constant(static_cast<std::int16_t>(i + 1)));
    }
    EXPECT_EQ(buffer.held(), JitterBuffer::kDelay);
    EXPECT_EQ(take(buffer), constant(4));
    EXPECT_EQ(take(buffer), constant(5));
}

class ConferenceTest : public ::testing::Test {
protected:
    ConferenceTest() {
        for (const std::uint32_t port : {10U, 11U, 12U}) {
            EXPECT_TRUE(conference.add(port));
        }
    }
    // So much that the frame mixed third is the first of it.
    void speak(std::uint32_t port, std::int16_t value, G711 law = G711::a_law) {
        const std::vector<std::uint8_t> payload(kFrameSamples, encode(value, law));
        conference.speak(port, header(0), payload, law);
    }
    void mix() {
        for (int i = 0; i < 3; ++i) {
            conference.mix();
        }
    }
    std::int16_t heard(std::size_t index, G711 law = G711::a_law) const {
        std::array<std::uint8_t, kFrameSamples> frame{};
        conference.heard(index, law, frame);
        EXPECT_EQ(std::ranges::count(frame, frame.front()), 160);
        return decode(frame.front(), law);
    }
    static std::int16_t coded(std::int16_t value, G711 law = G711::a_law) {
        return decode(encode(value, law), law);
    }
    Conference conference;
};

TEST_F(ConferenceTest, EachHearsTheOthersAndNotHimself) {
    speak(10, 1000);
    speak(11, -3000);
    mix();
    const std::int16_t one = coded(1000);
    const std::int16_t two = coded(-3000);
    EXPECT_EQ(heard(0), coded(two));
    EXPECT_EQ(heard(1), coded(one));
    EXPECT_EQ(heard(2), coded(static_cast<std::int16_t>(one + two)));
}

TEST_F(ConferenceTest, SpeaksBothLaws) {
    speak(10, 2000, G711::mu_law);
    speak(11, 500, G711::a_law);
    mix();
    const auto sum = static_cast<std::int16_t>(coded(2000, G711::mu_law) + coded(500));
    EXPECT_EQ(heard(2, G711::mu_law), coded(sum, G711::mu_law));
    EXPECT_EQ(heard(2, G711::a_law), coded(sum));
}

TEST_F(ConferenceTest, StaysWithinSixteenBits) {
    speak(10, 32'000);
    speak(11, 32'000);
    mix();
    EXPECT_EQ(heard(2), coded(32'767));
    EXPECT_EQ(heard(0), coded(32'000));  // its own part is taken out before
    conference.remove(10);
    EXPECT_TRUE(conference.add(13));
    mix();
    speak(11, -32'000);
    speak(13, -32'000);
    mix();
    EXPECT_EQ(heard(1), coded(-32'768));
}

TEST_F(ConferenceTest, WhoSaysNothingIsSilent) {
    speak(10, 700);
    mix();
    EXPECT_EQ(heard(0), decode(silence_of(G711::a_law), G711::a_law));
    EXPECT_EQ(heard(1), coded(700));
    EXPECT_EQ(heard(2), coded(700));
}

TEST_F(ConferenceTest, HasFiveMembersAtMost) {
    EXPECT_TRUE(conference.add(13));
    EXPECT_TRUE(conference.add(14));
    EXPECT_FALSE(conference.add(15));
    EXPECT_TRUE(conference.add(14));  // is one
    EXPECT_EQ(conference.size(), 5U);
    speak(15, 1000);  // a stranger
    mix();
    EXPECT_EQ(heard(0), decode(silence_of(G711::a_law), G711::a_law));
}

}  // namespace
}  // namespace lanze::media
