#include "media/g711.h"

#include <array>
#include <bit>
#include <cstddef>

namespace lanze::media {

namespace {

using ports::G711;

constexpr int kMuBias = 132;                // 33 in the 14-bit form of the standard
constexpr int kMuClip = 32635;              // the largest magnitude that still fits with the bias
constexpr std::uint8_t kALawToggle = 0x55;  // even bits are inverted on the line

constexpr std::int16_t expand_mu(std::uint8_t code) {
    const unsigned bits = static_cast<std::uint8_t>(~code);
    const unsigned segment = (bits >> 4U) & 7U;
    const int magnitude = static_cast<int>((((bits & 15U) << 3U) + kMuBias) << segment) - kMuBias;
    return static_cast<std::int16_t>((bits & 0x80U) != 0 ? -magnitude : magnitude);
}

constexpr std::int16_t expand_a(std::uint8_t code) {
    const unsigned bits = code ^ kALawToggle;
    const unsigned segment = (bits >> 4U) & 7U;
    const unsigned low = ((bits & 15U) << 4U) + 8U;
    const unsigned magnitude = segment == 0 ? low : (low + 256U) << (segment - 1U);
    const int value = static_cast<int>(magnitude);
    return static_cast<std::int16_t>((bits & 0x80U) != 0 ? value : -value);
}

constexpr std::uint8_t compress_mu(std::int16_t sample) {
    const bool is_negative = sample < 0;
    const int size = is_negative ? -static_cast<int>(sample) : sample;
    const auto biased = static_cast<unsigned>((size < kMuClip ? size : kMuClip) + kMuBias);
    const auto segment = static_cast<unsigned>(std::bit_width(biased)) - 8U;
    const unsigned step = (biased >> (segment + 3U)) & 15U;
    return static_cast<std::uint8_t>(~((is_negative ? 0x80U : 0U) | (segment << 4U) | step));
}

constexpr std::uint8_t compress_a(std::int16_t sample) {
    const bool is_negative = sample < 0;
    // One's complement makes the steps on both sides of zero equally wide.
    const auto size = static_cast<unsigned>(is_negative ? -(sample + 1) : sample);
    unsigned code = size >> 4U;
    if (size >= 256) {
        const auto segment = static_cast<unsigned>(std::bit_width(size)) - 8U;
        code = (segment << 4U) | ((size >> (segment + 3U)) & 15U);
    }
    return static_cast<std::uint8_t>((code | (is_negative ? 0U : 0x80U)) ^ kALawToggle);
}

// Table 3 of G.711: from the step of one law (0 nearest to zero, 127 farthest) to that of the
// other.
constexpr unsigned mu_step_to_a(unsigned step) {
    if (step < 32) {
        return step < 16 ? step / 2 : step - 8;
    }
    if (step < 48) {
        return step < 36 ? 24 + 2 * (step - 32) : step - 4;
    }
    if (step < 64) {
        return step == 48 ? 45 : step - 2;
    }
    return step <= 80 ? step - 1 : step;
}

// Table 4 of G.711.
constexpr unsigned a_step_to_mu(unsigned step) {
    if (step < 24) {
        return step < 8 ? 2 * step + 1 : step + 8;
    }
    if (step < 45) {
        return step < 32 ? 32 + (step - 24) / 2 : step + 4;
    }
    if (step < 63) {
        return step < 47 ? step + 3 : step + 2;
    }
    return step < 80 ? step + 1 : step;
}

constexpr std::uint8_t mu_code_to_a(std::uint8_t code) {
    const unsigned bits = static_cast<std::uint8_t>(~code);
    const unsigned sign = (bits & 0x80U) ^ 0x80U;  // the sign bit means the opposite in A-law
    return static_cast<std::uint8_t>((sign | mu_step_to_a(bits & 0x7FU)) ^ kALawToggle);
}

constexpr std::uint8_t a_code_to_mu(std::uint8_t code) {
    const unsigned bits = code ^ kALawToggle;
    const unsigned sign = (bits & 0x80U) ^ 0x80U;
    return static_cast<std::uint8_t>(~(sign | a_step_to_mu(bits & 0x7FU)));
}

template <typename Value, typename F>
constexpr std::array<Value, 256> table_of(F function) {
    std::array<Value, 256> table{};
    for (std::size_t code = 0; code < table.size(); ++code) {
        table[code] = function(static_cast<std::uint8_t>(code));
    }
    return table;
}

constexpr auto kMuExpanded = table_of<std::int16_t>(expand_mu);
constexpr auto kAExpanded = table_of<std::int16_t>(expand_a);
constexpr auto kMuToA = table_of<std::uint8_t>(mu_code_to_a);
constexpr auto kAToMu = table_of<std::uint8_t>(a_code_to_mu);

}  // namespace

std::int16_t decode_mu_law(std::uint8_t code) {
    return kMuExpanded[code];
}

std::int16_t decode_a_law(std::uint8_t code) {
    return kAExpanded[code];
}

std::uint8_t encode_mu_law(std::int16_t sample) {
    return compress_mu(sample);
}

std::uint8_t encode_a_law(std::int16_t sample) {
    return compress_a(sample);
}

std::int16_t decode(std::uint8_t code, G711 law) {
    return law == G711::mu_law ? kMuExpanded[code] : kAExpanded[code];
}

std::uint8_t encode(std::int16_t sample, G711 law) {
    return law == G711::mu_law ? compress_mu(sample) : compress_a(sample);
}

std::uint8_t mu_law_to_a_law(std::uint8_t code) {
    return kMuToA[code];
}

std::uint8_t a_law_to_mu_law(std::uint8_t code) {
    return kAToMu[code];
}

void convert(std::span<std::uint8_t> codes, G711 from, G711 to) {
    if (from == to) {
        return;
    }
    const std::array<std::uint8_t, 256>& table = from == G711::mu_law ? kMuToA : kAToMu;
    for (std::uint8_t& code : codes) {
        code = table[code];
    }
}

std::uint8_t silence_of(G711 law) {
    return encode(0, law);
}

}  // namespace lanze::media
