#include "soak/agent_phone.h"

#include <string>
#include <utility>

#include "soak/caller.h"

namespace lanze::soak {

bool AgentPhone::is_in_call() const {
    return Person::is_in_call() || (twin_ && twin_->is_acknowledged);
}

void AgentPhone::lose_power_for(Duration duration) {
    if (is_off()) {
        return;
    }
    world().note(Happening::phone_vanished);
    cut_power();
    twin_.reset();
    registration_.reset();
    world().after(duration, [this] {
        world().note(Happening::phone_came_back);
        restore_power();
    });
}

void AgentPhone::on_invite(const sip::RequestReceived& request) {
    if (current() || twin_) {
        respond(request.transaction, sip::make_response(request.message, 486, {}, "busy"));
        return;
    }
    Call call;
    call.number = next_call();
    call.invite = request.message;
    call.invite_in = request.transaction;
    call.dialog = sip::make_uas_dialog(
        request.message, request.flow,
        "t" + std::to_string(call.number) + "-" + address().address.to_string());
    current() = std::move(call);
    const std::uint32_t mood = is_good_ ? 0 : world().rng().below(100);
    later(world().between(milliseconds(0), milliseconds(2'500)), [this] {
        sip::Message response =
            sip::make_response(current()->invite, 180, {}, current()->dialog.local.tag());
        response.contacts = {contact()};
        if (!current()->is_answered) {
            respond(current()->invite_in, response);
        }
    });
    const Duration thought = world().between(milliseconds(0), seconds(9));
    if (mood < 75) {
        later(thought, [this] { pick_up(); });
    } else if (mood < 85) {
        later(thought, [this, mood] { refuse(mood < 80 ? 486 : 603); });
    } else {
        later(seconds(70), [this] { refuse(480); });  // rings until the centre cancels
    }
}

void AgentPhone::refuse(int status) {
    respond(current()->invite_in,
            sip::make_response(current()->invite, status, {}, current()->dialog.local.tag()));
    forget_call();
}

// The CANCEL is too late: the 200 crosses it.
bool AgentPhone::picks_up_nonetheless() {
    const bool does =
        !is_good_ && world().faults().has_answers_beside_cancel && world().chance(0.5);
    if (does) {
        world().note(Happening::answer_beside_cancel);
        pick_up();
    }
    return does;
}

sip::Message AgentPhone::answer(const std::string& tag) const {
    sip::Message response = sip::make_response(current()->invite, 200, {}, tag);
    response.contacts = {contact()};
    response.content_type = "application/sdp";
    response.body = description();
    return response;
}

void AgentPhone::pick_up() {
    if (current()->is_answered) {
        return;  // beside a CANCEL already
    }
    sip::Message response = answer(std::string(current()->dialog.local.tag()));
    if (world().chance(0.5)) {
        response.set_header("Allow", "INVITE, ACK, BYE, CANCEL, UPDATE");
    }
    current()->dialog.is_confirmed = true;
    write(current()->invite.from.uri.user);
    answered();
    plan_talk();
    const std::uint64_t number = current()->number;
    respond(current()->invite_in, response);
    const bool is_still_there = current() && current()->number == number;
    if (is_still_there && !is_good_ && world().faults().has_double_answers && world().chance(0.4)) {
        answer_twice();
    }
}

void AgentPhone::plan_talk() {
    const bool caller_stays = entry()->caller.starts_with(kStaysOn);
    if (is_good_ || caller_stays || world().chance(0.4)) {
        later(world().between(seconds(1), seconds(world().chance(0.1) ? 120 : 40)),
              [this] { hang_up(); });
    }
    if (!is_good_ && world().chance(0.3)) {
        const Duration lasts = world().between(milliseconds(200), seconds(20));
        later(world().between(milliseconds(500), seconds(10)), [this, lasts] { hold_for(lasts); });
    }
}

}  // namespace lanze::soak
