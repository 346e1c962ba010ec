// WAV files: 16 bit PCM or G.711, mono or stereo, any usual rate, read into 8 kHz mono samples.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lanze::media {

enum class WavError : std::uint8_t {
    too_large,
    not_wav,
    truncated,
    no_format,
    unsupported_coding,
    unsupported_channels,
    unsupported_rate,
    no_samples,
    too_long,
};

// A sentence that says what is wrong and what to do, for the person who chose the file.
std::string_view describe(WavError error);

struct Wav {
    std::uint32_t rate = 8000;          // samples per second
    std::vector<std::int16_t> samples;  // mono: two channels are averaged
};

inline constexpr std::size_t kWavBytesMax = std::size_t{128} << 20U;
inline constexpr std::uint32_t kWavRateMin = 8'000;
inline constexpr std::uint32_t kWavRateMax = 96'000;
inline constexpr std::uint32_t kWavSecondsMax = 600;

// Reads the first "fmt " and "data" chunks and skips others. A data chunk that is cut short (as by
// programs that stream into a pipe) is read as far as it goes.
Result<Wav, WavError> read_wav(std::span<const std::uint8_t> file);

// Windowed-sinc low-pass and interpolation (Crochiere and Rabiner, Multirate Digital Signal
// Processing, 1983) to 8 kHz. A rate of 8,000 gives the samples back as they are.
std::vector<std::int16_t> resample_to_8k(std::span<const std::int16_t> samples, std::uint32_t rate);

}  // namespace lanze::media
