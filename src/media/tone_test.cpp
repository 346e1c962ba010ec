#include "media/tone.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "media/g711.h"
#include "media/prompt.h"

namespace lanze::media {
namespace {

TEST(Tone, IsMeasuredAsItWasMade) {
    for (const double frequency : {100.0, 425.0, 440.0, 1004.0, 2999.0}) {
        const Measurement heard =
            measure(make_tone({.frequency = frequency, .level = -10.0}, 8000));
        EXPECT_NEAR(heard.frequency, frequency, 1.0);
        EXPECT_NEAR(heard.level, -10.0, 0.05);
        EXPECT_NEAR(heard.tone_level, -10.0, 0.05);
    }
}

TEST(Tone, GoesOnWhereItStopped) {
    const Tone tone{.frequency = 333.3, .level = -3.0};
    const std::vector<std::int16_t> whole = make_tone(tone, 320);
    const std::vector<std::int16_t> second = make_tone(tone, 160, 160);
    EXPECT_TRUE(std::equal(second.begin(), second.end(), whole.begin() + 160));
}

TEST(Tone, OfOtherFrequencyIsNotThere) {
    const auto samples = make_tone({.frequency = 440.0, .level = -10.0}, 8000);
    EXPECT_LT(measure_tone(samples, 1000.0), -60.0);
}

TEST(Tone, SilenceHasNoFrequency) {
    EXPECT_EQ(measure(std::vector<std::int16_t>(8000)), Measurement{});
    EXPECT_EQ(measure({}), Measurement{});
}

TEST(Tone, RingsOneSecondInFive) {
    const std::vector<std::int16_t> samples = make_ring_tone();
    ASSERT_EQ(samples.size(), 40'000U);
    EXPECT_NEAR(measure(std::span(samples).first(8000)).frequency, 425.0, 1.0);
    EXPECT_EQ(measure_level(std::span(samples).subspan(8000)), kSilenceDbm0);
}

TEST(Tone, BusyBeatsTwiceInTwoSeconds) {
    const std::vector<std::int16_t> samples = make_busy_tone();
    ASSERT_EQ(samples.size(), 7680U);
    EXPECT_NEAR(measure(std::span(samples).first(3840)).frequency, 425.0, 2.0);
    EXPECT_EQ(measure_level(std::span(samples).subspan(3840)), kSilenceDbm0);
}

TEST(Tone, MelodyIsSoftAndNeverStops) {
    const std::vector<std::int16_t> samples = make_waiting_melody();
    ASSERT_EQ(samples.size(), 153'600U);
    EXPECT_EQ(samples.size() % kFrameSamples, 0U);
    EXPECT_NEAR(measure_level(samples), -20.0, 4.0);
    for (std::size_t at = 0; at + 4800 <= samples.size(); at += 4800) {
        EXPECT_GT(measure_level(std::span(samples).subspan(at, 4800)), -35.0) << at;
    }
    const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
    EXPECT_GT(*low, -20'000);
    EXPECT_LT(*high, 20'000);
}

TEST(Tone, RightBackIsASoftDoubleStroke) {
    const std::vector<std::int16_t> samples = make_right_back_tone();
    ASSERT_EQ(samples.size(), 32'000U);
    EXPECT_EQ(samples.size() % kFrameSamples, 0U);
    const std::span<const std::int16_t> all(samples);
    EXPECT_NEAR(measure(all.first(3'200)).frequency, 523.0, 3.0);
    EXPECT_NEAR(measure(all.subspan(3'200, 3'200)).frequency, 659.0, 3.0);
    EXPECT_LT(measure_level(all.first(6'400)), -20.0);
    EXPECT_GT(measure_level(all.first(6'400)), -35.0);
    EXPECT_EQ(measure_level(all.subspan(6'400)), kSilenceDbm0);
    EXPECT_LT(measure_tone(all.first(6'400), 425.0), -35.0) << "neither ringing nor busy";
}

TEST(Prompt, HoldsBothLawsAndRepeats) {
    const std::vector<std::int16_t> samples = make_tone({.frequency = 440.0, .level = -6.0}, 250);
    const Prompt prompt(samples);
    ASSERT_EQ(prompt.frames(), 2U);
    for (const ports::G711 law : {ports::G711::mu_law, ports::G711::a_law}) {
        EXPECT_EQ(prompt.frame(0, law)[7], encode(samples[7], law));
        EXPECT_EQ(prompt.frame(1, law)[89], encode(samples[249], law));
        EXPECT_EQ(prompt.frame(1, law)[90], silence_of(law)) << "the last frame is filled up";
        EXPECT_EQ(prompt.frame(2, law).data(), prompt.frame(0, law).data());
    }
}

TEST(Prompt, OfNothingIsSilence) {
    const Prompt prompt({});
    EXPECT_EQ(prompt.frames(), 1U);
    EXPECT_EQ(prompt.frame(5, ports::G711::a_law)[0], 0xD5);
}

}  // namespace
}  // namespace lanze::media
