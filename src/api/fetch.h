// Fetch: one HTTP request to a server elsewhere, with limits.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace lanze::api {

struct FetchRequest {
    std::string address;
    std::string form{};        // the body of a POST; "": a GET
    std::string credential{};  // "name:password" for Basic; may be empty
    std::string bearer{};      // a token, in place of it; may be empty
};

struct Fetched {
    long status = 0;
    std::string body;
};

inline constexpr std::size_t kFetchedMax = 65'536;
inline constexpr Duration kFetchWithin = seconds(5);  // from the name's look-up to the last byte

// The error is a sentence's end: "does not answer". Holds up its thread as long as kFetchWithin.
using Fetch = std::function<Result<Fetched, std::string>(const FetchRequest& request)>;

// By libcurl: TLS verified with the system's certificates, no redirect followed.
Result<Fetched, std::string> fetch_over_network(const FetchRequest& request);

// Whether we would fetch from there: https, or plain http on this machine.
bool is_safe_address(std::string_view address);

}  // namespace lanze::api
