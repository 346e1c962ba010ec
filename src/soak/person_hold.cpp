// A person puts the other side on hold and takes it back: re-INVITE, its glare and its refusals.
#include "soak/person.h"

namespace lanze::soak {

namespace {

constexpr Duration kAskAgainMin = seconds(2);
constexpr Duration kAskAgainMax = seconds(4);

}  // namespace

void Person::hold_for(Duration lasts) {
    change_hold(true, lasts);
}

// Asked again a little later while something else goes on in the dialog (RFC 3261 §14.1).
void Person::change_hold(bool holds, Duration lasts) {
    const bool is_busy = call_->is_asking || !call_->is_acknowledged;
    if (is_busy || !call_->is_answered) {
        later(world_.between(kAskAgainMin, kAskAgainMax),
              [this, holds, lasts] { change_hold(holds, lasts); });
        return;
    }
    call_->holds = holds;
    call_->is_asking = true;
    call_->reinvite_out = next_client();
    hold_lasts_ = lasts;
    DiaryEntry& written = *entry();
    if (holds) {
        written.holds.push_back({world_.now(), {}, {}, {}});
    } else {
        written.holds.back().taken_back = world_.now();
    }
    sip::Message invite = sip::make_request(call_->dialog, "INVITE", contact());
    invite.content_type = "application/sdp";
    invite.body = description();
    start(std::move(invite), call_->reinvite_out);
}

void Person::on_reinvite_response(const sip::ResponseReceived& event) {
    const int status = event.message.status;
    if (status < 200) {
        return;
    }
    if (status < 300) {
        acknowledge(event.message, "");
    }
    if (!call_ || !call_->is_asking) {
        return;  // a repetition
    }
    call_->is_asking = false;
    if (status < 300) {
        hold_granted();
    } else {
        hold_refused(status);
    }
}

void Person::hold_granted() {
    DiaryEntry::Hold& hold = entry()->holds.back();
    if (call_->holds) {
        hold.granted = world_.now();
        world_.note(Happening::hold);
        later(hold_lasts_, [this] { change_hold(false, {}); });
    } else {
        hold.over = world_.now();
        world_.note(Happening::resumption);
    }
}

void Person::hold_refused(int status) {
    if (status == 481 || status == 408) {
        forget_call();
        return;
    }
    const bool wanted = call_->holds;
    call_->holds = !wanted;
    if (wanted) {
        entry()->holds.pop_back();
    } else {
        entry()->holds.back().taken_back.reset();
    }
    if (status == 491 || status == 500) {
        later(world_.between(kAskAgainMin, kAskAgainMax),
              [this, wanted] { change_hold(wanted, hold_lasts_); });
    } else {
        world_.complain("hold was refused with " + std::to_string(status) + ": " + describe());
    }
}

}  // namespace lanze::soak
