#include "media/web_transport.h"

#include <algorithm>
#include <utility>

namespace lanze::media {

WebTransport::WebTransport(const Certificate& certificate, const ports::SecureLeg& leg)
    : username_(leg.local.fragment + ":" + leg.remote.fragment),
      password_(leg.local.password),
      dtls_(certificate, DtlsRole::server, leg.fingerprint) {}

OpenedPacket WebTransport::receive(const Endpoint& source, std::span<std::uint8_t> datagram,
                                   Time now) {
    const DatagramKind kind = classify(datagram);
    if (kind == DatagramKind::junk) {
        return {};
    }
    if (kind == DatagramKind::stun) {
        return {.what = receive_stun(source, datagram, now), .bytes = {}};
    }
    if (!is_checked(source)) {
        return {.what = Opened::foreign, .bytes = {}};
    }
    if (kind == DatagramKind::dtls) {
        return {.what = receive_dtls(source, datagram, now), .bytes = {}};
    }
    const bool is_rtcp = kind == DatagramKind::rtcp;
    std::span<std::uint8_t> bytes;
    if (srtp_) {
        bytes = is_rtcp ? srtp_->open_rtcp(datagram) : srtp_->open_rtp(datagram);
    }
    if (bytes.empty()) {
        return {.what = Opened::refused, .bytes = {}};
    }
    return {.what = is_rtcp ? Opened::rtcp : Opened::rtp, .bytes = bytes};
}

// The name is compared first, as it costs nothing and an attacker who was not on the way of the
// description does not know it; only then the HMAC is computed.
Opened WebTransport::receive_stun(const Endpoint& source, Bytes datagram, Time now) {
    const auto message = parse_stun(datagram);
    if (!message) {
        return Opened::malformed;
    }
    // We ask nothing, so answers are of no interest; indications keep a NAT's binding open.
    if (message->kind != StunClass::request || message->method != kStunBinding) {
        return Opened::consumed;
    }
    const bool has_credentials = !message->username.empty() && message->integrity_at != 0;
    if (!has_credentials || message->username != username_ ||
        !has_integrity(datagram, *message, password_)) {
        // RFC 8489 §9.1.3.
        if (may_refuse(now)) {
            refuse(source, *message,
                   has_credentials ? StunCode::unauthenticated : StunCode::bad_request);
        }
        return Opened::foreign;
    }
    if (message->unknown_count > 0) {
        refuse(source, *message, StunCode::unknown_attribute);
        return Opened::consumed;
    }
    // We are lite and so always the controlled side (RFC 8445 §6.1.1).
    if (message->controlled) {
        refuse(source, *message, StunCode::role_conflict);
        return Opened::consumed;
    }
    take_check(source, *message, now);
    return Opened::consumed;
}

bool WebTransport::may_refuse(Time now) {
    if (now - refusals_since_ >= seconds(1)) {
        refusals_since_ = now;
        refusals_ = 0;
    }
    return refusals_++ < kRefusalsPerSecond;
}

void WebTransport::refuse(const Endpoint& source, const StunMessage& request, StunCode code) {
    StunWriter writer(StunClass::error, request.transaction);
    writer.add_error(code);
    if (code == StunCode::unknown_attribute) {
        writer.add_unknown(std::span(request.unknown).first(request.unknown_count));
    }
    // RFC 8489 §9.1.3: without integrity where there were no credentials to make it with.
    const bool is_known = code == StunCode::unknown_attribute || code == StunCode::role_conflict;
    const Bytes answer = is_known ? writer.finish(password_) : writer.finish();
    outgoing_.push_back({.to = source, .bytes = {answer.begin(), answer.end()}});
}

void WebTransport::take_check(const Endpoint& source, const StunMessage& request, Time now) {
    StunWriter writer(StunClass::success, request.transaction);
    writer.add_mapped(source);
    const Bytes answer = writer.finish(password_);
    outgoing_.push_back({.to = source, .bytes = {answer.begin(), answer.end()}});
    if (!is_checked(source)) {
        checked_[checked_count_++ % kAddressesMax] = source;
    }
    // Where nothing was chosen yet, the handshake may begin all the same (RFC 8445 §12.1.1).
    if (request.has_use_candidate) {
        target_ = source;
    }
    consent_end_ = now + kConsent;
}

bool WebTransport::is_checked(const Endpoint& source) const {
    const auto end =
        checked_.begin() + static_cast<std::ptrdiff_t>(std::min(checked_count_, kAddressesMax));
    return std::find(checked_.begin(), end, source) != end;
}

Opened WebTransport::receive_dtls(const Endpoint& source, Bytes datagram, Time now) {
    dtls_from_ = source;
    dtls_.receive(datagram, now);
    take_dtls(source);
    if (!srtp_) {
        if (const std::optional<SrtpKeys> keys = dtls_.srtp_keys()) {
            srtp_ = Srtp::make(*keys);
        }
    }
    const bool is_over = dtls_.state() == DtlsState::closed || dtls_.state() == DtlsState::failed;
    if (is_over) {
        srtp_.reset();
    }
    return is_over ? Opened::refused : Opened::consumed;
}

void WebTransport::take_dtls(const Endpoint& to) {
    for (std::vector<std::uint8_t>& datagram : dtls_.take_outgoing()) {
        outgoing_.push_back({.to = to, .bytes = std::move(datagram)});
    }
}

std::vector<Outgoing> WebTransport::take_outgoing() {
    return std::exchange(outgoing_, {});
}

std::optional<Time> WebTransport::next_deadline() const {
    const std::optional<Time> handshake = dtls_.next_deadline();
    if (handshake && consent_end_) {
        return std::min(*handshake, *consent_end_);
    }
    return handshake ? handshake : consent_end_;
}

void WebTransport::advance(Time now) {
    if (consent_end_ && now >= *consent_end_) {
        consent_end_.reset();
        target_ = {};
        checked_count_ = 0;
    }
    dtls_.advance(now);
    if (checked_count_ > 0) {
        take_dtls(target_.port != 0 ? target_ : dtls_from_);
    }
}

Bytes WebTransport::protect_rtp(const PacketBuffer& packet) {
    return srtp_ ? srtp_->protect_rtp(packet) : Bytes{};
}

Bytes WebTransport::protect_rtcp(const PacketBuffer& packet) {
    return srtp_ ? srtp_->protect_rtcp(packet) : Bytes{};
}

}  // namespace lanze::media
