// OpusReader: what one source says in Opus (RFC 6716), as linear samples at 8 kHz, one by one in
// order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "media/prompt.h"
#include "media/rtp.h"

namespace lanze::media {

// RFC 7587 §4.1: timestamps count at 48 kHz, whatever is encoded.
inline constexpr std::uint32_t kOpusClock = 48'000;
inline constexpr std::uint32_t kOpusPerSample = kOpusClock / kSampleRate;

// How long a packet is, in units of 1/48,000 s, at most 5,760; 0: it is malformed. Looks at the
// lengths in it, not at the sound.
std::uint32_t opus_duration(Bytes payload);

enum class OpusRead : std::uint8_t { heard, late, malformed };

// Lost packets come back from the next one if its encoder put them there (RFC 6716 §2.1.7), or else
// are concealed, up to kConcealedMax; a longer gap is left as one, as is silence that was not sent.
class OpusReader {
public:
    static constexpr std::size_t kPacketSamplesMax = 960;  // 120 ms
    static constexpr std::size_t kConcealedMax = 480;      // 60 ms

    OpusReader();

    // What was heard lies in samples() until the next call. A packet that comes after its turn is
    // late, and one that libopus does not take changes nothing.
    OpusRead read(const RtpHeader& header, Bytes payload);
    std::span<const std::int16_t> samples() const { return std::span(samples_).first(size_); }
    // Of the first sample, at 8 kHz.
    std::uint32_t timestamp() const { return timestamp_; }
    // Nothing of before leads up to it.
    bool is_start() const { return is_start_; }

    // A packet of the source's that is not for us, such as a digit: it is not missing.
    void pass_over(const RtpHeader& header);

    // Where one of the source's timestamps lies at 8 kHz, now.
    std::uint32_t narrowed(std::uint32_t timestamp);

    // Bytes, with the decoder's.
    static std::size_t memory();

private:
    struct Free {
        void operator()(void* decoder) const;
    };

    void follow(const RtpHeader& header);
    std::size_t fill_gap(const RtpHeader& header, Bytes payload);
    int decode(Bytes payload, std::size_t at, std::size_t size, bool is_of_before);

    std::unique_ptr<void, Free> decoder_;  // libopus's OpusDecoder
    bool has_started_ = false;
    bool has_place_ = false;
    bool is_start_ = false;
    std::uint32_t ssrc_ = 0;
    std::uint16_t sequence_ = 0;  // of the newest packet heard
    std::uint32_t expected_ = 0;  // timestamp behind it
    std::uint32_t place_ = 0;     // a timestamp of the source's ...
    std::uint32_t narrow_ = 0;    // ... and the same at 8 kHz
    std::uint32_t timestamp_ = 0;
    std::size_t size_ = 0;
    std::array<std::int16_t, kPacketSamplesMax + kConcealedMax> samples_{};
};

}  // namespace lanze::media
