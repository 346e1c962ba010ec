// Whatever a page sends as its browser's description: no crash, and what is read can be agreed on.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "sip/sdp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto answer =
        lanze::sip::parse_web_answer(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!answer) {
        return 0;
    }
    LANZE_CHECK(answer->web.fragment.size() >= 4 && answer->web.password.size() >= 22);
    lanze::sip::LocalMedia local;
    local.rtp = {lanze::IpAddress::v4(192, 0, 2, 1), 30000};
    const auto offer = lanze::sip::make_offer(local, lanze::sip::Direction::sendrecv);
    const auto agreed = lanze::sip::agree_web(offer, *answer);
    LANZE_CHECK(!agreed || agreed->audio_payload_in == 8 || agreed->audio_payload_in == 0);
    return 0;
}
