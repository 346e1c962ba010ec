// What the log says of calls to numbers outside: who called whom, and for how long.
#pragma once

#include <string>
#include <string_view>

#include "ports/outside.h"

namespace lanze::app {

// "anna calls +4940123 about contact 7", "anna's call to +4940123 about contact 7 is over: hung up
// by us after 63 s of talk".
std::string describe(const ports::OutsideNews& news, std::string_view agent);

}  // namespace lanze::app
