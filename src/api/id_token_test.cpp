#include "api/id_token.h"

#include <gtest/gtest.h>

#include "api/test_provider.h"

namespace lanze::api {
namespace {

constexpr std::int64_t kNow_s = 1'795'000'000;

class IdTokenTest : public testing::Test {
protected:
    // One claim in another way than it should be; "": left out.
    static std::string payload(const std::string& name = "", const std::string& value = "") {
        std::map<std::string, std::string> claims = {{"iss", R"("https://id.example")"},
                                                     {"aud", R"("lanze")"},
                                                     {"sub", R"("4711")"},
                                                     {"nonce", R"("n")"},
                                                     {"iat", std::to_string(kNow_s)},
                                                     {"exp", std::to_string(kNow_s + 300)},
                                                     {"preferred_username", R"("anna")"}};
        if (!name.empty()) {
            claims[name] = value;
        }
        std::string text;
        for (const auto& [claim, written] : claims) {
            if (!written.empty()) {
                text += (text.empty() ? "\"" : ",\"") + claim + "\":" + written;
            }
        }
        return "{" + text + "}";
    }
    std::string problem(const std::string& token) const {
        const auto claims = verify_id_token(token, *keys, expected);
        return claims ? "" : claims.error();
    }

    TestKey rsa{"RS256", "r"};
    TestKey ec{"ES256", "e"};
    Result<KeySet, std::string> keys = KeySet::parse(jwk_set({&rsa, &ec}));
    Expected expected{"https://id.example", "lanze", "n", Time{seconds(kNow_s)}};
};

TEST(Base64Url, GoesThereAndBack) {
    for (const std::string bytes : {"", "f", "fo", "foo", "foob", "\xFF\xFE\xFD"}) {
        EXPECT_EQ(base64url_decode(base64url_encode(bytes)), bytes);
    }
    EXPECT_EQ(base64url_encode("\xFF\xEF"), "_-8");
    for (const char* bad : {"a", "ab=", "a+b/", "ab cd", "_-9"}) {
        EXPECT_EQ(base64url_decode(bad), std::nullopt) << bad;
    }
}

TEST_F(IdTokenTest, WhatIsSignedWithEitherKeyIsBelieved) {
    ASSERT_TRUE(keys) << keys.error();
    for (const TestKey* key : {&rsa, &ec}) {
        const auto claims = verify_id_token(key->token(payload()), *keys, expected);
        ASSERT_TRUE(claims) << claims.error();
        EXPECT_EQ(claims->texts.at("preferred_username"), "anna");
        EXPECT_FALSE(claims->is_email_verified);
    }
    const auto verified =
        verify_id_token(rsa.token(payload("email_verified", "true")), *keys, expected);
    EXPECT_TRUE(verified->is_email_verified);
}

TEST_F(IdTokenTest, EachClaimIsChecked) {
    struct Row {
        const char* name;
        std::string value;
        const char* problem;
    };
    const std::string late = std::to_string(kNow_s - 60);
    const std::string early = std::to_string(kNow_s + 61);
    for (const Row& row : {
             Row{"iss", R"("https://evil.example")", "is of another issuer"},
             Row{"iss", R"("https://id.example/")", "is of another issuer"},
             Row{"iss", "", "is of another issuer"},
             Row{"aud", R"("other")", "is not meant for us"},
             Row{"aud", "", "is not meant for us"},
             Row{"aud", "[]", "is not meant for us"},
             Row{"aud", R"(["lanze","other"])", "is not meant for us"},
             Row{"azp", R"("other")", "is not meant for us"},
             Row{"exp", late, "has expired; are both clocks right?"},
             Row{"exp", "", "does not say from when to when it is good"},
             Row{"exp", "\"soon\"", "does not say from when to when it is good"},
             Row{"exp", "-1", "does not say from when to when it is good"},
             Row{"exp", "1e300", "does not say from when to when it is good"},
             Row{"iat", "", "does not say from when to when it is good"},
             Row{"iat", early, "was issued in the future; are both clocks right?"},
             Row{"nonce", R"("other")", "does not belong to this sign-in"},
             Row{"nonce", "", "does not belong to this sign-in"},
             Row{"sub", "", "names nobody"},
         }) {
        EXPECT_EQ(problem(rsa.token(payload(row.name, row.value))), row.problem)
            << row.name << " " << row.value;
    }
    EXPECT_EQ(problem(rsa.token(payload("aud", R"(["lanze"])"))), "");
    EXPECT_EQ(problem(rsa.token(payload("exp", std::to_string(kNow_s - 59)))), "") << "skew";
}

TEST_F(IdTokenTest, AForgedSignatureIsRefused) {
    const TestKey stranger("RS256", "r");
    EXPECT_EQ(problem(stranger.token(payload())), "is not signed by the provider");
    const TestKey other_curve("ES256", "e");
    EXPECT_EQ(problem(other_curve.token(payload())), "is not signed by the provider");
    const std::string good = rsa.token(payload());
    const std::size_t dot = good.find('.');
    const std::string swapped = good.substr(0, dot + 1) +
                                base64url_encode(payload("sub", "\"admin\"")) +
                                good.substr(good.rfind('.'));
    EXPECT_EQ(problem(swapped), "is not signed by the provider");
    for (std::size_t cut = 1; cut < 40; ++cut) {
        EXPECT_NE(problem(good.substr(0, good.size() - cut)), "");
    }
    EXPECT_EQ(problem(good.substr(0, good.rfind('.') + 1)), "is not signed by the provider");
}

TEST_F(IdTokenTest, OnlyTheTwoAlgorithmsCount) {
    for (const char* header :
         {R"({"alg":"none"})", R"({"alg":"HS256","kid":"r"})", R"({"alg":"RS512","kid":"r"})",
          R"({"kid":"r"})", R"({"alg":"RS256","kid":"r","crit":["x"],"x":1})"}) {
        EXPECT_EQ(problem(rsa.token(header, payload())), "is not signed with RS256 or ES256")
            << header;
    }
    // A key of one kind under the name of the other.
    EXPECT_EQ(problem(rsa.token(R"({"alg":"ES256","kid":"r"})", payload())),
              "is not signed by the provider");
}

TEST_F(IdTokenTest, WithoutAKeyIdTheOnlyKeyOfItsKindIsMeant) {
    EXPECT_EQ(problem(rsa.token(R"({"alg":"RS256"})", payload())), "");
    const TestKey second("RS256", "s");
    keys = KeySet::parse(jwk_set({&rsa, &second}));
    EXPECT_EQ(problem(rsa.token(R"({"alg":"RS256"})", payload())), "is not signed by the provider");
    EXPECT_EQ(problem(rsa.token(payload())), "");
}

TEST_F(IdTokenTest, WhatIsNoTokenIsSaidToBeNone) {
    for (const std::string& bad :
         {std::string(), std::string("a.b"), std::string("a.b.c.d"), std::string("!.b.c"),
          std::string("e30.e30.@"), std::string(kTokenMax + 1, 'a'),
          base64url_encode("[]") + ".e30.e30"}) {
        EXPECT_EQ(problem(bad), "is no signed token") << bad.substr(0, 20);
        EXPECT_FALSE(key_id_of(bad) && bad != "e30.e30.@");
    }
    EXPECT_EQ(problem(rsa.token(R"({"alg":"RS256","kid":"r"})", "no JSON")),
              "says nothing in JSON");
    EXPECT_EQ(key_id_of(rsa.token(payload())), "r");
}

TEST(KeySet, PassesOverWhatCannotServe) {
    const TestKey weak("RS256", "w", 1'024);
    for (const std::string& document :
         {std::string("{}"), std::string("[]"), std::string("{"), std::string(R"({"keys":1})"),
          std::string(KeySet::kDocumentMax + 1, ' '),
          R"({"keys":)" + std::string(100, '[') + std::string(100, ']') + "}"}) {
        EXPECT_EQ(KeySet::parse(document).error(), "the provider's keys are no JWK set");
    }
    for (const std::string& document :
         {std::string(R"({"keys":[]})"), std::string(R"({"keys":[1,{},{"kty":"oct","k":"AA"}]})"),
          std::string(R"({"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]})"),
          R"({"keys":[{"kty":"EC","crv":"P-256","x":")" + base64url_encode(std::string(32, '\1')) +
              R"(","y":")" + base64url_encode(std::string(32, '\2')) + R"("}]})",
          jwk_set({&weak})}) {
        EXPECT_EQ(KeySet::parse(document).error(), "the provider has no key for RS256 or ES256")
            << document;
    }
    const TestKey good("RS256", "g");
    std::string for_encryption = jwk_set({&good});
    for_encryption.replace(for_encryption.find("\"sig\""), 5, "\"enc\"");
    EXPECT_FALSE(KeySet::parse(for_encryption));
    std::string other_use = jwk_set({&good});
    other_use.replace(other_use.find("RS256"), 5, "PS256");
    EXPECT_FALSE(KeySet::parse(other_use));
}

}  // namespace
}  // namespace lanze::api
