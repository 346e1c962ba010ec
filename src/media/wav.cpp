#include "media/wav.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <optional>

#include "media/g711.h"

namespace lanze::media {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kRiffHeaderSize = 12;
constexpr std::size_t kChunkHeaderSize = 8;
constexpr std::size_t kFormatSizeMin = 16;
constexpr std::size_t kSubFormatAt = 24;  // in an extensible format chunk
constexpr std::uint16_t kPcm = 1;
constexpr std::uint16_t kALaw = 6;
constexpr std::uint16_t kMuLaw = 7;
constexpr std::uint16_t kExtensible = 0xFFFE;
constexpr std::uint32_t kTargetRate = 8000;

// WAV counts little end first.
std::uint16_t read_u16(Bytes bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] | (bytes[at + 1] << 8U));
}

std::uint32_t read_u32(Bytes bytes, std::size_t at) {
    return read_u16(bytes, at) | (static_cast<std::uint32_t>(read_u16(bytes, at + 2)) << 16U);
}

bool has_tag(Bytes bytes, std::size_t at, std::string_view tag) {
    return std::equal(tag.begin(), tag.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char expected, std::uint8_t byte) {
                          return static_cast<std::uint8_t>(expected) == byte;
                      });
}

struct Format {
    std::uint16_t coding = 0;
    std::uint16_t channels = 0;
    std::uint32_t rate = 0;
    std::uint16_t bits = 0;

    std::size_t frame_size() const { return std::size_t{channels} * (bits / 8U); }
};

Result<Format, WavError> read_format(Bytes chunk) {
    if (chunk.size() < kFormatSizeMin) {
        return Unexpected(WavError::truncated);
    }
    Format format{.coding = read_u16(chunk, 0),
                  .channels = read_u16(chunk, 2),
                  .rate = read_u32(chunk, 4),
                  .bits = read_u16(chunk, 14)};
    if (format.coding == kExtensible && chunk.size() >= kSubFormatAt + 2) {
        format.coding = read_u16(chunk, kSubFormatAt);
    }
    const bool is_pcm = format.coding == kPcm && format.bits == 16;
    const bool is_g711 = (format.coding == kALaw || format.coding == kMuLaw) && format.bits == 8;
    if (!is_pcm && !is_g711) {
        return Unexpected(WavError::unsupported_coding);
    }
    if (format.channels < 1 || format.channels > 2) {
        return Unexpected(WavError::unsupported_channels);
    }
    if (format.rate < kWavRateMin || format.rate > kWavRateMax) {
        return Unexpected(WavError::unsupported_rate);
    }
    return format;
}

int sample_at(Bytes data, std::size_t at, std::uint16_t coding) {
    if (coding == kPcm) {
        return static_cast<std::int16_t>(read_u16(data, at));
    }
    return coding == kALaw ? decode_a_law(data[at]) : decode_mu_law(data[at]);
}

Result<Wav, WavError> read_samples(const Format& format, Bytes data) {
    const std::size_t count = data.size() / format.frame_size();
    if (count == 0) {
        return Unexpected(WavError::no_samples);
    }
    if (count > std::size_t{kWavSecondsMax} * format.rate) {
        return Unexpected(WavError::too_long);
    }
    Wav wav;
    wav.rate = format.rate;
    wav.samples.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = i * format.frame_size();
        int sample = sample_at(data, at, format.coding);
        if (format.channels == 2) {
            sample = (sample + sample_at(data, at + format.bits / 8U, format.coding)) / 2;
        }
        wav.samples.push_back(static_cast<std::int16_t>(sample));
    }
    return wav;
}

// A low-pass of sinc form under a Hann window, tabulated over its right half.
class LowPass {
public:
    // `cutoff`: share of the source's rate, at most 0.5.
    explicit LowPass(double cutoff) : reach_(kZeroCrossings / (2.0 * cutoff)) {
        for (std::size_t i = 0; i < table_.size(); ++i) {
            const double share = static_cast<double>(i) / static_cast<double>(kSteps);
            const double x = 2.0 * cutoff * share * reach_ * std::numbers::pi;
            const double sinc = x == 0.0 ? 1.0 : std::sin(x) / x;
            table_[i] = sinc * (0.5 + 0.5 * std::cos(share * std::numbers::pi));
        }
    }

    double reach() const { return reach_; }
    double operator()(double distance) const {
        const double place = std::abs(distance) / reach_ * static_cast<double>(kSteps);
        const auto index = static_cast<std::size_t>(place);
        if (index >= kSteps) {
            return 0.0;
        }
        const double part = place - static_cast<double>(index);
        return table_[index] + part * (table_[index + 1] - table_[index]);
    }

private:
    static constexpr double kZeroCrossings = 16.0;
    static constexpr std::size_t kSteps = 4096;
    std::array<double, kSteps + 1> table_{};
    double reach_;
};

std::int16_t filtered(std::span<const std::int16_t> samples, double centre, const LowPass& pass) {
    const auto last = static_cast<std::ptrdiff_t>(samples.size()) - 1;
    const auto from = static_cast<std::ptrdiff_t>(std::ceil(centre - pass.reach()));
    const auto to = static_cast<std::ptrdiff_t>(std::floor(centre + pass.reach()));
    double sum = 0.0;
    double weight = 0.0;
    for (std::ptrdiff_t i = from; i <= to; ++i) {
        const double tap = pass(static_cast<double>(i) - centre);
        weight += tap;
        if (i >= 0 && i <= last) {
            sum += tap * samples[static_cast<std::size_t>(i)];
        }
    }
    const double value = std::clamp(std::round(sum / weight), -32768.0, 32767.0);
    return static_cast<std::int16_t>(value);
}

}  // namespace

std::string_view describe(WavError error) {
    switch (error) {
        case WavError::too_large:
            return "the file is larger than 128 MiB; choose a shorter recording";
        case WavError::not_wav:
            return "the file is not a WAV file (it does not begin with RIFF and WAVE)";
        case WavError::truncated:
            return "the file ends in the middle of its header; copy it again";
        case WavError::no_format:
            return "the file has no \"fmt \" part before its samples";
        case WavError::unsupported_coding:
            return "the samples are neither 16 bit PCM nor G.711; save the file as 16 bit PCM";
        case WavError::unsupported_channels:
            return "the file has more than two channels; save it as mono or stereo";
        case WavError::unsupported_rate:
            return "the sampling rate is not between 8,000 and 96,000 Hz; save it with 8,000 Hz";
        case WavError::no_samples:
            return "the file holds no samples";
        case WavError::too_long:
            return "the recording is longer than 10 minutes; choose a shorter one";
    }
    return "unknown";
}

Result<Wav, WavError> read_wav(Bytes file) {
    if (file.size() > kWavBytesMax) {
        return Unexpected(WavError::too_large);
    }
    if (file.size() < kRiffHeaderSize || !has_tag(file, 0, "RIFF") || !has_tag(file, 8, "WAVE")) {
        return Unexpected(WavError::not_wav);
    }
    std::optional<Format> format;
    std::size_t at = kRiffHeaderSize;
    while (file.size() - at >= kChunkHeaderSize) {
        const std::size_t said = read_u32(file, at + 4);
        const std::size_t size = std::min(said, file.size() - at - kChunkHeaderSize);
        const Bytes chunk = file.subspan(at + kChunkHeaderSize, size);
        if (has_tag(file, at, "fmt ")) {
            const Result<Format, WavError> read = read_format(chunk);
            if (!read) {
                return Unexpected(read.error());
            }
            format = *read;
        } else if (has_tag(file, at, "data")) {
            return format ? read_samples(*format, chunk) : Unexpected(WavError::no_format);
        }
        // Chunks are padded to even sizes.
        at = std::min(file.size(), at + kChunkHeaderSize + size + (size & 1U));
    }
    return Unexpected(format ? WavError::no_samples : WavError::truncated);
}

std::vector<std::int16_t> resample_to_8k(std::span<const std::int16_t> samples,
                                         std::uint32_t rate) {
    if (rate == kTargetRate) {
        return {samples.begin(), samples.end()};
    }
    // The pass band ends a tenth below the new Nyquist frequency, to leave the filter room to fall.
    const double ratio = static_cast<double>(rate) / kTargetRate;
    const LowPass pass(0.5 * 0.9 * std::min(1.0, 1.0 / ratio));
    const auto count = static_cast<std::size_t>(static_cast<double>(samples.size()) / ratio);
    std::vector<std::int16_t> result;
    result.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        result.push_back(filtered(samples, static_cast<double>(i) * ratio, pass));
    }
    return result;
}

}  // namespace lanze::media
