#include "api/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "api/freed.h"
#include "api/passwords.h"

namespace lanze::api {

namespace {

using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using OneCertificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;

// Forward secrecy and authenticated encryption; TLS 1.3 has nothing else anyway.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

CertificateError of_certificate(std::string what) {
    return {false, std::move(what)};
}

CertificateError of_key(std::string what) {
    return {true, std::move(what)};
}

// What OpenSSL holds against it, in its words; empties its list of errors.
std::string openssl_reason() {
    const char* text = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return text == nullptr ? "unknown reason" : text;
}

std::optional<std::string> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(Certificate::kFileMax + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return file.is_open() && !file.bad() ? std::optional(std::move(text)) : std::nullopt;
}

// The file's text, or why it cannot be taken; `say` makes the error of it.
Result<std::string, CertificateError> read_limited(const std::string& path,
                                                   CertificateError (*say)(std::string)) {
    auto text = read_file(path);
    if (!text) {
        return Unexpected(say("cannot be read"));
    }
    if (text->size() > Certificate::kFileMax) {
        return Unexpected(say("is larger than 256 KiB"));
    }
    return std::move(*text);
}

Bio over(const std::string& text) {
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::vector<OneCertificate> parse_chain(const std::string& text) {
    std::vector<OneCertificate> chain;
    const Bio bio = over(text);
    while (X509* one = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
        chain.emplace_back(one);
    }
    ERR_clear_error();  // at the end there is always one: nothing more to read
    return chain;
}

// A key with a password would have OpenSSL ask at the terminal.
int no_password(char*, int, int, void*) {
    return -1;
}

Key parse_key(const std::string& text) {
    return Key(PEM_read_bio_PrivateKey(over(text).get(), nullptr, no_password, nullptr));
}

Time to_time(const ASN1_TIME* written) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(written, &parts) != 1) {
        return {};
    }
    return Time{seconds(timegm(&parts))};
}

std::string day_of(Time at) {
    using Days = std::chrono::duration<int, std::ratio<86'400>>;
    const auto days = std::chrono::floor<Days>(at.time_since_epoch());
    const std::chrono::year_month_day date{std::chrono::sys_days(days)};
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text.data();
}

Context make_context() {
    Context context(SSL_CTX_new(TLS_server_method()));
    if (context != nullptr) {
        SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
        SSL_CTX_set_cipher_list(context.get(), kCiphers);
        SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                               SSL_OP_CIPHER_SERVER_PREFERENCE);
        SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
    }
    return context;
}

// False: OpenSSL refuses the chain (a key that is too short, say).
bool take_chain(SSL_CTX* context, std::vector<OneCertificate>& chain) {
    if (SSL_CTX_use_certificate(context, chain.front().get()) != 1) {
        return false;
    }
    for (std::size_t i = 1; i < chain.size(); ++i) {
        if (SSL_CTX_add1_chain_cert(context, chain[i].get()) != 1) {
            return false;
        }
    }
    return true;
}

}  // namespace

Result<Certificate, CertificateError> Certificate::load(const CertificateFiles& files) {
    const auto chain_text = read_limited(files.certificate, of_certificate);
    if (!chain_text) {
        return Unexpected(chain_text.error());
    }
    const auto key_text = read_limited(files.key, of_key);
    if (!key_text) {
        return Unexpected(key_text.error());
    }
    ERR_clear_error();
    std::vector<OneCertificate> chain = parse_chain(*chain_text);
    if (chain.empty() || chain.size() > kChainMax) {
        return Unexpected(of_certificate(chain.empty() ? "has no certificate in PEM form"
                                                       : "has more than ten certificates"));
    }
    const Key key = parse_key(*key_text);
    if (key == nullptr) {
        ERR_clear_error();
        return Unexpected(of_key("has no key in PEM form, or one that asks for a password"));
    }
    if (X509_check_private_key(chain.front().get(), key.get()) != 1) {
        ERR_clear_error();
        return Unexpected(of_key("does not fit the certificate"));
    }
    Context context = make_context();
    if (context == nullptr || !take_chain(context.get(), chain) ||
        SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
        return Unexpected(of_certificate("cannot be used: " + openssl_reason()));
    }
    Certificate loaded;
    loaded.begins_ = to_time(X509_get0_notBefore(chain.front().get()));
    loaded.ends_ = to_time(X509_get0_notAfter(chain.front().get()));
    loaded.context_ = context.release();
    return loaded;
}

Certificate::Certificate(Certificate&& other) noexcept
    : context_(std::exchange(other.context_, nullptr)),
      begins_(other.begins_),
      ends_(other.ends_) {}

Certificate::~Certificate() {
    SSL_CTX_free(context_);
}

std::string Certificate::problem_at(Time now) const {
    if (now >= ends_) {
        return "expired on " + day_of(ends_);
    }
    return now < begins_ ? "is not good before " + day_of(begins_) : "";
}

std::string content_digest(const CertificateFiles& files) {
    return sha256_hex(read_file(files.certificate).value_or("")) +
           sha256_hex(read_file(files.key).value_or(""));
}

}  // namespace lanze::api
