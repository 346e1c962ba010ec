// Two phones at one address (behind a forking proxy, RFC 3261 §16.7): both say 200, and the centre
// must end one of the two dialogs.
#include "soak/agent_phone.h"

namespace lanze::soak {

namespace {

constexpr Duration kRepeatFirst = milliseconds(500);
constexpr Duration kRepeatLast = seconds(4);
// 64*T1: for so long a 200 is repeated, and then a BYE.
constexpr Duration kRepeatsFor = seconds(32);
// Then the other phone should have been told which of the two is wanted.
constexpr Duration kToldWithin = seconds(70);

}  // namespace

void AgentPhone::answer_twice() {
    world().note(Happening::answer_doubled);
    Twin twin;
    twin.number = ++twins_;
    const std::string tag = "twin" + std::to_string(twin.number) + "-" + entry()->caller;
    twin.dialog = sip::make_uas_dialog(current()->invite, flow(), tag);
    twin.dialog.is_confirmed = true;
    twin.answer = sip::write_message(answer(tag));
    twin.answered = world().now();
    twin_ = std::move(twin);
    repeat_twin_answer(twin_->number, kRepeatFirst);
}

// Until the ACK comes, as a transaction of its own would.
void AgentPhone::repeat_twin_answer(std::uint64_t number, Duration pause) {
    if (!twin_ || twin_->number != number || twin_->is_acknowledged) {
        return;
    }
    if (world().now() - twin_->answered > kRepeatsFor) {
        twin_.reset();  // nobody has heard of it
        return;
    }
    world().carry(address(), flow().remote, twin_->answer);
    world().after(pause, [this, number, pause] {
        repeat_twin_answer(number, std::min<Duration>(pause * 2, kRepeatLast));
    });
}

bool AgentPhone::takes_request(const sip::RequestReceived& request) {
    const sip::Message& message = request.message;
    if (!twin_ || sip::dialog_key(twin_->dialog) != sip::dialog_key(message)) {
        return false;
    }
    if (message.method == "ACK") {
        if (!twin_->is_acknowledged) {
            twin_->is_acknowledged = true;
            world().after(kToldWithin, [this, number = twin_->number] { leave_twin(number); });
        }
    } else if (message.method == "BYE") {
        respond(request.transaction, sip::make_response(message, 200));
        twin_.reset();
    } else {
        respond(request.transaction, sip::make_response(message, 488));
    }
    return true;
}

// The talk was the other phone's, which hangs up now; or the centre has forgotten it.
void AgentPhone::leave_twin(std::uint64_t number) {
    if (!twin_ || twin_->number != number) {
        return;
    }
    const bool is_excused = world().now() - audio().last_start() < kRestartExcuse;
    if (is_in_call() && Person::is_in_call() && !is_excused) {
        world().complain("two phones in one call: " + describe());
    }
    sip::Message bye = sip::make_request(twin_->dialog, "BYE", contact());
    twin_.reset();
    if (DiaryEntry* written = entry()) {
        written->left = written->left.value_or(world().now());
    }
    start(std::move(bye), next_client());
}

}  // namespace lanze::soak
