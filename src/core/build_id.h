// The build's id: by which sources is decided.
#pragma once

#include <string_view>

namespace lanze::core {

// 16 hexadecimal digits: a hash of the sources of core and base, equal for equal sources on every
// machine. cmake/LanzeBuildId.cmake makes it.
std::string_view build_id();

}  // namespace lanze::core
