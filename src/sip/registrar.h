// Registrar: where our agents' phones are (RFC 3261 §10.3); requests and time in, answers and
// changes out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "base/timer_heap.h"
#include "sip/message.h"

namespace lanze::sip {

// One phone of one name, as it registered.
struct Binding {
    Uri contact;
    std::string instance;  // +sip.instance and reg-id (RFC 5626), "" without both
    std::string call_id;
    std::uint32_t cseq = 0;
    std::vector<NameAddress> path;  // RFC 3327: the Route of requests to it
    // The way it came, and so the way through its NAT: requests go there, not to the contact's
    // address (that stands in the Request-URI).
    Flow flow;
    Time registered_at;
    Time expires_at;

    friend bool operator==(const Binding&, const Binding&) = default;
};

// A binding set (new or refreshed) or taken away. Written down as a note and read back by
// Registrar::restore() after a restart.
struct BindingChange {
    std::string name;
    Binding binding;
    bool is_bound = true;

    friend bool operator==(const BindingChange&, const BindingChange&) = default;
};
void encode(ByteWriter& writer, const BindingChange& change);
std::optional<BindingChange> decode_binding_change(ByteReader& reader);

// Equal addresses by RFC 3261 §19.1.4.
bool is_same_address(const Uri& a, const Uri& b);

struct RegistrarLimits {
    Duration expires_min = seconds(60);
    Duration expires_max = seconds(3600);
    Duration expires_default = seconds(3600);
    std::size_t bindings_max = 4;  // per name; a new phone replaces the one heard of longest ago
};

// Names are the user parts of addresses of record; the domain is not looked at. Who may register
// which name has been checked by the caller (digest).
class Registrar {
public:
    explicit Registrar(RegistrarLimits limits = {}) : limits_(limits) {}

    // The names that may register; bindings of others go, and are returned.
    std::vector<BindingChange> configure(const std::vector<std::string>& names);

    struct Outcome {
        Message response;
        std::vector<BindingChange> changes;
    };
    // A REGISTER, or the question for bindings if it has no Contact. All of it is done or nothing:
    // 400, 404 (unknown name), 403 (too many contacts), 423 (interval too brief), 500 (older than
    // what is known). `to_tag` from Entropy.
    Outcome receive(const Message& request, const Flow& flow, Time now, std::string_view to_tag);

    // A connection ended. Phones behind a NAT are reached no other way and are unbound; for the
    // others the flow's connection becomes 0, "open one to the contact".
    std::vector<BindingChange> flow_ended(const Flow& flow);

    // Takes back what was written down. Unknown names are ignored.
    void restore(const BindingChange& change);

    // Those of a name, the most recently registered first; empty if there are none.
    std::vector<Binding> bindings(std::string_view name) const;
    bool has_binding(std::string_view name) const;
    std::size_t size() const { return expiries_.size(); }  // names with a binding

    std::optional<Time> next_deadline() const { return expiries_.next(); }
    // Bindings that expired, in order of time.
    std::vector<BindingChange> advance(Time now);

private:
    using Bindings = std::vector<Binding>;

    Outcome accept(const Message& request, Time now, std::string_view to_tag,
                   std::vector<BindingChange> changes) const;
    void replace(const std::string& name, Bindings bindings);
    void note_connections(const std::string& name, const Bindings& bindings, bool is_there);

    RegistrarLimits limits_;
    std::unordered_map<std::string, Bindings> names_;
    std::set<std::pair<std::uint64_t, std::string>> connections_;  // of bindings over TCP
    TimerHeap<std::string> expiries_;                              // per name its earliest
};

}  // namespace lanze::sip
