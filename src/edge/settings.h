// Settings: what the edge must know of the centre: numbers, phones, trunks and the limits of calls.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/endpoint.h"
#include "base/time.h"
#include "edge/dial_out.h"
#include "sip/digest.h"
#include "sip/message.h"

namespace lanze::edge {

// One of our own SIP sockets.
struct Listener {
    sip::Transport transport = sip::Transport::udp;
    Endpoint bound;
    friend bool operator==(const Listener&, const Listener&) = default;
};

enum class AnswerMode : std::uint8_t {
    at_once,         // 200 at once: the caller hears music while waiting
    when_connected,  // 183 with early media; 200 when an agent answers, so waiting costs nothing
};

struct QueueLine {
    std::string queue;                 // name in core::Config
    std::vector<std::string> numbers;  // user parts that are dialled
    AnswerMode answer = AnswerMode::at_once;
    friend bool operator==(const QueueLine&, const QueueLine&) = default;
};

// Where an agent's phone is.
struct Phone {
    std::string agent;                   // name in core::Config
    std::optional<sip::Uri> address;     // fixed; nothing: the phone registers
    std::string password;                // registered phones sign in with digest as `agent`
    Duration check_every = seconds(30);  // OPTIONS; zero: never asked, taken to be there
    friend bool operator==(const Phone&, const Phone&) = default;
};

// Our registration at a provider.
struct ProviderAccount {
    std::string registrar;  // host or IP address, optionally ":port"; without one SRV is looked up
    sip::Transport transport = sip::Transport::udp;
    std::string username;
    std::string password;
    std::string domain;  // realm part of the address of record; default: the registrar's host
    Duration expires = seconds(600);
    friend bool operator==(const ProviderAccount&, const ProviderAccount&) = default;
};

struct Trunk {
    std::string name;
    std::vector<Network> from;                    // allowed sources
    std::optional<sip::Credentials> credentials;  // or: callers must sign in with digest
    std::optional<ProviderAccount> account;       // or: we register there and take calls from it
    bool trusts_identity = false;                 // believe P-Asserted-Identity (RFC 3325)
    friend bool operator==(const Trunk&, const Trunk&) = default;
};

struct Settings {
    std::string realm = "lanze";  // digest
    std::vector<Listener> listeners;
    std::optional<IpAddress> advertise;  // written into Contact and Via instead of `bound`
    std::vector<QueueLine> queues;
    std::vector<Phone> phones;
    std::vector<Trunk> trunks;
    DialOut dial_out;
    std::uint32_t calls_max = 20'000;  // one more gets 503 with Retry-After
    Duration session_interval = seconds(1800);
    Duration silence_max = seconds(60);      // no RTP and RTCP in an answered bridge: cut off
    Duration early_media_max = minutes(30);  // when_connected: the wait ends then
    // How long ports::Sound::closed is; zero: callers of a closed queue hear nothing from us.
    Duration closed_prompt{};
    Duration early_repeat = seconds(60);  // 18x again (RFC 3261 §13.3.1.1: proxies' timer C)
    Duration first_sign = seconds(3);     // no 1xx for an INVITE in that time: unreachable
    // SHA-256 of the certificate that the media workers show to browsers.
    std::array<std::uint8_t, 32> web_fingerprint{};
    bool web_opus = true;  // offered to browsers, beside G.711
    // How long a call waits for the page of its agent; then it goes back to the head of its queue.
    Duration web_away_max = seconds(20);
    // How long a call waits for its guest's page; then he has hung up.
    Duration guest_away_max = seconds(20);
    // For so long nothing was heard of a guest's browser, from the start on: no audio gets through.
    Duration guest_silence_max = seconds(30);
    friend bool operator==(const Settings&, const Settings&) = default;
};

}  // namespace lanze::edge
