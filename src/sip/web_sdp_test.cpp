#include <gtest/gtest.h>

#include <string>

#include "sip/sdp.h"

namespace lanze::sip {
namespace {

constexpr std::string_view kFingerprint =
    "00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:"
    "1F";

// As browsers answer, with one line left out or put in the place of another.
std::string answer(std::string_view without = "", std::string_view with = "") {
    std::string text =
        "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
        "a=group:BUNDLE 0\r\na=msid-semantic: WMS\r\n"
        "m=audio 9 UDP/TLS/RTP/SAVPF 8 0 101\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n"
        "a=ice-ufrag:Qh5b\r\na=ice-pwd:lVbvwyZ0rBUOVTT+pXSpoI/c\r\na=ice-options:trickle\r\n"
        "a=fingerprint:sha-256 " +
        std::string(kFingerprint) +
        "\r\na=setup:active\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\n"
        "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n";
    if (!without.empty()) {
        const std::size_t place = text.find(without);
        EXPECT_NE(place, std::string::npos) << without;
        text.replace(place, without.size(), with);
    }
    return text;
}

std::string error_of(const std::string& text) {
    const auto result = parse_web_answer(text);
    return result ? "" : std::string(to_string(result.error()));
}

TEST(WebSdp, ReadsABrowsersAnswer) {
    const auto result = parse_web_answer(answer());
    ASSERT_TRUE(result) << to_string(result.error());
    EXPECT_EQ(result->web.fragment, "Qh5b");
    EXPECT_EQ(result->web.password, "lVbvwyZ0rBUOVTT+pXSpoI/c");
    for (std::uint8_t i = 0; i < 32; ++i) {
        EXPECT_EQ(result->web.fingerprint[i], i);
    }
    LocalMedia local;
    local.rtp = *Endpoint::parse("198.51.100.1:30000");
    const auto agreed = agree_web(make_offer(local, Direction::sendrecv), *result);
    ASSERT_TRUE(agreed);
    EXPECT_EQ(agreed->audio.name, "PCMA");
    EXPECT_EQ(agreed->event_payload, 101);
    EXPECT_TRUE(agreed->may_receive);
    EXPECT_TRUE(agreed->may_send);
    EXPECT_EQ(agreed->remote_rtp, Endpoint{});
}

TEST(WebSdp, TakesWhatTheSessionSaysForTheStream) {
    std::string text = answer("a=ice-ufrag:Qh5b\r\n");
    text.insert(text.find("m=audio"), "a=ice-ufrag:Above\r\n");
    const auto result = parse_web_answer(text);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->web.fragment, "Above");
}

TEST(WebSdp, RefusesWhatIsNotSecure) {
    for (const char* missing : {"a=ice-ufrag:Qh5b\r\n", "a=ice-pwd:lVbvwyZ0rBUOVTT+pXSpoI/c\r\n",
                                "a=setup:active\r\n", "a=rtcp-mux\r\n", "a=fingerprint:sha-256"}) {
        EXPECT_EQ(
            error_of(answer(missing,
                            std::string_view(missing).ends_with('6') ? "a=fingerprint:sha-1" : "")),
            to_string(SdpError::not_secure))
            << missing;
    }
    EXPECT_EQ(error_of(answer("UDP/TLS/RTP/SAVPF", "RTP/AVP")), to_string(SdpError::no_audio));
    EXPECT_EQ(error_of(answer("setup:active", "setup:passive")), to_string(SdpError::not_secure));
}

TEST(WebSdp, RefusesWhatIsMalformed) {
    const std::string malformed(to_string(SdpError::malformed));
    EXPECT_EQ(error_of(answer("Qh5b", "Qh5")), malformed);
    EXPECT_EQ(error_of(answer("Qh5b", std::string(257, 'a'))), malformed);
    EXPECT_EQ(error_of(answer("Qh5b", "Qh b")), malformed);
    EXPECT_EQ(error_of(answer("+pXSpoI/c", "")), malformed);
    EXPECT_EQ(error_of(answer(":1F", "")), malformed);
    EXPECT_EQ(error_of(answer(":1F", ":1G")), malformed);
    EXPECT_EQ(error_of(answer("00:01", "00-01")), malformed);
    EXPECT_EQ(error_of(std::string(kSdpSizeMax + 1, 'v')), to_string(SdpError::too_large));
}

TEST(WebSdp, WritesAnOffer) {
    LocalMedia local;
    local.rtp = *Endpoint::parse("198.51.100.1:30000");
    local.session_id = 42;
    WebParts ours{"abcdefgh", "abcdefghijklmnopqrstuvwxyz", {}};
    ours.fingerprint[0] = 0xAB;
    const std::string text = write_web_offer(make_offer(local, Direction::sendrecv), ours);
    for (const char* line : {"v=0\r\no=- 42 1 IN IP4 198.51.100.1\r\n", "a=ice-lite\r\n",
                             "m=audio 30000 UDP/TLS/RTP/SAVPF 8 0 101\r\n",
                             "a=ice-ufrag:abcdefgh\r\n", "a=ice-pwd:abcdefghijklmnopqrstuvwxyz\r\n",
                             "a=fingerprint:sha-256 AB:00:", "a=setup:actpass\r\n",
                             "a=rtcp-mux\r\n", "a=rtpmap:101 telephone-event/8000\r\n",
                             "a=candidate:1 1 udp 2130706431 198.51.100.1 30000 typ host\r\n"}) {
        EXPECT_NE(text.find(line), std::string::npos) << line;
    }
}

std::string with_opus(const std::string& events) {
    std::string text = answer("8 0 101", "111 8 0 101 110");
    return text + "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n" + events;
}

Result<AgreedMedia, SdpError> agree_on(const std::string& text, bool is_opus_offered) {
    const auto description = parse_web_answer(text);
    EXPECT_TRUE(description);
    return agree_web(make_web_offer({}, "PCMU", is_opus_offered), *description);
}

TEST(WebSdp, OffersOpusBeforeAllOthers) {
    LocalMedia local;
    local.rtp = *Endpoint::parse("198.51.100.1:30000");
    const std::string text = write_web_offer(make_web_offer(local, "PCMU", true), {});
    for (const char* line :
         {"m=audio 30000 UDP/TLS/RTP/SAVPF 111 0 8 101 110\r\n",
          "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n",
          "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n",
          "a=rtpmap:110 telephone-event/48000\r\na=fmtp:110 0-15\r\n", "a=ptime:20\r\n"}) {
        EXPECT_NE(text.find(line), std::string::npos) << line;
    }
    EXPECT_EQ(make_web_offer(local, "", false), make_offer(local, Direction::sendrecv));
}

TEST(WebSdp, AgreesOnOpusBesideG711) {
    const auto agreed = agree_on(with_opus("a=rtpmap:110 telephone-event/48000\r\n"), true);
    ASSERT_TRUE(agreed);
    EXPECT_EQ(agreed->audio.name, "PCMA") << "the browser's choice of G.711";
    EXPECT_EQ(agreed->event_payload, 101);
    EXPECT_EQ(agreed->opus, (AgreedOpus{111, 111, 110, 110}));
}

TEST(WebSdp, TakesOpusWithoutItsOwnEvents) {
    const auto agreed = agree_on(with_opus(""), true);
    ASSERT_TRUE(agreed);
    EXPECT_EQ(agreed->opus, (AgreedOpus{111, 111, std::nullopt, std::nullopt}));
}

TEST(WebSdp, DoesWithoutOpusIfOneSideDoes) {
    EXPECT_EQ(agree_on(with_opus(""), false)->opus, std::nullopt);
    EXPECT_EQ(agree_on(answer(), true)->opus, std::nullopt);
}

// Phones know G.711, and our sounds are nothing else.
TEST(WebSdp, WantsG711InAnyCase) {
    const std::string text = answer("8 0 101", "111 101");
    const auto agreed = agree_on(text + "a=rtpmap:111 opus/48000/2\r\n", true);
    ASSERT_FALSE(agreed);
    EXPECT_EQ(agreed.error(), SdpError::no_common_codec);
}

}  // namespace
}  // namespace lanze::sip
