#include "api/oidc.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "api/json_object.h"
#include "api/passwords.h"
#include "base/check.h"

namespace lanze::api {

namespace {

namespace json = boost::json;

using Kind = OidcError::Kind;
using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::size_t kDepthMax = 8;
constexpr std::size_t kSecretSize = 64;
constexpr std::size_t kErrorWordMax = 40;

OidcError unreachable(std::string what) {
    return {Kind::unreachable, std::move(what)};
}

OidcError refused(std::string what) {
    return {Kind::refused, std::move(what)};
}

std::string form_of(std::initializer_list<Pair> pairs) {
    std::string form;
    for (const auto& [name, value] : pairs) {
        form += (form.empty() ? "" : "&") + std::string(name) + "=" + form_encoded(value);
    }
    return form;
}

bool is_listed(const json::value& list, std::string_view wanted) {
    return list.is_array() && std::ranges::any_of(list.get_array(), [&](const json::value& one) {
               return one.is_string() && std::string_view(one.get_string()) == wanted;
           });
}

// Core's default is Basic; the form only where the provider says that it takes nothing else.
bool takes_basic(const json::object& document) {
    const json::value* methods = document.if_contains("token_endpoint_auth_methods_supported");
    return methods == nullptr || is_listed(*methods, "client_secret_basic") ||
           !is_listed(*methods, "client_secret_post");
}

// The provider's word for an error, such as invalid_grant; only of letters that cannot hurt a log.
std::string error_word(const json::object& body) {
    const std::string word(text_in(body, "error"));
    const bool is_plain =
        word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
    return word.size() <= kErrorWordMax && is_plain ? word : "";
}

std::string derived(std::string_view use, std::string_view secret) {
    return sha256_hex(std::string(use) + ":" + std::string(secret));
}

}  // namespace

std::string form_encoded(std::string_view text) {
    static constexpr std::string_view kPlain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (kPlain.find(c) != std::string_view::npos) {
            encoded.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
    return encoded;
}

std::string SignInSecret::fresh() {
    return random_hex(kSecretSize / 2);
}

bool SignInSecret::is_well_formed(std::string_view secret) {
    return secret.size() == kSecretSize &&
           secret.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string SignInSecret::state(std::string_view secret) {
    return derived("state", secret);
}

std::string SignInSecret::nonce(std::string_view secret) {
    return derived("nonce", secret);
}

std::string SignInSecret::verifier(std::string_view secret) {
    return derived("verifier", secret);
}

std::string SignInSecret::challenge(std::string_view secret) {
    const std::string text = verifier(secret);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    LANZE_CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) ==
                1);
    return base64url_encode({reinterpret_cast<const char*>(digest.data()), size});
}

Result<ProviderMetadata, std::string> parse_metadata(std::string_view document,
                                                     std::string_view issuer) {
    const auto object =
        document.size() <= kFetchedMax ? parse_object(document, kDepthMax) : std::nullopt;
    if (!object) {
        return Unexpected(std::string("the provider's description is no JSON object"));
    }
    // Else one provider could speak for another (Discovery §4.3).
    if (text_in(*object, "issuer") != issuer) {
        return Unexpected(std::string("the provider calls itself by another issuer"));
    }
    ProviderMetadata metadata{
        std::string(text_in(*object, "authorization_endpoint")),
        std::string(text_in(*object, "token_endpoint")), std::string(text_in(*object, "jwks_uri")),
        std::string(text_in(*object, "userinfo_endpoint")), takes_basic(*object)};
    for (const std::string* address :
         {&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.keys_address}) {
        if (address->size() > kEndpointMax || !is_safe_address(*address)) {
            return Unexpected(std::string("the provider names an address without https"));
        }
    }
    if (!is_safe_address(metadata.person_address) ||
        metadata.person_address.size() > kEndpointMax) {
        metadata.person_address.clear();
    }
    return metadata;
}

Result<void, OidcError> OidcProvider::learn_metadata(Time now) {
    if (metadata_ && now - metadata_at_ < kMetadataMax) {
        return {};
    }
    std::string issuer = settings_.issuer;
    issuer.resize(issuer.find_last_not_of('/') + 1);
    const auto fetched = fetch_({issuer + "/.well-known/openid-configuration"});
    if (!fetched || fetched->status != 200) {
        return Unexpected(
            unreachable("the provider " + (fetched ? "answers " + std::to_string(fetched->status) +
                                                         " instead of its description"
                                                   : fetched.error())));
    }
    auto metadata = parse_metadata(fetched->body, settings_.issuer);
    if (!metadata) {
        return Unexpected(unreachable(metadata.error()));
    }
    metadata_ = std::move(*metadata);
    metadata_at_ = now;
    return {};
}

// The keys as they are known, or asked for anew when the token is signed with another: providers
// change their keys. Not more than once a minute, as anybody can name a key that does not exist.
Result<void, OidcError> OidcProvider::learn_keys(std::string_view token, Time now) {
    const auto key_id = key_id_of(token);
    if (!key_id) {
        return Unexpected(refused("the ID token is no signed token"));
    }
    const bool is_known = keys_ && (key_id->empty() || keys_->has(*key_id));
    const bool is_old = !keys_ || now - keys_at_ >= kMetadataMax;
    if ((is_known && !is_old) || (keys_ && now - keys_at_ < kKeysAgainAfter)) {
        return {};
    }
    const auto fetched = fetch_({metadata_->keys_address});
    if (!fetched || fetched->status != 200) {
        return Unexpected(unreachable("the provider's keys cannot be had"));
    }
    auto keys = KeySet::parse(fetched->body);
    if (!keys) {
        return Unexpected(unreachable(keys.error()));
    }
    keys_ = std::move(*keys);
    keys_at_ = now;
    return {};
}

Result<std::string, OidcError> OidcProvider::sign_in_address(std::string_view secret,
                                                             std::string_view redirect, Time now) {
    if (auto learned = learn_metadata(now); !learned) {
        return Unexpected(learned.error());
    }
    const bool wants_email = settings_.claim.starts_with("email");
    const std::string& endpoint = metadata_->authorization_endpoint;
    const char joint = endpoint.find('?') == std::string::npos ? '?' : '&';
    return endpoint + joint +
           form_of({{"response_type", "code"},
                    {"client_id", settings_.id},
                    {"redirect_uri", redirect},
                    {"scope", wants_email ? "openid email" : "openid profile"},
                    {"state", SignInSecret::state(secret)},
                    {"nonce", SignInSecret::nonce(secret)},
                    {"code_challenge", SignInSecret::challenge(secret)},
                    {"code_challenge_method", "S256"}});
}

Result<OidcProvider::Tokens, OidcError> OidcProvider::fetch_tokens(const SignInAnswer& answer) {
    FetchRequest request;
    request.address = metadata_->token_endpoint;
    request.form = form_of({{"grant_type", "authorization_code"},
                            {"code", answer.code},
                            {"redirect_uri", answer.redirect},
                            {"code_verifier", SignInSecret::verifier(answer.secret)}});
    const bool is_basic = !settings_.secret.empty() && metadata_->takes_basic;
    if (is_basic) {
        request.credential = form_encoded(settings_.id) + ":" + form_encoded(settings_.secret);
    } else {
        request.form += "&" + form_of({{"client_id", settings_.id}});
    }
    if (!is_basic && !settings_.secret.empty()) {
        request.form += "&" + form_of({{"client_secret", settings_.secret}});
    }
    const auto fetched = fetch_(request);
    if (!fetched) {
        return Unexpected(unreachable("the provider " + fetched.error()));
    }
    const auto body = parse_object(fetched->body, kDepthMax);
    if (fetched->status >= 500 || !body) {
        return Unexpected(unreachable("the provider answers " + std::to_string(fetched->status) +
                                      " instead of a token"));
    }
    if (fetched->status != 200) {
        return Unexpected(refused("the provider refuses the code: " + error_word(*body)));
    }
    Tokens tokens{std::string(text_in(*body, "id_token")),
                  std::string(text_in(*body, "access_token"))};
    if (tokens.id.empty()) {
        return Unexpected(refused("the provider gives no ID token"));
    }
    if (tokens.access.size() > kTokenMax) {
        tokens.access.clear();
    }
    return tokens;
}

// Not every provider writes the claims of a scope into the ID token (Core §5.4); then it is asked
// about the person whom the token names, and must answer about the same one (§5.3.2).
Result<Claims, OidcError> OidcProvider::ask_about(const Claims& claims, const std::string& access) {
    FetchRequest request;
    request.address = metadata_->person_address;
    request.bearer = access;
    const auto fetched = fetch_(request);
    if (!fetched || fetched->status != 200) {
        return Unexpected(unreachable("the provider tells nothing about the person"));
    }
    auto told = parse_claims(fetched->body);
    if (!told || told->texts["sub"] != claims.texts.at("sub")) {
        return Unexpected(refused("the provider tells about another person"));
    }
    return std::move(*told);
}

Result<std::string, OidcError> OidcProvider::name_of(const SignInAnswer& answer, Time now) {
    if (auto learned = learn_metadata(now); !learned) {
        return Unexpected(learned.error());
    }
    const auto tokens = fetch_tokens(answer);
    if (!tokens) {
        return Unexpected(tokens.error());
    }
    if (auto learned = learn_keys(tokens->id, now); !learned) {
        return Unexpected(learned.error());
    }
    auto verified =
        verify_id_token(tokens->id, *keys_,
                        {settings_.issuer, settings_.id, SignInSecret::nonce(answer.secret), now});
    if (!verified) {
        return Unexpected(refused("the ID token " + verified.error()));
    }
    Claims claims = std::move(*verified);
    const bool can_ask = !metadata_->person_address.empty() && !tokens->access.empty();
    if (!claims.texts.contains(settings_.claim) && can_ask) {
        auto told = ask_about(claims, tokens->access);
        if (!told) {
            return Unexpected(told.error());
        }
        claims = std::move(*told);
    }
    const std::string name = claims.texts[settings_.claim];
    if (name.empty()) {
        return Unexpected(refused("the provider tells no " + settings_.claim));
    }
    // Elsewhere anybody may have written somebody else's address into his own account.
    if (settings_.claim == "email" && !claims.is_email_verified) {
        return Unexpected(refused("the provider has not verified the address"));
    }
    return name;
}

}  // namespace lanze::api
