#include "media/phone_audio.h"

#include <gtest/gtest.h>

#include "media/g711.h"

namespace lanze::media {
namespace {

const Time kStart = from_micros(1'000'000'000);

PhoneAudioRemote remote(ports::G711 law = ports::G711::a_law) {
    const std::uint8_t type = law == ports::G711::a_law ? 8 : 0;
    return {.rtp = {.address = IpAddress::v4(192, 0, 2, 1), .port = 4000},
            .law = law,
            .payload_type = type,
            .payload_type_in = type};
}

// Lets `from` speak to `to` for a time; every `lost_each`-th packet is lost (0: none).
void talk(PhoneAudio& from, PhoneAudio& to, Duration duration, unsigned lost_each = 0) {
    unsigned count = 0;
    for (Time now = kStart; now < kStart + duration; now += milliseconds(20)) {
        for (auto packet = from.tick(now); !packet.empty(); packet = from.tick(now)) {
            ++count;
            if (lost_each == 0 || count % lost_each != 0) {
                to.receive(packet, now);
            }
        }
    }
}

TEST(PhoneAudio, HearsWhatTheOtherSays) {
    for (const ports::G711 law : {ports::G711::mu_law, ports::G711::a_law}) {
        PhoneAudio speaker({.sound = Tone{.frequency = 440.0, .level = -10.0}});
        PhoneAudio listener({.sound = Tone{}});
        speaker.set_remote(remote(law), kStart);
        listener.set_remote(remote(law), kStart);
        talk(speaker, listener, seconds(2));
        const PhoneAudioReport report = listener.report();
        EXPECT_EQ(report.packets_received, 100U);
        EXPECT_EQ(report.packets_lost, 0U);
        EXPECT_EQ(report.gap_max, milliseconds(20));
        ASSERT_EQ(report.seconds.size(), 2U);
        EXPECT_NEAR(report.seconds[1].frequency, 440.0, 1.0);
        EXPECT_NEAR(report.seconds[1].level, -10.0, 0.3);
        EXPECT_EQ(report.whole_seconds, 2U);
    }
}

// Whoever prints a line for each second would print the pause between two beeps for ever.
TEST(PhoneAudio, ASecondThatHasJustBegunIsNotTheNewestWhole) {
    PhoneAudio speaker({.sound = Tone{.frequency = 440.0, .level = -10.0}});
    PhoneAudio listener({.sound = Tone{}});
    speaker.set_remote(remote(), kStart);
    listener.set_remote(remote(), kStart);
    talk(speaker, listener, milliseconds(980));
    EXPECT_EQ(listener.report().whole_seconds, 0U);
    EXPECT_FALSE(listener.report().last_whole);
    EXPECT_EQ(listener.report().seconds.size(), 1U);
    PhoneAudio quiet({.sound = Tone{.frequency = 440.0, .level = -90.0}});
    quiet.set_remote(remote(), kStart);
    talk(quiet, listener, milliseconds(500));
    ASSERT_EQ(listener.report().whole_seconds, 1U);
    EXPECT_NEAR(listener.report().last_whole->level, -10.0, 0.3);
}

TEST(PhoneAudio, SaysAPrompt) {
    PhoneAudio speaker({.sound = Prompt(make_tone({.frequency = 700.0, .level = -20.0}, 8000))});
    PhoneAudio listener({.sound = Tone{}});
    speaker.set_remote(remote(), kStart);
    listener.set_remote(remote(), kStart);
    talk(speaker, listener, seconds(1));
    EXPECT_NEAR(listener.report().seconds.at(0).frequency, 700.0, 1.0);
}

TEST(PhoneAudio, CountsLoss) {
    PhoneAudio speaker({.sound = Tone{}});
    PhoneAudio listener({.sound = Tone{}});
    speaker.set_remote(remote(), kStart);
    listener.set_remote(remote(), kStart);
    talk(speaker, listener, milliseconds(2020), 10);
    EXPECT_EQ(speaker.report().packets_sent, 101U);
    EXPECT_EQ(listener.report().packets_received, 91U);
    EXPECT_EQ(listener.report().packets_lost, 10U);
}

TEST(PhoneAudio, SendsOnlyWhenDueAndAllowed) {
    PhoneAudio phone({.sound = Tone{}});
    EXPECT_EQ(phone.next_tick(), std::nullopt);
    EXPECT_TRUE(phone.tick(kStart).empty());
    phone.set_remote(remote(), kStart);
    EXPECT_EQ(phone.tick(kStart).size(), 172U);
    EXPECT_TRUE(phone.tick(kStart + milliseconds(19)).empty());
    EXPECT_EQ(phone.next_tick(), kStart + milliseconds(20));
    PhoneAudioRemote held = remote();
    held.may_send = false;
    phone.set_remote(held, kStart);
    EXPECT_TRUE(phone.tick(kStart + seconds(1)).empty());
    phone.set_remote(remote(), kStart + seconds(2));
    EXPECT_FALSE(phone.tick(kStart + seconds(2)).empty());
}

TEST(PhoneAudio, MakesUpForALittleDelayOnly) {
    PhoneAudio phone({.sound = Tone{}});
    phone.set_remote(remote(), kStart);
    phone.tick(kStart);
    int sent = 0;
    while (!phone.tick(kStart + milliseconds(60)).empty()) {
        ++sent;
    }
    EXPECT_EQ(sent, 3);
    sent = 0;
    while (!phone.tick(kStart + seconds(60)).empty()) {
        ++sent;
    }
    EXPECT_EQ(sent, 1);
}

TEST(PhoneAudio, UnderstandsDigits) {
    PhoneAudio phone({.sound = Tone{}});
    PhoneAudioRemote with_events = remote();
    with_events.event_payload_in = 101;
    phone.set_remote(with_events, kStart);
    const auto press = [&](std::uint8_t event, std::uint32_t timestamp, std::uint8_t type = 101) {
        std::vector<std::uint8_t> packet(kRtpHeaderSize + 4);
        write_rtp_header({.payload_type = type, .timestamp = timestamp, .ssrc = 9},
                         std::span(packet).first<kRtpHeaderSize>());
        packet[kRtpHeaderSize] = event;
        phone.receive(packet, kStart);
    };
    for (int i = 0; i < 3; ++i) {
        press(5, 1000);
    }
    press(5, 2000);
    press(11, 3000);
    press(16, 4000);      // a hook flash is no digit
    press(1, 5000, 102);  // not agreed on
    EXPECT_EQ(phone.report().digits, "55#");
    EXPECT_EQ(phone.report().packets_refused, 1U);
}

TEST(PhoneAudio, RefusesWhatWasNotAgreedOn) {
    PhoneAudio speaker({.sound = Tone{}});
    PhoneAudio listener({.sound = Tone{}});
    speaker.set_remote(remote(ports::G711::mu_law), kStart);
    listener.set_remote(remote(ports::G711::a_law), kStart);
    talk(speaker, listener, milliseconds(100));
    EXPECT_EQ(listener.report().packets_received, 0U);
    EXPECT_EQ(listener.report().packets_refused, 5U);
    EXPECT_TRUE(listener.report().seconds.empty());
}

}  // namespace
}  // namespace lanze::media
