#include "sip/digest.h"

#include <gtest/gtest.h>

#include <string>

namespace lanze::sip {
namespace {

constexpr Time kNow = from_micros(1'700'000'000'000'000);
constexpr const char* kRealm = "example.org";

std::string field(const std::string& value, const std::string& name) {
    const std::size_t begin = value.find(name + "=\"") + name.size() + 2;
    return value.substr(begin, value.find('"', begin) - begin);
}

// The example of RFC 7616 §3.9.1.
Challenge rfc_challenge(DigestAlgorithm algorithm) {
    Challenge challenge;
    challenge.realm = "http-auth@example.org";
    challenge.nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    challenge.opaque = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS";
    challenge.algorithm = algorithm;
    challenge.offers_qop_auth = true;
    return challenge;
}
std::string rfc_answer(DigestAlgorithm algorithm) {
    return answer_challenge(rfc_challenge(algorithm), {"Mufasa", "Circle of Life"}, "GET",
                            "/dir/index.html", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", 1);
}

TEST(Digest, AnswersAsTheRfcDoes) {
    EXPECT_EQ(field(rfc_answer(DigestAlgorithm::md5), "response"),
              "8ca523f5e9506fed4657c9700eebdbec");
    EXPECT_EQ(field(rfc_answer(DigestAlgorithm::sha256), "response"),
              "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
    const std::string answer = rfc_answer(DigestAlgorithm::sha256);
    EXPECT_NE(answer.find("algorithm=SHA-256"), std::string::npos);
    EXPECT_NE(answer.find("qop=auth, nc=00000001"), std::string::npos);
    EXPECT_EQ(field(answer, "opaque"), "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS");
}

// The example of RFC 2617 §3.5 is the one of RFC 2069 with qop; without it the old form holds.
TEST(Digest, AnswersAsTheOldRfcsDo) {
    Challenge challenge;
    challenge.realm = "testrealm@host.com";
    challenge.nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
    challenge.offers_qop_auth = true;
    const Credentials credentials{"Mufasa", "Circle Of Life"};
    EXPECT_EQ(
        field(answer_challenge(challenge, credentials, "GET", "/dir/index.html", "0a4f113b", 1),
              "response"),
        "6629fae49393a05397450978507c4ef1");
    challenge.offers_qop_auth = false;
    const std::string old =
        answer_challenge(challenge, credentials, "GET", "/dir/index.html", "0a4f113b", 1);
    EXPECT_EQ(field(old, "response"), "670fd8c2df070c60b045671b8b24ff02");
    EXPECT_EQ(old.find("cnonce"), std::string::npos);
}

TEST(Digest, HashesTheSecret) {
    EXPECT_EQ(digest_ha1(DigestAlgorithm::md5, "Mufasa", "testrealm@host.com", "Circle Of Life"),
              "939e7578ed9e3c518a452acee763bce9");
    EXPECT_NE(digest_ha1(DigestAlgorithm::md5, "a", "", ""),
              digest_ha1(DigestAlgorithm::md5, "", "a", ""));
}

TEST(Challenge, IsReadAndWritten) {
    const auto challenge = Challenge::parse(
        "digest  Realm=\"a \\\"b\\\", c\" ,nonce=\"n\", qop=\"auth-int,auth\", STALE=TRUE, "
        "algorithm=sha-256, opaque=o, extra=x");
    ASSERT_TRUE(challenge);
    EXPECT_EQ(challenge->realm, "a \"b\", c");
    EXPECT_EQ(challenge->nonce, "n");
    EXPECT_EQ(challenge->opaque, "o");
    EXPECT_TRUE(challenge->offers_qop_auth);
    EXPECT_TRUE(challenge->is_stale);
    EXPECT_EQ(challenge->algorithm, DigestAlgorithm::sha256);
    EXPECT_EQ(challenge->to_string(),
              "Digest realm=\"a \\\"b\\\", c\", nonce=\"n\", opaque=\"o\", algorithm=SHA-256, "
              "qop=\"auth\", stale=true");
}

TEST(Challenge, RefusesWhatCannotBeAnswered) {
    for (const std::string text :
         {"", "Digest", "Basic realm=\"x\"", "Digest nonce=\"n\"", "Digest realm=\"r\"",
          "Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess",
          "Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512-256",
          "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"",
          "Digest realm=\"r\", realm=\"s\", nonce=\"n\"", "Digest realm=\"r\", nonce",
          "DigestX realm=\"r\", nonce=\"n\""}) {
        EXPECT_FALSE(Challenge::parse(text)) << text;
    }
    EXPECT_FALSE(Challenge::parse("Digest realm=\"r\", nonce=\"" + std::string(5000, 'n') + "\""));
}

TEST(Challenge, TheStrongestIsPicked) {
    Message response;
    response.headers = {
        {"WWW-Authenticate", "NewScheme a=\"b\""},
        {"WWW-Authenticate", "Digest realm=\"r\", nonce=\"1\", algorithm=MD5"},
        {"www-authenticate", "Digest realm=\"r\", nonce=\"2\", algorithm=SHA-256, qop=\"auth\""},
        {"WWW-Authenticate", "Digest realm=\"r\", nonce=\"3\", algorithm=SHA-512-256"}};
    ASSERT_TRUE(strongest_challenge(response));
    EXPECT_EQ(strongest_challenge(response)->nonce, "2");
    response.headers = {{"Proxy-Authenticate",
                         "Basic realm=\"x\", Digest realm=\"r\", nonce=\"4\", Digest realm=\"r\", "
                         "nonce=\"5\", algorithm=SHA-256"}};
    ASSERT_TRUE(strongest_challenge(response));
    EXPECT_EQ(strongest_challenge(response)->nonce, "5");
    response.headers.clear();
    EXPECT_FALSE(strongest_challenge(response));
}

class DigestServerTest : public testing::Test {
protected:
    using Verdict = DigestServer::Verdict;

    // A phone that answers a challenge; what differs from the rule is set before.
    struct Phone {
        std::string username = "anna";
        std::string password = "secret";
        std::string uri = "sip:example.org";
        std::string cnonce = "c1";
    };

    Message request(const Phone& phone, std::uint32_t count = 1, std::size_t challenge = 0) {
        Message message;
        message.method = "REGISTER";
        message.uri = *Uri::parse("sip:example.org");
        const auto parsed = Challenge::parse(server_.challenges(issued_, false)[challenge]);
        message.headers = {
            {"Authorization", answer_challenge(*parsed, {phone.username, phone.password},
                                               "REGISTER", phone.uri, phone.cnonce, count)}};
        return message;
    }

    Verdict verify(const Message& message, Time now = kNow) {
        return server_.verify(message, now, [](const std::string& username) {
            return username == "anna" ? std::optional<std::string>("secret") : std::nullopt;
        });
    }

    DigestServer server_{kRealm, "key of the nonces"};
    Time issued_ = kNow;
};

TEST_F(DigestServerTest, AcceptsBothAlgorithms) {
    EXPECT_EQ(server_.challenges(kNow, false).size(), 2U);
    EXPECT_NE(server_.challenges(kNow, false)[0].find("SHA-256"), std::string::npos);
    EXPECT_EQ(verify(request({}, 1, 0)), Verdict::accepted);
    EXPECT_EQ(verify(request({.cnonce = "c2"}, 1, 1)), Verdict::accepted);
    EXPECT_EQ(server_.username(request({})), "anna");
}

TEST_F(DigestServerTest, WantsCredentialsForItsRealm) {
    EXPECT_EQ(verify(Message{}), Verdict::missing);
    Message other = request({});
    const std::string value = other.headers[0].value;
    other.set_header("Authorization", "Digest realm=\"elsewhere\", username=\"anna\"");
    EXPECT_EQ(verify(other), Verdict::missing);
    EXPECT_EQ(server_.username(other), "");
    other.set_header("Authorization", "NoOneKnowsThisScheme opaque-data=here");
    EXPECT_EQ(verify(other), Verdict::missing);
    other.headers.push_back({"Authorization", value});
    EXPECT_EQ(verify(other), Verdict::accepted);
}

TEST_F(DigestServerTest, RefusesWhatIsWrong) {
    EXPECT_EQ(verify(request({.password = "guess"})), Verdict::wrong);
    EXPECT_EQ(verify(request({.username = "mallory"})), Verdict::wrong);
    EXPECT_EQ(verify(request({.uri = "sip:elsewhere.example"})), Verdict::wrong);
    EXPECT_EQ(verify(request({.uri = "nonsense"})), Verdict::wrong);
    Message other_method = request({});
    other_method.method = "INVITE";
    EXPECT_EQ(verify(other_method), Verdict::wrong);
}

TEST_F(DigestServerTest, RefusesCredentialsWithoutQop) {
    auto challenge = *Challenge::parse(server_.challenges(kNow, false)[0]);
    challenge.offers_qop_auth = false;
    Message message = request({});
    message.set_header("Authorization", answer_challenge(challenge, {"anna", "secret"}, "REGISTER",
                                                         "sip:example.org", "c", 1));
    EXPECT_EQ(verify(message), Verdict::wrong);
}

TEST_F(DigestServerTest, RefusesReplays) {
    EXPECT_EQ(verify(request({}, 1)), Verdict::accepted);
    EXPECT_EQ(verify(request({}, 1)), Verdict::stale);
    EXPECT_EQ(verify(request({}, 5)), Verdict::accepted);
    EXPECT_EQ(verify(request({}, 4)), Verdict::stale);
    EXPECT_EQ(verify(request({}, 6)), Verdict::accepted);
}

TEST_F(DigestServerTest, NoncesAgeAndCannotBeMade) {
    EXPECT_EQ(verify(request({}), kNow + minutes(5)), Verdict::accepted);
    EXPECT_EQ(verify(request({.cnonce = "c2"}), kNow + minutes(5) + microseconds(1)),
              Verdict::stale);
    EXPECT_EQ(verify(request({.cnonce = "c3"}), kNow - microseconds(1)), Verdict::stale);
    const DigestServer other(kRealm, "another key");
    const auto challenge = *Challenge::parse(other.challenges(kNow, false)[0]);
    Message message = request({});
    message.set_header("Authorization", answer_challenge(challenge, {"anna", "secret"}, "REGISTER",
                                                         "sip:example.org", "c", 1));
    EXPECT_EQ(verify(message), Verdict::stale);
}

TEST_F(DigestServerTest, WhatIsForgottenIsStale) {
    server_ = DigestServer(kRealm, "key of the nonces", minutes(5), 8);
    const Message first = request({}, 1);
    EXPECT_EQ(verify(first), Verdict::accepted);
    issued_ = kNow + microseconds(1);
    for (std::size_t i = 0; i < 8; ++i) {
        const Phone phone{.cnonce = "x" + std::to_string(i)};
        ASSERT_EQ(verify(request(phone), kNow + seconds(1)), Verdict::accepted);
    }
    EXPECT_EQ(verify(first, kNow + seconds(1)), Verdict::stale);
}

TEST_F(DigestServerTest, MalformedFieldsAreWrong) {
    const std::string good = request({}).headers[0].value;
    for (const auto& [from, to] : std::initializer_list<std::pair<std::string, std::string>>{
             {"nc=00000001", "nc=1"},
             {"nc=00000001", "nc=0000000g"},
             {"cnonce=\"c1\"", "cnonce=\"\""},
             {"algorithm=SHA-256", "algorithm=SHA-1"},
             {"qop=auth", "qop=auth-int"},
             {"response=\"", "response=\"0"}}) {
        Message message = request({});
        std::string value = good;
        value.replace(value.find(from), from.size(), to);
        message.set_header("Authorization", value);
        EXPECT_EQ(verify(message), Verdict::wrong) << to;
    }
}

}  // namespace
}  // namespace lanze::sip
