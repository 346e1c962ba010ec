#include "media/reception.h"

#include <algorithm>
#include <cstdlib>

namespace lanze::media {

namespace {

// A source that sets its timestamp anew (phones do so after hold) would otherwise show up as hours
// of jitter.
constexpr std::int64_t kTransitJumpMax = 1;  // seconds
constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr int kSeenBits = 64;

}  // namespace

void Reception::start(const RtpHeader& header) {
    has_source_ = true;
    ssrc_ = header.ssrc;
    max_sequence_ = header.sequence;
    base_sequence_ = header.sequence;
    cycles_ = 0;
    seen_ = 1;
    has_bad_sequence_ = false;
    has_transit_ = false;
    jitter_sixteenths_ = 0;
    received_here_ = 0;
    expected_reported_ = 0;
    received_reported_ = 0;
}

void Reception::restart(const RtpHeader& header) {
    expected_before_ += expected_here();
    start(header);
}

std::uint64_t Reception::expected_here() const {
    return has_source_ ? std::uint64_t{highest()} - base_sequence_ + 1 : 0;
}

void Reception::note(const RtpHeader& header, Time arrival, std::uint32_t clock) {
    if (!has_source_) {
        start(header);
    } else if (header.ssrc != ssrc_) {
        restart(header);
    } else if (!note_sequence(header)) {
        return;
    }
    ++received_;
    ++received_here_;
    if (clock != 0) {
        note_jitter(header, arrival, clock);
    }
}

// RFC 3550 A.1, without the probation: a phone's first packet is as good as its second. Gives
// whether the packet is a new one.
bool Reception::note_sequence(const RtpHeader& header) {
    const int distance = sequence_distance(max_sequence_, header.sequence);
    if (distance > 0 && distance < kDropoutMax) {
        if (header.sequence < max_sequence_) {
            cycles_ += 0x10000;
        }
        max_sequence_ = header.sequence;
        seen_ = distance < kSeenBits ? (seen_ << distance) | 1U : 1U;
        has_bad_sequence_ = false;
        return true;
    }
    if (distance <= 0 && -distance < kMisorderMax) {
        return note_misordered(-distance);
    }
    if (has_bad_sequence_ && header.sequence == bad_sequence_) {
        restart(header);
        return true;
    }
    has_bad_sequence_ = true;
    bad_sequence_ = static_cast<std::uint16_t>(header.sequence + 1);
    ++out_of_sequence_;
    return false;
}

bool Reception::note_misordered(int distance) {
    const std::uint64_t bit = distance < kSeenBits ? std::uint64_t{1} << distance : 0;
    const bool is_before_base =
        static_cast<std::uint64_t>(distance) > std::uint64_t{highest()} - base_sequence_;
    if (is_before_base || bit == 0) {
        ++out_of_sequence_;
        return false;
    }
    if ((seen_ & bit) != 0) {
        ++duplicates_;
        ++received_here_;
        return false;
    }
    seen_ |= bit;
    return true;
}

// RFC 3550 A.8, in integers with 4 bits of fraction.
void Reception::note_jitter(const RtpHeader& header, Time arrival, std::uint32_t clock) {
    if (clock != clock_) {
        // What is kept between packets counts at the clock of the one before.
        const std::uint64_t scaled = std::uint64_t{jitter_sixteenths_} * clock / clock_;
        jitter_sixteenths_ = static_cast<std::uint32_t>(scaled);
        clock_ = clock;
        has_transit_ = false;
    }
    const std::int64_t transit = clock_units(arrival.time_since_epoch(), clock) -
                                 static_cast<std::int64_t>(header.timestamp);
    const std::int64_t change =
        std::abs(static_cast<std::int64_t>(static_cast<std::int32_t>(transit - transit_)));
    transit_ = transit;
    if (!has_transit_ || change > kTransitJumpMax * clock) {
        has_transit_ = true;
        return;
    }
    const std::int64_t jitter = jitter_sixteenths_;
    jitter_sixteenths_ = static_cast<std::uint32_t>(jitter + change - ((jitter + 8) >> 4));
    jitter_max_ = std::max(jitter_max_, jitter_micros());
}

std::int64_t Reception::jitter_micros() const {
    return jitter_sixteenths_ * kMicrosPerSecond / clock_ / 16;
}

std::uint64_t Reception::lost() const {
    const std::uint64_t expected = expected_before_ + expected_here();
    return expected > received_ ? expected - received_ : 0;
}

Duration Reception::jitter() const {
    return Duration(jitter_micros());
}

ReportBlock Reception::take_block() {
    const std::uint64_t expected = expected_here();
    const auto expected_now = static_cast<std::int64_t>(expected - expected_reported_);
    const auto received_now = static_cast<std::int64_t>(received_here_ - received_reported_);
    expected_reported_ = expected;
    received_reported_ = received_here_;
    const std::int64_t lost_now = expected_now - received_now;
    ReportBlock block;
    block.ssrc = ssrc_;
    if (expected_now > 0 && lost_now > 0) {
        block.fraction_lost =
            static_cast<std::uint8_t>(std::min<std::int64_t>(255, lost_now * 256 / expected_now));
    }
    block.cumulative_lost = static_cast<std::int32_t>(static_cast<std::int64_t>(expected) -
                                                      static_cast<std::int64_t>(received_here_));
    block.highest_sequence = highest();
    block.jitter = jitter_sixteenths_ >> 4U;
    return block;
}

}  // namespace lanze::media
