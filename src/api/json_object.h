// What is read of JSON objects from outside. Only .cpp files include this, for it brings
// Boost.JSON.
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace lanze::api {

// Nothing: no JSON, no object, or nested deeper than `depth_max`.
inline std::optional<boost::json::object> parse_object(std::string_view text,
                                                       std::size_t depth_max) {
    boost::json::parse_options options;
    options.max_depth = depth_max;
    boost::system::error_code error;
    boost::json::value value =
        boost::json::parse(boost::json::string_view(text.data(), text.size()), error, {}, options);
    return !error && value.is_object() ? std::optional(std::move(value.get_object()))
                                       : std::nullopt;
}

// A view into the object; nothing if it is missing or no text.
inline std::optional<std::string_view> find_text(const boost::json::object& object,
                                                 std::string_view name) {
    const boost::json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string()
               ? std::optional<std::string_view>(value->get_string())
               : std::nullopt;
}

// The same, "" if it is missing or no text.
inline std::string_view text_in(const boost::json::object& object, std::string_view name) {
    return find_text(object, name).value_or(std::string_view{});
}

}  // namespace lanze::api
