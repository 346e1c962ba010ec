#include "media/reception.h"

#include <gtest/gtest.h>

#include <vector>

namespace lanze::media {
namespace {

class Listener {
public:
    void hear(unsigned sequence, Duration late = Duration::zero()) {
        const RtpHeader header{.marker = false,
                               .payload_type = 8,
                               .sequence = static_cast<std::uint16_t>(sequence),
                               .timestamp = timestamp_,
                               .ssrc = ssrc_};
        reception.note(header, at_ + late);
        at_ += milliseconds(20);
        timestamp_ += 160;
    }
    void change_source() { ++ssrc_; }
    void change_timestamp() { timestamp_ += 1'000'000; }

    Reception reception;

private:
    Time at_ = from_micros(5'000'000);
    std::uint32_t timestamp_ = 0xFFFFF000;
    std::uint32_t ssrc_ = 1;
};

TEST(Reception, CountsLossAcrossTheWrap) {
    Listener listener;
    for (const unsigned sequence : {65533U, 65534U, 1U, 2U}) {
        listener.hear(sequence);
    }
    EXPECT_EQ(listener.reception.received(), 4U);
    EXPECT_EQ(listener.reception.lost(), 2U);
    EXPECT_EQ(listener.reception.take_block().highest_sequence, 0x10002U);
}

TEST(Reception, TakesLatePacketsAsReceivedAndDuplicatesAsNothing) {
    Listener listener;
    for (const unsigned sequence : {10U, 12U, 11U, 12U, 11U, 13U}) {
        listener.hear(sequence);
    }
    EXPECT_EQ(listener.reception.received(), 4U);
    EXPECT_EQ(listener.reception.duplicates(), 2U);
    EXPECT_EQ(listener.reception.lost(), 0U);
    // RFC 3550 §6.4.1: duplicates make the cumulative number negative.
    EXPECT_EQ(listener.reception.take_block().cumulative_lost, -2);
}

TEST(Reception, DoesNotCountWhatIsOlderThanItsFirst) {
    Listener listener;
    for (const unsigned sequence : {10U, 9U, 11U}) {
        listener.hear(sequence);
    }
    EXPECT_EQ(listener.reception.received(), 2U);
    EXPECT_EQ(listener.reception.out_of_sequence(), 1U);
    EXPECT_EQ(listener.reception.lost(), 0U);
}

TEST(Reception, TakesTwoInSequenceAfterAJumpAsRestart) {
    Listener listener;
    for (const unsigned sequence : {10U, 12U, 30'000U, 13U, 40'000U, 40'001U, 40'003U}) {
        listener.hear(sequence);
    }
    // 10..13 without 11; the lone 30,000 and the first 40,000 do not count.
    EXPECT_EQ(listener.reception.out_of_sequence(), 2U);
    EXPECT_EQ(listener.reception.received(), 5U);
    EXPECT_EQ(listener.reception.lost(), 2U);
}

TEST(Reception, SumsOverSources) {
    Listener listener;
    listener.hear(1);
    listener.hear(3);
    listener.change_source();
    listener.hear(50'000);
    listener.hear(50'002);
    EXPECT_EQ(listener.reception.received(), 4U);
    EXPECT_EQ(listener.reception.lost(), 2U);
    EXPECT_EQ(listener.reception.take_block().cumulative_lost, 1);  // of the source now
}

TEST(Reception, GivesTheFractionLostOfEachInterval) {
    Listener listener;
    for (const unsigned sequence : {1U, 2U, 4U, 5U}) {  // one of five
        listener.hear(sequence);
    }
    EXPECT_EQ(listener.reception.take_block().fraction_lost, 51);
    EXPECT_EQ(listener.reception.take_block().fraction_lost, 0);
    listener.hear(7);  // one of two
    EXPECT_EQ(listener.reception.take_block().fraction_lost, 128);
}

TEST(Reception, FindsNoJitterInASteadyStream) {
    Listener listener;
    for (unsigned i = 0; i < 100; ++i) {
        listener.hear(i);
    }
    EXPECT_EQ(listener.reception.jitter(), Duration::zero());
}

// Alternating by 8 ms, every difference is 64 units; the mean deviation comes near that.
TEST(Reception, FollowsJitterAndKeepsTheHighest) {
    Listener listener;
    for (unsigned i = 0; i < 200; ++i) {
        listener.hear(i, i % 2 == 0 ? Duration::zero() : milliseconds(8));
    }
    EXPECT_NEAR(static_cast<double>(listener.reception.jitter().count()), 8000.0, 200.0);
    const Duration highest = listener.reception.jitter_max();
    for (unsigned i = 200; i < 400; ++i) {
        listener.hear(i);
    }
    EXPECT_LT(listener.reception.jitter(), milliseconds(1));
    EXPECT_EQ(listener.reception.jitter_max(), highest);
}

TEST(Reception, TakesANewTimestampBaseNotAsJitter) {
    Listener listener;
    for (unsigned i = 0; i < 10; ++i) {
        listener.hear(i);
    }
    listener.change_timestamp();
    for (unsigned i = 10; i < 20; ++i) {
        listener.hear(i);
    }
    EXPECT_EQ(listener.reception.jitter_max(), Duration::zero());
}

TEST(Reception, CountsJitterAtTheClockOfTheStream) {
    for (const std::uint32_t clock : {8'000U, 48'000U}) {
        Reception reception;
        Time arrival = from_micros(1'795'763'763'899'322);  // a softphone's are since 1970
        std::uint32_t timestamp = 0xFFFFF000;
        for (std::uint16_t i = 0; i < 200; ++i) {
            const Duration late = i % 2 == 0 ? Duration::zero() : milliseconds(4);
            reception.note({.marker = false,
                            .payload_type = 8,
                            .sequence = i,
                            .timestamp = timestamp,
                            .ssrc = 1},
                           arrival + late, clock);
            arrival += milliseconds(20);
            timestamp += clock / 50;
        }
        EXPECT_NEAR(static_cast<double>(reception.jitter().count()), 4000.0, 100.0) << clock;
        EXPECT_NEAR(reception.take_block().jitter, clock / 250.0, clock / 5'000.0) << clock;
    }
}

// A browser may change its codec: what was measured stays, and the change itself is no jitter.
TEST(Reception, AChangeOfClockIsNoJitter) {
    Reception reception;
    Time arrival = from_micros(5'000'000);
    for (std::uint16_t i = 0; i < 20; ++i) {
        const std::uint32_t clock = i < 10 ? 48'000 : 8'000;
        reception.note({.marker = false,
                        .payload_type = 8,
                        .sequence = i,
                        .timestamp = i * clock / 50,
                        .ssrc = 1},
                       arrival, clock);
        arrival += milliseconds(20);
    }
    EXPECT_EQ(reception.jitter_max(), Duration::zero());
    EXPECT_EQ(reception.lost(), 0U);
}

}  // namespace
}  // namespace lanze::media
