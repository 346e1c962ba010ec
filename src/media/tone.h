// Tones: generated sounds of the telephone network, and the measuring of level and frequency.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lanze::media {

// Levels are in dBm0: a sine that fills the range of G.711 has +3.14 dBm0 (ITU-T G.711 §4).
inline constexpr double kFullScaleDbm0 = 3.14;
inline constexpr double kSilenceDbm0 = -99.0;  // what is measured when there is nothing

struct Tone {
    double frequency = 425.0;  // Hz, below 4,000
    double level = -13.0;      // dBm0
    friend bool operator==(const Tone&, const Tone&) = default;
};

// `count` samples of the tone at 8 kHz, the first being number `start` of an endless tone, so that
// frames made one after the other fit together.
std::vector<std::int16_t> make_tone(const Tone& tone, std::size_t count, std::uint64_t start = 0);

// One period of the cadences most European networks use (ITU-T E.180, ETSI TR 101 041-2): 425 Hz,
// 1 s on and 4 s off; 480 ms on and off.
std::vector<std::int16_t> make_ring_tone();
std::vector<std::int16_t> make_busy_tone();

// "Somebody will be back in a moment", 4 s: two soft strokes of 0.4 s each, 523 Hz (C5) and then
// 659 Hz (E5), that rise in 20 ms and die away from -18 dBm0; the rest is silence. Neither the
// frequency nor the sequence is one of the network's tones, so nobody takes it for ringing or busy.
std::vector<std::int16_t> make_right_back_tone();

// A quiet melody of plucked chords, 19.2 s, whose end runs on into its beginning.
std::vector<std::int16_t> make_waiting_melody();

// Level of all there is.
double measure_level(std::span<const std::int16_t> samples);

// Level of one frequency (Goertzel 1958). Samples are taken at 8 kHz; the finer two frequencies
// shall be told apart, the more of them it takes (8,000 samples: 1 Hz).
double measure_tone(std::span<const std::int16_t> samples, double frequency);

struct Measurement {
    double level = kSilenceDbm0;       // of all there is
    double frequency = 0.0;            // the strongest between 100 and 3,000 Hz; 0: silence
    double tone_level = kSilenceDbm0;  // of that frequency alone
    friend bool operator==(const Measurement&, const Measurement&) = default;
};

// Looks in steps of 10 Hz over the loudest 100 ms, then in steps of 1 Hz over all.
Measurement measure(std::span<const std::int16_t> samples);

}  // namespace lanze::media
