// Certificate: a chain and its key out of two PEM files, checked to fit, ready to serve TLS with.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "base/time.h"

struct ssl_ctx_st;

namespace lanze::api {

struct CertificateFiles {
    std::string certificate;  // the server's own first, then what signed it
    std::string key;
    bool is_given() const { return !certificate.empty(); }
    friend bool operator==(const CertificateFiles&, const CertificateFiles&) = default;
};

// Why a pair of files cannot be used.
struct CertificateError {
    bool is_of_key = false;  // the key's file is at fault, or does not fit the certificate
    std::string what;        // goes on after the file's name: "has no certificate in PEM form"
};

// TLS 1.2 and 1.3 only, with ephemeral keys and authenticated ciphers only.
class Certificate {
public:
    static constexpr std::size_t kFileMax = std::size_t{256} << 10U;
    static constexpr std::size_t kChainMax = 10;

    static Result<Certificate, CertificateError> load(const CertificateFiles& files);
    Certificate(Certificate&& other) noexcept;
    Certificate& operator=(Certificate&&) = delete;
    ~Certificate();

    // Connections that were begun with it keep it for themselves.
    ssl_ctx_st* context() const { return context_; }
    Time begins() const { return begins_; }
    Time ends() const { return ends_; }
    // Nothing wrong at `now`: empty. Otherwise a sentence's end such as "expired on 2026-01-01".
    std::string problem_at(Time now) const;

private:
    Certificate() = default;

    ssl_ctx_st* context_ = nullptr;
    Time begins_;
    Time ends_;
};

// A text that changes with the content of either file; to see without parsing that they are new.
std::string content_digest(const CertificateFiles& files);

}  // namespace lanze::api
