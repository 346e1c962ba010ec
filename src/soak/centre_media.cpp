// The centre's fake media: lends ports, tells people whom they hear, notices silence.
#include <algorithm>
#include <variant>

#include "soak/centre.h"

namespace lanze::soak {

namespace {

constexpr Duration kPortRests = seconds(10);
constexpr int kLooks = 4;

}  // namespace

void Centre::lend_ports(std::uint16_t first, std::uint16_t end) {
    ports::PortsLent lent;
    for (std::uint16_t i = first; i < end; ++i) {
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
    if (is_in_use || !media_.emplace(order.leg, MediaLeg{order.port, {}, {}}).second) {
        world_.complain("a leg or its port was opened twice");
    }
}

void Centre::on(const ports::SetRemote& order) {
    const auto place = media_.find(order.leg);
    if (place == media_.end()) {
        world_.complain("SetRemote for a leg that is not open");
        return;
    }
    MediaLeg& leg = place->second;
    const bool is_new = leg.remote != order.rtp;
    leg.remote = order.rtp;
    const auto other = leg.bridged_to ? media_.find(*leg.bridged_to) : media_.end();
    if (is_new && other != media_.end()) {
        tell_bridged(leg.is_caller ? leg : other->second, leg.is_caller ? other->second : leg);
    }
}

void Centre::on(const ports::SecureLeg& /*order*/) {
    world_.complain("a leg is in a browser, and nobody here has one");
}

void Centre::on(const ports::Play& order) {
    if (!media_.contains(order.leg)) {
        world_.complain("Play for a leg that is not open");
        return;
    }
    if (Person* person = listener(media_[order.leg].remote)) {
        person->hear_music();
    }
}

// Each hears the other, if both are still in the call that is meant.
void Centre::tell_bridged(const MediaLeg& caller, const MediaLeg& agent) {
    Person* one = listener(caller.remote);
    Person* other = listener(agent.remote);
    const bool is_meant = one != nullptr && other != nullptr && other->has_call() &&
                          one->caller_now() == other->caller_now();
    if (is_meant) {
        one->hear_other(other->address());
        other->hear_other(one->address());
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
    a->second.is_caller = true;
    b->second.is_caller = false;
    tell_bridged(a->second, b->second);
}

void Centre::on(const ports::Unbridge& order) {
    for (const ports::LegId leg : {order.a, order.b}) {
        if (const auto place = media_.find(leg); place != media_.end()) {
            place->second.bridged_to.reset();
        }
    }
}

void Centre::on(const ports::Confer& /*order*/) {
    world_.complain("a conference, and nobody here asks a colleague");
}

void Centre::on(const ports::WatchSilence& order) {
    const auto place = media_.find(order.leg);
    if (place == media_.end()) {
        return;
    }
    place->second.watch = ++watches_;
    if (order.silence > Duration::zero()) {
        listen_to(order.leg, watches_, order.silence, 0);
    }
}

// Looked at some times in `silence`: who is not in a call each time has sent nothing.
void Centre::listen_to(ports::LegId leg, std::uint64_t watch, Duration silence, int silent_looks) {
    later(silence / kLooks, [this, leg, watch, silence, silent_looks] {
        const auto place = media_.find(leg);
        if (place == media_.end() || place->second.watch != watch) {
            return;
        }
        const Person* person = listener(place->second.remote);
        const bool is_silent = person != nullptr && !person->is_in_call();
        const int looks = is_silent ? silent_looks + 1 : 0;
        if (looks == kLooks) {
            report(ports::LegSilent{leg});
        } else {
            listen_to(leg, watch, silence, looks);
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
