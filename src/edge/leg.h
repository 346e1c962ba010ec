// Leg and Line: one side of a contact's call and the pair of them, as plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/config.h"
#include "core/ids.h"
#include "ports/guest.h"
#include "ports/media.h"
#include "ports/outside.h"
#include "sip/dialog.h"
#include "sip/digest.h"
#include "sip/sdp.h"
#include "sip/transaction.h"

namespace lanze::edge {

using ports::LegId;

enum class LegRole : std::uint8_t { caller, agent, outside };

enum class LegState : std::uint8_t {
    incoming,     // the caller's INVITE has no final response yet
    calling,      // our INVITE is out (or about to leave), no sign of life yet
    ringing,      // a 1xx came
    established,  // 2xx sent or received
    cancelling,   // we no longer want the phone; its final response is awaited
};

// What a leg hears by our orders to the media.
struct Hearing {
    std::vector<LegId> with;            // who hear each other, itself among them; nobody: empty
    std::optional<ports::Sound> sound;  // if nobody
    friend bool operator==(const Hearing&, const Hearing&) = default;
};

// Everything known of one dialog and its audio. Nothing is reachable only through a pointer: what
// encode_leg() (note.h) writes down is enough to go on with the call or to end it.
struct Leg {
    LegId id;
    LegRole role = LegRole::caller;
    LegState state = LegState::incoming;
    core::ContactId contact;
    core::AgentId agent;                // agent's leg
    core::PresentationId presentation;  // agent's leg

    sip::Dialog dialog;
    // The INVITE that set up the leg: as server (caller's leg) …
    sip::ServerTransactionId invite_server;
    std::optional<sip::Message> invite;   // kept until its final response
    std::uint32_t reliable_sequence = 0;  // RSeq of our last reliable 18x; 0: none (RFC 3262)
    // … or as client (agent's leg).
    sip::ClientTransactionId invite_client;
    std::string invite_branch;
    std::uint32_t invite_cseq = 0;
    std::uint32_t peer_reliable_sequence = 0;  // RSeq we have sent PRACK for

    // Offer and answer. A description we sent that still waits for the other half is an open offer.
    ports::MediaPort port;
    sip::LocalMedia local;
    std::optional<sip::SessionDescription> sent;
    std::optional<sip::SessionDescription> received;
    bool has_open_offer = false;  // ours; the answer comes in ACK, PRACK or a 2xx
    std::optional<sip::AgreedMedia> agreed;
    bool is_held_by_peer = false;
    Hearing hears;
    // Set: this queue is closed, and the caller hears so. His contact is over, or there never was
    // one.
    core::QueueId closed_queue;
    bool has_ended = false;  // the other side has said BYE or given a final error

    // A re-INVITE or UPDATE in progress, either way (glare: RFC 3261 §14.1).
    sip::ServerTransactionId reinvite_server;
    sip::ClientTransactionId refresh_client;

    sip::SessionTimer session;
    bool peer_allows_update = false;

    // In the agent's page: no dialog and no note; `web` is our half of the last offer.
    bool is_web = false;
    sip::WebParts web;
    bool is_described = false;  // the page has answered the last offer
    ports::GuestId guest;       // a guest's leg, which is in his page

    friend bool operator==(const Leg&, const Leg&) = default;
};

// A contact's legs. The agent's leg comes and goes with each presentation. A consultation has no
// caller's leg: who asks is the agent of the contact it is about. Nor has a call of an agent's own.
struct Line {
    core::ContactId contact;
    core::QueueId queue;
    LegId caller;
    LegId agent;  // unset while nobody is presented to or connected
    bool answers_when_connected = false;
    std::string caller_text;  // number or name as signalled, for the desk; personal

    core::ContactId about;                       // of a consultation
    bool is_joined = false;                      // of a consultation: all talk with each other
    std::vector<core::ContactId> consultations;  // about this contact, in the order asked
    bool is_consulting = false;  // its agent is with the colleague he asks, not with the caller
    LegId outside = {};          // a number outside that is asked, or talks along
    std::optional<ports::OutsideView> outside_ended = {};  // the last one, if it is over
    core::AgentId own_of = {};                             // set: a call of this agent's own accord

    friend bool operator==(const Line&, const Line&) = default;
};

// A number outside that is called about a contact. Its leg belongs to the talk as a colleague's
// does; when the agent has left, caller and number are alone, and no contact stands for them.
struct Outside {
    LegId leg;
    core::ContactId talk;     // whose agent is in it; unset: he has left
    LegId caller;             // then
    core::ContactId contact;  // about which it was called
    core::AgentId agent;      // who called
    std::string number;
    ports::DialFor dialled_for = ports::DialFor::consultation;
    std::optional<Time> answered;
    bool is_joined = false;
    std::optional<sip::Credentials> credentials;
    std::uint8_t challenges = 0;  // answered
    // Where the caller goes back to if nobody answers.
    core::QueueId queue;
    core::Skills needs;
    Duration waited{};
    std::string caller_text;
};

// What an agent calls somebody for, of his own accord; kept until he does again.
struct OwnCall {
    core::ContactId contact;  // while it goes on
    ports::OwnCallTarget target;
    ports::OwnCallView view;
    std::optional<ports::OutsideEnd> missed;  // how the last telephone of a colleague ended
};

}  // namespace lanze::edge
