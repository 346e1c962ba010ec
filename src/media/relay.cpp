#include "media/relay.h"

#include <algorithm>
#include <array>
#include <utility>

#include "media/web_transport.h"

namespace lanze::media {

namespace {

// RFC 7022 §4.2: 96 random bits as a short-term canonical name.
std::string make_cname(Rng& rng) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string name;
    for (int i = 0; i < 24; ++i) {
        name.push_back(kDigits[rng.below(16)]);
    }
    return name;
}

OutgoingStream::Start random_start(Rng& rng) {
    const std::uint64_t bits = rng.next();
    return {.ssrc = static_cast<std::uint32_t>(rng.next() >> 32U),
            .sequence = static_cast<std::uint16_t>(bits),
            .timestamp = static_cast<std::uint32_t>(bits >> 32U)};
}

// What is behind a part of the packet: the rest of it, and the room.
PacketBuffer part_of(const PacketBuffer& packet, std::span<std::uint8_t> part) {
    const auto* end = packet.bytes.data() + packet.bytes.size();
    const auto rest = static_cast<std::size_t>(end - (part.data() + part.size()));
    return {.bytes = part, .room = rest + packet.room};
}

constexpr unsigned kPurposeBits = 2;

}  // namespace

Relay::Relay(const Sounds& sounds, RelayOut& out, RelaySettings settings)
    : sounds_(sounds),
      out_(out),
      settings_(std::move(settings)),
      rng_(settings_.seed),
      cname_(make_cname(rng_)),
      playing_(kSlices),
      conferences_(kSlices) {}

std::uint64_t Relay::timer_key(std::uint32_t port, Purpose purpose) {
    return (std::uint64_t{port} << kPurposeBits) | static_cast<std::uint64_t>(purpose);
}

Leg* Relay::at_port(std::uint32_t port) {
    return port < by_port_.size() ? by_port_[port].get() : nullptr;
}

Leg* Relay::find(ports::LegId id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) {
        ++counts_.orders_ignored;
        return nullptr;
    }
    return by_port_[found->second].get();
}

std::optional<std::uint32_t> Relay::port_of(ports::LegId leg) const {
    const auto found = by_id_.find(leg);
    return found == by_id_.end() ? std::nullopt : std::optional(found->second);
}

void Relay::on(const ports::OpenLeg& order, Time now) {
    const std::uint32_t port = order.port.index;
    if (by_id_.contains(order.leg) || at_port(port) != nullptr) {
        ++counts_.orders_ignored;
        return;
    }
    if (port >= by_port_.size()) {
        by_port_.resize(std::size_t{port} + 1);
    }
    by_port_[port] = std::make_unique<Leg>(order.leg, port, random_start(rng_));
    by_id_.emplace(order.leg, port);
    // RFC 3550 §6.2: the first report after half the interval; spread, so that legs opened together
    // do not report together.
    const auto half = static_cast<std::uint32_t>(settings_.rtcp_every.count() / 2 + 1);
    timers_.set(timer_key(port, Purpose::rtcp), now + Duration(half / 2 + rng_.below(half)));
}

void Relay::on(const ports::SetRemote& order, Time) {
    Leg* leg = find(order.leg);
    if (leg == nullptr) {
        return;
    }
    leg->set_remote(order);
    if (Leg* peer = at_port(leg->peer())) {
        peer->break_off();
    }
}

void Relay::on(const ports::SecureLeg& order, Time) {
    Leg* leg = find(order.leg);
    if (leg == nullptr) {
        return;
    }
    if (!settings_.certificate) {
        ++counts_.orders_ignored;
        return;
    }
    leg->secure(std::make_unique<WebTransport>(*settings_.certificate, order));
    timers_.cancel(timer_key(leg->port(), Purpose::transport));
    // What the new page says begins with numbers of its own.
    if (Leg* peer = at_port(leg->peer())) {
        peer->break_off();
    }
}

void Relay::on(const ports::Play& order, Time) {
    if (Leg* leg = find(order.leg)) {
        part(*leg);
        set_playing(*leg, &sounds_.of(order.sound));
    }
}

void Relay::on(const ports::Bridge& order, Time) {
    Leg* a = find(order.a);
    Leg* b = find(order.b);
    if (a == nullptr || b == nullptr) {
        return;
    }
    for (Leg* leg : {a, b}) {
        part(*leg);
        set_playing(*leg, nullptr);
    }
    a->set_peer(b->port());
    b->set_peer(a->port());
}

void Relay::on(const ports::Unbridge& order, Time) {
    Leg* a = find(order.a);
    Leg* b = find(order.b);
    if (a != nullptr && b != nullptr && a->peer() == b->port()) {
        part(*a);
    }
}

// Who is in the first one's conference already stays in it, so that nothing is lost of what he
// says.
void Relay::on(const ports::Confer& order, Time) {
    std::vector<Leg*> legs;
    legs.reserve(order.legs.size());
    for (const ports::LegId id : order.legs) {
        legs.push_back(find(id));
    }
    const bool is_known = std::ranges::find(legs, nullptr) == legs.end();
    if (!is_known || legs.size() < 2 || legs.size() > Conference::kMembersMax) {
        ++counts_.orders_ignored;
        return;
    }
    Conference* conference = legs.front()->conference();
    if (conference == nullptr) {
        auto& slice = conferences_[legs.front()->port() % kSlices];
        conference = slice.emplace_back(std::make_unique<Conference>()).get();
    }
    for (std::size_t i = conference->size(); i-- > 0;) {
        Leg* member = at_port(conference->member(i));
        if (std::ranges::find(legs, member) == legs.end()) {
            part(*member);
        }
    }
    for (Leg* leg : legs) {
        if (leg->conference() != conference) {
            part(*leg);
            conference->add(leg->port());
            leg->set_conference(conference);
        }
    }
}

void Relay::leave_conference(Leg& leg) {
    Conference* conference = leg.conference();
    if (conference == nullptr) {
        return;
    }
    conference->remove(leg.port());
    leg.set_conference(nullptr);
    if (conference->is_empty()) {
        for (auto& slice : conferences_) {
            std::erase_if(slice, [&](const auto& each) { return each.get() == conference; });
        }
    }
}

void Relay::on(const ports::WatchSilence& order, Time now) {
    Leg* leg = find(order.leg);
    if (leg == nullptr) {
        return;
    }
    leg->watch_silence(order.silence, order.from_now, now);
    const std::uint64_t key = timer_key(leg->port(), Purpose::silence);
    if (const std::optional<Time> deadline = leg->silence_deadline(now)) {
        timers_.set(key, *deadline);
    } else {
        timers_.cancel(key);
    }
}

void Relay::on(const ports::CloseLeg& order, Time) {
    Leg* leg = find(order.leg);
    if (leg == nullptr) {
        return;
    }
    part(*leg);
    set_playing(*leg, nullptr);
    const std::uint32_t port = leg->port();
    for (const Purpose purpose : {Purpose::rtcp, Purpose::silence, Purpose::transport}) {
        timers_.cancel(timer_key(port, purpose));
    }
    out_.report(ports::LegClosed{.leg = order.leg, .quality = leg->quality()});
    by_id_.erase(order.leg);
    by_port_[port].reset();
}

void Relay::part(Leg& leg) {
    if (Leg* peer = at_port(leg.peer())) {
        peer->set_peer(Leg::kNoPeer);
    }
    leg.set_peer(Leg::kNoPeer);
    leave_conference(leg);
    // set_peer() ended what was played; the list follows.
    set_playing(leg, nullptr);
}

void Relay::set_playing(Leg& leg, const Prompt* prompt) {
    std::vector<std::uint32_t>& slice = playing_[leg.port() % kSlices];
    const auto place = std::find(slice.begin(), slice.end(), leg.port());
    if (place == slice.end() && prompt != nullptr) {
        slice.push_back(leg.port());
    } else if (place != slice.end() && prompt == nullptr) {
        *place = slice.back();
        slice.pop_back();
    }
    leg.set_prompt(prompt);
}

void Relay::count(Verdict verdict) {
    if (verdict == Verdict::foreign) {
        ++counts_.foreign;
    } else if (verdict == Verdict::malformed) {
        ++counts_.malformed;
    }
}

void Relay::receive(SocketRef at, const Endpoint& source, const PacketBuffer& datagram, Time now) {
    Leg* leg = at_port(at.port);
    const bool is_secure = leg != nullptr && leg->transport() != nullptr;
    if (leg == nullptr || (is_secure && at.socket != Socket::rtp)) {
        ++counts_.foreign;
    } else if (is_secure) {
        receive_secure(*leg, source, datagram, now);
    } else {
        receive_plain(*leg, at, source, datagram, now);
    }
}

void Relay::receive_plain(Leg& leg, SocketRef at, const Endpoint& source,
                          const PacketBuffer& packet, Time now) {
    const DatagramKind kind = classify(packet.bytes);
    if (kind == DatagramKind::rtcp) {
        count(leg.receive_rtcp(source, packet.bytes, at.socket == Socket::rtp, now));
    } else if (kind == DatagramKind::rtp && at.socket == Socket::rtp) {
        relay_rtp(leg, source, packet, now);
    } else {
        ++counts_.malformed;
    }
}

void Relay::receive_secure(Leg& leg, const Endpoint& source, const PacketBuffer& packet, Time now) {
    const OpenedPacket opened = leg.transport()->receive(source, packet.bytes, now);
    switch (opened.what) {
        case Opened::rtp:
            relay_rtp(leg, source, part_of(packet, opened.bytes), now);
            return;
        case Opened::rtcp:
            count(leg.receive_rtcp(source, opened.bytes, true, now));
            return;
        case Opened::consumed:
            break;
        case Opened::foreign:
            ++counts_.foreign;
            break;
        case Opened::refused:
            ++counts_.refused;
            break;
        case Opened::malformed:
            ++counts_.malformed;
            return;
    }
    serve_transport(leg);
}

// What the transport has to say leaves, and its wishes for time and target are seen to.
void Relay::serve_transport(Leg& leg) {
    WebTransport& transport = *leg.transport();
    for (const Outgoing& outgoing : transport.take_outgoing()) {
        out_.send_at_once({.port = leg.port()}, outgoing.to, outgoing.bytes);
    }
    leg.follow_transport();
    const std::uint64_t key = timer_key(leg.port(), Purpose::transport);
    if (const std::optional<Time> deadline = transport.next_deadline()) {
        timers_.set(key, *deadline);
    } else {
        timers_.cancel(key);
    }
}

void Relay::relay_rtp(Leg& leg, const Endpoint& source, const PacketBuffer& packet, Time now) {
    Received received = leg.receive_rtp(source, packet.bytes, now);
    count(received.verdict);
    Leg* peer = at_port(leg.peer());
    const bool is_payload =
        received.verdict == Verdict::audio || received.verdict == Verdict::event;
    if (is_payload && peer == nullptr && leg.conference() != nullptr) {
        join_in(leg, received, packet.bytes, now);
        return;
    }
    if (!is_payload || peer == nullptr) {
        return;
    }
    if (received.clock == kOpusClock && !peer->knows_opus()) {
        if (received.verdict == Verdict::audio) {
            hear_opus(leg, received, packet.bytes, now);
            convert_opus(leg, *peer, now);
            return;
        }
        received.packet.header = leg.opus_source().number(received.packet.header);
        received.clock = kSampleRate;
    }
    const std::span<std::uint8_t> bytes = peer->forward(received, leg.law(), packet.bytes, now);
    if (!bytes.empty()) {
        send_rtp(*peer, part_of(packet, bytes));
    }
}

void Relay::hear_opus(Leg& leg, const Received& received, Bytes datagram, Time now) {
    if (!leg.may_decode(received.units, now)) {
        ++counts_.refused;
        return;
    }
    const RtpPacket& packet = received.packet;
    const Bytes payload = datagram.subspan(packet.payload_offset, packet.payload_size);
    if (leg.opus_source().put(packet.header, payload) == OpusRead::malformed) {
        ++counts_.malformed;
    }
}

void Relay::convert_opus(Leg& leg, Leg& peer, Time now) {
    std::array<std::uint8_t, kRtpHeaderSize + kFrameSamples + kRoomBehind> buffer{};
    const auto packet = std::span(buffer).first<kRtpHeaderSize + kFrameSamples>();
    while (const auto frame = leg.opus_source().take()) {
        const std::span<std::uint8_t> bytes = peer.forward_frame(*frame, packet, now);
        if (!bytes.empty()) {
            ++counts_.converted;
            send_rtp(peer, {.bytes = bytes, .room = kRoomBehind}, Stay::until_return);
        }
    }
}

// A digit of a keypad would be a noise to some and a command to others: it reaches nobody.
void Relay::join_in(Leg& leg, const Received& received, Bytes datagram, Time now) {
    if (received.verdict == Verdict::audio && received.is_wide) {
        hear_opus(leg, received, datagram, now);
        while (const auto frame = leg.opus_source().take()) {
            ++counts_.converted;
            leg.conference()->speak(leg.port(), frame->header, frame->samples);
        }
    } else if (received.verdict == Verdict::audio) {
        const RtpPacket& packet = received.packet;
        leg.conference()->speak(leg.port(), packet.header,
                                datagram.subspan(packet.payload_offset, packet.payload_size),
                                leg.law());
    }
}

void Relay::send_rtp(Leg& leg, const PacketBuffer& packet, Stay stay) {
    Bytes bytes = packet.bytes;
    if (WebTransport* transport = leg.transport()) {
        bytes = transport->protect_rtp(packet);
        // A packet that the network doubled has been sent already (RFC 3711 §3.3.2).
        if (bytes.empty()) {
            return;
        }
    }
    const SocketRef from{.port = leg.port(), .socket = Socket::rtp};
    if (stay == Stay::until_return) {
        out_.send_at_once(from, leg.rtp_target(), bytes);
    } else {
        out_.send(from, leg.rtp_target(), bytes);
    }
}

void Relay::play_slice(std::uint32_t slice, Time now) {
    std::array<std::uint8_t, kRtpHeaderSize + kFrameSamples + kRoomBehind> buffer{};
    const auto packet = std::span(buffer).first<kRtpHeaderSize + kFrameSamples>();
    for (const std::uint32_t port : playing_[slice % kSlices]) {
        Leg& leg = *by_port_[port];
        const std::span<std::uint8_t> bytes = leg.play(packet, now);
        if (!bytes.empty()) {
            send_rtp(leg, {.bytes = bytes, .room = kRoomBehind});
        }
    }
    play_conferences(slice, now);
}

void Relay::play_conferences(std::uint32_t slice, Time now) {
    std::array<std::uint8_t, kRtpHeaderSize + kFrameSamples + kRoomBehind> buffer{};
    const auto packet = std::span(buffer).first<kRtpHeaderSize + kFrameSamples>();
    std::array<std::uint8_t, kFrameSamples> frame{};
    for (const auto& conference : conferences_[slice % kSlices]) {
        conference->mix();
        for (std::size_t i = 0; i < conference->size(); ++i) {
            Leg& leg = *by_port_[conference->member(i)];
            conference->heard(i, leg.law(), frame);
            const std::span<std::uint8_t> bytes = leg.send_frame(frame, packet, now);
            if (!bytes.empty()) {
                send_rtp(leg, {.bytes = bytes, .room = kRoomBehind});
            }
        }
    }
}

void Relay::advance(Time now) {
    while (const auto due = timers_.pop_due(now)) {
        Leg* leg = at_port(static_cast<std::uint32_t>(due->second >> kPurposeBits));
        if (leg == nullptr) {
            continue;
        }
        switch (static_cast<Purpose>(due->second & ((1U << kPurposeBits) - 1U))) {
            case Purpose::rtcp:
                send_report(*leg, now);
                break;
            case Purpose::silence:
                check_silence(*leg, now);
                break;
            case Purpose::transport:
                leg->transport()->advance(now);
                serve_transport(*leg);
                break;
        }
    }
}

void Relay::send_report(Leg& leg, Time now) {
    std::array<std::uint8_t, kRtcpWrittenMax + kRoomBehind> buffer{};
    const std::span<std::uint8_t> report =
        leg.write_report(cname_, std::span(buffer).first<kRtcpWrittenMax>(), now);
    Bytes bytes = report;
    if (WebTransport* transport = leg.transport(); transport != nullptr && !report.empty()) {
        bytes = transport->protect_rtcp({.bytes = report, .room = buffer.size() - report.size()});
    }
    if (!bytes.empty()) {
        const Socket socket = leg.is_rtcp_muxed() ? Socket::rtp : Socket::rtcp;
        out_.send({.port = leg.port(), .socket = socket}, leg.rtcp_target(), bytes);
    }
    timers_.set(timer_key(leg.port(), Purpose::rtcp), now + settings_.rtcp_every);
}

// The timer was set at the last look, not at the last packet, so that packets cost nothing.
void Relay::check_silence(Leg& leg, Time now) {
    const std::optional<Time> deadline = leg.silence_deadline(now);
    if (deadline && *deadline > now) {
        timers_.set(timer_key(leg.port(), Purpose::silence), *deadline);
    } else if (deadline) {
        leg.watch_silence(Duration::zero(), false, now);
        out_.report(ports::LegSilent{leg.id()});
    }
}

}  // namespace lanze::media
