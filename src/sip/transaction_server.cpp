// The server side of TransactionLayer: RFC 3261 §17.2 with the Accepted state of RFC 6026, CANCEL
// (§9.2), merged requests (§8.2.2.2) and reliable provisional responses (RFC 3262).
#include <algorithm>
#include <array>

#include "sip/transaction.h"

namespace lanze::sip {

namespace {

// Where responses go: back over the connection, or to what Via and source say (§18.2.2).
Flow response_flow(const Message& request, const Flow& flow) {
    Flow target = flow;
    if (flow.transport == Transport::udp) {
        target.remote = response_target(request.vias.front(), flow.remote);
    }
    return target;
}

Message make_trying(const Message& invite) {
    Message trying = make_response(invite, 100);
    if (const auto timestamp = invite.header("Timestamp")) {
        trying.set_header("Timestamp", *timestamp);  // §8.2.6.1
    }
    return trying;
}

}  // namespace

void TransactionLayer::receive_request(Message message, const Flow& flow, Time now,
                                       TransactionOutput& out) {
    if (message.method == "ACK") {
        receive_ack(std::move(message), flow, now, out);
        return;
    }
    if (message.method == "CANCEL") {
        receive_cancel(std::move(message), flow, out);
        return;
    }
    const auto known = servers_by_key_.find(server_key(message, message.method));
    if (known != servers_by_key_.end()) {
        repeat_response(servers_.at(known->second), out);
    } else if (message.to.tag().empty() && servers_by_merge_key_.contains(merge_key(message))) {
        answer_without_state(message, flow, 482, out);
    } else if (size() >= settings_.transactions_max) {
        answer_without_state(message, flow, 503, out);
    } else {
        begin_server(std::move(message), flow, now, out);
    }
}

void TransactionLayer::begin_server(Message message, const Flow& flow, Time now,
                                    TransactionOutput& out) {
    const ServerTransactionId id{next_server_++};
    Server server;
    server.key = &servers_by_key_.try_emplace(server_key(message, message.method), id).first->first;
    server.flow = response_flow(message, flow);
    server.is_invite = message.method == "INVITE";
    if (message.to.tag().empty()) {
        server.merge_key = &servers_by_merge_key_.try_emplace(merge_key(message), id).first->first;
    }
    if (server.is_invite) {
        server.state = ServerState::proceeding;
        server.bytes = write_message(make_trying(message));
        out.sends.push_back({server.flow, server.bytes});
    } else {
        // Whoever asked has given up by then (timer F): nothing may wait for an answer for ever.
        push(long_deadlines_, {now + longest(), id.value(), End::server_timeout, 0});
    }
    servers_.emplace(id, std::move(server));
    out.events.emplace_back(RequestReceived{id, flow, std::move(message)});
}

void TransactionLayer::repeat_response(const Server& server, TransactionOutput& out) {
    const bool has_answer =
        server.state == ServerState::proceeding || server.state == ServerState::completed;
    if (has_answer) {
        out.sends.push_back({server.flow, server.bytes});
    }
}

// The ACK to an error ends here; the ACK to a 2xx belongs to the dialog (§13.3.1.4).
void TransactionLayer::receive_ack(Message message, const Flow& flow, Time now,
                                   TransactionOutput& out) {
    const ServerTransactionId id = find_acknowledged(message);
    if (!id.is_set()) {
        if (!acknowledges_own_answer(message)) {
            out.events.emplace_back(RequestReceived{{}, flow, std::move(message)});
        }
        return;
    }
    Server& server = servers_.at(id);
    if (server.state == ServerState::accepted) {
        out.events.emplace_back(RequestReceived{{}, flow, std::move(message)});
    } else if (server.state == ServerState::completed) {
        settle_server(id, server, ServerState::confirmed, now);
    }
}

ServerTransactionId TransactionLayer::find_acknowledged(const Message& ack) const {
    auto place = servers_by_key_.find(server_key(ack, "INVITE"));
    if (place == servers_by_key_.end() && !has_magic_cookie(ack)) {
        place = servers_by_key_.find(server_key(ack, "INVITE", true));
    }
    return place == servers_by_key_.end() ? ServerTransactionId{} : place->second;
}

// Answered without state, so that a flood of CANCELs costs no memory: its repetition gets the same
// answer again.
void TransactionLayer::receive_cancel(Message message, const Flow& flow, TransactionOutput& out) {
    const auto place = servers_by_key_.find(server_key(message, "INVITE"));
    if (place == servers_by_key_.end()) {
        answer_without_state(message, flow, 481, out);
        return;
    }
    answer_without_state(message, flow, 200, out);
    Server& server = servers_.at(place->second);
    if (server.state == ServerState::proceeding && !server.is_cancelled) {
        server.is_cancelled = true;
        out.events.emplace_back(CancelReceived{place->second, std::move(message)});
    }
}

void TransactionLayer::answer_without_state(const Message& request, const Flow& flow, int status,
                                            TransactionOutput& out) {
    Message response = make_response(request, status, {}, own_tag(request, request.method));
    if (status == 503) {
        response.set_header("Retry-After", "5");
    }
    out.sends.push_back({response_flow(request, flow), write_message(response)});
}

// The same for the same request, as §8.2.7 asks of an answer without state; keyed, so that nobody
// else can make it.
std::string TransactionLayer::own_tag(const Message& request, std::string_view method) const {
    std::uint64_t hash = keyed_hash(~settings_.hash_seed, server_key(request, method, true));
    std::array<char, 16> text{};
    for (char& digit : text) {
        digit = "0123456789abcdef"[hash & 0xfU];
        hash >>= 4U;
    }
    return std::string(text.data(), text.size());
}

bool TransactionLayer::acknowledges_own_answer(const Message& ack) const {
    return ack.to.tag() == own_tag(ack, "INVITE");
}

void TransactionLayer::respond(ServerTransactionId id, const Message& response, Time now,
                               TransactionOutput& out) {
    const auto place = servers_.find(id);
    if (place == servers_.end()) {
        return;
    }
    Server& server = place->second;
    const bool is_open =
        server.state == ServerState::trying || server.state == ServerState::proceeding;
    if (!is_open) {
        return;  // one final response each
    }
    std::string bytes = write_message(response);
    keep(server.bytes, bytes);
    out.sends.push_back({server.flow, std::move(bytes)});
    if (response.status < 200) {
        server.state = ServerState::proceeding;
        return;
    }
    prack_received(id);
    if (response.status >= 300) {
        forget_merge_key(server);
    }
    if (server.is_invite) {
        finish_invite(id, server, response.status, now);
    } else {
        settle_server(id, server, ServerState::completed, now);
    }
}

void TransactionLayer::finish_invite(ServerTransactionId id, Server& server, int status, Time now) {
    const bool is_answer = status < 300;
    server.interval = settings_.t1;
    if (is_answer || server.flow.transport == Transport::udp) {
        repeats_.set({Repeat::server, id.value()}, now + server.interval);
    }
    settle_server(id, server, is_answer ? ServerState::accepted : ServerState::completed, now);
}

// Enters a state after a final response and sets the timer that ends it. May erase the transaction.
void TransactionLayer::settle_server(ServerTransactionId id, Server& server, ServerState state,
                                     Time now) {
    const bool is_udp = server.flow.transport == Transport::udp;
    const bool waits_for_ack = server.is_invite && state != ServerState::confirmed;
    server.state = state;
    if (state == ServerState::confirmed) {
        repeats_.cancel({Repeat::server, id.value()});
        keep(server.bytes, {});
    }
    if (!is_udp && !waits_for_ack) {
        erase_server(id);  // timers I and J are zero
        return;
    }
    const bool is_long = state != ServerState::confirmed;
    push(is_long ? long_deadlines_ : short_deadlines_,
         {now + (is_long ? longest() : settings_.t4), id.value(), End::server_linger,
          static_cast<std::uint8_t>(state)});
}

void TransactionLayer::ack_received(ServerTransactionId invite) {
    const auto place = servers_.find(invite);
    if (place == servers_.end() || place->second.state != ServerState::accepted) {
        return;
    }
    repeats_.cancel({Repeat::server, invite.value()});
    place->second.has_ack = true;
    keep(place->second.bytes, {});
}

// Timer G, and the 2xx that is repeated over every transport.
void TransactionLayer::repeat_server(ServerTransactionId id, Time now, TransactionOutput& out) {
    Server& server = servers_.at(id);
    out.sends.push_back({server.flow, server.bytes});
    server.interval = std::min(server.interval * 2, settings_.t2);
    repeats_.set({Repeat::server, id.value()}, now + server.interval);
}

void TransactionLayer::respond_reliably(ServerTransactionId id, const Message& provisional,
                                        Time now, TransactionOutput& out) {
    const auto place = servers_.find(id);
    const bool is_open = place != servers_.end() && place->second.is_invite &&
                         place->second.state == ServerState::proceeding;
    if (!is_open) {
        return;
    }
    std::string bytes = write_message(provisional);
    keep(place->second.bytes, bytes);
    provisionals_[id] = {bytes, settings_.t1, now + longest()};
    repeats_.set({Repeat::provisional, id.value()}, now + settings_.t1);
    out.sends.push_back({place->second.flow, std::move(bytes)});
}

void TransactionLayer::prack_received(ServerTransactionId invite) {
    if (provisionals_.erase(invite) != 0) {
        repeats_.cancel({Repeat::provisional, invite.value()});
    }
}

// Doubles without the bound T2 (RFC 3262 §3) and ends after 64*T1.
void TransactionLayer::repeat_provisional(ServerTransactionId id, Time now,
                                          TransactionOutput& out) {
    ReliableProvisional& provisional = provisionals_.at(id);
    if (now >= provisional.ends_at) {
        provisionals_.erase(id);
        out.events.emplace_back(AckMissing{id, true});
        return;
    }
    out.sends.push_back({servers_.at(id).flow, provisional.bytes});
    provisional.interval *= 2;
    repeats_.set({Repeat::provisional, id.value()},
                 std::min(now + provisional.interval, provisional.ends_at));
}

void TransactionLayer::end_server(const Deadline& deadline, TransactionOutput& out) {
    const ServerTransactionId id{deadline.id};
    const auto place = servers_.find(id);
    if (place == servers_.end()) {
        return;
    }
    const Server& server = place->second;
    if (deadline.end == End::server_timeout) {
        const bool is_open =
            server.state == ServerState::trying || server.state == ServerState::proceeding;
        if (is_open) {
            erase_server(id);
        }
        return;
    }
    if (server.state != static_cast<ServerState>(deadline.state)) {
        return;
    }
    if (server.state == ServerState::accepted && !server.has_ack) {
        out.events.emplace_back(AckMissing{id});
    }
    erase_server(id);
}

void TransactionLayer::forget_merge_key(Server& server) {
    if (server.merge_key != nullptr) {
        servers_by_merge_key_.erase(servers_by_merge_key_.find(*server.merge_key));
        server.merge_key = nullptr;
    }
}

void TransactionLayer::erase_server(ServerTransactionId id) {
    const auto place = servers_.find(id);
    prack_received(id);
    repeats_.cancel({Repeat::server, id.value()});
    forget_merge_key(place->second);
    servers_by_key_.erase(servers_by_key_.find(*place->second.key));
    servers_.erase(place);
}

}  // namespace lanze::sip
