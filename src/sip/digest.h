// Digest: challenges and credentials of RFC 7616 and RFC 8760 (MD5 and SHA-256) for SIP, both
// sides.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sip/message.h"

namespace lanze::sip {

enum class DigestAlgorithm : std::uint8_t { md5, sha256 };

// A parsed WWW-Authenticate or Proxy-Authenticate value.
struct Challenge {
    std::string realm;
    std::string nonce;
    std::string opaque;
    DigestAlgorithm algorithm = DigestAlgorithm::md5;
    bool offers_qop_auth = false;
    bool is_stale = false;

    static std::optional<Challenge> parse(
        std::string_view value);  // nothing: unknown scheme/algorithm
    std::string to_string() const;
};

// What a user knows. `ha1` hashes stand instead of the password on the server's side.
struct Credentials {
    std::string username;
    std::string password;
};

// The Authorization (or Proxy-Authorization) value that answers `challenge`. `cnonce` from Entropy,
// `nonce_count` counts uses of this nonce from 1.
std::string answer_challenge(const Challenge& challenge, const Credentials& credentials,
                             std::string_view method, std::string_view uri, std::string_view cnonce,
                             std::uint32_t nonce_count);

// Picks the strongest challenge a 401 or 407 carries that we can answer.
std::optional<Challenge> strongest_challenge(const Message& response);

// H(username:realm:password) in hex.
std::string digest_ha1(DigestAlgorithm algorithm, std::string_view username, std::string_view realm,
                       std::string_view password);

// Server side: nonces are stateless, time ∥ MAC under `secret`, so they live through no table;
// nonce counts are remembered per nonce to refuse replays (bounded, oldest forgotten -> stale).
class DigestServer {
public:
    DigestServer(std::string realm, std::string secret,
                 Duration nonce_life = std::chrono::minutes(5));

    // One challenge per algorithm, SHA-256 first (RFC 8760 §2.4).
    std::vector<std::string> challenges(Time now, bool is_stale) const;

    enum class Verdict : std::uint8_t { accepted, missing, stale, wrong };
    // `password_of(username)` gives the password, or nothing for an unknown user. Compares in
    // constant time. The URI in the credentials must be the request's.
    template <typename PasswordOf>
    Verdict verify(const Message& request, Time now, PasswordOf&& password_of);

    // The user named in the credentials, "" if there are none for our realm.
    std::string username(const Message& request) const;
    Verdict verify_password(const Message& request, Time now,
                            const std::optional<std::string>& password);

private:
    struct Use {
        std::string nonce;
        std::uint32_t count_max;
    };
    bool note_use(const std::string& nonce, std::uint32_t count);

    std::string realm_;
    std::string secret_;
    Duration nonce_life_;
    std::vector<Use> uses_;  // ring
    std::size_t uses_next_ = 0;
};

template <typename PasswordOf>
DigestServer::Verdict DigestServer::verify(const Message& request, Time now,
                                           PasswordOf&& password_of) {
    return verify_password(request, now, password_of(username(request)));
}

}  // namespace lanze::sip
