// What guests' pages say and are told, as JSON (docs/call-page.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "api/bodies.h"
#include "core/capacity.h"
#include "ports/centre.h"
#include "ports/guest.h"

namespace lanze::api {

inline constexpr std::size_t kGuestNameMax = 100;  // bytes

// The first text of a connection.
struct GuestHello {
    std::string token;
    friend bool operator==(const GuestHello&, const GuestHello&) = default;
};
// What he writes in his chat, and that he is about to.
struct GuestLine {
    std::string text;
    friend bool operator==(const GuestLine&, const GuestLine&) = default;
};
struct GuestTypes {
    friend bool operator==(const GuestTypes&, const GuestTypes&) = default;
};
using GuestSays = std::variant<GuestHello, ports::GuestMessage, GuestLine, GuestTypes>;

// A JSON text from a guest's page. The error is a sentence.
FromBody<GuestSays> read_guest_message(std::string_view text);

// What a page sends to begin.
struct GuestWish {
    std::string queue;  // a name, which may not be known
    core::Channel channel = core::Channel::voice;
    std::string name;       // without anything that could look like a number or a control
    std::string challenge;  // with its answer, or both empty
    std::string answer;
    friend bool operator==(const GuestWish&, const GuestWish&) = default;
};
FromBody<GuestWish> read_guest_wish(std::string_view body);

// Where a guest is.
struct GuestPlace {
    ports::ContactState state = ports::ContactState::waiting;
    std::optional<std::uint32_t> before;  // who would be taken before him; only while he waits
    std::optional<ports::ToldWait> told_wait;
    Time queued;
    Time since;
};
std::string place_json(const GuestPlace& place);
std::string over_json(ports::GuestOverReason reason);
std::string welcome_json(std::string_view queue, core::Channel channel);
std::string_view word(ports::GuestOverReason reason);
// "voice", "text"
std::string_view guest_word(core::Channel channel);

// Of PhoneReady, PhoneOffer, PhoneOver and PhoneRefusal as an agent's page is told them.
std::string guest_phone_json(const ports::GuestNews& news, std::string_view ice_servers);

}  // namespace lanze::api
