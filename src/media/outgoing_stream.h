// OutgoingStream: the one RTP stream a leg hears, whatever it is made of: relayed packets or music.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "media/prompt.h"
#include "media/rtp.h"

namespace lanze::media {

// Keeps our SSRC, and sequence numbers and timestamps without a jump when the source changes.
// Within one source its gaps are kept, so that the listener conceals and reports what was lost.
// The clock may change from packet to packet, as it does between our sounds and a browser's Opus:
// the time up to the first packet of the new clock counts at the old one (RFC 7160 §4.2).
class OutgoingStream {
public:
    struct Start {
        std::uint32_t ssrc = 0;
        std::uint16_t sequence = 0;
        std::uint32_t timestamp = 0;
    };
    explicit OutgoingStream(const Start& start);

    // The header for a packet of `source` that lasts `units` of `clock` Hz; nothing for one that
    // was sent before the source changed and comes too late. The payload type is left to the
    // caller.
    std::optional<RtpHeader> relay(const RtpHeader& source, std::size_t units, Time now,
                                   std::uint32_t clock = kSampleRate);
    // The header for the next frame that we make ourselves, at 8 kHz.
    RtpHeader play(std::size_t samples, Time now);

    // The source's next packet is left out on purpose and shall not look lost.
    void skip() { --sequence_shift_; }
    // What comes next starts a new talk spurt.
    void break_off() { source_ = Source::none; }

    void note_sent(std::size_t payload_octets);
    std::uint32_t ssrc() const { return ssrc_; }
    std::uint32_t packets() const { return packets_; }
    std::uint32_t octets() const { return octets_; }
    // The timestamp that belongs to `now`.
    std::uint32_t timestamp_at(Time now) const;

private:
    enum class Source : std::uint8_t { none, relayed, played };

    bool continues(const RtpHeader& source) const;
    std::uint32_t next_timestamp(Time now) const;
    void advance(std::uint16_t sequence, std::uint32_t timestamp, std::size_t units, Time now);

    std::uint32_t ssrc_;
    std::uint16_t sequence_;   // of the newest packet sent
    std::uint32_t timestamp_;  // of the newest packet sent
    std::uint32_t units_ = 0;  // how long it was
    std::uint32_t clock_ = kSampleRate;
    Time timestamp_since_{};  // when timestamp_ was first sent
    bool has_sent_ = false;
    Source source_ = Source::none;
    std::uint32_t source_ssrc_ = 0;
    std::uint16_t source_sequence_ = 0;  // newest
    std::uint16_t sequence_shift_ = 0;   // added to the source's
    std::uint32_t timestamp_shift_ = 0;  // added to the source's
    std::uint16_t first_sequence_ = 0;   // of this source, as sent
    std::uint32_t since_first_ = 0;
    std::uint32_t packets_ = 0;
    std::uint32_t octets_ = 0;
};

}  // namespace lanze::media
