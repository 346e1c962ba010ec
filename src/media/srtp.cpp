#include "media/srtp.h"

#include <srtp2/srtp.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "media/wire.h"

namespace lanze::media {

namespace {

static_assert(kRoomBehind >= SRTP_MAX_TRAILER_LEN + 4);

constexpr std::size_t kRtcpHeaderSize = 8;

// The library has a state of its own, to be set up once for the process.
void start_library() {
    static const bool is_started = srtp_init() == srtp_err_status_ok;
    LANZE_CHECK(is_started);
}

srtp_profile_t profile_of(SrtpProfile profile) {
    switch (profile) {
        case SrtpProfile::aes128_cm_sha1_80:
            return srtp_profile_aes128_cm_sha1_80;
        case SrtpProfile::aead_aes_128_gcm:
            return srtp_profile_aead_aes_128_gcm;
    }
    return srtp_profile_reserved;
}

// Null if the library does not know the profile.
srtp_t make_session(SrtpProfile profile, const SrtpKey& key, srtp_ssrc_type_t direction) {
    srtp_policy_t policy{};
    const srtp_profile_t number = profile_of(profile);
    SrtpKey copy = key;  // the library reads it through a pointer without const
    if (srtp_crypto_policy_set_from_profile_for_rtp(&policy.rtp, number) != srtp_err_status_ok ||
        srtp_crypto_policy_set_from_profile_for_rtcp(&policy.rtcp, number) != srtp_err_status_ok) {
        return nullptr;
    }
    policy.ssrc.type = direction;
    policy.key = copy.data();
    policy.window_size = Srtp::kReplayWindow;
    srtp_t session = nullptr;
    return srtp_create(&session, &policy) == srtp_err_status_ok ? session : nullptr;
}

using Work = srtp_err_status_t (*)(srtp_t, void*, int*);

// The size after the library's work in place; 0 if it refused.
std::size_t apply(Work work, srtp_t session, std::span<std::uint8_t> packet) {
    auto size = static_cast<int>(packet.size());
    const bool is_done = work(session, packet.data(), &size) == srtp_err_status_ok;
    return is_done ? static_cast<std::size_t>(size) : 0;
}

}  // namespace

struct Srtp::Sessions {
    srtp_t out = nullptr;
    srtp_t in = nullptr;

    Sessions() = default;
    Sessions(const Sessions&) = delete;
    Sessions& operator=(const Sessions&) = delete;
    ~Sessions() {
        for (srtp_t session : {out, in}) {
            if (session != nullptr) {
                srtp_dealloc(session);
            }
        }
    }
};

std::optional<Srtp> Srtp::make(const SrtpKeys& keys) {
    start_library();
    auto sessions = std::make_unique<Sessions>();
    sessions->out = make_session(keys.profile, keys.outgoing, ssrc_any_outbound);
    sessions->in = make_session(keys.profile, keys.incoming, ssrc_any_inbound);
    if (sessions->out == nullptr || sessions->in == nullptr) {
        return std::nullopt;
    }
    return Srtp(std::move(sessions));
}

Srtp::Srtp(std::unique_ptr<Sessions> sessions) : sessions_(std::move(sessions)) {}
Srtp::Srtp(Srtp&&) noexcept = default;
Srtp& Srtp::operator=(Srtp&&) noexcept = default;
Srtp::~Srtp() = default;

Bytes Srtp::protect_rtp(const PacketBuffer& packet) {
    if (packet.room < kRoomBehind || packet.bytes.size() < kRtpHeaderSize) {
        return {};
    }
    const std::size_t size = apply(srtp_protect, sessions_->out, packet.bytes);
    return {packet.bytes.data(), size};
}

Bytes Srtp::protect_rtcp(const PacketBuffer& packet) {
    if (packet.room < kRoomBehind || packet.bytes.size() < kRtcpHeaderSize) {
        return {};
    }
    const std::size_t size = apply(srtp_protect_rtcp, sessions_->out, packet.bytes);
    return {packet.bytes.data(), size};
}

bool Srtp::may_come(std::uint32_t ssrc) const {
    const auto end = sources_.begin() + static_cast<std::ptrdiff_t>(source_count_);
    return source_count_ < kSourcesMax || std::find(sources_.begin(), end, ssrc) != end;
}

// The library keeps some hundred bytes for each SSRC and never forgets one, so they are counted.
void Srtp::note_source(std::uint32_t ssrc) {
    const auto end = sources_.begin() + static_cast<std::ptrdiff_t>(source_count_);
    if (std::find(sources_.begin(), end, ssrc) == end) {
        sources_[source_count_++] = ssrc;
    }
}

std::span<std::uint8_t> Srtp::open_rtp(std::span<std::uint8_t> packet) {
    const bool may_be = packet.size() >= kRtpHeaderSize && may_come(read32(packet, 8));
    const std::size_t size = may_be ? apply(srtp_unprotect, sessions_->in, packet) : 0;
    if (size == 0) {
        ++refused_;
        return {};
    }
    note_source(read32(packet, 8));
    return packet.first(size);
}

std::span<std::uint8_t> Srtp::open_rtcp(std::span<std::uint8_t> packet) {
    const bool may_be = packet.size() >= kRtcpHeaderSize && may_come(read32(packet, 4));
    const std::size_t size = may_be ? apply(srtp_unprotect_rtcp, sessions_->in, packet) : 0;
    if (size == 0) {
        ++refused_;
        return {};
    }
    note_source(read32(packet, 4));
    return packet.first(size);
}

}  // namespace lanze::media
