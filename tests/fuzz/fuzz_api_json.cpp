// What the API reads from outside: addresses with their queries, bodies, cookies, names of hosts.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "api/call_page.h"
#include "api/chats.h"
#include "api/gate.h"
#include "api/guest_gate.h"
#include "api/guest_messages.h"
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

// What strangers send: a name that was cleaned stays as it is, and shows nobody anything else.
void check_guest(std::string_view text) {
    (void)lanze::api::read_guest_message(text);
    if (const auto wish = lanze::api::read_guest_wish(text)) {
        LANZE_CHECK(wish->name.size() <= lanze::api::kGuestNameMax);
        LANZE_CHECK(wish->name.find_first_of("<>\r\n\t") == std::string::npos);
        LANZE_CHECK(wish->channel == lanze::core::Channel::voice ||
                    wish->channel == lanze::core::Channel::chat);
    }
    if (lanze::api::is_frame_ancestor(text)) {
        LANZE_CHECK(text.find_first_of("; ,'") == std::string_view::npos);
    }
    lanze::api::GuestChallenges challenges("key");
    LANZE_CHECK(!challenges.solve("a", text, text, 1, lanze::Time{}));
}

// A file's name leads nowhere, and a name made plain stays as it is.
void check_file(std::string_view text) {
    const std::string_view type = lanze::api::kind_of_file(text).value_or("image/png");
    const std::string name = lanze::api::plain_file_name(text, type);
    LANZE_CHECK(name.size() > 4 && name.size() <= 100);
    LANZE_CHECK(name.find_first_of("/\\\"\r\n") == std::string::npos);
    LANZE_CHECK(lanze::api::plain_file_name(name, type) == name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_target(text);
    check_json(text);
    check_headers(text);
    (void)lanze::api::read_page_message(text);
    check_guest(text);
    check_file(text);
    return 0;
}
