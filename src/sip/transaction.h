// Transactions: RFC 3261 §17 (and RFC 6026) as one sans-I/O machine; messages and time in, messages
// and events out.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "base/timer_heap.h"
#include "sip/message.h"
#include "sip/transaction_key.h"

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
    // 1,500 calls/s keep some 150,000 (they linger for 32 s), at about half a kilobyte each.
    std::size_t transactions_max = 400'000;
    // From Entropy: keeps strangers from choosing branches that collide in our tables.
    std::uint64_t hash_seed = 0;
};

struct Send {  // put these bytes on the wire
    Flow flow;
    std::string bytes;
};

// A new request (never a retransmission). ACK to a 2xx and requests outside any transaction
// matching come here too, `transaction` unset for ACK.
struct RequestReceived {
    ServerTransactionId transaction;
    Flow flow;
    Message message;
};
// CANCEL was answered 200 by the layer; the INVITE it names should get 487. Told once per INVITE,
// and only while it has no final response.
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
// With `is_provisional` it was a reliable provisional response without PRACK: the INVITE is still
// open and should be refused with a 5xx (RFC 3262 §3).
struct AckMissing {
    ServerTransactionId transaction;
    bool is_provisional = false;
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
    // The tables point into one another.
    TransactionLayer(const TransactionLayer&) = delete;
    TransactionLayer& operator=(const TransactionLayer&) = delete;

    // A parsed message from the wire. Retransmissions, CANCEL, ACK to errors are handled here; an
    // INVITE is answered 100 at once. Stray responses are dropped.
    void receive(Message message, const Flow& flow, Time now, TransactionOutput& out);
    // A transport could not send or lost its connection: client transactions there fail, also those
    // that asked for any connection to that address (connection 0).
    void transport_failed(const Flow& flow, Time now, TransactionOutput& out);

    // Starts a client transaction: writes the topmost Via (sent-by `via_host`, branch from
    // `branch`), sends, starts the timers. `request` without Via. For an ACK to a 2xx
    // use send_without_transaction(). The highest bit of the id is the layer's own (its CANCELs).
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
    void respond(ServerTransactionId id, const Message& response, Time now, TransactionOutput& out);
    void ack_received(ServerTransactionId invite);
    // Reliable provisional responses (RFC 3262) are retransmitted like this until `prack_received`.
    void respond_reliably(ServerTransactionId id, const Message& provisional, Time now,
                          TransactionOutput& out);
    void prack_received(ServerTransactionId invite);

    std::optional<Time> next_deadline() const;
    void advance(Time now, TransactionOutput& out);

    bool has(ServerTransactionId id) const { return servers_.contains(id); }
    bool has(ClientTransactionId id) const { return clients_.contains(id); }
    std::size_t size() const { return servers_.size() + clients_.size(); }

private:
    // INVITE: Calling (non-INVITE: Trying), Proceeding, Completed, Accepted (RFC 6026).
    enum class ClientState : std::uint8_t { calling, proceeding, completed, accepted };
    enum class ServerState : std::uint8_t { trying, proceeding, completed, confirmed, accepted };

    // What lingers is small: of a transaction with a final response only bytes are left, and of
    // those only what may have to be sent again.
    struct Client {
        const std::string* key = nullptr;  // in clients_by_key_
        std::string bytes;                 // the request while it may be repeated, later the ACK
        Flow flow;
        std::unique_ptr<Message> invite;   // for CANCEL and ACK; until the final response
        std::vector<std::string> answers;  // To tags of the 2xx that came
        Duration interval{};               // until the next retransmission
        ClientState state = ClientState::calling;
        bool is_invite = false;
        bool wants_cancel = false;
    };
    struct Server {
        const std::string* key = nullptr;        // in servers_by_key_
        const std::string* merge_key = nullptr;  // in servers_by_merge_key_, if it stands there
        std::string bytes;                       // the last response
        Flow flow;                               // where responses go
        Duration interval{};
        ServerState state = ServerState::trying;
        bool is_invite = false;
        bool is_cancelled = false;
        bool has_ack = false;
    };
    struct ReliableProvisional {
        std::string bytes;
        Duration interval{};
        Time ends_at;
    };

    // Timers A, E, G and those of 2xx and reliable provisionals move and end early: a heap. All
    // others run 64*T1 or T4 and so expire in the order in which they were set: a queue each, and
    // what has become of the transaction is asked when they are due.
    enum class Repeat : std::uint8_t { client, server, provisional };
    struct RepeatKey {
        Repeat repeat;
        std::uint64_t id;
        friend auto operator<=>(const RepeatKey&, const RepeatKey&) = default;
    };
    struct RepeatKeyHash {
        std::size_t operator()(const RepeatKey& key) const noexcept {
            return key.id * 4 + static_cast<std::size_t>(key.repeat);
        }
    };
    enum class End : std::uint8_t {
        client_timeout,  // B, F
        cancel_timeout,  // §9.1
        client_linger,   // D, K, M
        server_timeout,  // a non-INVITE request nobody answered
        server_linger,   // H, I, J, L
    };
    struct Deadline {
        Time at;
        std::uint64_t id;
        End end;
        std::uint8_t state;  // in which the timer was set; in any other it means nothing
    };
    using DeadlineQueue = std::deque<Deadline>;

    // transaction.cpp: what both sides share
    Duration longest() const { return settings_.t1 * 64; }
    // Assigning would keep the old capacity, and lingering transactions are many.
    static void keep(std::string& kept, std::string_view bytes) { std::string(bytes).swap(kept); }
    static void push(DeadlineQueue& queue, Deadline deadline);
    void end_of(const Deadline& deadline, TransactionOutput& out);
    void repeat(const RepeatKey& key, Time now, TransactionOutput& out);

    // transaction_server.cpp
    void receive_request(Message message, const Flow& flow, Time now, TransactionOutput& out);
    void receive_ack(Message message, const Flow& flow, Time now, TransactionOutput& out);
    void receive_cancel(Message message, const Flow& flow, TransactionOutput& out);
    void begin_server(Message message, const Flow& flow, Time now, TransactionOutput& out);
    void repeat_response(const Server& server, TransactionOutput& out);
    void repeat_server(ServerTransactionId id, Time now, TransactionOutput& out);
    void repeat_provisional(ServerTransactionId id, Time now, TransactionOutput& out);
    void answer_without_state(const Message& request, const Flow& flow, int status,
                              TransactionOutput& out);
    std::string own_tag(const Message& request, std::string_view method) const;
    bool acknowledges_own_answer(const Message& ack) const;
    ServerTransactionId find_acknowledged(const Message& ack) const;
    void settle_server(ServerTransactionId id, Server& server, ServerState state, Time now);
    void finish_invite(ServerTransactionId id, Server& server, int status, Time now);
    void forget_merge_key(Server& server);
    void erase_server(ServerTransactionId id);
    void end_server(const Deadline& deadline, TransactionOutput& out);

    // transaction_client.cpp
    void receive_response(Message message, const Flow& flow, Time now, TransactionOutput& out);
    void respond_to_invite(Client& client, ResponseReceived response, Time now,
                           TransactionOutput& out);
    void begin_client(const ClientRequest& request, Time now, TransactionOutput& out);
    void answer_came(Client& client, ResponseReceived response, TransactionOutput& out);
    void refusal_came(Client& client, ResponseReceived response, Time now, TransactionOutput& out);
    void send_cancel(ClientTransactionId invite, Time now, TransactionOutput& out);
    void settle_client(ClientTransactionId id, Client& client, ClientState state, Time now);
    void repeat_client(ClientTransactionId id, Time now, TransactionOutput& out);
    void fail_client(ClientTransactionId id, bool is_transport_error, TransactionOutput& out);
    void erase_client(ClientTransactionId id);
    void end_client(const Deadline& deadline, TransactionOutput& out);

    TimerSettings settings_;
    std::uint64_t next_server_ = 1;
    std::unordered_map<ServerTransactionId, Server> servers_;
    std::unordered_map<ClientTransactionId, Client> clients_;
    std::unordered_map<ServerTransactionId, ReliableProvisional> provisionals_;
    KeyMap<ServerTransactionId> servers_by_key_;
    KeyMap<ServerTransactionId> servers_by_merge_key_;
    KeyMap<ClientTransactionId> clients_by_key_;
    std::set<std::pair<Flow, ClientTransactionId>> waiting_;  // without a final response
    TimerHeap<RepeatKey, RepeatKeyHash> repeats_;
    DeadlineQueue long_deadlines_;   // 64*T1
    DeadlineQueue short_deadlines_;  // T4
};

}  // namespace lanze::sip
