// Transactions: RFC 3261 §17 (and RFC 6026) as one sans-I/O machine; messages and time in, messages
// and events out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "base/timer_heap.h"
#include "sip/message.h"

namespace lanze::sip {

// Server transactions are named by the layer; client transactions by whoever plans them, ahead of
// sending, so that a plan can be written down before its request leaves.
using ServerTransactionId = Id<struct ServerTransactionTag, std::uint64_t>;
using ClientTransactionId = Id<struct ClientTransactionTag, std::uint64_t>;

struct TimerSettings {
    Duration t1 = std::chrono::milliseconds(500);
    Duration t2 = std::chrono::seconds(4);
    Duration t4 = std::chrono::seconds(5);
    // Server and client transactions together; at the limit new requests get 503 with Retry-After.
    std::size_t transactions_max = 200'000;
};

// --- what the layer asks for ---------------------------------------------------------------------
struct Send {  // put these bytes on the wire
    Flow flow;
    std::string bytes;
};

// --- what the layer tells its user ---------------------------------------------------------------
// A new request (never a retransmission). ACK to a 2xx and requests outside any transaction
// matching come here too, `transaction` unset for ACK.
struct RequestReceived {
    ServerTransactionId transaction;
    Flow flow;
    Message message;
};
// CANCEL was answered 200 by the layer; the INVITE it names should get 487.
struct CancelReceived {
    ServerTransactionId invite;
    Message message;
};
// Every provisional and final response, retransmitted 2xx to INVITE included (`is_repeat`), since
// only the dialog can answer those with ACK (§13.2.2.4). Non-2xx finals are ACKed by the layer,
// once here.
struct ResponseReceived {
    ClientTransactionId transaction;
    Flow flow;
    Message message;
    bool is_repeat = false;
};
// No final response in time (timer B or F), or the transport failed: as 408 / 503 (§8.1.3.1).
struct ClientFailed {
    ClientTransactionId transaction;
    bool is_transport_error = false;
};
// A 2xx to INVITE was retransmitted for 64*T1 without ACK (§13.3.1.4): the dialog should send BYE.
struct AckMissing {
    ServerTransactionId transaction;
};
using TransactionEvent =
    std::variant<RequestReceived, CancelReceived, ResponseReceived, ClientFailed, AckMissing>;

// Everything one call into the layer yields, in order.
struct TransactionOutput {
    std::vector<Send> sends;
    std::vector<TransactionEvent> events;
};

class TransactionLayer {
public:
    explicit TransactionLayer(TimerSettings settings = {});

    // A parsed message from the wire. Retransmissions, CANCEL, ACK to errors are handled here; an
    // INVITE is answered 100 at once. Stray responses are dropped.
    void receive(Message message, const Flow& flow, Time now, TransactionOutput& out);
    // A transport could not send or lost its connection: client transactions there fail.
    void transport_failed(const Flow& flow, Time now, TransactionOutput& out);

    // Starts a client transaction: writes the topmost Via (sent-by `via_host`, branch derived from
    // `id` and `branch_salt`), sends, starts the timers. `request` without Via. For an ACK to a 2xx
    // use send_without_transaction().
    struct ClientRequest {
        ClientTransactionId id;
        Message message;
        Flow flow;
        Endpoint sent_by;    // written into Via
        std::string branch;  // without the magic cookie; unique, from Entropy
    };
    void start(ClientRequest request, Time now, TransactionOutput& out);
    // ACK to a 2xx: own branch, no timers.
    void send_without_transaction(ClientRequest request, TransactionOutput& out);
    // CANCEL for a client INVITE (§9.1): sent when a 1xx has come, kept until then; does nothing
    // after a final response.
    void cancel(ClientTransactionId invite, Time now, TransactionOutput& out);

    // Sends a response and moves the transaction on. 2xx to INVITE: RFC 6026, retransmitted until
    // `ack_received` or 64*T1 (also over TCP). An unknown transaction is ignored.
    void respond(ServerTransactionId id, Message response, Time now, TransactionOutput& out);
    void ack_received(ServerTransactionId invite);
    // Reliable provisional responses (RFC 3262) are retransmitted like this until `prack_received`.
    void respond_reliably(ServerTransactionId id, Message provisional, Time now,
                          TransactionOutput& out);
    void prack_received(ServerTransactionId invite);

    std::optional<Time> next_deadline() const;
    void advance(Time now, TransactionOutput& out);

    bool has(ServerTransactionId id) const { return servers_.contains(id); }
    bool has(ClientTransactionId id) const { return clients_.contains(id); }
    std::size_t size() const { return servers_.size() + clients_.size(); }

private:
    // The implementer fills this in.
    struct Server;
    struct Client;
    std::unordered_map<ServerTransactionId, Server> servers_;
    std::unordered_map<ClientTransactionId, Client> clients_;
};

}  // namespace lanze::sip
