// The centre's fake media: lends ports, tells people whom they hear, notices silence.
#include <algorithm>
#include <variant>

#include "soak/centre.h"

namespace lanze::soak {

namespace {

constexpr std::uint16_t kPorts = 80;
constexpr std::uint16_t kFewPorts = 9;
constexpr Duration kPortRests = seconds(10);

}  // namespace

void Centre::lend_ports() {
    ports::PortsLent lent;
    const std::uint16_t count = world_.faults().has_few_ports ? kFewPorts : kPorts;
    for (std::uint16_t i = 0; i < count; ++i) {
        const Endpoint bound{setting_.address.address, static_cast<std::uint16_t>(20'000 + 2 * i)};
        lent.ports.push_back({i % 2U, i, bound, bound.address});
    }
    edge_->report(lent, world_.now());
}

bool Centre::plays_to(const Endpoint& rtp) const {
    return std::any_of(media_.begin(), media_.end(),
                       [&](const auto& entry) { return entry.second.remote == rtp; });
}

void Centre::carry_out(const ports::MediaOrder& order) {
    std::visit([&](const auto& alternative) { on(alternative); }, order);
}

void Centre::on(const ports::OpenLeg& order) {
    const bool is_in_use = std::any_of(media_.begin(), media_.end(), [&](const auto& entry) {
        return entry.second.port == order.port;
    });
    if (is_in_use || !media_.emplace(order.leg, MediaLeg{order.port, {}, {}, 0}).second) {
        world_.complain("a leg or its port was opened twice");
    }
}

void Centre::on(const ports::SetRemote& order) {
    const auto place = media_.find(order.leg);
    if (place == media_.end()) {
        world_.complain("SetRemote for a leg that is not open");
        return;
    }
    place->second.remote = order.rtp;
}

void Centre::on(const ports::Play& order) {
    if (!media_.contains(order.leg)) {
        world_.complain("Play for a leg that is not open");
    }
}

void Centre::on(const ports::Bridge& order) {
    const auto a = media_.find(order.a);
    const auto b = media_.find(order.b);
    if (a == media_.end() || b == media_.end()) {
        world_.complain("Bridge for a leg that is not open");
        return;
    }
    for (const auto& [id, leg] : media_) {
        if (id != order.b && leg.bridged_to && leg.remote == b->second.remote) {
            world_.complain("a phone in two talks");
        }
    }
    a->second.bridged_to = order.b;
    b->second.bridged_to = order.a;
    if (Person* caller = listener(a->second.remote)) {
        caller->hear_other();
    }
}

void Centre::on(const ports::Unbridge& order) {
    for (const ports::LegId leg : {order.a, order.b}) {
        if (const auto place = media_.find(leg); place != media_.end()) {
            place->second.bridged_to.reset();
        }
    }
}

void Centre::on(const ports::WatchSilence& order) {
    const auto place = media_.find(order.leg);
    if (place == media_.end()) {
        return;
    }
    place->second.watch = ++watches_;
    if (order.silence > Duration::zero()) {
        listen_to(order.leg, watches_, order.silence);
    }
}

// Looked at once per `silence`: who is not in a call then sends nothing.
void Centre::listen_to(ports::LegId leg, std::uint64_t watch, Duration silence) {
    later(silence, [this, leg, watch, silence] {
        const auto place = media_.find(leg);
        if (place == media_.end() || place->second.watch != watch) {
            return;
        }
        const Person* person = listener(place->second.remote);
        if (person != nullptr && !person->is_in_call()) {
            report(ports::LegSilent{leg});
        } else {
            listen_to(leg, watch, silence);
        }
    });
}

void Centre::on(const ports::CloseLeg& order) {
    const auto place = media_.find(order.leg);
    if (place == media_.end()) {
        world_.complain("CloseLeg for a leg that is not open");
        return;
    }
    if (place->second.bridged_to) {
        if (const auto other = media_.find(*place->second.bridged_to); other != media_.end()) {
            other->second.bridged_to.reset();
        }
    }
    const ports::MediaPort port = place->second.port;
    media_.erase(place);
    core::LegQuality quality;
    quality.packets_received = order.leg.value();
    later(world_.between(milliseconds(0), milliseconds(50)), [this, leg = order.leg, quality] {
        report(ports::LegClosed{leg, quality});
    });
    rest(port);
}

void Centre::on(const ports::ReturnPort& order) {
    rest(order.port);
}

void Centre::rest(const ports::MediaPort& port) {
    later(kPortRests, [this, port] { report(ports::PortsLent{{port}}); });
}

Person* Centre::listener(const std::optional<Endpoint>& remote) const {
    const auto place = remote ? setting_.listeners.find(*remote) : setting_.listeners.end();
    return place == setting_.listeners.end() ? nullptr : place->second;
}

}  // namespace lanze::soak
