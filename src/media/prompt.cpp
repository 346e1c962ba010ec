#include "media/prompt.h"

#include <algorithm>

#include "media/g711.h"
#include "media/tone.h"

namespace lanze::media {

namespace {

std::vector<std::uint8_t> coded(std::span<const std::int16_t> samples, ports::G711 law) {
    const std::size_t frames =
        std::max<std::size_t>(1, (samples.size() + kFrameSamples - 1) / kFrameSamples);
    std::vector<std::uint8_t> codes(frames * kFrameSamples, silence_of(law));
    std::transform(samples.begin(), samples.end(), codes.begin(),
                   [law](std::int16_t sample) { return encode(sample, law); });
    return codes;
}

}  // namespace

Prompt::Prompt(std::span<const std::int16_t> samples)
    : mu_law_(coded(samples, ports::G711::mu_law)), a_law_(coded(samples, ports::G711::a_law)) {}

Result<Prompt, WavError> Prompt::from_wav(std::span<const std::uint8_t> file) {
    const Result<Wav, WavError> wav = read_wav(file);
    if (!wav) {
        return Unexpected(wav.error());
    }
    return Prompt(resample_to_8k(wav->samples, wav->rate));
}

std::span<const std::uint8_t, kFrameSamples> Prompt::frame(std::size_t index,
                                                           ports::G711 law) const {
    const std::vector<std::uint8_t>& codes = law == ports::G711::mu_law ? mu_law_ : a_law_;
    const std::size_t at = index % frames() * kFrameSamples;
    return std::span<const std::uint8_t>(codes).subspan(at).first<kFrameSamples>();
}

Sounds Sounds::generated() {
    return {.silence = Prompt({}),
            .ring_tone = Prompt(make_ring_tone()),
            .waiting_music = Prompt(make_waiting_melody()),
            .busy_tone = Prompt(make_busy_tone()),
            .closed = Prompt(make_busy_tone()),
            .right_back = Prompt(make_right_back_tone())};
}

const Prompt& Sounds::of(ports::Sound sound) const {
    switch (sound) {
        case ports::Sound::silence:
            return silence;
        case ports::Sound::ring_tone:
            return ring_tone;
        case ports::Sound::waiting_music:
            return waiting_music;
        case ports::Sound::busy_tone:
            return busy_tone;
        case ports::Sound::closed:
            return closed;
        case ports::Sound::right_back:
            return right_back;
    }
    return silence;
}

}  // namespace lanze::media
