#include "api/ice_servers.h"

#include <gtest/gtest.h>

#include "api/fake_centre.h"

namespace lanze::api {
namespace {

TEST(IceServers, credentials_expire_and_are_signed) {
    // test_time() is 1795428000; the password was computed by another program (Python's hmac).
    EXPECT_EQ(
        ice_servers_json({{{"turns:turn.example.org:5349?transport=tcp"}, "north", hours(12)}},
                         "agent-1", test_time()),
        R"([{"urls":["turns:turn.example.org:5349?transport=tcp"],)"
        R"("username":"1795471200:agent-1","credential":"0/N0aK4uBCbKCCVI9tVkHJ5S3E4="}])");
}

TEST(IceServers, a_stun_server_has_no_credentials) {
    EXPECT_EQ(ice_servers_json({{{"stun:a.example", "stun:b.example"}, "", hours(12)}}, "agent-1",
                               test_time()),
              R"([{"urls":["stun:a.example","stun:b.example"]}])");
    EXPECT_EQ(ice_servers_json({}, "agent-1", test_time()), "[]");
}

TEST(IceServers, only_their_urls_are_taken) {
    for (const char* good : {"stun:a.example", "stuns:a.example:5349", "turn:192.0.2.1:3478",
                             "turns:[2001:db8::1]:5349?transport=tcp"}) {
        EXPECT_TRUE(is_ice_url(good)) << good;
    }
    for (const char* bad : {"", "turn:", "https://a.example", "turn://a.example", "a.example",
                            "turn:a b", "turn:anna@a.example"}) {
        EXPECT_FALSE(is_ice_url(bad)) << bad;
    }
    EXPECT_FALSE(is_ice_url("turn:" + std::string(300, 'a')));
}

}  // namespace
}  // namespace lanze::api
