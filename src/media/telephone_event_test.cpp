#include "media/telephone_event.h"

#include <gtest/gtest.h>

#include <vector>

namespace lanze::media {
namespace {

using Octets = std::vector<std::uint8_t>;

TEST(TelephoneEvent, CountsItsDurationsByAnotherClock) {
    Octets one{5, 0x8A, 0x12, 0xC0};  // 4,800: 100 ms at 48 kHz
    ASSERT_TRUE(rescale_events(one, 48'000, 8'000));
    EXPECT_EQ(one, (Octets{5, 0x8A, 0x03, 0x20}));
    ASSERT_TRUE(rescale_events(one, 8'000, 48'000));
    EXPECT_EQ(one, (Octets{5, 0x8A, 0x12, 0xC0}));
    Octets two{1, 10, 0, 6, 2, 10, 0, 12};
    ASSERT_TRUE(rescale_events(two, 48'000, 8'000));
    EXPECT_EQ(two, (Octets{1, 10, 0, 1, 2, 10, 0, 2}));
}

TEST(TelephoneEvent, StaysAtTheLongestDurationThereIs) {
    Octets event{5, 10, 0x80, 0};
    ASSERT_TRUE(rescale_events(event, 8'000, 48'000));
    EXPECT_EQ(event, (Octets{5, 10, 0xFF, 0xFF}));
}

TEST(TelephoneEvent, RefusesHalfAnEvent) {
    for (const std::size_t size : {0U, 1U, 3U, 5U}) {
        Octets event(size, 1);
        EXPECT_FALSE(rescale_events(event, 48'000, 8'000));
        EXPECT_EQ(event, Octets(size, 1));
    }
}

}  // namespace
}  // namespace lanze::media
