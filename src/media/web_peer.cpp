#include "media/web_peer.h"

#include <algorithm>
#include <utility>

#include "media/rtcp.h"
#include "media/wire.h"

namespace lanze::media {

namespace {

// RFC 8445 §5.1.2.1: a host candidate's, of the one component there is.
constexpr std::uint32_t kPriority = (126U << 24U) | (65'535U << 8U) | 255U;

std::optional<Time> earlier(std::optional<Time> a, std::optional<Time> b) {
    if (a && b) {
        return std::min(*a, *b);
    }
    return a ? a : b;
}

// As it goes over the wire, without the room behind it.
std::vector<std::uint8_t> protected_copy(Srtp& srtp, std::vector<std::uint8_t> packet,
                                         Bytes (Srtp::*protect)(const PacketBuffer&)) {
    const std::size_t size = packet.size();
    packet.resize(size + kRoomBehind);
    const Bytes bytes =
        (srtp.*protect)({.bytes = std::span(packet).first(size), .room = kRoomBehind});
    packet.resize(bytes.size());
    return packet;
}

}  // namespace

WebPeer::WebPeer(const Certificate& own, WebPeerSettings settings)
    : settings_(std::move(settings)),
      dtls_(own, DtlsRole::client, settings_.fingerprint),
      audio_(settings_.audio),
      rng_(split_mix(settings_.audio.seed)) {}

void WebPeer::connect(const Endpoint& centre, Time now) {
    centre_ = centre;
    check_due_ = now;
}

std::vector<std::uint8_t> WebPeer::make_check() {
    StunTransaction& transaction = checks_[check_count_++ % kChecksKept];
    write32(transaction, 0, static_cast<std::uint32_t>(rng_.next() >> 32U));
    write32(transaction, 4, static_cast<std::uint32_t>(rng_.next() >> 32U));
    write32(transaction, 8, static_cast<std::uint32_t>(rng_.next() >> 32U));
    StunWriter writer(StunClass::request, transaction);
    writer.add_username(settings_.remote.fragment + ":" + settings_.local.fragment);
    writer.add_controlling(settings_.audio.seed);
    writer.add_use_candidate();
    writer.add_priority(kPriority);
    const Bytes bytes = writer.finish(settings_.remote.password);
    return {bytes.begin(), bytes.end()};
}

void WebPeer::receive(std::span<std::uint8_t> datagram, Time now) {
    switch (classify(datagram)) {
        case DatagramKind::stun:
            receive_stun(datagram, now);
            return;
        case DatagramKind::dtls:
            dtls_.receive(datagram, now);
            take_keys(now);
            return;
        case DatagramKind::rtp:
            if (const auto opened = srtp_ ? srtp_->open_rtp(datagram) : datagram.first(0);
                !opened.empty()) {
                audio_.receive(opened, now);
                return;
            }
            break;
        case DatagramKind::rtcp:
            if (srtp_ && !srtp_->open_rtcp(datagram).empty()) {
                ++rtcp_received_;
                return;
            }
            break;
        case DatagramKind::junk:
            break;
    }
    ++refused_;
}

void WebPeer::receive_stun(Bytes datagram, Time now) {
    const auto message = parse_stun(datagram);
    const bool is_ours =
        message && std::find(checks_.begin(), checks_.end(), message->transaction) != checks_.end();
    if (is_ours && message->kind == StunClass::error) {
        last_error_ = message->error_code.value_or(0);
        return;
    }
    if (!is_ours || message->kind != StunClass::success ||
        !has_integrity(datagram, *message, settings_.remote.password)) {
        ++refused_;
        return;
    }
    if (!mapped_) {
        check_due_ = now + kConsentEvery;
        dtls_.start(now);
    }
    mapped_ = message->mapped;
}

void WebPeer::take_keys(Time now) {
    const std::optional<SrtpKeys> keys = dtls_.srtp_keys();
    if (srtp_ || !keys) {
        return;
    }
    srtp_ = Srtp::make(*keys);
    report_due_ = now;
    const std::uint8_t type = settings_.law == ports::G711::a_law ? 8 : 0;
    audio_.set_remote(
        {.rtp = centre_, .law = settings_.law, .payload_type = type, .payload_type_in = type}, now);
}

std::vector<std::uint8_t> WebPeer::make_report() {
    RtcpReport report;
    report.ssrc = static_cast<std::uint32_t>(settings_.audio.seed);
    std::array<std::uint8_t, kRtcpWrittenMax> buffer{};
    const std::size_t size = write_rtcp(report, "browser", buffer);
    return protected_copy(*srtp_,
                          {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size)},
                          &Srtp::protect_rtcp);
}

std::vector<std::vector<std::uint8_t>> WebPeer::advance(Time now) {
    std::vector<std::vector<std::uint8_t>> due;
    if (check_due_ && *check_due_ <= now) {
        due.push_back(make_check());
        check_due_ = now + (mapped_ ? kConsentEvery : kCheckEvery);
    }
    dtls_.advance(now);
    for (std::vector<std::uint8_t>& datagram : dtls_.take_outgoing()) {
        due.push_back(std::move(datagram));
    }
    if (!srtp_) {
        return due;
    }
    for (auto packet = audio_.tick(now); !packet.empty(); packet = audio_.tick(now)) {
        due.push_back(protected_copy(*srtp_, std::move(packet), &Srtp::protect_rtp));
    }
    if (report_due_ && *report_due_ <= now) {
        due.push_back(make_report());
        report_due_ = now + kReportEvery;
    }
    return due;
}

std::optional<Time> WebPeer::next_deadline() const {
    return earlier(earlier(check_due_, dtls_.next_deadline()),
                   earlier(audio_.next_tick(), report_due_));
}

}  // namespace lanze::media
