#include "api/http.h"

#include <algorithm>

#include "api/json_view.h"

namespace lanze::api {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view Request::header(std::string_view name) const {
    const auto found = std::ranges::find_if(
        headers, [name](const Header& h) { return equals_ignoring_case(h.name, name); });
    return found == headers.end() ? std::string_view{} : std::string_view(found->value);
}

bool Request::has_header(std::string_view name) const {
    return std::ranges::any_of(
        headers, [name](const Header& h) { return equals_ignoring_case(h.name, name); });
}

Response error_response(unsigned status, std::string_view code, std::string_view message) {
    Response response{.status = status};
    response.body =
        "{\"error\":{\"code\":" + text_json(code) + ",\"message\":" + text_json(message) + "}}";
    return response;
}

}  // namespace lanze::api
