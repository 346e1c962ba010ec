// The caller as signalled, "Name <number>" or a number: what of it tells him from others.
#pragma once

#include <string>
#include <string_view>

namespace lanze::core {

// Stands in place of the number of those who call or write from a web page.
inline constexpr std::string_view kWebCaller = "web";

// The number, or whatever stands in its place; "" if there is none.
std::string_view caller_number(std::string_view signalled);

// The number in one way of writing, so that a caller is known again: without spaces and dashes, a
// leading 00 as +. "" for those who withhold their number or have none: they are nobody we know.
std::string caller_address(std::string_view signalled);

}  // namespace lanze::core
