// Grammar: the character classes and list rules of RFC 3261 §25 that readers and writers share.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanze::sip {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_alphanumeric(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
// Bytes below space and DEL; bytes from 0x80 on are UTF-8 and no control characters.
constexpr bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Letters, digits and some more characters, looked up in a table.
class CharacterSet {
public:
    explicit constexpr CharacterSet(std::string_view more) {
        for (unsigned c = 0; c < 128; ++c) {
            table_[c] = is_alphanumeric(static_cast<char>(c));
        }
        for (const char c : more) {
            table_[static_cast<unsigned char>(c)] = true;
        }
    }
    constexpr bool contains(char c) const { return table_[static_cast<unsigned char>(c)]; }
    constexpr bool contains_all(std::string_view text) const {
        for (const char c : text) {
            if (!contains(c)) {
                return false;
            }
        }
        return true;
    }

private:
    std::array<bool, 256> table_{};
};
inline constexpr CharacterSet kTokenCharacters("-.!%*_+`'~");

// Whether all of it, and at least one character, is of that kind.
bool is_token(std::string_view text);
// A host name, an IPv4 address or an IPv6 address without brackets.
bool is_host(std::string_view text);

// Compares without the case of ASCII letters.
bool equals_ignoring_case(std::string_view a, std::string_view b);
bool starts_ignoring_case(std::string_view text, std::string_view prefix);
std::string to_lower(std::string_view text);
// Without blanks (space, tab, and the line ends of folded text) at both ends.
std::string_view trim(std::string_view text);

// The parts between the commas outside quotes and angle brackets, trimmed; empty ones too.
std::vector<std::string_view> split_list(std::string_view text);
void append_list(std::string_view text, std::vector<std::string_view>& parts);

// Digits only, all of them, and not above `max`.
template <typename Number>
std::optional<Number> parse_number(std::string_view text, Number max) {
    Number value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || value > max || !is_digit(text.front())) {
        return std::nullopt;
    }
    return value;
}

// Replaces %XX by the byte it means; nothing if an escape is broken.
std::optional<std::string> unescape(std::string_view text);
// The text inside "..." with its backslashes resolved; text without quotes as it is.
std::string unquote(std::string_view text);

}  // namespace lanze::sip
