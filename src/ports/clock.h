// The seams to time and chance.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace lanze::ports {

// UTC that never runs backwards: anchored once, then moved on by a steady clock.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Time now() = 0;
};

// What must not be guessed: tags, branches, nonces, tokens.
class Entropy {
public:
    virtual ~Entropy() = default;
    virtual std::uint64_t next64() = 0;

    // `size` characters of [a-v0-9], five bits each.
    std::string token(std::size_t size) {
        static constexpr char kAlphabet[] = "abcdefghijklmnopqrstuv0123456789";
        std::string result;
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < size; ++i) {
            if (i % 12 == 0) {
                bits = next64();
            }
            result.push_back(kAlphabet[bits & 31U]);
            bits >>= 5U;
        }
        return result;
    }
};

}  // namespace lanze::ports
