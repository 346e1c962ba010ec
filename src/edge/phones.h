// Phones: where each agent's phone is: a fixed address, or the binding it has registered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "core/floor.h"
#include "edge/settings.h"
#include "ports/journal.h"
#include "sip/dialog.h"
#include "sip/digest.h"
#include "sip/registrar.h"
#include "sip/transaction.h"

namespace lanze::edge {

struct PhoneTarget {
    sip::Uri uri;
    sip::Flow flow;
};

// A phone signed in, changed its address or went; `note` is what the journal keeps of it.
struct BindingChange {
    core::AgentId agent;
    bool is_bound = false;
    ports::Note note;
};

struct RegisterOutcome {
    sip::Message response;
    std::vector<BindingChange> changes;
};

class Phones {
public:
    // `secret` is for the nonces of the digest.
    Phones(const Settings& settings, std::string secret);

    // Other phones from now on. Bindings of names that still register are kept; those that went are
    // told, with the ids learnt before. learn() comes next.
    std::vector<BindingChange> configure(std::vector<Phone> phones);
    const std::vector<Phone>& all() const { return phones_; }

    // Learns the agents' ids by name.
    void learn(const core::Floor& floor);

    // The agent's phone; null if he has none.
    const Phone* find(core::AgentId agent) const;
    // Where the agent is called; nothing if the phone is not registered.
    std::optional<PhoneTarget> target(core::AgentId agent) const;
    Duration check_every(core::AgentId agent) const;
    bool is_registering(core::AgentId agent) const;
    // The listener to send from, for an address we have no flow to.
    sip::Flow flow_to(const Endpoint& remote, sip::Transport transport) const;
    // Whether there is one of that transport and address family.
    bool has_listener(const Endpoint& remote, sip::Transport transport) const;

    // A REGISTER: challenged, refused, or carried out. `to_tag` from Entropy.
    RegisterOutcome on_register(const sip::RequestReceived& request, Time now,
                                const std::string& to_tag);
    std::vector<BindingChange> advance(Time now);
    // A connection ended.
    std::vector<BindingChange> flow_ended(const sip::Flow& flow);
    std::optional<Time> next_expiry() const { return registrar_.next_deadline(); }
    void restore(const ports::Note& note);

private:
    std::vector<BindingChange> noted(const std::vector<sip::BindingChange>& changes) const;

    std::vector<Phone> phones_;
    std::vector<Listener> listeners_;
    std::unordered_map<std::string, std::size_t> by_name_;
    std::unordered_map<core::AgentId, std::size_t> by_agent_;
    std::unordered_map<std::string, core::AgentId> agents_;
    sip::DigestServer digest_;
    sip::Registrar registrar_;
};

}  // namespace lanze::edge
