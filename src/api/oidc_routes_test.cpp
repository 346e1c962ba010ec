// The sign-in through a provider as a browser goes through it, without a socket.
#include <gtest/gtest.h>

#include <chrono>

#include "api/routes_fixture.h"
#include "api/test_provider.h"

namespace lanze::api {
namespace {

class OidcRoutesTest : public RoutesTest {
protected:
    OidcRoutesTest() {
        test.keys = jwk_set({&key});
        context.oidc = &provider;
        context.on_provider = [this](const std::function<void()>& work) {
            if (!is_busy) {
                work();
            }
            return !is_busy;
        };
    }
    static std::string header(const Response& response, std::string_view name) {
        for (const Header& one : response.headers) {
            if (one.name == name) {
                return one.value;
            }
        }
        return "";
    }
    // Goes to the provider; keeps the browser's secret.
    Response go() {
        Response sent = ask(request("GET", "/api/v1/session/oidc"));
        const std::string set = header(sent, "Set-Cookie");
        kept = set.substr(0, set.find(';'));
        secret = kept.substr(kept.find('=') + 1);
        return sent;
    }
    void provider_vouches_for(const std::string& name) {
        test.token_body =
            R"({"id_token":")" +
            key.token(R"({"iss":"https://id.example","aud":"lanze","sub":"1","nonce":")" +
                      SignInSecret::nonce(secret) + R"(","iat":)" + now_s(0) + R"(,"exp":)" +
                      now_s(300) + R"(,"preferred_username":")" + name + "\"}") +
            "\"}";
    }
    std::string now_s(std::int64_t later) const {
        return std::to_string(
            std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count() +
            later);
    }
    Response come(const std::string& query) {
        Request made = request("GET", "/api/v1/session/oidc/callback?" + query);
        made.headers.erase(made.headers.begin() + 1);  // no Origin: the provider's page sent it
        made.headers.push_back({"Sec-Fetch-Site", "cross-site"});
        made.headers.push_back({"Sec-Fetch-Dest", "document"});
        made.headers.push_back({"Cookie", "other=1; " + kept});
        return ask(made);
    }
    Response come_with_code() { return come("code=c&state=" + SignInSecret::state(secret)); }
    std::string last_noted() { return people.audit_trail(1)->front().what; }

    TestProvider test;
    TestKey key{"ES256", "e"};
    OidcProvider provider{{TestProvider::kIssuer, "lanze", "", "preferred_username", "Nordlicht"},
                          test.fetch()};
    std::string kept;
    std::string secret;
};

TEST_F(OidcRoutesTest, ThePageLearnsOfTheButton) {
    EXPECT_EQ(ask(request("GET", "/api/v1/session/ways")).body,
              R"({"password":true,"provider":"Nordlicht"})");
    context.oidc = nullptr;
    EXPECT_EQ(ask(request("GET", "/api/v1/session/ways")).body,
              R"({"password":true,"provider":null})");
    EXPECT_EQ(ask(request("GET", "/api/v1/session/oidc")).status, 404U);
    EXPECT_EQ(ask(request("GET", "/api/v1/session/oidc/callback")).status, 404U);
}

TEST_F(OidcRoutesTest, WhoTheProviderVouchesForIsLetIn) {
    const Response sent = go();
    EXPECT_EQ(sent.status, 303U);
    EXPECT_TRUE(header(sent, "Location").starts_with("https://id.example/auth?"));
    EXPECT_NE(header(sent, "Location").find("http%3A%2F%2F127.0.0.1%3A8080%2Fapi"),
              std::string::npos);
    EXPECT_TRUE(header(sent, "Set-Cookie")
                    .ends_with("; Path=/api/v1/session/oidc; HttpOnly; SameSite=Lax; Max-Age=600"));
    provider_vouches_for("anna");
    const Response back = come_with_code();
    EXPECT_EQ(back.status, 303U);
    EXPECT_EQ(header(back, "Location"), "/");
    EXPECT_EQ(last_noted(), "signed in through the provider from 127.0.0.1");
    Request next = request("GET", "/api/v1/session");
    next.headers.push_back({"Cookie", header(back, "Set-Cookie")});
    EXPECT_EQ(ask(next).body, R"({"name":"anna","roles":["agent"],"agent":1})");
    EXPECT_NE(back.headers.back().value.find("lanze_sign_in=; "), std::string::npos);
    EXPECT_NE(back.headers.back().value.find("Max-Age=0"), std::string::npos);
}

TEST_F(OidcRoutesTest, NobodyIsMade) {
    go();
    provider_vouches_for("mallory");
    EXPECT_EQ(header(come_with_code(), "Location"), "/#/sign-in/unknown");
    EXPECT_EQ(people.persons()->size(), 3U);
    EXPECT_EQ(last_noted(),
              "sign-in through the provider failed from 127.0.0.1: nobody of this "
              "name is known here");
}

TEST_F(OidcRoutesTest, AnotherBrowsersAnswerIsRefused) {
    go();
    provider_vouches_for("anna");
    const std::string state = SignInSecret::state(secret);
    const std::string refused = "/#/sign-in/refused";
    EXPECT_EQ(header(come("code=c&state=" + std::string(64, 'a')), "Location"), refused);
    EXPECT_EQ(header(come("code=c"), "Location"), refused);
    const std::string mine = kept;
    kept = "lanze_sign_in=" + std::string(64, 'b');
    EXPECT_EQ(header(come("code=c&state=" + state), "Location"), refused);
    kept = "";
    EXPECT_EQ(header(come("code=c&state=" + state), "Location"), refused);
    EXPECT_EQ(last_noted(),
              "sign-in through the provider failed from 127.0.0.1: it was not begun in this "
              "browser");
    kept = mine;
    EXPECT_EQ(header(come("state=" + state), "Location"), refused) << "no code";
    EXPECT_EQ(header(come("error=access_denied&state=" + state), "Location"), refused);
    EXPECT_EQ(header(come("code=c&iss=https%3A%2F%2Fevil.example&state=" + state), "Location"),
              refused);
    EXPECT_EQ(last_noted(),
              "sign-in through the provider failed from 127.0.0.1: another provider answered");
    EXPECT_EQ(header(come("code=c&iss=https%3A%2F%2Fid.example&state=" + state), "Location"), "/");
}

TEST_F(OidcRoutesTest, GuessingIsLockedOutByAddress) {
    go();
    for (std::size_t i = 0; i < Lockout::kFailuresPerAddress; ++i) {
        EXPECT_EQ(header(come("code=c&state=x"), "Location"), "/#/sign-in/refused");
    }
    provider_vouches_for("anna");
    EXPECT_EQ(header(come_with_code(), "Location"), "/#/sign-in/locked");
    EXPECT_EQ(sign_in("anna", passwords["anna"]).status, 200U) << "passwords are counted apart";
    now += minutes(15);
    EXPECT_NE(header(come_with_code(), "Location"), "/#/sign-in/locked");
}

TEST_F(OidcRoutesTest, AProviderThatIsDownIsNobodysGuess) {
    go();
    test.is_down = true;
    now += hours(2);  // its description is asked for again
    for (std::size_t i = 0; i < Lockout::kFailuresPerAddress + 1; ++i) {
        EXPECT_EQ(header(come_with_code(), "Location"), "/#/sign-in/unreachable");
    }
    EXPECT_EQ(header(go(), "Location"), "/#/sign-in/unreachable");
    is_busy = true;
    EXPECT_EQ(header(go(), "Location"), "/#/sign-in/busy");
}

TEST_F(OidcRoutesTest, AnotherSitesPictureOrFrameCountsForNothing) {
    go();
    for (const char* kind : {"image", "iframe", "empty"}) {
        for (const char* target :
             {"/api/v1/session/oidc", "/api/v1/session/oidc/callback?code=c"}) {
            Request made = request("GET", target);
            made.headers.push_back({"Sec-Fetch-Dest", kind});
            EXPECT_EQ(code_of(ask(made)), "not_a_page") << kind;
        }
    }
    for (std::size_t i = 0; i < Lockout::kFailuresPerAddress; ++i) {
        Request made = request("GET", "/api/v1/session/oidc/callback?code=c");
        made.headers.push_back({"Sec-Fetch-Dest", "image"});
        ask(made);
    }
    EXPECT_EQ(sign_in("anna", passwords["anna"]).status, 200U) << "nobody was locked out";
}

}  // namespace
}  // namespace lanze::api
