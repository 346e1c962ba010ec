// Our registrations at providers: looked up, sent, renewed, moved to the next server when one
// fails.
#include <charconv>

#include "edge/edge.h"

namespace lanze::edge {

namespace {

constexpr Duration kLookupAgain = seconds(30);

}  // namespace

Provider make_provider(std::size_t trunk, const ProviderAccount& account) {
    Provider provider;
    provider.lookup = {trunk, account.registrar, 0, account.transport};
    const std::size_t colon = account.registrar.rfind(':');
    const bool has_port =
        colon != std::string::npos && account.registrar.find(']', colon) == std::string::npos;
    if (has_port) {
        provider.lookup.host = account.registrar.substr(0, colon);
        const char* begin = account.registrar.data() + colon + 1;
        std::from_chars(begin, account.registrar.data() + account.registrar.size(),
                        provider.lookup.port);
    }
    provider.account.registrar.host =
        account.domain.empty() ? provider.lookup.host : account.domain;
    provider.account.address.uri = provider.account.registrar;
    provider.account.address.uri.user = account.username;
    provider.account.credentials = {account.username, account.password};
    provider.account.expires = account.expires;
    return provider;
}

void Edge::start_providers() {
    for (std::size_t i = 0; i < settings_.trunks.size(); ++i) {
        if (settings_.trunks[i].account && !providers_.contains(i)) {
            const auto place =
                providers_.emplace(i, make_provider(i, *settings_.trunks[i].account)).first;
            lookups_.push_back(place->second.lookup);
        }
    }
}

void Edge::provider_found(std::size_t trunk, const std::vector<Endpoint>& endpoints, Time now) {
    const auto place = providers_.find(trunk);
    if (place == providers_.end()) {
        return;
    }
    Provider& provider = place->second;
    if (endpoints.empty()) {
        timers_.set({TimerKind::provider, trunk}, now + kLookupAgain);
        return;
    }
    provider.endpoints = endpoints;
    provider.endpoint = 0;
    std::vector<IpAddress> addresses;
    addresses.reserve(endpoints.size());
    for (const Endpoint& endpoint : endpoints) {
        addresses.push_back(endpoint.address);
    }
    trunks_.set_provider_addresses(trunk, std::move(addresses));
    const sip::Flow flow = phones_.flow_to(endpoints.front(), provider.lookup.transport);
    provider.account.contact = own_contact(flow);
    provider.account.contact.uri.user = provider.account.credentials.username;
    if (!provider.registration) {
        provider.registration =
            sip::make_registration(provider.account, entropy_.token(20), entropy_.token(12), now);
    }
    advance_provider(trunk, now);
}

void Edge::advance_provider(std::size_t trunk, Time now) {
    Provider& provider = providers_.at(trunk);
    if (!provider.registration) {
        lookups_.push_back(provider.lookup);
        return;
    }
    send_registration(trunk,
                      sip::advance_registration(*provider.registration, provider.account, now,
                                                entropy_.token(16)),
                      now);
}

// Sends the request, if there is one, and sets the time of the next.
void Edge::send_registration(std::size_t trunk, std::optional<sip::Message> request, Time /*now*/) {
    const Provider& provider = providers_.at(trunk);
    if (request) {
        const Endpoint& endpoint = provider.endpoints[provider.endpoint];
        send_request({Purpose::provider, {}, {}, trunk}, std::move(*request),
                     phones_.flow_to(endpoint, provider.lookup.transport));
    }
    if (const auto due = sip::registration_due(*provider.registration)) {
        timers_.set({TimerKind::provider, trunk}, *due);
    }
}

void Edge::on_provider_response(std::size_t trunk, const sip::Message& response, Time now) {
    Provider& provider = providers_.at(trunk);
    send_registration(trunk,
                      sip::registration_answered(*provider.registration, provider.account, response,
                                                 now, entropy_.token(16)),
                      now);
}

// The next server of the SRV answer is tried; after the last one the name is looked up anew.
void Edge::provider_silent(std::size_t trunk, Time now) {
    Provider& provider = providers_.at(trunk);
    sip::registration_unanswered(*provider.registration, now);
    provider.endpoint = (provider.endpoint + 1) % provider.endpoints.size();
    if (provider.endpoint == 0) {
        lookups_.push_back(provider.lookup);
    }
    send_registration(trunk, std::nullopt, now);
}

}  // namespace lanze::edge
