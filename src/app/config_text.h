// The texts of the configuration: durations, names that were nearly right, and what errors quote.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace lanze::app {

// "500ms", "20s", "2m", "1h": a whole number and its unit, up to 100 years.
std::optional<Duration> parse_duration(std::string_view text);
std::string written_duration(Duration duration);  // in the largest unit without a rest

// 850 as "0.85": how the file writes a share.
std::string written_share(std::uint32_t permille);

// The candidate that differs least, if it is near enough to be what was meant.
std::optional<std::string> nearest_name(std::string_view name,
                                        const std::vector<std::string>& candidates);

bool is_control(char c);
// Letters, digits, '.', '_' and '-': what a name is made of.
bool is_name_character(char c);

// The text without control characters and cut to a readable length; in_quotes: "text".
std::string shown(std::string_view text);
std::string in_quotes(std::string_view text);
// "a", "b" or "c", with " or " as the last joint.
std::string join_quoted(const std::vector<std::string>& words, std::string_view last_joint);

}  // namespace lanze::app
