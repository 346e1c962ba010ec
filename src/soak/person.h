// Person: somebody with a phone that speaks SIP over the world's network; callers and agents'
// phones are two kinds of them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sip/dialog.h"
#include "sip/sdp.h"
#include "sip/transaction.h"
#include "soak/diary.h"
#include "soak/world.h"

namespace lanze::soak {

// What can be heard at a place, and whether the centre has a reason to have forgotten a call.
class Audio {
public:
    virtual ~Audio() = default;
    virtual bool plays_to(const Endpoint& rtp) const = 0;
    virtual Time last_start() const = 0;
};

// Of one person; the layer keeps room for them from the start.
inline constexpr std::size_t kTransactionsMax = 200;
// For so long after a restart the centre may owe somebody a word; then nobody may be left in a dead
// call (64*T1 until BYE is given up, and what the person needs to notice).
inline constexpr Duration kRestartExcuse = seconds(150);

class Person {
public:
    Person(World& world, const Audio& audio, const Endpoint& address, const Endpoint& centre);
    virtual ~Person() = default;
    Person(const Person&) = delete;
    Person& operator=(const Person&) = delete;

    const Endpoint& address() const { return address_; }
    Endpoint rtp() const { return {address_.address, 30000}; }
    // The person believes in a call that has been answered.
    virtual bool is_in_call() const { return call_ && call_->is_answered; }
    bool has_call() const { return call_.has_value(); }
    // No call of any kind and nothing more to say.
    bool is_at_rest() const { return !call_ && layer_->size() == 0; }
    bool is_off() const { return is_off_; }
    std::string describe() const;
    const std::vector<DiaryEntry>& diary() const { return diary_; }
    // Whose call the person is in or was in last, by the caller's name; "" if none yet.
    std::string caller_now() const { return diary_.empty() ? "" : diary_.back().caller; }

    // The person begins to hear the other one, or to hear music instead.
    virtual void hear_other(const Endpoint& other);
    virtual void hear_music() {}

protected:
    // One call at a time, with everything that is known of it.
    struct Call {
        std::uint64_t number = 0;  // of this person's calls
        sip::Dialog dialog;
        sip::Message invite;
        sip::ClientTransactionId invite_out;
        sip::ServerTransactionId invite_in;
        bool is_answered = false;
        bool is_acknowledged = false;  // the 200, whoever sent it
        bool is_cancelled = false;
        bool hears_other = false;
        int silent_checks = 0;
        std::uint32_t prack_last = 0;
        // The own re-INVITE: the last one, and whether it has no final response yet.
        sip::ClientTransactionId reinvite_out;
        bool is_asking = false;
        bool holds = false;  // the other side, as described last
    };

    virtual void on_invite(const sip::RequestReceived& request) = 0;
    // The call is cancelled; true: the person has picked up in this very moment.
    virtual bool picks_up_nonetheless() { return false; }
    virtual void on_invite_response(const sip::ResponseReceived& response) = 0;
    // Whatever is no INVITE's; false: it concerns nobody.
    virtual bool takes_response(const sip::ResponseReceived& /*response*/) { return false; }
    virtual bool takes_failure(const sip::ClientFailed& /*failure*/) { return false; }
    // A request in a dialog that is not `call_`.
    virtual bool takes_request(const sip::RequestReceived& /*request*/) { return false; }
    virtual void on_power() {}

    // The layer's output goes out, its events come in; again until nothing is left.
    void settle();
    void start(sip::Message message, sip::ClientTransactionId id);
    void respond(sip::ServerTransactionId id, const sip::Message& response);
    void acknowledge(const sip::Message& response, const std::string& answer);
    void answered();
    void hang_up();
    void cancel_invite();
    // The call is over: by the other side, or with the person's own word noted before.
    void forget_call();
    // The other side waits for `lasts` while the person does something else.
    void hold_for(Duration lasts);
    // If the person is still in this very call then.
    void later(Duration delay, std::function<void()> action);
    void cut_power();
    void restore_power();
    // Something is written down of the present call.
    DiaryEntry& write(std::string caller);
    DiaryEntry* entry() { return diary_.empty() ? nullptr : &diary_.back(); }
    std::string description() const;
    sip::NameAddress contact() const;
    sip::ClientTransactionId next_client() { return sip::ClientTransactionId{++client_last_}; }
    sip::Flow flow() const { return {sip::Transport::udp, 0, 0, centre_}; }
    const Audio& audio() const { return audio_; }
    World& world() const { return world_; }
    std::optional<Call>& current() { return call_; }
    const std::optional<Call>& current() const { return call_; }
    std::uint64_t next_call() { return ++calls_; }

private:
    void receive(std::string_view bytes, const Endpoint& from);
    void on(const sip::RequestReceived& event);
    void on(const sip::CancelReceived& event);
    void on(const sip::ResponseReceived& event);
    void on(const sip::ClientFailed& event);
    void on(const sip::AckMissing& event);
    void on_in_dialog(const sip::RequestReceived& event);
    void on_refresh(const sip::RequestReceived& event);
    void listen();
    void arm();
    void wake();

    // person_hold.cpp
    void change_hold(bool holds, Duration lasts);
    void on_reinvite_response(const sip::ResponseReceived& event);
    void hold_granted();
    void hold_refused(int status);

    World& world_;
    const Audio& audio_;
    std::optional<Call> call_;
    std::uint64_t calls_ = 0;
    std::unique_ptr<sip::TransactionLayer> layer_ = std::make_unique<sip::TransactionLayer>(
        sip::TimerSettings{.transactions_max = kTransactionsMax});
    sip::TransactionOutput output_;
    Endpoint address_;
    Endpoint centre_;
    std::uint64_t client_last_ = 0;
    std::uint64_t power_ons_ = 0;
    std::optional<Time> armed_for_;
    bool is_settling_ = false;
    bool is_off_ = false;
    Duration hold_lasts_{};
    std::vector<DiaryEntry> diary_;
};

}  // namespace lanze::soak
