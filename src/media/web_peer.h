// WebPeer: a browser's end of a call as a value, for tests and load: ICE, DTLS, SRTP and a voice.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/endpoint.h"
#include "base/rng.h"
#include "base/time.h"
#include "media/certificate.h"
#include "media/dtls.h"
#include "media/phone_audio.h"
#include "media/srtp.h"
#include "media/stun.h"
#include "ports/media.h"

namespace lanze::media {

struct WebPeerSettings {
    ports::IceCredentials local;
    ports::IceCredentials remote;  // the centre's
    Fingerprint fingerprint{};     // of the centre's certificate
    ports::G711 law = ports::G711::mu_law;
    PhoneAudioSettings audio;
};

// The controlling side of ICE with one pair (RFC 8445), the client of DTLS. It checks and chooses
// the pair at once, as browsers do with a lite agent, and then asks for consent now and then.
class WebPeer {
public:
    static constexpr Duration kCheckEvery = milliseconds(50);      // until the first answer
    static constexpr Duration kConsentEvery = milliseconds(2500);  // from then on
    static constexpr Duration kReportEvery = seconds(1);           // RTCP

    WebPeer(const Certificate& own, WebPeerSettings settings);

    // Begins to check that address.
    void connect(const Endpoint& centre, Time now);
    // A datagram from the centre; opened in place.
    void receive(std::span<std::uint8_t> datagram, Time now);
    // What is due, each a datagram to centre().
    std::vector<std::vector<std::uint8_t>> advance(Time now);
    std::optional<Time> next_deadline() const;

    const Endpoint& centre() const { return centre_; }
    // Our address as the centre sees it, once a check was answered.
    const std::optional<Endpoint>& mapped() const { return mapped_; }
    bool is_connected() const { return srtp_.has_value(); }
    DtlsState dtls_state() const { return dtls_.state(); }

    PhoneAudioReport report() const { return audio_.report(); }
    std::uint64_t rtcp_received() const { return rtcp_received_; }
    std::uint64_t refused() const { return refused_; }        // of SRTP and STUN
    std::uint16_t last_error() const { return last_error_; }  // a check's answer; 0: none

private:
    static constexpr std::size_t kChecksKept = 8;

    void receive_stun(Bytes datagram, Time now);
    void take_keys(Time now);
    std::vector<std::uint8_t> make_check();
    std::vector<std::uint8_t> make_report();

    WebPeerSettings settings_;
    Dtls dtls_;
    PhoneAudio audio_;
    Rng rng_;
    Endpoint centre_;
    std::optional<Endpoint> mapped_;
    std::optional<Srtp> srtp_;
    std::optional<Time> check_due_;
    std::optional<Time> report_due_;
    std::array<StunTransaction, kChecksKept> checks_{};
    std::size_t check_count_ = 0;
    std::uint64_t rtcp_received_ = 0;
    std::uint64_t refused_ = 0;
    std::uint16_t last_error_ = 0;
};

}  // namespace lanze::media
