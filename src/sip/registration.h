// Registration: keeps us registered at a provider (RFC 3261 §10.2); answers and time in, REGISTER
// requests out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "sip/digest.h"
#include "sip/message.h"

namespace lanze::sip {

// What the provider gave us and where it is to send calls.
struct RegistrationAccount {
    Uri registrar;        // Request-URI: sip:provider.example
    NameAddress address;  // address of record, in To and From
    NameAddress contact;
    Credentials credentials;
    Duration expires = seconds(600);
};

enum class RegistrationState : std::uint8_t {
    waiting,  // for `due`, to send the next request
    trying,   // a request is out
    leaving,  // the request that ends it is out
    ended,
};

// A plain value; the functions below move it on. The caller sends what they return by a client
// transaction of its own each, and hands back the final response or its absence.
struct Registration {
    std::string call_id;
    std::string tag;
    std::uint32_t cseq = 0;
    RegistrationState state = RegistrationState::waiting;
    Time due;  // of the next request; means something while waiting
    Time registered_until;
    Duration expires{};          // what we ask for; a 423 raises it
    std::uint32_t failures = 0;  // in a row
    std::optional<Challenge> challenge;
    std::uint32_t nonce_count = 0;
    bool is_proxy_challenge = false;
    std::uint8_t corrections = 0;  // of this attempt, after 401, 407 and 423
    int last_status = 0;           // 0: no answer; for whoever asks why it does not work
};

// `call_id` and `tag` from Entropy. The first request is due at once.
Registration make_registration(const RegistrationAccount& account, std::string_view call_id,
                               std::string_view tag, Time now);
bool is_registered(const Registration& registration, Time now);
std::optional<Time> registration_due(const Registration& registration);

// The next REGISTER if one is due. `cnonce` from Entropy, as below.
std::optional<Message> advance_registration(Registration& registration,
                                            const RegistrationAccount& account, Time now,
                                            std::string_view cnonce);
// A final response. Returns the request that follows at once: with the challenge answered (once,
// twice if our nonce was only stale) or the longer interval a 423 asks for. Otherwise the next is
// due at 0.9 of the time granted or, after a failure, in 30 s, doubling up to 10 min.
std::optional<Message> registration_answered(Registration& registration,
                                             const RegistrationAccount& account,
                                             const Message& response, Time now,
                                             std::string_view cnonce);
// No answer came, or the transport failed.
void registration_unanswered(Registration& registration, Time now);
// After a failure, where there is another server (RFC 3263 §4.3): the next request is due at once,
// and the failure does not lengthen later pauses.
void registration_moved(Registration& registration, Time now);
// What the registrar knows of us may be lost (its connection broke): due at `at` at the latest,
// unless a failure has set a pause.
void hasten_registration(Registration& registration, Time at);
// Ends it: the request with expires=0.
Message end_registration(Registration& registration, const RegistrationAccount& account,
                         std::string_view cnonce);

}  // namespace lanze::sip
