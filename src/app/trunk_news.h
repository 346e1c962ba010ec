// What the log says of our registrations at providers.
#pragma once

#include <string>

#include "base/time.h"
#include "edge/provider.h"

namespace lanze::app {

// One line: what happened, what to look at, and when it is tried again.
std::string describe(const edge::ProviderStanding& standing, Time now);

}  // namespace lanze::app
