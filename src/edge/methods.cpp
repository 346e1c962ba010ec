#include "edge/methods.h"

#include <algorithm>
#include <array>

namespace lanze::edge {

bool is_known_method(std::string_view method) {
    static constexpr std::array<std::string_view, 14> kKnown{
        "INVITE", "ACK",       "CANCEL", "BYE",     "OPTIONS", "REGISTER", "PRACK",
        "UPDATE", "SUBSCRIBE", "NOTIFY", "MESSAGE", "REFER",   "INFO",     "PUBLISH"};
    return std::find(kKnown.begin(), kKnown.end(), method) != kKnown.end();
}

std::string unsupported_extensions(const sip::Message& request) {
    std::string unsupported;
    for (const std::string& tag : request.header_list("Require")) {
        if (tag == "timer" || tag == "100rel") {
            continue;
        }
        unsupported += (unsupported.empty() ? "" : ", ") + tag;
    }
    return unsupported;
}

}  // namespace lanze::edge
