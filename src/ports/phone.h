// The seam between an agent's page, which is his telephone, and the edge: what the page says, and
// what it is told. All values.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/ids.h"
#include "ports/media.h"

namespace lanze::ports {

// The agent's page is there as his telephone and can be called; again after a reload, then every
// leg of his is offered anew.
struct PhoneOpened {
    friend bool operator==(const PhoneOpened&, const PhoneOpened&) = default;
};

// The page went (a reload, a closed tab, a lost network): it may come back.
struct PhoneClosed {
    // The agent wants no calls here any more; otherwise it is waited for.
    bool is_meant = false;
    friend bool operator==(const PhoneClosed&, const PhoneClosed&) = default;
};

// The browser's answer to an offer (RFC 8829), as it stands.
struct PhoneDescribed {
    LegId leg;
    std::string sdp;
    friend bool operator==(const PhoneDescribed&, const PhoneDescribed&) = default;
};

// The agent takes the call.
struct PhoneAnswered {
    LegId leg;
    friend bool operator==(const PhoneAnswered&, const PhoneAnswered&) = default;
};

// The agent puts the caller on hold, or takes him back.
struct PhoneHeld {
    LegId leg;
    bool is_held = false;
    friend bool operator==(const PhoneHeld&, const PhoneHeld&) = default;
};

// The audio of the leg does not get through any more (ICE failed): a new offer is wanted.
struct PhoneBroken {
    LegId leg;
    friend bool operator==(const PhoneBroken&, const PhoneBroken&) = default;
};

// A leg without a contact, on which the agent hears himself; and its end.
struct PhoneTest {
    bool is_wanted = true;
    friend bool operator==(const PhoneTest&, const PhoneTest&) = default;
};

using PhoneMessage = std::variant<PhoneOpened, PhoneClosed, PhoneDescribed, PhoneAnswered,
                                  PhoneHeld, PhoneBroken, PhoneTest>;

// A leg to be set up, or to be set up again with the same number. The page answers with
// PhoneDescribed at once, so that audio flows as soon as the agent takes the call.
struct PhoneOffer {
    LegId leg;
    core::ContactId contact;   // unset: a test
    bool is_answered = false;  // the agent is in the call already: no ringing
    bool is_held = false;
    std::string sdp;
    friend bool operator==(const PhoneOffer&, const PhoneOffer&) = default;
};

enum class PhoneOverReason : std::uint8_t {
    ended,           // the contact is over, or is with somebody else now
    not_understood,  // what the page sent for the leg was wrong
};

// The leg is over: the page lets go of it.
struct PhoneOver {
    LegId leg;
    PhoneOverReason reason = PhoneOverReason::ended;
    friend bool operator==(const PhoneOver&, const PhoneOver&) = default;
};

// The page is the agent's telephone now; these legs are there, each offer follows. The page lets go
// of all others.
struct PhoneReady {
    std::vector<LegId> legs;
    friend bool operator==(const PhoneReady&, const PhoneReady&) = default;
};

// What the page asked for could not be done.
struct PhoneRefusal {
    std::string code;     // stable, for programs
    std::string message;  // one English sentence
    friend bool operator==(const PhoneRefusal&, const PhoneRefusal&) = default;
};

using PhoneNews = std::variant<PhoneReady, PhoneOffer, PhoneOver, PhoneRefusal>;

}  // namespace lanze::ports
