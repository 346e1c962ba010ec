// What a browser says in Opus: hostile payloads and numbers on their way to a phone, to another
// browser and into a conference.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/check.h"
#include "media/relay.h"
#include "media/wire.h"

namespace {

using namespace lanze;         // NOLINT: a program of its own
using namespace lanze::media;  // NOLINT

constexpr std::uint8_t kOpus = 111;
constexpr std::uint8_t kOpusEvent = 110;
constexpr std::uint8_t kEvent = 101;
constexpr std::uint32_t kBrowser = 0;
constexpr std::uint32_t kPhone = 1;
constexpr std::uint32_t kOther = 2;
constexpr std::uint32_t kLegs = 3;
const Endpoint kAddress{.address = IpAddress::v4(192, 0, 2, 1), .port = 4000};

// A phone gets nothing but G.711 and digits; what was converted for it in packets of 20 ms.
struct CheckedOut final : RelayOut {
    void send_at_once(SocketRef from, const Endpoint& to, Bytes bytes) override {
        const auto packet = parse_rtp(bytes);
        if (from.port == kPhone && packet && packet->header.payload_type == 8) {
            LANZE_CHECK(packet->payload_size == kFrameSamples);
        }
        send(from, to, bytes);
    }

    void send(SocketRef from, const Endpoint&, Bytes bytes) override {
        if (classify(bytes) != DatagramKind::rtp) {
            return;
        }
        const auto packet = parse_rtp(bytes);
        LANZE_CHECK(packet);
        const std::uint8_t type = packet->header.payload_type;
        if (from.port == kPhone) {
            LANZE_CHECK(type == kEvent || type == 8);
        } else if (type == kOpus) {
            const Bytes payload = bytes.subspan(packet->payload_offset, packet->payload_size);
            LANZE_CHECK(opus_duration(payload) != 0);
        }
    }
    void report(ports::MediaReport) override {}
};

ports::LegId leg_of(std::uint32_t port) {
    return ports::LegId(port + 1);
}

void open_legs(Relay& relay, Time now) {
    for (std::uint32_t port = 0; port < kLegs; ++port) {
        ports::MediaPort lent;
        lent.index = port;
        relay.on(ports::OpenLeg{.leg = leg_of(port), .port = lent}, now);
        ports::SetRemote remote;
        remote.leg = leg_of(port);
        remote.rtp = remote.rtcp = kAddress;
        remote.event_payload = remote.event_payload_in = kEvent;
        if (port != kPhone) {
            remote.opus = {kOpus, kOpus, kOpusEvent, kOpusEvent};
        }
        relay.on(remote, now);
    }
}

// Who listens, by a byte.
void arrange(Relay& relay, std::uint8_t how, Time now) {
    if (how % 3 == 2) {
        relay.on(ports::Confer{{leg_of(kBrowser), leg_of(kPhone), leg_of(kOther)}}, now);
    } else {
        const std::uint32_t listener = how % 3 == 0 ? kPhone : kOther;
        relay.on(ports::Bridge{.a = leg_of(kBrowser), .b = leg_of(listener)}, now);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const Sounds sounds{.silence = Prompt({}),
                               .ring_tone = Prompt({}),
                               .waiting_music = Prompt({}),
                               .busy_tone = Prompt({}),
                               .closed = Prompt({}),
                               .right_back = Prompt({})};
    Bytes data(bytes, size);
    CheckedOut out;
    Time now = from_micros(1'000'000'000);
    Relay relay(sounds, out, {.rtcp_every = seconds(5), .seed = 1});
    open_legs(relay, now);
    arrange(relay, 0, now);
    RtpHeader header{.marker = false,
                     .payload_type = kOpus,
                     .sequence = 65'530,
                     .timestamp = 0xFFFF'F000,
                     .ssrc = 7};
    // What kind, how far sequence number and time jump, size, payload.
    constexpr std::size_t kPrefix = 5;
    while (data.size() > kPrefix) {
        const std::uint8_t kind = data[0] % 16;
        header.sequence = static_cast<std::uint16_t>(header.sequence + data[1] - 2);
        header.timestamp += read16(data, 2) * 60U;
        const std::size_t length = std::min<std::size_t>(data[4], data.size() - kPrefix);
        header.payload_type = kind == 1 ? kOpusEvent : kind == 2 ? kEvent : kind == 3 ? 8 : kOpus;
        if (kind == 4) {
            arrange(relay, data[4], now);
        }
        std::vector<std::uint8_t> datagram(kRtpHeaderSize);
        write_rtp_header(header, std::span(datagram).first<kRtpHeaderSize>());
        const Bytes payload = data.subspan(kPrefix, length);
        datagram.insert(datagram.end(), payload.begin(), payload.end());
        relay.receive({.port = kBrowser}, kAddress, {datagram}, now);
        data = data.subspan(kPrefix + length);
        now += milliseconds(20);
        for (std::uint32_t slice = 0; slice < Relay::kSlices; ++slice) {
            relay.play_slice(slice, now);
        }
    }
    return 0;
}
