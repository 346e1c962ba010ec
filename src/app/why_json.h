// `lanze why` as a JSON document; the API answers with the same.
#pragma once

#include <string>

#include "app/why.h"

namespace lanze::app {

// The schema Why of src/api/openapi.json.
std::string why_json(const Why& why);

}  // namespace lanze::app
