// Leg: one leg's packets, without sockets: what comes in is judged, what goes out is written.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/endpoint.h"
#include "base/time.h"
#include "core/record.h"
#include "media/opus_source.h"
#include "media/outgoing_stream.h"
#include "media/prompt.h"
#include "media/reception.h"
#include "media/rtcp.h"
#include "media/rtp.h"
#include "media/source_follower.h"
#include "ports/media.h"

namespace lanze::media {

class Conference;
class WebTransport;

enum class Verdict : std::uint8_t {
    audio,     // to be relayed
    event,     // telephone-event (RFC 4733), to be relayed
    consumed,  // counted, nothing to do with it
    foreign,   // of a source the leg does not follow
    malformed,
};

struct Received {
    Verdict verdict = Verdict::malformed;
    RtpPacket packet;  // with audio and event only
    // Audio: in Opus, not in G.711. Event: its durations count at 48 kHz, not at 8.
    bool is_wide = false;
    std::uint32_t clock = kSampleRate;  // of the timestamp: that of the source's audio
    std::uint32_t units = 0;            // of that clock; how long audio lasts
};

class Leg {
public:
    static constexpr std::uint32_t kNoPeer = 0xFFFFFFFF;
    // Decoding is dear: of who sends more Opus than time passes, no more than that ahead is
    // decoded.
    static constexpr Duration kOpusAheadMax = seconds(1);

    Leg(ports::LegId id, std::uint32_t port, const OutgoingStream::Start& start);
    ~Leg();

    ports::LegId id() const { return id_; }
    std::uint32_t port() const { return port_; }

    void set_remote(const ports::SetRemote& remote);
    ports::G711 law() const { return remote_.codec; }
    bool knows_opus() const { return remote_.opus.audio != 0; }
    // Made when first asked for; it goes with the talk that it was needed for.
    OpusSource& opus_source();
    // Whether so much more of it may be decoded now; if so, it counts as done.
    bool may_decode(std::uint32_t opus_units, Time now);

    // Null: a phone, whose packets are not encrypted.
    WebTransport* transport() const { return transport_.get(); }
    // From now on the leg ends in a browser; what comes has passed the transport before. Another
    // one takes the place of the first, and packets go nowhere until it knows where to.
    void secure(std::unique_ptr<WebTransport> transport);
    // After each change of the transport: packets go where it says.
    void follow_transport();

    // The leg it is bridged with, by port; a change starts a new talk spurt.
    std::uint32_t peer() const { return peer_; }
    void set_peer(std::uint32_t peer);
    // What it hears next is a new talk spurt: its peer was on hold or spoke another codec.
    void break_off() { out_.break_off(); }
    // What it takes part in instead of being bridged; null: in none.
    Conference* conference() const { return conference_; }
    void set_conference(Conference* conference);
    // What it hears while not bridged; null: nothing.
    const Prompt* prompt() const { return prompt_; }
    void set_prompt(const Prompt* prompt);

    Received receive_rtp(const Endpoint& source, Bytes datagram, Time now);
    // `is_muxed`: it came to the RTP port (RFC 5761).
    Verdict receive_rtcp(const Endpoint& source, Bytes datagram, bool is_muxed, Time now);

    // Rewrites a peer's packet in place for this leg; the part of `datagram` to send, or empty.
    // Opus goes as it is, to who knows it.
    std::span<std::uint8_t> forward(const Received& received, ports::G711 from,
                                    std::span<std::uint8_t> datagram, Time now);
    // A frame made of what its peer said in Opus; the part of `to` to send, or empty.
    std::span<std::uint8_t> forward_frame(
        const OpusSource::Frame& frame, std::span<std::uint8_t, kRtpHeaderSize + kFrameSamples> to,
        Time now);
    // The next frame of the prompt; the part of `buffer` to send, or empty.
    std::span<std::uint8_t> play(std::span<std::uint8_t, kRtpHeaderSize + kFrameSamples> buffer,
                                 Time now);
    // A frame that was made for it; as play().
    std::span<std::uint8_t> send_frame(Bytes frame,
                                       std::span<std::uint8_t, kRtpHeaderSize + kFrameSamples> to,
                                       Time now);
    const Endpoint& rtp_target() const { return follower_.target(); }

    // The report that is due; empty while nothing was received or sent or nobody is known.
    std::span<std::uint8_t> write_report(std::string_view cname,
                                         std::span<std::uint8_t, kRtcpWrittenMax> buffer, Time now);
    Endpoint rtcp_target() const;
    bool is_rtcp_muxed() const { return is_rtcp_muxed_; }

    // When silence will have lasted too long if nothing more comes; nothing: not watched. Before
    // the first RTP packet the deadline moves along with `now`, unless `from_now`.
    void watch_silence(Duration silence, bool from_now, Time now);
    std::optional<Time> silence_deadline(Time now) const;

    core::LegQuality quality() const;
    // What the other side reported of our packets last, of 256.
    std::uint8_t remote_fraction_lost() const { return remote_fraction_lost_; }

private:
    bool can_send() const;
    // By its payload type; malformed: it is none that was agreed on.
    Received identify(const RtpPacket& packet) const;
    // A telephone-event for this leg; the payload type it gets, or nothing: it wants none.
    std::optional<std::uint8_t> adapt_event(const Received& received,
                                            std::span<std::uint8_t> payload) const;

    ports::LegId id_;
    std::uint32_t port_;
    std::uint32_t peer_ = kNoPeer;
    bool has_remote_ = false;
    bool is_rtcp_muxed_ = false;
    std::uint8_t remote_fraction_lost_ = 0;
    ports::SetRemote remote_;
    SourceFollower follower_;
    std::uint32_t clock_ = 0;  // of the audio that came last, in Hz; 0: none came
    std::unique_ptr<OpusSource> opus_source_;
    Time decoded_until_{};  // as if each packet had come when the one before was over
    std::unique_ptr<WebTransport> transport_;
    std::optional<Endpoint> rtcp_source_;
    OutgoingStream out_;
    Reception in_;
    Conference* conference_ = nullptr;
    const Prompt* prompt_ = nullptr;
    std::uint32_t prompt_frame_ = 0;
    std::uint32_t packets_reported_ = 0;  // of out_, at the last report
    std::uint32_t last_sr_ = 0;
    Time last_sr_at_{};
    Duration round_trip_{};
    Duration silence_max_{};
    bool is_watched_from_start_ = false;
    Time heard_{};  // the last packet, or when watching began
};

}  // namespace lanze::media
