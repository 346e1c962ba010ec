// Between Beast's messages and our plain Request and Response. Only server.cpp includes this.
#pragma once

#include <algorithm>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/http.h"
#include "api/pages.h"
#include "base/endpoint.h"

namespace lanze::api {

inline Request to_plain(boost::beast::http::request<boost::beast::http::string_body>&& message,
                        IpAddress from, bool behind_proxy) {
    Request request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message) {
        request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    request.body = std::move(message.body());
    request.from = from;
    if (behind_proxy) {
        // The last address is the one our own proxy saw; those before it anybody can write, also
        // in a header before: some proxies add one of their own.
        std::string_view chain;
        for (const Header& header : request.headers) {
            const bool is_it = equals_ignoring_case(header.name, "X-Forwarded-For");
            chain = is_it ? std::string_view(header.value) : chain;
        }
        std::string_view last = chain.substr(chain.rfind(',') + 1);
        last.remove_prefix(std::min(last.find_first_not_of(' '), last.size()));
        request.from = IpAddress::parse(last).value_or(from);
    }
    return request;
}

inline boost::beast::http::response<boost::beast::http::string_body> to_message(Response&& response,
                                                                                bool is_head) {
    boost::beast::http::response<boost::beast::http::string_body> message{
        static_cast<boost::beast::http::status>(response.status), 11};
    const bool has_body = response.status != 204 && response.status != 304;
    bool has_cache_control = false;
    for (const Header& header : response.headers) {
        message.insert(header.name, header.value);
        has_cache_control = has_cache_control || header.name == "Cache-Control";
    }
    for (const Header& header : safety_headers()) {
        if (message.find(header.name) == message.end()) {
            message.set(header.name, header.value);
        }
    }
    if (!has_cache_control) {
        message.set(boost::beast::http::field::cache_control, "no-store");
    }
    if (has_body) {
        message.set(boost::beast::http::field::content_type, response.content_type);
        message.content_length(response.body.size());
    }
    if (has_body && !is_head) {
        message.body() = std::move(response.body);
    }
    return message;
}

// What is answered to bytes that are no request; nothing: the peer is gone or too slow.
inline std::optional<Response> refusal_of(const boost::beast::error_code& error) {
    if (error == boost::beast::http::error::body_limit) {
        return error_response(413, "too_large",
                              "A body has at most 64 KiB, a file in a chat 5 MB of few at once.");
    }
    if (error == boost::beast::http::error::header_limit) {
        return error_response(400, "header_too_large", "The header has at most 16 KiB.");
    }
    const bool is_silent =
        error == boost::beast::http::error::end_of_stream ||
        error == boost::beast::http::error::partial_message ||
        error.category() != make_error_code(boost::beast::http::error::bad_method).category();
    return is_silent ? std::nullopt
                     : std::optional(error_response(400, "not_http", "This is not HTTP/1.1."));
}

}  // namespace lanze::api
