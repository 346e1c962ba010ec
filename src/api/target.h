// Target: the path and the query of a request, decoded with limits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lanze::api {

struct Target {
    static constexpr std::size_t kSizeMax = 8'192;     // bytes as sent; providers' codes are long
    static constexpr std::size_t kParametersMax = 32;  // in the query

    std::vector<std::string> segments;  // "/api/v1/queues/3" → api, v1, queues, 3
    std::vector<std::pair<std::string, std::string>> query;

    // Nothing for what is not an absolute path (RFC 9112 §3.2.1), for bad percent-encoding, control
    // characters, and for segments that could lead elsewhere: "..", ".", "/" or "\" encoded.
    static std::optional<Target> parse(std::string_view text);

    // The decoded path, "/" first.
    std::string path() const;
    // The first parameter of that name.
    std::optional<std::string_view> parameter(std::string_view name) const;
};

// A decimal number of at most 19 digits without sign; nothing for anything else.
std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace lanze::api
