#include "api/target.h"

#include <algorithm>
#include <charconv>

namespace lanze::api {

namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Percent-decoding (RFC 3986 §2.1); "+" stands for a space only in queries.
std::optional<std::string> decode(std::string_view text, bool is_query) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && is_query) {
            c = ' ';
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            return std::nullopt;
        }
        result.push_back(c);
    }
    return result;
}

bool is_safe_segment(std::string_view segment) {
    return segment != "." && segment != ".." && segment.find_first_of("/\\") == std::string::npos;
}

// What stands before `separator`; `rest` goes on behind it.
std::string_view take_until(std::string_view& rest, char separator) {
    const std::size_t end = std::min(rest.find(separator), rest.size());
    const std::string_view taken = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return taken;
}

bool parse_query(std::string_view text, Target& target) {
    while (!text.empty()) {
        std::string_view pair = take_until(text, '&');
        const auto name = decode(take_until(pair, '='), true);
        const auto value = decode(pair, true);
        if (!name || !value || target.query.size() == Target::kParametersMax) {
            return false;
        }
        target.query.emplace_back(*name, *value);
    }
    return true;
}

}  // namespace

std::optional<Target> Target::parse(std::string_view text) {
    if (text.empty() || text.front() != '/' || text.size() > kSizeMax) {
        return std::nullopt;
    }
    Target target;
    std::string_view path = take_until(text, '?');
    path.remove_prefix(1);
    while (!path.empty()) {
        const auto segment = decode(take_until(path, '/'), false);
        if (!segment || !is_safe_segment(*segment)) {
            return std::nullopt;
        }
        target.segments.push_back(*segment);
    }
    return parse_query(text, target) ? std::optional(std::move(target)) : std::nullopt;
}

std::string Target::path() const {
    std::string result;
    for (const std::string& segment : segments) {
        result += "/" + segment;
    }
    return result.empty() ? "/" : result;
}

std::optional<std::string_view> Target::parameter(std::string_view name) const {
    const auto found = std::ranges::find(query, name, [](const auto& p) { return p.first; });
    return found == query.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_whole = error == std::errc{} && end == text.data() + text.size();
    return is_whole && text.size() <= 19 ? std::optional(value) : std::nullopt;
}

}  // namespace lanze::api
