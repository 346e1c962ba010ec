#include "media/wav.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "media/g711.h"
#include "media/prompt.h"
#include "media/tone.h"

namespace lanze::media {
namespace {

class WavFile {
public:
    WavFile() {
        text("RIFF");
        number(0, 4);
        text("WAVE");
    }
    WavFile& text(std::string_view tag) {
        bytes.insert(bytes.end(), tag.begin(), tag.end());
        return *this;
    }
    WavFile& number(std::uint64_t value, int size) {
        for (int i = 0; i < size; ++i) {
            bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
        }
        return *this;
    }
    WavFile& format(unsigned coding, unsigned channels, unsigned rate, unsigned bits) {
        text("fmt ").number(16, 4).number(coding, 2).number(channels, 2).number(rate, 4);
        return number(rate * channels * bits / 8, 4).number(channels * bits / 8, 2).number(bits, 2);
    }
    WavFile& data(const std::vector<int>& samples, int size) {
        text("data").number(samples.size() * static_cast<std::size_t>(size), 4);
        for (const int sample : samples) {
            number(static_cast<std::uint64_t>(sample), size);
        }
        return *this;
    }

    std::vector<std::uint8_t> bytes;
};

TEST(Wav, ReadsPcm) {
    const auto wav = read_wav(WavFile().format(1, 1, 8000, 16).data({1, -2, 32767}, 2).bytes);
    ASSERT_TRUE(wav);
    EXPECT_EQ(wav->rate, 8000U);
    EXPECT_EQ(wav->samples, (std::vector<std::int16_t>{1, -2, 32767}));
}

TEST(Wav, AveragesTwoChannels) {
    const auto wav =
        read_wav(WavFile().format(1, 2, 44100, 16).data({100, 200, -32768, -32768}, 2).bytes);
    ASSERT_TRUE(wav);
    EXPECT_EQ(wav->samples, (std::vector<std::int16_t>{150, -32768}));
}

TEST(Wav, ReadsBothLaws) {
    const auto a = read_wav(WavFile().format(6, 1, 8000, 8).data({0xAA, 0xD5}, 1).bytes);
    ASSERT_TRUE(a);
    EXPECT_EQ(a->samples, (std::vector<std::int16_t>{32256, 8}));
    const auto mu = read_wav(WavFile().format(7, 1, 8000, 8).data({0x80, 0xFF}, 1).bytes);
    ASSERT_TRUE(mu);
    EXPECT_EQ(mu->samples, (std::vector<std::int16_t>{32124, 0}));
}

TEST(Wav, SkipsOtherChunksAndReadsCutDataAsFarAsItGoes) {
    WavFile file;
    file.text("LIST").number(3, 4).text("abc").number(0, 1);
    file.format(1, 1, 8000, 16).data({5, 6, 7}, 2);
    file.bytes.pop_back();
    const auto wav = read_wav(file.bytes);
    ASSERT_TRUE(wav);
    EXPECT_EQ(wav->samples, (std::vector<std::int16_t>{5, 6}));
}

TEST(Wav, ReadsTheExtensibleForm) {
    WavFile file;
    file.text("fmt ").number(40, 4).number(0xFFFE, 2).number(1, 2).number(8000, 4);
    file.number(16000, 4).number(2, 2).number(16, 2).number(22, 2).number(16, 2).number(4, 4);
    file.number(1, 2).number(0, 8).number(0, 6).data({9}, 2);
    const auto wav = read_wav(file.bytes);
    ASSERT_TRUE(wav);
    EXPECT_EQ(wav->samples, (std::vector<std::int16_t>{9}));
}

TEST(Wav, SaysWhatIsWrong) {
    struct Case {
        std::vector<std::uint8_t> bytes;
        WavError error;
    };
    const std::vector<Case> cases = {
        {{}, WavError::not_wav},
        {WavFile().bytes, WavError::truncated},
        {{'R', 'I', 'F', 'X', 0, 0, 0, 0, 'W', 'A', 'V', 'E'}, WavError::not_wav},
        {WavFile().text("fmt ").number(4, 4).number(1, 4).bytes, WavError::truncated},
        {WavFile().data({1}, 2).bytes, WavError::no_format},
        {WavFile().format(3, 1, 8000, 32).data({1}, 2).bytes, WavError::unsupported_coding},
        {WavFile().format(1, 1, 8000, 8).data({1}, 2).bytes, WavError::unsupported_coding},
        {WavFile().format(1, 6, 8000, 16).data({1}, 2).bytes, WavError::unsupported_channels},
        {WavFile().format(1, 0, 8000, 16).data({1}, 2).bytes, WavError::unsupported_channels},
        {WavFile().format(1, 1, 7999, 16).data({1}, 2).bytes, WavError::unsupported_rate},
        {WavFile().format(1, 1, 96001, 16).data({1}, 2).bytes, WavError::unsupported_rate},
        {WavFile().format(1, 1, 8000, 16).bytes, WavError::no_samples},
        {WavFile().format(1, 1, 8000, 16).data({}, 2).bytes, WavError::no_samples},
    };
    for (const Case& c : cases) {
        const auto wav = read_wav(c.bytes);
        ASSERT_FALSE(wav) << describe(c.error);
        EXPECT_EQ(wav.error(), c.error) << describe(wav.error());
    }
}

TEST(Wav, RefusesMoreThanTenMinutes) {
    WavFile file;
    file.format(7, 1, 8000, 8).text("data").number(4'800'001, 4);
    file.bytes.resize(file.bytes.size() + 4'800'001);
    const auto wav = read_wav(file.bytes);
    ASSERT_FALSE(wav);
    EXPECT_EQ(wav.error(), WavError::too_long);
}

// A sine at another rate: make_tone() counts 8,000 samples a second, so the frequency is scaled.
std::vector<std::int16_t> tone_at(double frequency, double rate, std::size_t count) {
    return make_tone({.frequency = frequency * 8000.0 / rate, .level = -10.0}, count);
}

TEST(Wav, ResamplesTonesAndKeepsTheirLevel) {
    for (const unsigned rate : {11'025U, 16'000U, 44'100U, 48'000U}) {
        const auto samples = resample_to_8k(tone_at(1000.0, rate, rate), rate);
        ASSERT_NEAR(static_cast<double>(samples.size()), 8000.0, 1.0);
        const Measurement heard = measure(samples);
        EXPECT_NEAR(heard.frequency, 1000.0, 1.0) << rate;
        EXPECT_NEAR(heard.tone_level, -10.0, 0.2) << rate;
    }
}

TEST(Wav, ResamplingLetsNothingThroughThatWouldFold) {
    const auto samples = resample_to_8k(tone_at(5000.0, 48'000.0, 48'000), 48'000);
    EXPECT_LT(measure_level(std::span(samples).subspan(400, 7000)), -60.0);
}

TEST(Wav, BecomesAPrompt) {
    const auto prompt = Prompt::from_wav(
        WavFile().format(1, 1, 8000, 16).data(std::vector<int>(200, 1000), 2).bytes);
    ASSERT_TRUE(prompt);
    EXPECT_EQ(prompt->frames(), 2U);
    EXPECT_FALSE(Prompt::from_wav({}));
}

}  // namespace
}  // namespace lanze::media
