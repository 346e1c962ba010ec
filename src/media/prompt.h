// Prompt: a sound prepared once as 20 ms frames in both G.711 laws and shared by all legs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "media/wav.h"
#include "ports/media.h"

namespace lanze::media {

inline constexpr std::size_t kFrameSamples = 160;  // 20 ms at 8 kHz
inline constexpr std::uint32_t kSampleRate = 8000;

// Never empty; immutable once made, so that threads may share it.
class Prompt {
public:
    // `samples`: 16 bit linear at 8 kHz. The last frame is filled up with silence; nothing gives
    // one frame of silence.
    explicit Prompt(std::span<const std::int16_t> samples);
    // A WAV file's bytes, converted to 8 kHz mono.
    static Result<Prompt, WavError> from_wav(std::span<const std::uint8_t> file);

    std::size_t frames() const { return a_law_.size() / kFrameSamples; }
    Duration length() const { return milliseconds(20) * static_cast<std::int64_t>(frames()); }
    // Counts on beyond the end: the sound repeats.
    std::span<const std::uint8_t, kFrameSamples> frame(std::size_t index, ports::G711 law) const;

private:
    std::vector<std::uint8_t> mu_law_;
    std::vector<std::uint8_t> a_law_;
};

// What the legs of all workers may hear.
struct Sounds {
    Prompt silence;
    Prompt ring_tone;
    Prompt waiting_music;
    Prompt busy_tone;
    Prompt closed;  // an announcement
    Prompt right_back;

    // Tones and a soft melody made by ourselves: no file is needed.
    static Sounds generated();
    const Prompt& of(ports::Sound sound) const;
};

}  // namespace lanze::media
