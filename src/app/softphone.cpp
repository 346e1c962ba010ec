#include "app/softphone.h"

#include <array>
#include <boost/asio.hpp>
#include <utility>
#include <variant>

#include "app/live_clock.h"
#include "app/sip_sockets.h"
#include "sip/dialog.h"
#include "sip/registration.h"
#include "sip/sdp.h"
#include "sip/transaction.h"

namespace lanze::app {

namespace asio = boost::asio;
using asio::ip::udp;
using ErrorCode = boost::system::error_code;

namespace {

constexpr std::string_view kPhoneAllow = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK";

// The call of the moment.
struct Call {
    sip::Dialog dialog;
    sip::ClientTransactionId invite_client;
    sip::ServerTransactionId invite_server;
    std::optional<sip::Message> invite;  // incoming, until answered
    std::optional<sip::SessionDescription> sent;
    std::uint32_t reliable_sequence = 0;
    bool is_answered = false;
    bool is_cancelled = false;
};

class Phone final : public SoftPhone {
public:
    Phone(asio::io_context& loop, SoftPhoneSettings settings, Tell tell)
        : loop_(loop),
          settings_(std::move(settings)),
          tell_(std::move(tell)),
          clock_(Time{}),
          rtp_(loop),
          timer_(loop),
          audio_timer_(loop),
          call_timer_(loop),
          audio_(settings_.audio) {}
    ~Phone() override {
        ErrorCode ignored;
        rtp_.close(ignored);
        timer_.cancel();
        audio_timer_.cancel();
        call_timer_.cancel();
        *is_alive_ = false;
    }

    Result<void, std::string> bind();

    void dial(const std::string& number) override;
    void hang_up() override;
    bool is_in_call() const override { return call_.has_value(); }
    void sign_out() override;
    Endpoint listens_at() const override { return sockets_->listeners().front().bound; }
    media::PhoneAudioReport heard() const override { return audio_.report(); }

private:
    void on(const sip::RequestReceived& event);
    void on(const sip::CancelReceived& event);
    void on(const sip::ResponseReceived& event);
    void on(const sip::ClientFailed& event);
    void on(const sip::AckMissing& /*event*/) { end_call(PhoneStage::failed, "no ACK came"); }
    void on_incoming(const sip::RequestReceived& event);
    void on_in_dialog(const sip::RequestReceived& event);
    void on_invite_response(const sip::ResponseReceived& event);
    void on_registered(const sip::ResponseReceived& event);
    void answer();
    void acknowledge(const sip::Message& response);
    void send_prack(const sip::Message& response);
    void take_description(const std::string& body, bool we_offered);
    void end_call(PhoneStage stage, const std::string& text, int status = 0);
    void register_again();

    void drain();
    void flush();
    void arm();
    void arm_audio();
    void read_rtp();
    void tell(PhoneStage stage, std::string text = {}, int status = 0) {
        tell_({stage, std::move(text), status, clock_.now()});
    }
    sip::NameAddress contact() const;
    sip::Flow flow() const;
    sip::ClientTransactionId send(sip::Message message, const sip::Flow& to);
    void respond(const sip::RequestReceived& request, int status);
    sip::LocalMedia local_media();
    sip::RegistrationAccount account() const;

    asio::io_context& loop_;
    SoftPhoneSettings settings_;
    Tell tell_;
    LiveClock clock_;
    LiveEntropy entropy_;
    std::unique_ptr<SipSockets> sockets_;
    udp::socket rtp_;
    asio::steady_timer timer_;
    asio::steady_timer audio_timer_;
    asio::steady_timer call_timer_;
    std::array<std::uint8_t, 2048> incoming_{};
    udp::endpoint incoming_from_;
    std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);

    sip::TransactionLayer transactions_;
    sip::TransactionOutput output_;
    std::uint64_t client_last_ = 0;
    std::optional<Call> call_;
    std::optional<sip::Registration> registration_;
    sip::ClientTransactionId registering_;
    media::PhoneAudio audio_;
};

Result<void, std::string> Phone::bind() {
    SipSockets::Callbacks callbacks{
        [this](std::string_view bytes, const sip::Flow& from) {
            if (auto message = sip::parse_message(bytes)) {
                transactions_.receive(std::move(*message), from, clock_.now(), output_);
            }
        },
        [this](const sip::Flow& failed) {
            transactions_.transport_failed(failed, clock_.now(), output_);
        },
        [this] { drain(); }};
    auto opened =
        SipSockets::open(loop_, {{settings_.transport, settings_.listen}}, std::move(callbacks));
    if (!opened) {
        return Unexpected(opened.error());
    }
    sockets_ = std::move(*opened);
    ErrorCode error;
    const udp::endpoint endpoint(asio::ip::make_address(settings_.listen.address.to_string()), 0);
    rtp_.open(endpoint.protocol(), error);
    rtp_.bind(endpoint, error);
    if (error) {
        return Unexpected("cannot open a port for RTP on " + settings_.listen.address.to_string() +
                          ": " + error.message());
    }
    read_rtp();
    if (!settings_.password.empty()) {
        registration_ =
            sip::make_registration(account(), entropy_.token(20), entropy_.token(10), clock_.now());
        register_again();
        flush();
    }
    return {};
}

void Phone::read_rtp() {
    rtp_.async_receive_from(asio::buffer(incoming_), incoming_from_,
                            [this, alive = is_alive_](const ErrorCode& error, std::size_t size) {
                                if (!*alive || error == asio::error::operation_aborted) {
                                    return;
                                }
                                if (!error && call_) {
                                    audio_.receive({incoming_.data(), size}, clock_.now());
                                }
                                read_rtp();
                            });
}

void Phone::arm_audio() {
    const auto next = audio_.next_tick();
    if (!next || !call_) {
        return;
    }
    audio_timer_.expires_after(std::max(Duration::zero(), *next - clock_.now()));
    audio_timer_.async_wait([this, alive = is_alive_](const ErrorCode& error) {
        if (error || !*alive || !call_) {
            return;
        }
        while (true) {
            const auto packet = audio_.tick(clock_.now());
            if (packet.empty()) {
                break;
            }
            const Endpoint& to = audio_.remote()->rtp;
            ErrorCode ignored;
            rtp_.send_to(asio::buffer(packet),
                         udp::endpoint(asio::ip::make_address(to.address.to_string()), to.port), 0,
                         ignored);
        }
        arm_audio();
    });
}

void Phone::drain() {
    while (!output_.events.empty()) {
        auto events = std::exchange(output_.events, {});
        for (const sip::TransactionEvent& event : events) {
            std::visit([this](const auto& alternative) { on(alternative); }, event);
        }
    }
    flush();
}

void Phone::flush() {
    sockets_->send(std::exchange(output_.sends, {}));
    arm();
}

void Phone::arm() {
    auto next = transactions_.next_deadline();
    if (registration_) {
        const auto due = sip::registration_due(*registration_);
        if (due && (!next || *due < *next)) {
            next = due;
        }
    }
    if (!next) {
        return;
    }
    timer_.expires_after(std::max(Duration::zero(), *next - clock_.now()));
    timer_.async_wait([this, alive = is_alive_](const ErrorCode& error) {
        if (error || !*alive) {
            return;
        }
        transactions_.advance(clock_.now(), output_);
        register_again();
        drain();
    });
}

sip::NameAddress Phone::contact() const {
    const Endpoint own = sockets_->listeners().front().bound;
    sip::NameAddress contact;
    contact.uri.user = settings_.name;
    contact.uri.host = own.address.to_string();
    contact.uri.port = own.port;
    if (settings_.transport == sip::Transport::tcp) {
        sip::set_parameter(contact.uri.parameters, "transport", "tcp");
    }
    return contact;
}

sip::Flow Phone::flow() const {
    return {settings_.transport, 0, 0, settings_.server};
}

sip::ClientTransactionId Phone::send(sip::Message message, const sip::Flow& to) {
    const sip::ClientTransactionId id{++client_last_};
    transactions_.start(
        {id, std::move(message), to, sockets_->listeners().front().bound, entropy_.token(24)},
        clock_.now(), output_);
    return id;
}

void Phone::respond(const sip::RequestReceived& request, int status) {
    sip::Message response = sip::make_response(request.message, status, {}, entropy_.token(10));
    response.set_header("Allow", kPhoneAllow);
    transactions_.respond(request.transaction, response, clock_.now(), output_);
}

sip::LocalMedia Phone::local_media() {
    return {{settings_.listen.address, rtp_.local_endpoint().port()}, entropy_.next64() >> 2U, 1};
}

sip::RegistrationAccount Phone::account() const {
    sip::RegistrationAccount account;
    account.registrar.host = settings_.server.address.to_string();
    account.registrar.port = settings_.server.port;
    account.address.uri = account.registrar;
    account.address.uri.user = settings_.name;
    account.contact = contact();
    account.credentials = {settings_.name, settings_.password};
    account.expires = seconds(300);
    return account;
}

void Phone::dial(const std::string& number) {
    sip::Uri target;
    target.user = number;
    target.host = settings_.server.address.to_string();
    target.port = settings_.server.port;
    sip::NameAddress to;
    to.uri = target;
    sip::NameAddress from = contact();
    from.display_name = settings_.display_name;
    Call call;
    call.dialog =
        sip::make_uac_dialog(from, to, target, entropy_.token(20), entropy_.token(10), 0, flow());
    call.sent = sip::make_offer(local_media(), sip::Direction::sendrecv);
    sip::Message invite = sip::make_request(call.dialog, "INVITE", contact());
    invite.set_header("Allow", kPhoneAllow);
    invite.set_header("Supported", "100rel, timer");
    invite.content_type = "application/sdp";
    invite.body = sip::write_sdp(*call.sent);
    audio_ = media::PhoneAudio(settings_.audio);
    tell(PhoneStage::dialling, number);
    call.invite_client = send(std::move(invite), flow());
    call_ = std::move(call);
    drain();
}

void Phone::on(const sip::ResponseReceived& event) {
    if (registration_ && event.transaction == registering_) {
        on_registered(event);
    } else if (call_ && event.transaction == call_->invite_client) {
        on_invite_response(event);
    }
}

void Phone::on_invite_response(const sip::ResponseReceived& event) {
    const sip::Message& response = event.message;
    if (response.status >= 300) {
        end_call(PhoneStage::failed, std::to_string(response.status) + " " + response.reason,
                 response.status);
        return;
    }
    if (response.status > 100) {
        sip::update_from_response(call_->dialog, response);
    }
    if (response.content_type == "application/sdp" && !audio_.remote()) {
        take_description(response.body, true);
    }
    if (response.status >= 200) {
        acknowledge(response);
        if (call_->is_cancelled) {
            call_->is_answered = true;
            hang_up();
        } else if (!call_->is_answered) {
            call_->is_answered = true;
            tell(PhoneStage::answered);
        }
        return;
    }
    if (response.header_has_token("Require", "100rel")) {
        send_prack(response);
    }
    tell(response.status == 100   ? PhoneStage::trying
         : response.status == 183 ? PhoneStage::early
                                  : PhoneStage::ringing);
}

void Phone::acknowledge(const sip::Message& response) {
    sip::Dialog dialog = call_->dialog;
    sip::Message ack = sip::make_request(dialog, "ACK", contact(), response.cseq.number);
    transactions_.send_without_transaction(
        {sip::ClientTransactionId{++client_last_}, std::move(ack), flow(),
         sockets_->listeners().front().bound, entropy_.token(24)},
        output_);
}

void Phone::send_prack(const sip::Message& response) {
    const std::string sequence(response.header("RSeq").value_or("0"));
    sip::Message prack = sip::make_request(call_->dialog, "PRACK", contact());
    prack.set_header("RAck", sequence + " " + std::to_string(response.cseq.number) + " INVITE");
    send(std::move(prack), flow());
}

void Phone::take_description(const std::string& body, bool we_offered) {
    const auto received = sip::parse_sdp(body);
    if (!received || !call_->sent) {
        return;
    }
    const auto agreed = sip::agree(*call_->sent, *received, we_offered);
    if (!agreed) {
        return;
    }
    const auto law = agreed->audio.name == "PCMU" ? ports::G711::mu_law : ports::G711::a_law;
    audio_.set_remote(
        {agreed->remote_rtp, law, agreed->audio.payload_type, agreed->audio_payload_in,
         agreed->event_payload_in.value_or(0), agreed->may_send},
        clock_.now());
    arm_audio();
}

void Phone::hang_up() {
    if (!call_) {
        return;
    }
    if (call_->is_answered) {
        sip::Message bye = sip::make_request(call_->dialog, "BYE", contact());
        send(std::move(bye), call_->dialog.flow);
        end_call(PhoneStage::ended_here, "");
    } else if (call_->invite_client.is_set()) {
        call_->is_cancelled = true;
        transactions_.cancel(call_->invite_client, clock_.now(), output_);
    } else if (call_->invite) {
        transactions_.respond(
            call_->invite_server,
            sip::make_response(*call_->invite, 480, {}, call_->dialog.local.tag()), clock_.now(),
            output_);
        end_call(PhoneStage::ended_here, "");
    }
    flush();
}

void Phone::end_call(PhoneStage stage, const std::string& text, int status) {
    const bool was_cancelled = call_ && call_->is_cancelled;
    call_.reset();
    call_timer_.cancel();
    tell(was_cancelled ? PhoneStage::ended_here : stage, text, status);
}

void Phone::on(const sip::ClientFailed& event) {
    if (registration_ && event.transaction == registering_) {
        sip::registration_unanswered(*registration_, clock_.now());
        tell(PhoneStage::not_registered, "nobody answers at " + settings_.server.to_string());
    } else if (call_ && event.transaction == call_->invite_client) {
        end_call(PhoneStage::failed, "nobody answers at " + settings_.server.to_string(), 408);
    }
}

void Phone::on(const sip::RequestReceived& event) {
    const sip::Message& request = event.message;
    if (!request.to.tag().empty()) {
        on_in_dialog(event);
    } else if (request.method == "INVITE") {
        on_incoming(event);
    } else if (request.method == "OPTIONS") {
        respond(event, 200);
    } else if (request.method != "ACK") {
        respond(event, 405);
    }
}

void Phone::on_incoming(const sip::RequestReceived& event) {
    if (call_) {
        respond(event, 486);
        return;
    }
    if (settings_.rejects_with != 0) {
        tell(PhoneStage::incoming, event.message.from.display_name);
        respond(event, settings_.rejects_with);
        return;
    }
    Call call;
    call.invite = event.message;
    call.invite_server = event.transaction;
    call.dialog = sip::make_uas_dialog(event.message, event.flow, entropy_.token(10));
    const auto offer = sip::parse_sdp(event.message.body);
    auto described =
        offer
            ? sip::make_answer(*offer, local_media())
            : Result<sip::SessionDescription, sip::SdpError>(Unexpected(sip::SdpError::malformed));
    if (!described) {
        respond(event, 488);
        return;
    }
    call.sent = std::move(*described);
    sip::Message ringing = sip::make_response(event.message, 180, {}, call.dialog.local.tag());
    ringing.contacts = {contact()};
    transactions_.respond(event.transaction, ringing, clock_.now(), output_);
    call_ = std::move(call);
    tell(PhoneStage::incoming, event.message.from.display_name);
    call_timer_.expires_after(settings_.rings_for);
    call_timer_.async_wait([this, alive = is_alive_](const ErrorCode& error) {
        if (!error && *alive && call_ && call_->invite) {
            answer();
        }
    });
}

void Phone::answer() {
    const sip::Message invite = *std::exchange(call_->invite, std::nullopt);
    sip::Message response = sip::make_response(invite, 200, {}, call_->dialog.local.tag());
    response.contacts = {contact()};
    response.set_header("Allow", kPhoneAllow);
    response.content_type = "application/sdp";
    response.body = sip::write_sdp(*call_->sent);
    call_->is_answered = true;
    call_->dialog.is_confirmed = true;
    audio_ = media::PhoneAudio(settings_.audio);
    take_description(invite.body, false);
    transactions_.respond(call_->invite_server, response, clock_.now(), output_);
    tell(PhoneStage::answered);
    if (settings_.talks_for > Duration::zero()) {
        call_timer_.expires_after(settings_.talks_for);
        call_timer_.async_wait([this, alive = is_alive_](const ErrorCode& error) {
            if (!error && *alive) {
                hang_up();
            }
        });
    }
    flush();
}

void Phone::on(const sip::CancelReceived& event) {
    if (!call_ || call_->invite_server != event.invite || !call_->invite) {
        return;
    }
    transactions_.respond(event.invite,
                          sip::make_response(*call_->invite, 487, {}, call_->dialog.local.tag()),
                          clock_.now(), output_);
    end_call(PhoneStage::ended_there, "");
}

void Phone::on_in_dialog(const sip::RequestReceived& event) {
    const sip::Message& request = event.message;
    const bool is_ours = call_ && sip::dialog_key(call_->dialog) == sip::dialog_key(request);
    if (!is_ours) {
        if (request.method != "ACK") {
            respond(event, 481);
        }
        return;
    }
    if (request.method == "ACK") {
        transactions_.ack_received(call_->invite_server);
    } else if (request.method == "BYE") {
        respond(event, 200);
        end_call(PhoneStage::ended_there, "");
    } else if (request.method == "INVITE" || request.method == "UPDATE") {
        sip::Message response = sip::make_response(request, 200, {}, call_->dialog.local.tag());
        response.contacts = {contact()};
        response.set_header("Allow", kPhoneAllow);
        const auto offer = sip::parse_sdp(request.body);
        if (offer) {
            auto answer = sip::make_answer(*offer, local_media());
            if (answer) {
                call_->sent = std::move(*answer);
                take_description(request.body, false);
            }
        }
        if (offer || request.method == "INVITE") {
            response.content_type = "application/sdp";
            response.body = sip::write_sdp(*call_->sent);
        }
        call_->invite_server =
            request.method == "INVITE" ? event.transaction : call_->invite_server;
        transactions_.respond(event.transaction, response, clock_.now(), output_);
    } else {
        respond(event, request.method == "OPTIONS" ? 200 : 405);
    }
}

void Phone::register_again() {
    if (!registration_) {
        return;
    }
    auto request =
        sip::advance_registration(*registration_, account(), clock_.now(), entropy_.token(16));
    if (request) {
        registering_ = send(std::move(*request), flow());
    }
}

void Phone::on_registered(const sip::ResponseReceived& event) {
    if (event.message.status < 200) {
        return;
    }
    auto next = sip::registration_answered(*registration_, account(), event.message, clock_.now(),
                                           entropy_.token(16));
    if (next) {
        registering_ = send(std::move(*next), flow());
    } else if (event.message.status < 300) {
        tell(PhoneStage::registered, "as " + settings_.name);
    } else {
        tell(PhoneStage::not_registered,
             std::to_string(event.message.status) + " " + event.message.reason,
             event.message.status);
    }
}

void Phone::sign_out() {
    if (registration_) {
        registering_ =
            send(sip::end_registration(*registration_, account(), entropy_.token(16)), flow());
        flush();
    }
}

}  // namespace

Result<std::unique_ptr<SoftPhone>, std::string> SoftPhone::open(asio::io_context& loop,
                                                                SoftPhoneSettings settings,
                                                                Tell tell) {
    auto phone = std::make_unique<Phone>(loop, std::move(settings), std::move(tell));
    if (auto bound = phone->bind(); !bound) {
        return Unexpected(bound.error());
    }
    return std::unique_ptr<SoftPhone>(std::move(phone));
}

}  // namespace lanze::app
