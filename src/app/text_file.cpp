#include "app/text_file.h"

#include <algorithm>
#include <array>
#include <fstream>

namespace lanze::app {

std::optional<std::string> read_text_file(const std::string& path, std::size_t bytes_max) {
    std::ifstream file(path, std::ios::binary);
    std::string text;
    std::array<char, 65'536> portion;
    while (file && text.size() < bytes_max) {
        const std::size_t wanted = std::min(portion.size(), bytes_max - text.size());
        file.read(portion.data(), static_cast<std::streamsize>(wanted));
        text.append(portion.data(), static_cast<std::size_t>(file.gcount()));
    }
    return file.is_open() && !file.bad() ? std::optional(std::move(text)) : std::nullopt;
}

bool write_text_file(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    return static_cast<bool>(file);
}

}  // namespace lanze::app
