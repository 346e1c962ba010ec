#include "media/relay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "media/g711.h"
#include "media/tone.h"

namespace lanze::media {
namespace {

using ports::G711;
using ports::LegId;

constexpr std::size_t kFrame = kFrameSamples;
constexpr std::uint8_t kEvent = 101;
const Endpoint kStranger{.address = IpAddress::v4(203, 0, 113, 66), .port = 6666};

Endpoint phone_at(std::uint32_t port) {
    return {.address = IpAddress::v4(192, 0, 2, static_cast<std::uint8_t>(port + 1)), .port = 4000};
}

Endpoint rtcp_of(const Endpoint& rtp) {
    return {.address = rtp.address, .port = static_cast<std::uint16_t>(rtp.port + 1)};
}

ports::MediaPort pair(std::uint32_t index) {
    ports::MediaPort port;
    port.index = index;
    return port;
}

struct Sent {
    SocketRef from;
    Endpoint to;
    std::vector<std::uint8_t> bytes;

    RtpHeader header() const { return parse_rtp(bytes)->header; }
    std::vector<std::uint8_t> payload() const { return {bytes.begin() + 12, bytes.end()}; }
};

struct Outbox final : RelayOut {
    void send(SocketRef from, const Endpoint& to, Bytes bytes) override {
        sent.push_back({from, to, {bytes.begin(), bytes.end()}});
    }
    void report(ports::MediaReport report) override { reports.push_back(std::move(report)); }

    std::vector<Sent> take_sent() { return std::exchange(sent, {}); }

    std::vector<Sent> sent;
    std::vector<ports::MediaReport> reports;
};

ports::SetRemote remote_of(LegId leg, std::uint32_t port, G711 law = G711::a_law) {
    ports::SetRemote remote;
    remote.leg = leg;
    remote.rtp = phone_at(port);
    remote.rtcp = rtcp_of(remote.rtp);
    remote.codec = law;
    remote.audio_payload = remote.audio_payload_in = law == G711::a_law ? 8 : 0;
    remote.event_payload = remote.event_payload_in = kEvent;
    return remote;
}

// Made once: it takes longer than all the tests.
const Sounds& sounds() {
    static const Sounds made = Sounds::generated();
    return made;
}

class RelayTest : public ::testing::Test {
protected:
    RelayTest() {
        for (const LegId leg : {a, b}) {
            relay.on(ports::OpenLeg{.leg = leg, .port = pair(port(leg))}, now);
        }
    }

    static std::uint32_t port(LegId leg) { return static_cast<std::uint32_t>(leg.value() - 1); }

    void agree(LegId leg, G711 law = G711::a_law) { relay.on(remote_of(leg, port(leg), law), now); }
    void bridge() { relay.on(ports::Bridge{.a = a, .b = b}, now); }

    struct Speech {
        std::uint8_t type = 8;
        std::vector<std::uint8_t> payload = std::vector<std::uint8_t>(kFrame, 0xD5);
        std::optional<Endpoint> source;
    };
    void speak(LegId leg) { speak(leg, Speech{}); }
    void speak(LegId leg, const Speech& speech) {
        std::vector<std::uint8_t> bytes(kRtpHeaderSize);
        const RtpHeader header{.marker = false,
                               .payload_type = speech.type,
                               .sequence = ++sequence,
                               .timestamp = sequence * 160U,
                               .ssrc = static_cast<std::uint32_t>(leg.value())};
        write_rtp_header(header, std::span(bytes).first<kRtpHeaderSize>());
        bytes.insert(bytes.end(), speech.payload.begin(), speech.payload.end());
        relay.receive({.port = port(leg)}, speech.source.value_or(phone_at(port(leg))), {bytes},
                      now);
    }
    void report_rtcp(LegId leg, const RtcpReport& report, Socket socket = Socket::rtcp) {
        std::array<std::uint8_t, kRtcpWrittenMax> bytes{};
        const std::size_t size = write_rtcp(report, "phone", bytes);
        const Endpoint rtp = phone_at(port(leg));
        relay.receive({.port = port(leg), .socket = socket},
                      socket == Socket::rtp ? rtp : rtcp_of(rtp), {std::span(bytes).first(size)},
                      now);
    }
    void play_frame() {
        for (std::uint32_t slice = 0; slice < Relay::kSlices; ++slice) {
            relay.play_slice(slice, now);
        }
    }
    void pass(Duration duration) {
        now += duration;
        relay.advance(now);
    }
    core::LegQuality close(LegId leg) {
        relay.on(ports::CloseLeg{.leg = leg}, now);
        return std::get<ports::LegClosed>(out.reports.back()).quality;
    }

    const LegId a{1};
    const LegId b{2};
    Outbox out;
    Relay relay{sounds(), out, {.rtcp_every = seconds(5), .seed = 42}};
    Time now = from_micros(1'000'000'000);
    std::uint16_t sequence = 100;
};

TEST_F(RelayTest, RelaysBothWays) {
    agree(a);
    agree(b);
    bridge();
    speak(a);
    speak(b);
    const auto sent = out.take_sent();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[0].from, (SocketRef{.port = 1}));
    EXPECT_EQ(sent[0].to, phone_at(1));
    EXPECT_EQ(sent[1].to, phone_at(0));
    EXPECT_NE(sent[0].header().ssrc, 1U) << "our own";
    EXPECT_TRUE(sent[0].header().marker);
    EXPECT_EQ(sent[0].header().payload_type, 8);
}

TEST_F(RelayTest, ConvertsBetweenTheLaws) {
    agree(a, G711::mu_law);
    agree(b, G711::a_law);
    bridge();
    const std::vector<std::uint8_t> spoken = {0x80, 0xFF, 0x10};
    speak(a, {.type = 0, .payload = spoken, .source = {}});
    const auto sent = out.take_sent();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].header().payload_type, 8);
    std::vector<std::uint8_t> expected = spoken;
    convert(expected, G711::mu_law, G711::a_law);
    EXPECT_EQ(sent[0].payload(), expected);
}

TEST_F(RelayTest, SendsNothingBeforeSetRemote) {
    agree(a);
    bridge();
    speak(a);
    speak(b);
    relay.on(ports::Play{.leg = b, .sound = ports::Sound::ring_tone}, now);
    play_frame();
    pass(seconds(20));
    EXPECT_TRUE(std::none_of(out.sent.begin(), out.sent.end(),
                             [](const Sent& sent) { return sent.from.port == 1; }));
}

TEST_F(RelayTest, MapsEventsAndLeavesThemOutForThoseWithout) {
    agree(a);
    ports::SetRemote other = remote_of(b, 1);
    other.event_payload = 96;
    relay.on(other, now);
    bridge();
    const Speech digit{.type = kEvent, .payload = {5, 10, 0, 160}, .source = {}};
    speak(a);
    speak(a, digit);
    auto sent = out.take_sent();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[1].header().payload_type, 96);
    EXPECT_EQ(sent[1].payload(), digit.payload) << "not taken for audio";

    other.event_payload = 0;
    relay.on(other, now);
    const std::uint16_t before = sent[1].header().sequence;
    speak(a);
    speak(a, digit);
    speak(a);
    sent = out.take_sent();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[0].header().sequence, static_cast<std::uint16_t>(before + 1));
    EXPECT_EQ(sent[1].header().sequence, static_cast<std::uint16_t>(before + 2));
}

TEST_F(RelayTest, RefusesPayloadTypesNotAgreedOn) {
    agree(a);
    agree(b);
    bridge();
    speak(a, {.type = 18, .payload = {1}, .source = kStranger});
    EXPECT_TRUE(out.sent.empty());
    EXPECT_EQ(relay.counts().malformed, 1U);
}

TEST_F(RelayTest, KeepsStrangersOut) {
    agree(a);
    agree(b);
    bridge();
    speak(a);
    out.take_sent();
    speak(a, {.type = 8, .payload = {1, 2, 3}, .source = kStranger});
    EXPECT_TRUE(out.sent.empty());
    EXPECT_EQ(relay.counts().foreign, 1U);
    speak(b);
    EXPECT_EQ(out.take_sent()[0].to, phone_at(0)) << "and sends them nothing";
}

TEST_F(RelayTest, FollowsAPhoneBehindNat) {
    agree(a);
    agree(b);
    bridge();
    const Endpoint nat{.address = IpAddress::v4(198, 51, 100, 7), .port = 33'000};
    for (int i = 0; i < 5; ++i) {
        speak(a, {.type = 8, .payload = {1}, .source = nat});
    }
    out.take_sent();
    speak(b);
    EXPECT_EQ(out.take_sent()[0].to, nat);
}

TEST_F(RelayTest, ObeysHold) {
    agree(a);
    agree(b);
    bridge();
    speak(a);
    const std::uint16_t before = out.take_sent()[0].header().sequence;
    ports::SetRemote held = remote_of(b, 1);
    held.may_send = false;
    held.may_receive = false;
    relay.on(held, now);
    for (int i = 0; i < 50; ++i) {
        pass(milliseconds(20));
        speak(a);
        speak(b);
    }
    EXPECT_TRUE(out.take_sent().empty());
    agree(b);
    speak(a);
    speak(b);
    const auto sent = out.take_sent();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[0].header().sequence, static_cast<std::uint16_t>(before + 1))
        << "what was held back does not look lost";
    EXPECT_TRUE(sent[0].header().marker);
}

TEST_F(RelayTest, SendsNothingToTheAddressOfOldHold) {
    ports::SetRemote held = remote_of(a, 0);
    held.rtp.address = {};
    relay.on(held, now);
    relay.on(ports::Play{.leg = a}, now);
    play_frame();
    EXPECT_TRUE(out.sent.empty());
}

TEST_F(RelayTest, PlaysInTheLegsLaw) {
    agree(a, G711::mu_law);
    relay.on(ports::Play{.leg = a, .sound = ports::Sound::ring_tone}, now);
    std::vector<std::int16_t> heard;
    for (int i = 0; i < 50; ++i) {
        play_frame();
        pass(milliseconds(20));
    }
    std::uint32_t timestamp = out.sent.front().header().timestamp;
    for (const Sent& sent : out.take_sent()) {
        if (sent.from.socket == Socket::rtcp) {
            continue;
        }
        EXPECT_EQ(sent.header().payload_type, 0);
        EXPECT_EQ(sent.header().timestamp, timestamp);
        timestamp += 160;
        for (const std::uint8_t code : sent.payload()) {
            heard.push_back(decode_mu_law(code));
        }
    }
    ASSERT_EQ(heard.size(), 8000U);
    EXPECT_NEAR(measure(heard).frequency, 425.0, 1.0);
    EXPECT_NEAR(measure(heard).level, -13.0, 0.2);
}

TEST_F(RelayTest, EndsWhatIsPlayedWhenBridgedWithoutAJump) {
    agree(a);
    agree(b);
    relay.on(ports::Play{.leg = b}, now);
    play_frame();
    const RtpHeader played = out.take_sent()[0].header();
    bridge();
    now += milliseconds(20);
    play_frame();
    EXPECT_TRUE(out.sent.empty());
    speak(a);
    const RtpHeader relayed = out.take_sent()[0].header();
    EXPECT_EQ(relayed.ssrc, played.ssrc);
    EXPECT_EQ(relayed.sequence, static_cast<std::uint16_t>(played.sequence + 1));
    EXPECT_EQ(relayed.timestamp, played.timestamp + 160);
}

TEST_F(RelayTest, PlayEndsTheBridge) {
    agree(a);
    agree(b);
    bridge();
    relay.on(ports::Play{.leg = a, .sound = ports::Sound::silence}, now);
    speak(a);
    speak(b);
    EXPECT_TRUE(out.sent.empty());
    play_frame();
    ASSERT_EQ(out.sent.size(), 1U);
    EXPECT_EQ(out.sent[0].payload()[0], 0xD5);
}

TEST_F(RelayTest, UnbridgeEndsTheBridge) {
    agree(a);
    agree(b);
    bridge();
    relay.on(ports::Unbridge{.a = b, .b = a}, now);
    speak(a);
    speak(b);
    EXPECT_TRUE(out.sent.empty());
}

TEST_F(RelayTest, BridgingAgainLeavesTheThirdAlone) {
    const LegId c{3};
    relay.on(ports::OpenLeg{.leg = c, .port = pair(2)}, now);
    for (const LegId leg : {a, b, c}) {
        agree(leg);
    }
    bridge();
    relay.on(ports::Bridge{.a = a, .b = c}, now);
    speak(b);
    EXPECT_TRUE(out.sent.empty());
    speak(a);
    EXPECT_EQ(out.take_sent()[0].to, phone_at(2));
}

TEST_F(RelayTest, ReportsSilenceOnce) {
    agree(a);
    relay.on(ports::WatchSilence{.leg = a, .silence = seconds(10)}, now);
    pass(seconds(60));
    EXPECT_TRUE(out.reports.empty()) << "no RTP came yet";
    speak(a);
    pass(seconds(9));
    report_rtcp(a, {});
    pass(milliseconds(9'999));
    EXPECT_TRUE(out.reports.empty()) << "RTCP is a sign of life";
    pass(milliseconds(1));
    ASSERT_EQ(out.reports.size(), 1U);
    EXPECT_EQ(std::get<ports::LegSilent>(out.reports[0]).leg, a);
    pass(seconds(60));
    EXPECT_EQ(out.reports.size(), 1U);
}

TEST_F(RelayTest, WatchesALegFromWhichNothingEverCame) {
    agree(a);
    relay.on(ports::WatchSilence{.leg = a, .silence = seconds(10), .from_now = true}, now);
    pass(milliseconds(9'999));
    EXPECT_TRUE(out.reports.empty());
    pass(milliseconds(1));
    ASSERT_EQ(out.reports.size(), 1U);
    EXPECT_EQ(std::get<ports::LegSilent>(out.reports[0]).leg, a);
}

TEST_F(RelayTest, DoesNotWatchSilenceOfZero) {
    agree(a);
    speak(a);
    relay.on(ports::WatchSilence{.leg = a, .silence = seconds(10)}, now);
    relay.on(ports::WatchSilence{.leg = a, .silence = {}}, now);
    pass(seconds(60));
    EXPECT_TRUE(out.reports.empty());
    // Watching again after hold counts from now, not from the last packet before.
    relay.on(ports::WatchSilence{.leg = a, .silence = seconds(10)}, now);
    pass(seconds(9));
    EXPECT_TRUE(out.reports.empty());
}

TEST_F(RelayTest, SendsReportsAndMeasuresTheRoundTrip) {
    agree(a);
    relay.on(ports::Play{.leg = a}, now);
    play_frame();
    speak(a);
    out.take_sent();
    pass(seconds(5));
    auto sent = out.take_sent();
    ASSERT_GE(sent.size(), 1U);
    EXPECT_EQ(sent[0].from, (SocketRef{.port = 0, .socket = Socket::rtcp}));
    EXPECT_EQ(sent[0].to, rtcp_of(phone_at(0)));
    const auto report = parse_rtcp(sent[0].bytes);
    ASSERT_TRUE(report);
    ASSERT_TRUE(report->sender);
    EXPECT_EQ(report->sender->packets, 1U);
    EXPECT_EQ(report->sender->octets, 160U);
    ASSERT_EQ(report->block_count, 1U);
    EXPECT_EQ(report->blocks[0].ssrc, 1U);

    // The phone held the report for 1 s and the way took 80 ms.
    RtcpReport answer;
    answer.block_count = 1;
    answer.blocks[0] = {.ssrc = report->ssrc,
                        .fraction_lost = 0,
                        .cumulative_lost = 0,
                        .highest_sequence = 0,
                        .jitter = 0,
                        .last_sr = ntp_middle(report->sender->ntp_time),
                        .delay_since_last_sr = 65'536};
    now += milliseconds(1080);
    report_rtcp(a, answer);
    EXPECT_NEAR(close(a).round_trip_us, 80'000, 100);
}

TEST_F(RelayTest, AnswersMuxedRtcpOnTheRtpSocket) {
    agree(a);
    speak(a);
    report_rtcp(a, {}, Socket::rtp);
    pass(seconds(5));
    ASSERT_EQ(out.sent.size(), 1U);
    EXPECT_EQ(out.sent[0].from, (SocketRef{.port = 0, .socket = Socket::rtp}));
    EXPECT_EQ(out.sent[0].to, phone_at(0));
}

TEST_F(RelayTest, ClosesWithTheLegsQuality) {
    agree(a);
    for (int i = 0; i < 90; ++i) {
        speak(a);
        sequence = static_cast<std::uint16_t>(sequence + (i % 9 == 0 ? 1 : 0));
        now += milliseconds(20);
    }
    const core::LegQuality quality = close(a);
    EXPECT_EQ(quality.packets_received, 90U);
    EXPECT_EQ(quality.packets_lost, 10U);
    EXPECT_GT(quality.mos_hundredths, 100);
    EXPECT_EQ(relay.port_of(a), std::nullopt);
    speak(a);
    EXPECT_EQ(relay.counts().foreign, 1U);
}

TEST_F(RelayTest, ForgetsAClosedLegEverywhere) {
    agree(a);
    agree(b);
    bridge();
    relay.on(ports::Play{.leg = a}, now);
    bridge();
    close(a);
    speak(b);
    play_frame();
    pass(seconds(30));
    EXPECT_TRUE(std::all_of(out.sent.begin(), out.sent.end(),
                            [](const Sent& sent) { return sent.from.port == 1; }));
    EXPECT_EQ(relay.leg_count(), 1U);
}

TEST_F(RelayTest, IgnoresOrdersForNobody) {
    const LegId nobody{99};
    relay.on(ports::Play{.leg = nobody}, now);
    relay.on(ports::Bridge{.a = a, .b = nobody}, now);
    relay.on(ports::CloseLeg{.leg = nobody}, now);
    relay.on(ports::OpenLeg{.leg = a, .port = pair(7)}, now);
    EXPECT_EQ(relay.counts().orders_ignored, 4U);
    EXPECT_TRUE(out.reports.empty());
}

TEST_F(RelayTest, CountsJunk) {
    agree(a);
    std::vector<std::uint8_t> junk = {1, 2, 3};
    relay.receive({.port = 0}, phone_at(0), {junk}, now);
    relay.receive({.port = 0, .socket = Socket::rtcp}, phone_at(0), {junk}, now);
    relay.receive({.port = 0}, phone_at(0), {}, now);
    EXPECT_EQ(relay.counts().malformed, 3U);
}

}  // namespace
}  // namespace lanze::media
