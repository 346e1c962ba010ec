// Caller: dials once, waits as long as the patience lasts, talks, hangs up or is hung up on.
#pragma once

#include <optional>
#include <string>

#include "soak/person.h"

namespace lanze::soak {

// How the name of a caller begins who never hangs up in a talk: the agent must.
inline constexpr const char* kStaysOn = "stays";

class Caller final : public Person {
public:
    struct Temper {
        std::string number;    // dialled
        bool hangs_up = true;  // in a talk; otherwise the agent must
        bool requires_prack = false;
        bool offers_late = false;  // no description in the INVITE
        bool allows_update = false;
        Duration patience{};  // anew whenever there is music instead of somebody
        Duration talk{};
        std::optional<Duration> power_lasts;
        std::optional<Duration> holds_for;  // the agent, once
    };
    Caller(World& world, const Audio& audio, const Endpoint& address, const Endpoint& centre)
        : Person(world, audio, address, centre) {}

    void dial(const Temper& temper, const std::string& name);
    void hear_other(const Endpoint& other) override;
    void hear_music() override;

private:
    void on_invite(const sip::RequestReceived& request) override;
    void on_invite_response(const sip::ResponseReceived& response) override;
    void on_answer(const sip::ResponseReceived& response);
    void on_provisional(const sip::Message& response);
    void be_patient();
    void leave();

    Temper temper_;
    std::uint64_t turns_ = 0;  // between music and somebody
};

}  // namespace lanze::soak
