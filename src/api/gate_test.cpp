#include "api/gate.h"

#include <gtest/gtest.h>

namespace lanze::api {
namespace {

const Names kLocal{IpAddress::v4(127, 0, 0, 1), {}, false};
const Names kProxied{IpAddress::v4(10, 0, 0, 5), {"lanze.example.org"}, true};

Request request_with(std::vector<Header> headers) {
    Request request;
    request.method = "POST";
    request.headers = std::move(headers);
    return request;
}

TEST(Gate, KnowsItsOwnNames) {
    for (const char* host : {"127.0.0.1", "127.0.0.1:8080", "localhost", "LocalHost:5173",
                             "[::1]:8080", "127.1.2.3:80"}) {
        EXPECT_TRUE(is_our_name(host, kLocal)) << host;
    }
    for (const char* host : {"", "evil.example", "localhost.evil.example", "evil.example:8080",
                             "127.0.0.1.evil.example", "10.0.0.5", "[", "[::1", "::1", ":"}) {
        EXPECT_FALSE(is_our_name(host, kLocal)) << host;
    }
    EXPECT_TRUE(is_our_name("lanze.example.org", kProxied));
    EXPECT_TRUE(is_our_name("10.0.0.5:8080", kProxied));
}

TEST(Gate, KnowsItsOwnPage) {
    struct Case {
        const char* origin;
        const char* site;
        bool is_ours;
    };
    for (const Case& c :
         {Case{"http://127.0.0.1:8080", "", true},
          Case{"http://127.0.0.1:8080", "same-origin", true}, Case{"", "same-origin", true},
          Case{"", "", false}, Case{"", "none", false}, Case{"", "cross-site", false},
          Case{"", "same-site", false}, Case{"http://127.0.0.1:8080", "cross-site", false},
          Case{"http://127.0.0.1:9090", "", false}, Case{"http://127.0.0.1", "", false},
          Case{"https://127.0.0.1:8080", "", false}, Case{"http://evil.example", "", false},
          Case{"http://127.0.0.1:8080.evil.example", "", false}, Case{"null", "", false}}) {
        std::vector<Header> headers{{"Host", "127.0.0.1:8080"}};
        if (*c.origin != '\0') {
            headers.push_back({"origin", c.origin});
        }
        if (*c.site != '\0') {
            headers.push_back({"sec-fetch-site", c.site});
        }
        EXPECT_EQ(is_from_our_page(request_with(headers), kLocal, false), c.is_ours)
            << c.origin << " " << c.site;
    }
    EXPECT_TRUE(is_from_our_page(request_with({{"Host", "x"}}), kLocal, true));
}

TEST(Gate, BehindAProxyThePageComesByTls) {
    const auto from = [](const char* origin) {
        return is_from_our_page(request_with({{"Host", "10.0.0.5"}, {"Origin", origin}}), kProxied,
                                false);
    };
    EXPECT_TRUE(from("https://lanze.example.org"));
    EXPECT_FALSE(from("http://lanze.example.org"));
    EXPECT_FALSE(from("https://other.example.org"));
}

TEST(Gate, FindsTheSessionAmongCookies) {
    const std::string token(64, 'a');
    const auto token_in = [](const std::string& cookie) {
        return session_token(request_with({{"Cookie", cookie}}));
    };
    EXPECT_EQ(token_in("lanze_session=" + token), token);
    EXPECT_EQ(token_in("a=b; lanze_session=" + token + "; c=d"), token);
    EXPECT_FALSE(token_in("xlanze_session=" + token));
    EXPECT_FALSE(token_in("lanze_session=" + token + "a"));
    EXPECT_FALSE(token_in("lanze_session=" + std::string(64, 'Z')));
    EXPECT_FALSE(token_in("lanze_session"));
    EXPECT_FALSE(token_in(";;; ="));
}

TEST(Gate, ReadsBearerTokens) {
    const auto token_in = [](const std::string& value) {
        return bearer_token(request_with({{"Authorization", value}}));
    };
    EXPECT_EQ(token_in("Bearer abc"), "abc");
    EXPECT_EQ(token_in("bearer abc"), "abc");
    EXPECT_FALSE(token_in("Basic abc"));
    EXPECT_FALSE(token_in("Bearer "));
    EXPECT_FALSE(token_in("Bear"));
    EXPECT_FALSE(token_in("Bearer " + std::string(129, 'a')));
}

TEST(Gate, CookiesAreSecureBehindAProxy) {
    EXPECT_EQ(session_cookie("t", false).find("Secure"), std::string::npos);
    EXPECT_NE(session_cookie("t", true).find("; Secure"), std::string::npos);
    EXPECT_NE(session_cookie("t", false).find("; HttpOnly; SameSite=Strict"), std::string::npos);
}

}  // namespace
}  // namespace lanze::api
