#include "api/gate.h"

#include <algorithm>
#include <chrono>

namespace lanze::api {

namespace {

constexpr std::size_t kSessionTokenSize = 64;
constexpr std::size_t kBearerMax = 128;

// "name:8080" → "name", "[::1]:8080" → "[::1]".
std::string_view without_port(std::string_view authority) {
    const std::size_t from = authority.starts_with('[') ? authority.find(']') : 0;
    return authority.substr(0, authority.find(':', std::min(from, authority.size())));
}

bool is_named(std::string_view name, const std::vector<std::string>& names) {
    return std::ranges::any_of(
        names, [name](const std::string& n) { return equals_ignoring_case(n, name); });
}

// What of `origin` stands behind the scheme; empty for "null" and schemes that are not ours.
std::string_view authority_of(std::string_view origin, const Names& names) {
    const std::string_view scheme = names.is_secure ? "https://" : "http://";
    return origin.starts_with(scheme) ? origin.substr(scheme.size()) : std::string_view{};
}

bool is_our_origin(const Request& request, const Names& names) {
    const std::string_view authority = authority_of(request.header("Origin"), names);
    return !authority.empty() && (equals_ignoring_case(authority, request.header("Host")) ||
                                  is_named(authority, names.further));
}

}  // namespace

bool is_our_name(std::string_view host, const Names& names) {
    const std::string_view name = without_port(host);
    if (equals_ignoring_case(name, "localhost") || is_named(name, names.further)) {
        return true;
    }
    const bool is_bracketed = name.starts_with('[') && name.ends_with(']');
    const auto address = IpAddress::parse(is_bracketed ? name.substr(1, name.size() - 2) : name);
    return address && (address->is_loopback() || *address == names.listen);
}

bool is_from_our_page(const Request& request, const Names& names, bool allows_silence) {
    const bool has_origin = request.has_header("Origin");
    const bool has_site = request.has_header("Sec-Fetch-Site");
    if (has_origin && !is_our_origin(request, names)) {
        return false;
    }
    if (has_site && request.header("Sec-Fetch-Site") != "same-origin") {
        return false;
    }
    return has_origin || has_site || allows_silence;
}

std::optional<std::string_view> cookie(const Request& request, std::string_view name) {
    std::string_view rest = request.header("Cookie");
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        std::string_view pair = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
            return pair.substr(equals + 1);
        }
    }
    return std::nullopt;
}

std::optional<std::string> session_token(const Request& request) {
    const std::string_view token = cookie(request, kCookie).value_or("");
    const bool is_hex = token.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    return token.size() == kSessionTokenSize && is_hex ? std::optional(std::string(token))
                                                       : std::nullopt;
}

std::optional<std::string> bearer_token(const Request& request) {
    constexpr std::string_view kScheme = "Bearer ";
    const std::string_view value = request.header("Authorization");
    if (!equals_ignoring_case(value.substr(0, kScheme.size()), kScheme)) {
        return std::nullopt;
    }
    const std::string_view token = value.substr(kScheme.size());
    return token.empty() || token.size() > kBearerMax ? std::nullopt
                                                      : std::optional(std::string(token));
}

std::optional<Identity> identify(const Request& request, People& people, Time now) {
    if (request.has_header("Authorization")) {
        const auto token = bearer_token(request);
        auto person = token ? people.program(*token) : std::nullopt;
        return person ? std::optional(Identity{*person, *token, true}) : std::nullopt;
    }
    const auto token = session_token(request);
    auto person = token ? people.session(*token, now) : std::nullopt;
    return person ? std::optional(Identity{*person, *token, false}) : std::nullopt;
}

bool is_still_known(const Identity& identity, People& people, Time now) {
    const auto person = identity.is_program ? people.program(identity.credential)
                                            : people.session(identity.credential, now);
    return person && *person == identity.person;
}

std::string session_cookie(std::string_view token, bool is_secure) {
    const auto age = std::chrono::duration_cast<seconds>(People::kSessionMax).count();
    return std::string(kCookie) + "=" + std::string(token) +
           "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(age) +
           (is_secure ? "; Secure" : "");
}

std::string no_cookie(bool is_secure) {
    return std::string(kCookie) + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0" +
           (is_secure ? "; Secure" : "");
}

}  // namespace lanze::api
