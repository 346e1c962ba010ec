// Methods and extensions: what this side of SIP understands.
#pragma once

#include <string>
#include <string_view>

#include "sip/message.h"

namespace lanze::edge {

inline constexpr std::string_view kAllow =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, REGISTER";
inline constexpr std::string_view kSupported = "timer, 100rel";
inline constexpr std::string_view kServer = "Lanze/0.1";

// A method of some RFC (then 405 says we do not serve it); anything else gets 501.
bool is_known_method(std::string_view method);

// The option tags of Require that we do not support, comma separated; "" if there are none.
std::string unsupported_extensions(const sip::Message& request);

}  // namespace lanze::edge
