#include <algorithm>

#include "sip/grammar.h"
#include "sip/sdp.h"

namespace lanze::sip {

namespace {

constexpr std::uint8_t kPcmu = 0;
constexpr std::uint8_t kPcma = 8;
constexpr std::uint8_t kEventOffered = 101;  // dynamic; what most phones use
constexpr std::uint32_t kClockRate = 8000;
constexpr std::string_view kEventName = "telephone-event";
constexpr std::uint8_t kOpusOffered = 111;  // dynamic; what browsers use themselves
constexpr std::uint8_t kOpusEventOffered = 110;
constexpr std::uint32_t kOpusClockRate = 48'000;
constexpr std::uint8_t kOpusChannels = 2;  // always (RFC 7587 §7), mono too

bool is_named(const Codec& codec, std::string_view name) {
    return equals_ignoring_case(codec.name, name) && codec.clock_rate == kClockRate &&
           codec.channels == 1;
}

bool is_g711(const Codec& codec) {
    return is_named(codec, "PCMA") || is_named(codec, "PCMU");
}

const Codec* find_named(const std::vector<Codec>& codecs, std::string_view name) {
    const auto found = std::find_if(codecs.begin(), codecs.end(),
                                    [&](const Codec& codec) { return is_named(codec, name); });
    return found == codecs.end() ? nullptr : &*found;
}

const Codec* find_wide(const std::vector<Codec>& codecs, std::string_view name,
                       std::uint8_t channels) {
    const auto found = std::find_if(codecs.begin(), codecs.end(), [&](const Codec& codec) {
        return equals_ignoring_case(codec.name, name) && codec.clock_rate == kOpusClockRate &&
               codec.channels == channels;
    });
    return found == codecs.end() ? nullptr : &*found;
}

std::optional<AgreedOpus> agree_opus(const SessionDescription& local,
                                     const SessionDescription& remote) {
    const Codec* in = find_wide(local.codecs, "opus", kOpusChannels);
    const Codec* out = find_wide(remote.codecs, "opus", kOpusChannels);
    if (in == nullptr || out == nullptr) {
        return std::nullopt;
    }
    AgreedOpus agreed;
    agreed.payload = out->payload_type;
    agreed.payload_in = in->payload_type;
    const Codec* event_in = find_wide(local.codecs, kEventName, 1);
    const Codec* event_out = find_wide(remote.codecs, kEventName, 1);
    if (event_in != nullptr && event_out != nullptr) {
        agreed.event_payload = event_out->payload_type;
        agreed.event_payload_in = event_in->payload_type;
    }
    return agreed;
}

bool sends(Direction direction) {
    return direction == Direction::sendrecv || direction == Direction::sendonly;
}
bool receives(Direction direction) {
    return direction == Direction::sendrecv || direction == Direction::recvonly;
}
Direction make_direction(bool does_send, bool does_receive) {
    if (does_send) {
        return does_receive ? Direction::sendrecv : Direction::sendonly;
    }
    return does_receive ? Direction::recvonly : Direction::inactive;
}

// What they listen to: nothing where the address is 0.0.0.0, the hold of RFC 2543 (RFC 3264 §8.4).
bool listens(const SessionDescription& description) {
    return receives(description.direction) && !description.rtp.address.is_unspecified();
}

SessionDescription describe(const LocalMedia& local) {
    SessionDescription description;
    description.session_id = local.session_id;
    description.version = local.version;
    description.origin_address = local.rtp.address;
    description.rtp = local.rtp;
    return description;
}

Endpoint rtcp_of(const SessionDescription& description) {
    if (description.rtcp) {
        return *description.rtcp;
    }
    Endpoint endpoint = description.rtp;
    // RFC 3550 §11: the next higher port; 65535 has none.
    endpoint.port = static_cast<std::uint16_t>(endpoint.port == 65535 ? 65535 : endpoint.port + 1);
    return endpoint;
}

}  // namespace

SessionDescription make_offer(const LocalMedia& local, Direction direction,
                              std::string_view preferred_codec) {
    SessionDescription offer = describe(local);
    offer.direction = direction;
    offer.codecs = {{kPcma, "PCMA", kClockRate, "", 1}, {kPcmu, "PCMU", kClockRate, "", 1}};
    if (equals_ignoring_case(preferred_codec, "PCMU")) {
        std::swap(offer.codecs[0], offer.codecs[1]);
    }
    // 0-15: the digits, * # and A to D (RFC 4733 §3.2).
    offer.codecs.push_back({kEventOffered, std::string(kEventName), kClockRate, "0-15", 1});
    return offer;
}

SessionDescription make_web_offer(const LocalMedia& local, std::string_view preferred_codec,
                                  bool with_opus) {
    SessionDescription offer = make_offer(local, Direction::sendrecv, preferred_codec);
    if (with_opus) {
        // RFC 7587 §6.1: lost packets can be had again from the next one.
        offer.codecs.insert(offer.codecs.begin(), {kOpusOffered, "opus", kOpusClockRate,
                                                   "minptime=10;useinbandfec=1", kOpusChannels});
        offer.codecs.push_back(
            {kOpusEventOffered, std::string(kEventName), kOpusClockRate, "0-15", 1});
    }
    return offer;
}

Result<SessionDescription, SdpError> make_answer(const SessionDescription& offer,
                                                 const LocalMedia& local, Direction direction) {
    const auto audio = std::find_if(offer.codecs.begin(), offer.codecs.end(), is_g711);
    if (audio == offer.codecs.end()) {
        return Unexpected(SdpError::no_common_codec);
    }
    SessionDescription answer = describe(local);
    answer.codecs.push_back(*audio);
    answer.codecs.front().format_parameters.clear();
    if (const Codec* event = find_named(offer.codecs, kEventName)) {
        answer.codecs.push_back(*event);
        answer.codecs.back().format_parameters = "0-15";
    }
    answer.audio_index = offer.audio_index;
    answer.refused = offer.refused;
    // RFC 3264 §6.1: we send only what they receive, and receive only what they send.
    answer.direction = make_direction(sends(direction) && listens(offer),
                                      receives(direction) && sends(offer.direction));
    return answer;
}

Result<AgreedMedia, SdpError> agree(const SessionDescription& local,
                                    const SessionDescription& remote, bool we_offered) {
    // The answer decides (RFC 3264 §7); each side's numbers are those it wants to receive.
    const SessionDescription& answer = we_offered ? remote : local;
    const SessionDescription& offer = we_offered ? local : remote;
    const auto chosen =
        std::find_if(answer.codecs.begin(), answer.codecs.end(), [&](const Codec& codec) {
            return is_g711(codec) && find_named(offer.codecs, codec.name) != nullptr;
        });
    if (chosen == answer.codecs.end()) {
        return Unexpected(SdpError::no_common_codec);
    }
    AgreedMedia media;
    media.remote_rtp = remote.rtp;
    media.remote_rtcp = rtcp_of(remote);
    media.audio = *find_named(remote.codecs, chosen->name);
    media.audio_payload_in = find_named(local.codecs, chosen->name)->payload_type;
    const Codec* event_out = find_named(remote.codecs, kEventName);
    const Codec* event_in = find_named(local.codecs, kEventName);
    if (event_out != nullptr && event_in != nullptr) {
        media.event_payload = event_out->payload_type;
        media.event_payload_in = event_in->payload_type;
    }
    media.may_send = sends(local.direction) && listens(remote);
    media.may_receive = receives(local.direction) && sends(remote.direction);
    return media;
}

Result<AgreedMedia, SdpError> agree_web(const SessionDescription& offer,
                                        const WebDescription& answer) {
    SessionDescription remote = answer.audio;
    remote.rtp = offer.rtp;
    auto agreed = agree(offer, remote, true);
    if (agreed) {
        agreed->remote_rtp = {};
        agreed->remote_rtcp = {};
        agreed->opus = agree_opus(offer, remote);
    }
    return agreed;
}

}  // namespace lanze::sip
