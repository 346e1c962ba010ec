#include "media/dtls.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/rng.h"

namespace lanze::media {
namespace {

using Datagrams = std::vector<std::vector<std::uint8_t>>;

const Certificate& centre() {
    static const Certificate made = *Certificate::make();
    return made;
}

const Certificate& browser() {
    static const Certificate made = *Certificate::make();
    return made;
}

// Two ends and the way between them.
struct Association {
    // Hands everything over until nobody has anything to say; `is_lost` is asked of each datagram.
    void exchange(const std::function<bool()>& is_lost = [] { return false; }) {
        for (bool is_moving = true; is_moving;) {
            is_moving = false;
            for (const auto& [from, to] : {std::pair{&client, &server}, {&server, &client}}) {
                for (const auto& datagram : from->take_outgoing()) {
                    is_moving = true;
                    sizes.push_back(datagram.size());
                    if (!is_lost()) {
                        to->receive(datagram, now);
                    }
                }
            }
        }
    }
    void connect() {
        client.start(now);
        exchange();
    }
    // The time of the next timer, which runs out.
    bool wait() {
        const auto first = client.next_deadline();
        const auto second = server.next_deadline();
        if (!first && !second) {
            return false;
        }
        now = std::min(first.value_or(Time::max()), second.value_or(Time::max()));
        client.advance(now);
        server.advance(now);
        return true;
    }
    bool are_connected() const {
        return client.state() == DtlsState::connected && server.state() == DtlsState::connected;
    }

    Time now = from_micros(1'000'000'000);
    Dtls client{browser(), DtlsRole::client, centre().fingerprint()};
    Dtls server{centre(), DtlsRole::server, browser().fingerprint()};
    std::vector<std::size_t> sizes;
};

class DtlsTest : public ::testing::Test, protected Association {};

TEST_F(DtlsTest, ConnectsAndAgreesOnKeys) {
    EXPECT_FALSE(client.srtp_keys());
    connect();
    ASSERT_TRUE(are_connected());
    const auto ours = client.srtp_keys();
    const auto theirs = server.srtp_keys();
    ASSERT_TRUE(ours && theirs);
    EXPECT_EQ(ours->profile, SrtpProfile::aead_aes_128_gcm) << "it costs a third";
    EXPECT_EQ(theirs->profile, ours->profile);
    EXPECT_EQ(ours->outgoing, theirs->incoming);
    EXPECT_EQ(ours->incoming, theirs->outgoing);
    EXPECT_NE(ours->incoming, ours->outgoing);
    EXPECT_LE(*std::max_element(sizes.begin(), sizes.end()), Dtls::kMtu);
    EXPECT_FALSE(client.next_deadline());
    EXPECT_FALSE(server.next_deadline());
    EXPECT_NE(centre().fingerprint(), browser().fingerprint());
}

TEST_F(DtlsTest, GivesOtherKeysEachTime) {
    connect();
    Dtls other_client(browser(), DtlsRole::client, centre().fingerprint());
    Dtls other_server(centre(), DtlsRole::server, browser().fingerprint());
    other_client.start(now);
    for (int i = 0; i < 10; ++i) {
        for (const auto& datagram : other_client.take_outgoing()) {
            other_server.receive(datagram, now);
        }
        for (const auto& datagram : other_server.take_outgoing()) {
            other_client.receive(datagram, now);
        }
    }
    ASSERT_TRUE(other_client.srtp_keys());
    EXPECT_NE(other_client.srtp_keys()->outgoing, client.srtp_keys()->outgoing);
}

TEST_F(DtlsTest, RefusesAnotherCertificate) {
    Dtls stranger(*Certificate::make(), DtlsRole::client, centre().fingerprint());
    stranger.start(now);
    for (int i = 0; i < 10; ++i) {
        for (const auto& datagram : stranger.take_outgoing()) {
            server.receive(datagram, now);
        }
        for (const auto& datagram : server.take_outgoing()) {
            stranger.receive(datagram, now);
        }
    }
    EXPECT_EQ(server.state(), DtlsState::failed);
    EXPECT_FALSE(server.srtp_keys());
    EXPECT_EQ(stranger.state(), DtlsState::failed) << "it was told";
}

TEST_F(DtlsTest, ClientRefusesAnotherServer) {
    Dtls stranger(*Certificate::make(), DtlsRole::server, browser().fingerprint());
    client.start(now);
    for (int i = 0; i < 10; ++i) {
        for (const auto& datagram : client.take_outgoing()) {
            stranger.receive(datagram, now);
        }
        for (const auto& datagram : stranger.take_outgoing()) {
            client.receive(datagram, now);
        }
    }
    EXPECT_EQ(client.state(), DtlsState::failed);
    EXPECT_FALSE(client.srtp_keys());
}

TEST_F(DtlsTest, SendsAgainWhatIsLost) {
    client.start(now);
    client.take_outgoing();
    EXPECT_EQ(client.next_deadline(), now + Dtls::kRetransmitFirst);
    client.advance(now + milliseconds(199));
    EXPECT_TRUE(client.take_outgoing().empty());
    EXPECT_TRUE(wait());
    exchange();
    EXPECT_TRUE(are_connected());
}

// Each datagram of the handshake is lost once, in turn; then all at random.
TEST_F(DtlsTest, LivesWithLoss) {
    connect();
    const std::size_t count = sizes.size();
    ASSERT_GE(count, 4U);
    Rng rng(7);
    for (std::size_t round = 0; round < count + 60; ++round) {
        Association another;
        std::size_t number = 0;
        const auto is_lost = [&] {
            return round < count ? number++ == round : rng.below(100) < 30;
        };
        another.client.start(another.now);
        do {
            another.exchange(is_lost);
        } while (!another.are_connected() && another.wait());
        ASSERT_TRUE(another.are_connected()) << "round " << round;
        EXPECT_EQ(another.client.srtp_keys()->outgoing, another.server.srtp_keys()->incoming);
    }
}

TEST_F(DtlsTest, GivesUp) {
    client.start(now);
    const Time start = now;
    std::size_t sent = 0;
    while (wait()) {
        sent += client.take_outgoing().size();
    }
    EXPECT_EQ(client.state(), DtlsState::failed);
    EXPECT_GE(now - start, Dtls::kHandshakeTime);
    EXPECT_LT(now - start, Dtls::kHandshakeTime + Dtls::kRetransmitMost);
    EXPECT_LT(sent, 20U);
}

TEST_F(DtlsTest, LivesWithGarbage) {
    Rng rng(3);
    const auto garbage = [&rng] {
        std::vector<std::uint8_t> bytes(1 + rng.below(300));
        for (std::uint8_t& byte : bytes) {
            byte = static_cast<std::uint8_t>(rng.next());
        }
        bytes[0] = static_cast<std::uint8_t>(20 + rng.below(44));
        return bytes;
    };
    for (int i = 0; i < 50; ++i) {
        server.receive(garbage(), now);
    }
    EXPECT_TRUE(server.take_outgoing().empty());
    connect();
    ASSERT_TRUE(are_connected());
    for (int i = 0; i < 1000; ++i) {
        server.receive(garbage(), now);
    }
    EXPECT_EQ(server.state(), DtlsState::connected);
}

TEST_F(DtlsTest, LimitsTheHandshake) {
    client.start(now);
    std::vector<std::uint8_t> hello = client.take_outgoing().at(0);
    hello.resize(1400, 0);
    for (int i = 0; i < 100; ++i) {
        server.receive(hello, now);
    }
    EXPECT_EQ(server.state(), DtlsState::failed);
    server.take_outgoing();
    server.receive(hello, now);
    EXPECT_TRUE(server.take_outgoing().empty());
}

TEST_F(DtlsTest, DoesNotRepeatItselfWithoutEnd) {
    connect();
    ASSERT_TRUE(are_connected());
    std::vector<std::uint8_t> late(60, 0);
    late[0] = 22;
    late[1] = 0xFE;
    late[2] = 0xFD;
    std::size_t sent = 0;
    for (int i = 0; i < 100; ++i) {
        server.receive(late, now);
        sent += server.take_outgoing().size();
    }
    EXPECT_LE(sent, 3U);
}

TEST(Certificate, IsAValue) {
    Certificate one = *Certificate::make();
    const Fingerprint before = one.fingerprint();
    const Certificate copy = one;
    one = *Certificate::make();
    EXPECT_EQ(copy.fingerprint(), before);
    EXPECT_NE(one.fingerprint(), before);
}

}  // namespace
}  // namespace lanze::media
