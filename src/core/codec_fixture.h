// What tests of old encodings have in common: tests/corpus/codec_v1.txt holds them in hex.
#pragma once

#include <string>

namespace lanze::core {

inline std::string from_hex(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    }
    return bytes;
}

}  // namespace lanze::core
