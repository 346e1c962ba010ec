// The relay with a leg that ends in a browser: RelayTest has the phones.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <utility>
#include <vector>

#include "media/relay.h"
#include "media/web_peer.h"

namespace lanze::media {
namespace {

using ports::G711;
using ports::LegId;

const Certificate& centre() {
    static const Certificate made = *Certificate::make();
    return made;
}

const Certificate& browser() {
    static const Certificate made = *Certificate::make();
    return made;
}

const Sounds& sounds() {
    static const Sounds made = Sounds::generated();
    return made;
}

const Endpoint kBrowser{.address = IpAddress::v4(192, 0, 2, 1), .port = 50'000};
const Endpoint kPhone{.address = IpAddress::v4(192, 0, 2, 2), .port = 4000};
const Endpoint kStranger{.address = IpAddress::v4(203, 0, 113, 66), .port = 6666};
constexpr std::uint32_t kBrowserPort = 0;
constexpr std::uint32_t kPhonePort = 1;

struct Sent {
    SocketRef from;
    Endpoint to;
    std::vector<std::uint8_t> bytes;
};

struct Outbox final : RelayOut {
    void send(SocketRef from, const Endpoint& to, Bytes bytes) override {
        sent.push_back({from, to, {bytes.begin(), bytes.end()}});
    }
    void report(ports::MediaReport report) override { reports.push_back(std::move(report)); }

    std::vector<Sent> sent;
    std::vector<ports::MediaReport> reports;
};

// The credentials of one loading of the page.
ports::IceCredentials credentials(std::string_view side, int loading) {
    const std::string name = std::string(side) + std::to_string(loading);
    return {.fragment = name, .password = name + " has a long password"};
}

class RelayWebTest : public ::testing::Test {
protected:
    RelayWebTest() {
        for (const LegId leg : {a, b}) {
            ports::MediaPort port;
            port.index = static_cast<std::uint32_t>(leg.value() - 1);
            relay.on(ports::OpenLeg{.leg = leg, .port = port}, now);
        }
        // The edge knows no address of the browser; the phone speaks the other law.
        relay.on(remote_of(a, {}, G711::mu_law), now);
        relay.on(remote_of(b, kPhone, G711::a_law), now);
        phone.set_remote({.rtp = {.address = {}, .port = 1},
                          .law = G711::a_law,
                          .payload_type = 8,
                          .payload_type_in = 8},
                         now);
        load_page(browser());
    }

    static ports::SetRemote remote_of(LegId leg, const Endpoint& rtp, G711 law) {
        ports::SetRemote remote;
        remote.leg = leg;
        remote.rtp = rtp;
        remote.rtcp = rtp;
        remote.codec = law;
        remote.audio_payload = remote.audio_payload_in = law == G711::a_law ? 8 : 0;
        return remote;
    }

    // The page is loaded (again), and the leg set up for it; `own`: what it shows.
    void load_page(const Certificate& own) {
        ++loading;
        ports::SecureLeg order;
        order.leg = a;
        order.local = credentials("ours", loading);
        order.remote = credentials("them", loading);
        order.fingerprint = browser().fingerprint();
        relay.on(order, now);
        WebPeerSettings settings;
        settings.local = order.remote;
        settings.remote = order.local;
        settings.fingerprint = centre().fingerprint();
        settings.audio = {.sound = Tone{.frequency = 440.0, .level = -10.0}, .seed = 5};
        peer.emplace(own, settings);
        peer->connect({.address = IpAddress::v4(192, 0, 2, 200), .port = 20'000}, now);
    }

    void to_relay(std::uint32_t port, const Endpoint& source, Bytes bytes) {
        std::array<std::uint8_t, kDatagramMax + kRoomBehind> buffer{};
        std::copy(bytes.begin(), bytes.end(), buffer.begin());
        relay.receive(
            {.port = port}, source,
            {.bytes = std::span(buffer).first(bytes.size()), .room = buffer.size() - bytes.size()},
            now);
    }
    // What the relay has sent arrives.
    bool deliver() {
        std::vector<Sent> sent = std::exchange(out.sent, {});
        for (Sent& one : sent) {
            if (one.from.port == kPhonePort) {
                phone.receive(one.bytes, now);
            } else if (one.to == kBrowser) {
                peer->receive(one.bytes, now);
            } else {
                elsewhere.push_back(one);
            }
        }
        return !sent.empty();
    }
    // 20 ms in which everybody says what he has to say.
    void frame() {
        now += milliseconds(20);
        relay.advance(now);
        for (std::uint32_t slice = 0; slice < Relay::kSlices; ++slice) {
            relay.play_slice(slice, now);
        }
        if (const auto spoken = phone.tick(now); !spoken.empty()) {
            to_relay(kPhonePort, kPhone, spoken);
        }
        do {
            for (const auto& datagram : peer->advance(now)) {
                recorded.push_back(datagram);
                to_relay(kBrowserPort, kBrowser, datagram);
            }
        } while (deliver());
    }
    void pass(int frames) {
        for (int i = 0; i < frames; ++i) {
            frame();
        }
    }
    void bridge() { relay.on(ports::Bridge{.a = a, .b = b}, now); }

    const LegId a{1};
    const LegId b{2};
    Time now = from_micros(1'000'000'000);
    Outbox out;
    Relay relay{sounds(), out, {.rtcp_every = seconds(1), .seed = 42, .certificate = centre()}};
    PhoneAudio phone{{.sound = Tone{.frequency = 700.0, .level = -12.0}, .seed = 3}};
    std::optional<WebPeer> peer;
    int loading = 0;
    std::vector<std::vector<std::uint8_t>> recorded;  // of the browser's
    std::vector<Sent> elsewhere;
};

TEST_F(RelayWebTest, BridgesABrowserAndAPhone) {
    bridge();
    pass(110);
    ASSERT_TRUE(peer->is_connected());
    const Measurement at_browser = peer->report().seconds.at(0);
    const Measurement at_phone = phone.report().seconds.at(0);
    EXPECT_NEAR(at_browser.frequency, 700.0, 1.0);
    EXPECT_NEAR(at_browser.tone_level, -12.0, 0.5);
    EXPECT_NEAR(at_phone.frequency, 440.0, 1.0);
    EXPECT_NEAR(at_phone.tone_level, -10.0, 0.5);
    EXPECT_EQ(peer->report().packets_lost, 0U);
    EXPECT_EQ(phone.report().packets_lost, 0U);
    EXPECT_GT(peer->rtcp_received(), 0U);
    EXPECT_EQ(peer->refused(), 0U);
    EXPECT_EQ(relay.counts().foreign + relay.counts().refused + relay.counts().malformed, 0U);
    EXPECT_TRUE(elsewhere.empty());
}

TEST_F(RelayWebTest, PlaysToABrowserAndLetsItHearItself) {
    relay.on(ports::Play{.leg = a, .sound = ports::Sound::ring_tone}, now);
    pass(60);
    EXPECT_NEAR(peer->report().seconds.at(0).frequency, 425.0, 1.0);
    relay.on(ports::Bridge{.a = a, .b = a}, now);
    pass(110);
    EXPECT_NEAR(peer->report().seconds.back().frequency, 440.0, 1.0);
    EXPECT_NEAR(peer->report().seconds.back().tone_level, -10.0, 0.5);
    relay.on(ports::Unbridge{.a = a, .b = a}, now);
    const std::uint64_t heard = peer->report().packets_received;
    pass(10);
    EXPECT_EQ(peer->report().packets_received, heard);
}

// In a conference, too, each hears the other through encryption and both laws.
TEST_F(RelayWebTest, ABrowserTakesPartInAConference) {
    relay.on(ports::Confer{{a, b}}, now);
    pass(160);
    ASSERT_TRUE(peer->is_connected());
    EXPECT_NEAR(peer->report().seconds.at(1).frequency, 700.0, 1.0);
    EXPECT_NEAR(peer->report().seconds.at(1).tone_level, -12.0, 0.5);
    EXPECT_NEAR(phone.report().seconds.at(1).frequency, 440.0, 1.0);
    EXPECT_NEAR(phone.report().seconds.at(1).tone_level, -10.0, 0.5);
    EXPECT_EQ(peer->refused(), 0U);
}

TEST_F(RelayWebTest, ClosesABrowsersLegWithItsQuality) {
    bridge();
    pass(20);
    relay.on(ports::CloseLeg{a}, now);
    const auto& closed = std::get<ports::LegClosed>(out.reports.back());
    EXPECT_GT(closed.quality.packets_received, 10U);
    EXPECT_GT(closed.quality.mos_hundredths, 100);
    pass(20);
    EXPECT_GT(relay.counts().foreign, 10U) << "nobody is there any more";
}

TEST_F(RelayWebTest, SetsEverythingUpAnewWhenThePageIsReloaded) {
    bridge();
    pass(60);
    ASSERT_TRUE(peer->is_connected());
    const std::vector<std::vector<std::uint8_t>> before = std::exchange(recorded, {});
    const std::uint64_t said = phone.report().packets_received;
    load_page(browser());
    for (const auto& datagram : before) {
        to_relay(kBrowserPort, kBrowser, datagram);
    }
    EXPECT_EQ(phone.report().packets_received, said) << "the old keys are gone";
    EXPECT_GE(relay.counts().foreign + relay.counts().refused, before.size());
    out.sent.clear();
    pass(110);
    ASSERT_TRUE(peer->is_connected());
    EXPECT_NEAR(peer->report().seconds.at(0).frequency, 700.0, 1.0);
    EXPECT_GT(phone.report().packets_received, said + 50);
    EXPECT_EQ(phone.report().packets_lost, 0U) << "one stream for the phone";
    // A SetRemote changes nothing about where packets go.
    relay.on(remote_of(a, {}, G711::mu_law), now);
    const std::uint64_t heard = peer->report().packets_received;
    pass(10);
    EXPECT_EQ(peer->report().packets_received, heard + 10);
}

TEST_F(RelayWebTest, RefusesAnotherCertificate) {
    bridge();
    load_page(*Certificate::make());
    pass(60);
    EXPECT_FALSE(peer->is_connected());
    EXPECT_EQ(peer->dtls_state(), DtlsState::failed);
    EXPECT_EQ(phone.report().packets_received, 0U);
    EXPECT_GT(relay.counts().refused, 0U);
}

TEST_F(RelayWebTest, KeepsForgedReplayedAndPlainPacketsOut) {
    bridge();
    pass(60);
    const std::uint64_t heard = phone.report().packets_received;
    const std::uint64_t refused = relay.counts().refused;
    std::uint64_t tried = 0;
    for (std::vector<std::uint8_t> datagram : std::vector(recorded)) {
        if (classify(datagram) != DatagramKind::rtp) {
            continue;
        }
        to_relay(kBrowserPort, kBrowser, datagram);  // replayed
        datagram[2] = static_cast<std::uint8_t>(datagram[2] + 1);
        to_relay(kBrowserPort, kBrowser, datagram);  // forged
        std::vector<std::uint8_t> plain(kRtpHeaderSize + kFrameSamples, 0xFF);
        write_rtp_header({.marker = false,
                          .payload_type = 0,
                          .sequence = static_cast<std::uint16_t>(tried),
                          .timestamp = 0,
                          .ssrc = 1},
                         std::span(plain).first<kRtpHeaderSize>());
        to_relay(kBrowserPort, kBrowser, plain);
        tried += 3;
        to_relay(kBrowserPort, kStranger, plain);
        std::array<std::uint8_t, 100> rtcp_port{};
        relay.receive({.port = kBrowserPort, .socket = Socket::rtcp}, kBrowser, {rtcp_port}, now);
    }
    ASSERT_GT(tried, 90U);
    deliver();
    EXPECT_EQ(phone.report().packets_received, heard);
    EXPECT_EQ(relay.counts().refused, refused + tried);
    EXPECT_EQ(relay.counts().foreign, 2 * tried / 3);
}

TEST_F(RelayWebTest, AFloodOfChecksDisturbsNothing) {
    bridge();
    pass(60);
    StunWriter writer(StunClass::request, {});
    writer.add_username("ours1:them1");
    const Bytes flood = writer.finish("a guessed password, too long");
    const std::uint64_t heard = peer->report().packets_received;
    for (int i = 0; i < 50; ++i) {
        for (int j = 0; j < 100; ++j) {
            to_relay(kBrowserPort, kStranger, flood);
        }
        frame();
    }
    EXPECT_EQ(peer->report().packets_received, heard + 50);
    EXPECT_LE(elsewhere.size(), 2 * 4U);
    EXPECT_EQ(peer->report().packets_lost, 0U);
}

TEST_F(RelayWebTest, IgnoresABrowserWithoutACertificate) {
    Relay bare(sounds(), out, {.rtcp_every = seconds(1), .seed = 1});
    bare.on(ports::OpenLeg{.leg = a, .port = {}}, now);
    ports::SecureLeg order;
    order.leg = a;
    bare.on(order, now);
    order.leg = LegId(99);
    bare.on(order, now);
    EXPECT_EQ(bare.counts().orders_ignored, 2U);
}

TEST_F(RelayWebTest, SendsNothingToABrowserWhereThereIsNoRoom) {
    bridge();
    pass(60);
    const std::uint64_t heard = peer->report().packets_received;
    now += milliseconds(20);
    std::vector<std::uint8_t> spoken = phone.tick(now);
    relay.receive({.port = kPhonePort}, kPhone, {spoken}, now);
    deliver();
    EXPECT_EQ(peer->report().packets_received, heard);
}

TEST_F(RelayWebTest, StopsSendingWhenTheBrowserIsGone) {
    bridge();
    pass(60);
    for (int i = 0; i < 31 * 50; ++i) {
        now += milliseconds(20);
        relay.advance(now);
        to_relay(kPhonePort, kPhone, phone.tick(now));
        std::exchange(out.sent, {});
    }
    to_relay(kPhonePort, kPhone, phone.tick(now + milliseconds(20)));
    EXPECT_TRUE(out.sent.empty());
}

// A caller and an agent, each in a browser of his own.
TEST(RelayTwoBrowsers, HearEachOther) {
    Time now = from_micros(1'000'000'000);
    Outbox out;
    Relay relay{sounds(), out, {.rtcp_every = seconds(1), .seed = 42, .certificate = centre()}};
    std::deque<WebPeer> peers;
    const auto address_of = [](std::uint32_t port) {
        return Endpoint{IpAddress::v4(192, 0, 2, 1), static_cast<std::uint16_t>(50'000 + port)};
    };
    for (std::uint32_t port = 0; port < 2; ++port) {
        const LegId leg{port + 1};
        ports::MediaPort lent;
        lent.index = port;
        relay.on(ports::OpenLeg{.leg = leg, .port = lent}, now);
        ports::SetRemote remote;
        remote.leg = leg;
        remote.codec = port == 0 ? G711::mu_law : G711::a_law;
        remote.audio_payload = remote.audio_payload_in = port == 0 ? 0 : 8;
        relay.on(remote, now);
        const int number = static_cast<int>(port);
        ports::SecureLeg order{leg, credentials("ours", number), credentials("them", number),
                               browser().fingerprint()};
        relay.on(order, now);
        WebPeerSettings settings;
        settings.local = order.remote;
        settings.remote = order.local;
        settings.fingerprint = centre().fingerprint();
        settings.law = remote.codec;
        settings.audio = {.sound = Tone{.frequency = 500.0 + 300.0 * number, .level = -10.0},
                          .seed = 5 + port};
        peers.emplace_back(browser(), settings)
            .connect({.address = IpAddress::v4(192, 0, 2, 200), .port = 20'000}, now);
    }
    relay.on(ports::Bridge{.a = LegId{1}, .b = LegId{2}}, now);
    const auto to_relay = [&](std::uint32_t port, Bytes bytes) {
        std::array<std::uint8_t, kDatagramMax + kRoomBehind> buffer{};
        std::copy(bytes.begin(), bytes.end(), buffer.begin());
        relay.receive(
            {.port = port}, address_of(port),
            {.bytes = std::span(buffer).first(bytes.size()), .room = buffer.size() - bytes.size()},
            now);
    };
    const auto speak = [&](std::uint32_t port) {
        for (const auto& datagram : peers[port].advance(now)) {
            to_relay(port, datagram);
        }
    };
    for (int frame = 0; frame < 110; ++frame) {
        now += milliseconds(20);
        relay.advance(now);
        do {
            speak(0);
            speak(1);
            for (Sent& one : std::exchange(out.sent, {})) {
                EXPECT_EQ(one.to, address_of(one.from.port));
                peers[one.from.port].receive(one.bytes, now);
            }
        } while (!out.sent.empty());
    }
    EXPECT_NEAR(peers[0].report().seconds.at(0).frequency, 800.0, 1.0);
    EXPECT_NEAR(peers[1].report().seconds.at(0).frequency, 500.0, 1.0);
    for (const WebPeer& peer : peers) {
        EXPECT_NEAR(peer.report().seconds.at(0).tone_level, -10.0, 0.5);
        EXPECT_EQ(peer.refused(), 0U);
    }
    EXPECT_EQ(relay.counts().foreign + relay.counts().refused + relay.counts().malformed, 0U);
}

}  // namespace
}  // namespace lanze::media
