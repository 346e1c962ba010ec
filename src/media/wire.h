// Numbers in network byte order, out of and into byte spans that are known to be long enough.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lanze::media {

inline std::uint16_t read16(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::uint16_t>((bytes[at] << 8U) | bytes[at + 1]);
}

inline std::uint32_t read24(std::span<const std::uint8_t> bytes, std::size_t at) {
    return (static_cast<std::uint32_t>(bytes[at]) << 16U) | read16(bytes, at + 1);
}

inline std::uint32_t read32(std::span<const std::uint8_t> bytes, std::size_t at) {
    return (static_cast<std::uint32_t>(read16(bytes, at)) << 16U) | read16(bytes, at + 2);
}

inline void write16(std::span<std::uint8_t> bytes, std::size_t at, std::uint16_t value) {
    bytes[at] = static_cast<std::uint8_t>(value >> 8U);
    bytes[at + 1] = static_cast<std::uint8_t>(value);
}

inline void write32(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value) {
    write16(bytes, at, static_cast<std::uint16_t>(value >> 16U));
    write16(bytes, at + 2, static_cast<std::uint16_t>(value));
}

}  // namespace lanze::media
