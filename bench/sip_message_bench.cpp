// What one SIP message costs to read and to write: an INVITE with two Vias and a description.
#include <benchmark/benchmark.h>

#include <string>

#include "base/check.h"
#include "sip/message.h"
#include "sip/sdp.h"

namespace {

const std::string& description() {
    static const std::string kText =
        "v=0\r\no=- 42 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
        "m=audio 30000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
        "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";
    return kText;
}

std::string invite() {
    return "INVITE sip:+4930123456@192.0.2.1:5060;user=phone SIP/2.0\r\n"
           "Via: SIP/2.0/UDP 192.0.2.4:5060;branch=z9hG4bKnashds8;rport\r\n"
           "Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKnashds9;received=192.0.2.9\r\n"
           "Max-Forwards: 70\r\n"
           "Record-Route: <sip:192.0.2.4;lr>\r\n"
           "From: \"Anna Meier\" <sip:+49301111@192.0.2.9>;tag=1928301774\r\n"
           "To: <sip:+4930123456@192.0.2.1;user=phone>\r\n"
           "Call-ID: a84b4c76e66710@192.0.2.9\r\n"
           "CSeq: 314159 INVITE\r\n"
           "Contact: <sip:+49301111@192.0.2.9:5060;transport=udp>\r\n"
           "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE\r\n"
           "Supported: timer, replaces\r\n"
           "User-Agent: phone/1.0\r\n"
           "Session-Expires: 1800\r\n"
           "Content-Type: application/sdp\r\n"
           "Content-Length: " +
           std::to_string(description().size()) + "\r\n\r\n" + description();
}

lanze::sip::Message parsed_invite() {
    auto message = lanze::sip::parse_message(invite());
    LANZE_CHECK(message);
    return *std::move(message);
}

void parse_invite(benchmark::State& state) {
    const std::string bytes = invite();
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(lanze::sip::parse_message(bytes));
    }
}
BENCHMARK(parse_invite);

void write_invite(benchmark::State& state) {
    const auto message = parsed_invite();
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(lanze::sip::write_message(message));
    }
}
BENCHMARK(write_invite);

void answer_invite(benchmark::State& state) {
    const auto message = parsed_invite();
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(lanze::sip::make_response(message, 180, {}, "tag"));
    }
}
BENCHMARK(answer_invite);

void negotiate_media(benchmark::State& state) {
    lanze::sip::LocalMedia local;
    local.rtp = {lanze::IpAddress::v4(192, 0, 2, 1), 30000};
    for ([[maybe_unused]] auto _ : state) {
        const auto offer = lanze::sip::parse_sdp(description());
        const auto answer = lanze::sip::make_answer(*offer, local);
        benchmark::DoNotOptimize(lanze::sip::write_sdp(*answer));
    }
}
BENCHMARK(negotiate_media);

}  // namespace

BENCHMARK_MAIN();
