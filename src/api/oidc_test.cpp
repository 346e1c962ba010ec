#include "api/oidc.h"

#include <gtest/gtest.h>

#include "api/test_provider.h"

namespace lanze::api {
namespace {

const Time kNow{seconds(1'795'000'000)};

class OidcTest : public testing::Test {
protected:
    OidcTest() { test.keys = jwk_set({&key}); }
    std::string body_with(const std::string& more, const TestKey& signer) const {
        const std::string nonce = SignInSecret::nonce(secret);
        return R"({"access_token":"x","id_token":")" +
               signer.token(R"({"iss":"https://id.example","aud":"lanze","sub":"1","nonce":")" +
                            nonce + R"(","iat":1795000000,"exp":1795000300)" + more + "}") +
               "\"}";
    }
    Result<std::string, OidcError> come_back(Time now = kNow) {
        return provider.name_of({"the code", secret, redirect}, now);
    }

    TestProvider test;
    TestKey key{"ES256", "e"};
    std::string secret = SignInSecret::fresh();
    std::string redirect = "https://lanze.example/api/v1/session/oidc/callback";
    OidcProvider provider{{TestProvider::kIssuer, "lanze", "s e:cret", "preferred_username", "Id"},
                          test.fetch()};
};

TEST(SignInSecretTest, EverythingComesFromOneSecretAndNothingTellsAnother) {
    const std::string secret = SignInSecret::fresh();
    EXPECT_TRUE(SignInSecret::is_well_formed(secret));
    EXPECT_FALSE(SignInSecret::is_well_formed(secret.substr(1)));
    EXPECT_FALSE(SignInSecret::is_well_formed(std::string(64, 'G')));
    EXPECT_NE(SignInSecret::fresh(), secret);
    EXPECT_NE(SignInSecret::state(secret), SignInSecret::nonce(secret));
    EXPECT_NE(SignInSecret::state(secret), SignInSecret::verifier(secret));
    EXPECT_EQ(SignInSecret::verifier(secret).size(), 64U) << "43 to 128 by RFC 7636";
    EXPECT_EQ(SignInSecret::challenge(secret).size(), 43U);
}

TEST_F(OidcTest, TheBrowserIsSentWithStateNonceAndChallenge) {
    const auto address = provider.sign_in_address(secret, redirect, kNow);
    ASSERT_TRUE(address) << address.error().what;
    EXPECT_EQ(*address,
              "https://id.example/auth?response_type=code&client_id=lanze&redirect_uri="
              "https%3A%2F%2Flanze.example%2Fapi%2Fv1%2Fsession%2Foidc%2Fcallback&scope="
              "openid%20profile&state=" +
                  SignInSecret::state(secret) + "&nonce=" + SignInSecret::nonce(secret) +
                  "&code_challenge=" + SignInSecret::challenge(secret) +
                  "&code_challenge_method=S256");
    EXPECT_EQ(test.asked.at(0).address, "https://id.example/.well-known/openid-configuration");
    EXPECT_TRUE(provider.sign_in_address(secret, redirect, kNow + minutes(59)));
    EXPECT_EQ(test.asked.size(), 1U) << "remembered";
    EXPECT_TRUE(provider.sign_in_address(secret, redirect, kNow + hours(1)));
    EXPECT_EQ(test.asked.size(), 2U);
}

TEST_F(OidcTest, WhoComesBackIsNamedByTheClaim) {
    test.token_body = body_with(R"(,"preferred_username":"anna")", key);
    const auto name = come_back();
    ASSERT_TRUE(name) << name.error().what;
    EXPECT_EQ(*name, "anna");
    const FetchRequest& asked = test.asked.at(1);
    EXPECT_EQ(asked.form,
              "grant_type=authorization_code&code=the%20code&redirect_uri=https%3A%2F%2F"
              "lanze.example%2Fapi%2Fv1%2Fsession%2Foidc%2Fcallback&code_verifier=" +
                  SignInSecret::verifier(secret));
    EXPECT_EQ(asked.credential, "lanze:s%20e%3Acret") << "RFC 6749 2.3.1";
}

TEST_F(OidcTest, TheSecretGoesIntoTheFormWhereBasicIsNotTaken) {
    test.metadata.replace(test.metadata.find("client_secret_basic"), 19, "client_secret_post");
    test.token_body = body_with(R"(,"preferred_username":"anna")", key);
    EXPECT_TRUE(come_back());
    EXPECT_EQ(test.asked.at(1).credential, "");
    EXPECT_TRUE(test.asked.at(1).form.ends_with("&client_id=lanze&client_secret=s%20e%3Acret"));
}

TEST_F(OidcTest, ANewKeyOfTheProviderIsAskedForOnceAMinute) {
    test.token_body = body_with(R"(,"preferred_username":"anna")", key);
    EXPECT_TRUE(come_back());
    const TestKey fresh("RS256", "next");
    test.token_body = body_with(R"(,"preferred_username":"ben")", fresh);
    EXPECT_EQ(come_back().error().what, "the ID token is not signed by the provider");
    test.keys = jwk_set({&key, &fresh});
    EXPECT_FALSE(come_back(kNow + seconds(59)));
    EXPECT_EQ(come_back(kNow + minutes(1)).value(), "ben");
}

TEST_F(OidcTest, AnAddressCountsOnlyWhenItIsVerified) {
    OidcProvider by_email({TestProvider::kIssuer, "lanze", "", "email", "Id"}, test.fetch());
    test.token_body = body_with(R"(,"email":"anna@example.org")", key);
    EXPECT_EQ(by_email.name_of({"c", secret, redirect}, kNow).error().what,
              "the provider has not verified the address");
    test.token_body = body_with(R"(,"email":"anna@example.org","email_verified":true)", key);
    EXPECT_EQ(by_email.name_of({"c", secret, redirect}, kNow).value(), "anna@example.org");
    EXPECT_TRUE(test.asked.at(1).form.ends_with("&client_id=lanze")) << "no secret: PKCE alone";
    EXPECT_NE(by_email.sign_in_address(secret, redirect, kNow)->find("openid%20email"),
              std::string::npos);
}

TEST_F(OidcTest, WhatTheTokenDoesNotTellIsAskedFor) {
    test.metadata.insert(1, R"("userinfo_endpoint":"https://id.example/me",)");
    test.token_body = body_with("", key);
    test.person = R"({"sub":"1","preferred_username":"anna"})";
    EXPECT_EQ(come_back().value(), "anna");
    EXPECT_EQ(test.asked.back().address, "https://id.example/me");
    EXPECT_EQ(test.asked.back().bearer, "x");
    test.person = R"({"sub":"2","preferred_username":"admin"})";
    EXPECT_EQ(come_back().error().what, "the provider tells about another person");
    for (const char* nothing : {"{}", "[]", "no JSON", ""}) {
        test.person = nothing;
        EXPECT_FALSE(come_back()) << nothing;
    }
    test.token_body = body_with(R"(,"preferred_username":"ben")", key);
    EXPECT_EQ(come_back().value(), "ben") << "not asked for";
}

TEST_F(OidcTest, WhatTheProviderRefusesIsNoFaultOfTheNetwork) {
    test.token_status = 400;
    test.token_body = R"({"error":"invalid_grant","error_description":"<b>\n"})";
    EXPECT_EQ(come_back().error().what, "the provider refuses the code: invalid_grant");
    EXPECT_EQ(come_back().error().kind, OidcError::Kind::refused);
    test.token_body = R"({"error":"<script>"})";
    EXPECT_EQ(come_back().error().what, "the provider refuses the code: ");
    test.token_status = 200;
    test.token_body = "{}";
    EXPECT_EQ(come_back().error().what, "the provider gives no ID token");
    test.token_body = body_with("", key);
    EXPECT_EQ(come_back().error().what, "the provider tells no preferred_username");
}

TEST_F(OidcTest, AProviderThatDoesNotAnswerIsToldApart) {
    test.is_down = true;
    const auto address = provider.sign_in_address(secret, redirect, kNow);
    EXPECT_EQ(address.error().kind, OidcError::Kind::unreachable);
    EXPECT_EQ(address.error().what, "the provider cannot be asked: Timeout was reached");
    test.is_down = false;
    test.token_status = 502;
    test.token_body = "<html>";
    EXPECT_EQ(come_back().error().what, "the provider answers 502 instead of a token");
    EXPECT_EQ(come_back().error().kind, OidcError::Kind::unreachable);
}

TEST(Metadata, IsTakenFromItsOwnIssuerAndBySafeAddressesOnly) {
    const TestProvider test;
    EXPECT_TRUE(parse_metadata(test.metadata, TestProvider::kIssuer));
    EXPECT_EQ(parse_metadata(test.metadata, "https://id.example/").error(),
              "the provider calls itself by another issuer");
    EXPECT_EQ(parse_metadata("[]", TestProvider::kIssuer).error(),
              "the provider's description is no JSON object");
    std::string plain = test.metadata;
    plain.replace(plain.find("https://id.example/token"), 5, "http");
    EXPECT_EQ(parse_metadata(plain, TestProvider::kIssuer).error(),
              "the provider names an address without https");
    EXPECT_FALSE(parse_metadata(R"({"issuer":"https://id.example"})", TestProvider::kIssuer));
}

TEST(SafeAddress, IsHttpsOrThisMachine) {
    for (const char* good : {"https://id.example", "https://id.example:8443/realm",
                             "http://127.0.0.1:3000", "http://localhost/x", "http://[::1]:3000/"}) {
        EXPECT_TRUE(is_safe_address(good)) << good;
    }
    for (const char* bad : {"", "id.example", "https://", "https:///x", "http://id.example",
                            "http://127.0.0.1.evil.example", "http://localhost@evil.example",
                            "file:///etc/passwd", "https://a b", "ftp://localhost",
                            "http://localhost.evil.example", "https://id.example#x"}) {
        EXPECT_FALSE(is_safe_address(bad)) << bad;
    }
}

TEST(FetchOverNetwork, AnswersWithASentenceWhenNobodyIsThere) {
    const auto refused = fetch_over_network({"http://127.0.0.1:1/"});
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().starts_with("cannot be asked: ")) << refused.error();
    EXPECT_EQ(fetch_over_network({"file:///etc/hostname"}).error(),
              "cannot be asked: no https address");
}

}  // namespace
}  // namespace lanze::api
