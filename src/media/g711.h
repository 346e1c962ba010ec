// G.711: mu-law and A-law to linear and back (ITU-T G.711, 11/1988), and from one law to the other.
#pragma once

#include <cstdint>
#include <span>

#include "ports/media.h"

namespace lanze::media {

// Linear samples fill 16 bits: mu-law reaches ±32,124, A-law ±32,256.
std::int16_t decode_mu_law(std::uint8_t code);
std::int16_t decode_a_law(std::uint8_t code);
std::uint8_t encode_mu_law(std::int16_t sample);
std::uint8_t encode_a_law(std::int16_t sample);

std::int16_t decode(std::uint8_t code, ports::G711 law);
std::uint8_t encode(std::int16_t sample, ports::G711 law);

// Tables 3 and 4 of G.711. They do not always name the nearest value; going to the other law and
// back changes a value by one step at most.
std::uint8_t mu_law_to_a_law(std::uint8_t code);
std::uint8_t a_law_to_mu_law(std::uint8_t code);

// Converts in place; does nothing if the laws are equal.
void convert(std::span<std::uint8_t> codes, ports::G711 from, ports::G711 to);

// The code of the value nearest to zero.
std::uint8_t silence_of(ports::G711 law);

}  // namespace lanze::media
