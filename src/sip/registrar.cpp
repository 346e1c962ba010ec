#include "sip/registrar.h"

#include <algorithm>
#include <array>

#include "sip/grammar.h"

namespace lanze::sip {

namespace {

using Bindings = std::vector<Binding>;

// A phone behind more proxies than this is not one of ours.
constexpr std::size_t kPathMax = 4;

// The bindings of one name as they would become; thrown away if a part of it is refused.
struct Plan {
    std::string name;
    Bindings bindings;
    std::vector<BindingChange> changes;
    int status = 200;

    void unbind(Bindings::iterator place) {
        changes.push_back({name, std::move(*place), false});
        bindings.erase(place);
    }
};

// Those of RFC 3261 §19.1.4 that may not stand on one side only.
bool must_stand_on_both(std::string_view parameter) {
    constexpr std::array kNames{"user", "ttl", "method", "maddr", "transport"};
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](const char* name) { return equals_ignoring_case(parameter, name); });
}

bool agrees_with(const Parameters& parameters, const Parameters& others) {
    return std::all_of(parameters.begin(), parameters.end(), [&](const auto& parameter) {
        const auto other = find_parameter(others, parameter.first);
        return other ? equals_ignoring_case(parameter.second, *other)
                     : !must_stand_on_both(parameter.first);
    });
}

std::string instance_of(const NameAddress& contact) {
    const auto instance = find_parameter(contact.parameters, "+sip.instance");
    const auto number = find_parameter(contact.parameters, "reg-id");
    return instance && number ? std::string(*instance) + ";" + std::string(*number) : "";
}

Bindings::iterator find_binding(Bindings& bindings, const Binding& wanted) {
    return std::find_if(bindings.begin(), bindings.end(), [&](const Binding& known) {
        const bool is_same_phone = !wanted.instance.empty() && wanted.instance == known.instance;
        return is_same_phone || is_same_address(wanted.contact, known.contact);
    });
}

// §10.3 step 7: within one Call-ID only a higher CSeq is news.
bool is_outdated(const Message& request, const Binding& known) {
    return request.call_id == known.call_id && request.cseq.number <= known.cseq;
}

// A value that is no number counts as missing (§10.2.1.1 allows it).
std::optional<Duration> read_expires(std::optional<std::string_view> value) {
    const auto number = value && !value->empty()
                            ? parse_number<std::uint64_t>(*value, std::uint64_t{0xffffffff})
                            : std::nullopt;
    return number ? std::optional<Duration>(seconds(*number)) : std::nullopt;
}

Duration expires_of(const Message& request, const NameAddress& contact,
                    const RegistrarLimits& limits) {
    const auto own = read_expires(find_parameter(contact.parameters, "expires"));
    const auto all = own ? own : read_expires(request.header("Expires"));
    return std::min(all.value_or(limits.expires_default), limits.expires_max);
}

std::optional<std::vector<NameAddress>> path_of(const Message& request) {
    std::vector<NameAddress> path;
    for (const std::string& value : request.header_list("Path")) {
        const auto address = NameAddress::parse(value);
        if (!address || path.size() == kPathMax) {
            return std::nullopt;
        }
        path.push_back(*address);
    }
    return path;
}

// "*" means all of them and only to remove (§10.3 step 6).
void remove_all(const Message& request, Plan& plan) {
    const bool is_removal = read_expires(request.header("Expires")) == Duration::zero();
    if (!request.contacts.empty() || !is_removal) {
        plan.status = 400;
        return;
    }
    for (const Binding& known : plan.bindings) {
        if (is_outdated(request, known)) {
            plan.status = 500;
            return;
        }
    }
    while (!plan.bindings.empty()) {
        plan.unbind(plan.bindings.begin());
    }
}

void apply_contact(const Message& request, Binding fresh, Duration expires, Plan& plan) {
    const auto known = find_binding(plan.bindings, fresh);
    const bool is_known = known != plan.bindings.end();
    // One request may name a contact twice; the last one counts.
    const bool is_own = is_known && known->call_id == fresh.call_id && known->cseq == fresh.cseq &&
                        known->registered_at == fresh.registered_at;
    if (is_known && !is_own && is_outdated(request, *known)) {
        plan.status = 500;
    } else if (expires > Duration::zero()) {
        plan.changes.push_back({plan.name, fresh, true});
        if (is_known) {
            plan.bindings.erase(known);
        }
        plan.bindings.insert(plan.bindings.begin(), std::move(fresh));
    } else if (is_known) {
        plan.unbind(known);
    }
}

void apply_contacts(const Message& request, Binding form, const RegistrarLimits& limits,
                    Plan& plan) {
    if (request.contacts.size() > limits.bindings_max) {
        plan.status = 403;
        return;
    }
    const Time now = form.registered_at;
    for (const NameAddress& contact : request.contacts) {
        const Duration expires = expires_of(request, contact, limits);
        if (expires > Duration::zero() && expires < limits.expires_min) {
            plan.status = 423;
        }
        if (plan.status != 200) {
            return;
        }
        form.contact = contact.uri;
        form.instance = instance_of(contact);
        form.expires_at = now + expires;
        apply_contact(request, form, expires, plan);
    }
    while (plan.bindings.size() > limits.bindings_max) {
        plan.unbind(std::prev(plan.bindings.end()));
    }
}

// Without its connection a phone is reached at its contact, if that is where it called from; one
// behind a NAT is not.
std::optional<Binding> without_connection(const Binding& binding) {
    const auto address = IpAddress::parse(binding.contact.host);
    if (address != binding.flow.remote.address) {
        return std::nullopt;
    }
    Binding result = binding;
    result.flow.connection = 0;
    result.flow.remote.port = binding.contact.port == 0 ? 5060 : binding.contact.port;
    return result;
}

void encode_flow(ByteWriter& writer, const Flow& flow) {
    writer.number(static_cast<std::uint64_t>(flow.transport));
    writer.number(flow.listener);
    writer.number(flow.connection);
    writer.text(flow.remote.to_string());
}

Flow decode_flow(ByteReader& reader) {
    Flow flow;
    flow.transport = reader.number() == 0 ? Transport::udp : Transport::tcp;
    flow.listener = static_cast<std::uint16_t>(reader.number());
    flow.connection = reader.number();
    const auto remote = Endpoint::parse(reader.text());
    if (!remote) {
        reader.fail();
        return flow;
    }
    flow.remote = *remote;
    return flow;
}

void decode_path(ByteReader& reader, std::vector<NameAddress>& path) {
    const std::uint64_t count = reader.number();
    if (count > kPathMax) {
        reader.fail();
        return;
    }
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto address = NameAddress::parse(reader.text());
        if (!address) {
            reader.fail();
            return;
        }
        path.push_back(*address);
    }
}

}  // namespace

void encode(ByteWriter& writer, const BindingChange& change) {
    const Binding& binding = change.binding;
    writer.number(change.is_bound ? 1 : 0);
    writer.text(change.name);
    writer.text(binding.contact.to_string());
    writer.text(binding.instance);
    writer.text(binding.call_id);
    writer.number(binding.cseq);
    writer.number(binding.path.size());
    for (const NameAddress& hop : binding.path) {
        writer.text(hop.to_string());
    }
    encode_flow(writer, binding.flow);
    writer.signed_number(to_micros(binding.registered_at));
    writer.signed_number(to_micros(binding.expires_at));
}

std::optional<BindingChange> decode_binding_change(ByteReader& reader) {
    BindingChange change;
    Binding& binding = change.binding;
    change.is_bound = reader.number() != 0;
    change.name = reader.text();
    const auto contact = Uri::parse(reader.text());
    binding.instance = reader.text();
    binding.call_id = reader.text();
    binding.cseq = static_cast<std::uint32_t>(reader.number());
    decode_path(reader, binding.path);
    binding.flow = decode_flow(reader);
    binding.registered_at = from_micros(reader.signed_number());
    binding.expires_at = from_micros(reader.signed_number());
    if (reader.has_failed() || !contact) {
        return std::nullopt;
    }
    binding.contact = *contact;
    return change;
}

bool is_same_address(const Uri& a, const Uri& b) {
    return equals_ignoring_case(a.scheme, b.scheme) && a.user == b.user &&
           equals_ignoring_case(a.host, b.host) && a.port == b.port && a.headers == b.headers &&
           agrees_with(a.parameters, b.parameters) && agrees_with(b.parameters, a.parameters);
}

std::vector<BindingChange> Registrar::configure(const std::vector<std::string>& names) {
    std::vector<std::string> gone;
    for (const auto& [name, bindings] : names_) {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            gone.push_back(name);
        }
    }
    std::sort(gone.begin(), gone.end());  // the order of a hash table must not show
    std::vector<BindingChange> changes;
    for (const std::string& name : gone) {
        for (const Binding& binding : names_.at(name)) {
            changes.push_back({name, binding, false});
        }
        replace(name, {});
        names_.erase(name);
    }
    for (const std::string& name : names) {
        names_.try_emplace(name);
    }
    return changes;
}

Registrar::Outcome Registrar::receive(const Message& request, const Flow& flow, Time now,
                                      std::string_view to_tag) {
    const auto place = names_.find(request.to.uri.user);
    if (place == names_.end()) {
        return {make_response(request, 404, {}, to_tag), {}};
    }
    auto path = path_of(request);
    if (!path) {
        return {make_response(request, 400, "Bad Path", to_tag), {}};
    }
    Plan plan{place->first, place->second, {}, 200};
    if (request.has_contact_star) {
        remove_all(request, plan);
    } else {
        Binding form;
        form.call_id = request.call_id;
        form.cseq = request.cseq.number;
        form.path = std::move(*path);
        form.flow = flow;
        form.registered_at = now;
        apply_contacts(request, std::move(form), limits_, plan);
    }
    if (plan.status != 200) {
        Message refusal = make_response(request, plan.status, {}, to_tag);
        if (plan.status == 423) {
            const auto shortest = std::chrono::duration_cast<seconds>(limits_.expires_min);
            refusal.set_header("Min-Expires", std::to_string(shortest.count()));
        }
        return {std::move(refusal), {}};
    }
    replace(plan.name, std::move(plan.bindings));
    return accept(request, now, to_tag, std::move(plan.changes));
}

// §10.3 step 8: the answer lists every binding with what is left of its time.
Registrar::Outcome Registrar::accept(const Message& request, Time now, std::string_view to_tag,
                                     std::vector<BindingChange> changes) const {
    Message response = make_response(request, 200, {}, to_tag);
    for (const Binding& binding : names_.at(request.to.uri.user)) {
        NameAddress contact;
        contact.uri = binding.contact;
        const auto left = std::chrono::ceil<seconds>(binding.expires_at - now);
        contact.parameters.emplace_back("expires",
                                        std::to_string(std::max<std::int64_t>(left.count(), 0)));
        response.contacts.push_back(std::move(contact));
    }
    if (const auto path = request.header("Path")) {
        response.set_header("Path", *path);  // RFC 3327 §5.3
    }
    return {std::move(response), std::move(changes)};
}

void Registrar::note_connections(const std::string& name, const Bindings& bindings, bool is_there) {
    for (const Binding& binding : bindings) {
        if (binding.flow.connection == 0) {
            continue;
        }
        if (is_there) {
            connections_.emplace(binding.flow.connection, name);
        } else {
            connections_.erase({binding.flow.connection, name});
        }
    }
}

void Registrar::replace(const std::string& name, Bindings bindings) {
    Bindings& known = names_.at(name);
    note_connections(name, known, false);
    note_connections(name, bindings, true);
    known = std::move(bindings);
    if (known.empty()) {
        expiries_.cancel(name);
        return;
    }
    Time earliest = known.front().expires_at;
    for (const Binding& binding : known) {
        earliest = std::min(earliest, binding.expires_at);
    }
    expiries_.set(name, earliest);
}

std::vector<BindingChange> Registrar::flow_ended(const Flow& flow) {
    std::vector<std::string> touched;
    auto place = connections_.lower_bound({flow.connection, ""});
    for (; place != connections_.end() && place->first == flow.connection; ++place) {
        touched.push_back(place->second);
    }
    std::vector<BindingChange> changes;
    for (const std::string& name : touched) {
        Bindings kept;
        for (const Binding& binding : names_.at(name)) {
            if (binding.flow.connection != flow.connection) {
                kept.push_back(binding);
                continue;
            }
            const auto still_there = without_connection(binding);
            changes.push_back({name, still_there.value_or(binding), still_there.has_value()});
            if (still_there) {
                kept.push_back(*still_there);
            }
        }
        replace(name, std::move(kept));
    }
    return changes;
}

void Registrar::restore(const BindingChange& change) {
    const auto place = names_.find(change.name);
    if (place == names_.end()) {
        return;
    }
    Bindings bindings = place->second;
    const auto known = find_binding(bindings, change.binding);
    if (known != bindings.end()) {
        bindings.erase(known);
    }
    // Connections do not outlive the process that wrote this down.
    const bool has_connection = change.binding.flow.transport == Transport::tcp;
    const auto restored =
        has_connection ? without_connection(change.binding) : std::optional(change.binding);
    if (change.is_bound && restored) {
        bindings.insert(bindings.begin(), *restored);
    }
    if (bindings.size() > limits_.bindings_max) {
        bindings.pop_back();
    }
    replace(change.name, std::move(bindings));
}

std::vector<Binding> Registrar::bindings(std::string_view name) const {
    const auto place = names_.find(std::string(name));
    return place == names_.end() ? Bindings{} : place->second;
}

bool Registrar::has_binding(std::string_view name) const {
    const auto place = names_.find(std::string(name));
    return place != names_.end() && !place->second.empty();
}

std::vector<BindingChange> Registrar::advance(Time now) {
    std::vector<BindingChange> changes;
    while (const auto due = expiries_.pop_due(now)) {
        const std::string& name = due->second;
        Bindings kept;
        for (const Binding& binding : names_.at(name)) {
            if (binding.expires_at <= due->first) {
                changes.push_back({name, binding, false});
            } else {
                kept.push_back(binding);
            }
        }
        replace(name, std::move(kept));
    }
    return changes;
}

}  // namespace lanze::sip
