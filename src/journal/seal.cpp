#include "journal/seal.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <memory>

#include "base/check.h"

namespace lanze::journal {

namespace {

constexpr std::size_t kNonceBytes = 12;  // NIST SP 800-38D §5.2.1.1
constexpr std::size_t kTagBytes = 16;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* data(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* data(std::string& bytes, std::size_t offset) {
    return reinterpret_cast<unsigned char*>(bytes.data()) + offset;
}

int size(std::string_view bytes) {
    return static_cast<int>(bytes.size());
}

}  // namespace

std::optional<Key> random_key() {
    Key key;
    if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1) {
        return std::nullopt;
    }
    return key;
}

// Failing here means no memory or no entropy: going on would store plain or broken text.
std::string seal(const Key& key, std::string_view context, std::string_view plain) {
    std::string sealed(kNonceBytes + plain.size() + kTagBytes, '\0');
    LANZE_CHECK(RAND_bytes(data(sealed, 0), kNonceBytes) == 1);
    const Context cipher(EVP_CIPHER_CTX_new());
    int written = 0;
    bool is_good =
        cipher != nullptr &&
        EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), data(sealed, 0)) ==
            1 &&
        EVP_EncryptUpdate(cipher.get(), nullptr, &written, data(context), size(context)) == 1 &&
        EVP_EncryptUpdate(cipher.get(), data(sealed, kNonceBytes), &written, data(plain),
                          size(plain)) == 1;
    is_good = is_good &&
              EVP_EncryptFinal_ex(cipher.get(), data(sealed, kNonceBytes), &written) == 1 &&
              EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                                  data(sealed, kNonceBytes + plain.size())) == 1;
    LANZE_CHECK(is_good);
    return sealed;
}

std::optional<std::string> open_sealed(const Key& key, std::string_view context,
                                       std::string_view sealed) {
    if (sealed.size() < kNonceBytes + kTagBytes) {
        return std::nullopt;
    }
    const std::string_view text =
        sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
    std::string tag(sealed.substr(sealed.size() - kTagBytes));
    std::string plain(text.size(), '\0');
    const Context cipher(EVP_CIPHER_CTX_new());
    int written = 0;
    const bool is_good =
        cipher != nullptr &&
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), data(sealed)) ==
            1 &&
        EVP_DecryptUpdate(cipher.get(), nullptr, &written, data(context), size(context)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), data(plain, 0), &written, data(text), size(text)) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), data(plain, 0), &written) == 1;
    return is_good ? std::optional(std::move(plain)) : std::nullopt;
}

std::array<std::uint8_t, 32> keyed_hash(const Key& key, std::string_view text) {
    std::array<std::uint8_t, 32> hash{};
    unsigned int length = 0;
    const auto* result = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data(text),
                              text.size(), hash.data(), &length);
    LANZE_CHECK(result != nullptr && length == hash.size());
    return hash;
}

}  // namespace lanze::journal
