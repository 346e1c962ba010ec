// What an OpenID provider answers: its description, its keys, and ID tokens.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "api/id_token.h"
#include "api/oidc.h"
#include "base/check.h"

namespace {

constexpr std::string_view kIssuer = "https://id.example";

// Whatever a token says: nobody who has no key of the provider is believed.
void check_token(std::string_view token, const lanze::api::KeySet& keys) {
    const lanze::api::Expected expected{std::string(kIssuer), "lanze", "nonce",
                                        lanze::Time{lanze::seconds(1'795'000'000)}};
    (void)lanze::api::key_id_of(token);
    LANZE_CHECK(!lanze::api::verify_id_token(token, keys, expected));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)lanze::api::parse_metadata(text, kIssuer);
    if (const auto bytes = lanze::api::base64url_decode(text)) {
        LANZE_CHECK(lanze::api::base64url_encode(*bytes) == text);
    }
    // Its keys stand before the first line break, the token after it.
    const std::size_t end = text.find('\n');
    const auto keys = lanze::api::KeySet::parse(text.substr(0, end));
    if (keys && end != std::string_view::npos) {
        check_token(text.substr(end + 1), *keys);
    }
    return 0;
}
