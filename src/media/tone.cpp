#include "media/tone.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace lanze::media {

namespace {

constexpr double kRate = 8000.0;
constexpr double kFullScale = 32767.0;
constexpr std::size_t kBlock = 800;  // 100 ms
constexpr double kFrequencyMin = 100.0;
constexpr double kFrequencyMax = 3000.0;
constexpr double kCoarseStep = 10.0;
constexpr double kSilenceLimit = -65.0;  // dBm0; idle noise of G.711 lies below

double amplitude_of(double level) {
    return kFullScale * std::pow(10.0, (level - kFullScaleDbm0) / 20.0);
}

// From the mean square of a signal.
double level_of(double power) {
    const double full = kFullScale * kFullScale / 2.0;
    if (power <= 0.0) {
        return kSilenceDbm0;
    }
    return std::max(kSilenceDbm0, 10.0 * std::log10(power / full) + kFullScaleDbm0);
}

double power_of(std::span<const std::int16_t> samples) {
    double sum = 0.0;
    for (const std::int16_t sample : samples) {
        sum += static_cast<double>(sample) * sample;
    }
    return samples.empty() ? 0.0 : sum / static_cast<double>(samples.size());
}

double tone_power(std::span<const std::int16_t> samples, double frequency) {
    if (samples.empty()) {
        return 0.0;
    }
    const double turn = 2.0 * std::cos(2.0 * std::numbers::pi * frequency / kRate);
    double last = 0.0;
    double before = 0.0;
    for (const std::int16_t sample : samples) {
        const double next = sample + turn * last - before;
        before = last;
        last = next;
    }
    const double square = last * last + before * before - turn * last * before;
    const auto count = static_cast<double>(samples.size());
    return 2.0 * square / (count * count);
}

std::span<const std::int16_t> loudest_block(std::span<const std::int16_t> samples) {
    std::span<const std::int16_t> best = samples.first(std::min(kBlock, samples.size()));
    double best_power = power_of(best);
    for (std::size_t at = kBlock; at + kBlock <= samples.size(); at += kBlock) {
        const std::span<const std::int16_t> block = samples.subspan(at, kBlock);
        if (const double power = power_of(block); power > best_power) {
            best = block;
            best_power = power;
        }
    }
    return best;
}

double strongest(std::span<const std::int16_t> samples, double from, double to, double step) {
    double best = from;
    double best_power = -1.0;
    for (double frequency = from; frequency <= to; frequency += step) {
        if (const double power = tone_power(samples, frequency); power > best_power) {
            best = frequency;
            best_power = power;
        }
    }
    return best;
}

std::vector<std::int16_t> with_silence(std::vector<std::int16_t> tone, std::size_t silence) {
    tone.resize(tone.size() + silence);
    return tone;
}

// A plucked note: it rises in 8 ms and dies away; the octave above gives it some colour. What is
// left at the end of the melody is added at its beginning, so that the melody repeats without gap.
void pluck(std::vector<double>& melody, std::size_t at, double frequency, double loudness) {
    constexpr std::size_t kLength = 20'000;  // 2.5 s
    constexpr double kRise = 64.0;
    constexpr double kFall = 4'800.0;
    for (std::size_t i = 0; i < kLength; ++i) {
        const auto t = static_cast<double>(i);
        const double angle = 2.0 * std::numbers::pi * frequency * t / kRate;
        const double envelope = std::min(1.0, t / kRise) * std::exp(-t / kFall);
        melody[(at + i) % melody.size()] +=
            loudness * envelope * (std::sin(angle) + 0.2 * std::sin(2.0 * angle));
    }
}

// Half tones above the A of 220 Hz in equal temperament.
double note(int half_tones) {
    return 220.0 * std::pow(2.0, half_tones / 12.0);
}

}  // namespace

std::vector<std::int16_t> make_tone(const Tone& tone, std::size_t count, std::uint64_t start) {
    const double amplitude = amplitude_of(tone.level);
    std::vector<std::int16_t> samples(count);
    for (std::size_t i = 0; i < count; ++i) {
        const double turns = tone.frequency * static_cast<double>(start + i) / kRate;
        const double angle = 2.0 * std::numbers::pi * (turns - std::floor(turns));
        const double value = std::clamp(amplitude * std::sin(angle), -kFullScale, kFullScale);
        samples[i] = static_cast<std::int16_t>(std::lround(value));
    }
    return samples;
}

std::vector<std::int16_t> make_ring_tone() {
    return with_silence(make_tone({.frequency = 425.0, .level = -13.0}, 8000), 32'000);
}

std::vector<std::int16_t> make_busy_tone() {
    return with_silence(make_tone({.frequency = 425.0, .level = -13.0}, 3840), 3840);
}

std::vector<std::int16_t> make_right_back_tone() {
    constexpr std::size_t kStroke = 3'200;  // 0.4 s
    constexpr double kRise = 160.0;
    constexpr double kFall = 1'000.0;
    std::vector<std::int16_t> samples;
    samples.reserve(32'000);
    for (const double frequency : {523.25, 659.25}) {
        const std::vector<std::int16_t> tone =
            make_tone({.frequency = frequency, .level = -18.0}, kStroke);
        for (std::size_t i = 0; i < kStroke; ++i) {
            const auto t = static_cast<double>(i);
            const double envelope = std::min(1.0, t / kRise) * std::exp(-t / kFall);
            samples.push_back(static_cast<std::int16_t>(std::lround(envelope * tone[i])));
        }
    }
    return with_silence(std::move(samples), 32'000 - 2 * kStroke);
}

std::vector<std::int16_t> make_waiting_melody() {
    constexpr std::size_t kStep = 4'800;  // 0.6 s
    // Four bars of eight steps over D, B minor, G and A: each names its chord's notes in turn.
    constexpr std::array<std::array<int, 8>, 4> kBars = {{{5, 9, 12, 17, 14, 12, 9, 12},
                                                          {2, 9, 14, 17, 21, 17, 14, 9},
                                                          {-2, 5, 10, 14, 17, 14, 10, 14},
                                                          {0, 7, 12, 16, 19, 16, 12, 7}}};
    std::vector<double> melody(kBars.size() * kBars[0].size() * kStep);
    std::size_t at = 0;
    for (const std::array<int, 8>& bar : kBars) {
        pluck(melody, at, note(bar[0]) / 2.0, 0.8);
        for (const int half_tones : bar) {
            pluck(melody, at, note(half_tones), 1.0);
            at += kStep;
        }
    }
    constexpr double kAmplitude = 3'000.0;  // about −20 dBm0 on the whole
    std::vector<std::int16_t> samples(melody.size());
    std::transform(melody.begin(), melody.end(), samples.begin(), [](double value) {
        return static_cast<std::int16_t>(std::lround(std::clamp(kAmplitude * value, -3e4, 3e4)));
    });
    return samples;
}

double measure_level(std::span<const std::int16_t> samples) {
    return level_of(power_of(samples));
}

double measure_tone(std::span<const std::int16_t> samples, double frequency) {
    return level_of(tone_power(samples, frequency));
}

Measurement measure(std::span<const std::int16_t> samples) {
    Measurement result;
    result.level = measure_level(samples);
    if (result.level < kSilenceLimit) {
        return result;
    }
    const double near =
        strongest(loudest_block(samples), kFrequencyMin, kFrequencyMax, kCoarseStep);
    result.frequency = strongest(samples, near - kCoarseStep, near + kCoarseStep, 1.0);
    result.tone_level = measure_tone(samples, result.frequency);
    return result;
}

}  // namespace lanze::media
