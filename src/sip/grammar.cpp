#include "sip/grammar.h"

#include <algorithm>

#include "base/endpoint.h"

namespace lanze::sip {

namespace {

// The underscore is no part of a host name but of many real ones.
constexpr CharacterSet kHostCharacters("-._");

constexpr bool is_trimmed(char c) {
    return is_blank(c) || c == '\r' || c == '\n';
}

std::optional<unsigned char> hex_digit(char c) {
    if (is_digit(c)) {
        return static_cast<unsigned char>(c - '0');
    }
    const char lower = to_lower(c);
    if (lower >= 'a' && lower <= 'f') {
        return static_cast<unsigned char>(lower - 'a' + 10);
    }
    return std::nullopt;
}

}  // namespace

bool is_token(std::string_view text) {
    return !text.empty() && kTokenCharacters.contains_all(text);
}

bool is_host(std::string_view text) {
    if (text.find(':') != std::string_view::npos) {
        return IpAddress::parse(text).has_value();
    }
    return !text.empty() && kHostCharacters.contains_all(text);
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
               return x == y || to_lower(x) == to_lower(y);
           });
}

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
    return equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

std::string to_lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return to_lower(c); });
    return result;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_trimmed(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_trimmed(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

std::vector<std::string_view> split_list(std::string_view text) {
    std::vector<std::string_view> parts;
    append_list(text, parts);
    return parts;
}

void append_list(std::string_view text, std::vector<std::string_view>& parts) {
    std::size_t begin = 0;
    bool is_quoted = false;
    bool is_bracketed = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_quoted) {
            i += c == '\\' ? 1 : 0;
            is_quoted = c != '"';
        } else if (c == '"') {
            is_quoted = true;
        } else if (c == '<' || c == '>') {
            is_bracketed = c == '<';
        } else if (c == ',' && !is_bracketed) {
            parts.push_back(trim(text.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    parts.push_back(trim(text.substr(begin)));
}

std::optional<std::string> unescape(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i];
            continue;
        }
        if (text.size() - i < 3) {
            return std::nullopt;
        }
        const auto high = hex_digit(text[i + 1]);
        const auto low = hex_digit(text[i + 2]);
        if (!high || !low) {
            return std::nullopt;
        }
        result += static_cast<char>(*high * 16 + *low);
        i += 2;
    }
    return result;
}

std::string unquote(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
        return std::string(text);
    }
    const std::string_view inside = text.substr(1, text.size() - 2);
    std::string result;
    result.reserve(inside.size());
    for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i] == '\\' && i + 1 < inside.size()) {
            ++i;
        }
        result += inside[i];
    }
    return result;
}

}  // namespace lanze::sip
