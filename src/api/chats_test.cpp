#include "api/chats.h"

#include <gtest/gtest.h>

#include "api/fake_centre.h"

namespace lanze::api {
namespace {

using ports::AgentState;
using ports::ContactState;

constexpr GuestId kLena{1};
constexpr GuestId kOtto{2};
constexpr core::AgentId kAnna{1};
constexpr core::AgentId kBen{2};
constexpr core::ContactId kChat{7};

class ChatsTest : public testing::Test {
protected:
    ChatsTest() {
        chats_.tell_agents([this](core::AgentId agent, const Chats::Message& message) {
            to_agents_.emplace_back(agent.value(), *message);
        });
        chats_.tell_guests([this](GuestId guest, const Chats::Message& message) {
            to_guests_.emplace_back(guest.value(), *message);
        });
        show(ContactState::waiting, {});
        chats_.open(kLena, kChat, picture_);
    }

    // The contact as it stands, and the agent's chat with it.
    void show(ContactState state, core::AgentId agent, core::ContactId contact = kChat) {
        ports::View view;
        view.is_snapshot = true;
        for (const core::AgentId each : {kAnna, kBen}) {
            ports::AgentView seen =
                agent_view(each.value(), each == kAnna ? "anna" : "ben", AgentState::ready);
            if (each == agent) {
                const bool rings = state == ContactState::alerting;
                seen.written = {{contact,
                                 rings ? AgentState::alerting : AgentState::talking,
                                 test_time(),
                                 {},
                                 false}};
            }
            view.agents.push_back(seen);
        }
        ports::ContactView seen;
        seen.id = contact;
        seen.state = state;
        seen.agent = agent;
        seen.channel = core::Channel::chat;
        view.contacts = {seen};
        picture_.apply(view);
        chats_.update({contact}, picture_, test_time());
    }
    // The contact is over; the agent is in wrap-up.
    void end(core::AgentId agent, Time at) {
        ports::View view;
        ports::AgentView seen = agent_view(agent.value(), "anna", AgentState::wrap_up);
        seen.written = {{kChat, AgentState::wrap_up, at, {}, false}};
        view.agents = {seen};
        view.contacts_gone = {kChat};
        picture_.apply(view);
        chats_.update({kChat}, picture_, at);
    }

    Picture picture_;
    Chats chats_;
    std::vector<std::pair<std::uint32_t, std::string>> to_agents_;
    std::vector<std::pair<std::uint64_t, std::string>> to_guests_;
};

TEST_F(ChatsTest, WhatWasWrittenWhileWaitingIsShownToWhoTakesTheChat) {
    EXPECT_FALSE(chats_.guest_says(kLena, "My card is gone.", test_time()));
    show(ContactState::alerting, kAnna);
    EXPECT_TRUE(to_agents_.empty());
    EXPECT_EQ(chats_.whole_for_agent(kAnna, kChat, picture_), nullptr);
    show(ContactState::talking, kAnna);
    ASSERT_EQ(to_agents_.size(), 1U);
    EXPECT_EQ(to_agents_[0].first, kAnna.value());
    EXPECT_EQ(
        to_agents_[0].second,
        R"({"type":"chat","contact":7,"lines":[{"number":1,"at":"2026-11-23T10:00:00.000000Z",)"
        R"("side":"caller","text":"My card is gone.","file":null}]})");
    EXPECT_EQ(*chats_.whole_for_agent(kAnna, kChat, picture_), to_agents_[0].second);
}

TEST_F(ChatsTest, EachLineReachesBothSides) {
    show(ContactState::talking, kAnna);
    to_agents_.clear();
    EXPECT_FALSE(chats_.agent_says(kAnna, kChat, "Since when?", test_time()));
    ASSERT_EQ(to_agents_.size(), 1U);
    ASSERT_EQ(to_guests_.size(), 1U);
    EXPECT_NE(to_agents_[0].second.find(R"("contact":7,"line":{"number":1)"), std::string::npos);
    EXPECT_TRUE(to_guests_[0].second.starts_with(R"({"type":"chat_line","line":{"number":1)"));
    EXPECT_EQ(to_guests_[0].second.find("contact"), std::string::npos);
}

TEST_F(ChatsTest, TypingIsToldToTheOtherSideAlone) {
    chats_.guest_types(kLena);
    EXPECT_TRUE(to_agents_.empty());
    show(ContactState::talking, kAnna);
    to_agents_.clear();
    chats_.guest_types(kLena);
    ASSERT_EQ(to_agents_.size(), 1U);
    EXPECT_EQ(to_agents_[0].second, R"({"type":"chat_typing","contact":7})");
    chats_.agent_types(kAnna, kChat);
    ASSERT_EQ(to_guests_.size(), 1U);
    EXPECT_EQ(to_guests_[0].second, R"({"type":"chat_typing"})");
    chats_.agent_types(kBen, kChat);
    EXPECT_EQ(to_guests_.size(), 1U);
}

TEST_F(ChatsTest, AnotherAgentsChatIsRefused) {
    show(ContactState::talking, kAnna);
    const auto refused = chats_.agent_says(kBen, kChat, "hello", test_time());
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->code, "not_your_chat");
    EXPECT_FALSE(chats_.agent_sends(kBen, kChat, "a.txt", "text", test_time()));
    EXPECT_EQ(chats_.whole_for_agent(kBen, kChat, picture_), nullptr);
    EXPECT_TRUE(to_guests_.empty());
}

TEST_F(ChatsTest, LinesHaveLimits) {
    for (const std::string& text :
         {std::string(), std::string(" \n\t "), std::string(4'001, 'a')}) {
        const auto refused = chats_.guest_says(kLena, text, test_time());
        ASSERT_TRUE(refused);
        EXPECT_EQ(refused->code, "bad_text");
    }
    for (std::size_t i = 0; i < kChatLinesMax; ++i) {
        ASSERT_FALSE(chats_.guest_says(kLena, "a", test_time()));
    }
    const auto refused = chats_.guest_says(kLena, "a", test_time());
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->code, "chat_full");
    const auto stranger = chats_.guest_says(kOtto, "a", test_time());
    ASSERT_TRUE(stranger);
    EXPECT_EQ(stranger->code, "not_your_chat");
}

// A page gets all of its chats at once, and so may not be given more than it takes.
TEST_F(ChatsTest, AllLinesTogetherHaveALimit) {
    std::size_t taken = 0;
    while (!chats_.guest_says(kLena, std::string(4'000, '"'), test_time())) {
        ++taken;
    }
    EXPECT_GT(taken, 20U);
    EXPECT_LT(taken, 40U) << "each is twice as long in JSON";
    EXPECT_LT(chats_.whole_for_guest(kLena)->size(), kChatBytesMax + 1'000);
}

TEST_F(ChatsTest, ControlCharactersAreNoText) {
    EXPECT_TRUE(chats_.guest_says(kLena, "\x01\x02", test_time()));
    EXPECT_FALSE(chats_.guest_says(kLena, "a\x07\n\tb", test_time()));
    EXPECT_NE(chats_.whole_for_guest(kLena)->find(R"("a\n\tb")"), std::string::npos);
}

TEST_F(ChatsTest, ATransferTakesTheLinesAlong) {
    show(ContactState::talking, kAnna);
    EXPECT_FALSE(chats_.guest_says(kLena, "first", test_time()));
    const core::ContactId next{8};
    chats_.open(kLena, next, picture_);
    EXPECT_TRUE(chats_.agent_says(kAnna, kChat, "too late", test_time()));
    to_agents_.clear();
    show(ContactState::talking, kBen, next);
    ASSERT_EQ(to_agents_.size(), 1U);
    EXPECT_EQ(to_agents_[0].first, kBen.value());
    EXPECT_NE(to_agents_[0].second.find("first"), std::string::npos);
}

TEST_F(ChatsTest, AfterTheEndItCanBeReadForAnHour) {
    show(ContactState::talking, kAnna);
    EXPECT_FALSE(chats_.guest_says(kLena, "thank you", test_time()));
    end(kAnna, test_time());
    EXPECT_TRUE(chats_.guest_says(kLena, "and", test_time()));
    EXPECT_TRUE(chats_.agent_says(kAnna, kChat, "and", test_time()));
    EXPECT_NE(chats_.whole_for_agent(kAnna, kChat, picture_), nullptr);  // in wrap-up
    chats_.forget(test_time() + kChatKept - seconds(1));
    ASSERT_NE(chats_.whole_for_guest(kLena), nullptr);
    EXPECT_NE(chats_.whole_for_guest(kLena)->find("thank you"), std::string::npos);
    chats_.forget(test_time() + kChatKept);
    EXPECT_EQ(chats_.whole_for_guest(kLena), nullptr);
    EXPECT_EQ(chats_.whole_for_agent(kAnna, kChat, picture_), nullptr);
}

TEST_F(ChatsTest, FilesAreOfAFewKindsAndReachTheOtherSide) {
    show(ContactState::talking, kAnna);
    const auto sent = chats_.guest_sends(kLena, "../bill.pdf", "%PDF-1.7 ...", test_time());
    ASSERT_TRUE(sent);
    const ChatFile* file = chats_.file_for_agent(kAnna, *sent, picture_);
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(file->name, "bill.pdf");
    EXPECT_EQ(file->type, "application/pdf");
    EXPECT_EQ(chats_.file_for_agent(kBen, *sent, picture_), nullptr);
    EXPECT_EQ(chats_.file_for_guest(kOtto, *sent), nullptr);
    EXPECT_NE(chats_.file_for_guest(kLena, *sent), nullptr);
    EXPECT_NE(to_guests_.back().second.find(R"("text":"bill.pdf","file":1)"), std::string::npos);

    const auto program = chats_.guest_sends(kLena, "a.exe", std::string("MZ\0\1", 4), test_time());
    ASSERT_FALSE(program);
    EXPECT_EQ(program.error().code, "file_kind");
    const auto large =
        chats_.guest_sends(kLena, "a.txt", std::string(kChatFileMax + 1, 'a'), test_time());
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().code, "file_too_large");
}

TEST_F(ChatsTest, AChatHasRoomForSomeFilesAndEndsWithThem) {
    for (std::size_t i = 0; i < 4; ++i) {
        ASSERT_TRUE(chats_.guest_sends(kLena, "a", std::string(kChatFileMax, 'a'), test_time()));
    }
    const auto more = chats_.guest_sends(kLena, "a", "a", test_time());
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code, "too_many_files");
}

TEST(ChatFiles, AreKnownByTheirBytes) {
    EXPECT_EQ(kind_of_file("\x89PNG\r\n\x1a\n..."), "image/png");
    EXPECT_EQ(kind_of_file("\xff\xd8\xff\xe0"), "image/jpeg");
    EXPECT_EQ(kind_of_file("RIFF....WEBPVP8 "), "image/webp");
    EXPECT_EQ(kind_of_file("GIF89a..."), "image/gif");
    EXPECT_EQ(kind_of_file("Grüße\n"), "text/plain");
    // HTML is text here: it is saved, not shown.
    EXPECT_EQ(kind_of_file("<script>"), "text/plain");
    EXPECT_FALSE(kind_of_file(""));
    EXPECT_FALSE(kind_of_file(std::string_view("a\0b", 3)));
    EXPECT_FALSE(
        kind_of_file("RIFF....WAVE"
                     "\x01"));
}

TEST(ChatFiles, HaveNamesThatHarmNobody) {
    const std::string_view pdf = "application/pdf";
    EXPECT_EQ(plain_file_name("C:\\temp\\bill.pdf", pdf), "bill.pdf");
    EXPECT_EQ(plain_file_name("/etc/passwd", pdf), "passwd.pdf");
    EXPECT_EQ(plain_file_name("..", pdf), "file.pdf");
    EXPECT_EQ(plain_file_name("", pdf), "file.pdf");
    EXPECT_EQ(plain_file_name("a\"b\nc.PDF", pdf), "a_b_c.PDF");
    EXPECT_EQ(plain_file_name(".pdf", pdf), ".pdf.pdf");
    const std::string long_name = plain_file_name(std::string(99, 'a') + "ü.pdf", pdf);
    EXPECT_EQ(long_name, std::string(96, 'a') + ".pdf");
    EXPECT_EQ(plain_file_name("..pdf", pdf), "file.pdf");
    const std::string split = plain_file_name(std::string(95, 'a') + "ü.pdf", pdf);
    EXPECT_EQ(split, std::string(95, 'a') + ".pdf") << "no half of a character";
}

TEST(ChatFiles, AreSavedAsWhatTheyAre) {
    EXPECT_EQ(plain_file_name("run.bat", "text/plain"), "run.bat.txt");
    EXPECT_EQ(plain_file_name("notes.md", "text/plain"), "notes.md");
    EXPECT_EQ(plain_file_name("page.html", "image/gif"), "page.html.gif");
    EXPECT_EQ(plain_file_name("a\u202egpj.exe", "text/plain"), "agpj.exe.txt");
    EXPECT_EQ(plain_file_name("me.JPEG", "image/jpeg"), "me.JPEG");
}

}  // namespace
}  // namespace lanze::api
