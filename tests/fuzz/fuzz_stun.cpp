// What a browser's leg lets in before anything is proven: STUN, and the transport behind it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "media/stun.h"
#include "media/web_transport.h"

namespace {

using namespace lanze;         // NOLINT: a program of its own
using namespace lanze::media;  // NOLINT

const Endpoint kBrowser{.address = IpAddress::v4(192, 0, 2, 1), .port = 4000};

// What was read, written again, is read as the same.
void check_writing(const StunMessage& message) {
    StunWriter writer(message.kind, message.transaction);
    writer.add_username(message.username);
    if (message.controlling) {
        writer.add_controlling(*message.controlling);
    }
    if (message.mapped) {
        writer.add_mapped(*message.mapped);
    }
    const Bytes bytes = writer.finish("password");
    const auto again = parse_stun(bytes);
    LANZE_CHECK(again && again->username == message.username);
    LANZE_CHECK(again->kind == message.kind && again->transaction == message.transaction);
    LANZE_CHECK(again->controlling == message.controlling && again->mapped == message.mapped);
    LANZE_CHECK(has_integrity(bytes, *again, "password"));
}

// A byte of size, then so many bytes of datagram; every other one comes from a checked address.
void receive_all(Bytes data) {
    static const Certificate certificate = *Certificate::make();
    ports::SecureLeg leg;
    leg.local = {.fragment = "here", .password = "password"};
    leg.remote = {.fragment = "there", .password = "password"};
    leg.fingerprint = certificate.fingerprint();
    WebTransport transport(certificate, leg);
    Time now = from_micros(1'000'000'000);
    StunWriter check(StunClass::request, {});
    check.add_username("here:there");
    check.add_use_candidate();
    const Bytes valid = check.finish("password");
    std::vector<std::uint8_t> copy(valid.begin(), valid.end());
    transport.receive(kBrowser, copy, now);
    while (!data.empty()) {
        const std::size_t size = std::min<std::size_t>(data[0], data.size() - 1);
        std::vector<std::uint8_t> datagram(data.begin() + 1,
                                           data.begin() + 1 + static_cast<std::ptrdiff_t>(size));
        Endpoint source = kBrowser;
        source.port = static_cast<std::uint16_t>(source.port + size % 2);
        const OpenedPacket opened = transport.receive(source, datagram, now);
        LANZE_CHECK(opened.what != Opened::rtp && opened.what != Opened::rtcp);
        data = data.subspan(1 + size);
        now += milliseconds(data.size());
        transport.advance(now);
        transport.take_outgoing();
    }
    LANZE_CHECK(transport.target() == Endpoint{});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const Bytes data(bytes, size);
    if (const auto message = parse_stun(data)) {
        LANZE_CHECK(message->unknown_count <= kStunUnknownMax);
        has_integrity(data, *message, "password");
        check_writing(*message);
    }
    receive_all(data);
    return 0;
}
