#include "api/id_token.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "api/freed.h"
#include "api/json_object.h"

namespace lanze::api {

namespace {

namespace json = boost::json;

constexpr std::size_t kDepthMax = 8;
constexpr int kRsaBitsMin = 2'048;
constexpr int kRsaBitsMax = 8'192;  // more would only cost time
constexpr std::size_t kCoordinateSize = 32;
constexpr std::size_t kTextMax = 512;  // of a claim; longer ones are passed over
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using KeyMaker = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Number number_of(std::string_view bytes) {
    return Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

// Seconds since 1970, with or without a fraction (RFC 7519 §2).
std::optional<Time> time_in(const json::object& object, std::string_view name) {
    constexpr double kMost = 1e11;
    const json::value* value = object.if_contains(name);
    json::error_code error;
    const double number = value == nullptr ? -1 : value->to_number<double>(error);
    const bool is_time = value != nullptr && !error && number >= 0 && number < kMost;
    return is_time ? std::optional(Time{seconds(static_cast<std::int64_t>(number))}) : std::nullopt;
}

std::shared_ptr<EVP_PKEY> make_key(const char* kind, OSSL_PARAM* parameters) {
    const KeyMaker maker(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    EVP_PKEY* key = nullptr;
    if (maker != nullptr && EVP_PKEY_fromdata_init(maker.get()) == 1) {
        EVP_PKEY_fromdata(maker.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters);
    }
    return {key, EVP_PKEY_free};
}

// r and s one after the other, as JWS writes them, in the form OpenSSL reads.
std::string der_of(std::string_view raw) {
    const Signature signature(ECDSA_SIG_new());
    if (raw.size() != 2 * kCoordinateSize || signature == nullptr) {
        return "";
    }
    Number r = number_of(raw.substr(0, kCoordinateSize));
    Number s = number_of(raw.substr(kCoordinateSize));
    if (ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) {
        return "";
    }
    (void)r.release();  // the signature's now
    (void)s.release();
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    std::string text(reinterpret_cast<const char*>(der),
                     static_cast<std::size_t>(std::max(size, 0)));
    OPENSSL_free(der);
    return text;
}

bool is_verified(EVP_PKEY* key, std::string_view bytes, std::string_view signature) {
    const Digest digest(EVP_MD_CTX_new());
    return digest != nullptr &&
           EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
           EVP_DigestVerify(digest.get(), bytes_of(signature), signature.size(), bytes_of(bytes),
                            bytes.size()) == 1;
}

// The three parts of a JWS in compact form, still encoded.
struct Parts {
    std::string_view header;
    std::string_view payload;
    std::string_view signature;
    std::string_view signed_bytes;
};

std::optional<Parts> split(std::string_view token) {
    const std::size_t first = token.find('.');
    const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    const bool has_three =
        second != std::string_view::npos && token.find('.', second + 1) == std::string_view::npos;
    if (token.size() > kTokenMax || !has_three) {
        return std::nullopt;
    }
    return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
                 token.substr(second + 1), token.substr(0, second)};
}

std::optional<json::object> decode_object(std::string_view encoded) {
    const auto text = base64url_decode(encoded);
    return text ? parse_object(*text, kDepthMax) : std::nullopt;
}

// `aud` is one text or a list; with several, and wherever it stands, `azp` must be us.
bool is_meant_for(const json::object& payload, std::string_view audience) {
    const json::value* meant = payload.if_contains("aud");
    if (meant == nullptr) {
        return false;
    }
    const bool has_party = payload.contains("azp");
    if (has_party && text_in(payload, "azp") != audience) {
        return false;
    }
    if (meant->is_string()) {
        return std::string_view(meant->get_string()) == audience;
    }
    const json::array* several = meant->if_array();
    return several != nullptr && (several->size() == 1 || has_party) &&
           std::ranges::any_of(*several, [&](const json::value& one) {
               return one.is_string() && std::string_view(one.get_string()) == audience;
           });
}

// Empty: nothing is wrong.
std::string problem_of(const json::object& payload, const Expected& expected) {
    if (text_in(payload, "iss") != expected.issuer) {
        return "is of another issuer";
    }
    if (!is_meant_for(payload, expected.audience)) {
        return "is not meant for us";
    }
    const auto ends = time_in(payload, "exp");
    const auto issued = time_in(payload, "iat");
    if (!ends || !issued) {
        return "does not say from when to when it is good";
    }
    if (expected.now >= *ends + kClockSkewMax) {
        return "has expired; are both clocks right?";
    }
    if (*issued > expected.now + kClockSkewMax) {
        return "was issued in the future; are both clocks right?";
    }
    if (text_in(payload, "nonce") != expected.nonce || expected.nonce.empty()) {
        return "does not belong to this sign-in";
    }
    constexpr std::size_t kSubjectMax = 255;  // OpenID Connect Core §2
    const std::string_view subject = text_in(payload, "sub");
    return subject.empty() || subject.size() > kSubjectMax ? "names nobody" : "";
}

Claims claims_of(const json::object& payload) {
    Claims claims;
    for (const auto& [name, value] : payload) {
        if (value.is_string() && value.get_string().size() <= kTextMax) {
            claims.texts.emplace(std::string(name), std::string(value.get_string()));
        }
    }
    const json::value* verified = payload.if_contains("email_verified");
    claims.is_email_verified = verified != nullptr && verified->is_bool() && verified->get_bool();
    return claims;
}

}  // namespace

std::optional<std::string> base64url_decode(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::size_t value = kAlphabet.find(c);
        if (value == std::string_view::npos) {
            return std::nullopt;
        }
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU));
        }
    }
    const bool has_rest = (bits & ((1U << static_cast<unsigned>(count)) - 1U)) != 0;
    return text.size() % 4 == 1 || has_rest ? std::nullopt : std::optional(std::move(bytes));
}

std::string base64url_encode(std::string_view bytes) {
    std::string text;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6) {
            text.push_back(kAlphabet[(bits >> static_cast<unsigned>(count - 6)) & 63U]);
        }
    }
    if (count > 0) {
        text.push_back(kAlphabet[(bits << static_cast<unsigned>(6 - count)) & 63U]);
    }
    return text;
}

std::optional<KeySet::Key> KeySet::parse_rsa(std::string_view modulus, std::string_view exponent) {
    const Number n = number_of(modulus);
    const Number e = number_of(exponent);
    const Builder builder(OSSL_PARAM_BLD_new());
    const int bits = n == nullptr ? 0 : BN_num_bits(n.get());
    if (bits < kRsaBitsMin || bits > kRsaBitsMax || exponent.size() > 4 || e == nullptr ||
        builder == nullptr) {
        return std::nullopt;
    }
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    auto key = make_key("RSA", parameters.get());
    return key == nullptr ? std::nullopt : std::optional(Key{"", "RS256", std::move(key)});
}

std::optional<KeySet::Key> KeySet::parse_p256(std::string_view x, std::string_view y) {
    const Builder builder(OSSL_PARAM_BLD_new());
    if (x.size() != kCoordinateSize || y.size() != kCoordinateSize || builder == nullptr) {
        return std::nullopt;
    }
    // Uncompressed (SEC 1 §2.3.3); OpenSSL refuses what is not on the curve.
    const std::string point = "\x04" + std::string(x) + std::string(y);
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                     point.size());
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    auto key = make_key("EC", parameters.get());
    return key == nullptr ? std::nullopt : std::optional(Key{"", "ES256", std::move(key)});
}

Result<KeySet, std::string> KeySet::parse(std::string_view document) {
    const auto object =
        document.size() <= kDocumentMax ? parse_object(document, kDepthMax) : std::nullopt;
    const json::value* listed = object ? object->if_contains("keys") : nullptr;
    if (listed == nullptr || !listed->is_array()) {
        return Unexpected(std::string("the provider's keys are no JWK set"));
    }
    KeySet set;
    for (const json::value& one : listed->get_array()) {
        const json::object* written = one.if_object();
        const bool is_wanted = written != nullptr && set.keys_.size() < kKeysMax &&
                               (!written->contains("use") || text_in(*written, "use") == "sig");
        if (!is_wanted) {
            continue;
        }
        const auto part = [&](std::string_view name) {
            return base64url_decode(text_in(*written, name)).value_or("");
        };
        const bool is_p256 =
            text_in(*written, "kty") == "EC" && text_in(*written, "crv") == "P-256";
        std::optional<Key> key = is_p256 ? parse_p256(part("x"), part("y")) : std::nullopt;
        if (text_in(*written, "kty") == "RSA") {
            key = parse_rsa(part("n"), part("e"));
        }
        const std::string_view algorithm = text_in(*written, "alg");
        if (key && (algorithm.empty() || algorithm == key->algorithm)) {
            key->id = text_in(*written, "kid");
            set.keys_.push_back(std::move(*key));
        }
    }
    if (set.keys_.empty()) {
        return Unexpected(std::string("the provider has no key for RS256 or ES256"));
    }
    return set;
}

bool KeySet::has(std::string_view key_id) const {
    return std::ranges::any_of(keys_, [&](const Key& key) { return key.id == key_id; });
}

bool KeySet::is_signed(std::string_view algorithm, std::string_view key_id,
                       std::string_view signed_bytes, std::string_view signature) const {
    const Key* chosen = nullptr;
    for (const Key& key : keys_) {
        if (key.algorithm != algorithm || (!key_id.empty() && key.id != key_id)) {
            continue;
        }
        if (chosen != nullptr) {
            return false;  // which of them is not said
        }
        chosen = &key;
    }
    if (chosen == nullptr) {
        return false;
    }
    return chosen->algorithm == "ES256"
               ? is_verified(chosen->key.get(), signed_bytes, der_of(signature))
               : is_verified(chosen->key.get(), signed_bytes, signature);
}

std::optional<Claims> parse_claims(std::string_view object) {
    const auto parsed = parse_object(object, kDepthMax);
    return parsed ? std::optional(claims_of(*parsed)) : std::nullopt;
}

std::optional<std::string> key_id_of(std::string_view token) {
    const auto parts = split(token);
    const auto header = parts ? decode_object(parts->header) : std::nullopt;
    return header ? std::optional(std::string(text_in(*header, "kid"))) : std::nullopt;
}

Result<Claims, std::string> verify_id_token(std::string_view token, const KeySet& keys,
                                            const Expected& expected) {
    const auto parts = split(token);
    const auto header = parts ? decode_object(parts->header) : std::nullopt;
    const auto signature = parts ? base64url_decode(parts->signature) : std::nullopt;
    if (!header || !signature) {
        return Unexpected(std::string("is no signed token"));
    }
    // What is marked critical we would have to understand (RFC 7515 §4.1.11).
    const std::string_view algorithm = text_in(*header, "alg");
    if (header->contains("crit") || (algorithm != "RS256" && algorithm != "ES256")) {
        return Unexpected(std::string("is not signed with RS256 or ES256"));
    }
    if (!keys.is_signed(algorithm, text_in(*header, "kid"), parts->signed_bytes, *signature)) {
        return Unexpected(std::string("is not signed by the provider"));
    }
    const auto payload = decode_object(parts->payload);
    if (!payload) {
        return Unexpected(std::string("says nothing in JSON"));
    }
    if (std::string problem = problem_of(*payload, expected); !problem.empty()) {
        return Unexpected(std::move(problem));
    }
    return claims_of(*payload);
}

}  // namespace lanze::api
