// Provider: our registration at one provider, as values: where it is, and how far we are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/endpoint.h"
#include "edge/settings.h"
#include "sip/registration.h"

namespace lanze::edge {

// A host to be found by DNS: with `port` 0 by SRV first (RFC 3263 §4.2), else by its address.
struct ProviderLookup {
    std::size_t trunk = 0;
    std::string host;
    std::uint16_t port = 0;
    sip::Transport transport = sip::Transport::udp;
};

enum class ProviderState : std::uint8_t {
    trying,     // looked up, or asked for the first time
    not_found,  // DNS knows no address that one of our sockets can reach
    registered,
    refused,  // answered with `status`
    silent,   // no answer, or no connection
};

// How our registration stands: told to the log when it changes, and shown in the figures.
struct ProviderStanding {
    std::string trunk;  // its name
    std::string host;   // as configured
    ProviderState state = ProviderState::trying;
    Endpoint server;          // asked last
    int status = 0;           // of its answer
    std::string reason;       // the provider's own words
    Time registered_until;    // in the past: not registered
    std::optional<Time> due;  // of the next request, if it is known
};

struct Provider {
    ProviderLookup lookup;
    sip::RegistrationAccount account;
    std::vector<Endpoint> endpoints;  // in the order of SRV; empty: not found yet
    std::size_t endpoint = 0;         // the one in use
    std::optional<sip::Registration> registration;
    Time registered_at;  // last
    ProviderStanding standing;
};

// What the configuration says of the provider of `trunk`, the `index`th; the account's contact is
// completed when the flow is known.
Provider make_provider(std::size_t index, const Trunk& trunk);

}  // namespace lanze::edge
