// `lanze why` in sentences.
#pragma once

#include <string>

#include "app/why.h"

namespace lanze::app {

// The zone must be set. With `has_names`, it is said why names are missing if they are.
std::string timeline_text(const Why& why, bool has_names);

}  // namespace lanze::app
