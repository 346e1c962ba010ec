// Sdp: the part of RFC 8866 and the offer/answer of RFC 3264 that one audio stream needs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/endpoint.h"
#include "base/result.h"

namespace lanze::sip {

enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };

struct Codec {
    std::uint8_t payload_type = 0;
    std::string name;  // "PCMU", "PCMA", "telephone-event", others kept as offered
    std::uint32_t clock_rate = 8000;
    std::string format_parameters;  // a=fmtp value
    std::uint8_t channels = 1;
    friend bool operator==(const Codec&, const Codec&) = default;
};

// Limits of a description that is accepted; beyond them it is malformed.
inline constexpr std::size_t kSdpSizeMax = 16'384;
inline constexpr std::size_t kSdpCodecsMax = 64;
inline constexpr std::size_t kSdpStreamsMax = 32;

// What the first audio stream of a session description says; all other m= lines are kept as their
// media name and format so that an answer can refuse them with port 0 (RFC 3264 §6).
struct SessionDescription {
    struct RefusedStream {
        std::string media;      // "video"
        std::string protocol;   // "RTP/AVP"
        std::string format;     // "96"
        std::size_t index = 0;  // place among the m= lines
        friend bool operator==(const RefusedStream&, const RefusedStream&) = default;
    };
    std::uint64_t session_id = 0;
    std::uint64_t version = 0;
    IpAddress origin_address;      // 0.0.0.0 where o= gives a host name
    Endpoint rtp;                  // c= and m= port
    std::optional<Endpoint> rtcp;  // a=rtcp (RFC 3605); default: port + 1
    std::size_t audio_index = 0;
    std::vector<Codec> codecs;  // in order of preference
    Direction direction = Direction::sendrecv;
    std::uint16_t packet_time_ms = 20;
    std::vector<RefusedStream> refused;
    friend bool operator==(const SessionDescription&, const SessionDescription&) = default;
};

enum class SdpError : std::uint8_t {
    malformed,        // 400
    no_audio,         // 488: no m=audio with RTP/AVP and a port
    no_common_codec,  // 488
    too_large,        // 413; over 16 KiB
    not_secure,       // 488: a browser's description without what ICE and DTLS need
};
std::string_view to_string(SdpError error);

// Host names in c= are refused as malformed: a media address must be an IP address here.
Result<SessionDescription, SdpError> parse_sdp(std::string_view text);
std::string write_sdp(const SessionDescription& description);

// Our side of a stream: where we receive, and our numbers for o=.
struct LocalMedia {
    Endpoint rtp;  // as written (advertised), RTCP on port + 1
    std::uint64_t session_id = 0;
    std::uint64_t version = 1;  // grows by one with each description that differs (RFC 3264 §8)
    friend bool operator==(const LocalMedia&, const LocalMedia&) = default;
};

// An offer with PCMA, PCMU and telephone-event (RFC 4733). `preferred` (if given) puts the codec
// that the other leg talks first.
SessionDescription make_offer(const LocalMedia& local, Direction direction,
                              std::string_view preferred_codec = {});

// The same for a browser, which knows G.711 (RFC 7874 §3): with Opus and its telephone-event at
// 48 kHz before all others. Both sides may send any of these at any time.
SessionDescription make_web_offer(const LocalMedia& local, std::string_view preferred_codec,
                                  bool with_opus);

// The answer to `offer`: of G.711 the first codec the offer prefers, telephone-event if offered
// with its payload type, direction mirrored (sendonly -> recvonly, inactive -> inactive; 0.0.0.0
// counts as hold), every other stream refused with port 0.
Result<SessionDescription, SdpError> make_answer(const SessionDescription& offer,
                                                 const LocalMedia& local,
                                                 Direction direction = Direction::sendrecv);

// The numbers of what goes at 48 kHz, beside G.711.
struct AgreedOpus {
    std::uint8_t payload = 0;     // number we send
    std::uint8_t payload_in = 0;  // number we receive
    std::optional<std::uint8_t> event_payload;
    std::optional<std::uint8_t> event_payload_in;
    friend bool operator==(const AgreedOpus&, const AgreedOpus&) = default;
};

// What both sides agreed on, seen from our side: `local` is what we sent, `remote` what they sent.
struct AgreedMedia {
    Endpoint remote_rtp;
    Endpoint remote_rtcp;
    Codec audio;                                   // PCMU or PCMA with the number we send
    std::optional<std::uint8_t> event_payload;     // telephone-event, number we send
    std::optional<std::uint8_t> event_payload_in;  // number we receive
    std::uint8_t audio_payload_in = 0;
    bool may_send = true;     // the other side listens
    bool may_receive = true;  // the other side sends; both false or only-receive: we are on hold
    std::optional<AgreedOpus> opus;  // with browsers only
    friend bool operator==(const AgreedMedia&, const AgreedMedia&) = default;
};
Result<AgreedMedia, SdpError> agree(const SessionDescription& local,
                                    const SessionDescription& remote, bool we_offered);

// What a browser's description says beside its audio (RFC 8829): ICE (RFC 8839 §5.4) and DTLS
// (RFC 8122 §5, RFC 5763 §5).
struct WebParts {
    std::string fragment;                        // a=ice-ufrag, 4 to 256 characters
    std::string password;                        // a=ice-pwd, 22 to 256 characters
    std::array<std::uint8_t, 32> fingerprint{};  // a=fingerprint:sha-256
    friend bool operator==(const WebParts&, const WebParts&) = default;
};

struct WebDescription {
    SessionDescription audio;  // its addresses mean nothing: ICE finds them
    WebParts web;
    friend bool operator==(const WebDescription&, const WebDescription&) = default;
};

// A browser's answer to write_web_offer(): audio over UDP/TLS/RTP/SAVPF with rtcp-mux, and
// setup:active, for we wait for its DTLS. Errors as of parse_sdp().
Result<WebDescription, SdpError> parse_web_answer(std::string_view text);

// What our offer and the browser's answer agreed on, without endpoints. G.711 is wanted always,
// Opus is taken if both name it. The "0.0.0.0" that browsers
// write is no hold: the address is not known yet (RFC 8840 §4.1.1).
Result<AgreedMedia, SdpError> agree_web(const SessionDescription& offer,
                                        const WebDescription& answer);

// An offer to a browser: one bundled stream of audio, ICE-lite with the one candidate `offer.rtp`,
// setup:actpass, RTCP on the same port.
std::string write_web_offer(const SessionDescription& offer, const WebParts& ours);

}  // namespace lanze::sip
