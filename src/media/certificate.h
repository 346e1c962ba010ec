// Certificate: the process's own one for DTLS, made at its start and never stored.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace lanze::media {

// SHA-256 of a certificate's DER form, as a=fingerprint says it (RFC 8122 §5).
using Fingerprint = std::array<std::uint8_t, 32>;

// EC P-256, signed by itself: nobody looks at more than its fingerprint (RFC 5763 §5). A value;
// copies share what OpenSSL counts the owners of, and threads may share one.
class Certificate {
public:
    // Nothing if OpenSSL cannot make one.
    static std::optional<Certificate> make();
    Certificate(const Certificate& other);
    Certificate& operator=(const Certificate& other);
    ~Certificate();

    const Fingerprint& fingerprint() const { return fingerprint_; }

    // DTLS 1.2 with SRTP, with this certificate, for both roles; for Dtls alone.
    ssl_ctx_st* context() const { return context_; }

private:
    Certificate(ssl_ctx_st* context, const Fingerprint& fingerprint)
        : context_(context), fingerprint_(fingerprint) {}

    ssl_ctx_st* context_;
    Fingerprint fingerprint_;
};

}  // namespace lanze::media
