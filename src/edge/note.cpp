#include "edge/note.h"

#include "base/bytes.h"

namespace lanze::edge {

namespace {

constexpr std::uint64_t kFormat = 1;
constexpr std::uint64_t kRoutesMax = 64;

void write_endpoint(ByteWriter& out, const Endpoint& endpoint) {
    out.text(endpoint.to_string());
}

Endpoint read_endpoint(ByteReader& in) {
    const auto endpoint = Endpoint::parse(in.text());
    if (!endpoint) {
        in.fail();
    }
    return endpoint.value_or(Endpoint{});
}

sip::NameAddress read_name_address(ByteReader& in) {
    auto address = sip::NameAddress::parse(in.text());
    if (!address) {
        in.fail();
    }
    return address.value_or(sip::NameAddress{});
}

void write_dialog(ByteWriter& out, const sip::Dialog& dialog) {
    out.number(dialog.is_caller ? 1 : 0);
    out.text(dialog.call_id);
    out.text(dialog.local.to_string());
    out.text(dialog.remote.to_string());
    out.number(dialog.local_cseq);
    out.number(dialog.remote_cseq);
    out.text(dialog.remote_target.to_string());
    out.number(dialog.routes.size());
    for (const sip::NameAddress& route : dialog.routes) {
        out.text(route.to_string());
    }
    out.number(static_cast<std::uint64_t>(dialog.flow.transport));
    out.number(dialog.flow.listener);
    write_endpoint(out, dialog.flow.remote);
    out.number(dialog.is_confirmed ? 1 : 0);
}

sip::Dialog read_dialog(ByteReader& in) {
    sip::Dialog dialog;
    dialog.is_caller = in.number() != 0;
    dialog.call_id = in.text();
    dialog.local = read_name_address(in);
    dialog.remote = read_name_address(in);
    dialog.local_cseq = static_cast<std::uint32_t>(in.number());
    dialog.remote_cseq = static_cast<std::uint32_t>(in.number());
    dialog.remote_target = sip::Uri::parse(in.text()).value_or(sip::Uri{});
    const std::uint64_t routes = in.number();
    if (routes > kRoutesMax) {
        in.fail();
        return dialog;
    }
    for (std::uint64_t i = 0; i < routes; ++i) {
        dialog.routes.push_back(read_name_address(in));
    }
    dialog.flow.transport = in.number() == 0 ? sip::Transport::udp : sip::Transport::tcp;
    dialog.flow.listener = static_cast<std::uint16_t>(in.number());
    dialog.flow.remote = read_endpoint(in);
    dialog.is_confirmed = in.number() != 0;
    return dialog;
}

void write_media(ByteWriter& out, const Leg& leg) {
    out.number(leg.port.worker);
    out.number(leg.port.index);
    write_endpoint(out, leg.port.bound);
    out.text(leg.port.advertised.to_string());
    out.number(leg.local.session_id);
    out.number(leg.local.version);
    out.text(leg.sent ? sip::write_sdp(*leg.sent) : "");
    out.text(leg.received ? sip::write_sdp(*leg.received) : "");
    out.number(leg.has_open_offer ? 1 : 0);
    out.number(leg.is_held_by_peer ? 1 : 0);
}

std::optional<sip::SessionDescription> read_description(ByteReader& in) {
    const std::string_view text = in.text();
    auto description = sip::parse_sdp(text);
    return description ? std::optional(std::move(*description)) : std::nullopt;
}

void read_media(ByteReader& in, Leg& leg) {
    leg.port.worker = static_cast<std::uint32_t>(in.number());
    leg.port.index = static_cast<std::uint32_t>(in.number());
    leg.port.bound = read_endpoint(in);
    leg.port.advertised = IpAddress::parse(in.text()).value_or(IpAddress{});
    leg.local.rtp = {leg.port.advertised, leg.port.bound.port};
    leg.local.session_id = in.number();
    leg.local.version = in.number();
    leg.sent = read_description(in);
    leg.received = read_description(in);
    leg.has_open_offer = in.number() != 0;
    leg.is_held_by_peer = in.number() != 0;
    if (leg.sent && leg.received && !leg.has_open_offer) {
        const auto agreed = sip::agree(*leg.sent, *leg.received, leg.role != LegRole::caller);
        leg.agreed = agreed ? std::optional(*agreed) : std::nullopt;
    }
}

}  // namespace

std::string encode_leg(const Leg& leg) {
    ByteWriter out;
    out.number(kFormat);
    out.number(leg.id.value());
    out.number(static_cast<std::uint64_t>(leg.role));
    out.number(static_cast<std::uint64_t>(leg.state));
    out.number(leg.contact.value());
    out.number(leg.agent.value());
    out.number(leg.presentation.value());
    write_dialog(out, leg.dialog);
    out.text(leg.invite ? sip::write_message(*leg.invite) : "");
    out.number(leg.reliable_sequence);
    out.text(leg.invite_branch);
    out.number(leg.invite_cseq);
    out.number(leg.peer_reliable_sequence);
    write_media(out, leg);
    out.signed_number(leg.session.interval.count());
    out.number(leg.session.refresher == sip::Refresher::us ? 0 : 1);
    out.number(leg.peer_allows_update ? 1 : 0);
    return out.take();
}

std::optional<Leg> decode_leg(std::string_view text) {
    ByteReader in(text);
    if (in.number() != kFormat) {
        return std::nullopt;
    }
    Leg leg;
    leg.id = LegId{in.number()};
    const std::uint64_t role = in.number();
    if (role > static_cast<std::uint64_t>(LegRole::outside)) {
        return std::nullopt;
    }
    leg.role = static_cast<LegRole>(role);
    const std::uint64_t state = in.number();
    if (state > static_cast<std::uint64_t>(LegState::cancelling)) {
        return std::nullopt;
    }
    leg.state = static_cast<LegState>(state);
    leg.contact = core::ContactId{in.number()};
    leg.agent = core::AgentId{static_cast<std::uint32_t>(in.number())};
    leg.presentation = core::PresentationId{in.number()};
    leg.dialog = read_dialog(in);
    const std::string_view invite = in.text();
    if (!invite.empty()) {
        auto message = sip::parse_message(invite);
        leg.invite = message ? std::optional(std::move(*message)) : std::nullopt;
    }
    leg.reliable_sequence = static_cast<std::uint32_t>(in.number());
    leg.invite_branch = in.text();
    leg.invite_cseq = static_cast<std::uint32_t>(in.number());
    leg.peer_reliable_sequence = static_cast<std::uint32_t>(in.number());
    read_media(in, leg);
    leg.session.interval = Duration{in.signed_number()};
    leg.session.refresher = in.number() == 0 ? sip::Refresher::us : sip::Refresher::them;
    leg.peer_allows_update = in.number() != 0;
    return in.has_failed() ? std::nullopt : std::optional(std::move(leg));
}

}  // namespace lanze::edge
