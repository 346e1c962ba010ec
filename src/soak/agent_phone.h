// AgentPhone: rings, answers, refuses, is not heard, holds, hangs up; now and then without power,
// or two phones at one address.
#pragma once

#include <optional>
#include <string>

#include "sip/registration.h"
#include "soak/person.h"

namespace lanze::soak {

class AgentPhone final : public Person {
public:
    AgentPhone(World& world, const Audio& audio, const Endpoint& address, const Endpoint& centre)
        : Person(world, audio, address, centre) {}

    bool is_in_call() const override;
    void lose_power_for(Duration duration);
    // From now on it answers all it gets and hangs up soon: the evening of the run.
    void be_good() { is_good_ = true; }
    // It registers from now on, as the agent of that name.
    void sign_in(const std::string& agent, const std::string& password);

private:
    // The other phone at the same address, which said 200 too.
    struct Twin {
        std::uint64_t number = 0;
        sip::Dialog dialog;
        std::string answer;  // its bytes
        bool is_acknowledged = false;
        Time answered;
    };

    void on_invite(const sip::RequestReceived& request) override;
    void on_invite_response(const sip::ResponseReceived& /*response*/) override {}
    bool picks_up_nonetheless() override;
    void refuse(int status);
    void pick_up();
    void plan_talk();
    sip::Message answer(const std::string& tag) const;

    // agent_phone_twin.cpp
    void answer_twice();
    void repeat_twin_answer(std::uint64_t number, Duration pause);
    bool takes_request(const sip::RequestReceived& request) override;
    void leave_twin(std::uint64_t number);

    // agent_phone_registering.cpp
    void on_power() override;
    void begin_registration();
    void advance_registration();
    void send_registration(std::optional<sip::Message> request);
    bool takes_response(const sip::ResponseReceived& response) override;
    bool takes_failure(const sip::ClientFailed& failure) override;
    std::string any_token();

    bool is_good_ = false;
    std::optional<Twin> twin_;
    std::uint64_t twins_ = 0;
    std::optional<sip::RegistrationAccount> account_;
    std::optional<sip::Registration> registration_;
    std::uint64_t registrations_ = 0;
    sip::ClientTransactionId register_out_;
};

}  // namespace lanze::soak
