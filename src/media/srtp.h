// Srtp: encrypts and opens the packets of one association, both ways (RFC 3711, RFC 7714).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "media/rtp.h"

namespace lanze::media {

// By their numbers in DTLS (RFC 5764 §4.1.2, RFC 7714 §14.2).
enum class SrtpProfile : std::uint16_t {
    aes128_cm_sha1_80 = 0x0001,
    aead_aes_128_gcm = 0x0007,
};

// A master key of 16 bytes and the salt behind it: 14 bytes, with GCM 12.
using SrtpKey = std::array<std::uint8_t, 30>;

struct SrtpKeys {
    SrtpProfile profile = SrtpProfile::aes128_cm_sha1_80;
    SrtpKey outgoing{};
    SrtpKey incoming{};
};

class Srtp {
public:
    // The other side may send from so many SSRCs during one association; more are refused.
    static constexpr std::size_t kSourcesMax = 8;
    // Packets that were overtaken by so many others are refused, as they may be replayed.
    static constexpr unsigned kReplayWindow = 512;

    // Nothing if libsrtp2 refuses the profile: it was built without GCM.
    static std::optional<Srtp> make(const SrtpKeys& keys);
    Srtp(Srtp&&) noexcept;
    Srtp& operator=(Srtp&&) noexcept;
    ~Srtp();

    // Encrypts in place; the packet with its tag, which is written into the room behind it. Empty
    // if there is too little room, or the packet was protected before.
    Bytes protect_rtp(const PacketBuffer& packet);
    Bytes protect_rtcp(const PacketBuffer& packet);

    // Opens in place; the packet without its tag, empty if it was forged, replayed or is too old.
    std::span<std::uint8_t> open_rtp(std::span<std::uint8_t> packet);
    std::span<std::uint8_t> open_rtcp(std::span<std::uint8_t> packet);

    // How many packets open_rtp() and open_rtcp() refused.
    std::uint64_t refused() const { return refused_; }

private:
    struct Sessions;  // libsrtp2's types

    explicit Srtp(std::unique_ptr<Sessions> sessions);
    bool may_come(std::uint32_t ssrc) const;
    void note_source(std::uint32_t ssrc);

    std::unique_ptr<Sessions> sessions_;
    std::array<std::uint32_t, kSourcesMax> sources_{};
    std::size_t source_count_ = 0;
    std::uint64_t refused_ = 0;
};

}  // namespace lanze::media
