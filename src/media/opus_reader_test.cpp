#include "media/opus_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/rng.h"
#include "media/opus_fixture.h"
#include "media/opus_source.h"

namespace lanze::media {
namespace {

// What is left after the first 100 ms, in which decoders and encoders find their way.
std::vector<std::int16_t> settled(std::vector<std::int16_t> samples) {
    samples.erase(samples.begin(),
                  samples.begin() + std::min<std::ptrdiff_t>(800, std::ssize(samples)));
    return samples;
}

class OpusReaderTest : public ::testing::Test {
protected:
    OpusRead hear() {
        speaker.next();
        return put();
    }
    OpusRead put() {
        const OpusRead read = reader.read(speaker.header(), speaker.payload());
        heard.insert(heard.end(), reader.samples().begin(), reader.samples().end());
        return read;
    }

    OpusSpeaker speaker{{}};
    OpusReader reader;
    std::vector<std::int16_t> heard;
};

TEST_F(OpusReaderTest, HearsWhatWasSaidAcrossTheWrapOfItsNumbers) {
    std::uint32_t expected = 0;
    for (int i = 0; i < 60; ++i) {
        ASSERT_EQ(hear(), OpusRead::heard);
        ASSERT_EQ(reader.samples().size(), kFrameSamples);
        EXPECT_EQ(reader.is_start(), i == 0);
        if (i > 0) {
            EXPECT_EQ(reader.timestamp(), expected) << i;
        }
        expected = reader.timestamp() + kFrameSamples;
    }
    const Measurement measured = measure(settled(heard));
    EXPECT_NEAR(measured.frequency, 440.0, 1.0);
    EXPECT_NEAR(measured.tone_level, -10.0, 1.0);
}

TEST_F(OpusReaderTest, ConcealsWhatWasLost) {
    for (int i = 0; i < 60; ++i) {
        if (i % 10 == 7) {
            speaker.next();
            continue;
        }
        ASSERT_EQ(hear(), OpusRead::heard);
        EXPECT_EQ(reader.samples().size(), i % 10 == 8 ? 2 * kFrameSamples : kFrameSamples);
        EXPECT_EQ(reader.is_start(), i == 0);
    }
    EXPECT_EQ(heard.size(), 60 * kFrameSamples);
    EXPECT_NEAR(measure(settled(heard)).tone_level, -10.0, 2.0);
}

// With what the next packet says of the one before, a lost tone that has just begun is heard; what
// is concealed without it goes on with the silence of before.
TEST(OpusReaderFec, GetsTheLostPacketFromTheNext) {
    std::vector<double> levels;
    for (const bool with_fec : {true, false}) {
        OpusSpeaker quiet({.tone = {.frequency = 440.0, .level = -70.0}, .with_fec = with_fec});
        OpusSpeaker loud({.with_fec = with_fec});
        OpusReader reader;
        for (int i = 0; i < 20; ++i) {
            quiet.next();
            loud.next();
            if (i < 15) {
                reader.read(quiet.header(), quiet.payload());
            } else if (i > 15) {
                reader.read(loud.header(), loud.payload());
            }
            if (i == 16) {
                ASSERT_EQ(reader.samples().size(), 2 * kFrameSamples);
                levels.push_back(measure_level(reader.samples().first(kFrameSamples)));
            }
        }
    }
    EXPECT_GT(levels[0], -30.0);
    EXPECT_LT(levels[1], -40.0);
}

TEST_F(OpusReaderTest, ALongGapIsLeftAsOne) {
    hear();
    const std::uint32_t first = reader.timestamp();
    for (int i = 0; i < 10; ++i) {
        speaker.next();
    }
    ASSERT_EQ(hear(), OpusRead::heard);
    EXPECT_TRUE(reader.is_start());
    EXPECT_EQ(reader.samples().size(), kFrameSamples);
    EXPECT_EQ(reader.timestamp() - first, 11 * kFrameSamples);
}

TEST_F(OpusReaderTest, SilenceThatWasNotSentIsNotConcealed) {
    hear();
    const std::uint32_t first = reader.timestamp();
    speaker.pause(40);
    ASSERT_EQ(hear(), OpusRead::heard);
    EXPECT_TRUE(reader.is_start());
    EXPECT_EQ(reader.samples().size(), kFrameSamples);
    EXPECT_EQ(reader.timestamp() - first, 3 * kFrameSamples);
}

TEST_F(OpusReaderTest, WhatIsDoubledOrLateIsNotHeard) {
    hear();
    EXPECT_EQ(put(), OpusRead::late);
    speaker.next();
    const RtpHeader late = speaker.header();
    const std::vector<std::uint8_t> payload = speaker.payload();
    hear();
    EXPECT_EQ(reader.read(late, payload), OpusRead::late);
    EXPECT_TRUE(reader.samples().empty());
    EXPECT_EQ(heard.size(), 3 * kFrameSamples);
}

TEST_F(OpusReaderTest, FollowsAnotherSource) {
    hear();
    OpusSpeaker other({.sequence = 9, .timestamp = 77, .ssrc = 6});
    other.next();
    EXPECT_EQ(reader.read(other.header(), other.payload()), OpusRead::heard);
    EXPECT_TRUE(reader.is_start());
}

TEST_F(OpusReaderTest, TakesNothingMalformed) {
    hear();
    speaker.next();
    const RtpHeader header = speaker.header();
    EXPECT_EQ(reader.read(header, {}), OpusRead::malformed);
    // Code 3 without its count of frames, with none, and with more than 120 ms; code 2 with a
    // length beyond the packet.
    for (const std::vector<std::uint8_t>& payload :
         {std::vector<std::uint8_t>{0x03}, {0x03, 0x00}, {0x1B, 0x03, 1, 2, 3}, {0x02, 0xFB}}) {
        EXPECT_EQ(opus_duration(payload), 0U);
        EXPECT_EQ(reader.read(header, payload), OpusRead::malformed);
        EXPECT_TRUE(reader.samples().empty());
    }
    EXPECT_EQ(reader.read(header, speaker.payload()), OpusRead::heard) << "as if nothing had come";
    EXPECT_FALSE(reader.is_start());
}

TEST_F(OpusReaderTest, NoiseEndsNothing) {
    Rng rng(7);
    for (int i = 0; i < 3000; ++i) {
        std::vector<std::uint8_t> payload(rng.below(200));
        std::ranges::generate(payload, [&] { return static_cast<std::uint8_t>(rng.below(256)); });
        speaker.next();
        RtpHeader header = speaker.header();
        header.sequence = static_cast<std::uint16_t>(header.sequence + rng.below(4));
        header.timestamp += rng.below(3) * 480;
        reader.read(header, payload);
        EXPECT_LE(reader.samples().size(),
                  OpusReader::kPacketSamplesMax + OpusReader::kConcealedMax);
    }
    for (int i = 0; i < 4; ++i) {
        speaker.next();
    }
    EXPECT_EQ(hear(), OpusRead::heard);
}

TEST(OpusReader, TellsHowMuchMemoryItTakes) {
    EXPECT_GT(OpusReader::memory(), 10'000U);
    EXPECT_LT(OpusReader::memory(), 32'000U);
}

struct Heard {
    std::vector<RtpHeader> headers;
    std::vector<std::int16_t> samples;

    void take_all(OpusSource& source) {
        while (const auto frame = source.take()) {
            headers.push_back(frame->header);
            samples.insert(samples.end(), frame->samples.begin(), frame->samples.end());
        }
    }
};

TEST(OpusSource, CutsPacketsOfAnyLengthIntoFrames) {
    for (const std::uint32_t length : {10U, 20U, 40U, 60U}) {
        OpusSpeaker speaker({.packet_ms = length});
        OpusSource source;
        Heard heard;
        for (std::uint32_t i = 0; i < 1200 / length; ++i) {
            speaker.next();
            ASSERT_EQ(source.put(speaker.header(), speaker.payload()), OpusRead::heard);
            heard.take_all(source);
        }
        ASSERT_EQ(heard.headers.size(), 60U) << length;
        for (std::size_t i = 1; i < heard.headers.size(); ++i) {
            const auto& [before, now] = std::pair(heard.headers[i - 1], heard.headers[i]);
            EXPECT_EQ(sequence_distance(before.sequence, now.sequence), 1);
            EXPECT_EQ(now.timestamp - before.timestamp, kFrameSamples);
            EXPECT_FALSE(now.marker);
        }
        EXPECT_TRUE(heard.headers.front().marker);
        EXPECT_NEAR(measure(settled(heard.samples)).frequency, 440.0, 1.0) << length;
        EXPECT_NEAR(measure(settled(heard.samples)).tone_level, -10.0, 1.0) << length;
    }
}

TEST(OpusSource, BeginsAFrameAnewAfterAPause) {
    OpusSpeaker speaker({.packet_ms = 10});
    OpusSource source;
    Heard heard;
    const auto say = [&] {
        speaker.next();
        source.put(speaker.header(), speaker.payload());
        heard.take_all(source);
    };
    for (int i = 0; i < 5; ++i) {
        say();  // two frames and a half
    }
    speaker.pause(200);
    say();
    say();
    ASSERT_EQ(heard.headers.size(), 3U);
    EXPECT_TRUE(heard.headers[2].marker);
    EXPECT_EQ(heard.headers[2].sequence, heard.headers[1].sequence + 1);
    EXPECT_EQ(heard.headers[2].timestamp - heard.headers[0].timestamp, 8U * (50 + 200));
}

TEST(OpusSource, NumbersEventsAmongItsFrames) {
    OpusSpeaker speaker({});
    OpusSource source;
    Heard heard;
    speaker.next();
    source.put(speaker.header(), speaker.payload());
    heard.take_all(source);
    speaker.next();
    const RtpHeader event = source.number(speaker.header());
    EXPECT_EQ(event.sequence, heard.headers[0].sequence + 1);
    EXPECT_EQ(event.timestamp, heard.headers[0].timestamp + kFrameSamples);
    EXPECT_EQ(event.ssrc, heard.headers[0].ssrc);
    RtpHeader again = speaker.header();
    speaker.next();
    again.sequence = speaker.header().sequence;
    EXPECT_EQ(source.number(again).timestamp, event.timestamp) << "the same event";
    // Nothing was lost meanwhile.
    speaker.next();
    source.put(speaker.header(), speaker.payload());
    heard.take_all(source);
    ASSERT_EQ(heard.headers.size(), 2U);
    EXPECT_EQ(heard.headers[1].sequence, event.sequence + 2);
    EXPECT_EQ(heard.headers[1].timestamp, event.timestamp + 2 * kFrameSamples);
}

}  // namespace
}  // namespace lanze::media
