#include "media/certificate.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <utility>

#include "base/check.h"
#include "media/dtls.h"

namespace lanze::media {

namespace {

// Nobody checks the time; this is for programs that look at it all the same.
constexpr long kDay = 24L * 60L * 60L;
constexpr long kLife = 3650L * kDay;

template <auto free>
struct Freed {
    template <typename T>
    void operator()(T* pointer) const {
        free(pointer);
    }
};

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using X509Owner = std::unique_ptr<X509, Freed<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;

X509Owner make_signed(EVP_PKEY* key) {
    X509Owner certificate(X509_new());
    std::uint32_t serial = 0;
    auto* serial_bytes = reinterpret_cast<unsigned char*>(&serial);
    if (certificate == nullptr || RAND_bytes(serial_bytes, sizeof serial) != 1) {
        return nullptr;
    }
    X509* one = certificate.get();
    X509_NAME* name = X509_get_subject_name(one);
    // The name says nothing about the centre: it travels unencrypted.
    const auto* text = reinterpret_cast<const unsigned char*>("lanze");
    const bool is_made =
        X509_set_version(one, 2) == 1 &&
        ASN1_INTEGER_set_uint64(X509_get_serialNumber(one), serial) == 1 &&
        X509_gmtime_adj(X509_getm_notBefore(one), -kDay) != nullptr &&
        X509_gmtime_adj(X509_getm_notAfter(one), kLife) != nullptr &&
        X509_set_pubkey(one, key) == 1 &&
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
        X509_set_issuer_name(one, name) == 1 && X509_sign(one, key, EVP_sha256()) > 0;
    return is_made ? std::move(certificate) : nullptr;
}

Context make_context(EVP_PKEY* key, X509* certificate) {
    Context context(SSL_CTX_new(DTLS_method()));
    SSL_CTX* one = context.get();
    if (one == nullptr) {
        return nullptr;
    }
    SSL_CTX_set_options(one, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_NO_QUERY_MTU | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(one, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(one, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_max_cert_list(one, static_cast<long>(Dtls::kHandshakeMax));
    SSL_CTX_set_verify(one, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_cert_verify_callback(one, Dtls::on_certificate, nullptr);
    const bool is_set =
        SSL_CTX_set_min_proto_version(one, DTLS1_2_VERSION) == 1 &&
        SSL_CTX_set_max_proto_version(one, DTLS1_2_VERSION) == 1 &&
        SSL_CTX_set_cipher_list(one, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 &&
        SSL_CTX_use_certificate(one, certificate) == 1 && SSL_CTX_use_PrivateKey(one, key) == 1 &&
        // This one gives 0 when all is well.
        SSL_CTX_set_tlsext_use_srtp(one, "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80") == 0;
    return is_set ? std::move(context) : nullptr;
}

}  // namespace

std::optional<Certificate> Certificate::make() {
    const Key key(EVP_EC_gen("P-256"));
    const X509Owner certificate = key == nullptr ? nullptr : make_signed(key.get());
    Context context = certificate == nullptr ? nullptr : make_context(key.get(), certificate.get());
    Fingerprint fingerprint{};
    if (context == nullptr ||
        X509_digest(certificate.get(), EVP_sha256(), fingerprint.data(), nullptr) != 1) {
        return std::nullopt;
    }
    return Certificate(context.release(), fingerprint);
}

Certificate::Certificate(const Certificate& other)
    : context_(other.context_), fingerprint_(other.fingerprint_) {
    LANZE_CHECK(SSL_CTX_up_ref(context_) == 1);
}

Certificate& Certificate::operator=(const Certificate& other) {
    Certificate copy(other);
    std::swap(context_, copy.context_);
    std::swap(fingerprint_, copy.fingerprint_);
    return *this;
}

Certificate::~Certificate() {
    SSL_CTX_free(context_);
}

}  // namespace lanze::media
