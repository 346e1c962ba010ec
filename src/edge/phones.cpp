#include "edge/phones.h"

#include <algorithm>

namespace lanze::edge {

Phones::Phones(const Settings& settings, std::string secret)
    : listeners_(settings.listeners), digest_(settings.realm, std::move(secret)) {
    (void)configure(settings.phones);
}

std::vector<BindingChange> Phones::configure(std::vector<Phone> phones) {
    phones_ = std::move(phones);
    by_name_.clear();
    std::vector<std::string> registering;
    for (std::size_t i = 0; i < phones_.size(); ++i) {
        by_name_.emplace(phones_[i].agent, i);
        if (!phones_[i].address) {
            registering.push_back(phones_[i].agent);
        }
    }
    return noted(registrar_.configure(registering));
}

void Phones::learn(const core::Floor& floor) {
    by_agent_.clear();
    agents_.clear();
    for (std::size_t i = 0; i < phones_.size(); ++i) {
        const core::AgentId agent = floor.agent_by_name(phones_[i].agent);
        if (agent.is_set()) {
            by_agent_.emplace(agent, i);
            agents_.emplace(phones_[i].agent, agent);
        }
    }
}

const Phone* Phones::find(core::AgentId agent) const {
    const auto place = by_agent_.find(agent);
    return place == by_agent_.end() ? nullptr : &phones_[place->second];
}

std::optional<PhoneTarget> Phones::target(core::AgentId agent) const {
    const Phone* phone = find(agent);
    if (phone == nullptr) {
        return std::nullopt;
    }
    if (!phone->address) {
        const auto bindings = registrar_.bindings(phone->agent);
        if (bindings.empty()) {
            return std::nullopt;
        }
        return PhoneTarget{bindings.front().contact, bindings.front().flow};
    }
    const sip::NextHop hop = sip::next_hop(*phone->address);
    if (!hop.endpoint) {
        return std::nullopt;
    }
    return PhoneTarget{*phone->address, flow_to(*hop.endpoint, hop.transport)};
}

Duration Phones::check_every(core::AgentId agent) const {
    const Phone* phone = find(agent);
    return phone == nullptr ? Duration::zero() : phone->check_every;
}

bool Phones::is_registering(core::AgentId agent) const {
    const Phone* phone = find(agent);
    return phone != nullptr && !phone->address;
}

bool Phones::has_listener(const Endpoint& remote, sip::Transport transport) const {
    return std::any_of(listeners_.begin(), listeners_.end(), [&](const Listener& listener) {
        return listener.transport == transport &&
               listener.bound.address.is_v6 == remote.address.is_v6;
    });
}

sip::Flow Phones::flow_to(const Endpoint& remote, sip::Transport transport) const {
    // The first listener of that transport and address family; on a host with several networks the
    // kernel's routing decides the rest.
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
        if (listeners_[i].transport == transport &&
            listeners_[i].bound.address.is_v6 == remote.address.is_v6) {
            return {transport, static_cast<std::uint16_t>(i), 0, remote};
        }
    }
    return {transport, 0, 0, remote};
}

namespace {

// Phones built on libre before 2.0 (baresip in Debian 12) give up when any challenge names an
// algorithm they do not know, even beside one that they do (against RFC 8760 §2.4), so phones get
// the challenge with MD5 alone. One who could lead a phone to MD5 could do so with both offered.
bool names_sha256(const std::string& challenge) {
    return challenge.find("SHA-256") != std::string::npos;
}

}  // namespace

RegisterOutcome Phones::on_register(const sip::RequestReceived& request, Time now,
                                    const std::string& to_tag) {
    const sip::Message& message = request.message;
    const auto place = by_name_.find(message.to.uri.user);
    const bool may_register = place != by_name_.end() && !phones_[place->second].address;
    const std::string username = digest_.username(message);
    // Unknown names are challenged like known ones, so that nobody learns which exist.
    const std::optional<std::string> password = may_register && username == message.to.uri.user
                                                    ? std::optional(phones_[place->second].password)
                                                    : std::nullopt;
    const auto verdict = digest_.verify_password(message, now, password);
    if (verdict == sip::DigestServer::Verdict::accepted) {
        auto outcome = registrar_.receive(message, request.flow, now, to_tag);
        return {std::move(outcome.response), noted(outcome.changes)};
    }
    if (verdict == sip::DigestServer::Verdict::wrong) {
        return {sip::make_response(message, 403, {}, to_tag), {}};
    }
    sip::Message response = sip::make_response(message, 401, {}, to_tag);
    const bool is_stale = verdict == sip::DigestServer::Verdict::stale;
    for (const std::string& challenge : digest_.challenges(now, is_stale)) {
        if (!names_sha256(challenge)) {
            response.headers.push_back({"WWW-Authenticate", challenge});
        }
    }
    return {std::move(response), {}};
}

std::vector<BindingChange> Phones::advance(Time now) {
    return noted(registrar_.advance(now));
}

std::vector<BindingChange> Phones::flow_ended(const sip::Flow& flow) {
    return noted(registrar_.flow_ended(flow));
}

void Phones::restore(const ports::Note& note) {
    ByteReader in(note.text);
    if (const auto change = sip::decode_binding_change(in)) {
        registrar_.restore(*change);
    }
}

// One note per name and contact; an agent is bound while any contact is left.
std::vector<BindingChange> Phones::noted(const std::vector<sip::BindingChange>& changes) const {
    std::vector<BindingChange> result;
    for (const sip::BindingChange& change : changes) {
        const auto agent = agents_.find(change.name);
        if (agent == agents_.end()) {
            continue;
        }
        ByteWriter out;
        sip::encode(out, change);
        result.push_back({agent->second,
                          registrar_.has_binding(change.name),
                          {"registration/" + change.name + "/" + change.binding.contact.to_string(),
                           change.is_bound ? out.take() : std::string()}});
    }
    return result;
}

}  // namespace lanze::edge
