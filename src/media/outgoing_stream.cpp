#include "media/outgoing_stream.h"

#include <algorithm>

#include "media/reception.h"

namespace lanze::media {

namespace {

// After so many packets an older number is not a late packet but the circle gone round.
constexpr std::uint32_t kLateWindow = 1000;

}  // namespace

OutgoingStream::OutgoingStream(const Start& start)
    : ssrc_(start.ssrc),
      sequence_(static_cast<std::uint16_t>(start.sequence - 1)),
      timestamp_(start.timestamp) {}

bool OutgoingStream::continues(const RtpHeader& source) const {
    if (source_ != Source::relayed || source.ssrc != source_ssrc_) {
        return false;
    }
    const int distance = sequence_distance(source_sequence_, source.sequence);
    return distance < Reception::kDropoutMax && distance > -Reception::kMisorderMax;
}

std::uint32_t OutgoingStream::timestamp_at(Time now) const {
    const std::int64_t elapsed = clock_units(now - timestamp_since_, clock_);
    return timestamp_ + (has_sent_ ? static_cast<std::uint32_t>(elapsed) : 0U);
}

// At least the length of what was sent last, and else what the clock says.
std::uint32_t OutgoingStream::next_timestamp(Time now) const {
    return timestamp_ + std::max(units_, timestamp_at(now) - timestamp_);
}

void OutgoingStream::advance(std::uint16_t sequence, std::uint32_t timestamp, std::size_t units,
                             Time now) {
    if (has_sent_ && sequence_distance(sequence_, sequence) <= 0) {
        return;
    }
    if (!has_sent_ || timestamp != timestamp_) {
        timestamp_since_ = now;
    }
    sequence_ = sequence;
    timestamp_ = timestamp;
    units_ = static_cast<std::uint32_t>(units);
    has_sent_ = true;
}

std::optional<RtpHeader> OutgoingStream::relay(const RtpHeader& source, std::size_t units, Time now,
                                               std::uint32_t clock) {
    const bool is_new = clock != clock_ || !continues(source);
    if (is_new) {
        first_sequence_ = static_cast<std::uint16_t>(sequence_ + 1);
        since_first_ = 0;
        sequence_shift_ = static_cast<std::uint16_t>(first_sequence_ - source.sequence);
        timestamp_shift_ = next_timestamp(now) - source.timestamp;
        clock_ = clock;
        source_ = Source::relayed;
        source_ssrc_ = source.ssrc;
        source_sequence_ = source.sequence;
    }
    if (sequence_distance(source_sequence_, source.sequence) > 0) {
        source_sequence_ = source.sequence;
    }
    RtpHeader header;
    header.marker = source.marker || is_new;
    header.sequence = static_cast<std::uint16_t>(source.sequence + sequence_shift_);
    header.timestamp = source.timestamp + timestamp_shift_;
    header.ssrc = ssrc_;
    if (++since_first_ < kLateWindow && sequence_distance(first_sequence_, header.sequence) < 0) {
        return std::nullopt;
    }
    advance(header.sequence, header.timestamp, units, now);
    return header;
}

RtpHeader OutgoingStream::play(std::size_t samples, Time now) {
    const bool is_new = source_ != Source::played;
    source_ = Source::played;
    RtpHeader header;
    header.marker = is_new;
    header.sequence = static_cast<std::uint16_t>(sequence_ + 1);
    header.timestamp = is_new ? next_timestamp(now) : timestamp_ + units_;
    clock_ = kSampleRate;
    header.ssrc = ssrc_;
    advance(header.sequence, header.timestamp, samples, now);
    return header;
}

void OutgoingStream::note_sent(std::size_t payload_octets) {
    ++packets_;
    octets_ += static_cast<std::uint32_t>(payload_octets);
}

}  // namespace lanze::media
