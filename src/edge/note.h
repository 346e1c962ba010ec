// Notes: legs written down and read back, so that a new process can end or take over their dialogs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "edge/leg.h"

namespace lanze::edge {

// What a leg needs to be ended or taken over by another process.
std::string encode_leg(const Leg& leg);

// Nothing if the text is not a leg of this format.
std::optional<Leg> decode_leg(std::string_view text);

}  // namespace lanze::edge
