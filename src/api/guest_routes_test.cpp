// Guests and chats, asked for over the routes.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "api/guests.h"
#include "api/routes_fixture.h"

namespace lanze::api {
namespace {

using GuestRoutesTest = RoutesTest;

TEST_F(GuestRoutesTest, ChatsAreTakenAndEndedByTheirNumber) {
    const core::ContactId chat{7};
    const std::string at = "/api/v1/desk/chats/7";
    EXPECT_EQ(post_as("anna", at + "/take").status, 200U);
    EXPECT_EQ(centre.taken(), (FakeCentre::Asked{{core::AgentId{1}, chat}}));
    EXPECT_EQ(post_as("anna", at + "/reject").status, 200U);
    EXPECT_EQ(centre.rejected(), (FakeCentre::Asked{{core::AgentId{1}, chat}}));
    EXPECT_EQ(post_as("anna", at + "/hang-up").status, 200U);
    EXPECT_EQ(centre.hung_up(), (FakeCentre::Asked{{core::AgentId{1}, chat}}));
    EXPECT_EQ(post_as("anna", at + "/wrap-up/end", R"({"outcome":"solved"})").status, 200U);
    EXPECT_EQ(centre.commands().back(),
              (core::Command{core::EndWrapUp{core::AgentId{1}, "solved", chat}}));
    EXPECT_EQ(post_as("anna", at + "/wrap-up/extend").status, 200U);
    EXPECT_EQ(centre.commands().back(),
              (core::Command{core::ExtendWrapUp{core::AgentId{1}, chat}}));
    EXPECT_EQ(post_as("admin", at + "/take").status, 403U);
    // Not his chat: the centre is asked about none.
    EXPECT_EQ(post_as("anna", at + "/transfer", R"({"queue":"bank"})").status, 200U);
    EXPECT_EQ(std::get<core::Transfer>(centre.commands().back()).contact, core::ContactId{});
}

TEST_F(GuestRoutesTest, OnlyFilesMayBeLongAndOnlyFilesAreNoJson) {
    EXPECT_TRUE(takes_file("POST", "/api/v1/desk/chats/7/files?name=a"));
    EXPECT_FALSE(takes_file("POST", "/api/v1/desk/chats/7/take"));
    EXPECT_FALSE(takes_file("GET", "/nothing"));
    EXPECT_EQ(post_as("anna", "/api/v1/desk/chats/7/files", "{}").status, 415U);
}

TEST_F(GuestRoutesTest, GuestsCallOnlyWhereTheCentreLetsThem) {
    EXPECT_EQ(code_of(ask(request("GET", "/api/v1/call"))), "no_call_page");
    EXPECT_EQ(ask(request("POST", "/api/v1/call", R"({"queue":"bank","kind":"voice"})")).status,
              404U);
    CallPageSettings settings;
    settings.concerns = {{"bank", "Konto", "Account"}};
    Guests guests(centre, live.picture(), live.chats(), settings);
    context.guests = &guests;
    EXPECT_EQ(ask(request("GET", "/api/v1/call")).status, 200U);
    EXPECT_EQ(ask(request("POST", "/api/v1/call/challenge")).status, 200U);
    EXPECT_EQ(code_of(ask(request("POST", "/api/v1/call", "{}"))), "bad_body");
    const Response begun =
        ask(request("POST", "/api/v1/call", R"({"queue":"bank","kind":"voice"})"));
    EXPECT_EQ(begun.status, 201U);
    for (const Header& header : begun.headers) {
        EXPECT_NE(header.name, "Set-Cookie");
    }
    const auto body = boost::json::parse(begun.body);
    Request end = request("DELETE", "/api/v1/call");
    end.headers.push_back({"Authorization", "Bearer " + std::string(body.at("token").as_string())});
    EXPECT_EQ(ask(end).status, 204U);
    EXPECT_EQ(ask(end).status, 404U);
    for (int i = 0; i < 9; ++i) {
        (void)ask(request("POST", "/api/v1/call", R"({"queue":"bank","kind":"voice"})"));
    }
    const Response refused =
        ask(request("POST", "/api/v1/call", R"({"queue":"bank","kind":"voice"})"));
    EXPECT_EQ(refused.status, 429U);
    EXPECT_EQ(refused.headers.front().name, "Retry-After");
    Request foreign = request("POST", "/api/v1/call", R"({"queue":"bank","kind":"voice"})");
    foreign.headers[1].value = "https://www.example.org";
    EXPECT_EQ(ask(foreign).status, 403U) << "no page of others calls by its visitors' browsers";
}

TEST_F(GuestRoutesTest, FilesGoFromGuestToAgentAndBack) {
    CallPageSettings settings;
    settings.concerns = {{"bank", "Konto", "Account"}};
    Guests guests(centre, live.picture(), live.chats(), settings);
    context.guests = &guests;
    const auto begun = boost::json::parse(
        ask(request("POST", "/api/v1/call", R"({"queue":"bank","kind":"text"})")).body);
    const std::string bearer = "Bearer " + std::string(begun.at("token").as_string());
    const std::string figures = ask(request("GET", "/metrics")).body;
    for (const char* line : {"lanze_guests 1\n", "lanze_guests_begun_total 1\n",
                             "lanze_guests_refused_total 0\n", "lanze_chat_bytes 0\n"}) {
        EXPECT_NE(figures.find(line), std::string::npos) << line << figures;
    }
    live.chats().open(*guests.known(begun.at("token").as_string()), core::ContactId{7},
                      live.picture());
    const auto as_guest = [&](Request one, std::string_view body = {}) {
        one.headers.push_back({"Authorization", bearer});
        if (!body.empty()) {
            one.headers.push_back({"Content-Type", "application/octet-stream"});
            one.body = body;
        }
        return ask(one);
    };
    Request send = request("POST", "/api/v1/call/files?name=%C3%9Cbersicht.txt");
    EXPECT_FALSE(router.may_send_file(send)) << "a stranger's body is not read";
    Request known = send;
    known.headers.push_back({"Authorization", bearer});
    EXPECT_TRUE(router.may_send_file(known));
    EXPECT_EQ(as_guest(send).status, 415U);
    EXPECT_EQ(as_guest(send, std::string_view("\0\1", 2)).status, 415U);
    const Response sent = as_guest(send, "what is in it");
    EXPECT_EQ(sent.status, 201U) << sent.body;
    EXPECT_EQ(sent.body, R"({"file":1})");
    const Response fetched = as_guest(request("GET", "/api/v1/call/files/1"));
    EXPECT_EQ(fetched.body, "what is in it");
    EXPECT_EQ(fetched.content_type, "text/plain");
    EXPECT_EQ(fetched.headers.front().value, "attachment; filename*=UTF-8''%C3%9Cbersicht.txt");
    EXPECT_EQ(as_guest(request("GET", "/api/v1/call/files/2")).status, 404U);
    EXPECT_EQ(ask(request("GET", "/api/v1/call/files/1")).status, 404U) << "without the token";
    EXPECT_EQ(read_as("anna", "/api/v1/desk/files/1").status, 404U) << "not in her chat";
}

TEST_F(GuestRoutesTest, OnlyOurOwnPageOpensAGuestsWebSocket) {
    Request wanted = request("GET", "/api/v1/call/live");
    EXPECT_TRUE(Router::is_for_guests(wanted));
    EXPECT_FALSE(Router::is_for_guests(request("GET", "/api/v1/live")));
    EXPECT_EQ(router.refusal_of_guest(wanted)->status, 404U);
    Guests guests(centre, live.picture(), live.chats(), {});
    context.guests = &guests;
    EXPECT_FALSE(router.refusal_of_guest(wanted));
    wanted.headers[1].value = "https://www.example.org";
    EXPECT_EQ(router.refusal_of_guest(wanted)->status, 403U);
}

}  // namespace
}  // namespace lanze::api
