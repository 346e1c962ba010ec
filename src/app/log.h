// Log: lines for the operator on standard error, with the time in UTC. Ids and counts only: no
// person's name, number or address of theirs.
#pragma once

#include <string>
#include <string_view>

namespace lanze::app {

// `area` is the part of the program: "sip", "journal". Control characters are replaced, so that no
// text from outside can forge a line. From any thread.
void log_info(std::string_view area, std::string_view text);
void log_warning(std::string_view area, std::string_view text);
void log_error(std::string_view area, std::string_view text);

// What log_* makes of its arguments, without time and level: "sip: text".
std::string log_line(std::string_view area, std::string_view text);

}  // namespace lanze::app
