// JitterBuffer: one speaker's samples on their way into a conference: packets in as they come,
// frames out at an even pace.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "media/prompt.h"
#include "media/rtp.h"

namespace lanze::media {

// Samples lie where their RTP timestamp says, so that packets of any length, doubled ones and ones
// out of order find their place. What is missing when its time comes is silence.
class JitterBuffer {
public:
    // From a packet's arrival to its turn, at the start of a talk spurt.
    static constexpr std::uint32_t kDelay = 2 * kFrameSamples;
    // More than that lying here makes the talk slow: the oldest is left out.
    static constexpr std::uint32_t kDelayMax = 6 * kFrameSamples;

    // `samples`: 16 bit linear at 8 kHz, at most kDelayMax; more is left out.
    void put(const RtpHeader& header, std::span<const std::int16_t> samples);
    // The next 20 ms. False: nothing of it has come, and `frame` is silence.
    bool take(std::span<std::int16_t, kFrameSamples> frame);

    // How much lies here, in samples.
    std::uint32_t held() const { return is_running_ ? end_ - next_ : 0; }

private:
    // A power of two above kDelayMax + the longest packet, so that the circle of timestamps fits.
    static constexpr std::uint32_t kSize = 2048;
    // So many frames without a packet end a talk spurt: the next one gets its delay anew.
    static constexpr int kEmptyMax = 3;

    void start(const RtpHeader& header);
    void skip_to(std::uint32_t timestamp);

    std::array<std::int16_t, kSize> samples_{};
    std::uint32_t ssrc_ = 0;
    std::uint32_t next_ = 0;  // timestamp of the next sample to take
    std::uint32_t end_ = 0;   // behind the newest sample
    int empty_ = 0;           // frames taken since anything lay here
    bool is_running_ = false;
};

}  // namespace lanze::media
