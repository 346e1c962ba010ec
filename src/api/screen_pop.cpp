#include "api/screen_pop.h"

#include <algorithm>
#include <array>

#include "api/fetch.h"

namespace lanze::api {

namespace {

constexpr std::array<std::string_view, 3> kPlaces{"{caller}", "{queue}", "{contact}"};

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~").find(c) != std::string_view::npos;
}

std::string encoded(std::string_view text) {
    static constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        if (is_unreserved(c)) {
            result += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        result += {'%', kDigits[byte >> 4U], kDigits[byte & 0xfU]};
    }
    return result;
}

// The place that `text` begins with; "" if none.
std::string_view place_at(std::string_view text) {
    const auto place = std::find_if(kPlaces.begin(), kPlaces.end(),
                                    [&](std::string_view each) { return text.starts_with(each); });
    return place == kPlaces.end() ? std::string_view{} : *place;
}

bool is_of_an_address(char c) {
    return c > ' ' && c < 0x7f && std::string_view("\"<>\\^`|").find(c) == std::string_view::npos;
}

}  // namespace

Result<void, std::string> check_screen_pop(std::string_view address) {
    // Behind # stands what the page itself reads (RFC 3986 §3.5).
    if (!is_safe_address(address.substr(0, address.find('#')))) {
        return Unexpected(std::string("is no https address"));
    }
    if (!std::all_of(address.begin(), address.end(), is_of_an_address)) {
        return Unexpected(std::string("holds a character that no address has"));
    }
    const std::size_t host = address.find("//") + 2;
    const std::string_view authority =
        address.substr(host, address.find_first_of("/?#", host) - host);
    if (authority.empty() || authority.find_first_of("{}@") != std::string_view::npos) {
        return Unexpected(std::string("does not name its host as it is"));
    }
    for (std::size_t i = 0; i < address.size(); ++i) {
        if (address[i] == '}') {
            return Unexpected(std::string("has a } without a {"));
        }
        if (address[i] == '{') {
            const std::string_view place = place_at(address.substr(i));
            if (place.empty()) {
                return Unexpected(
                    std::string("names a place other than {caller}, {queue} and "
                                "{contact}"));
            }
            i += place.size() - 1;
        }
    }
    return {};
}

std::string fill_screen_pop(std::string_view address, const ScreenPopValues& values) {
    const std::array<const std::string*, 3> texts{&values.caller, &values.queue, &values.contact};
    std::string result;
    while (!address.empty()) {
        const std::string_view place = place_at(address);
        if (place.empty()) {
            result += address.front();
            address.remove_prefix(1);
            continue;
        }
        const auto index = static_cast<std::size_t>(
            std::find(kPlaces.begin(), kPlaces.end(), place) - kPlaces.begin());
        result += encoded(*texts[index]);
        address.remove_prefix(place.size());
    }
    return result;
}

}  // namespace lanze::api
