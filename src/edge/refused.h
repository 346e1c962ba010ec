// The core's refusal in the words of the ports.
#pragma once

#include <string>

#include "core/refusal.h"
#include "ports/centre.h"

namespace lanze::edge {

inline ports::CommandRefused refused(core::Refusal refusal) {
    return {std::string(core::to_string(refusal)), std::string(core::explain(refusal))};
}

}  // namespace lanze::edge
