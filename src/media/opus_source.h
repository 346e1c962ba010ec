// OpusSource: a source that speaks Opus, as one that speaks linear at 8 kHz in packets of 20 ms.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "media/opus_reader.h"
#include "media/prompt.h"
#include "media/rtp.h"

namespace lanze::media {

// Browsers' packets may be from 2.5 to 120 ms long; telephones want 20 ms. A packet of 20 ms is one
// frame, at once. Frames have numbers of their own, without gaps: what was lost is concealed here.
class OpusSource {
public:
    struct Frame {
        RtpHeader header;  // the payload type is left to the caller
        std::span<const std::int16_t, kFrameSamples> samples;
    };

    // The frames that are whole now are had by take(), until it gives nothing.
    OpusRead put(const RtpHeader& header, Bytes payload);
    std::optional<Frame> take();

    // The header of another packet of the source's, a telephone-event, among the frames.
    RtpHeader number(const RtpHeader& header);

private:
    RtpHeader next(std::uint32_t timestamp);

    OpusReader reader_;
    std::uint32_t ssrc_ = 0;
    std::uint16_t sequence_ = 0;
    std::uint32_t timestamp_ = 0;  // of the first sample of frame_
    bool starts_ = false;          // the next frame begins a talk spurt
    std::size_t taken_ = 0;        // of what the reader has heard
    std::size_t filled_ = 0;       // of frame_
    std::array<std::int16_t, kFrameSamples> frame_{};
};

}  // namespace lanze::media
