#include "base/bytes.h"

namespace lanze {

void ByteWriter::number(std::uint64_t value) {
    while (value >= 0x80U) {
        bytes_.push_back(static_cast<char>((value & 0x7fU) | 0x80U));
        value >>= 7U;
    }
    bytes_.push_back(static_cast<char>(value));
}

void ByteWriter::signed_number(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    number((bits << 1U) ^ (value < 0 ? ~std::uint64_t{0} : 0));
}

void ByteWriter::text(std::string_view value) {
    number(value.size());
    bytes_.append(value);
}

void ByteWriter::raw(std::string_view value) {
    bytes_.append(value);
}

void ByteWriter::fixed64(std::uint64_t value) {
    for (unsigned shift = 0; shift < 64; shift += 8) {
        bytes_.push_back(static_cast<char>((value >> shift) & 0xffU));
    }
}

std::uint64_t ByteReader::number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (rest_.empty()) {
            break;
        }
        const auto byte = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
        if ((byte & 0x80U) == 0) {
            return value;
        }
    }
    fail();
    return 0;
}

std::int64_t ByteReader::signed_number() {
    const std::uint64_t bits = number();
    return static_cast<std::int64_t>((bits >> 1U) ^ (0 - (bits & 1U)));
}

std::string_view ByteReader::text() {
    const std::uint64_t size = number();
    return raw(size);
}

std::string_view ByteReader::raw(std::size_t size) {
    if (size > rest_.size()) {
        fail();
        return {};
    }
    const std::string_view result = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return result;
}

std::uint64_t ByteReader::fixed64() {
    const std::string_view bytes = raw(8);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    return value;
}

}  // namespace lanze
