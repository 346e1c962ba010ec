// Dtls: one association of DTLS 1.2 that gives the keys for SRTP (RFC 5764), without sockets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/time.h"
#include "media/certificate.h"
#include "media/rtp.h"
#include "media/srtp.h"

struct x509_store_ctx_st;  // OpenSSL's X509_STORE_CTX

namespace lanze::media {

enum class DtlsRole : std::uint8_t { client, server };

enum class DtlsState : std::uint8_t {
    handshaking,
    connected,
    closed,  // the other side said so
    failed,
};

// Time comes in by parameter. OpenSSL has a timer of its own for DTLS, which reads the system's
// clock and cannot be told otherwise; it is set so far ahead that it never runs out. Instead the
// last flight's datagrams are kept and sent again as they are: who missed one takes it, who has it
// drops it as a replay, and who missed nothing but whose answer was lost has a timer too.
class Dtls {
public:
    static constexpr std::size_t kMtu = 1200;             // no path we know has less
    static constexpr std::size_t kHandshakeMax = 65'536;  // bytes taken until connected
    static constexpr Duration kRetransmitFirst = milliseconds(200);
    static constexpr Duration kRetransmitMost = seconds(3);
    static constexpr Duration kHandshakeTime = seconds(30);  // from the first datagram

    // `expected`: of the other side's certificate; with another one the handshake is refused.
    Dtls(const Certificate& own, DtlsRole role, const Fingerprint& expected);
    Dtls(const Dtls&) = delete;
    Dtls& operator=(const Dtls&) = delete;
    ~Dtls();

    // The client's first flight. A server waits.
    void start(Time now);
    void receive(Bytes datagram, Time now);

    // What is to be sent, each a datagram.
    std::vector<std::vector<std::uint8_t>> take_outgoing();

    // Sends the last flight again, or gives up.
    std::optional<Time> next_deadline() const { return deadline_; }
    void advance(Time now);

    DtlsState state() const { return state_; }
    // Once connected; nothing if no profile of SRTP was agreed on.
    std::optional<SrtpKeys> srtp_keys() const;

    // OpenSSL asks it about the other side's certificate.
    static int on_certificate(x509_store_ctx_st* store, void*);

private:
    struct Wire;  // OpenSSL's types, and the datagrams they read and write

    void proceed(Time now);
    void take_flight(Time now);
    void repeat_flight();
    void end(DtlsState state);

    DtlsRole role_;
    Fingerprint expected_;
    DtlsState state_ = DtlsState::handshaking;
    std::unique_ptr<Wire> wire_;
    std::vector<std::vector<std::uint8_t>> flight_;  // the last one written
    std::vector<std::vector<std::uint8_t>> outgoing_;
    std::size_t received_ = 0;  // bytes, until connected
    Duration retransmit_after_ = kRetransmitFirst;
    std::optional<Time> deadline_;
    std::optional<Time> give_up_;
    std::optional<Time> repeated_;  // when connected and asked for the last flight again
};

}  // namespace lanze::media
