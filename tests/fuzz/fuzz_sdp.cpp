// Whatever stands in a body: no crash, writing and reading give the same, and answers agree.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "sip/sdp.h"

using lanze::sip::SessionDescription;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto offer =
        lanze::sip::parse_sdp(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!offer) {
        return 0;
    }
    const std::string written = lanze::sip::write_sdp(*offer);
    if (written.size() <= lanze::sip::kSdpSizeMax) {
        const auto again = lanze::sip::parse_sdp(written);
        LANZE_CHECK(again);
        LANZE_CHECK(*again == *offer);
    }
    lanze::sip::LocalMedia local;
    local.rtp = {lanze::IpAddress::v4(192, 0, 2, 1), 30000};
    const auto answer = lanze::sip::make_answer(*offer, local);
    if (answer) {
        LANZE_CHECK(lanze::sip::parse_sdp(lanze::sip::write_sdp(*answer)));
        LANZE_CHECK(lanze::sip::agree(*answer, *offer, false));
        LANZE_CHECK(lanze::sip::agree(*offer, *answer, true));
    }
    return 0;
}
