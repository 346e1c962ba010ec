#include "api/guests.h"

#include <gtest/gtest.h>

#include "api/fake_centre.h"

namespace lanze::api {
namespace {

class FakeSocket final : public Socket {
public:
    void send(std::shared_ptr<const std::string> message) override { messages.push_back(*message); }
    void close(CloseReason reason) override { closed = reason.text; }

    std::string last() const { return messages.empty() ? "" : messages.back(); }
    bool last_has(const std::string& text) const { return last().find(text) != std::string::npos; }

    std::vector<std::string> messages;
    std::string closed;
};

const IpAddress kHome = IpAddress::v4(192, 0, 2, 7);
const IpAddress kElsewhere = IpAddress::v4(198, 51, 100, 9);

class GuestsTest : public testing::Test {
protected:
    GuestsTest() { show(test_snapshot()); }

    static CallPageSettings settings() {
        CallPageSettings made;
        made.is_enabled = true;
        made.concerns = {{"bank", "Konto", "Account"}, {"gone", "Weg", "Gone"}};
        return made;
    }
    void show(const ports::View& view) {
        picture.apply(view);
        guests.apply(view, now);
    }
    static std::string hello(const std::string& token) {
        return R"({"type":"hello","token":")" + token + "\"}";
    }
    std::string token(const IpAddress& from = kHome) {
        const auto outcome =
            guests.begin({"bank", core::Channel::voice, "Meyer", "", ""}, from, now);
        const auto* begun = std::get_if<Guests::Begun>(&outcome);
        return begun == nullptr ? std::get<Guests::Refused>(outcome).code : begun->token;
    }
    std::string refusal(const std::string& queue, const IpAddress& from = kHome) {
        const auto outcome = guests.begin({queue, core::Channel::voice, "", "", ""}, from, now);
        const auto* refused = std::get_if<Guests::Refused>(&outcome);
        return refused == nullptr ? "" : refused->code;
    }
    // Connected, and known to the centre as this contact.
    Guests::SocketId call(FakeSocket& socket, const std::string& with, std::uint64_t contact) {
        const auto id = guests.join(socket, kHome, now);
        guests.hear(id, hello(with), now);
        const ports::GuestId guest = centre.guest_messages().back().first;
        guests.tell(guest, ports::GuestQueued{core::ContactId{contact}}, now);
        return id;
    }
    ports::GuestId guest() const { return centre.guest_messages().back().first; }
    const ports::GuestMessage& said() const { return centre.guest_messages().back().second; }
    void change(std::vector<ports::ContactView> contacts) {
        ports::View view = test_changes();
        view.contacts = std::move(contacts);
        show(view);
    }

    Time now = test_time();
    FakeCentre centre;
    Picture picture;
    Chats chats;
    Guests guests{centre, picture, chats, settings()};
    FakeSocket page;
};

TEST_F(GuestsTest, TellsOnlyTheConcernsThatAreThere) {
    const std::string json = guests.concerns_json(now);
    EXPECT_TRUE(json.starts_with(
        R"({"concerns":[{"queue":"bank","title":{"de":"Konto","en":"Account"},"is_open":true,)"
        R"("opens_at":null,"waiting":1,"told_wait":null}],"asks_challenge":false})"))
        << json;
}

TEST_F(GuestsTest, ConnectsWithTheTokenAndEntersTheQueueThen) {
    const std::string with = token();
    EXPECT_EQ(with.size(), 64U);
    EXPECT_TRUE(centre.guest_messages().empty()) << "not before the page is there";
    const auto id = guests.join(page, kHome, now);
    guests.hear(id, hello(with), now);
    EXPECT_EQ(page.messages.front(), R"({"type":"welcome","queue":"bank","kind":"voice"})");
    EXPECT_EQ(said(), ports::GuestMessage(
                          ports::GuestCalls{core::QueueId{1}, core::Channel::voice, "Meyer"}));
    EXPECT_NE(token(), with);
}

TEST_F(GuestsTest, RefusesQueuesThatAreNoConcern) {
    EXPECT_EQ(refusal("mobile"), "unknown_queue");
    EXPECT_EQ(refusal("gone"), "unknown_queue") << "configured, but not there any more";
}

TEST_F(GuestsTest, HangsUpOnStrangers) {
    for (const std::string& text :
         {std::string("hello"), std::string(R"({"type":"phone_close"})"), hello("wrong")}) {
        FakeSocket socket;
        const auto id = guests.join(socket, kHome, now);
        guests.hear(id, text, now);
        EXPECT_EQ(socket.closed, text == hello("wrong") ? "unknown_token" : "no_hello");
        EXPECT_TRUE(socket.messages.empty());
        guests.leave(id, now);
    }
    guests.join(page, kHome, now);
    now += Guests::kHelloWithin;
    guests.tick(now);
    EXPECT_EQ(page.closed, "no_hello");
    EXPECT_TRUE(centre.guest_messages().empty());
}

TEST_F(GuestsTest, LimitsStrangersOfOneAddress) {
    std::vector<FakeSocket> sockets(Guests::kStrangersPerAddress + 1);
    for (FakeSocket& socket : sockets) {
        guests.join(socket, kHome, now);
    }
    EXPECT_EQ(sockets.back().closed, "too_many_connections");
    EXPECT_NE(guests.join(page, kElsewhere, now), 0U);
}

TEST_F(GuestsTest, EndsAPageThatSaysTooMuch) {
    const auto id = call(page, token(), 6);
    for (std::size_t i = 0; i <= Guests::kTextsPerSecond; ++i) {
        guests.hear(id, R"({"type":"phone_broken","leg":1})", now);
    }
    EXPECT_EQ(page.closed, "too_many_messages");
}

TEST_F(GuestsTest, TellsThePlaceByTheRoutersOrder) {
    ports::ContactView urgent = contact_view(7, ports::ContactState::waiting);
    urgent.priority = 1;
    urgent.queued = now + seconds(1);
    ports::ContactView overdue = contact_view(8, ports::ContactState::waiting);
    overdue.is_overdue = true;
    overdue.priority = 9;
    ports::ContactView ringing = contact_view(9, ports::ContactState::alerting);
    ports::ContactView later = contact_view(10, ports::ContactState::waiting);
    ports::ContactView elsewhere = contact_view(4, ports::ContactState::waiting);
    elsewhere.queue = core::QueueId{2};
    change({urgent, overdue, ringing, later, elsewhere});
    call(page, token(), 6);
    EXPECT_TRUE(page.last_has(R"("state":"waiting","before":2,"told_wait":null)")) << page.last();
    ports::View view = test_changes();
    view.contacts_gone = {core::ContactId{7}};
    show(view);
    EXPECT_TRUE(page.last_has(R"("before":2)")) << "not more than once a second";
    now += Guests::kPlacesEvery;
    guests.tick(now);
    EXPECT_TRUE(page.last_has(R"("before":1)"));
    const std::size_t told = page.messages.size();
    now += Guests::kPlacesEvery;
    guests.tick(now);
    EXPECT_EQ(page.messages.size(), told) << "nothing is new";
}

TEST_F(GuestsTest, TellsANewStateAtOnce) {
    call(page, token(), 6);
    change({contact_view(6, ports::ContactState::alerting, 2)});
    EXPECT_TRUE(page.last_has(R"("state":"alerting","before":null)"));
    EXPECT_FALSE(page.last_has("ben")) << "nobody's name";
    change({contact_view(6, ports::ContactState::talking, 2)});
    EXPECT_TRUE(page.last_has(R"("state":"talking")"));
}

TEST_F(GuestsTest, TheTokenLeadsBackToTheSameCall) {
    const std::string with = token();
    const auto id = call(page, with, 6);
    guests.leave(id, now);
    EXPECT_EQ(said(), ports::GuestMessage(ports::PhoneClosed{false}));
    FakeSocket again;
    guests.hear(guests.join(again, kElsewhere, now), hello(with), now);
    EXPECT_EQ(said(), ports::GuestMessage(ports::PhoneOpened{})) << "also from another address";
    EXPECT_TRUE(again.last_has(R"("state":"waiting")"));
}

TEST_F(GuestsTest, ASecondPageTakesTheCallOver) {
    const std::string with = token();
    const auto first = call(page, with, 6);
    FakeSocket second;
    guests.hear(guests.join(second, kHome, now), hello(with), now);
    EXPECT_EQ(page.closed, "taken_over");
    const std::size_t told = centre.guest_messages().size();
    guests.leave(first, now);
    EXPECT_EQ(centre.guest_messages().size(), told) << "the call is with the other page";
}

TEST_F(GuestsTest, PassesOnWhatConcernsTheAudio) {
    const auto id = call(page, token(), 6);
    guests.hear(id, R"({"type":"phone_described","leg":3,"sdp":"v=0"})", now);
    EXPECT_EQ(said(), ports::GuestMessage(ports::PhoneDescribed{ports::LegId{3}, "v=0"}));
    for (const char* text :
         {R"({"type":"phone_answered","leg":3})", R"({"type":"phone_test"})",
          R"({"type":"phone_open"})", R"({"type":"phone_held","leg":3,"held":true})", "{}", "[]"}) {
        guests.hear(id, text, now);
        EXPECT_TRUE(page.last_has(R"("type":"refused","code":"bad_message")")) << text;
    }
    EXPECT_EQ(said(), ports::GuestMessage(ports::PhoneDescribed{ports::LegId{3}, "v=0"}));
    guests.tell(guest(), ports::PhoneReady{{ports::LegId{3}}}, now);
    EXPECT_EQ(page.last(), R"({"type":"phone","state":"here","ice_servers":[],"legs":[3]})");
}

TEST_F(GuestsTest, TellsWhyACallIsOverAlsoToAPageThatComesBackTooLate) {
    const std::string with = token();
    const auto id = call(page, with, 6);
    guests.tell(guest(), ports::GuestOver{ports::GuestOverReason::ended}, now);
    EXPECT_TRUE(page.last_has(R"("state":"over")"));
    EXPECT_TRUE(page.last_has(R"("why":"ended")"));
    EXPECT_EQ(guests.figures().open, 0U);
    const std::size_t told = centre.guest_messages().size();
    guests.hear(id, R"({"type":"phone_close"})", now);
    guests.leave(id, now);
    FakeSocket late;
    guests.hear(guests.join(late, kHome, now), hello(with), now);
    EXPECT_TRUE(late.last_has(R"("why":"ended")"));
    EXPECT_EQ(centre.guest_messages().size(), told);
    now += Guests::kOverKept;
    guests.tick(now);
    EXPECT_EQ(late.closed, "over");
    FakeSocket too_late;
    guests.hear(guests.join(too_late, kHome, now), hello(with), now);
    EXPECT_EQ(too_late.closed, "unknown_token");
}

TEST_F(GuestsTest, ATokenNobodyConnectsWithExpires) {
    const std::string with = token();
    now += settings().token_valid;
    guests.tick(now);
    EXPECT_EQ(guests.figures().open, 0U);
    guests.hear(guests.join(page, kHome, now), hello(with), now);
    EXPECT_TRUE(page.last_has(R"("why":"hung_up")"));
    EXPECT_TRUE(centre.guest_messages().empty());
}

TEST_F(GuestsTest, HangsUpByTokenAlone) {
    const std::string with = token();
    const auto id = call(page, with, 6);
    guests.leave(id, now);
    EXPECT_TRUE(guests.hang_up(with, now));
    EXPECT_EQ(said(), ports::GuestMessage(ports::PhoneClosed{true}));
    EXPECT_FALSE(guests.hang_up("x", now));
    const std::string unused = token();
    EXPECT_TRUE(guests.hang_up(unused, now));
    EXPECT_FALSE(guests.hang_up(unused, now)) << "over";
}

TEST_F(GuestsTest, LimitsCallsOfOneAddress) {
    for (std::uint32_t i = 0; i < settings().calls_at_once; ++i) {
        EXPECT_EQ(refusal("bank"), "");
    }
    EXPECT_EQ(refusal("bank"), "too_many_at_once");
    EXPECT_EQ(refusal("bank", kElsewhere), "");
    EXPECT_EQ(refusal("bank"), "too_many_at_once");
    EXPECT_EQ(refusal("bank"), "too_many_calls");
}

TEST_F(GuestsTest, AsksForWorkUnderLoad) {
    CallPageSettings busy = settings();
    busy.proof_of_work_from = 1;
    busy.proof_of_work_bits = 8;
    Guests loaded(centre, picture, chats, busy);
    GuestWish wish{"bank", core::Channel::voice, "", "", ""};
    EXPECT_TRUE(std::holds_alternative<Guests::Begun>(loaded.begin(wish, kElsewhere, now)));
    for (std::uint32_t i = 0; i <= busy.calls_per_minute; ++i) {
        const auto outcome = loaded.begin(wish, kHome, now);
        EXPECT_EQ(std::get<Guests::Refused>(outcome).status, 428U) << "asking does not count";
    }
    EXPECT_NE(loaded.concerns_json(now).find(R"("asks_challenge":true)"), std::string::npos);
    const std::string given = loaded.challenge_json(kHome, now);
    const std::size_t from = given.find(":\"") + 2;
    wish.challenge = given.substr(from, given.find('"', from) - from);
    for (int i = 0; leading_zero_bits(wish.challenge + ":" + wish.answer) < 8; ++i) {
        wish.answer = std::to_string(i);
    }
    EXPECT_TRUE(std::holds_alternative<Guests::Begun>(loaded.begin(wish, kHome, now)));
    EXPECT_TRUE(std::holds_alternative<Guests::Refused>(loaded.begin(wish, kHome, now))) << "once";
}

TEST_F(GuestsTest, TakesNoMoreThanSoManyAtOnce) {
    CallPageSettings small = settings();
    small.at_once = 1;
    Guests few(centre, picture, chats, small);
    const GuestWish wish{"bank", core::Channel::voice, "", "", ""};
    EXPECT_TRUE(std::holds_alternative<Guests::Begun>(few.begin(wish, kHome, now)));
    const auto outcome = few.begin(wish, kElsewhere, now);
    EXPECT_EQ(std::get<Guests::Refused>(outcome).code, "too_many_guests");
    EXPECT_EQ(std::get<Guests::Refused>(outcome).status, 503U);
}

TEST_F(GuestsTest, FollowsATransfer) {
    call(page, token(), 6);
    change({contact_view(11, ports::ContactState::waiting)});
    guests.tell(guest(), ports::GuestQueued{core::ContactId{11}}, now);
    change({contact_view(11, ports::ContactState::talking, 1)});
    EXPECT_TRUE(page.last_has(R"("state":"talking")"));
}

TEST_F(GuestsTest, WritesInsteadOfSpeaking) {
    const auto outcome = guests.begin({"bank", core::Channel::chat, "Meyer", "", ""}, kHome, now);
    const std::string with = std::get<Guests::Begun>(outcome).token;
    EXPECT_EQ(guests.known(with).has_value(), true);
    EXPECT_EQ(guests.known("another"), std::nullopt);
    const auto id = call(page, with, 12);
    EXPECT_EQ(page.messages.front(), R"({"type":"welcome","queue":"bank","kind":"text"})");
    guests.hear(id, R"({"type":"chat_say","text":"My card is gone."})", now);
    EXPECT_TRUE(page.last_has(R"("type":"chat_line")"));
    EXPECT_TRUE(page.last_has("My card is gone."));
    guests.hear(id, R"({"type":"chat_typing"})", now);
    guests.hear(id, R"({"type":"chat_say"})", now);
    EXPECT_TRUE(page.last_has("bad_message"));
    guests.hear(id, R"({"type":"chat_say","text":" "})", now);
    EXPECT_TRUE(page.last_has("bad_text"));

    FakeSocket again;
    guests.hear(guests.join(again, kHome, now), hello(with), now);
    ASSERT_GE(again.messages.size(), 2U);
    EXPECT_TRUE(again.messages[1].starts_with(R"({"type":"chat","lines":[{"number":1)"));
}

TEST_F(GuestsTest, WhoSpeaksHasNoChat) {
    const auto id = call(page, token(), 6);
    guests.hear(id, R"({"type":"chat_say","text":"hello"})", now);
    EXPECT_TRUE(page.last_has("not_your_chat"));
}

TEST(GuestMessages, ReadsAWish) {
    const auto wish =
        read_guest_wish(R"({"queue":"bank","kind":"text","name":" Frau  <1>)"
                        "\xE2\x80\xAE"
                        R"(Meyer\u0007 ","solution":{"challenge":"c","answer":"a"}})");
    ASSERT_TRUE(wish) << wish.error();
    EXPECT_EQ(*wish, (GuestWish{"bank", core::Channel::chat, "Frau 1Meyer", "c", "a"}));
    for (const char* body : {"", "[]", R"({"queue":"bank"})", R"({"kind":"voice"})",
                             R"({"queue":"bank","kind":"outbound"})"}) {
        EXPECT_FALSE(read_guest_wish(body)) << body;
    }
    EXPECT_FALSE(read_guest_wish(R"({"queue":"bank","kind":"voice","name":")" +
                                 std::string(kGuestNameMax + 1, 'a') + "\"}"));
}

}  // namespace
}  // namespace lanze::api
