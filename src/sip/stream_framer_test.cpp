#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "sip/message.h"

namespace lanze::sip {
namespace {

std::string message(const std::string& body, const std::string& length_line) {
    return "MESSAGE sip:a@b.example SIP/2.0\r\nX: y\r\n" + length_line + "\r\n\r\n" + body;
}
std::string message(const std::string& body) {
    return message(body, "Content-Length: " + std::to_string(body.size()));
}

// "." for a ping, otherwise the message.
std::vector<std::string> frames(StreamFramer& framer) {
    std::vector<std::string> result;
    while (auto frame = framer.next()) {
        result.push_back(frame->is_ping ? "." : frame->message);
    }
    return result;
}

TEST(StreamFramer, CutsByContentLength) {
    const std::string first = message("one");
    const std::string second = message("", "l : 0");
    const std::string third = message("a\r\n\r\nb", "CONTENT-LENGTH:\r\n 6");
    StreamFramer framer;
    EXPECT_TRUE(framer.feed("\r\n" + first + "\r\n\r\n" + second + third + "INVITE"));
    EXPECT_EQ(frames(framer), (std::vector<std::string>{first, ".", second, third}));
    EXPECT_TRUE(framer.feed(first.substr(7)));
    EXPECT_EQ(frames(framer).size(), 1U);
}

TEST(StreamFramer, CutsByteByByteAsAtOnce) {
    const std::string stream = "\r\n\r\n\r\n" + message("one") + "\r\n\r\n" + message("") +
                               message("\r\n\r\n") + "\r\n\r\n";
    StreamFramer at_once;
    EXPECT_TRUE(at_once.feed(stream));
    StreamFramer slowly;
    for (const char byte : stream) {
        EXPECT_TRUE(slowly.feed({&byte, 1}));
    }
    const auto expected = frames(at_once);
    EXPECT_EQ(expected.size(), 6U);
    EXPECT_EQ(frames(slowly), expected);
}

TEST(StreamFramer, BreaksWhereItCannotCut) {
    for (const char* length :
         {"X: y", "Content-Length: -1", "Content-Length: ", "Content-Length: 1 2",
          "Content-Length: 0x10", "Content-Length: 99999", "Content-Length: 65535",
          "Content-Length: 99999999999999999999999999", "Content-Length: 3\r\nl: 4",
          "Content-Length: 3,3"}) {
        StreamFramer framer;
        EXPECT_FALSE(framer.feed(message("abc", length))) << length;
        EXPECT_TRUE(framer.is_broken());
        EXPECT_TRUE(framer.broken_head().starts_with("MESSAGE")) << length;
        EXPECT_FALSE(framer.feed(message("abc")));
        EXPECT_FALSE(framer.next());
    }
}

TEST(StreamFramer, HandsOutWhatCameBeforeTheBreak) {
    StreamFramer framer;
    EXPECT_FALSE(framer.feed(message("one") + message("two", "X: y")));
    EXPECT_EQ(frames(framer), std::vector<std::string>{message("one")});
    EXPECT_EQ(framer.broken_head(), message("two", "X: y"));
}

TEST(StreamFramer, AcceptsEqualLengthsAndZeroBytes) {
    const std::string twice = message("abc", "l: 3\r\nContent-Length: 3");
    const std::string zero = message(std::string("\0\0", 2)) + std::string();
    StreamFramer framer;
    EXPECT_TRUE(framer.feed(twice + zero));
    EXPECT_EQ(frames(framer), (std::vector<std::string>{twice, zero}));
}

TEST(StreamFramer, LimitsTheHead) {
    const std::string long_head = message("", "X: " + std::string(17 * 1024, 'x') + "\r\nl: 0");
    StreamFramer at_once;
    EXPECT_FALSE(at_once.feed(long_head));
    StreamFramer slowly;
    std::size_t fed = 0;
    while (fed < long_head.size() && slowly.feed(std::string_view(long_head).substr(fed, 1))) {
        ++fed;
    }
    EXPECT_LE(fed, 16U * 1024 + 1);
    StreamFramer never_ending;
    EXPECT_FALSE(never_ending.feed(std::string(17 * 1024, 'a')));
}

TEST(StreamFramer, PingsNeedNoEnd) {
    StreamFramer framer;
    EXPECT_TRUE(framer.feed("\r\n\r"));
    EXPECT_EQ(frames(framer).size(), 0U);
    EXPECT_TRUE(framer.feed("\n"));
    EXPECT_EQ(frames(framer), std::vector<std::string>{"."});
    EXPECT_TRUE(framer.feed("\r\nMESSAGE"));
    EXPECT_EQ(frames(framer).size(), 0U);
}

// 64 KiB byte by byte: a framer that searched from the start each time would need minutes.
TEST(StreamFramer, IsLinear) {
    const std::string large =
        message(std::string(45'000, 'b'), "X: " + std::string(16'000, 'x') + "\r\nl: 45000");
    StreamFramer framer;
    std::size_t cut = 0;
    for (int round = 0; round < 4; ++round) {
        for (const char byte : large) {
            ASSERT_TRUE(framer.feed({&byte, 1}));
        }
        cut += frames(framer).size();
    }
    EXPECT_EQ(cut, 4U);
}

}  // namespace
}  // namespace lanze::sip
