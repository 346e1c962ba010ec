// ByteWriter and ByteReader: numbers and strings to bytes and back, the ground of every stored
// format.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lanze {

// Appends to a string. Unsigned numbers are LEB128, signed ones zigzag LEB128.
class ByteWriter {
public:
    void number(std::uint64_t value);
    void signed_number(std::int64_t value);
    void text(std::string_view value);  // length first
    void raw(std::string_view value);   // no length
    void fixed64(std::uint64_t value);  // eight bytes, little end first

    const std::string& bytes() const { return bytes_; }
    std::string take() { return std::move(bytes_); }

private:
    std::string bytes_;
};

// Reads what ByteWriter wrote. After the first bad read has_failed() stays true and every further
// read gives 0 or "": the caller checks once, at the end.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    std::uint64_t number();
    std::int64_t signed_number();
    std::string_view text();  // points into the bytes read from
    std::string_view raw(std::size_t size);
    std::uint64_t fixed64();

    bool has_failed() const { return has_failed_; }
    bool is_at_end() const { return rest_.empty(); }
    std::size_t remaining() const { return rest_.size(); }
    void fail() {
        has_failed_ = true;
        rest_ = {};
    }

private:
    std::string_view rest_;
    bool has_failed_ = false;
};

}  // namespace lanze
