#include "sip/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/check.h"
#include "sip/grammar.h"

namespace lanze::sip {

namespace {

constexpr std::string_view kScheme = "Digest";
constexpr std::size_t kTimeDigits = 16;  // of a nonce: issue time in microseconds, hex
constexpr std::size_t kMacDigits = 32;   // 128 bits of HMAC-SHA-256
constexpr std::size_t kCountDigits = 8;  // "nc", RFC 7616 §3.4

std::string to_hex(const unsigned char* bytes, std::size_t size) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(size * 2);
    for (std::size_t i = 0; i < size; ++i) {
        text += kDigits[bytes[i] >> 4U];
        text += kDigits[bytes[i] & 15U];
    }
    return text;
}

std::string to_hex(std::uint64_t number, std::size_t digits) {
    std::string text(digits, '0');
    for (std::size_t i = digits; i-- > 0; number >>= 4U) {
        text[i] = "0123456789abcdef"[number & 15U];
    }
    return text;
}

std::optional<std::uint64_t> from_hex(std::string_view text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number, 16);
    const bool is_whole = error == std::errc{} && stop == end && text.front() != '-';
    return is_whole ? std::optional(number) : std::nullopt;
}

std::string hash(DigestAlgorithm algorithm, std::string_view text) {
    const EVP_MD* const method = algorithm == DigestAlgorithm::md5 ? EVP_md5() : EVP_sha256();
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    LANZE_CHECK(EVP_Digest(text.data(), text.size(), bytes.data(), &size, method, nullptr) == 1);
    return to_hex(bytes.data(), size);
}

// The parts with a colon between each two.
std::string join(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const std::string_view part : parts) {
        text += part;
        text += ':';
    }
    text.pop_back();
    return text;
}

std::string_view algorithm_name(DigestAlgorithm algorithm) {
    switch (algorithm) {
        case DigestAlgorithm::md5:
            return "MD5";
        case DigestAlgorithm::sha256:
            return "SHA-256";
    }
    return "MD5";
}

std::optional<DigestAlgorithm> find_algorithm(std::string_view name) {
    if (equals_ignoring_case(name, "MD5")) {
        return DigestAlgorithm::md5;
    }
    if (equals_ignoring_case(name, "SHA-256")) {
        return DigestAlgorithm::sha256;
    }
    return std::nullopt;
}

std::string quote(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
        }
        result += c;
    }
    return result + '"';
}

// name=value of "Digest name=value, name=value"; nothing: another scheme or malformed.
std::optional<Parameters> parse_parameters(std::string_view value) {
    value = trim(value);
    if (value.size() > kDigestValueMax || !starts_ignoring_case(value, kScheme) ||
        value.size() == kScheme.size() || !is_blank(value[kScheme.size()])) {
        return std::nullopt;
    }
    Parameters parameters;
    for (const std::string_view part : split_list(value.substr(kScheme.size()))) {
        const std::size_t equals = part.find('=');
        const std::string_view name = trim(part.substr(0, equals));
        // Twice the same name could mean one thing to us and another to somebody before us.
        if (equals == std::string_view::npos || !is_token(name) ||
            find_parameter(parameters, name)) {
            return std::nullopt;
        }
        parameters.emplace_back(name, unquote(trim(part.substr(equals + 1))));
    }
    return parameters;
}

std::string value_of(const Parameters& parameters, std::string_view name) {
    return std::string(find_parameter(parameters, name).value_or(std::string_view{}));
}

bool has_qop_auth(std::string_view qop) {
    for (const std::string_view option : split_list(qop)) {
        if (equals_ignoring_case(option, "auth")) {
            return true;
        }
    }
    return false;
}

// What both sides compute (RFC 7616 §3.4.1); without qop as RFC 2069 did.
struct Proof {
    std::string nonce;
    std::string count;
    std::string cnonce;
    bool has_qop = true;
    std::string uri;
    std::string response;
};

std::string make_response_hash(DigestAlgorithm algorithm, std::string_view ha1,
                               std::string_view method, const Proof& proof) {
    const std::string ha2 = hash(algorithm, join({method, proof.uri}));
    if (!proof.has_qop) {
        return hash(algorithm, join({ha1, proof.nonce, ha2}));
    }
    return hash(algorithm, join({ha1, proof.nonce, proof.count, proof.cnonce, "auth", ha2}));
}

bool is_equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

// The credentials for `realm` that a request carries.
std::optional<Parameters> find_credentials(const Message& request, std::string_view realm) {
    for (const Header& header : request.headers) {
        if (!equals_ignoring_case(header.name, "Authorization") &&
            !equals_ignoring_case(header.name, "Proxy-Authorization")) {
            continue;
        }
        auto parameters = parse_parameters(header.value);
        if (parameters && find_parameter(*parameters, "realm") == realm) {
            return parameters;
        }
    }
    return std::nullopt;
}

// Scheme, user and host must be those of the request; phones differ in the parameters they repeat.
bool names_request_uri(std::string_view text, const Message& request) {
    const auto uri = Uri::parse(text);
    return uri && uri->scheme == request.uri.scheme && uri->user == request.uri.user &&
           equals_ignoring_case(uri->host, request.uri.host) && uri->port == request.uri.port;
}

// A header line may hold several challenges; a part "Scheme name=value" begins the next one.
std::vector<std::string> split_challenges(std::string_view value) {
    std::vector<std::string> challenges;
    for (const std::string_view part : split_list(value)) {
        const std::size_t blank = part.find_first_of(" \t");
        const bool is_start = challenges.empty() ||
                              (blank != std::string_view::npos && is_token(part.substr(0, blank)) &&
                               trim(part.substr(blank)).front() != '=');
        if (is_start) {
            challenges.emplace_back(part);
        } else {
            challenges.back().append(", ").append(part);
        }
    }
    return challenges;
}

}  // namespace

std::optional<Challenge> Challenge::parse(std::string_view value) {
    const auto parameters = parse_parameters(value);
    if (!parameters || !find_parameter(*parameters, "realm")) {
        return std::nullopt;
    }
    const auto algorithm = find_algorithm(find_parameter(*parameters, "algorithm").value_or("MD5"));
    const auto qop = find_parameter(*parameters, "qop");
    Challenge challenge;
    challenge.realm = value_of(*parameters, "realm");
    challenge.nonce = value_of(*parameters, "nonce");
    challenge.opaque = value_of(*parameters, "opaque");
    challenge.offers_qop_auth = qop && has_qop_auth(*qop);
    challenge.is_stale = equals_ignoring_case(value_of(*parameters, "stale"), "true");
    // auth-int alone would need a hash over the body; nobody in SIP asks for it.
    if (!algorithm || challenge.nonce.empty() || (qop && !challenge.offers_qop_auth)) {
        return std::nullopt;
    }
    challenge.algorithm = *algorithm;
    return challenge;
}

std::string Challenge::to_string() const {
    std::string text = "Digest realm=" + quote(realm) + ", nonce=" + quote(nonce);
    if (!opaque.empty()) {
        text += ", opaque=" + quote(opaque);
    }
    text += ", algorithm=";
    text += algorithm_name(algorithm);
    text += offers_qop_auth ? ", qop=\"auth\"" : "";
    text += is_stale ? ", stale=true" : "";
    return text;
}

std::string digest_ha1(DigestAlgorithm algorithm, std::string_view username, std::string_view realm,
                       std::string_view password) {
    return hash(algorithm, join({username, realm, password}));
}

std::string answer_challenge(const Challenge& challenge, const Credentials& credentials,
                             std::string_view method, std::string_view uri, std::string_view cnonce,
                             std::uint32_t nonce_count) {
    Proof proof;
    proof.nonce = challenge.nonce;
    proof.count = to_hex(nonce_count, kCountDigits);
    proof.cnonce = cnonce;
    proof.has_qop = challenge.offers_qop_auth;
    proof.uri = uri;
    const std::string ha1 = digest_ha1(challenge.algorithm, credentials.username, challenge.realm,
                                       credentials.password);
    std::string text =
        "Digest username=" + quote(credentials.username) + ", realm=" + quote(challenge.realm) +
        ", nonce=" + quote(challenge.nonce) + ", uri=" + quote(uri) +
        ", response=" + quote(make_response_hash(challenge.algorithm, ha1, method, proof)) +
        ", algorithm=";
    text += algorithm_name(challenge.algorithm);
    if (proof.has_qop) {
        text += ", cnonce=" + quote(cnonce) + ", qop=auth, nc=" + proof.count;
    }
    if (!challenge.opaque.empty()) {
        text += ", opaque=" + quote(challenge.opaque);
    }
    return text;
}

std::optional<Challenge> strongest_challenge(const Message& response) {
    std::optional<Challenge> best;
    for (const Header& header : response.headers) {
        if ((!equals_ignoring_case(header.name, "WWW-Authenticate") &&
             !equals_ignoring_case(header.name, "Proxy-Authenticate")) ||
            header.value.size() > kDigestValueMax) {
            continue;
        }
        for (const std::string& text : split_challenges(header.value)) {
            auto challenge = Challenge::parse(text);
            const bool is_better =
                challenge && (!best || (best->algorithm == DigestAlgorithm::md5 &&
                                        challenge->algorithm == DigestAlgorithm::sha256));
            if (is_better) {
                best = std::move(challenge);
            }
        }
    }
    return best;
}

DigestServer::DigestServer(std::string realm, std::string secret, Duration nonce_life,
                           std::size_t nonce_uses_max)
    : realm_(std::move(realm)),
      secret_(std::move(secret)),
      nonce_life_(nonce_life),
      nonce_uses_max_(nonce_uses_max) {}

std::string DigestServer::make_nonce(Time issued) const {
    const std::string time = to_hex(static_cast<std::uint64_t>(to_micros(issued)), kTimeDigits);
    const std::string text = join({time, realm_});
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    const unsigned char* const mac =
        HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data(), &size);
    LANZE_CHECK(mac != nullptr);
    return time + to_hex(bytes.data(), kMacDigits / 2);
}

std::optional<Time> DigestServer::issue_time(std::string_view nonce) const {
    if (nonce.size() != kTimeDigits + kMacDigits) {
        return std::nullopt;
    }
    const auto micros = from_hex(nonce.substr(0, kTimeDigits));
    if (!micros || *micros > INT64_MAX) {
        return std::nullopt;
    }
    const Time issued = from_micros(static_cast<std::int64_t>(*micros));
    return is_equal_in_constant_time(make_nonce(issued), nonce) ? std::optional(issued)
                                                                : std::nullopt;
}

std::vector<std::string> DigestServer::challenges(Time now, bool is_stale) const {
    std::vector<std::string> texts;
    for (const DigestAlgorithm algorithm : {DigestAlgorithm::sha256, DigestAlgorithm::md5}) {
        Challenge challenge;
        challenge.realm = realm_;
        challenge.nonce = make_nonce(now);
        challenge.algorithm = algorithm;
        challenge.offers_qop_auth = true;
        challenge.is_stale = is_stale;
        texts.push_back(challenge.to_string());
    }
    return texts;
}

std::string DigestServer::username(const Message& request) const {
    const auto parameters = find_credentials(request, realm_);
    return parameters ? value_of(*parameters, "username") : std::string();
}

bool DigestServer::is_fresh(std::optional<Time> issued, Time now) const {
    return issued && *issued <= now && now - *issued <= nonce_life_;
}

bool DigestServer::note_use(const std::string& key, Time issued, std::uint32_t count) {
    if (const auto known = counts_.find(key); known != counts_.end()) {
        const bool is_new = count > known->second;
        known->second = is_new ? count : known->second;
        return is_new;
    }
    if (issued <= forgotten_until_) {
        return false;
    }
    if (uses_.size() < nonce_uses_max_) {
        uses_.push_back({key, issued});
    } else {
        Use& oldest = uses_[uses_next_];
        counts_.erase(oldest.key);
        forgotten_until_ = std::max(forgotten_until_, oldest.issued);
        oldest = {key, issued};
        uses_next_ = (uses_next_ + 1) % uses_.size();
    }
    counts_.emplace(key, count);
    return true;
}

DigestServer::Verdict DigestServer::verify_password(const Message& request, Time now,
                                                    const std::optional<std::string>& password) {
    const auto parameters = find_credentials(request, realm_);
    if (!parameters) {
        return Verdict::missing;
    }
    const auto algorithm = find_algorithm(find_parameter(*parameters, "algorithm").value_or("MD5"));
    Proof proof;
    proof.nonce = value_of(*parameters, "nonce");
    proof.count = value_of(*parameters, "nc");
    proof.cnonce = value_of(*parameters, "cnonce");
    proof.uri = value_of(*parameters, "uri");
    proof.response = to_lower(value_of(*parameters, "response"));
    const auto count = proof.count.size() == kCountDigits ? from_hex(proof.count) : std::nullopt;
    // Our challenges offer qop, so credentials without it are refused (RFC 7616 §3.4).
    if (!algorithm || !count || proof.cnonce.empty() ||
        !equals_ignoring_case(value_of(*parameters, "qop"), "auth") ||
        !names_request_uri(proof.uri, request)) {
        return Verdict::wrong;
    }
    // An unknown name takes as long as a wrong password.
    const std::string ha1 = digest_ha1(*algorithm, value_of(*parameters, "username"), realm_,
                                       password.value_or(secret_));
    const std::string expected = make_response_hash(*algorithm, ha1, request.method, proof);
    if (!is_equal_in_constant_time(expected, proof.response) || !password) {
        return Verdict::wrong;
    }
    const auto issued = issue_time(proof.nonce);
    const bool is_accepted =
        is_fresh(issued, now) &&
        note_use(proof.nonce + ":" + proof.cnonce, *issued, static_cast<std::uint32_t>(*count));
    return is_accepted ? Verdict::accepted : Verdict::stale;
}

}  // namespace lanze::sip
