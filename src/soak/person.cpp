#include "soak/person.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace lanze::soak {

namespace {

// So often a person listens whether there is anything on the line, and hangs up after two times.
constexpr Duration kListenEvery = seconds(40);

}  // namespace

Person::Person(World& world, const Audio& audio, const Endpoint& address, const Endpoint& centre)
    : world_(world), audio_(audio), address_(address), centre_(centre) {
    world_.join(address,
                [this](std::string_view bytes, const Endpoint& from) { receive(bytes, from); });
}

std::string Person::describe() const {
    return address_.to_string() + (call_ ? " in call " + call_->dialog.call_id : "") +
           (call_ && call_->is_answered ? " (answered)" : "") + ", " +
           std::to_string(layer_->size()) + " transactions";
}

void Person::receive(std::string_view bytes, const Endpoint& from) {
    if (is_off_) {
        return;
    }
    auto message = sip::parse_message(bytes);
    if (!message) {
        world_.complain("unreadable: " + std::string(bytes));
        return;
    }
    layer_->receive(std::move(*message), {sip::Transport::udp, 0, 0, from}, world_.now(), output_);
    settle();
}

void Person::settle() {
    if (is_settling_) {
        return;
    }
    is_settling_ = true;
    while (!output_.sends.empty() || !output_.events.empty()) {
        const sip::TransactionOutput output = std::exchange(output_, {});
        for (const sip::Send& send : output.sends) {
            world_.carry(address_, send.flow.remote, send.bytes);
        }
        for (const sip::TransactionEvent& event : output.events) {
            std::visit([&](const auto& alternative) { on(alternative); }, event);
        }
    }
    is_settling_ = false;
    arm();
}

void Person::arm() {
    const auto next = layer_->next_deadline();
    if (!next || (armed_for_ && *armed_for_ <= *next)) {
        return;
    }
    armed_for_ = next;
    world_.at(*next, [this, power = power_ons_] {
        if (power == power_ons_) {
            wake();
        }
    });
}

void Person::wake() {
    armed_for_.reset();
    layer_->advance(world_.now(), output_);
    settle();
}

void Person::on(const sip::RequestReceived& event) {
    const sip::Message& request = event.message;
    if (!request.to.tag().empty() && takes_request(event)) {
        return;
    }
    if (!request.to.tag().empty()) {
        on_in_dialog(event);
    } else if (request.method == "INVITE") {
        on_invite(event);
    } else if (request.method != "ACK") {
        respond(event.transaction,
                sip::make_response(request, request.method == "OPTIONS" ? 200 : 481, {}, "x"));
    }
}

void Person::on_in_dialog(const sip::RequestReceived& event) {
    const sip::Message& request = event.message;
    const bool is_ours = call_ && sip::dialog_key(call_->dialog) == sip::dialog_key(request);
    if (request.method == "ACK") {
        if (is_ours) {
            call_->is_acknowledged = true;
            layer_->ack_received(call_->invite_in);
        }
        return;
    }
    // A BYE instead of a final response (a centre that came back cannot know better) ends nothing:
    // the INVITE is still open, and patience will cancel it.
    const bool is_early_bye = is_ours && request.method == "BYE" && !call_->is_answered;
    if (!is_ours || is_early_bye) {
        respond(event.transaction, sip::make_response(request, 481));
        return;
    }
    if (!sip::accept_cseq(call_->dialog, request)) {
        respond(event.transaction, sip::make_response(request, 500));
        return;
    }
    if (request.method == "BYE") {
        respond(event.transaction, sip::make_response(request, 200));
        forget_call();
        return;
    }
    on_refresh(event);
}

// UPDATE and re-INVITE only ask whether the session still stands (RFC 4028).
void Person::on_refresh(const sip::RequestReceived& event) {
    const sip::Message& request = event.message;
    if (call_->is_asking && request.method == "INVITE") {
        respond(event.transaction, sip::make_response(request, 491));
        return;
    }
    sip::Message response = sip::make_response(request, 200);
    response.contacts = {contact()};
    if (const auto expires = request.header("Session-Expires")) {
        response.set_header("Session-Expires", *expires);
    }
    if (request.method == "INVITE") {
        call_->invite_in = event.transaction;
        response.content_type = "application/sdp";
        response.body = description();
    }
    respond(event.transaction, response);
}

void Person::on(const sip::CancelReceived& event) {
    const bool is_ours = call_ && call_->invite_in == event.invite && !call_->is_answered;
    if (is_ours && !picks_up_nonetheless()) {
        respond(event.invite,
                sip::make_response(call_->invite, 487, {}, call_->dialog.local.tag()));
        forget_call();
    }
}

void Person::on(const sip::ResponseReceived& event) {
    if (call_ && call_->reinvite_out == event.transaction) {
        on_reinvite_response(event);
    } else if (event.message.cseq.method == "INVITE") {
        on_invite_response(event);
    } else {
        (void)takes_response(event);
    }
}

void Person::on(const sip::ClientFailed& event) {
    if (call_ && call_->invite_out == event.transaction) {
        forget_call();
    } else if (call_ && call_->reinvite_out == event.transaction) {
        hang_up();  // nobody there any more
    } else {
        (void)takes_failure(event);
    }
}

void Person::on(const sip::AckMissing& event) {
    if (call_ && call_->invite_in == event.transaction && !event.is_provisional) {
        hang_up();
    }
}

void Person::start(sip::Message message, sip::ClientTransactionId id) {
    const std::string branch = "p" + address_.address.to_string() + "-" +
                               std::to_string(id.value()) + "-" + std::to_string(power_ons_);
    layer_->start({id, std::move(message), flow(), address_, branch}, world_.now(), output_);
    settle();
}

void Person::respond(sip::ServerTransactionId id, const sip::Message& response) {
    layer_->respond(id, response, world_.now(), output_);
    settle();
}

void Person::acknowledge(const sip::Message& response, const std::string& answer) {
    call_->is_acknowledged = true;
    sip::Dialog dialog = call_->dialog;
    sip::Message ack = sip::make_request(dialog, "ACK", contact(), response.cseq.number);
    if (!answer.empty()) {
        ack.content_type = "application/sdp";
        ack.body = answer;
    }
    const auto id = next_client();
    layer_->send_without_transaction(
        {id, std::move(ack), flow(), address_, "a" + std::to_string(id.value())}, output_);
    settle();
}

void Person::answered() {
    call_->is_answered = true;
    if (DiaryEntry* written = entry()) {
        written->answered = world_.now();
    }
    later(kListenEvery, [this] { listen(); });
}

// A dead line is noticed and hung up, as people do; if the centre was there all the time it should
// have said BYE.
void Person::listen() {
    call_->silent_checks = audio_.plays_to(rtp()) ? 0 : call_->silent_checks + 1;
    if (call_->silent_checks < 2) {
        later(kListenEvery, [this] { listen(); });
        return;
    }
    if (world_.now() - audio_.last_start() > kRestartExcuse) {
        world_.complain("a dead call: " + describe());
    }
    hang_up();
}

void Person::hang_up() {
    sip::Message bye = sip::make_request(call_->dialog, "BYE", contact());
    if (DiaryEntry* written = entry()) {
        written->left = written->left.value_or(world_.now());
    }
    forget_call();
    start(std::move(bye), next_client());
}

void Person::cancel_invite() {
    layer_->cancel(call_->invite_out, world_.now(), output_);
    settle();
}

void Person::forget_call() {
    DiaryEntry* written = call_ ? entry() : nullptr;
    if (written != nullptr && call_->is_answered) {
        written->over = written->over.value_or(world_.now());
    }
    // A re-INVITE that got a 100 and nothing else would be waited for without end.
    if (call_ && call_->is_asking) {
        layer_->cancel(call_->reinvite_out, world_.now(), output_);
    }
    call_.reset();
    settle();
}

void Person::hear_other(const Endpoint& other) {
    if (DiaryEntry* written = call_ ? entry() : nullptr) {
        written->heard.push_back({other, world_.now()});
    }
}

DiaryEntry& Person::write(std::string caller) {
    diary_.emplace_back();
    diary_.back().caller = std::move(caller);
    diary_.back().begun = world_.now();
    return diary_.back();
}

void Person::later(Duration delay, std::function<void()> action) {
    world_.after(delay, [this, number = call_->number, action = std::move(action)] {
        if (call_ && call_->number == number) {
            action();
        }
    });
}

void Person::cut_power() {
    world_.tell(address_.to_string() + " loses its power");
    is_off_ = true;
    ++power_ons_;
    forget_call();
    layer_ = std::make_unique<sip::TransactionLayer>(
        sip::TimerSettings{.transactions_max = kTransactionsMax});
    output_ = {};
    armed_for_.reset();
}

void Person::restore_power() {
    world_.tell(address_.to_string() + " has power again");
    is_off_ = false;
    on_power();
}

std::string Person::description() const {
    const bool holds = call_ && call_->holds;
    return sip::write_sdp(sip::make_offer(
        {rtp(), 7, 1}, holds ? sip::Direction::sendonly : sip::Direction::sendrecv));
}

sip::NameAddress Person::contact() const {
    return *sip::NameAddress::parse("<sip:p@" + address_.to_string() + ">");
}

}  // namespace lanze::soak
