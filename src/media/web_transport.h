// WebTransport: one browser leg's way to us, without sockets: ICE checks answered, DTLS, SRTP.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/endpoint.h"
#include "base/time.h"
#include "media/certificate.h"
#include "media/dtls.h"
#include "media/rtp.h"
#include "media/srtp.h"
#include "media/stun.h"
#include "ports/media.h"

namespace lanze::media {

enum class Opened : std::uint8_t {
    rtp,
    rtcp,
    consumed,  // a check or a part of the handshake
    foreign,   // from an address without a check, or a check with other credentials
    refused,   // forged, replayed, or before the keys were there
    malformed,
};

struct OpenedPacket {
    Opened what = Opened::malformed;
    std::span<std::uint8_t> bytes;  // with rtp and rtcp: the packet, opened in place
};

struct Outgoing {
    Endpoint to;
    std::vector<std::uint8_t> bytes;
};

// We are ICE-lite (RFC 8445 §2.5): the browser checks, we answer. Whoever proves by a check that he
// has our password is listened to and answered where he is; the newest check with USE-CANDIDATE
// says where media go. Nothing is sent anywhere else, so that nobody can turn us on a third party.
class WebTransport {
public:
    // Addresses that passed a check; a browser has a handful. The oldest gives way.
    static constexpr std::size_t kAddressesMax = 8;
    // A check without our password costs the look at its name, and its sender is told why at most
    // so often in a second: enough for somebody whose page was reloaded or is wrongly set up, while
    // a flood brings neither us to compute nor others to receive.
    static constexpr std::uint32_t kRefusalsPerSecond = 4;
    // RFC 7675 §5.1: who does not check any more for so long does not want our media either.
    static constexpr Duration kConsent = seconds(30);

    WebTransport(const Certificate& certificate, const ports::SecureLeg& leg);

    // Bytes that came to the leg's RTP socket. What is to be sent then lies in take_outgoing().
    OpenedPacket receive(const Endpoint& source, std::span<std::uint8_t> datagram, Time now);
    std::vector<Outgoing> take_outgoing();

    // When advance() wants to be called: the handshake's timer, the end of consent.
    std::optional<Time> next_deadline() const;
    void advance(Time now);

    // Where media go; unspecified until a pair was chosen and the keys are there.
    Endpoint target() const { return srtp_ ? target_ : Endpoint{}; }

    // Encrypts in place; empty if that cannot be: see Srtp.
    Bytes protect_rtp(const PacketBuffer& packet);
    Bytes protect_rtcp(const PacketBuffer& packet);

    DtlsState dtls_state() const { return dtls_.state(); }

private:
    Opened receive_stun(const Endpoint& source, Bytes datagram, Time now);
    Opened receive_dtls(const Endpoint& source, Bytes datagram, Time now);
    void refuse(const Endpoint& source, const StunMessage& request, StunCode code);
    bool may_refuse(Time now);
    void take_check(const Endpoint& source, const StunMessage& request, Time now);
    bool is_checked(const Endpoint& source) const;
    void take_dtls(const Endpoint& to);

    std::string username_;  // ours, a colon, the browser's (RFC 8445 §7.2.2)
    std::string password_;
    Dtls dtls_;
    std::optional<Srtp> srtp_;
    std::array<Endpoint, kAddressesMax> checked_{};
    std::size_t checked_count_ = 0;  // of all times; the newest is at (count − 1) mod kAddressesMax
    Endpoint target_;
    Endpoint dtls_from_;  // where handshake datagrams go while nothing was chosen
    std::optional<Time> consent_end_;
    Time refusals_since_{};
    std::uint32_t refusals_ = 0;
    std::vector<Outgoing> outgoing_;
};

}  // namespace lanze::media
