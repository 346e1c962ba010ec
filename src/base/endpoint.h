// Endpoint: an IP address and a port as a value; text in, text out, no name look-up.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace lanze {

// An IPv4 or IPv6 address. IPv4 stands in the last four bytes, the first twelve are then zero.
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};
    bool is_v6 = false;

    // Dotted IPv4 or IPv6 text without brackets; nothing for anything else (host names too).
    static std::optional<IpAddress> parse(std::string_view text);
    static IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d);
    std::string to_string() const;
    bool is_loopback() const;
    // 0.0.0.0 or ::, "no address yet"; in SDP the old form of hold (RFC 3264 §8.4).
    bool is_unspecified() const;

    friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

struct Endpoint {
    IpAddress address;
    std::uint16_t port = 0;

    // "127.0.0.1:5060" or "[::1]:5060".
    static std::optional<Endpoint> parse(std::string_view text);
    std::string to_string() const;

    friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

// A range of addresses such as 127.0.0.0/8.
struct Network {
    IpAddress address;
    std::uint8_t prefix_bits = 0;

    // "10.0.0.0/8"; a bare address is a range of one.
    static std::optional<Network> parse(std::string_view text);
    bool contains(const IpAddress& candidate) const;
    std::string to_string() const;

    friend auto operator<=>(const Network&, const Network&) = default;
};

}  // namespace lanze

template <>
struct std::hash<lanze::IpAddress> {
    std::size_t operator()(const lanze::IpAddress& address) const noexcept;
};
template <>
struct std::hash<lanze::Endpoint> {
    std::size_t operator()(const lanze::Endpoint& endpoint) const noexcept;
};
