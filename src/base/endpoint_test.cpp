#include "base/endpoint.h"

#include <gtest/gtest.h>
#include <string>
#include <unordered_set>

namespace lanze {
namespace {

IpAddress ip(std::string_view text) {
    const auto address = IpAddress::parse(text);
    EXPECT_TRUE(address.has_value()) << text;
    return address.value_or(IpAddress{});
}

TEST(IpAddress, reads_and_writes) {
    struct Row {
        std::string_view text;
        std::string_view written;
        bool is_v6;
    };
    const Row rows[] = {
        {"127.0.0.1", "127.0.0.1", false},
        {"0.0.0.0", "0.0.0.0", false},
        {"255.255.255.255", "255.255.255.255", false},
        {"::1", "::1", true},
        {"2001:DB8:0:0:0:0:0:1", "2001:db8::1", true},
        {"::ffff:192.0.2.1", "::ffff:192.0.2.1", true},
    };
    for (const Row& row : rows) {
        const IpAddress address = ip(row.text);
        EXPECT_EQ(address.is_v6, row.is_v6) << row.text;
        EXPECT_EQ(address.to_string(), row.written);
    }
}

TEST(IpAddress, refuses_what_is_no_address) {
    for (const std::string_view text :
         {"", "localhost", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.4 ", "[::1]",
          "::1::", "fe80::1%eth0", "12345::"}) {
        EXPECT_FALSE(IpAddress::parse(text).has_value()) << text;
    }
    EXPECT_FALSE(IpAddress::parse(std::string(100, '1')).has_value());
    EXPECT_FALSE(IpAddress::parse(std::string("1.2.3.4\0x", 9)).has_value());
}

TEST(IpAddress, is_made_of_four_numbers) {
    EXPECT_EQ(IpAddress::v4(192, 0, 2, 17), ip("192.0.2.17"));
}

TEST(IpAddress, knows_loopback_and_unspecified) {
    EXPECT_TRUE(ip("127.0.0.1").is_loopback());
    EXPECT_TRUE(ip("127.255.0.3").is_loopback());
    EXPECT_TRUE(ip("::1").is_loopback());
    EXPECT_FALSE(ip("128.0.0.1").is_loopback());
    EXPECT_FALSE(ip("::2").is_loopback());
    EXPECT_TRUE(ip("0.0.0.0").is_unspecified());
    EXPECT_TRUE(ip("::").is_unspecified());
    EXPECT_FALSE(ip("0.0.0.1").is_unspecified());
}

TEST(IpAddress, of_both_families_are_never_equal) {
    EXPECT_NE(ip("0.0.0.0"), ip("::"));
    EXPECT_NE(ip("0.0.0.1"), ip("::1"));
}

TEST(Endpoint, reads_and_writes) {
    for (const std::string_view text : {"127.0.0.1:5060", "0.0.0.0:0", "[::1]:65535"}) {
        const auto endpoint = Endpoint::parse(text);
        ASSERT_TRUE(endpoint.has_value()) << text;
        EXPECT_EQ(endpoint->to_string(), text);
    }
    EXPECT_EQ(Endpoint::parse("10.0.0.1:5061")->port, 5061);
}

TEST(Endpoint, refuses_what_is_no_endpoint) {
    for (const std::string_view text :
         {"", ":", "127.0.0.1", "127.0.0.1:", ":5060", "127.0.0.1:65536", "127.0.0.1:-1",
          "127.0.0.1:5060x", "::1:5060", "[127.0.0.1]:5060", "[::1]", "[::1", "example.org:5060"}) {
        EXPECT_FALSE(Endpoint::parse(text).has_value()) << text;
    }
}

TEST(Network, contains_what_shares_its_prefix) {
    struct Row {
        std::string_view network;
        std::string_view candidate;
        bool is_inside;
    };
    const Row rows[] = {
        {"127.0.0.0/8", "127.3.2.1", true},
        {"127.0.0.0/8", "128.0.0.1", false},
        {"10.1.0.0/16", "10.1.255.255", true},
        {"10.1.0.0/16", "10.2.0.0", false},
        {"192.0.2.64/26", "192.0.2.127", true},
        {"192.0.2.64/26", "192.0.2.128", false},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.2", false},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "::1", false},
        {"2001:db8::/33", "2001:db8:7fff::", true},
        {"2001:db8::/33", "2001:db8:8000::", false},
        {"::/0", "127.0.0.1", false},
        {"::1/128", "::1", true},
    };
    for (const Row& row : rows) {
        const auto network = Network::parse(row.network);
        ASSERT_TRUE(network.has_value()) << row.network;
        EXPECT_EQ(network->contains(ip(row.candidate)), row.is_inside)
            << row.network << " and " << row.candidate;
    }
}

TEST(Network, ignores_the_bits_behind_its_prefix) {
    EXPECT_TRUE(Network::parse("10.1.2.3/8")->contains(ip("10.9.9.9")));
}

TEST(Network, writes_itself) {
    EXPECT_EQ(Network::parse("127.0.0.0/8")->to_string(), "127.0.0.0/8");
    EXPECT_EQ(Network::parse("::1")->to_string(), "::1/128");
}

TEST(Network, refuses_what_is_no_network) {
    for (const std::string_view text :
         {"", "/8", "127.0.0.0/", "127.0.0.0/33", "::/129", "127.0.0.0/x", "127.0.0.0/8/8"}) {
        EXPECT_FALSE(Network::parse(text).has_value()) << text;
    }
}

TEST(Endpoint, hashes_what_differs_to_different_places) {
    std::unordered_set<Endpoint> seen;
    for (std::uint16_t port = 1; port <= 1000; ++port) {
        seen.insert({IpAddress::v4(127, 0, 0, static_cast<std::uint8_t>(port % 7)), port});
    }
    EXPECT_EQ(seen.size(), 1000U);
    std::unordered_set<std::size_t> hashes;
    for (const Endpoint& endpoint : seen) {
        hashes.insert(std::hash<Endpoint>{}(endpoint));
    }
    EXPECT_GT(hashes.size(), 990U);
    EXPECT_EQ(std::hash<Endpoint>{}({ip("::1"), 5060}), std::hash<Endpoint>{}({ip("::1"), 5060}));
}

}  // namespace
}  // namespace lanze
