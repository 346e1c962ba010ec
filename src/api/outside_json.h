// Numbers outside and calls of an agent's own as JSON, exactly as openapi.json says.
#pragma once

#include <boost/json.hpp>
#include <optional>

#include "ports/outside.h"

namespace lanze::api {

// Null for what there is not.
boost::json::value outside_json(const std::optional<ports::OutsideView>& outside);
boost::json::value own_call_json(const std::optional<ports::OwnCallView>& call);
boost::json::value dialable_json(const std::optional<ports::Dialable>& dialable);

}  // namespace lanze::api
