#include "sip/sdp.h"

#include <gtest/gtest.h>

#include <string>

namespace lanze::sip {
namespace {

constexpr std::string_view kStart = "v=0\no=anna 2890844526 2890844527 IN IP4 192.0.2.5\ns=-\n";

std::string description(std::string_view rest) {
    return std::string(kStart) + std::string(rest);
}

SessionDescription parsed(std::string_view text) {
    const auto result = parse_sdp(text);
    EXPECT_TRUE(result) << to_string(result.error()) << "\n" << text;
    return result ? *result : SessionDescription{};
}

std::string error_of(std::string_view text) {
    const auto result = parse_sdp(text);
    return result ? "" : std::string(to_string(result.error()));
}

// An offer of one audio stream, for talking about directions and codecs.
SessionDescription offer_of(std::string_view media) {
    return parsed(description("c=IN IP4 192.0.2.5\nt=0 0\n" + std::string(media)));
}

LocalMedia local_media() {
    LocalMedia local;
    local.rtp = *Endpoint::parse("198.51.100.1:30000");
    local.session_id = 42;
    return local;
}

TEST(ParseSdp, ReadsAnAudioStream) {
    const SessionDescription result =
        parsed(description("i=x\nc=IN IP4 192.0.2.1\nb=AS:64\nt=0 0\na=recvonly\n"
                           "m=video 4000 RTP/AVP 96 97\na=rtpmap:96 H264/90000\na=inactive\n"
                           "c=IN IP4 192.0.2.9\n"
                           "m=audio 5004/2 RTP/AVP 8 0 101 111 8\nc=IN IP4 192.0.2.2\n"
                           "a=rtpmap:101 telephone-event/8000\na=fmtp:101 0-16\n"
                           "a=rtpmap:111 opus/48000/2\na=ptime:30\na=sendonly\n"
                           "a=rtcp:5006 IN IP4 192.0.2.3\n"
                           "m=audio 5010 RTP/AVP 0\na=sendrecv\n"));
    EXPECT_EQ(result.session_id, 2890844526U);
    EXPECT_EQ(result.version, 2890844527U);
    EXPECT_EQ(result.rtp.to_string(), "192.0.2.2:5004");
    ASSERT_TRUE(result.rtcp);
    EXPECT_EQ(result.rtcp->to_string(), "192.0.2.3:5006");
    EXPECT_EQ(result.audio_index, 1U);
    EXPECT_EQ(result.codecs, (std::vector<Codec>{{8, "PCMA", 8000, "", 1},
                                                 {0, "PCMU", 8000, "", 1},
                                                 {101, "telephone-event", 8000, "0-16", 1},
                                                 {111, "opus", 48000, "", 2}}));
    EXPECT_EQ(result.direction, Direction::sendonly);
    EXPECT_EQ(result.packet_time_ms, 30);
    ASSERT_EQ(result.refused.size(), 2U);
    EXPECT_EQ(result.refused[0].media, "video");
    EXPECT_EQ(result.refused[0].format, "96 97");
    EXPECT_EQ(result.refused[1].index, 2U);
    EXPECT_EQ(parsed(write_sdp(result)).codecs, result.codecs);
}

TEST(ParseSdp, TakesTheSessionsAddressAndDirection) {
    const SessionDescription result = parsed(
        "v=0\r\no=- 1 1 IN IP4 phone.example.org\r\ns= \r\nc=IN IP6 2001:db8::1\r\nt=0 0\r\n"
        "a=inactive\r\nm=audio 5004 RTP/AVP 0\r\na=rtcp:5009\r\n\r\n");
    EXPECT_EQ(result.rtp.to_string(), "[2001:db8::1]:5004");
    EXPECT_EQ(result.rtcp->to_string(), "[2001:db8::1]:5009");
    EXPECT_EQ(result.direction, Direction::inactive);
    EXPECT_TRUE(result.origin_address.is_unspecified());
}

TEST(ParseSdp, RefusesWhatIsMalformed) {
    const std::string audio = "c=IN IP4 192.0.2.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n";
    for (const std::string& text : {
             std::string(),
             std::string("v=1\no=- 1 1 IN IP4 192.0.2.1\ns=-\n") + audio,
             std::string("v=0\ns=-\no=- 1 1 IN IP4 192.0.2.1\n") + audio,
             std::string("v=0\no=- 1 IN IP4 192.0.2.1\ns=-\n") + audio,
             std::string("v=0\no=- 1 99999999999999999999 IN IP4 192.0.2.1\ns=-\n") + audio,
             description("c=IN IP4 192.0.2.1\nm=audio 5004 RTP/AVP 0\n"),
             description("t=0 0\nm=audio 5004 RTP/AVP 0\n"),
             description("c=IN IP4 phone.example.org\nt=0 0\nm=audio 5004 RTP/AVP 0\n"),
             description("c=IN IP4 224.2.1.1/127\nt=0 0\nm=audio 5004 RTP/AVP 0\n"),
             description("c=IN IP6 192.0.2.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n"),
             description(audio + "m =video 3227 RTP/AVP 31\n"),
             description(audio + "m=video\n"),
             description(audio + "m=video 99999 RTP/AVP 31\n"),
             description(audio + "m=video 1 RTP/AVP\n"),
             description(audio + "a=rtpmap:0 PCMU\n"),
             description(audio + "a=rtpmap:0 PCMU/0\n"),
             description(audio + "a=rtcp:x\n"),
             description(audio + "v=0\n"),
             description(audio + "y=1\n"),
             description(audio + "nonsense\n"),
             description(audio + "\na=sendrecv\n"),
             description(audio + std::string("a=\0x\n", 5)),
             description("c=IN IP4 192.0.2.1\nt=0 0\nm=audio 5004 RTP/AVP 128\n"),
             description("c=IN IP4 192.0.2.1\nt=0 0\nm=audio 5004 RTP/AVP x\n"),
         }) {
        EXPECT_EQ(error_of(text), "malformed") << text;
    }
}

TEST(ParseSdp, NamesWhatItDoesNotServe) {
    for (const char* media : {"", "m=video 5004 RTP/AVP 96\n", "m=audio 0 RTP/AVP 0\n",
                              "m=audio 5004 RTP/SAVP 0\n", "m=audio 5004 RTP/AVPF 0\n"}) {
        EXPECT_EQ(error_of(description("c=IN IP4 192.0.2.1\nt=0 0\n" + std::string(media))),
                  "no audio over RTP/AVP");
    }
    EXPECT_EQ(error_of(std::string(kSdpSizeMax + 1, 'a')), "too large");
}

TEST(ParseSdp, LimitsStreamsAndCodecs) {
    std::string streams = "c=IN IP4 192.0.2.1\nt=0 0\n";
    for (std::size_t i = 0; i < kSdpStreamsMax; ++i) {
        streams += "m=audio 5004 RTP/AVP 0\n";
    }
    EXPECT_EQ(parsed(description(streams)).refused.size(), kSdpStreamsMax - 1);
    EXPECT_EQ(error_of(description(streams + "m=audio 5004 RTP/AVP 0\n")), "malformed");
    std::string codecs = "c=IN IP4 192.0.2.1\nt=0 0\nm=audio 5004 RTP/AVP";
    for (std::size_t i = 0; i <= kSdpCodecsMax; ++i) {
        codecs += " " + std::to_string(i);
    }
    EXPECT_EQ(error_of(description(codecs + "\n")), "malformed");
}

TEST(WriteSdp, WritesAnOffer) {
    EXPECT_EQ(write_sdp(make_offer(local_media(), Direction::sendrecv)),
              "v=0\r\no=- 42 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\n"
              "m=audio 30000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
              "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n"
              "a=sendrecv\r\n");
}

TEST(WriteSdp, ReadsBackAsTheSame) {
    SessionDescription result = make_offer(local_media(), Direction::sendonly, "pcmu");
    EXPECT_EQ(result.codecs[0].name, "PCMU");
    result.audio_index = 1;
    result.refused = {{"video", "RTP/SAVPF", "96 97", 0}, {"text", "RTP/AVP", "98", 2}};
    result.rtcp = Endpoint{*IpAddress::parse("2001:db8::7"), 30001};
    EXPECT_EQ(parsed(write_sdp(result)), result);
}

TEST(MakeAnswer, TakesTheOffersFirstG711) {
    const auto answer = make_answer(
        offer_of("m=video 4000 RTP/AVP 96\nm=audio 5004 RTP/AVP 9 97 8 0 96\n"
                 "a=rtpmap:97 PCMU/8000\na=rtpmap:96 telephone-event/8000\na=fmtp:96 0-16\n"),
        local_media());
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->codecs, (std::vector<Codec>{{97, "PCMU", 8000, "", 1},
                                                  {96, "telephone-event", 8000, "0-15", 1}}));
    EXPECT_EQ(answer->audio_index, 1U);
    const std::string text = write_sdp(*answer);
    EXPECT_LT(text.find("m=video 0 RTP/AVP 96"), text.find("m=audio 30000 RTP/AVP 97 96"));
}

TEST(MakeAnswer, RefusesWithoutG711) {
    for (const char* media :
         {"m=audio 5004 RTP/AVP 9\n", "m=audio 5004 RTP/AVP 96\na=rtpmap:96 PCMA/16000\n",
          "m=audio 5004 RTP/AVP 0\na=rtpmap:0 PCMU/8000/2\n",
          "m=audio 5004 RTP/AVP 96\na=rtpmap:96 telephone-event/8000\n"}) {
        const auto answer = make_answer(offer_of(media), local_media());
        ASSERT_FALSE(answer) << media;
        EXPECT_EQ(answer.error(), SdpError::no_common_codec);
    }
}

struct DirectionCase {
    const char* offered;  // lines of the offer's audio stream
    Direction wished;
    Direction answered;
    bool may_send;
    bool may_receive;
};

// RFC 3264 §6.1 and §8.4.
TEST(MakeAnswer, MirrorsTheDirection) {
    constexpr DirectionCase kCases[] = {
        {"", Direction::sendrecv, Direction::sendrecv, true, true},
        {"a=sendonly\n", Direction::sendrecv, Direction::recvonly, false, true},
        {"a=recvonly\n", Direction::sendrecv, Direction::sendonly, true, false},
        {"a=inactive\n", Direction::sendrecv, Direction::inactive, false, false},
        {"c=IN IP4 0.0.0.0\n", Direction::sendrecv, Direction::recvonly, false, true},
        {"c=IN IP4 0.0.0.0\na=recvonly\n", Direction::sendrecv, Direction::inactive, false, false},
        {"", Direction::sendonly, Direction::sendonly, true, false},
        {"a=sendonly\n", Direction::sendonly, Direction::inactive, false, false},
        {"a=recvonly\n", Direction::inactive, Direction::inactive, false, false},
    };
    for (const DirectionCase& expected : kCases) {
        SCOPED_TRACE(expected.offered);
        const auto offer = offer_of("m=audio 5004 RTP/AVP 0\n" + std::string(expected.offered));
        const auto answer = make_answer(offer, local_media(), expected.wished);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->direction, expected.answered);
        const auto media = agree(*answer, offer, false);
        ASSERT_TRUE(media);
        EXPECT_EQ(media->may_send, expected.may_send);
        EXPECT_EQ(media->may_receive, expected.may_receive);
    }
}

TEST(Agree, TheAnswerDecidesWhenWeOffered) {
    const SessionDescription offer = make_offer(local_media(), Direction::sendrecv);
    const auto media = agree(offer,
                             offer_of("m=audio 5004 RTP/AVP 9 0 8 96\n"
                                      "a=rtpmap:96 telephone-event/8000\na=rtcp:5009\n"),
                             true);
    ASSERT_TRUE(media);
    EXPECT_EQ(media->remote_rtp.to_string(), "192.0.2.5:5004");
    EXPECT_EQ(media->remote_rtcp.to_string(), "192.0.2.5:5009");
    EXPECT_EQ(media->audio.name, "PCMU");
    EXPECT_EQ(media->audio_payload_in, 0);
    EXPECT_EQ(media->event_payload, 96);
    EXPECT_EQ(media->event_payload_in, 101);
}

TEST(Agree, UsesEachSidesNumbers) {
    const auto offer = offer_of("m=audio 65535 RTP/AVP 97\na=rtpmap:97 PCMA/8000\n");
    const auto answer = make_answer(offer, local_media());
    ASSERT_TRUE(answer);
    const auto media = agree(*answer, offer, false);
    ASSERT_TRUE(media);
    EXPECT_EQ(media->audio.payload_type, 97);
    EXPECT_EQ(media->audio_payload_in, 97);
    EXPECT_EQ(media->event_payload, std::nullopt);
    EXPECT_EQ(media->remote_rtcp.port, 65535);
}

TEST(Agree, RefusesAnAnswerThatTakesNothing) {
    const auto media = agree(make_offer(local_media(), Direction::sendrecv),
                             offer_of("m=audio 5004 RTP/AVP 9\n"), true);
    ASSERT_FALSE(media);
    EXPECT_EQ(media.error(), SdpError::no_common_codec);
}

}  // namespace
}  // namespace lanze::sip
