#include "api/telephone.h"

#include <gtest/gtest.h>

#include "api/fake_centre.h"
#include "api/live.h"

namespace lanze::api {
namespace {

class FakePage final : public Socket {
public:
    void send(std::shared_ptr<const std::string> message) override { messages.push_back(*message); }
    void close(CloseReason) override {}
    bool last_has(const std::string& text) const {
        return !messages.empty() && messages.back().find(text) != std::string::npos;
    }

    std::vector<std::string> messages;
};

class TelephonesTest : public testing::Test {
protected:
    static constexpr core::AgentId kAnna{1};

    // What the centre was told, and forgets.
    std::vector<ports::PhoneMessage> told() {
        std::vector<ports::PhoneMessage> result;
        for (std::size_t i = told_; i < centre.phone_messages().size(); ++i) {
            EXPECT_EQ(centre.phone_messages()[i].first, kAnna);
            result.push_back(centre.phone_messages()[i].second);
        }
        told_ = centre.phone_messages().size();
        return result;
    }
    static std::vector<ports::PhoneMessage> only(ports::PhoneMessage message) {
        return {std::move(message)};
    }

    void say(Telephones::SocketId id, Socket& socket, std::string_view text) {
        const auto message = read_page_message(text);
        ASSERT_TRUE(message) << text;
        telephones.said(id, socket, kAnna, *message);
    }

    FakeCentre centre;
    Telephones telephones{centre};
    FakePage page;
    FakePage other;
    std::size_t told_ = 0;
};

TEST_F(TelephonesTest, a_page_becomes_the_telephone_and_speaks) {
    say(1, page, R"({"type":"phone_open"})");
    EXPECT_EQ(told(), only(ports::PhoneOpened{}));
    telephones.tell(kAnna, ports::PhoneReady{{ports::LegId{17}}});
    EXPECT_TRUE(page.last_has(R"("state":"here","ice_servers":[],"legs":[17])"));
    telephones.tell(
        kAnna, ports::PhoneOffer{ports::LegId{17}, core::ContactId{5}, true, false, "v=0\r\n"});
    EXPECT_EQ(page.messages.back(),
              R"({"type":"phone_offer","leg":17,"contact":5,"answered":true,"held":false,)"
              R"("sdp":"v=0\r\n"})");
    say(1, page, R"({"type":"phone_described","leg":17,"sdp":"v=0"})");
    EXPECT_EQ(told(), only(ports::PhoneDescribed{ports::LegId{17}, "v=0"}));
    say(1, page, R"({"type":"phone_answered","leg":17})");
    EXPECT_EQ(told(), only(ports::PhoneAnswered{ports::LegId{17}}));
    say(1, page, R"({"type":"phone_held","leg":17,"held":true})");
    EXPECT_EQ(told(), only(ports::PhoneHeld{ports::LegId{17}, true}));
    say(1, page, R"({"type":"phone_broken","leg":17})");
    EXPECT_EQ(told(), only(ports::PhoneBroken{ports::LegId{17}}));
    say(1, page, R"({"type":"phone_test","wanted":false})");
    EXPECT_EQ(told(), only(ports::PhoneTest{false}));
    say(1, page, R"({"type":"phone_close"})");
    EXPECT_EQ(told(), only(ports::PhoneClosed{true}));
    EXPECT_TRUE(page.last_has(R"("state":"off")"));
}

TEST_F(TelephonesTest, a_page_that_goes_is_waited_for) {
    say(1, page, R"({"type":"phone_open"})");
    told();
    telephones.left(1);
    EXPECT_EQ(told(), only(ports::PhoneClosed{false}));
    telephones.tell(kAnna, ports::PhoneOver{ports::LegId{17}});
    EXPECT_TRUE(page.messages.empty());
}

TEST_F(TelephonesTest, of_two_pages_one_is_the_telephone) {
    say(1, page, R"({"type":"phone_open"})");
    say(2, other, R"({"type":"phone_open"})");
    EXPECT_TRUE(other.last_has(R"("state":"elsewhere")"));
    EXPECT_EQ(told(), only(ports::PhoneOpened{}));
    say(2, other, R"({"type":"phone_answered","leg":17})");
    EXPECT_TRUE(other.last_has(R"("code":"not_the_phone")"));
    EXPECT_TRUE(told().empty());
    say(2, other, R"({"type":"phone_open","take_over":true})");
    EXPECT_TRUE(page.last_has(R"("state":"elsewhere")"));
    EXPECT_EQ(told(), only(ports::PhoneOpened{}));
    telephones.left(2);
    EXPECT_EQ(told(), only(ports::PhoneClosed{false}));
    EXPECT_TRUE(page.last_has(R"("state":"off")"));  // it may be it again
}

TEST_F(TelephonesTest, what_is_said_in_a_chat_is_read) {
    const auto line = read_page_message(R"({"type":"chat_say","contact":7,"text":"Grüße"})");
    ASSERT_TRUE(line);
    EXPECT_EQ(*line, PageSays(ChatSays{core::ContactId{7}, "Grüße"}));
    const auto typing = read_page_message(R"({"type":"chat_typing","contact":7})");
    ASSERT_TRUE(typing);
    EXPECT_EQ(*typing, PageSays(ChatTypes{core::ContactId{7}}));
}

TEST_F(TelephonesTest, what_cannot_be_understood_is_told) {
    for (const char* text :
         {"", "nonsense", "[]", "{}", R"({"type":7})", R"({"type":"phone_what"})",
          R"({"type":"phone_answered"})", R"({"type":"phone_answered","leg":-1})",
          R"({"type":"phone_answered","leg":"17"})", R"({"type":"phone_described","leg":17})",
          R"({"type":"phone_held","leg":17,"held":"yes"})", R"([[[[[[]]]]]])",
          R"({"type":"chat_say","text":"a"})", R"({"type":"chat_say","contact":7})",
          R"({"type":"chat_say","contact":7,"text":5})", R"({"type":"chat_typing"})"}) {
        EXPECT_FALSE(read_page_message(text)) << text;
    }
    const std::string long_text =
        R"({"type":"phone_described","leg":17,"sdp":")" + std::string(40'000, 'a') + "\"}";
    EXPECT_FALSE(read_page_message(long_text));
    EXPECT_TRUE(told().empty());
}

}  // namespace
}  // namespace lanze::api
