// A guest's page: what it says, and what happens while it is away.
#include "base/variant.h"
#include "edge/edge.h"

namespace lanze::edge {

void Edge::guest(ports::GuestId guest, const ports::GuestMessage& message, Time now) {
    match(
        message, [&](const ports::GuestCalls& calls) { on(guest, calls, now); },
        [](const auto&) {});  // of a visit that is over
    run_follow_ups(now);
}

// Nothing is served for guests yet.
void Edge::on(ports::GuestId guest, const ports::GuestCalls& /*message*/, Time /*now*/) {
    tell_guest(guest, ports::GuestOver{ports::GuestOverReason::not_offered});
}

void Edge::tell_guest(ports::GuestId guest, ports::GuestNews news) {
    outbox_.push(SendGuestNews{guest, std::move(news)});
}

}  // namespace lanze::edge
