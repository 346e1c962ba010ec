// The client side of TransactionLayer: RFC 3261 §17.1 with the Accepted state of RFC 6026.
#include <algorithm>

#include "sip/transaction.h"

namespace lanze::sip {

namespace {

// A CANCEL is a transaction of its own (§9.1); its id is that of its INVITE with this bit.
constexpr std::uint64_t kCancelBit = std::uint64_t{1} << 63U;
// Dialogs one INVITE may open by forking; further ones are not told.
constexpr std::size_t kAnswersMax = 16;

void add_via(Message& message, const TransactionLayer::ClientRequest& request) {
    Via via;
    via.transport = request.flow.transport;
    via.host = request.sent_by.address.to_string();
    via.port = request.sent_by.port;
    if (via.transport == Transport::udp) {
        via.parameters.emplace_back("rport", "");
    }
    via.parameters.emplace_back("branch", std::string(kMagicCookie) + request.branch);
    message.vias.insert(message.vias.begin(), std::move(via));
}

// What CANCEL and the ACK to an error take over from their INVITE (§9.1, §17.1.1.3).
Message make_companion(const Message& invite, std::string_view method) {
    Message message;
    message.method = method;
    message.uri = invite.uri;
    message.vias = invite.vias;
    message.from = invite.from;
    message.to = invite.to;
    message.call_id = invite.call_id;
    message.cseq = {invite.cseq.number, std::string(method)};
    message.max_forwards = 70;
    message.routes = invite.routes;
    return message;
}

}  // namespace

void TransactionLayer::start(ClientRequest request, Time now, TransactionOutput& out) {
    if (clients_.contains(request.id)) {
        return;
    }
    add_via(request.message, request);
    begin_client(request, now, out);
}

void TransactionLayer::send_without_transaction(ClientRequest request, TransactionOutput& out) {
    add_via(request.message, request);
    out.sends.push_back({request.flow, write_message(request.message)});
}

void TransactionLayer::begin_client(const ClientRequest& request, Time now,
                                    TransactionOutput& out) {
    const Message& message = request.message;
    const auto [place, is_new] = clients_by_key_.try_emplace(
        client_key(message.vias.front().branch(), message.method), request.id);
    LANZE_CHECK(is_new);  // a branch comes from Entropy and is used once
    Client client;
    client.key = &place->first;
    client.flow = request.flow;
    client.is_invite = message.method == "INVITE";
    client.interval = settings_.t1;
    if (client.is_invite) {
        client.invite = std::make_unique<Message>(make_companion(message, "INVITE"));
    }
    const std::uint64_t id = request.id.value();
    std::string bytes = write_message(message);
    if (request.flow.transport == Transport::udp) {
        client.bytes = bytes;
        repeats_.set({Repeat::client, id}, now + client.interval);
    }
    out.sends.push_back({request.flow, std::move(bytes)});
    waiting_.emplace(request.flow, request.id);
    push(long_deadlines_, {now + longest(), id, End::client_timeout, 0});
    clients_.emplace(request.id, std::move(client));
}

void TransactionLayer::receive_response(Message message, const Flow& flow, Time now,
                                        TransactionOutput& out) {
    if (message.vias.size() != 1) {
        return;  // not for us (§8.1.3.3)
    }
    const auto place =
        clients_by_key_.find(client_key(message.vias.front().branch(), message.cseq.method));
    if (place == clients_by_key_.end()) {
        return;
    }
    const ClientTransactionId id = place->second;
    Client& client = clients_.at(id);
    ResponseReceived response{id, flow, std::move(message)};
    if (client.is_invite) {
        respond_to_invite(client, std::move(response), now, out);
        return;
    }
    if (client.state != ClientState::calling && client.state != ClientState::proceeding) {
        return;
    }
    const bool is_final = response.message.status >= 200;
    if ((id.value() & kCancelBit) == 0) {
        out.events.emplace_back(std::move(response));
    }
    settle_client(id, client, is_final ? ClientState::completed : ClientState::proceeding, now);
}

void TransactionLayer::respond_to_invite(Client& client, ResponseReceived response, Time now,
                                         TransactionOutput& out) {
    const ClientTransactionId id = response.transaction;
    const int status = response.message.status;
    const bool is_open =
        client.state == ClientState::calling || client.state == ClientState::proceeding;
    if (status < 200) {
        if (!is_open) {
            return;
        }
        out.events.emplace_back(std::move(response));
        settle_client(id, client, ClientState::proceeding, now);
        if (client.wants_cancel) {
            client.wants_cancel = false;
            send_cancel(id, now, out);
        }
    } else if (status < 300) {
        if (client.state == ClientState::completed) {
            return;
        }
        answer_came(client, std::move(response), out);
        if (is_open) {
            settle_client(id, client, ClientState::accepted, now);
        }
    } else if (is_open) {
        refusal_came(client, std::move(response), now, out);
    } else if (client.state == ClientState::completed) {
        out.sends.push_back({client.flow, client.bytes});
    }
}

// A 2xx with a tag not seen yet opens a dialog of its own (§13.2.2.4).
void TransactionLayer::answer_came(Client& client, ResponseReceived response,
                                   TransactionOutput& out) {
    const std::string_view tag = response.message.to.tag();
    response.is_repeat =
        std::find(client.answers.begin(), client.answers.end(), tag) != client.answers.end();
    if (!response.is_repeat) {
        if (client.answers.size() == kAnswersMax) {
            return;
        }
        client.answers.emplace_back(tag);
    }
    out.events.emplace_back(std::move(response));
}

void TransactionLayer::refusal_came(Client& client, ResponseReceived response, Time now,
                                    TransactionOutput& out) {
    const ClientTransactionId id = response.transaction;
    Message ack = make_companion(*client.invite, "ACK");
    ack.to = response.message.to;
    keep(client.bytes, write_message(ack));
    out.sends.push_back({client.flow, client.bytes});
    out.events.emplace_back(std::move(response));
    settle_client(id, client, ClientState::completed, now);
}

void TransactionLayer::cancel(ClientTransactionId invite, Time now, TransactionOutput& out) {
    const auto place = clients_.find(invite);
    if (place == clients_.end() || !place->second.is_invite) {
        return;
    }
    if (place->second.state == ClientState::calling) {
        place->second.wants_cancel = true;
    } else if (place->second.state == ClientState::proceeding) {
        send_cancel(invite, now, out);
    }
}

void TransactionLayer::send_cancel(ClientTransactionId invite, Time now, TransactionOutput& out) {
    const Client& client = clients_.at(invite);
    ClientRequest request;
    request.id = ClientTransactionId{invite.value() | kCancelBit};
    request.message = make_companion(*client.invite, "CANCEL");
    request.flow = client.flow;
    if (clients_by_key_.contains(
            client_key(request.message.vias.front().branch(), request.message.method))) {
        return;
    }
    // If no final response comes now, the INVITE counts as cancelled (§9.1).
    push(long_deadlines_, {now + longest(), invite.value(), End::cancel_timeout,
                           static_cast<std::uint8_t>(ClientState::proceeding)});
    begin_client(request, now, out);
}

// Enters a state: what is no longer needed goes, and the timer of the state is set. May erase the
// transaction.
void TransactionLayer::settle_client(ClientTransactionId id, Client& client, ClientState state,
                                     Time now) {
    const bool is_udp = client.flow.transport == Transport::udp;
    client.state = state;
    if (state == ClientState::proceeding) {
        if (client.is_invite) {
            repeats_.cancel({Repeat::client, id.value()});
            keep(client.bytes, {});
        } else {
            client.interval = settings_.t2;  // §17.1.2.2, timer E in Proceeding
        }
        return;
    }
    repeats_.cancel({Repeat::client, id.value()});
    waiting_.erase({client.flow, id});
    client.invite.reset();
    const bool keeps_ack = client.is_invite && state == ClientState::completed;
    if (!keeps_ack) {
        keep(client.bytes, {});
    }
    if (!is_udp && state == ClientState::completed) {
        erase_client(id);
        return;
    }
    const bool is_long = client.is_invite;
    push(is_long ? long_deadlines_ : short_deadlines_,
         {now + (is_long ? longest() : settings_.t4), id.value(), End::client_linger,
          static_cast<std::uint8_t>(state)});
}

void TransactionLayer::repeat_client(ClientTransactionId id, Time now, TransactionOutput& out) {
    Client& client = clients_.at(id);
    out.sends.push_back({client.flow, client.bytes});
    client.interval *= 2;  // timer A; timer E stops growing at T2
    if (!client.is_invite) {
        client.interval = std::min(client.interval, settings_.t2);
    }
    repeats_.set({Repeat::client, id.value()}, now + client.interval);
}

void TransactionLayer::end_client(const Deadline& deadline, TransactionOutput& out) {
    const ClientTransactionId id{deadline.id};
    const auto place = clients_.find(id);
    if (place == clients_.end()) {
        return;
    }
    const ClientState state = place->second.state;
    if (deadline.end == End::client_timeout) {
        const bool is_waiting = state == ClientState::calling ||
                                (state == ClientState::proceeding && !place->second.is_invite);
        if (is_waiting) {
            fail_client(id, false, out);
        }
    } else if (state == static_cast<ClientState>(deadline.state)) {
        if (deadline.end == End::cancel_timeout) {
            fail_client(id, false, out);
        } else {
            erase_client(id);
        }
    }
}

void TransactionLayer::fail_client(ClientTransactionId id, bool is_transport_error,
                                   TransactionOutput& out) {
    if ((id.value() & kCancelBit) == 0) {
        out.events.emplace_back(ClientFailed{id, is_transport_error});
    }
    erase_client(id);
}

void TransactionLayer::erase_client(ClientTransactionId id) {
    const auto place = clients_.find(id);
    repeats_.cancel({Repeat::client, id.value()});
    waiting_.erase({place->second.flow, id});
    clients_by_key_.erase(clients_by_key_.find(*place->second.key));
    clients_.erase(place);
}

void TransactionLayer::transport_failed(const Flow& flow, Time /*now*/, TransactionOutput& out) {
    std::vector<ClientTransactionId> failed;
    const auto collect = [&](const Flow& wanted) {
        auto place = waiting_.lower_bound({wanted, ClientTransactionId{}});
        for (; place != waiting_.end() && place->first == wanted; ++place) {
            failed.push_back(place->second);
        }
    };
    collect(flow);
    if (flow.connection != 0) {
        Flow any = flow;
        any.connection = 0;
        collect(any);
    }
    for (const ClientTransactionId id : failed) {
        fail_client(id, true, out);
    }
}

}  // namespace lanze::sip
