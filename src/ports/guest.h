// The seam between a guest's page (a caller in a browser, without an account) and the edge: what
// the page says, and what it is told. All values.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "base/id.h"
#include "core/capacity.h"
#include "core/ids.h"
#include "ports/phone.h"

namespace lanze::ports {

// One visit of one guest, from the first word to the last; given by the API, never used twice in
// the life of a process.
using GuestId = Id<struct GuestTag, std::uint64_t>;

// The guest enters a queue; his page is there. Once in a visit.
struct GuestCalls {
    core::QueueId queue;
    core::Channel channel = core::Channel::voice;  // voice or chat
    std::string name;                              // as typed, may be empty; personal
    friend bool operator==(const GuestCalls&, const GuestCalls&) = default;
};

// PhoneOpened: the page is back after a reload. PhoneClosed: it went and may come back, or, if that
// is meant, the guest has hung up.
using GuestMessage =
    std::variant<GuestCalls, PhoneOpened, PhoneClosed, PhoneDescribed, PhoneBroken>;

// The contact that is the guest's from now on; again after a transfer, which makes another one.
struct GuestQueued {
    core::ContactId contact;
    friend bool operator==(const GuestQueued&, const GuestQueued&) = default;
};

enum class GuestOverReason : std::uint8_t {
    hung_up,        // by the guest, or his page did not come back
    ended,          // by the agent
    queue_closed,   // it is closed, or closed while he waited
    queue_full,     // no room to wait
    busy,           // the centre takes no more calls at the moment
    not_offered,    // this queue is not there, or not for this channel
    no_audio,       // nothing was heard of his browser for too long
    cut_off,        // something broke at the centre
    centre_closed,  // it was stopped
};

// The visit is over; nothing more is said in it.
struct GuestOver {
    GuestOverReason reason = GuestOverReason::ended;
    friend bool operator==(const GuestOver&, const GuestOver&) = default;
};

using GuestNews =
    std::variant<GuestQueued, GuestOver, PhoneReady, PhoneOffer, PhoneOver, PhoneRefusal>;

}  // namespace lanze::ports
