#include "api/call_page.h"

#include <algorithm>

namespace lanze::api {

namespace {

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_host(std::string_view text) {
    if (text.starts_with("*.")) {
        text.remove_prefix(2);
    }
    const auto is_known = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    };
    return !text.empty() && text.front() != '.' && text.back() != '.' &&
           std::ranges::all_of(text, is_known);
}

}  // namespace

bool is_frame_ancestor(std::string_view text) {
    if (text.size() > kFrameAncestorMax) {
        return false;
    }
    const bool is_secure = text.starts_with("https://");
    if (!is_secure && !text.starts_with("http://")) {
        return false;
    }
    std::string_view host = text.substr(text.find("//") + 2);
    if (const std::size_t colon = host.find(':'); colon != std::string_view::npos) {
        if (!is_port(host.substr(colon + 1))) {
            return false;
        }
        host = host.substr(0, colon);
    }
    // Without TLS somebody on the way could be the site.
    return is_host(host) && (is_secure || host == "localhost" || host == "127.0.0.1");
}

std::string frame_ancestors_of(const CallPageSettings& settings) {
    std::string value;
    for (const std::string& site : settings.frame_ancestors) {
        value += (value.empty() ? "" : " ") + site;
    }
    return value.empty() ? "'none'" : value;
}

}  // namespace lanze::api
