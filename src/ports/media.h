// The seam to the media workers: orders down, reports up, all of them values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/endpoint.h"
#include "base/id.h"
#include "base/time.h"
#include "core/record.h"

namespace lanze::ports {

// One leg of a contact: the caller's or an agent's.
using LegId = Id<struct LegTag, std::uint64_t>;

// A bound pair of UDP ports (RTP on an even port, RTCP on the next), lent to the edge until the leg
// that uses it is closed. After that it rests for 10 s and is lent again.
struct MediaPort {
    std::uint32_t worker = 0;  // which worker owns the sockets; legs that are bridged share one
    std::uint32_t index = 0;   // the worker's own number of the pair
    Endpoint bound;            // RTP
    IpAddress advertised;      // what SDP says
    friend bool operator==(const MediaPort&, const MediaPort&) = default;
};

enum class G711 : std::uint8_t { mu_law, a_law };  // PCMU (0), PCMA (8)

// Takes the lent pair into use. Nothing is sent before SetRemote.
struct OpenLeg {
    LegId leg;
    MediaPort port;
    friend bool operator==(const OpenLeg&, const OpenLeg&) = default;
};

// What goes at 48 kHz beside G.711 if the other side is a browser that knows Opus (RFC 7587):
// payload types as in SetRemote; 0: none.
struct OpusPayloads {
    std::uint8_t audio = 0;     // number we send
    std::uint8_t audio_in = 0;  // number we receive
    std::uint8_t event = 0;     // telephone-event whose clock has 48 kHz
    std::uint8_t event_in = 0;
    friend bool operator==(const OpusPayloads&, const OpusPayloads&) = default;
};

// What offer and answer agreed on; again after a re-INVITE, which reopens the following of the
// source address (symmetric RTP: the SDP's address is preferred; a source other than the SDP's is
// taken only from the first packets after this order, then fixed).
struct SetRemote {
    LegId leg;
    Endpoint rtp;
    Endpoint rtcp;
    G711 codec = G711::a_law;
    std::uint8_t audio_payload = 8;     // number we send
    std::uint8_t audio_payload_in = 8;  // number we receive
    std::uint8_t event_payload = 0;     // telephone-event we send; 0: none
    std::uint8_t event_payload_in = 0;
    bool may_send = true;  // false: the other side does not listen (hold)
    bool may_receive = true;
    OpusPayloads opus{};
    friend bool operator==(const SetRemote&, const SetRemote&) = default;
};

// Fragment and password of ICE, as one side's description says them (RFC 8839 §5.4).
struct IceCredentials {
    std::string fragment;  // 4 to 256 characters
    std::string password;  // 22 to 256 characters
    friend bool operator==(const IceCredentials&, const IceCredentials&) = default;
};

// The leg ends in a browser: we answer its connectivity checks (RFC 8445, lite), it opens DTLS to
// us (RFC 5763), and RTP and RTCP go encrypted over the RTP port alone (RFC 5764, RFC 5761).
// Nothing else is taken from then on; packets go where the checks came from. Given again,
// everything is set up anew: the page was reloaded.
struct SecureLeg {
    LegId leg;
    IceCredentials local;
    IceCredentials remote;
    std::array<std::uint8_t, 32> fingerprint{};  // SHA-256 of the browser's certificate
    friend bool operator==(const SecureLeg&, const SecureLeg&) = default;
};

// What is heard by a leg that is not bridged.
enum class Sound : std::uint8_t {
    silence,
    ring_tone,
    waiting_music,
    busy_tone,
    closed,
    right_back,  // the agent's page went: he will be back in a moment
};

// Plays to the leg from now on, until Bridge, another Play or CloseLeg.
struct Play {
    LegId leg;
    Sound sound = Sound::waiting_music;
    friend bool operator==(const Play&, const Play&) = default;
};

// Relays both ways with conversion between the G.711 laws, and from Opus for whom does not know it;
// ends what is played on both. A leg that is bridged with itself hears itself.
struct Bridge {
    LegId a;
    LegId b;
    friend bool operator==(const Bridge&, const Bridge&) = default;
};

struct Unbridge {
    LegId a;
    LegId b;
    friend bool operator==(const Unbridge&, const Unbridge&) = default;
};

// All of them hear each other, nobody himself; ends what was played on each. Each goes on until
// another order for him, or CloseLeg; the others then go on among themselves. Given again with
// others, who stays hears no gap. Their pairs lie with one worker. Telephone-events reach nobody.
struct Confer {
    std::vector<LegId> legs;  // two to kConferenceMax
    friend bool operator==(const Confer&, const Confer&) = default;
};
inline constexpr std::size_t kConferenceMax = 5;

// Reports LegSilent once when neither RTP nor RTCP came for `silence`, counted from the last packet
// and only if RTP had come before, unless `from_now`: then from the order on. Zero: no watching
// (the start, and while on hold).
struct WatchSilence {
    LegId leg;
    Duration silence{};
    bool from_now = false;
    friend bool operator==(const WatchSilence&, const WatchSilence&) = default;
};

// Answered by LegClosed with the leg's quality; the pair rests and is lent again.
struct CloseLeg {
    LegId leg;
    friend bool operator==(const CloseLeg&, const CloseLeg&) = default;
};

// Gives a lent pair back that no leg was opened on.
struct ReturnPort {
    MediaPort port;
    friend bool operator==(const ReturnPort&, const ReturnPort&) = default;
};

using MediaOrder = std::variant<OpenLeg, SetRemote, SecureLeg, Play, Bridge, Unbridge, WatchSilence,
                                CloseLeg, ReturnPort, Confer>;

struct PortsLent {
    std::vector<MediaPort> ports;
};

struct LegSilent {
    LegId leg;
};

struct LegClosed {
    LegId leg;
    core::LegQuality quality;
};

using MediaReport = std::variant<PortsLent, LegSilent, LegClosed>;

// The edge's side of the queues. Implemented by the workers, by a fake in tests, by the simulation.
class Media {
public:
    virtual ~Media() = default;
    // To the worker that owns the leg's pair (OpenLeg names it; later orders follow the leg). Never
    // drops: has_room() is asked before a new call is let in.
    virtual void order(const MediaOrder& order) = 0;
    virtual bool has_room() const = 0;
};

}  // namespace lanze::ports
