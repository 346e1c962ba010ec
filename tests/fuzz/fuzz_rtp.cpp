// Everything the media sockets let in: the demultiplexer, RTP, RTCP, and a bridged pair of legs.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/check.h"
#include "media/relay.h"

namespace {

using namespace lanze;         // NOLINT: a program of its own
using namespace lanze::media;  // NOLINT

// Nothing is sent that the other side would refuse.
struct CheckedOut final : RelayOut {
    void send(SocketRef from, const Endpoint&, Bytes bytes) override {
        if (from.socket == media::Socket::rtp && classify(bytes) == DatagramKind::rtp) {
            LANZE_CHECK(parse_rtp(bytes));
        }
    }
    void report(ports::MediaReport) override {}
};

const Endpoint kPhone{.address = IpAddress::v4(192, 0, 2, 1), .port = 4000};

ports::SetRemote remote_of(std::uint64_t leg) {
    ports::SetRemote remote;
    remote.leg = ports::LegId(leg);
    remote.rtp = kPhone;
    remote.rtcp = kPhone;
    remote.codec = leg == 1 ? ports::G711::mu_law : ports::G711::a_law;
    remote.audio_payload = remote.audio_payload_in = leg == 1 ? 0 : 8;
    remote.event_payload = remote.event_payload_in = 101;
    return remote;
}

void relay_all(Bytes data) {
    static const Sounds sounds{.silence = Prompt({}),
                               .ring_tone = Prompt({}),
                               .waiting_music = Prompt({}),
                               .busy_tone = Prompt({}),
                               .closed = Prompt({}),
                               .right_back = Prompt({})};
    CheckedOut out;
    Time now = from_micros(1'000'000'000);
    Relay relay(sounds, out, {.rtcp_every = seconds(5), .seed = 1});
    for (std::uint32_t leg = 1; leg <= 2; ++leg) {
        ports::MediaPort port;
        port.index = leg - 1;
        relay.on(ports::OpenLeg{.leg = ports::LegId(leg), .port = port}, now);
        relay.on(remote_of(leg), now);
    }
    relay.on(ports::Bridge{.a = ports::LegId(1), .b = ports::LegId(2)}, now);
    // A byte of size, then so many bytes of datagram; odd sizes come to the RTCP port.
    while (!data.empty()) {
        const std::size_t size = std::min<std::size_t>(data[0], data.size() - 1);
        std::vector<std::uint8_t> datagram(data.begin() + 1,
                                           data.begin() + 1 + static_cast<std::ptrdiff_t>(size));
        const auto socket = size % 2 == 0 ? media::Socket::rtp : media::Socket::rtcp;
        relay.receive({.port = data[0] % 3U, .socket = socket}, kPhone, {datagram}, now);
        data = data.subspan(1 + size);
        now += milliseconds(data.size());
        relay.advance(now);
    }
    relay.on(ports::CloseLeg{ports::LegId(1)}, now);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const Bytes data(bytes, size);
    if (const auto packet = parse_rtp(data)) {
        LANZE_CHECK(packet->payload_offset + packet->payload_size <= size);
    }
    if (const auto report = parse_rtcp(data)) {
        LANZE_CHECK(report->block_count <= kReportBlocksKept);
    }
    relay_all(data);
    return 0;
}
