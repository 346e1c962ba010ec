#include "media/opus_reader.h"

#include <opus/opus.h>

#include "base/check.h"
#include "media/reception.h"

namespace lanze::media {

namespace {

constexpr std::size_t kFramesMax = 48;      // RFC 6716 §3.2.5, of 2.5 ms
constexpr std::uint32_t kGapUnit = 120;     // 2.5 ms, the shortest frame
constexpr std::uint32_t kUnitsMax = 5'760;  // 120 ms

::OpusDecoder* of(void* decoder) {
    return static_cast<::OpusDecoder*>(decoder);
}

// Signed, on the circle of timestamps.
std::int32_t distance(std::uint32_t from, std::uint32_t to) {
    return static_cast<std::int32_t>(to - from);
}

}  // namespace

std::uint32_t opus_duration(Bytes payload) {
    if (payload.empty() || payload.size() > kDatagramMax) {
        return 0;
    }
    std::array<opus_int16, kFramesMax> sizes{};
    const int frames = opus_packet_parse(payload.data(), static_cast<opus_int32>(payload.size()),
                                         nullptr, nullptr, sizes.data(), nullptr);
    if (frames <= 0) {
        return 0;
    }
    const int each = opus_packet_get_samples_per_frame(payload.data(), kOpusClock);
    const auto units = static_cast<std::uint32_t>(frames * each);
    return units <= kUnitsMax ? units : 0;
}

void OpusReader::Free::operator()(void* decoder) const {
    opus_decoder_destroy(of(decoder));
}

OpusReader::OpusReader() {
    int error = OPUS_OK;
    decoder_.reset(opus_decoder_create(static_cast<opus_int32>(kSampleRate), 1, &error));
    LANZE_CHECK(decoder_ != nullptr && error == OPUS_OK);
}

std::size_t OpusReader::memory() {
    return sizeof(OpusReader) + static_cast<std::size_t>(opus_decoder_get_size(1));
}

std::uint32_t OpusReader::narrowed(std::uint32_t timestamp) {
    if (!has_place_) {
        has_place_ = true;
        place_ = timestamp;
        narrow_ = timestamp / kOpusPerSample;
    }
    const std::int32_t units = distance(place_, timestamp);
    return narrow_ + static_cast<std::uint32_t>(units / static_cast<std::int32_t>(kOpusPerSample));
}

void OpusReader::pass_over(const RtpHeader& header) {
    const bool is_ours = has_started_ && header.ssrc == ssrc_;
    if (is_ours && sequence_distance(sequence_, header.sequence) == 1) {
        sequence_ = header.sequence;
    }
}

// Gives how many samples, or below zero if libopus does not take it.
int OpusReader::decode(Bytes payload, std::size_t at, std::size_t size, bool is_of_before) {
    return opus_decode(of(decoder_.get()), payload.empty() ? nullptr : payload.data(),
                       static_cast<opus_int32>(payload.size()), &samples_[at],
                       static_cast<int>(size), is_of_before ? 1 : 0);
}

// Another source, or the same one after a jump: what the decoder remembers is of no use.
void OpusReader::follow(const RtpHeader& header) {
    opus_decoder_ctl(of(decoder_.get()), OPUS_RESET_STATE);
    has_started_ = true;
    ssrc_ = header.ssrc;
    sequence_ = static_cast<std::uint16_t>(header.sequence - 1);
    expected_ = header.timestamp;
    is_start_ = true;
}

// What was lost before this packet; gives how many samples.
std::size_t OpusReader::fill_gap(const RtpHeader& header, Bytes payload) {
    const std::int32_t missing = distance(expected_, header.timestamp);
    const bool is_lost = sequence_distance(sequence_, header.sequence) > 1;
    const std::size_t size = static_cast<std::size_t>(missing) / kOpusPerSample;
    if (!is_lost || missing <= 0 || size > kConcealedMax ||
        static_cast<std::uint32_t>(missing) % kGapUnit != 0) {
        is_start_ = is_start_ || missing != 0;
        return 0;
    }
    int count = decode(payload, 0, size, true);
    if (count < 0) {
        count = decode({}, 0, size, false);
    }
    return count < 0 ? 0 : static_cast<std::size_t>(count);
}

OpusRead OpusReader::read(const RtpHeader& header, Bytes payload) {
    is_start_ = is_start_ && size_ == 0;  // until it was told of
    size_ = 0;
    const std::uint32_t units = opus_duration(payload);
    if (units == 0) {
        return OpusRead::malformed;
    }
    const int step = sequence_distance(sequence_, header.sequence);
    const bool is_near = step > -Reception::kMisorderMax && step < Reception::kDropoutMax;
    const bool is_known = has_started_ && header.ssrc == ssrc_ && is_near;
    if (is_known && step <= 0) {
        return OpusRead::late;
    }
    if (!is_known || distance(expected_, header.timestamp) < 0) {
        follow(header);
    }
    const std::size_t before = fill_gap(header, payload);
    const int count = decode(payload, before, units / kOpusPerSample, false);
    if (count < 0) {
        return OpusRead::malformed;
    }
    narrow_ = narrowed(header.timestamp);
    place_ = header.timestamp;
    timestamp_ = narrow_ - static_cast<std::uint32_t>(before);
    size_ = before + static_cast<std::size_t>(count);
    sequence_ = header.sequence;
    expected_ = header.timestamp + units;
    return OpusRead::heard;
}

}  // namespace lanze::media
