#include "core/caller.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace lanze::core {

namespace {

// RFC 3323 §4.1.1.3, what telephone networks write, and "web" for whoever calls from a web page:
// the name before it is what he likes to be called, and no two with it are one.
constexpr std::array<std::string_view, 9> kNobody{kWebCaller,    "anonymous", "anonymous.invalid",
                                                  "unavailable", "unknown",   "restricted",
                                                  "private",     "withheld",  "nobody"};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_nobody(std::string_view number) {
    return std::any_of(kNobody.begin(), kNobody.end(), [&](std::string_view known) {
        return std::equal(number.begin(), number.end(), known.begin(), known.end(),
                          [](char a, char b) { return lower(a) == b; });
    });
}

bool is_separator(char c) {
    return std::string_view(" -/().").find(c) != std::string_view::npos;
}

}  // namespace

std::string_view caller_number(std::string_view signalled) {
    const std::size_t open = signalled.rfind('<');
    const bool has_name = open != std::string_view::npos && signalled.back() == '>';
    return has_name ? signalled.substr(open + 1, signalled.size() - open - 2) : signalled;
}

std::string caller_address(std::string_view signalled) {
    const std::string_view number = caller_number(signalled);
    if (number.empty() || is_nobody(number)) {
        return "";
    }
    std::string digits;
    std::copy_if(number.begin(), number.end(), std::back_inserter(digits),
                 [](char c) { return !is_separator(c); });
    const bool is_number = !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == '+';
    });
    if (!is_number) {
        return std::string(number);
    }
    return digits.starts_with("00") ? "+" + digits.substr(2) : digits;
}

}  // namespace lanze::core
