#include "api/passwords.h"

#include <argon2.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/check.h"

namespace lanze::api {

namespace {

constexpr std::uint32_t kMemoryKib = 19 * 1024;
constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kHashSize = 32;

// The hash of nothing that anybody knows, with the same costs; for names that do not exist.
constexpr const char* kDecoyHash =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

void fill_random(std::span<unsigned char> bytes) {
    // Without randomness nothing here is safe; OpenSSL's generator does not fail once seeded.
    LANZE_CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
}

std::string hex(std::span<const unsigned char> bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) {
        text.push_back(kDigits[byte >> 4U]);
        text.push_back(kDigits[byte & 15U]);
    }
    return text;
}

}  // namespace

std::string random_hex(std::size_t bytes) {
    std::vector<unsigned char> random(bytes);
    fill_random(random);
    return hex(random);
}

std::string fresh_password() {
    // 32 characters without 0, o, 1, l, so that five bits choose one.
    static constexpr char kAlphabet[] = "23456789abcdefghijkmnpqrstuvwxyz";
    static_assert(sizeof kAlphabet == 33);
    std::array<unsigned char, 16> random{};
    fill_random(random);
    std::string password;
    for (std::size_t i = 0; i < random.size(); ++i) {
        if (i > 0 && i % 4 == 0) {
            password.push_back('-');
        }
        password.push_back(kAlphabet[random.at(i) & 31U]);
    }
    return password;
}

std::string hash_password(std::string_view password) {
    std::array<unsigned char, kSaltSize> salt{};
    fill_random(salt);
    std::array<char, 128> encoded{};
    const int code =
        argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.data(), password.size(),
                              salt.data(), salt.size(), kHashSize, encoded.data(), encoded.size());
    LANZE_CHECK(code == ARGON2_OK);  // the costs are constants; what is left is no memory
    return encoded.data();
}

bool is_password(const std::string& hash, std::string_view password) {
    const char* encoded = hash.empty() ? kDecoyHash : hash.c_str();
    const bool is_right = argon2id_verify(encoded, password.data(), password.size()) == ARGON2_OK;
    return is_right && !hash.empty();
}

std::string sha256_hex(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    LANZE_CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) ==
                1);
    return hex(std::span(digest).first(size));
}

}  // namespace lanze::api
