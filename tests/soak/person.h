// Person: somebody with a phone that speaks SIP over the world's network; callers and agents'
// phones are two kinds of them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "sip/dialog.h"
#include "sip/sdp.h"
#include "sip/transaction.h"
#include "soak/world.h"

namespace lanze::soak {

// What can be heard at a place, and whether the centre has a reason to have forgotten a call.
class Audio {
public:
    virtual ~Audio() = default;
    virtual bool plays_to(const Endpoint& rtp) const = 0;
    virtual Time last_crash() const = 0;
};

// Of one person; the layer keeps room for them from the start.
inline constexpr std::size_t kTransactionsMax = 200;

class Person {
public:
    Person(World& world, const Audio& audio, const Endpoint& address, const Endpoint& centre);
    virtual ~Person() = default;
    Person(const Person&) = delete;
    Person& operator=(const Person&) = delete;

    const Endpoint& address() const { return address_; }
    Endpoint rtp() const { return {address_.address, 30000}; }
    // The person believes in a call that has been answered.
    bool is_in_call() const { return call_ && call_->is_answered; }
    // No call of any kind and nothing more to say.
    bool is_at_rest() const { return !call_ && layer_->size() == 0; }
    bool is_off() const { return is_off_; }
    std::string describe() const;
    // The person begins to hear the other one.
    virtual void hear_other() {}

protected:
    // One call at a time, with everything that is known of it.
    struct Call {
        std::uint64_t number = 0;  // of this person's calls
        sip::Dialog dialog;
        sip::Message invite;
        sip::ClientTransactionId invite_out;
        sip::ServerTransactionId invite_in;
        bool is_answered = false;
        bool is_cancelled = false;
        bool hears_other = false;
        int silent_checks = 0;
        std::uint32_t prack_last = 0;
    };

    virtual void on_invite(const sip::RequestReceived& request) = 0;
    virtual void on_cancel() {}
    virtual void on_invite_response(const sip::ResponseReceived& response) = 0;
    virtual void on_invite_failed() {}

    // The layer's output goes out, its events come in; again until nothing is left.
    void settle();
    void start(sip::Message message, sip::ClientTransactionId id);
    void respond(sip::ServerTransactionId id, const sip::Message& response);
    void acknowledge(const sip::Message& response, const std::string& answer);
    void answered();
    void hang_up();
    void forget_call() { call_.reset(); }
    // If the person is still in this very call then.
    void later(Duration delay, std::function<void()> action);
    void cut_power();
    void restore_power();
    std::string description() const;
    sip::NameAddress contact() const;
    sip::ClientTransactionId next_client() { return sip::ClientTransactionId{++client_last_}; }
    sip::Flow flow() const { return {sip::Transport::udp, 0, 0, centre_}; }

    World& world_;
    std::optional<Call> call_;
    std::uint64_t calls_ = 0;
    std::unique_ptr<sip::TransactionLayer> layer_ = std::make_unique<sip::TransactionLayer>(
        sip::TimerSettings{.transactions_max = kTransactionsMax});
    sip::TransactionOutput output_;

private:
    void receive(std::string_view bytes, const Endpoint& from);
    void on(const sip::RequestReceived& event);
    void on(const sip::CancelReceived& event);
    void on(const sip::ResponseReceived& event);
    void on(const sip::ClientFailed& event);
    void on(const sip::AckMissing& event);
    void on_in_dialog(const sip::RequestReceived& event);
    void listen();
    void arm();
    void wake();

    const Audio& audio_;
    Endpoint address_;
    Endpoint centre_;
    std::uint64_t client_last_ = 0;
    std::uint64_t power_ons_ = 0;
    std::optional<Time> armed_for_;
    bool is_settling_ = false;
    bool is_off_ = false;
};

}  // namespace lanze::soak
