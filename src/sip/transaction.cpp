#include "sip/transaction.h"

#include <algorithm>

namespace lanze::sip {

namespace {

// Ends of transactions are rounded up to it, so that thousands a second share ten wake-ups.
using EndGrain = std::chrono::duration<std::int64_t, std::deci>;

// Tables of this size are laid out at once: growing them under load would stall calls.
constexpr std::size_t kReservedMax = 200'000;

}  // namespace

TransactionLayer::TransactionLayer(TimerSettings settings)
    : settings_(settings),
      servers_by_key_(0, KeyHash{settings.hash_seed}),
      servers_by_merge_key_(0, KeyHash{settings.hash_seed}),
      clients_by_key_(0, KeyHash{settings.hash_seed}) {
    const std::size_t reserved = std::min(settings.transactions_max, kReservedMax);
    servers_.reserve(reserved);
    clients_.reserve(reserved);
    servers_by_key_.reserve(reserved);
    clients_by_key_.reserve(reserved);
}

void TransactionLayer::receive(Message message, const Flow& flow, Time now,
                               TransactionOutput& out) {
    if (message.vias.empty()) {
        return;
    }
    if (message.is_request()) {
        note_source(message, flow);
        receive_request(std::move(message), flow, now, out);
    } else {
        receive_response(std::move(message), flow, now, out);
    }
}

std::optional<Time> TransactionLayer::next_deadline() const {
    std::optional<Time> next = repeats_.next();
    for (const DeadlineQueue* queue : {&long_deadlines_, &short_deadlines_}) {
        if (!queue->empty() && (!next || queue->front().at < *next)) {
            next = queue->front().at;
        }
    }
    return next;
}

// In order of time; at one instant an end comes before a repetition, which it makes needless.
void TransactionLayer::advance(Time now, TransactionOutput& out) {
    for (auto next = next_deadline(); next && *next <= now; next = next_deadline()) {
        bool has_ended = false;
        for (DeadlineQueue* queue : {&long_deadlines_, &short_deadlines_}) {
            if (!has_ended && !queue->empty() && queue->front().at == *next) {
                const Deadline deadline = queue->front();
                queue->pop_front();
                end_of(deadline, out);
                has_ended = true;
            }
        }
        if (has_ended) {
            continue;
        }
        const auto due = repeats_.pop_due(now);
        LANZE_CHECK(due);
        repeat(due->second, now, out);
    }
}

// Time never runs backwards, so the queue stays sorted; a caller's slip must not stall it.
void TransactionLayer::push(DeadlineQueue& queue, Deadline deadline) {
    deadline.at = std::chrono::ceil<EndGrain>(deadline.at);
    if (!queue.empty()) {
        deadline.at = std::max(deadline.at, queue.back().at);
    }
    queue.push_back(deadline);
}

void TransactionLayer::end_of(const Deadline& deadline, TransactionOutput& out) {
    switch (deadline.end) {
        case End::client_timeout:
        case End::cancel_timeout:
        case End::client_linger:
            end_client(deadline, out);
            return;
        case End::server_timeout:
        case End::server_linger:
            end_server(deadline, out);
            return;
    }
}

void TransactionLayer::repeat(const RepeatKey& key, Time now, TransactionOutput& out) {
    switch (key.repeat) {
        case Repeat::client:
            repeat_client(ClientTransactionId{key.id}, now, out);
            return;
        case Repeat::server:
            repeat_server(ServerTransactionId{key.id}, now, out);
            return;
        case Repeat::provisional:
            repeat_provisional(ServerTransactionId{key.id}, now, out);
            return;
    }
}

}  // namespace lanze::sip
