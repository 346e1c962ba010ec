// Any bytes into the codec: no crash, and what is accepted comes back after another round.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "core/codec.h"

namespace {

const lanze::Time kAt = lanze::from_micros(1'770'000'000'000'000);

void read_events(std::string_view bytes) {
    lanze::core::PlainCodebook book;
    lanze::ByteReader in(bytes);
    while (!in.is_at_end()) {
        const auto event = lanze::core::decode_event(in, kAt, book);
        if (!event) {
            return;
        }
        lanze::ByteWriter out;
        lanze::core::encode(*event, kAt, book, out);
        lanze::ByteReader again(out.bytes());
        LANZE_CHECK(lanze::core::decode_event(again, kAt, book) == event);
    }
}

void read_commands(std::string_view bytes) {
    lanze::core::PlainCodebook book;
    lanze::ByteReader in(bytes);
    while (!in.is_at_end() && lanze::core::decode_command(in, kAt, book)) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    read_events(bytes);
    read_commands(bytes);
    return 0;
}
