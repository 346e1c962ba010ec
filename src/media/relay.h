// Relay: all legs of one worker, without sockets: orders and packets in, packets and reports out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/endpoint.h"
#include "base/rng.h"
#include "base/time.h"
#include "base/timer_heap.h"
#include "media/certificate.h"
#include "media/conference.h"
#include "media/leg.h"
#include "media/prompt.h"
#include "ports/media.h"

namespace lanze::media {

enum class Socket : std::uint8_t { rtp, rtcp };

// One socket of a worker: a pair by its number, and which of the two.
struct SocketRef {
    std::uint32_t port = 0;
    Socket socket = Socket::rtp;
    friend bool operator==(const SocketRef&, const SocketRef&) = default;
};

// Where the relay's packets and reports go: sockets live, a list in tests.
class RelayOut {
public:
    virtual ~RelayOut() = default;
    // `bytes` stay valid until the call into the relay returns; those of a received datagram as
    // long as its buffer.
    virtual void send(SocketRef from, const Endpoint& to, Bytes bytes) = 0;
    // `bytes` are gone when this returns.
    virtual void send_at_once(SocketRef from, const Endpoint& to, Bytes bytes) {
        send(from, to, bytes);
    }
    virtual void report(ports::MediaReport report) = 0;
};

struct RelayCounts {
    std::uint64_t foreign = 0;
    std::uint64_t malformed = 0;
    std::uint64_t converted = 0;  // frames of G.711 and of conferences made of Opus
    // Of a browser's leg: forged, replayed, without keys, or more Opus than time passes.
    std::uint64_t refused = 0;
    std::uint64_t orders_ignored = 0;
};

struct RelaySettings {
    Duration rtcp_every = seconds(5);
    std::uint64_t seed = 0;
    std::optional<Certificate> certificate{};  // without one SecureLeg is ignored
};

class Relay {
public:
    // Legs that play are spread over so many parts of the frame time, so that their packets do not
    // leave all at once.
    static constexpr std::uint32_t kSlices = 4;

    // `sounds` and `out` must outlive the relay.
    Relay(const Sounds& sounds, RelayOut& out, RelaySettings settings);

    // Orders for legs that are not known are counted and have no effect.
    void on(const ports::OpenLeg& order, Time now);
    void on(const ports::SetRemote& order, Time now);
    void on(const ports::SecureLeg& order, Time now);
    void on(const ports::Play& order, Time now);
    void on(const ports::Bridge& order, Time now);
    void on(const ports::Unbridge& order, Time now);
    void on(const ports::Confer& order, Time now);
    void on(const ports::WatchSilence& order, Time now);
    void on(const ports::CloseLeg& order, Time now);

    // The pair a leg uses.
    std::optional<std::uint32_t> port_of(ports::LegId leg) const;

    // A datagram that came to a leg's socket. It is rewritten in place, and goes on to a browser
    // only if there is room for SRTP behind it (kRoomBehind).
    void receive(SocketRef at, const Endpoint& source, const PacketBuffer& datagram, Time now);
    // Sends one frame to each leg of the slice that hears something, and to the members of its
    // conferences.
    void play_slice(std::uint32_t slice, Time now);
    // Reports and silence that are due.
    void advance(Time now);
    std::optional<Time> next_deadline() const { return timers_.next(); }

    std::size_t leg_count() const { return by_id_.size(); }
    const RelayCounts& counts() const { return counts_; }
    RelayCounts& counts() { return counts_; }

private:
    enum class Purpose : std::uint8_t { rtcp, silence, transport };

    Leg* find(ports::LegId id);
    Leg* at_port(std::uint32_t port);
    void receive_plain(Leg& leg, SocketRef at, const Endpoint& source, const PacketBuffer& packet,
                       Time now);
    void receive_secure(Leg& leg, const Endpoint& source, const PacketBuffer& packet, Time now);
    void relay_rtp(Leg& leg, const Endpoint& source, const PacketBuffer& packet, Time now);
    // How long the bytes of a packet stay.
    enum class Stay : std::uint8_t { as_received, until_return };
    void send_rtp(Leg& leg, const PacketBuffer& packet, Stay stay = Stay::as_received);
    void join_in(Leg& leg, const Received& received, Bytes datagram, Time now);
    void hear_opus(Leg& leg, const Received& received, Bytes datagram, Time now);
    void convert_opus(Leg& leg, Leg& peer, Time now);
    void serve_transport(Leg& leg);
    void count(Verdict verdict);
    void part(Leg& leg);
    void leave_conference(Leg& leg);
    void play_conferences(std::uint32_t slice, Time now);
    void set_playing(Leg& leg, const Prompt* prompt);
    void send_report(Leg& leg, Time now);
    void check_silence(Leg& leg, Time now);
    static std::uint64_t timer_key(std::uint32_t port, Purpose purpose);

    const Sounds& sounds_;
    RelayOut& out_;
    RelaySettings settings_;
    Rng rng_;
    std::string cname_;
    std::vector<std::unique_ptr<Leg>> by_port_;
    std::unordered_map<ports::LegId, std::uint32_t> by_id_;
    std::vector<std::vector<std::uint32_t>> playing_;  // ports, per slice
    // Per slice; none without members. Legs point to theirs.
    std::vector<std::vector<std::unique_ptr<Conference>>> conferences_;
    TimerHeap<std::uint64_t> timers_;
    RelayCounts counts_;
};

}  // namespace lanze::media
