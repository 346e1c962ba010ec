// Passwords and tokens: making, hashing and checking them. No I/O.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lanze::api {

// `bytes` random bytes of the system's generator in hexadecimal digits.
std::string random_hex(std::size_t bytes);

// 80 random bits in four groups of four characters that cannot be taken for one another.
std::string fresh_password();

// argon2id (RFC 9106) with 19 MiB, two passes, one lane, in the usual "$argon2id$..." form. About
// 35 ms of work: on the web thread never.
std::string hash_password(std::string_view password);

// Whether `hash` is of `password`. An empty hash takes the same time and is never right, so that
// unknown names answer no quicker than known ones.
bool is_password(const std::string& hash, std::string_view password);

// SHA-256 in hexadecimal digits. Enough for tokens of 256 random bits: they cannot be guessed.
std::string sha256_hex(std::string_view text);

}  // namespace lanze::api
