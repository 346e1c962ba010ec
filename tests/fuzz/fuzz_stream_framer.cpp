// A TCP stream fed at once and in pieces (sizes taken from the input) gives the same frames.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "sip/message.h"

using lanze::sip::StreamFramer;

namespace {

// Pieces of 1 to 16 bytes, so that every place of a cut comes up.
std::string frames_in_pieces(std::string_view stream, bool is_at_once) {
    StreamFramer framer;
    std::string frames;
    while (!stream.empty()) {
        const std::size_t wanted = static_cast<std::size_t>(stream.back() & 15) + 1;
        const std::size_t size = is_at_once ? stream.size() : std::min(wanted, stream.size());
        framer.feed(stream.substr(0, size));
        stream.remove_prefix(size);
        while (const auto frame = framer.next()) {
            LANZE_CHECK(frame->message.size() <= lanze::sip::kMessageSizeMax);
            frames += frame->is_ping ? "(ping)" : "(" + frame->message + ")";
        }
    }
    return frames + (framer.is_broken() ? "(broken)" : "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view stream(reinterpret_cast<const char*>(data), size);
    LANZE_CHECK(frames_in_pieces(stream, true) == frames_in_pieces(stream, false));
    return 0;
}
