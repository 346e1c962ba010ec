// Whatever a peer sends over UDP: no crash, and what was read is written so that it reads the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "sip/digest.h"
#include "sip/message.h"

using lanze::sip::Message;

namespace {

void check_answer(const Message& request) {
    if (request.is_request()) {
        const Message response = lanze::sip::make_response(request, 200, {}, "tag");
        const std::string written = lanze::sip::write_message(response);
        LANZE_CHECK(written.size() > lanze::sip::kMessageSizeMax ||
                    lanze::sip::parse_message(written));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto message = lanze::sip::parse_message(bytes);
    if (!message) {
        if (message.error().answerable) {
            check_answer(*message.error().answerable);
        }
        return 0;
    }
    const std::string written = lanze::sip::write_message(*message);
    // Writing may make it longer (names get quotes), beyond what may be read.
    if (written.size() <= lanze::sip::kMessageSizeMax) {
        const auto again = lanze::sip::parse_message(written);
        LANZE_CHECK(again);
        LANZE_CHECK(*again == *message);
    }
    check_answer(*message);
    lanze::sip::strongest_challenge(*message);
    lanze::sip::DigestServer server("example.org", "secret");
    const auto verdict = server.verify_password(*message, lanze::from_micros(1), "password");
    LANZE_CHECK(verdict != lanze::sip::DigestServer::Verdict::accepted);
    return 0;
}
