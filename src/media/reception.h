// Reception: what was received of one RTP source: sequence, loss and jitter (RFC 3550 A.1, A.3,
// A.8).
#pragma once

#include <cstdint>

#include "base/time.h"
#include "media/prompt.h"
#include "media/rtcp.h"
#include "media/rtp.h"

namespace lanze::media {

// Follows one SSRC after the other and sums over them. A jump of the sequence number beyond
// kDropoutMax counts as a restart of the source once the next packet follows on it (A.1); until
// then the packet counts as out of sequence.
class Reception {
public:
    static constexpr int kDropoutMax = 3000;
    static constexpr int kMisorderMax = 100;

    // `clock`: of the timestamp, in Hz; 0: a packet whose timestamp stands still, such as
    // telephone-event, and which says nothing of jitter.
    void note(const RtpHeader& header, Time arrival, std::uint32_t clock = kSampleRate);

    bool has_started() const { return has_source_; }
    std::uint32_t ssrc() const { return ssrc_; }
    std::uint64_t received() const { return received_; }  // without duplicates
    std::uint64_t duplicates() const { return duplicates_; }
    std::uint64_t out_of_sequence() const { return out_of_sequence_; }
    std::uint64_t lost() const;  // expected, but not received so far
    Duration jitter() const;     // RFC 3550 §6.4.1, now
    Duration jitter_max() const { return Duration(jitter_max_); }

    // The block for the next report; starts a new interval for the fraction lost (A.3).
    ReportBlock take_block();

private:
    void start(const RtpHeader& header);
    void restart(const RtpHeader& header);
    bool note_sequence(const RtpHeader& header);
    bool note_misordered(int distance);
    void note_jitter(const RtpHeader& header, Time arrival, std::uint32_t clock);
    std::int64_t jitter_micros() const;
    std::uint32_t highest() const { return cycles_ + max_sequence_; }
    std::uint64_t expected_here() const;

    bool has_source_ = false;
    bool has_transit_ = false;
    bool has_bad_sequence_ = false;
    std::uint32_t ssrc_ = 0;
    std::uint16_t max_sequence_ = 0;
    std::uint16_t bad_sequence_ = 0;  // the number that would confirm a restart
    std::uint32_t cycles_ = 0;        // shifted count of wrap-arounds
    std::uint32_t base_sequence_ = 0;
    std::uint64_t seen_ = 0;  // bit i: max_sequence_ − i was received
    std::int64_t transit_ = 0;
    std::uint32_t clock_ = kSampleRate;
    std::uint32_t jitter_sixteenths_ = 0;  // timestamp units × 16, as in A.8
    std::int64_t jitter_max_ = 0;          // µs
    std::uint64_t received_ = 0;
    std::uint64_t duplicates_ = 0;
    std::uint64_t out_of_sequence_ = 0;
    std::uint64_t expected_before_ = 0;  // of sources that ended
    std::uint64_t received_here_ = 0;    // of this source, with duplicates, as A.3 counts
    std::uint64_t expected_reported_ = 0;
    std::uint64_t received_reported_ = 0;
};

}  // namespace lanze::media
