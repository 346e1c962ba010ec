#include "soak/caller.h"

#include <utility>

namespace lanze::soak {

void Caller::dial(const Temper& temper, const std::string& name) {
    temper_ = temper;
    Call call;
    call.number = next_call();
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
    current() = std::move(call);
    write(own);
    world().note(Happening::call);
    be_patient();
    if (temper.power_lasts) {
        world().after(*temper.power_lasts, [this] {
            world().note(Happening::caller_vanished);
            cut_power();
        });
    }
    start(std::move(invite), current()->invite_out);
}

void Caller::be_patient() {
    later(temper_.patience, [this, turn = ++turns_] {
        const bool has_somebody = current()->is_answered && current()->hears_other;
        if (turn == turns_ && !has_somebody) {
            leave();
        }
    });
}

// By BYE or CANCEL: who hears the agent may still miss the 200.
void Caller::leave() {
    if (current()->is_answered) {
        hang_up();
        return;
    }
    current()->is_cancelled = true;
    entry()->left = world().now();
    cancel_invite();
}

void Caller::hear_other(const Endpoint& other) {
    Person::hear_other(other);
    if (!current() || current()->hears_other) {
        return;
    }
    const bool is_first = turns_ == 1;
    current()->hears_other = true;
    if (temper_.hangs_up) {
        later(temper_.talk, [this, turn = turns_] {
            if (turn == turns_) {
                leave();
            }
        });
    }
    if (is_first && temper_.holds_for) {
        later(world().between(milliseconds(500), seconds(8)), [this] {
            if (current()->hears_other) {
                hold_for(*temper_.holds_for);
            }
        });
    }
}

void Caller::hear_music() {
    if (current() && current()->hears_other) {
        current()->hears_other = false;
        be_patient();
    }
}

void Caller::on_invite(const sip::RequestReceived& request) {
    respond(request.transaction, sip::make_response(request.message, 480, {}, "x"));
}

void Caller::on_invite_response(const sip::ResponseReceived& response) {
    const sip::Message& message = response.message;
    if (!current()) {
        return;  // hung up before the centre had our ACK; its BYE is answered 481
    }
    if (message.status < 200) {
        on_provisional(message);
    } else if (message.status < 300) {
        on_answer(response);
    } else {
        entry()->refused_with = message.status;
        entry()->over = world().now();
        if (message.status == 503) {
            world().note(Happening::turned_away);
        }
        forget_call();
    }
}

void Caller::on_provisional(const sip::Message& response) {
    const auto sequence = response.header("RSeq");
    if (!sequence || response.to.tag().empty()) {
        return;
    }
    const auto number = static_cast<std::uint32_t>(std::stoul(std::string(*sequence)));
    if (current()->prack_last != 0 && number != current()->prack_last + 1) {
        return;
    }
    current()->prack_last = number;
    sip::update_from_response(current()->dialog, response);
    sip::Message prack = sip::make_request(current()->dialog, "PRACK", contact());
    prack.set_header(
        "RAck", std::string(*sequence) + " " + std::to_string(response.cseq.number) + " INVITE");
    start(std::move(prack), next_client());
}

void Caller::on_answer(const sip::ResponseReceived& response) {
    const std::string answer = temper_.offers_late ? description() : "";
    if (current()->is_answered) {
        acknowledge(response.message, answer);
        return;
    }
    sip::update_from_response(current()->dialog, response.message);
    current()->dialog.is_confirmed = true;
    acknowledge(response.message, answer);
    if (current()->is_cancelled) {
        hang_up();
        return;
    }
    answered();
}

}  // namespace lanze::soak
