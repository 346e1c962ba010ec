// TestProvider: an OpenID provider of the test, with real keys, at the seam of the network.
#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/fetch.h"
#include "api/id_token.h"

namespace lanze::api {

// Signs as a provider does, and writes its public half as a JWK.
class TestKey {
public:
    explicit TestKey(std::string algorithm, std::string id, unsigned rsa_bits = 2'048)
        : algorithm_(std::move(algorithm)),
          id_(std::move(id)),
          key_(algorithm_ == "ES256" ? EVP_EC_gen("P-256") : EVP_RSA_gen(rsa_bits), EVP_PKEY_free) {
    }

    std::string jwk() const {
        const std::string head =
            R"({"use":"sig","alg":")" + algorithm_ + R"(","kid":")" + id_ + R"(",)";
        if (algorithm_ == "ES256") {
            return head + R"("kty":"EC","crv":"P-256","x":")" + part(OSSL_PKEY_PARAM_EC_PUB_X, 32) +
                   R"(","y":")" + part(OSSL_PKEY_PARAM_EC_PUB_Y, 32) + "\"}";
        }
        return head + R"("kty":"RSA","n":")" + part(OSSL_PKEY_PARAM_RSA_N, 0) + R"(","e":")" +
               part(OSSL_PKEY_PARAM_RSA_E, 0) + "\"}";
    }
    std::string token(const std::string& payload) const {
        return token(R"({"alg":")" + algorithm_ + R"(","kid":")" + id_ + "\"}", payload);
    }
    std::string token(const std::string& header, const std::string& payload) const {
        const std::string bytes = base64url_encode(header) + "." + base64url_encode(payload);
        return bytes + "." + base64url_encode(sign(bytes));
    }

private:
    std::string part(const char* name, std::size_t size) const {
        BIGNUM* number = nullptr;
        EVP_PKEY_get_bn_param(key_.get(), name, &number);
        const int least = BN_num_bytes(number);
        std::string bytes(size == 0 ? static_cast<std::size_t>(least) : size, '\0');
        BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
                     static_cast<int>(bytes.size()));
        BN_free(number);
        return base64url_encode(bytes);
    }
    std::string sign(const std::string& bytes) const {
        EVP_MD_CTX* digest = EVP_MD_CTX_new();
        EVP_DigestSignInit(digest, nullptr, EVP_sha256(), nullptr, key_.get());
        std::size_t size = 1'024;
        std::string signature(size, '\0');
        EVP_DigestSign(digest, reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
        EVP_MD_CTX_free(digest);
        signature.resize(size);
        return algorithm_ == "ES256" ? raw_of(signature) : signature;
    }
    static std::string raw_of(const std::string& der) {
        const auto* at = reinterpret_cast<const unsigned char*>(der.data());
        ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
        std::string raw(64, '\0');
        auto* bytes = reinterpret_cast<unsigned char*>(raw.data());
        BN_bn2binpad(ECDSA_SIG_get0_r(signature), bytes, 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(signature), bytes + 32, 32);
        ECDSA_SIG_free(signature);
        return raw;
    }

    std::string algorithm_;
    std::string id_;
    std::shared_ptr<EVP_PKEY> key_;
};

inline std::string jwk_set(const std::vector<const TestKey*>& keys) {
    std::string set;
    for (const TestKey* key : keys) {
        set += (set.empty() ? "" : ",") + key->jwk();
    }
    return R"({"keys":[)" + set + "]}";
}

// Answers what the test has put there, and notes what was asked.
struct TestProvider {
    static constexpr const char* kIssuer = "https://id.example";

    std::string metadata =
        R"({"issuer":"https://id.example","authorization_endpoint":"https://id.example/auth",)"
        R"("token_endpoint":"https://id.example/token","jwks_uri":"https://id.example/keys",)"
        R"("token_endpoint_auth_methods_supported":["client_secret_basic"]})";
    std::string keys;
    std::string token_body;
    std::string person;
    long token_status = 200;
    bool is_down = false;
    std::vector<FetchRequest> asked;

    Fetch fetch() {
        return [this](const FetchRequest& request) -> Result<Fetched, std::string> {
            asked.push_back(request);
            if (is_down) {
                return Unexpected(std::string("cannot be asked: Timeout was reached"));
            }
            if (request.address == "https://id.example/keys") {
                return Fetched{200, keys};
            }
            if (request.address == "https://id.example/me") {
                return Fetched{200, person};
            }
            return request.address == "https://id.example/token" ? Fetched{token_status, token_body}
                                                                 : Fetched{200, metadata};
        };
    }
};

}  // namespace lanze::api
