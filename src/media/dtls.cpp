#include "media/dtls.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace lanze::media {

namespace {

using Datagrams = std::vector<std::vector<std::uint8_t>>;

constexpr std::size_t kFlightMax = 32;         // datagrams of one flight; a usual one has three
constexpr std::uint8_t kHandshakeRecord = 22;  // RFC 6347 §4.1: type, version, epoch, ...
constexpr std::size_t kEpochAt = 3;
constexpr std::size_t kKeySize = 16;

// What a BIO of ours reads and writes: whole datagrams, as OpenSSL's own BIO in memory would run
// them together.
struct Pipe {
    Bytes incoming;
    Datagrams written;
};

int read_datagram(BIO* bio, char* to, int size) {
    auto* pipe = static_cast<Pipe*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (pipe->incoming.empty()) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const std::size_t count = std::min(pipe->incoming.size(), static_cast<std::size_t>(size));
    std::copy_n(pipe->incoming.begin(), count, to);
    pipe->incoming = {};
    return static_cast<int>(count);
}

int write_datagram(BIO* bio, const char* from, int size) {
    auto* pipe = static_cast<Pipe*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (pipe->written.size() < kFlightMax) {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(from);
        pipe->written.emplace_back(bytes, bytes + size);
    }
    return size;
}

long control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* pipe_method() {
    static const BIO_METHOD* const made = [] {
        BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams");
        LANZE_CHECK(method != nullptr);
        BIO_meth_set_read(method, read_datagram);
        BIO_meth_set_write(method, write_datagram);
        BIO_meth_set_ctrl(method, control);
        return method;
    }();
    return made;
}

// In µs; an hour is longer than any handshake lasts.
unsigned never(SSL*, unsigned) {
    return 3'600'000'000U;
}

bool is_first_epoch(Bytes datagram) {
    return datagram.size() > kEpochAt + 1 && datagram[0] == kHandshakeRecord &&
           datagram[kEpochAt] == 0 && datagram[kEpochAt + 1] == 0;
}

}  // namespace

struct Dtls::Wire {
    Pipe pipe;
    SSL* ssl = nullptr;

    Wire() = default;
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    ~Wire() { SSL_free(ssl); }
};

Dtls::Dtls(const Certificate& own, DtlsRole role, const Fingerprint& expected)
    : role_(role), expected_(expected), wire_(std::make_unique<Wire>()) {
    SSL* ssl = SSL_new(own.context());
    BIO* bio = BIO_new(pipe_method());
    LANZE_CHECK(ssl != nullptr && bio != nullptr);
    wire_->ssl = ssl;
    BIO_set_data(bio, &wire_->pipe);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    SSL_set_app_data(ssl, this);
    DTLS_set_timer_cb(ssl, never);
    SSL_set_mtu(ssl, kMtu);
    if (role == DtlsRole::client) {
        SSL_set_connect_state(ssl);
    } else {
        SSL_set_accept_state(ssl);
    }
}

Dtls::~Dtls() = default;

int Dtls::on_certificate(x509_store_ctx_st* store, void*) {
    const void* ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    const auto* self = static_cast<const Dtls*>(SSL_get_app_data(static_cast<const SSL*>(ssl)));
    const X509* certificate = X509_STORE_CTX_get0_cert(store);
    Fingerprint found{};
    const bool is_right = self != nullptr && certificate != nullptr &&
                          X509_digest(certificate, EVP_sha256(), found.data(), nullptr) == 1 &&
                          CRYPTO_memcmp(found.data(), self->expected_.data(), found.size()) == 0;
    X509_STORE_CTX_set_error(store, is_right ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
    return is_right ? 1 : 0;
}

void Dtls::start(Time now) {
    if (role_ == DtlsRole::client && !give_up_) {
        give_up_ = now + kHandshakeTime;
        proceed(now);
    }
}

void Dtls::receive(Bytes datagram, Time now) {
    const bool is_over = state_ == DtlsState::closed || state_ == DtlsState::failed;
    if (is_over || datagram.empty()) {
        return;
    }
    if (!give_up_) {
        give_up_ = now + kHandshakeTime;
    }
    if (state_ == DtlsState::handshaking) {
        received_ += datagram.size();
        if (received_ > kHandshakeMax) {
            end(DtlsState::failed);
            return;
        }
    }
    const bool was_connected = state_ == DtlsState::connected;
    wire_->pipe.incoming = datagram;
    proceed(now);
    wire_->pipe.incoming = {};
    // Our last flight was lost, and the other side repeats its own, which OpenSSL drops where it
    // is the same to the byte.
    const bool may_repeat = !repeated_ || now - *repeated_ >= kRetransmitFirst;
    if (was_connected && may_repeat && is_first_epoch(datagram)) {
        repeated_ = now;
        repeat_flight();
    }
}

void Dtls::proceed(Time now) {
    ERR_clear_error();
    SSL* ssl = wire_->ssl;
    int given = 0;
    if (state_ == DtlsState::handshaking) {
        given = SSL_do_handshake(ssl);
    }
    if (given == 1) {
        state_ = DtlsState::connected;
        deadline_.reset();
    }
    if (state_ == DtlsState::connected) {
        // Data that is no media has no meaning here (RFC 5764 §5.1.2), but closing has.
        std::array<std::uint8_t, 64> ignored{};
        do {
            given = SSL_read(ssl, ignored.data(), static_cast<int>(ignored.size()));
        } while (given > 0);
    }
    const int error = SSL_get_error(ssl, given);
    take_flight(now);
    if (state_ == DtlsState::connected) {
        // Some 40 kB, which come back by themselves should another datagram come.
        SSL_free_buffers(ssl);
    }
    if (error == SSL_ERROR_ZERO_RETURN) {
        end(DtlsState::closed);
    } else if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        end(DtlsState::failed);
    }
}

void Dtls::take_flight(Time now) {
    Datagrams written = std::exchange(wire_->pipe.written, {});
    if (written.empty()) {
        return;
    }
    outgoing_.insert(outgoing_.end(), written.begin(), written.end());
    flight_ = std::move(written);
    if (state_ == DtlsState::handshaking) {
        retransmit_after_ = kRetransmitFirst;
        deadline_ = now + retransmit_after_;
    }
}

void Dtls::repeat_flight() {
    if (outgoing_.size() < kFlightMax) {
        outgoing_.insert(outgoing_.end(), flight_.begin(), flight_.end());
    }
}

void Dtls::advance(Time now) {
    if (!deadline_ || now < *deadline_) {
        return;
    }
    if (give_up_ && now >= *give_up_) {
        end(DtlsState::failed);
        return;
    }
    repeat_flight();
    // RFC 6347 §4.2.4.1: doubled each time.
    retransmit_after_ = std::min(2 * retransmit_after_, kRetransmitMost);
    deadline_ = now + retransmit_after_;
}

void Dtls::end(DtlsState state) {
    state_ = state;
    deadline_.reset();
    flight_.clear();
}

Datagrams Dtls::take_outgoing() {
    return std::exchange(outgoing_, {});
}

std::optional<SrtpKeys> Dtls::srtp_keys() const {
    const SRTP_PROTECTION_PROFILE* profile =
        state_ == DtlsState::connected ? SSL_get_selected_srtp_profile(wire_->ssl) : nullptr;
    if (profile == nullptr) {
        return std::nullopt;
    }
    SrtpKeys keys;
    keys.profile = static_cast<SrtpProfile>(profile->id);
    const std::size_t salt = keys.profile == SrtpProfile::aead_aes_128_gcm ? 12 : 14;
    // RFC 5764 §4.2: the client's key, the server's key, the client's salt, the server's salt.
    std::array<std::uint8_t, 2 * (kKeySize + 14)> material{};
    static constexpr std::string_view kLabel = "EXTRACTOR-dtls_srtp";
    if (SSL_export_keying_material(wire_->ssl, material.data(), 2 * (kKeySize + salt),
                                   kLabel.data(), kLabel.size(), nullptr, 0, 0) != 1) {
        return std::nullopt;
    }
    const bool is_client = role_ == DtlsRole::client;
    SrtpKey& of_client = is_client ? keys.outgoing : keys.incoming;
    SrtpKey& of_server = is_client ? keys.incoming : keys.outgoing;
    const auto* at = material.data();
    for (SrtpKey* key : {&of_client, &of_server}) {
        std::copy_n(at, kKeySize, key->begin());
        at += kKeySize;
    }
    for (SrtpKey* key : {&of_client, &of_server}) {
        std::copy_n(at, salt, key->begin() + kKeySize);
        at += salt;
    }
    OPENSSL_cleanse(material.data(), material.size());
    return keys;
}

}  // namespace lanze::media
