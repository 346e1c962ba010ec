#include "soak/people.h"

#include <utility>

namespace lanze::soak {

namespace {

// Callers whose name says so never hang up in a talk: the agent must.
constexpr const char* kStaysOn = "stays";

}  // namespace

void Caller::dial(const Temper& temper, const std::string& name) {
    temper_ = temper;
    Call call;
    call.number = ++calls_;
    const std::string own = (temper.hangs_up ? "goes" : kStaysOn) + ("-" + name);
    sip::NameAddress local =
        *sip::NameAddress::parse("<sip:" + own + "@" + address().to_string() + ">");
    sip::NameAddress remote;
    remote.uri = *sip::Uri::parse("sip:" + temper.number + "@" + flow().remote.to_string());
    call.dialog =
        sip::make_uac_dialog(local, remote, remote.uri, "call-" + name, "c" + name, 0, flow());
    sip::Message invite = sip::make_request(call.dialog, "INVITE", contact());
    if (temper.allows_update) {
        invite.set_header("Allow", "INVITE, ACK, BYE, CANCEL, UPDATE");
    }
    if (temper.requires_prack) {
        invite.set_header("Require", "100rel");
    }
    if (!temper.offers_late) {
        invite.content_type = "application/sdp";
        invite.body = description();
    }
    call.invite = invite;
    call.invite_out = next_client();
    call_ = std::move(call);
    later(temper.patience, [this] { lose_patience(); });
    if (temper.power_lasts) {
        world_.after(*temper.power_lasts, [this] { cut_power(); });
    }
    start(std::move(invite), call_->invite_out);
}

void Caller::lose_patience() {
    if (!call_->is_answered || !call_->hears_other) {
        leave();
    }
}

// By BYE or CANCEL: who hears the agent may still miss the 200.
void Caller::leave() {
    if (call_->is_answered) {
        hang_up();
        return;
    }
    call_->is_cancelled = true;
    layer_->cancel(call_->invite_out, world_.now(), output_);
    settle();
}

void Caller::hear_other() {
    if (!call_ || call_->hears_other) {
        return;
    }
    call_->hears_other = true;
    if (temper_.hangs_up) {
        later(temper_.talk, [this] { leave(); });
    }
}

void Caller::on_invite(const sip::RequestReceived& request) {
    respond(request.transaction, sip::make_response(request.message, 480, {}, "x"));
}

void Caller::on_invite_response(const sip::ResponseReceived& response) {
    const sip::Message& message = response.message;
    if (!call_) {
        return;  // hung up before the centre had our ACK; its BYE is answered 481
    }
    if (message.status < 200) {
        on_provisional(message);
    } else if (message.status < 300) {
        on_answer(response);
    } else {
        forget_call();
    }
}

void Caller::on_provisional(const sip::Message& response) {
    const auto sequence = response.header("RSeq");
    if (!sequence || response.to.tag().empty()) {
        return;
    }
    const auto number = static_cast<std::uint32_t>(std::stoul(std::string(*sequence)));
    if (call_->prack_last != 0 && number != call_->prack_last + 1) {
        return;
    }
    call_->prack_last = number;
    sip::update_from_response(call_->dialog, response);
    sip::Message prack = sip::make_request(call_->dialog, "PRACK", contact());
    prack.set_header(
        "RAck", std::string(*sequence) + " " + std::to_string(response.cseq.number) + " INVITE");
    start(std::move(prack), next_client());
}

void Caller::on_answer(const sip::ResponseReceived& response) {
    const std::string answer = temper_.offers_late ? description() : "";
    if (call_->is_answered) {
        acknowledge(response.message, answer);
        return;
    }
    sip::update_from_response(call_->dialog, response.message);
    call_->dialog.is_confirmed = true;
    acknowledge(response.message, answer);
    if (call_->is_cancelled) {
        hang_up();
        return;
    }
    answered();
}

void AgentPhone::lose_power_for(Duration duration) {
    if (is_off()) {
        return;
    }
    cut_power();
    world_.after(duration, [this] { restore_power(); });
}

void AgentPhone::on_invite(const sip::RequestReceived& request) {
    if (call_) {
        respond(request.transaction, sip::make_response(request.message, 486, {}, "busy"));
        return;
    }
    Call call;
    call.number = ++calls_;
    call.invite = request.message;
    call.invite_in = request.transaction;
    call.dialog = sip::make_uas_dialog(
        request.message, request.flow,
        "t" + std::to_string(call.number) + "-" + address().address.to_string());
    call_ = std::move(call);
    const std::uint32_t mood = is_good_ ? 0 : world_.rng().below(100);
    later(world_.between(milliseconds(0), milliseconds(2'500)), [this] {
        sip::Message response =
            sip::make_response(call_->invite, 180, {}, call_->dialog.local.tag());
        response.contacts = {contact()};
        if (!call_->is_answered) {
            respond(call_->invite_in, response);
        }
    });
    const Duration thought = world_.between(milliseconds(0), seconds(9));
    if (mood < 75) {
        later(thought, [this] { pick_up(); });
    } else if (mood < 85) {
        later(thought, [this, mood] { refuse(mood < 80 ? 486 : 603); });
    } else {
        later(seconds(70), [this] { refuse(480); });  // rings until the centre cancels
    }
}

void AgentPhone::refuse(int status) {
    respond(call_->invite_in,
            sip::make_response(call_->invite, status, {}, call_->dialog.local.tag()));
    forget_call();
}

void AgentPhone::pick_up() {
    sip::Message response = sip::make_response(call_->invite, 200, {}, call_->dialog.local.tag());
    response.contacts = {contact()};
    if (world_.chance(0.5)) {
        response.set_header("Allow", "INVITE, ACK, BYE, CANCEL, UPDATE");
    }
    response.content_type = "application/sdp";
    response.body = description();
    call_->dialog.is_confirmed = true;
    const bool caller_stays = call_->invite.from.uri.user.starts_with(kStaysOn);
    answered();
    if (is_good_ || caller_stays || world_.chance(0.4)) {
        later(world_.between(seconds(1), seconds(world_.chance(0.1) ? 120 : 40)),
              [this] { hang_up(); });
    }
    respond(call_->invite_in, response);
}

}  // namespace lanze::soak
