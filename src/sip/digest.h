// Digest: challenges and credentials of RFC 7616 and RFC 8760 (MD5 and SHA-256) for SIP, both
// sides.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
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

// What a user knows.
struct Credentials {
    std::string username;
    std::string password;
    friend bool operator==(const Credentials&, const Credentials&) = default;
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

// A header with credentials or a challenge that is longer is not read.
inline constexpr std::size_t kDigestValueMax = 4096;
// Nonces in use that a DigestServer remembers.
inline constexpr std::size_t kNonceUsesMax = 16384;

// Server side: nonces are stateless, time ∥ MAC under `secret`, so they live through no table;
// nonce counts are remembered per nonce to refuse replays (bounded, oldest forgotten -> stale).
class DigestServer {
public:
    DigestServer(std::string realm, std::string secret,
                 Duration nonce_life = std::chrono::minutes(5),
                 std::size_t nonce_uses_max = kNonceUsesMax);

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
    // A nonce with the cnonce of who uses it, so that two who got the same nonce do not collide.
    struct Use {
        std::string key;
        Time issued;
    };
    std::string make_nonce(Time issued) const;
    std::optional<Time> issue_time(std::string_view nonce) const;
    bool is_fresh(std::optional<Time> issued, Time now) const;
    bool note_use(const std::string& key, Time issued, std::uint32_t count);

    std::string realm_;
    std::string secret_;
    Duration nonce_life_;
    std::size_t nonce_uses_max_;
    std::unordered_map<std::string, std::uint32_t> counts_;  // highest count seen, by key
    std::vector<Use> uses_;                                  // ring of the keys of counts_
    std::size_t uses_next_ = 0;
    // Nonces issued up to here may have been forgotten and count as stale.
    Time forgotten_until_{Duration::min()};
};

template <typename PasswordOf>
DigestServer::Verdict DigestServer::verify(const Message& request, Time now,
                                           PasswordOf&& password_of) {
    return verify_password(request, now, password_of(username(request)));
}

}  // namespace lanze::sip
