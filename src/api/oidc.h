// OidcProvider: signing in through an OpenID provider by the code flow with PKCE (OpenID Connect
// Core §3.1, RFC 7636): the addresses to send a browser to, and who came back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/fetch.h"
#include "api/id_token.h"
#include "base/result.h"
#include "base/time.h"

namespace lanze::api {

struct OidcSettings {
    std::string issuer;                        // exactly as the provider writes it
    std::string id;                            // ours at the provider
    std::string secret;                        // "": none, PKCE alone
    std::string claim = "preferred_username";  // whose text is the name of a person here
    std::string name;                          // of the provider, on the button
};

// What binds one sign-in to one browser. Everything comes from one secret, which only the browser's
// cookie holds, so that nothing is kept here until it comes back.
struct SignInSecret {
    static std::string fresh();  // 64 hexadecimal digits
    static bool is_well_formed(std::string_view secret);
    static std::string state(std::string_view secret);
    static std::string nonce(std::string_view secret);
    static std::string verifier(std::string_view secret);   // RFC 7636 §4.1
    static std::string challenge(std::string_view secret);  // S256 of the verifier
};

// What the provider says of itself (OpenID Connect Discovery §3), as far as we need it.
struct ProviderMetadata {
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string keys_address;
    std::string person_address;  // what it calls userinfo; may be empty
    bool takes_basic = true;     // our secret as Basic, else in the form
};
inline constexpr std::size_t kEndpointMax = 2'048;  // bytes
Result<ProviderMetadata, std::string> parse_metadata(std::string_view document,
                                                     std::string_view issuer);

// What a browser brings back to the redirect address.
struct SignInAnswer {
    std::string code;
    std::string secret;    // of the cookie
    std::string redirect;  // our address, as it was told to the provider
};

struct OidcError {
    enum class Kind : std::uint8_t {
        unreachable,  // the provider's fault, or the network's
        refused       // what was brought is not good
    };
    Kind kind = Kind::refused;
    std::string what;  // a sentence for the audit trail, without anything personal
};

// On one thread: each call may fetch, as long as kFetchWithin each time.
class OidcProvider {
public:
    static constexpr Duration kMetadataMax = hours(1);       // then asked for anew
    static constexpr Duration kKeysAgainAfter = minutes(1);  // for a key that is not known

    OidcProvider(OidcSettings settings, Fetch fetch)
        : settings_(std::move(settings)), fetch_(std::move(fetch)) {}

    const OidcSettings& settings() const { return settings_; }

    // Where to send the browser.
    Result<std::string, OidcError> sign_in_address(std::string_view secret,
                                                   std::string_view redirect, Time now);
    // The name the provider vouches for: the text of the claim.
    Result<std::string, OidcError> name_of(const SignInAnswer& answer, Time now);

private:
    Result<void, OidcError> learn_metadata(Time now);
    Result<void, OidcError> learn_keys(std::string_view token, Time now);
    struct Tokens {
        std::string id;
        std::string access;  // "" or too long to be sent: none
    };
    Result<Tokens, OidcError> fetch_tokens(const SignInAnswer& answer);
    Result<Claims, OidcError> ask_about(const Claims& claims, const std::string& access);

    OidcSettings settings_;
    Fetch fetch_;
    std::optional<ProviderMetadata> metadata_;
    std::optional<KeySet> keys_;
    Time metadata_at_;
    Time keys_at_;
};

// As application/x-www-form-urlencoded writes it.
std::string form_encoded(std::string_view text);

}  // namespace lanze::api
