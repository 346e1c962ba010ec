#include "media/opus_source.h"

#include <algorithm>
#include <utility>

namespace lanze::media {

// Not the browser's own SSRC: these numbers have nothing to do with those of its packets, some of
// which may be G.711 and go on as they are.
RtpHeader OpusSource::next(std::uint32_t timestamp) {
    return {.marker = false,
            .payload_type = 0,
            .sequence = sequence_++,
            .timestamp = timestamp,
            .ssrc = ~ssrc_};
}

OpusRead OpusSource::put(const RtpHeader& header, Bytes payload) {
    const OpusRead read = reader_.read(header, payload);
    taken_ = 0;
    if (read != OpusRead::heard) {
        return read;
    }
    ssrc_ = header.ssrc;
    if (reader_.is_start()) {
        filled_ = 0;
        starts_ = true;
    }
    if (filled_ == 0) {
        timestamp_ = reader_.timestamp();
    }
    return read;
}

std::optional<OpusSource::Frame> OpusSource::take() {
    if (filled_ == kFrameSamples) {
        filled_ = 0;  // the one given last
        timestamp_ += kFrameSamples;
    }
    const std::span<const std::int16_t> rest = reader_.samples().subspan(taken_);
    const std::size_t size = std::min(rest.size(), kFrameSamples - filled_);
    std::ranges::copy(rest.first(size), frame_.begin() + static_cast<std::ptrdiff_t>(filled_));
    taken_ += size;
    filled_ += size;
    if (filled_ < kFrameSamples) {
        return std::nullopt;
    }
    Frame frame{.header = next(timestamp_), .samples = frame_};
    frame.header.marker = std::exchange(starts_, false);
    return frame;
}

RtpHeader OpusSource::number(const RtpHeader& header) {
    ssrc_ = header.ssrc;
    reader_.pass_over(header);
    RtpHeader numbered = next(reader_.narrowed(header.timestamp));
    numbered.marker = header.marker;
    return numbered;
}

}  // namespace lanze::media
