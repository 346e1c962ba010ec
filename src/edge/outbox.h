// Outbox: what shall leave the process, held back until the journal has what led to it.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <variant>
#include <vector>

#include "edge/leg.h"
#include "ports/guest.h"
#include "ports/media.h"
#include "ports/phone.h"
#include "sip/transaction.h"

namespace lanze::edge {

// A request in a client transaction. Dropped at release if `leg` is set and gone or cancelled.
struct SendRequest {
    sip::TransactionLayer::ClientRequest request;
    LegId leg;
};
// An ACK to a 2xx.
struct SendAck {
    sip::TransactionLayer::ClientRequest request;
};
struct SendCancel {
    sip::ClientTransactionId invite;
};
struct SendResponse {
    sip::ServerTransactionId transaction;
    sip::Message message;
    bool is_reliable = false;
};
// Outside any transaction: after a restart, to whom the old process owed a word.
struct SendRaw {
    sip::Send send;
};
// To the agent's page.
struct SendNews {
    core::AgentId agent;
    ports::PhoneNews news;
};

// To a guest's page.
struct SendGuestNews {
    ports::GuestId guest;
    ports::GuestNews news;
};

using Effect = std::variant<SendRequest, SendAck, SendCancel, SendResponse, SendRaw, SendNews,
                            SendGuestNews, ports::MediaOrder>;

class Outbox {
public:
    void push(Effect effect) { effects_.emplace_back(open_, std::move(effect)); }

    // Effects pushed from now on belong to the batch after `sequence`.
    void seal(std::uint64_t sequence) { open_ = sequence + 1; }

    // Takes out the next effect whose batch is durable, or which follows no open decision.
    std::optional<Effect> pop_released(std::uint64_t durable) {
        if (effects_.empty() || effects_.front().first > durable) {
            return std::nullopt;
        }
        Effect effect = std::move(effects_.front().second);
        effects_.pop_front();
        return effect;
    }

    // The batch that is being filled turned out empty: its effects wait for nothing new.
    void lower_open_to(std::uint64_t sequence) {
        for (auto place = effects_.rbegin(); place != effects_.rend() && place->first > sequence;
             ++place) {
            place->first = sequence;
        }
    }

    std::size_t size() const { return effects_.size(); }

private:
    std::uint64_t open_ = 1;
    std::deque<std::pair<std::uint64_t, Effect>> effects_;
};

}  // namespace lanze::edge
