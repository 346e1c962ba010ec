// Sound files that a person hands to the centre.
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/check.h"
#include "media/prompt.h"
#include "media/wav.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::span<const std::uint8_t> file(bytes, size);
    const auto wav = lanze::media::read_wav(file);
    const auto prompt = lanze::media::Prompt::from_wav(file);
    LANZE_CHECK(wav.has_value() == prompt.has_value());
    LANZE_CHECK(!prompt || prompt->frames() > 0);
    LANZE_CHECK(wav || !lanze::media::describe(wav.error()).empty());
    return 0;
}
