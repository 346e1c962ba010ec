// Text files as a whole: read with a limit, and written.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace lanze::app {

// At most the first `bytes_max` bytes; nothing if it cannot be read. Who asks for one more than he
// allows sees that a file is too large.
std::optional<std::string> read_text_file(const std::string& path, std::size_t bytes_max);

// In place of what stood there; false: it could not be written.
bool write_text_file(const std::string& path, const std::string& text);

}  // namespace lanze::app
