// An agent's own day as JSON, exactly as openapi.json says (schema OwnDay).
#pragma once

#include <string>

#include "ports/own_day.h"

namespace lanze::api {

std::string own_day_json(const ports::OwnDay& day);

}  // namespace lanze::api
