// Gate: who asks, from which page, by which name of ours; decided before any route is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http.h"
#include "api/live.h"
#include "api/people.h"
#include "base/endpoint.h"

namespace lanze::api {

inline constexpr std::string_view kCookie = "lanze_session";

// The names we are reached by.
struct Names {
    IpAddress listen;
    std::vector<std::string> further;
    bool is_secure = false;  // pages reach us by https: through a proxy, or with our certificate
};

// Whether Host names us: our address, a loopback name or a name of the settings; ports do not
// matter. Any other name means that somebody's own DNS leads a browser here (DNS rebinding).
bool is_our_name(std::string_view host, const Names& names);

// Whether the request comes from our own page by Origin and Sec-Fetch-Site. Without both it counts
// as ours only if `allows_silence`: browsers always send one with what changes something.
bool is_from_our_page(const Request& request, const Names& names, bool allows_silence);

// The value of that cookie, as sent; nothing without one.
std::optional<std::string_view> cookie(const Request& request, std::string_view name);

// The session in the cookie, if it has the form of one.
std::optional<std::string> session_token(const Request& request);
// The token of "Authorization: Bearer ...".
std::optional<std::string> bearer_token(const Request& request);

// By bearer token if there is one, else by cookie. Nothing: nobody we know.
std::optional<Identity> identify(const Request& request, People& people, Time now);

// Whether the credential is still good; counts as use of a session.
bool is_still_known(const Identity& identity, People& people, Time now);

std::string session_cookie(std::string_view token, bool is_secure);
std::string no_cookie(bool is_secure);

}  // namespace lanze::api
