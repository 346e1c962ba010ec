// Opus in the relay: passed through between browsers, converted for phones and conferences. What a
// browser's leg adds to it is looked at in relay_web_test.cpp, so legs are not encrypted here.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "media/g711.h"
#include "media/opus_fixture.h"
#include "media/relay.h"

namespace lanze::media {
namespace {

using ports::G711;
using ports::LegId;

constexpr std::uint8_t kOpus = 111;
constexpr std::uint8_t kEvent = 101;
constexpr std::uint8_t kOpusEvent = 110;
constexpr std::uint8_t kAdded = 5;  // the second browser's numbers are so much greater

const Sounds& sounds() {
    static const Sounds made = Sounds::generated();
    return made;
}

Endpoint address_of(LegId leg) {
    return {.address = IpAddress::v4(192, 0, 2, static_cast<std::uint8_t>(leg.value())),
            .port = 4000};
}

struct Ears final : RelayOut {
    struct Packet {
        RtpHeader header;
        std::vector<std::uint8_t> payload;
    };
    void send(SocketRef from, const Endpoint& to, Bytes bytes) override {
        const auto packet = parse_rtp(bytes);
        if (from.socket == Socket::rtcp || classify(bytes) == DatagramKind::rtcp) {
            reports.push_back(*parse_rtcp(bytes));
            return;
        }
        ASSERT_TRUE(packet);
        const Bytes payload = bytes.subspan(packet->payload_offset, packet->payload_size);
        heard[to.to_string()].push_back({packet->header, {payload.begin(), payload.end()}});
    }
    void report(ports::MediaReport) override {}

    std::map<std::string, std::vector<Packet>> heard;
    std::vector<RtcpReport> reports;
};

// `browser` and `other` know Opus, each with numbers of its own; `phone` and `second` do not.
class RelayOpusTest : public ::testing::Test {
protected:
    RelayOpusTest() {
        for (const LegId leg : {browser, other, phone, second}) {
            ports::MediaPort port;
            port.index = port_of(leg);
            relay.on(ports::OpenLeg{.leg = leg, .port = port}, now);
            agree(leg, leg == browser || leg == other);
        }
    }
    static std::uint32_t port_of(LegId leg) { return static_cast<std::uint32_t>(leg.value() - 1); }

    void agree(LegId leg, bool with_opus) {
        ports::SetRemote remote;
        remote.leg = leg;
        remote.rtp = address_of(leg);
        remote.rtcp = remote.rtp;
        remote.codec = leg == second ? G711::mu_law : G711::a_law;
        remote.audio_payload = remote.audio_payload_in = leg == second ? 0 : 8;
        remote.event_payload = remote.event_payload_in = kEvent;
        const std::uint8_t added = leg == other ? kAdded : 0;
        if (with_opus) {
            const auto audio = static_cast<std::uint8_t>(kOpus + added);
            const auto event = static_cast<std::uint8_t>(kOpusEvent + added);
            remote.opus = {audio, audio, event, event};
        }
        relay.on(remote, now);
    }
    void bridge(LegId a, LegId b) { relay.on(ports::Bridge{.a = a, .b = b}, now); }

    void receive(LegId leg, std::vector<std::uint8_t> packet) {
        const std::size_t size = packet.size();
        packet.resize(size + kRoomBehind);
        relay.receive({.port = port_of(leg)}, address_of(leg),
                      {.bytes = std::span(packet).first(size), .room = kRoomBehind}, now);
    }
    // A packet of the leg's, whatever is in it.
    void send(LegId leg, const RtpHeader& header, const std::vector<std::uint8_t>& payload) {
        std::vector<std::uint8_t> packet(kRtpHeaderSize);
        write_rtp_header(header, std::span(packet).first<kRtpHeaderSize>());
        packet.insert(packet.end(), payload.begin(), payload.end());
        receive(leg, std::move(packet));
    }
    // The browser says so many packets of 20 ms; sounds are played meanwhile.
    void say(int packets) {
        for (int i = 0; i < packets; ++i) {
            receive(browser, speaker.speak());
            pass();
        }
    }
    void pass() {
        now += milliseconds(20);
        for (std::uint32_t slice = 0; slice < Relay::kSlices; ++slice) {
            relay.play_slice(slice, now);
        }
        relay.advance(now);
    }
    std::vector<Ears::Packet>& heard(LegId leg) { return out.heard[address_of(leg).to_string()]; }

    // What is heard of G.711 behind the first 200 ms.
    Measurement measured(LegId leg, G711 law) {
        std::vector<std::int16_t> samples;
        for (std::size_t i = 10; i < heard(leg).size(); ++i) {
            for (const std::uint8_t code : heard(leg)[i].payload) {
                samples.push_back(decode(code, law));
            }
        }
        return measure(samples);
    }
    static void expect_even(const std::vector<Ears::Packet>& packets, std::uint32_t step) {
        for (std::size_t i = 1; i < packets.size(); ++i) {
            EXPECT_EQ(sequence_distance(packets[i - 1].header.sequence, packets[i].header.sequence),
                      1);
            EXPECT_EQ(packets[i].header.timestamp - packets[i - 1].header.timestamp, step) << i;
            EXPECT_EQ(packets[i].header.marker, false) << i;
        }
    }

    const LegId browser{1};
    const LegId other{2};
    const LegId phone{3};
    const LegId second{4};
    Time now = from_micros(1'000'000'000);
    Ears out;
    Relay relay{sounds(), out, {.rtcp_every = seconds(1), .seed = 42}};
    OpusSpeaker speaker{{}};
};

TEST_F(RelayOpusTest, PassesOpusThroughBetweenBrowsers) {
    bridge(browser, other);
    std::vector<std::vector<std::uint8_t>> said;
    for (int i = 0; i < 20; ++i) {
        receive(browser, speaker.speak());
        said.push_back(speaker.payload());
        pass();
    }
    const auto& packets = heard(other);
    ASSERT_EQ(packets.size(), said.size());
    for (std::size_t i = 0; i < said.size(); ++i) {
        EXPECT_EQ(packets[i].payload, said[i]);
        EXPECT_EQ(packets[i].header.payload_type, kOpus + kAdded);
    }
    EXPECT_TRUE(packets[0].header.marker);
    expect_even(packets, 960);
    EXPECT_EQ(relay.counts().converted, 0U);
    EXPECT_EQ(relay.counts().malformed, 0U);
}

TEST_F(RelayOpusTest, ConvertsForPhonesOfBothLaws) {
    for (const LegId listener : {phone, second}) {
        bridge(browser, listener);
        say(60);
        const G711 law = listener == second ? G711::mu_law : G711::a_law;
        const auto& packets = heard(listener);
        ASSERT_EQ(packets.size(), 60U);
        EXPECT_TRUE(packets[0].header.marker);
        EXPECT_EQ(packets[0].payload.size(), kFrameSamples);
        EXPECT_EQ(packets[0].header.payload_type, law == G711::a_law ? 8 : 0);
        expect_even(packets, kFrameSamples);
        EXPECT_NEAR(measured(listener, law).frequency, 440.0, 1.0);
        EXPECT_NEAR(measured(listener, law).tone_level, -10.0, 1.0);
    }
    EXPECT_EQ(relay.counts().converted, 120U);
}

TEST_F(RelayOpusTest, CutsLongPacketsForPhones) {
    speaker = OpusSpeaker({.packet_ms = 60});
    bridge(browser, phone);
    for (int i = 0; i < 20; ++i) {
        receive(browser, speaker.speak());
        now += milliseconds(60);
    }
    ASSERT_EQ(heard(phone).size(), 60U);
    expect_even(heard(phone), kFrameSamples);
    EXPECT_NEAR(measured(phone, G711::a_law).tone_level, -10.0, 1.0);
}

TEST_F(RelayOpusTest, APhoneHearsNoneOfAFewLostPackets) {
    bridge(browser, phone);
    for (int i = 0; i < 60; ++i) {
        std::vector<std::uint8_t> packet = speaker.speak();
        if (i % 20 != 12) {
            receive(browser, std::move(packet));
        }
        pass();
    }
    EXPECT_EQ(heard(phone).size(), 60U);
    expect_even(heard(phone), kFrameSamples);
    relay.on(ports::CloseLeg{browser}, now);
}

// The clock of the stream to a browser changes with what it hears; its numbers go on, and the time
// that passed counts at the clock of before (RFC 7160 §4.2).
TEST_F(RelayOpusTest, ChangesFromOurSoundsToOpusAndBack) {
    relay.on(ports::Play{.leg = other, .sound = ports::Sound::waiting_music}, now);
    for (int i = 0; i < 10; ++i) {
        pass();
    }
    bridge(browser, other);
    now += milliseconds(80);
    say(10);
    relay.on(ports::Play{.leg = other, .sound = ports::Sound::right_back}, now);
    pass();
    pass();
    const auto& packets = heard(other);
    ASSERT_EQ(packets.size(), 22U);
    EXPECT_EQ(packets[9].header.payload_type, 8);
    EXPECT_EQ(packets[10].header.payload_type, kOpus + kAdded);
    EXPECT_TRUE(packets[10].header.marker);
    EXPECT_EQ(packets[10].header.timestamp - packets[9].header.timestamp, 8U * 80);
    EXPECT_EQ(packets[11].header.timestamp - packets[10].header.timestamp, 960U);
    EXPECT_TRUE(packets[20].header.marker);
    EXPECT_EQ(packets[20].header.payload_type, 8);
    EXPECT_EQ(packets[20].header.timestamp - packets[19].header.timestamp, 48U * 40);
    EXPECT_EQ(packets[21].header.timestamp - packets[20].header.timestamp, kFrameSamples);
    for (std::size_t i = 1; i < packets.size(); ++i) {
        EXPECT_EQ(sequence_distance(packets[i - 1].header.sequence, packets[i].header.sequence), 1);
    }
}

TEST_F(RelayOpusTest, ReportsCountAtTheClockOfWhatIsHeard) {
    bridge(browser, other);
    say(150);
    const std::uint32_t ssrc = heard(other)[0].header.ssrc;
    std::vector<SenderInfo> infos;
    for (const RtcpReport& report : out.reports) {
        if (report.ssrc == ssrc && report.sender) {
            infos.push_back(*report.sender);
        }
    }
    ASSERT_GE(infos.size(), 2U);
    EXPECT_EQ(infos[1].rtp_time - infos[0].rtp_time, kOpusClock);
}

TEST_F(RelayOpusTest, APhonesVoiceStaysAsItIsForABrowser) {
    bridge(browser, phone);
    for (std::uint16_t i = 0; i < 5; ++i) {
        send(phone,
             {.marker = false, .payload_type = 8, .sequence = i, .timestamp = i * 160U, .ssrc = 9},
             std::vector<std::uint8_t>(160, 0x55));
        now += milliseconds(20);
    }
    ASSERT_EQ(heard(browser).size(), 5U);
    EXPECT_EQ(heard(browser)[0].header.payload_type, 8);
    EXPECT_EQ(heard(browser)[0].payload, std::vector<std::uint8_t>(160, 0x55));
    expect_even(heard(browser), kFrameSamples);
}

TEST_F(RelayOpusTest, ABrowserMayChangeToG711InMidTalk) {
    bridge(browser, phone);
    say(10);
    speaker.next();
    RtpHeader header = speaker.header();
    header.payload_type = 8;
    for (int i = 0; i < 5; ++i) {
        send(browser, header, std::vector<std::uint8_t>(160, 0x55));
        ++header.sequence;
        header.timestamp += kFrameSamples;
        now += milliseconds(20);
    }
    const auto& packets = heard(phone);
    ASSERT_EQ(packets.size(), 15U);
    EXPECT_TRUE(packets[10].header.marker);
    for (std::size_t i = 1; i < packets.size(); ++i) {
        EXPECT_EQ(packets[i].header.timestamp - packets[i - 1].header.timestamp, kFrameSamples);
        EXPECT_EQ(sequence_distance(packets[i - 1].header.sequence, packets[i].header.sequence), 1);
    }
}

TEST_F(RelayOpusTest, DigitsOfABrowserReachAPhone) {
    bridge(browser, phone);
    say(3);
    speaker.next();
    RtpHeader header = speaker.header();
    header.payload_type = kOpusEvent;
    header.marker = true;
    send(browser, header, {5, 10, 0x03, 0xC0});  // 20 ms at 48 kHz
    speaker.next();
    header.sequence = speaker.header().sequence;
    header.marker = false;
    send(browser, header, {5, 0x8A, 0x12, 0xC0});
    say(1);
    const auto& packets = heard(phone);
    ASSERT_EQ(packets.size(), 6U);
    EXPECT_EQ(packets[3].header.payload_type, kEvent);
    EXPECT_TRUE(packets[3].header.marker);
    EXPECT_EQ(packets[3].payload, (std::vector<std::uint8_t>{5, 10, 0, 160}));
    EXPECT_EQ(packets[4].payload, (std::vector<std::uint8_t>{5, 0x8A, 0x03, 0x20}));
    EXPECT_EQ(packets[3].header.timestamp - packets[2].header.timestamp, kFrameSamples);
    EXPECT_EQ(packets[4].header.timestamp, packets[3].header.timestamp);
    EXPECT_EQ(packets[5].header.timestamp - packets[3].header.timestamp, 2 * kFrameSamples);
    for (std::size_t i = 1; i < packets.size(); ++i) {
        EXPECT_EQ(sequence_distance(packets[i - 1].header.sequence, packets[i].header.sequence), 1);
    }
}

// Firefox has telephone-event at 8 kHz alone, with Opus's timestamps.
TEST_F(RelayOpusTest, DigitsAtTheOtherClockReachAPhoneAndABrowser) {
    for (const LegId listener : {phone, other}) {
        bridge(browser, listener);
        say(2);
        speaker.next();
        RtpHeader header = speaker.header();
        header.payload_type = kEvent;
        send(browser, header, {5, 10, 0, 160});
        const Ears::Packet& event = heard(listener).at(2);
        EXPECT_EQ(event.header.payload_type, kEvent);
        EXPECT_EQ(event.payload, (std::vector<std::uint8_t>{5, 10, 0, 160}));
        EXPECT_EQ(event.header.timestamp - heard(listener)[1].header.timestamp,
                  listener == phone ? 160U : 960U);
    }
}

TEST_F(RelayOpusTest, DigitsOfAPhoneReachABrowserAtTheirClock) {
    bridge(browser, phone);
    send(phone, {.marker = true, .payload_type = kEvent, .sequence = 1, .timestamp = 7, .ssrc = 9},
         {3, 10, 0, 160});
    ASSERT_EQ(heard(browser).size(), 1U);
    EXPECT_EQ(heard(browser)[0].header.payload_type, kEvent);
    EXPECT_EQ(heard(browser)[0].payload, (std::vector<std::uint8_t>{3, 10, 0, 160}));
}

TEST_F(RelayOpusTest, ABrowserTakesPartInAConference) {
    relay.on(ports::Confer{{browser, phone, second}}, now);
    say(80);
    EXPECT_NEAR(measured(phone, G711::a_law).frequency, 440.0, 1.0);
    EXPECT_NEAR(measured(phone, G711::a_law).tone_level, -10.0, 1.0);
    EXPECT_NEAR(measured(second, G711::mu_law).tone_level, -10.0, 1.0);
    EXPECT_EQ(heard(browser).at(20).header.payload_type, 8);
    EXPECT_LT(measured(browser, G711::a_law).level, -60.0) << "not himself";
    EXPECT_EQ(relay.counts().converted, 80U);
}

TEST_F(RelayOpusTest, CountsAndDropsWhatIsNoOpus) {
    for (const LegId listener : {phone, other}) {
        const std::uint64_t before = relay.counts().malformed;
        bridge(browser, listener);
        say(3);
        speaker.next();
        send(browser, speaker.header(), {0x03, 0x00});
        EXPECT_EQ(relay.counts().malformed, before + 1);
        EXPECT_EQ(heard(listener).size(), 3U);
        say(3);
        EXPECT_GE(heard(listener).size(), 6U);
    }
    relay.on(ports::Confer{{browser, phone}}, now);
    const std::uint64_t before = relay.counts().malformed;
    speaker.next();
    send(browser, speaker.header(), {0x03});
    EXPECT_EQ(relay.counts().malformed, before + 1);
}

TEST_F(RelayOpusTest, APhoneOnHoldIsSentNothing) {
    bridge(browser, phone);
    say(3);
    ports::SetRemote remote;
    remote.leg = phone;
    remote.rtp = remote.rtcp = address_of(phone);
    remote.may_send = false;
    relay.on(remote, now);
    say(3);
    EXPECT_EQ(heard(phone).size(), 3U);
    agree(phone, false);
    say(3);
    EXPECT_EQ(heard(phone).size(), 6U);
    EXPECT_TRUE(heard(phone)[3].header.marker);
}

// A second of Opus ahead of time is decoded, and then as much as time passes.
TEST_F(RelayOpusTest, AFloodOfOpusIsNotDecoded) {
    bridge(browser, phone);
    for (int i = 0; i < 500; ++i) {
        receive(browser, speaker.speak());
    }
    EXPECT_EQ(heard(phone).size(), 50U);
    EXPECT_EQ(relay.counts().refused, 450U);
    now += milliseconds(100);
    for (int i = 0; i < 500; ++i) {
        receive(browser, speaker.speak());
    }
    EXPECT_EQ(heard(phone).size(), 55U);
}

// What comes late or doubled is not heard twice.
TEST_F(RelayOpusTest, ADoubledPacketIsHeardOnce) {
    bridge(browser, phone);
    for (int i = 0; i < 10; ++i) {
        const std::vector<std::uint8_t> packet = speaker.speak();
        receive(browser, packet);
        receive(browser, packet);
        pass();
    }
    EXPECT_EQ(heard(phone).size(), 10U);
    EXPECT_EQ(relay.counts().malformed, 0U);
}

}  // namespace
}  // namespace lanze::media
