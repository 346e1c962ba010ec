// Conferences of the relay: phones of both laws, and who comes and goes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "media/g711.h"
#include "media/relay.h"

namespace lanze::media {
namespace {

using ports::G711;
using ports::LegId;

constexpr std::uint8_t kEvent = 101;

const Sounds& sounds() {
    static const Sounds made = Sounds::generated();
    return made;
}

Endpoint phone_at(LegId leg) {
    return {.address = IpAddress::v4(192, 0, 2, static_cast<std::uint8_t>(leg.value())),
            .port = 4000};
}

// What a phone hears, by its address.
struct Ears final : RelayOut {
    void send(SocketRef /*from*/, const Endpoint& to, Bytes bytes) override {
        const auto packet = parse_rtp(bytes);
        ASSERT_TRUE(packet);
        const Bytes payload = bytes.subspan(packet->payload_offset, packet->payload_size);
        heard[to.to_string()].push_back({packet->header, {payload.begin(), payload.end()}});
    }
    void report(ports::MediaReport /*report*/) override {}

    struct Packet {
        RtpHeader header;
        std::vector<std::uint8_t> payload;
    };
    std::map<std::string, std::vector<Packet>> heard;
};

// Legs 1 to 6; 2 speaks mu-law, the others A-law. Each says a constant of his own.
class RelayConferenceTest : public ::testing::Test {
protected:
    RelayConferenceTest() {
        for (const LegId leg : legs(6)) {
            ports::MediaPort port;
            port.index = static_cast<std::uint32_t>(leg.value() - 1);
            relay.on(ports::OpenLeg{.leg = leg, .port = port}, now);
            agree(leg, true);
        }
    }
    static std::vector<LegId> legs(std::uint64_t count) {
        std::vector<LegId> result;
        for (std::uint64_t i = 1; i <= count; ++i) {
            result.emplace_back(i);
        }
        return result;
    }
    static G711 law(LegId leg) { return leg.value() == 2 ? G711::mu_law : G711::a_law; }
    static std::int16_t voice(LegId leg) {
        const auto value = static_cast<std::int16_t>(1000 * leg.value());
        return decode(encode(value, law(leg)), law(leg));
    }
    void agree(LegId leg, bool may_send) {
        ports::SetRemote remote;
        remote.leg = leg;
        remote.rtp = phone_at(leg);
        remote.codec = law(leg);
        remote.audio_payload = remote.audio_payload_in = law(leg) == G711::a_law ? 8 : 0;
        remote.event_payload = remote.event_payload_in = kEvent;
        remote.may_send = may_send;
        relay.on(remote, now);
    }
    void confer(const std::vector<LegId>& members) { relay.on(ports::Confer{members}, now); }
    void say(LegId leg, std::uint8_t type, std::vector<std::uint8_t> payload) {
        std::vector<std::uint8_t> bytes(kRtpHeaderSize);
        write_rtp_header({.payload_type = type,
                          .sequence = static_cast<std::uint16_t>(frame),
                          .timestamp = frame * 160,
                          .ssrc = static_cast<std::uint32_t>(leg.value())},
                         std::span(bytes).first<kRtpHeaderSize>());
        bytes.insert(bytes.end(), payload.begin(), payload.end());
        relay.receive({.port = static_cast<std::uint32_t>(leg.value() - 1)}, phone_at(leg), {bytes},
                      now);
    }
    // Everybody of `speakers` speaks for `frames` times 20 ms.
    void talk(const std::vector<LegId>& speakers, int frames = 5) {
        for (int i = 0; i < frames; ++i) {
            ++frame;
            now += milliseconds(20);
            for (const LegId leg : speakers) {
                const std::uint8_t type = law(leg) == G711::a_law ? 8 : 0;
                say(leg, type, std::vector<std::uint8_t>(160, encode(voice(leg), law(leg))));
            }
            for (std::uint32_t slice = 0; slice < Relay::kSlices; ++slice) {
                relay.play_slice(slice, now);
            }
        }
    }
    // The last sample the leg heard; nothing: it has heard nothing since the last forget().
    std::optional<std::int16_t> heard(LegId leg) {
        const auto& packets = out.heard[phone_at(leg).to_string()];
        if (packets.empty()) {
            return std::nullopt;
        }
        const std::uint8_t code = packets.back().payload.back();
        return decode(code, packets.back().header.payload_type == 8 ? G711::a_law : G711::mu_law);
    }
    std::int16_t sum_for(LegId listener, const std::vector<LegId>& speakers) const {
        std::int32_t sum = 0;
        for (const LegId leg : speakers) {
            sum += leg == listener ? 0 : voice(leg);
        }
        return decode(encode(static_cast<std::int16_t>(sum), law(listener)), law(listener));
    }
    void expect_all_hear_each_other(const std::vector<LegId>& members) {
        for (const LegId leg : members) {
            EXPECT_EQ(heard(leg), sum_for(leg, members)) << leg.value();
        }
    }
    void forget() { out.heard.clear(); }

    Ears out;
    Relay relay{sounds(), out, {.rtcp_every = seconds(1000), .seed = 42}};
    Time now = from_micros(1'000'000'000);
    std::uint32_t frame = 100;
};

TEST_F(RelayConferenceTest, FiveHearEachOther) {
    confer(legs(5));
    talk(legs(5));
    expect_all_hear_each_other(legs(5));
    EXPECT_FALSE(heard(LegId{6}));
    const auto& packets = out.heard[phone_at(LegId{1}).to_string()];
    ASSERT_EQ(packets.size(), 5U);
    for (std::size_t i = 1; i < packets.size(); ++i) {
        const RtpHeader& before = packets[i - 1].header;
        EXPECT_EQ(packets[i].header.sequence, static_cast<std::uint16_t>(before.sequence + 1));
        EXPECT_EQ(packets[i].header.timestamp, before.timestamp + 160);
        EXPECT_EQ(packets[i].header.ssrc, before.ssrc);
    }
}

TEST_F(RelayConferenceTest, WhoComesLaterIsHeardAndNobodyMissesAFrame) {
    confer(legs(3));
    talk(legs(3));
    confer(legs(4));
    forget();
    talk(legs(4), 1);
    // The newcomer's delay is not over, the others go on without a gap.
    EXPECT_EQ(heard(LegId{1}), sum_for(LegId{1}, legs(3)));
    talk(legs(4), 4);
    expect_all_hear_each_other(legs(4));
}

TEST_F(RelayConferenceTest, WhoGoesIsHeardNoMoreAndTheOthersGoOn) {
    confer(legs(4));
    talk(legs(4));
    relay.on(ports::CloseLeg{LegId{2}}, now);
    relay.on(ports::Play{LegId{3}, ports::Sound::silence}, now);
    talk({LegId{1}, LegId{3}, LegId{4}});
    EXPECT_EQ(heard(LegId{1}), sum_for(LegId{1}, {LegId{4}}));
    EXPECT_EQ(heard(LegId{4}), sum_for(LegId{4}, {LegId{1}}));
    EXPECT_EQ(heard(LegId{3}), decode(silence_of(G711::a_law), G711::a_law));
    relay.on(ports::CloseLeg{LegId{4}}, now);
    relay.on(ports::CloseLeg{LegId{1}}, now);
    forget();
    talk({LegId{3}}, 1);
    EXPECT_EQ(out.heard.size(), 1U);  // the one who is played silence
}

TEST_F(RelayConferenceTest, FromABridgeIntoAConferenceAndBack) {
    const LegId a{1};
    const LegId b{3};
    relay.on(ports::Bridge{.a = a, .b = b}, now);
    talk({a, b}, 1);
    EXPECT_EQ(heard(a), sum_for(a, {b}));
    confer({a, b, LegId{4}});
    talk({a, b, LegId{4}});
    expect_all_hear_each_other({a, b, LegId{4}});
    relay.on(ports::Bridge{.a = a, .b = b}, now);
    forget();
    talk({a, b, LegId{4}}, 1);
    EXPECT_EQ(heard(a), sum_for(a, {b}));
    EXPECT_EQ(heard(b), sum_for(b, {a}));
    // Alone in what is left of it, he hears silence.
    EXPECT_EQ(heard(LegId{4}), decode(silence_of(G711::a_law), G711::a_law));
}

TEST_F(RelayConferenceTest, WhoIsOnHoldHearsNothing) {
    confer(legs(3));
    agree(LegId{3}, false);
    talk(legs(3));
    EXPECT_FALSE(heard(LegId{3}));
    EXPECT_EQ(heard(LegId{1}), sum_for(LegId{1}, legs(3)));
}

TEST_F(RelayConferenceTest, DigitsReachNobody) {
    confer(legs(3));
    talk(legs(3));
    forget();
    say(LegId{1}, kEvent, {5, 10, 0, 160});
    EXPECT_TRUE(out.heard.empty());
    talk({LegId{2}}, 3);
    EXPECT_EQ(out.heard[phone_at(LegId{3}).to_string()].back().header.payload_type, 8);
}

TEST_F(RelayConferenceTest, WrongOrdersChangeNothing) {
    confer(legs(3));
    confer(legs(6));                               // one too many
    confer({LegId{1}});                            // nobody to hear
    confer({LegId{1}, LegId{9}});                  // nobody we know
    EXPECT_EQ(relay.counts().orders_ignored, 4U);  // the unknown leg counts by itself, too
    talk(legs(3));
    expect_all_hear_each_other(legs(3));
}

}  // namespace
}  // namespace lanze::media
