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

struct Provider {
    ProviderLookup lookup;
    sip::RegistrationAccount account;
    std::vector<Endpoint> endpoints;  // in the order of SRV; empty: not found yet
    std::size_t endpoint = 0;         // the one in use
    std::optional<sip::Registration> registration;
};

// What the configuration says of a provider; `contact` is completed when the flow is known.
Provider make_provider(std::size_t trunk, const ProviderAccount& account);

}  // namespace lanze::edge
