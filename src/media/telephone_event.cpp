#include "media/telephone_event.h"

#include <algorithm>
#include <cstddef>

#include "media/wire.h"

namespace lanze::media {

bool rescale_events(std::span<std::uint8_t> payload, std::uint32_t from_clock,
                    std::uint32_t to_clock) {
    constexpr std::size_t kEventSize = 4;  // RFC 4733 §2.3
    constexpr std::size_t kDurationAt = 2;
    constexpr std::uint64_t kDurationMax = 0xFFFF;
    if (payload.empty() || payload.size() % kEventSize != 0 || from_clock == 0) {
        return false;
    }
    for (std::size_t at = kDurationAt; at < payload.size(); at += kEventSize) {
        const std::uint64_t duration = std::uint64_t{read16(payload, at)} * to_clock / from_clock;
        write16(payload, at, static_cast<std::uint16_t>(std::min(duration, kDurationMax)));
    }
    return true;
}

}  // namespace lanze::media
