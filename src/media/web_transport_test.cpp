#include "media/web_transport.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/rng.h"
#include "media/web_peer.h"

namespace lanze::media {
namespace {

const Certificate& centre() {
    static const Certificate made = *Certificate::make();
    return made;
}

const Certificate& browser() {
    static const Certificate made = *Certificate::make();
    return made;
}

const ports::IceCredentials kOurs{.fragment = "ours", .password = "our password of 22 char"};
const ports::IceCredentials kTheirs{.fragment = "them", .password = "their password of 22 c"};
const Endpoint kBrowser{.address = IpAddress::v4(192, 0, 2, 1), .port = 50'000};
const Endpoint kMoved{.address = IpAddress::v4(198, 51, 100, 1), .port = 50'001};
const Endpoint kStranger{.address = IpAddress::v4(203, 0, 113, 66), .port = 6666};
const Endpoint kCentre{.address = IpAddress::v4(192, 0, 2, 200), .port = 20'000};

ports::SecureLeg leg_of(const Certificate& other) {
    ports::SecureLeg leg;
    leg.leg = ports::LegId(1);
    leg.local = kOurs;
    leg.remote = kTheirs;
    leg.fingerprint = other.fingerprint();
    return leg;
}

WebPeerSettings peer_settings() {
    WebPeerSettings settings;
    settings.local = kTheirs;
    settings.remote = kOurs;
    settings.fingerprint = centre().fingerprint();
    settings.audio.sound = Tone{};
    return settings;
}

// What a check is made of, so that a test may change a part.
struct Check {
    std::string username = "ours:them";
    std::string password = kOurs.password;
    bool is_chosen = true;
    bool is_controlled = false;
    std::uint8_t number = 1;

    std::vector<std::uint8_t> bytes() const {
        StunWriter writer(StunClass::request, {number});
        if (!username.empty()) {
            writer.add_username(username);
        }
        if (is_chosen) {
            writer.add_use_candidate();
        }
        if (is_controlled) {
            writer.add_controlled(1);
        } else {
            writer.add_controlling(1);
        }
        const Bytes made = password.empty() ? writer.finish() : writer.finish(password);
        return {made.begin(), made.end()};
    }
};

class WebTransportTest : public ::testing::Test {
protected:
    Opened receive(const Endpoint& source, std::vector<std::uint8_t> bytes) {
        return transport.receive(source, bytes, now).what;
    }
    Opened check(const Endpoint& source) { return check(source, Check{}); }
    Opened check(const Endpoint& source, const Check& one) { return receive(source, one.bytes()); }

    // The one answer there is.
    StunMessage answer() {
        std::vector<Outgoing> outgoing = transport.take_outgoing();
        EXPECT_EQ(outgoing.size(), 1U);
        last = outgoing.empty() ? Outgoing{} : outgoing[0];
        const auto message = parse_stun(last.bytes);
        return message ? *message : StunMessage{};
    }

    // Everything that is due goes over, from there; gives how many of the browser's were consumed.
    void exchange(WebPeer& peer, const Endpoint& from) {
        for (bool is_moving = true; is_moving;) {
            is_moving = false;
            for (auto& datagram : peer.advance(now)) {
                is_moving = true;
                const OpenedPacket opened = transport.receive(from, datagram, now);
                opened_rtp += opened.what == Opened::rtp ? 1 : 0;
                opened_rtcp += opened.what == Opened::rtcp ? 1 : 0;
            }
            for (Outgoing& outgoing : transport.take_outgoing()) {
                is_moving = true;
                EXPECT_EQ(outgoing.to, from);
                peer.receive(outgoing.bytes, now);
            }
        }
    }

    Time now = from_micros(1'000'000'000);
    WebTransport transport{centre(), leg_of(browser())};
    Outgoing last;
    int opened_rtp = 0;
    int opened_rtcp = 0;
};

TEST_F(WebTransportTest, AnswersAChosenCheck) {
    EXPECT_EQ(check(kBrowser), Opened::consumed);
    const StunMessage message = answer();
    EXPECT_EQ(last.to, kBrowser);
    EXPECT_EQ(message.kind, StunClass::success);
    EXPECT_EQ(message.transaction, StunTransaction{1});
    EXPECT_EQ(message.mapped, kBrowser);
    EXPECT_TRUE(has_integrity(last.bytes, message, kOurs.password));
    EXPECT_TRUE(message.has_fingerprint);
    EXPECT_EQ(transport.target(), Endpoint{}) << "no keys yet";
}

TEST_F(WebTransportTest, ConnectsAndOpensMedia) {
    WebPeer peer(browser(), peer_settings());
    peer.connect(kCentre, now);
    exchange(peer, kBrowser);
    EXPECT_EQ(peer.mapped(), kBrowser);
    ASSERT_TRUE(peer.is_connected());
    EXPECT_EQ(transport.dtls_state(), DtlsState::connected);
    EXPECT_EQ(transport.target(), kBrowser);
    EXPECT_EQ(opened_rtp, 1);
    EXPECT_EQ(opened_rtcp, 1);
}

TEST_F(WebTransportTest, RefusesOtherCredentials) {
    const std::vector<std::pair<Check, int>> wrong = {
        {{.username = "ours:them", .password = "a password of 22 charac"}, 401},
        {{.username = "ours:thex", .password = kOurs.password}, 401},
        {{.username = "them:ours", .password = kOurs.password}, 401},
        {{.username = "", .password = kOurs.password}, 400},
        {{.username = "ours:them", .password = ""}, 400},
    };
    for (const auto& [one, code] : wrong) {
        EXPECT_EQ(check(kBrowser, one), Opened::foreign);
        EXPECT_EQ(answer().error_code, code) << one.username;
        now += seconds(1);
    }
    EXPECT_EQ(receive(kBrowser, {22, 0xFE, 0xFD, 0, 0}), Opened::foreign) << "proved nothing";
}

TEST_F(WebTransportTest, SaysWhatItDoesNotUnderstandAndWhoControls) {
    EXPECT_EQ(check(kBrowser, {.is_controlled = true}), Opened::consumed);
    EXPECT_EQ(answer().error_code, 487);
    StunWriter writer(StunClass::request, {2});
    writer.add_username("ours:them");
    writer.add_other(0x7FFE, {});
    const Bytes made = writer.finish(kOurs.password);
    EXPECT_EQ(receive(kBrowser, {made.begin(), made.end()}), Opened::consumed);
    const StunMessage message = answer();
    EXPECT_EQ(message.error_code, 420);
    EXPECT_TRUE(has_integrity(last.bytes, message, kOurs.password));
    EXPECT_EQ(receive(kBrowser, {22, 0xFE, 0xFD, 0, 0}), Opened::foreign) << "no check passed";
}

TEST_F(WebTransportTest, AFloodCostsLittleAndDisturbsNothing) {
    WebPeer peer(browser(), peer_settings());
    peer.connect(kCentre, now);
    exchange(peer, kBrowser);
    std::size_t answers = 0;
    for (int i = 0; i < 10'000; ++i) {
        EXPECT_EQ(check(kStranger, {.username = "ours:them", .password = std::string(22, 'x')}),
                  Opened::foreign);
        answers += transport.take_outgoing().size();
        now += microseconds(100);
    }
    EXPECT_LE(answers, 2 * WebTransport::kRefusalsPerSecond);
    const int before = opened_rtp;
    exchange(peer, kBrowser);
    EXPECT_GT(opened_rtp, before);
    EXPECT_EQ(transport.target(), kBrowser);
}

TEST_F(WebTransportTest, FollowsTheNewestChoice) {
    WebPeer peer(browser(), peer_settings());
    peer.connect(kCentre, now);
    exchange(peer, kBrowser);
    check(kMoved, {.is_chosen = false});
    EXPECT_EQ(transport.target(), kBrowser) << "only checked";
    check(kMoved);
    EXPECT_EQ(transport.target(), kMoved);
    transport.take_outgoing();
    now += milliseconds(20);
    for (auto& datagram : peer.advance(now)) {
        EXPECT_EQ(receive(kStranger, datagram), Opened::foreign);
        EXPECT_EQ(receive(kMoved, datagram), Opened::rtp) << "from any address that was checked";
        EXPECT_EQ(receive(kBrowser, datagram), Opened::refused) << "replayed";
        datagram.back() ^= 1U;
        EXPECT_EQ(receive(kMoved, datagram), Opened::refused) << "forged";
    }
}

TEST_F(WebTransportTest, ForgetsTheOldestAddress) {
    for (std::uint16_t i = 0; i <= WebTransport::kAddressesMax; ++i) {
        check({.address = kBrowser.address, .port = static_cast<std::uint16_t>(1000 + i)});
    }
    const std::vector<std::uint8_t> dtls = {22, 0xFE, 0xFD, 0, 0};
    EXPECT_EQ(receive({.address = kBrowser.address, .port = 1000}, dtls), Opened::foreign);
    EXPECT_NE(receive({.address = kBrowser.address, .port = 1001}, dtls), Opened::foreign);
}

TEST_F(WebTransportTest, StopsWithoutConsent) {
    WebPeer peer(browser(), peer_settings());
    peer.connect(kCentre, now);
    exchange(peer, kBrowser);
    ASSERT_EQ(transport.next_deadline(), now + WebTransport::kConsent);
    now += WebTransport::kConsent - milliseconds(1);
    transport.advance(now);
    EXPECT_EQ(transport.target(), kBrowser);
    now += milliseconds(1);
    transport.advance(now);
    EXPECT_EQ(transport.target(), Endpoint{});
    EXPECT_FALSE(transport.next_deadline());
    check(kBrowser);
    EXPECT_EQ(transport.target(), kBrowser) << "the network was away for a while";
}

TEST_F(WebTransportTest, RefusesAnotherCertificate) {
    const Certificate another = *Certificate::make();
    WebPeer peer(another, peer_settings());
    peer.connect(kCentre, now);
    exchange(peer, kBrowser);
    EXPECT_EQ(transport.dtls_state(), DtlsState::failed);
    EXPECT_EQ(transport.target(), Endpoint{});
    EXPECT_FALSE(peer.is_connected());
    EXPECT_EQ(opened_rtp, 0);
}

TEST_F(WebTransportTest, SendsTheHandshakeAgain) {
    check(kBrowser);
    transport.take_outgoing();
    Dtls client(browser(), DtlsRole::client, centre().fingerprint());
    client.start(now);
    for (const auto& datagram : client.take_outgoing()) {
        receive(kBrowser, datagram);
    }
    const std::size_t flight = transport.take_outgoing().size();
    EXPECT_GT(flight, 0U);
    ASSERT_EQ(transport.next_deadline(), now + Dtls::kRetransmitFirst);
    now += Dtls::kRetransmitFirst;
    transport.advance(now);
    const std::vector<Outgoing> again = transport.take_outgoing();
    EXPECT_EQ(again.size(), flight);
    EXPECT_EQ(again[0].to, kBrowser);
}

TEST_F(WebTransportTest, LivesWithGarbage) {
    WebPeer peer(browser(), peer_settings());
    peer.connect(kCentre, now);
    exchange(peer, kBrowser);
    Rng rng(5);
    for (int i = 0; i < 5'000; ++i) {
        std::vector<std::uint8_t> bytes(rng.below(400));
        for (std::uint8_t& byte : bytes) {
            byte = static_cast<std::uint8_t>(rng.next());
        }
        const Opened opened = receive(kBrowser, bytes);
        EXPECT_NE(opened, Opened::rtp);
        EXPECT_NE(opened, Opened::rtcp);
    }
    transport.take_outgoing();
    const int before = opened_rtp;
    now += milliseconds(20);
    exchange(peer, kBrowser);
    EXPECT_GT(opened_rtp, before);
}

}  // namespace
}  // namespace lanze::media
