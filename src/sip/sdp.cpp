#include "sip/sdp.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "sip/grammar.h"

namespace lanze::sip {

namespace {

constexpr std::uint16_t kPacketTimeMax = 200;

struct StaticCodec {
    std::uint8_t payload_type;
    std::string_view name;
    std::uint32_t clock_rate;
};
// RFC 3551 table 4: numbers that mean a codec without a=rtpmap.
constexpr std::array kStaticCodecs = std::to_array<StaticCodec>({
    {0, "PCMU", 8000},
    {3, "GSM", 8000},
    {4, "G723", 8000},
    {8, "PCMA", 8000},
    {9, "G722", 8000},
    {12, "QCELP", 8000},
    {13, "CN", 8000},
    {15, "G728", 8000},
    {18, "G729", 8000},
});

// Cuts the first word off `rest`; words are separated by one space (RFC 8866 §9).
std::string_view next_word(std::string_view& rest) {
    const std::size_t blank = rest.find(' ');
    const std::string_view word = rest.substr(0, blank);
    rest.remove_prefix(blank == std::string_view::npos ? rest.size() : blank + 1);
    return word;
}

std::optional<Direction> find_direction(std::string_view name) {
    if (name == "sendrecv") {
        return Direction::sendrecv;
    }
    if (name == "sendonly") {
        return Direction::sendonly;
    }
    if (name == "recvonly") {
        return Direction::recvonly;
    }
    if (name == "inactive") {
        return Direction::inactive;
    }
    return std::nullopt;
}

std::string_view direction_name(Direction direction) {
    switch (direction) {
        case Direction::sendrecv:
            return "sendrecv";
        case Direction::sendonly:
            return "sendonly";
        case Direction::recvonly:
            return "recvonly";
        case Direction::inactive:
            return "inactive";
    }
    return "sendrecv";
}

constexpr std::string_view kWebProtocol = "UDP/TLS/RTP/SAVPF";  // RFC 8829 §5.1.2

bool is_ice_text(std::string_view text, std::size_t size_min) {
    constexpr CharacterSet kIceCharacters("+/");
    return text.size() >= size_min && text.size() <= 256 && kIceCharacters.contains_all(text);
}

// "AB:CD:..." of 32 bytes; false if it is none.
bool read_fingerprint(std::string_view text, std::array<std::uint8_t, 32>& fingerprint) {
    if (text.size() != fingerprint.size() * 3 - 1) {
        return false;
    }
    for (std::size_t i = 0; i < fingerprint.size(); ++i) {
        const char* begin = text.data() + i * 3;
        const auto [end, error] = std::from_chars(begin, begin + 2, fingerprint[i], 16);
        if (error != std::errc{} || end != begin + 2 ||
            (i + 1 < fingerprint.size() && *end != ':')) {
            return false;
        }
    }
    return true;
}

// What is read of a browser's description only; attributes of the session count for the stream.
struct WebReading {
    WebParts parts;
    bool has_fingerprint = false;
    bool is_active = false;
    bool is_muxed = false;

    // False if one that we know is malformed.
    bool read_attribute(std::string_view name, std::string_view value);
    bool is_whole() const {
        return !parts.fragment.empty() && !parts.password.empty() && has_fingerprint && is_active &&
               is_muxed;
    }
};

bool WebReading::read_attribute(std::string_view name, std::string_view value) {
    if (name == "ice-ufrag") {
        parts.fragment = value;
        return is_ice_text(value, 4);
    }
    if (name == "ice-pwd") {
        parts.password = value;
        return is_ice_text(value, 22);
    }
    if (name == "fingerprint") {
        // Of several the one that we can check counts.
        const bool is_sha256 = equals_ignoring_case(next_word(value), "sha-256");
        has_fingerprint = has_fingerprint || is_sha256;
        return !is_sha256 || read_fingerprint(value, parts.fingerprint);
    }
    is_active = is_active || (name == "setup" && value == "active");
    is_muxed = is_muxed || name == "rtcp-mux";
    return true;
}

// Reads a description line by line. An attribute belongs to the stream whose m= line it follows, or
// to the session before the first.
class Reader {
public:
    // With `web` a browser's description is read.
    explicit Reader(WebReading* web = nullptr) : web_(web) {}

    // False as soon as a line is malformed.
    bool read(std::string_view text);
    bool has_audio() const { return has_audio_; }
    SessionDescription take();

private:
    enum class Place : std::uint8_t { session, audio, other_stream };

    bool read_line(char type, std::string_view value);
    bool read_origin(std::string_view value);
    bool read_connection(std::string_view value);
    bool read_media(std::string_view value);
    bool read_formats(std::string_view formats);
    bool read_attribute(std::string_view value);
    bool read_audio_attribute(std::string_view name, std::string_view value);
    bool read_rtpmap(std::string_view value);
    bool read_rtcp(std::string_view value);
    Codec* find_codec(std::string_view payload_type);

    WebReading* web_;
    SessionDescription result_;
    Place place_ = Place::session;
    std::string seen_;  // types of the lines so far
    std::size_t streams_ = 0;
    bool has_audio_ = false;
    std::optional<IpAddress> session_address_;
    std::optional<IpAddress> audio_address_;
    std::optional<Direction> session_direction_;
    std::optional<Direction> audio_direction_;
    std::optional<std::uint16_t> rtcp_port_;
    std::optional<IpAddress> rtcp_address_;
};

bool Reader::read(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (line.empty() && text.empty()) {
            break;  // one empty line at the end does no harm
        }
        if (line.size() < 2 || line[1] != '=' ||
            std::any_of(line.begin(), line.end(), [](char c) { return c == '\r' || c == '\0'; }) ||
            !read_line(line[0], line.substr(2))) {
            return false;
        }
    }
    const bool is_whole = seen_.starts_with("vos") && seen_.find('t') != std::string::npos;
    const bool has_address = !has_audio_ || audio_address_ || session_address_;
    return is_whole && has_address;
}

bool Reader::read_line(char type, std::string_view value) {
    // RFC 8866 §5: v, o and s come first and in this order; every type but these may come later.
    constexpr std::string_view kOrder = "vos";
    const bool is_in_order = seen_.size() < kOrder.size()
                                 ? type == kOrder[seen_.size()]
                                 : kOrder.find(type) == std::string_view::npos;
    if (!is_in_order || std::string_view("vosiuepcbtrzkam").find(type) == std::string_view::npos) {
        return false;
    }
    if (seen_.size() < kOrder.size() || seen_.find(type) == std::string::npos) {
        seen_ += type;
    }
    switch (type) {
        case 'v':
            return value == "0";
        case 'o':
            return read_origin(value);
        case 'c':
            return read_connection(value);
        case 'm':
            return read_media(value);
        case 'a':
            return read_attribute(value);
        default:
            return true;
    }
}

// o=<username> <sess-id> <sess-version> <nettype> <addrtype> <unicast-address>
bool Reader::read_origin(std::string_view value) {
    const std::string_view name = next_word(value);
    const auto session = parse_number<std::uint64_t>(next_word(value), UINT64_MAX);
    const auto version = parse_number<std::uint64_t>(next_word(value), UINT64_MAX);
    const std::string_view network = next_word(value);
    next_word(value);
    const std::string_view address = next_word(value);
    if (name.empty() || !session || !version || network != "IN" || address.empty()) {
        return false;
    }
    result_.session_id = *session;
    result_.version = *version;
    result_.origin_address = IpAddress::parse(address).value_or(IpAddress{});
    return true;
}

std::optional<IpAddress> read_address(std::string_view value) {
    const std::string_view network = next_word(value);
    const std::string_view type = next_word(value);
    const auto address = IpAddress::parse(value);
    if (network != "IN" || !address || type != (address->is_v6 ? "IP6" : "IP4")) {
        return std::nullopt;
    }
    return address;
}

// c=IN IP4 192.0.2.1; a multicast group ("/ttl") is no place to send a call to.
bool Reader::read_connection(std::string_view value) {
    const auto address = read_address(trim(value));
    if (place_ == Place::other_stream) {
        return true;
    }
    auto& target = place_ == Place::session ? session_address_ : audio_address_;
    target = address;
    return address.has_value();
}

// m=<media> <port>["/"<number>] <proto> <fmt> ...
bool Reader::read_media(std::string_view value) {
    const std::string_view media = next_word(value);
    const std::string_view port_text = next_word(value);
    const std::string_view protocol = next_word(value);
    const auto port = parse_number<std::uint16_t>(port_text.substr(0, port_text.find('/')), 65535);
    const std::string_view formats = trim(value);
    if (!is_token(media) || !port || protocol.empty() || formats.empty() ||
        streams_ == kSdpStreamsMax) {
        return false;
    }
    const std::size_t index = streams_++;
    const std::string_view wanted = web_ == nullptr ? "RTP/AVP" : kWebProtocol;
    if (has_audio_ || media != "audio" || protocol != wanted || *port == 0) {
        place_ = Place::other_stream;
        result_.refused.push_back(
            {std::string(media), std::string(protocol), std::string(formats), index});
        return true;
    }
    place_ = Place::audio;
    has_audio_ = true;
    result_.audio_index = index;
    result_.rtp.port = *port;
    return read_formats(formats);
}

bool Reader::read_formats(std::string_view formats) {
    while (!formats.empty()) {
        const std::string_view word = next_word(formats);
        if (word.empty()) {
            continue;
        }
        const auto number = parse_number<std::uint8_t>(word, 127);
        if (!number || result_.codecs.size() == kSdpCodecsMax) {
            return false;
        }
        if (find_codec(word) != nullptr) {
            continue;
        }
        Codec codec;
        codec.payload_type = *number;
        const auto known =
            std::find_if(kStaticCodecs.begin(), kStaticCodecs.end(),
                         [&](const StaticCodec& entry) { return entry.payload_type == *number; });
        if (known != kStaticCodecs.end()) {
            codec.name = known->name;
            codec.clock_rate = known->clock_rate;
        }
        result_.codecs.push_back(std::move(codec));
    }
    return true;
}

Codec* Reader::find_codec(std::string_view payload_type) {
    const auto number = parse_number<std::uint8_t>(payload_type, 127);
    const auto found =
        std::find_if(result_.codecs.begin(), result_.codecs.end(),
                     [&](const Codec& codec) { return number && codec.payload_type == *number; });
    return found == result_.codecs.end() ? nullptr : &*found;
}

bool Reader::read_attribute(std::string_view value) {
    const std::size_t colon = value.find(':');
    const std::string_view name = value.substr(0, colon);
    const std::string_view rest =
        colon == std::string_view::npos ? std::string_view{} : value.substr(colon + 1);
    if (const auto direction = find_direction(name)) {
        if (place_ == Place::session) {
            session_direction_ = direction;
        } else if (place_ == Place::audio) {
            audio_direction_ = direction;
        }
        return true;
    }
    if (web_ != nullptr && place_ != Place::other_stream && !web_->read_attribute(name, rest)) {
        return false;
    }
    return place_ != Place::audio || read_audio_attribute(name, rest);
}

bool Reader::read_audio_attribute(std::string_view name, std::string_view value) {
    if (name == "rtpmap") {
        return read_rtpmap(value);
    }
    if (name == "rtcp") {
        return read_rtcp(value);
    }
    if (name == "fmtp") {
        if (Codec* codec = find_codec(next_word(value))) {
            codec->format_parameters = trim(value);
        }
    }
    if (name == "ptime") {
        // Some write "20.0"; what is no number of milliseconds is passed over.
        const auto number = parse_number<std::uint16_t>(trim(value), kPacketTimeMax);
        result_.packet_time_ms = number.value_or(0) != 0 ? *number : result_.packet_time_ms;
    }
    return true;
}

// a=rtpmap:<payload type> <encoding name>/<clock rate>[/<channels>]
bool Reader::read_rtpmap(std::string_view value) {
    const std::string_view payload_type = next_word(value);
    value = trim(value);
    const std::size_t slash = value.find('/');
    if (slash == std::string_view::npos || !is_token(value.substr(0, slash))) {
        return false;
    }
    const std::string_view name = value.substr(0, slash);
    value.remove_prefix(slash + 1);
    const std::size_t second = value.find('/');
    const auto rate = parse_number<std::uint32_t>(value.substr(0, second), 1'000'000);
    const auto channels = second == std::string_view::npos
                              ? std::optional<std::uint8_t>(std::uint8_t{1})
                              : parse_number<std::uint8_t>(value.substr(second + 1), 255);
    if (!rate || *rate == 0 || !channels || *channels == 0) {
        return false;
    }
    if (Codec* codec = find_codec(payload_type)) {
        codec->name = name;
        codec->clock_rate = *rate;
        codec->channels = *channels;
    }
    return true;
}

// a=rtcp:<port> [IN IP4 <address>] (RFC 3605)
bool Reader::read_rtcp(std::string_view value) {
    const auto port = parse_number<std::uint16_t>(next_word(value), 65535);
    if (!port || *port == 0) {
        return false;
    }
    rtcp_port_ = port;
    if (value.empty()) {
        return true;
    }
    rtcp_address_ = read_address(trim(value));
    return rtcp_address_.has_value();
}

SessionDescription Reader::take() {
    result_.rtp.address = audio_address_ ? *audio_address_ : session_address_.value_or(IpAddress{});
    if (rtcp_port_) {
        result_.rtcp = Endpoint{rtcp_address_.value_or(result_.rtp.address), *rtcp_port_};
    }
    const Direction at_session = session_direction_.value_or(Direction::sendrecv);
    result_.direction = audio_direction_.value_or(at_session);
    return std::move(result_);
}

void append_address(std::string& out, const IpAddress& address) {
    out += address.is_v6 ? "IN IP6 " : "IN IP4 ";
    out += address.to_string();
    out += "\r\n";
}

void append_codec(std::string& out, const Codec& codec) {
    const std::string number = std::to_string(codec.payload_type);
    if (!codec.name.empty()) {
        out += "a=rtpmap:" + number + " " + codec.name + "/" + std::to_string(codec.clock_rate);
        out += codec.channels == 1 ? "" : "/" + std::to_string(codec.channels);
        out += "\r\n";
    }
    if (!codec.format_parameters.empty()) {
        out += "a=fmtp:" + number + " " + codec.format_parameters + "\r\n";
    }
}

void append_audio(std::string& out, const SessionDescription& description) {
    out += "m=audio " + std::to_string(description.rtp.port) + " RTP/AVP";
    for (const Codec& codec : description.codecs) {
        out += " " + std::to_string(codec.payload_type);
    }
    out += "\r\n";
    for (const Codec& codec : description.codecs) {
        append_codec(out, codec);
    }
    if (description.rtcp) {
        out += "a=rtcp:" + std::to_string(description.rtcp->port);
        if (description.rtcp->address != description.rtp.address) {
            out += " ";
            append_address(out, description.rtcp->address);
        } else {
            out += "\r\n";
        }
    }
    out += "a=ptime:" + std::to_string(description.packet_time_ms) + "\r\na=";
    out += direction_name(description.direction);
    out += "\r\n";
}

}  // namespace

std::string_view to_string(SdpError error) {
    switch (error) {
        case SdpError::malformed:
            return "malformed";
        case SdpError::no_audio:
            return "no audio over RTP/AVP";
        case SdpError::no_common_codec:
            return "no common codec";
        case SdpError::too_large:
            return "too large";
        case SdpError::not_secure:
            return "without ICE, DTLS (setup:active), its fingerprint or rtcp-mux";
    }
    return "malformed";
}

Result<SessionDescription, SdpError> parse_sdp(std::string_view text) {
    if (text.size() > kSdpSizeMax) {
        return Unexpected(SdpError::too_large);
    }
    Reader reader;
    if (!reader.read(text)) {
        return Unexpected(SdpError::malformed);
    }
    if (!reader.has_audio()) {
        return Unexpected(SdpError::no_audio);
    }
    return reader.take();
}

Result<WebDescription, SdpError> parse_web_answer(std::string_view text) {
    if (text.size() > kSdpSizeMax) {
        return Unexpected(SdpError::too_large);
    }
    WebReading web;
    Reader reader(&web);
    if (!reader.read(text)) {
        return Unexpected(SdpError::malformed);
    }
    if (!reader.has_audio()) {
        return Unexpected(SdpError::no_audio);
    }
    if (!web.is_whole()) {
        return Unexpected(SdpError::not_secure);
    }
    return WebDescription{reader.take(), std::move(web.parts)};
}

std::string write_web_offer(const SessionDescription& offer, const WebParts& ours) {
    std::string out;
    out.reserve(1024);
    out += "v=0\r\no=- " + std::to_string(offer.session_id) + " " + std::to_string(offer.version) +
           " ";
    append_address(out, offer.origin_address);
    out += "s=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=ice-lite\r\n";
    out += "m=audio " + std::to_string(offer.rtp.port) + " ";
    out += kWebProtocol;
    for (const Codec& codec : offer.codecs) {
        out += " " + std::to_string(codec.payload_type);
    }
    out += "\r\nc=";
    append_address(out, offer.rtp.address);
    out += "a=mid:0\r\na=";
    out += direction_name(offer.direction);
    out +=
        "\r\na=rtcp-mux\r\na=msid:lanze audio\r\na=setup:actpass\r\na=ice-ufrag:" + ours.fragment +
        "\r\na=ice-pwd:" + ours.password + "\r\na=fingerprint:sha-256 ";
    constexpr std::string_view kHex = "0123456789ABCDEF";
    for (std::size_t i = 0; i < ours.fingerprint.size(); ++i) {
        out += i == 0 ? "" : ":";
        out += kHex[ours.fingerprint[i] >> 4U];
        out += kHex[ours.fingerprint[i] & 15U];
    }
    out += "\r\n";
    for (const Codec& codec : offer.codecs) {
        append_codec(out, codec);
    }
    out += "a=ptime:" + std::to_string(offer.packet_time_ms) + "\r\n";
    // The priority of a host candidate with one address and one component (RFC 8445 §5.1.2.1).
    out += "a=candidate:1 1 udp 2130706431 " + offer.rtp.address.to_string() + " " +
           std::to_string(offer.rtp.port) + " typ host\r\na=end-of-candidates\r\n";
    return out;
}

std::string write_sdp(const SessionDescription& description) {
    std::string out;
    out.reserve(512);
    out += "v=0\r\no=- " + std::to_string(description.session_id) + " " +
           std::to_string(description.version) + " ";
    append_address(out, description.origin_address);
    out += "s=-\r\nc=";
    append_address(out, description.rtp.address);
    out += "t=0 0\r\n";
    std::size_t index = 0;
    for (const auto& stream : description.refused) {
        if (index++ == description.audio_index) {
            append_audio(out, description);
        }
        out += "m=" + stream.media + " 0 " + stream.protocol + " " + stream.format + "\r\n";
    }
    if (description.audio_index >= description.refused.size()) {
        append_audio(out, description);
    }
    return out;
}

}  // namespace lanze::sip
