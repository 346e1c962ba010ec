// Telephone-events (RFC 4733) between clocks: digits from a browser count at 48 kHz, a phone's at
// 8 kHz.
#pragma once

#include <cstdint>
#include <span>

namespace lanze::media {

// Rewrites the durations in place. False, and nothing is changed: it is no whole number of events.
// A duration too long for its 16 bits stays at their highest value.
bool rescale_events(std::span<std::uint8_t> payload, std::uint32_t from_clock,
                    std::uint32_t to_clock);

}  // namespace lanze::media
