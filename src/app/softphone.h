// SoftPhone: a whole SIP phone on an asio loop: dials or answers, speaks, measures what it hears.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/endpoint.h"
#include "base/result.h"
#include "base/time.h"
#include "media/phone_audio.h"
#include "sip/message.h"

namespace boost::asio {
class io_context;
}

namespace lanze::app {

enum class PhoneStage : std::uint8_t {
    dialling,
    trying,      // 100
    ringing,     // 180
    early,       // 183: something may be heard before the answer
    answered,    // 200, by the far side or by us
    incoming,    // somebody calls us
    ended_here,  // we hung up
    ended_there,
    failed,  // a final error; the text names it
    registered,
    not_registered,
};

struct PhoneNews {
    PhoneStage stage = PhoneStage::dialling;
    std::string text;  // for a person: "486 Busy Here", the other side's name
    int status = 0;    // of a failure
    Time at;
};

struct SoftPhoneSettings {
    std::string name = "lanze-call";  // user part of From and Contact
    std::string display_name;
    Endpoint listen;  // SIP; port 0: any free one. Also the address of RTP
    sip::Transport transport = sip::Transport::udp;
    media::PhoneAudioSettings audio;
    Duration rings_for = seconds(1);  // until an incoming call is answered
    Duration talks_for{};             // then it hangs up; zero: until the far side does
    int rejects_with = 0;             // a status instead of an answer; 0: answers
    std::string password;             // set: registers as `name` at `server`
    Endpoint server;                  // where calls and registrations go
};

// One call at a time; a second caller gets 486. Everything on the loop's thread.
class SoftPhone {
public:
    using Tell = std::function<void(const PhoneNews&)>;
    static Result<std::unique_ptr<SoftPhone>, std::string> open(boost::asio::io_context& loop,
                                                                SoftPhoneSettings settings,
                                                                Tell tell);
    virtual ~SoftPhone() = default;

    virtual void dial(const std::string& number) = 0;
    // BYE, CANCEL or nothing.
    virtual void hang_up() = 0;
    virtual bool is_in_call() const = 0;
    // Unregisters; then the loop may end.
    virtual void sign_out() = 0;
    virtual Endpoint listens_at() const = 0;
    // Of the present or the last call.
    virtual media::PhoneAudioReport heard() const = 0;
};

}  // namespace lanze::app
