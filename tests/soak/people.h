// People of the soak: callers with patience, and agents' phones with moods.
#pragma once

#include <string>

#include "soak/person.h"

namespace lanze::soak {

// Dials once, waits as long as the patience lasts, talks, hangs up or is hung up on.
class Caller final : public Person {
public:
    struct Temper {
        std::string number;    // dialled
        bool hangs_up = true;  // in a talk; otherwise the agent must
        bool requires_prack = false;
        bool offers_late = false;  // no description in the INVITE
        bool allows_update = false;
        Duration patience{};
        Duration talk{};
        std::optional<Duration> power_lasts;
    };
    Caller(World& world, const Audio& audio, const Endpoint& address, const Endpoint& centre)
        : Person(world, audio, address, centre) {}

    void dial(const Temper& temper, const std::string& name);
    void hear_other() override;

private:
    void on_invite(const sip::RequestReceived& request) override;
    void on_invite_response(const sip::ResponseReceived& response) override;
    void on_answer(const sip::ResponseReceived& response);
    void on_provisional(const sip::Message& response);
    void lose_patience();
    void leave();

    Temper temper_;
};

// Rings, answers, refuses, is not heard, hangs up; now and then without power.
class AgentPhone final : public Person {
public:
    AgentPhone(World& world, const Audio& audio, const Endpoint& address, const Endpoint& centre)
        : Person(world, audio, address, centre) {}

    void lose_power_for(Duration duration);
    // From now on it answers all it gets and hangs up soon: the evening of the run.
    void be_good() { is_good_ = true; }

private:
    void on_invite(const sip::RequestReceived& request) override;
    void on_invite_response(const sip::ResponseReceived&) override {}
    void refuse(int status);
    void pick_up();

    bool is_good_ = false;
};

}  // namespace lanze::soak
