// What the API reads from outside: addresses with their queries, bodies, cookies, names of hosts.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "api/gate.h"
#include "api/json_view.h"
#include "api/target.h"
#include "api/telephone.h"
#include "base/check.h"

namespace {

void check_target(std::string_view text) {
    const auto target = lanze::api::Target::parse(text);
    if (!target) {
        return;
    }
    for (const std::string& segment : target->segments) {
        LANZE_CHECK(segment != ".." && segment.find('/') == std::string::npos);
    }
    LANZE_CHECK(target->path().starts_with('/'));
    (void)target->parameter("limit");
}

// Whatever a caller's name holds, the text made of it is JSON.
void check_json(std::string_view text) {
    (void)lanze::api::parse_fields(text);
    const std::string body = "{\"a\":" + lanze::api::text_json(text) + "}";
    const auto fields = lanze::api::parse_fields(body);
    LANZE_CHECK(fields && fields->contains("a"));
}

void check_headers(std::string_view text) {
    lanze::api::Request request;
    request.headers = {{"Host", std::string(text)},
                       {"Cookie", std::string(text)},
                       {"Authorization", std::string(text)},
                       {"Origin", std::string(text)}};
    const lanze::api::Names names{lanze::IpAddress::v4(127, 0, 0, 1), {"lanze.example"}, false};
    (void)lanze::api::is_our_name(text, names);
    (void)lanze::api::is_from_our_page(request, names, false);
    (void)lanze::api::session_token(request);
    (void)lanze::api::bearer_token(request);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_target(text);
    check_json(text);
    check_headers(text);
    (void)lanze::api::read_page_message(text);
    return 0;
}
