// Session timers (RFC 4028): how two sides agree to ask now and then whether a call still stands.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "sip/message.h"

namespace lanze::sip {

enum class Refresher : std::uint8_t { us, them };
struct SessionTimer {
    Duration interval{};  // 0: none agreed
    Refresher refresher = Refresher::us;
    friend bool operator==(const SessionTimer&, const SessionTimer&) = default;
};
struct SessionTimerWish {
    Duration interval = std::chrono::seconds(1800);
    Duration interval_min = std::chrono::seconds(90);
};
// UAS: nothing = answer 422 with Min-SE. Otherwise what to write into the 2xx
// (apply_session_timer). A caller that does not support "timer" gets one refreshed by us.
std::optional<SessionTimer> agree_session_timer(const Message& request,
                                                const SessionTimerWish& wish);
void apply_session_timer(Message& response, const Message& request, const SessionTimer& timer);
// UAC: what a request for a session carries, and what the 2xx means.
void request_session_timer(Message& request, const SessionTimerWish& wish,
                           std::optional<Refresher> refresher = std::nullopt);
SessionTimer read_session_timer(const Message& response, const SessionTimerWish& wish);
// When we must refresh (half the interval) or, if they refresh, give up with BYE
// (interval - min(32 s, interval/3)), counted from the last refresh (§10); Duration::max() if no
// timer was agreed.
Duration session_timer_due(const SessionTimer& timer);

// After a 422 (§7.4): the wish with the interval the other side asks for by Min-SE; nothing if it
// names none, or one that a peer of good will would not ask.
std::optional<SessionTimerWish> wish_after_refusal(const Message& response,
                                                   const SessionTimerWish& wish);

}  // namespace lanze::sip
