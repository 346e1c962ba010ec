#include "media/leg.h"

#include <algorithm>
#include <utility>

#include "media/g711.h"
#include "media/quality.h"
#include "media/telephone_event.h"
#include "media/web_transport.h"

namespace lanze::media {

namespace {

constexpr Duration kRoundTripMax = seconds(30);  // more is a clock gone astray

// RFC 3550 §6.4.1: the middle 32 bits of NTP count 1/65,536 s.
constexpr Duration from_ntp_units(std::uint32_t units) {
    return Duration(static_cast<std::int64_t>(units) * 1'000'000 / 65'536);
}

constexpr std::uint32_t to_ntp_units(Duration duration) {
    return static_cast<std::uint32_t>(duration.count() * 65'536 / 1'000'000);
}

}  // namespace

Leg::Leg(ports::LegId id, std::uint32_t port, const OutgoingStream::Start& start)
    : id_(id), port_(port), out_(start) {}

Leg::~Leg() = default;

void Leg::secure(std::unique_ptr<WebTransport> transport) {
    transport_ = std::move(transport);
    opus_source_.reset();
    is_rtcp_muxed_ = true;
    out_.break_off();
    follower_.lead({});
}

void Leg::follow_transport() {
    follower_.lead(transport_->target());
}

void Leg::set_remote(const ports::SetRemote& remote) {
    // What was kept back while on hold must not look lost afterwards.
    if (!has_remote_ || remote.may_send != remote_.may_send || remote.codec != remote_.codec) {
        out_.break_off();
    }
    remote_ = remote;
    has_remote_ = true;
    opus_source_.reset();
    is_rtcp_muxed_ = transport_ != nullptr;
    rtcp_source_.reset();
    follower_.follow(remote.rtp);
}

void Leg::set_peer(std::uint32_t peer) {
    peer_ = peer;
    prompt_ = nullptr;
    opus_source_.reset();
    out_.break_off();
}

void Leg::set_conference(Conference* conference) {
    conference_ = conference;
    opus_source_.reset();
    out_.break_off();
}

void Leg::set_prompt(const Prompt* prompt) {
    prompt_ = prompt;
    prompt_frame_ = 0;
    out_.break_off();
}

bool Leg::can_send() const {
    const Endpoint& target = follower_.target();
    return has_remote_ && remote_.may_send && target.port != 0 && !target.address.is_unspecified();
}

OpusSource& Leg::opus_source() {
    if (!opus_source_) {
        opus_source_ = std::make_unique<OpusSource>();
    }
    return *opus_source_;
}

bool Leg::may_decode(std::uint32_t opus_units, Time now) {
    const Duration length(std::int64_t{opus_units} * 1'000'000 / kOpusClock);
    const Time until = std::max(decoded_until_, now) + length;
    if (until > now + kOpusAheadMax) {
        return false;
    }
    decoded_until_ = until;
    return true;
}

Received Leg::identify(const RtpPacket& packet) const {
    const std::uint8_t type = packet.header.payload_type;
    const ports::OpusPayloads& opus = remote_.opus;
    Received received;
    received.packet = packet;
    received.is_wide = type != 0 && (type == opus.audio_in || type == opus.event_in);
    if (type == remote_.audio_payload_in || (received.is_wide && type == opus.audio_in)) {
        received.verdict = Verdict::audio;
    } else if (received.is_wide || (type != 0 && type == remote_.event_payload_in)) {
        received.verdict = Verdict::event;
    }
    // Some browsers know events at 8 kHz alone, and send them among Opus with its timestamps.
    const bool is_event = received.verdict == Verdict::event;
    received.clock =
        is_event && clock_ != 0 ? clock_ : (received.is_wide ? kOpusClock : kSampleRate);
    return received;
}

Received Leg::receive_rtp(const Endpoint& source, Bytes datagram, Time now) {
    const Result<RtpPacket, RtpError> packet = parse_rtp(datagram);
    if (!packet) {
        return {};
    }
    if (!has_remote_) {
        return {.verdict = Verdict::consumed, .packet = {}};
    }
    // Only packets of the kind agreed on take part in the choice of the source.
    Received received = identify(*packet);
    if (received.verdict == Verdict::malformed) {
        return {};
    }
    // What the transport has opened is the browser's, wherever it came from.
    if (transport_ == nullptr && !follower_.admit(source)) {
        return {.verdict = Verdict::foreign, .packet = {}};
    }
    const bool is_audio = received.verdict == Verdict::audio;
    in_.note(packet->header, now, is_audio ? received.clock : 0);
    heard_ = now;
    // An empty packet only keeps a NAT binding open.
    if (!remote_.may_receive || packet->payload_size == 0) {
        return {.verdict = Verdict::consumed, .packet = {}};
    }
    if (is_audio) {
        clock_ = received.clock;
        received.units = static_cast<std::uint32_t>(packet->payload_size);
    }
    if (is_audio && received.is_wide) {
        received.units =
            opus_duration(datagram.subspan(packet->payload_offset, packet->payload_size));
        if (received.units == 0) {
            return {};
        }
    }
    return received;
}

Verdict Leg::receive_rtcp(const Endpoint& source, Bytes datagram, bool is_muxed, Time now) {
    const Result<RtcpReport, RtcpError> report = parse_rtcp(datagram);
    if (!report) {
        return Verdict::malformed;
    }
    const bool is_known = transport_ != nullptr || follower_.knows(source.address) ||
                          source.address == remote_.rtcp.address;
    if (!has_remote_ || !is_known) {
        return Verdict::foreign;
    }
    heard_ = now;
    is_rtcp_muxed_ = is_muxed;
    rtcp_source_ = source;
    if (report->sender) {
        last_sr_ = ntp_middle(report->sender->ntp_time);
        last_sr_at_ = now;
    }
    for (std::size_t i = 0; i < report->block_count; ++i) {
        const ReportBlock& block = report->blocks[i];
        if (block.ssrc != out_.ssrc()) {
            continue;
        }
        remote_fraction_lost_ = block.fraction_lost;
        const std::uint32_t passed = ntp_middle(to_ntp(now)) - block.last_sr;
        const Duration round_trip = from_ntp_units(passed - block.delay_since_last_sr);
        if (block.last_sr != 0 && round_trip < kRoundTripMax) {
            round_trip_ = round_trip;
        }
    }
    return Verdict::consumed;
}

std::optional<std::uint8_t> Leg::adapt_event(const Received& received,
                                             std::span<std::uint8_t> payload) const {
    const std::uint8_t same = received.is_wide ? remote_.opus.event : remote_.event_payload;
    const std::uint8_t other = received.is_wide ? remote_.event_payload : remote_.opus.event;
    if (same != 0) {
        return same;
    }
    const std::uint32_t from = received.is_wide ? kOpusClock : kSampleRate;
    const std::uint32_t to = received.is_wide ? kSampleRate : kOpusClock;
    if (other == 0 || !rescale_events(payload, from, to)) {
        return std::nullopt;
    }
    return other;
}

std::span<std::uint8_t> Leg::forward(const Received& received, ports::G711 from,
                                     std::span<std::uint8_t> datagram, Time now) {
    if (!can_send()) {
        out_.break_off();
        return {};
    }
    const RtpPacket& packet = received.packet;
    const std::span<std::uint8_t> payload =
        datagram.subspan(packet.payload_offset, packet.payload_size);
    const bool is_audio = received.verdict == Verdict::audio;
    const std::optional<std::uint8_t> type =
        !is_audio ? adapt_event(received, payload)
                  : (received.is_wide ? remote_.opus.audio : remote_.audio_payload);
    if (!type) {
        out_.skip();
        return {};
    }
    std::optional<RtpHeader> header =
        out_.relay(packet.header, received.units, now, received.clock);
    if (!header) {
        return {};
    }
    header->payload_type = *type;
    if (is_audio && !received.is_wide) {
        convert(payload, from, remote_.codec);
    }
    // The new header ends where the payload begins; extensions before it fall away.
    const std::size_t start = packet.payload_offset - kRtpHeaderSize;
    write_rtp_header(*header, datagram.subspan(start).first<kRtpHeaderSize>());
    out_.note_sent(payload.size());
    return datagram.subspan(start, kRtpHeaderSize + payload.size());
}

std::span<std::uint8_t> Leg::forward_frame(
    const OpusSource::Frame& frame, std::span<std::uint8_t, kRtpHeaderSize + kFrameSamples> to,
    Time now) {
    if (!can_send()) {
        out_.break_off();
        return {};
    }
    std::optional<RtpHeader> header = out_.relay(frame.header, frame.samples.size(), now);
    if (!header) {
        return {};
    }
    header->payload_type = remote_.audio_payload;
    write_rtp_header(*header, to.first<kRtpHeaderSize>());
    std::ranges::transform(frame.samples, to.begin() + kRtpHeaderSize,
                           [&](std::int16_t sample) { return encode(sample, remote_.codec); });
    out_.note_sent(frame.samples.size());
    return to;
}

std::span<std::uint8_t> Leg::play(std::span<std::uint8_t, kRtpHeaderSize + kFrameSamples> buffer,
                                  Time now) {
    if (!can_send() || prompt_ == nullptr) {
        out_.break_off();
        return {};
    }
    return send_frame(prompt_->frame(prompt_frame_++, remote_.codec), buffer, now);
}

std::span<std::uint8_t> Leg::send_frame(Bytes frame,
                                        std::span<std::uint8_t, kRtpHeaderSize + kFrameSamples> to,
                                        Time now) {
    if (!can_send()) {
        out_.break_off();
        return {};
    }
    RtpHeader header = out_.play(frame.size(), now);
    header.payload_type = remote_.audio_payload;
    write_rtp_header(header, to.first<kRtpHeaderSize>());
    std::ranges::copy(frame, to.begin() + kRtpHeaderSize);
    out_.note_sent(frame.size());
    return to;
}

std::span<std::uint8_t> Leg::write_report(std::string_view cname,
                                          std::span<std::uint8_t, kRtcpWrittenMax> buffer,
                                          Time now) {
    const Endpoint target = rtcp_target();
    const bool is_known = has_remote_ && target.port != 0 && !target.address.is_unspecified();
    if (!is_known || (!in_.has_started() && out_.packets() == 0)) {
        return {};
    }
    RtcpReport report;
    report.ssrc = out_.ssrc();
    // RFC 3550 §6.4: a sender report if anything was sent since the last report.
    if (out_.packets() != packets_reported_) {
        report.sender = SenderInfo{.ntp_time = to_ntp(now),
                                   .rtp_time = out_.timestamp_at(now),
                                   .packets = out_.packets(),
                                   .octets = out_.octets()};
        packets_reported_ = out_.packets();
    }
    if (in_.has_started()) {
        ReportBlock& block = report.blocks[0];
        block = in_.take_block();
        block.last_sr = last_sr_;
        block.delay_since_last_sr = last_sr_ == 0 ? 0 : to_ntp_units(now - last_sr_at_);
        report.block_count = 1;
    }
    return buffer.first(write_rtcp(report, cname, buffer));
}

// SDP's address while RTP comes from SDP's address too; behind NAT only what was seen is good.
Endpoint Leg::rtcp_target() const {
    const Endpoint& rtp = follower_.target();
    if (is_rtcp_muxed_) {
        return rtp;
    }
    if (rtp == remote_.rtp) {
        return remote_.rtcp;
    }
    if (rtcp_source_) {
        return *rtcp_source_;
    }
    return {.address = rtp.address, .port = static_cast<std::uint16_t>(rtp.port + 1)};
}

void Leg::watch_silence(Duration silence, bool from_now, Time now) {
    silence_max_ = silence;
    is_watched_from_start_ = from_now;
    heard_ = std::max(heard_, now);
}

std::optional<Time> Leg::silence_deadline(Time now) const {
    if (silence_max_ <= Duration::zero()) {
        return std::nullopt;
    }
    return (in_.has_started() || is_watched_from_start_ ? heard_ : now) + silence_max_;
}

core::LegQuality Leg::quality() const {
    core::LegQuality quality;
    quality.packets_received = in_.received();
    quality.packets_lost = in_.lost();
    quality.jitter_us = static_cast<std::uint32_t>(in_.jitter_max().count());
    quality.round_trip_us = static_cast<std::uint32_t>(round_trip_.count());
    estimate_mos(quality);
    return quality;
}

}  // namespace lanze::media
