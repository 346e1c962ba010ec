// Conference: up to five legs of one worker that all hear each other, each without himself.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "media/jitter_buffer.h"
#include "media/prompt.h"
#include "media/rtp.h"
#include "ports/media.h"

namespace lanze::media {

// Knows its members by the numbers of their ports. Who speaks is put in as packets come; every
// 20 ms mix() takes one frame of each.
class Conference {
public:
    static constexpr std::size_t kMembersMax = ports::kConferenceMax;

    // Does nothing for a member, or when the conference is full (false).
    bool add(std::uint32_t port);
    void remove(std::uint32_t port);
    bool has(std::uint32_t port) const;
    bool is_empty() const { return members_.empty(); }
    std::size_t size() const { return members_.size(); }
    std::uint32_t member(std::size_t index) const { return members_[index].port; }

    // A packet of the member's, in `law`; longer ones are cut to JitterBuffer::kDelayMax.
    void speak(std::uint32_t port, const RtpHeader& header, Bytes payload, ports::G711 law);
    // The same with 16 bit linear samples.
    void speak(std::uint32_t port, const RtpHeader& header, std::span<const std::int16_t> samples);
    // The members' next frames become the past; what each hears is then had by heard().
    void mix();
    // What the member of that index hears in the frame mixed last: the sum of the others, kept
    // within 16 bits.
    void heard(std::size_t index, ports::G711 law,
               std::span<std::uint8_t, kFrameSamples> frame) const;

private:
    struct Member {
        std::uint32_t port = 0;
        JitterBuffer buffer;
        std::array<std::int16_t, kFrameSamples> frame{};
        bool speaks = false;  // `frame` is not silence alone
    };

    std::vector<Member> members_;
    std::array<std::int32_t, kFrameSamples> sum_{};
    std::size_t speakers_ = 0;
};

}  // namespace lanze::media
