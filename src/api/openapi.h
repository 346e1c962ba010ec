// The OpenAPI 3.1 document of the API: openapi.json, built into the program.
#pragma once

#include <string_view>

namespace lanze::api {

std::string_view openapi_document();

}  // namespace lanze::api
