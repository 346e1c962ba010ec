#include "base/endpoint.h"

#include <arpa/inet.h>
#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/rng.h"

namespace lanze {

namespace {

constexpr std::size_t kV4Offset = 12;

std::optional<unsigned> parse_number(std::string_view text, unsigned max) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value > max) {
        return std::nullopt;
    }
    return value;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    // inet_pton wants a terminated string; 45 is the longest IPv6 text.
    std::array<char, 46> terminated{};
    const bool has_zero = text.find('\0') != std::string_view::npos;
    if (text.empty() || text.size() >= terminated.size() || has_zero) {
        return std::nullopt;
    }
    std::copy(text.begin(), text.end(), terminated.begin());
    IpAddress result;
    if (inet_pton(AF_INET, terminated.data(), &result.bytes[kV4Offset]) == 1) {
        return result;
    }
    if (inet_pton(AF_INET6, terminated.data(), result.bytes.data()) == 1) {
        result.is_v6 = true;
        return result;
    }
    return std::nullopt;
}

IpAddress IpAddress::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    IpAddress result;
    result.bytes[kV4Offset] = a;
    result.bytes[kV4Offset + 1] = b;
    result.bytes[kV4Offset + 2] = c;
    result.bytes[kV4Offset + 3] = d;
    return result;
}

std::string IpAddress::to_string() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (is_v6) {
        inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
    } else {
        inet_ntop(AF_INET, &bytes[kV4Offset], text.data(), text.size());
    }
    return text.data();
}

bool IpAddress::is_loopback() const {
    if (!is_v6) {
        return bytes[kV4Offset] == 127;
    }
    IpAddress loopback;
    loopback.is_v6 = true;
    loopback.bytes[15] = 1;
    return *this == loopback;
}

bool IpAddress::is_unspecified() const {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

std::optional<Endpoint> Endpoint::parse(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view host = text.substr(0, colon);
    const bool is_bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
    if (is_bracketed) {
        host = host.substr(1, host.size() - 2);
    }
    const auto address = IpAddress::parse(host);
    const auto port = parse_number(text.substr(colon + 1), 65535);
    if (!address || !port || address->is_v6 != is_bracketed) {
        return std::nullopt;
    }
    return Endpoint{*address, static_cast<std::uint16_t>(*port)};
}

std::string Endpoint::to_string() const {
    const std::string host = address.to_string();
    return (address.is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<Network> Network::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address) {
        return std::nullopt;
    }
    const unsigned bits_max = address->is_v6 ? 128 : 32;
    if (slash == std::string_view::npos) {
        return Network{*address, static_cast<std::uint8_t>(bits_max)};
    }
    const auto bits = parse_number(text.substr(slash + 1), bits_max);
    if (!bits) {
        return std::nullopt;
    }
    return Network{*address, static_cast<std::uint8_t>(*bits)};
}

bool Network::contains(const IpAddress& candidate) const {
    if (candidate.is_v6 != address.is_v6) {
        return false;
    }
    const std::size_t offset = address.is_v6 ? 0 : kV4Offset;
    const std::size_t whole_bytes = prefix_bits / 8;
    const auto first = address.bytes.begin() + static_cast<std::ptrdiff_t>(offset);
    const auto other = candidate.bytes.begin() + static_cast<std::ptrdiff_t>(offset);
    if (!std::equal(first, first + static_cast<std::ptrdiff_t>(whole_bytes), other)) {
        return false;
    }
    const unsigned rest = prefix_bits % 8;
    if (rest == 0) {
        return true;
    }
    const unsigned mask = (0xffU << (8 - rest)) & 0xffU;
    const std::size_t last = offset + whole_bytes;
    return (address.bytes[last] & mask) == (candidate.bytes[last] & mask);
}

std::string Network::to_string() const {
    return address.to_string() + "/" + std::to_string(prefix_bits);
}

}  // namespace lanze

std::size_t std::hash<lanze::IpAddress>::operator()(
    const lanze::IpAddress& address) const noexcept {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), address.bytes.data(), address.bytes.size());
    return lanze::split_mix(words[0] ^ lanze::split_mix(words[1]));
}

std::size_t std::hash<lanze::Endpoint>::operator()(const lanze::Endpoint& endpoint) const noexcept {
    return lanze::split_mix(std::hash<lanze::IpAddress>{}(endpoint.address) ^ endpoint.port);
}
