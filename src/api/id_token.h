// ID tokens of OpenID Connect: a provider's public keys, and what a token signed by one of them
// says. No I/O: bytes and the time come in.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

struct evp_pkey_st;

namespace lanze::api {

// Bytes of base64url without padding (RFC 4648 §5); nothing for anything else.
std::optional<std::string> base64url_decode(std::string_view text);
std::string base64url_encode(std::string_view bytes);

// A provider's keys, read from its JWK set (RFC 7517). Keys for other purposes and of other kinds
// than RSA (from 2048 bits) and P-256 are passed over.
class KeySet {
public:
    static constexpr std::size_t kDocumentMax = 65'536;
    static constexpr std::size_t kKeysMax = 64;

    static Result<KeySet, std::string> parse(std::string_view document);

    // Whether `signature` is one of these keys' under `signed_bytes`. `algorithm` is RS256 or
    // ES256 (RFC 7518 §3); an empty `key_id` means the only key of that kind.
    bool is_signed(std::string_view algorithm, std::string_view key_id,
                   std::string_view signed_bytes, std::string_view signature) const;
    bool has(std::string_view key_id) const;

private:
    struct Key {
        std::string id;
        std::string algorithm;
        std::shared_ptr<evp_pkey_st> key;  // shared by copies of the set
    };
    static std::optional<Key> parse_rsa(std::string_view modulus, std::string_view exponent);
    static std::optional<Key> parse_p256(std::string_view x, std::string_view y);

    std::vector<Key> keys_;
};

// What a token must say to be ours (OpenID Connect Core §3.1.3.7).
struct Expected {
    std::string issuer;
    std::string audience;  // our id at the provider
    std::string nonce;
    Time now;
};

// The texts among a token's claims, and whether the provider vouches for the address.
struct Claims {
    std::map<std::string, std::string, std::less<>> texts;
    bool is_email_verified = false;
};

// Of a JSON object, such as the provider's answer about a person; nothing for anything else.
std::optional<Claims> parse_claims(std::string_view object);

inline constexpr std::size_t kTokenMax = 16'384;
// How far the provider's clock may be from ours.
inline constexpr Duration kClockSkewMax = seconds(60);

// The id of the key a token says it is signed with; "" without one; nothing if it is no token.
std::optional<std::string> key_id_of(std::string_view token);

// What the token says, if it is signed, ours and of now. The error is a sentence's end: "is not
// meant for us".
Result<Claims, std::string> verify_id_token(std::string_view token, const KeySet& keys,
                                            const Expected& expected);

}  // namespace lanze::api
