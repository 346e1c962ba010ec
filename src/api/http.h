// Requests and responses as plain values, so that routes need no socket and no Beast.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/endpoint.h"

namespace lanze::api {

struct Header {
    std::string name;
    std::string value;
};

struct Request {
    std::string method;
    std::string target;  // as sent: path and query, percent-encoded
    std::vector<Header> headers;
    std::string body;
    IpAddress from;  // of the connection, or as the proxy tells it

    // The first header of that name in any case; empty if there is none.
    std::string_view header(std::string_view name) const;
    bool has_header(std::string_view name) const;
};

struct Response {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body{};
    std::vector<Header> headers{};
    std::shared_ptr<const void> held{};  // until it is written: a turn of which there are few
};

// Takes the answer to a request, once, from any thread.
using Respond = std::function<void(Response)>;

// A refusal in the form of every error: {"error": {"code", "message"}}.
Response error_response(unsigned status, std::string_view code, std::string_view message);

bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace lanze::api
