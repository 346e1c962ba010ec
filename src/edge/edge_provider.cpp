// Our registrations at providers: looked up, sent, renewed, moved to the next server when one
// fails.
#include <algorithm>

#include "edge/edge.h"
#include "sip/grammar.h"

namespace lanze::edge {

namespace {

constexpr Duration kLookupAgain = seconds(30);
// After its connection broke; a provider that closes it after each answer is not asked faster than
// kRenewPause.
constexpr Duration kReconnectAfter = seconds(1);
constexpr Duration kRenewPause = seconds(30);

// "host", "host:port", "[::1]:5060" or an IPv6 address alone.
void read_registrar(std::string_view text, ProviderLookup& lookup) {
    const bool is_bracketed = text.starts_with('[');
    const std::size_t end = is_bracketed ? text.find(']') : text.find(':');
    const bool is_v6_alone = !is_bracketed && end != text.rfind(':');
    if (end == std::string_view::npos || is_v6_alone) {
        lookup.host = text;
        return;
    }
    lookup.host = is_bracketed ? text.substr(1, end - 1) : text.substr(0, end);
    const std::size_t colon = text.find(':', end);
    if (colon != std::string_view::npos && colon + 1 < text.size()) {
        lookup.port = sip::parse_number<std::uint16_t>(text.substr(colon + 1), 0xffff).value_or(0);
    }
}

}  // namespace

Provider make_provider(std::size_t index, const Trunk& trunk) {
    const ProviderAccount& account = *trunk.account;
    Provider provider;
    provider.lookup = {index, {}, 0, account.transport};
    read_registrar(account.registrar, provider.lookup);
    provider.account.registrar.host =
        account.domain.empty() ? provider.lookup.host : account.domain;
    provider.account.address.uri = provider.account.registrar;
    provider.account.address.uri.user = account.username;
    provider.account.credentials = {account.username, account.password};
    provider.account.expires = account.expires;
    provider.standing.trunk = trunk.name;
    provider.standing.host = provider.lookup.host;
    return provider;
}

// Once: a configuration that comes later has the same accounts (Edge::configure).
void Edge::start_providers() {
    if (!providers_.empty()) {
        return;
    }
    for (std::size_t i = 0; i < settings_.trunks.size(); ++i) {
        if (settings_.trunks[i].account) {
            const auto place = providers_.emplace(i, make_provider(i, settings_.trunks[i])).first;
            lookups_.push_back(place->second.lookup);
        }
    }
}

void Edge::provider_found(std::size_t trunk, std::vector<Endpoint> endpoints, Time now) {
    const auto place = providers_.find(trunk);
    if (place == providers_.end()) {
        return;
    }
    Provider& provider = place->second;
    std::erase_if(endpoints, [&](const Endpoint& endpoint) {
        return !phones_.has_listener(endpoint, provider.lookup.transport);
    });
    if (!endpoints.empty()) {
        std::vector<IpAddress> addresses;
        addresses.reserve(endpoints.size());
        for (const Endpoint& endpoint : endpoints) {
            addresses.push_back(endpoint.address);
        }
        trunks_.set_provider_addresses(provider.standing.trunk, std::move(addresses));
        provider.endpoints = std::move(endpoints);
        use_server(provider, 0);
    } else if (provider.endpoints.empty()) {
        timers_.set({TimerKind::provider, trunk}, now + kLookupAgain);
        tell_provider(provider, ProviderState::not_found, now + kLookupAgain);
        return;
    }  // DNS may fail for a while: the servers of before are good enough
    if (!provider.registration) {
        provider.registration =
            sip::make_registration(provider.account, entropy_.token(20), entropy_.token(12), now);
    }
    advance_provider(trunk, now);
}

void Edge::use_server(Provider& provider, std::size_t endpoint) {
    provider.endpoint = endpoint;
    const Endpoint& remote = provider.endpoints[endpoint];
    provider.account.contact = own_contact(phones_.flow_to(remote, provider.lookup.transport));
    provider.account.contact.uri.user = provider.account.credentials.username;
    provider.standing.server = remote;
}

void Edge::advance_provider(std::size_t trunk, Time now) {
    Provider& provider = providers_.at(trunk);
    if (!provider.registration) {
        lookups_.push_back(provider.lookup);
        return;
    }
    send_registration(trunk, sip::advance_registration(*provider.registration, provider.account,
                                                       now, entropy_.token(16)));
}

// Sends the request, if there is one, and sets the time of the next.
void Edge::send_registration(std::size_t trunk, std::optional<sip::Message> request) {
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
    sip::Registration& registration = *provider.registration;
    auto next = sip::registration_answered(registration, provider.account, response, now,
                                           entropy_.token(16));
    if (registration.state == sip::RegistrationState::waiting) {
        provider.standing.status = response.status;
        provider.standing.reason = response.reason;
        if (response.status < 300) {
            provider.registered_at = now;
            provider.standing.registered_until = registration.registered_until;
            tell_provider(provider, ProviderState::registered, registration.due);
        } else {
            provider_failed(trunk, ProviderState::refused, now);
            return;
        }
    }
    send_registration(trunk, std::move(next));
}

void Edge::provider_silent(std::size_t trunk, Time now) {
    Provider& provider = providers_.at(trunk);
    sip::registration_unanswered(*provider.registration, now);
    provider.standing.status = 0;
    provider.standing.reason.clear();
    provider_failed(trunk, ProviderState::silent, now);
}

// After silence and after 503 (RFC 3263 §4.3) the next server of the SRV answer is tried at once;
// after the last one the name is looked up anew.
void Edge::provider_failed(std::size_t trunk, ProviderState state, Time now) {
    Provider& provider = providers_.at(trunk);
    sip::Registration& registration = *provider.registration;
    if (registration.state != sip::RegistrationState::waiting) {
        return;  // it was to be ended, and is
    }
    const bool leaves_server = state == ProviderState::silent || registration.last_status == 503;
    const std::size_t next = provider.endpoint + 1;
    const bool has_next = next < provider.endpoints.size();
    if (leaves_server && has_next) {
        sip::registration_moved(registration, now);
    }
    tell_provider(provider, state, registration.due);
    if (leaves_server) {
        use_server(provider, has_next ? next : 0);
    }
    if (leaves_server && !has_next) {
        lookups_.push_back(provider.lookup);
    }
    advance_provider(trunk, now);
}

// Where a provider calls over the connection we opened, losing it is losing the registration.
void Edge::provider_connection_lost(const sip::Flow& flow, Time now) {
    for (auto& [trunk, provider] : providers_) {
        const bool is_its_own = flow.transport == sip::Transport::tcp && provider.registration &&
                                provider.lookup.transport == flow.transport &&
                                provider.endpoints[provider.endpoint] == flow.remote;
        if (is_its_own && sip::is_registered(*provider.registration, now)) {
            const Time at = std::max(now + kReconnectAfter, provider.registered_at + kRenewPause);
            sip::hasten_registration(*provider.registration, at);
            send_registration(trunk, std::nullopt);
        }
    }
}

void Edge::leave_providers(Time now) {
    for (auto& [trunk, provider] : providers_) {
        timers_.cancel({TimerKind::provider, trunk});
        if (provider.registration && sip::is_registered(*provider.registration, now)) {
            send_registration(trunk, sip::end_registration(*provider.registration, provider.account,
                                                           entropy_.token(16)));
        }
    }
}

bool Edge::is_leaving_provider() const {
    return std::any_of(providers_.begin(), providers_.end(), [](const auto& entry) {
        const auto& registration = entry.second.registration;
        return registration && registration->state == sip::RegistrationState::leaving;
    });
}

// Renewals that succeed are no news.
void Edge::tell_provider(Provider& provider, ProviderState state, Time due) {
    ProviderStanding& standing = provider.standing;
    const bool is_news =
        state != ProviderState::registered || standing.state != ProviderState::registered;
    standing.state = state;
    standing.due = due;
    if (is_news) {
        provider_news_.push_back(standing);
    }
}

std::vector<ProviderStanding> Edge::provider_standings() const {
    std::vector<ProviderStanding> standings;
    for (const Trunk& trunk : settings_.trunks) {
        const auto place = std::find_if(
            providers_.begin(), providers_.end(),
            [&](const auto& entry) { return entry.second.standing.trunk == trunk.name; });
        if (place != providers_.end()) {
            standings.push_back(place->second.standing);
        }
    }
    return standings;
}

}  // namespace lanze::edge
