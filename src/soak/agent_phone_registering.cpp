// A phone that registers: with digest, renewed often, anew after a failure or a power cut.
#include "soak/agent_phone.h"

namespace lanze::soak {

namespace {

constexpr Duration kExpires = seconds(60);
constexpr Duration kRenewAfter = seconds(20);
constexpr Duration kRetryAfter = seconds(5);

}  // namespace

void AgentPhone::sign_in(const std::string& agent, const std::string& password) {
    sip::RegistrationAccount account;
    account.registrar.host = flow().remote.address.to_string();
    account.registrar.port = flow().remote.port;
    account.address.uri = account.registrar;
    account.address.uri.user = agent;
    account.contact = contact();
    account.credentials = {agent, password};
    account.expires = kExpires;
    account_ = account;
    begin_registration();
}

void AgentPhone::on_power() {
    if (account_) {
        begin_registration();
    }
}

// What must not be guessed need only be new here.
std::string AgentPhone::any_token() {
    return std::to_string(world().rng().next());
}

void AgentPhone::begin_registration() {
    ++registrations_;
    registration_ = sip::make_registration(*account_, any_token(), any_token(), world().now());
    advance_registration();
}

void AgentPhone::advance_registration() {
    if (registration_ && !is_off()) {
        send_registration(
            sip::advance_registration(*registration_, *account_, world().now(), any_token()));
    }
}

void AgentPhone::send_registration(std::optional<sip::Message> request) {
    if (request) {
        register_out_ = next_client();
        start(std::move(*request), register_out_);
    }
}

bool AgentPhone::takes_response(const sip::ResponseReceived& response) {
    if (!registration_ || response.transaction != register_out_ || response.message.status < 200) {
        return false;
    }
    auto next = sip::registration_answered(*registration_, *account_, response.message,
                                           world().now(), any_token());
    if (next) {
        send_registration(std::move(next));
        return true;
    }
    if (sip::is_registered(*registration_, world().now()) && response.message.status < 300) {
        world().note(Happening::registration);
        sip::hasten_registration(*registration_, world().now() + kRenewAfter);
        world().after(kRenewAfter, [this, number = registrations_] {
            if (number == registrations_) {
                advance_registration();
            }
        });
        return true;
    }
    // Configured anew without this agent, or on its way up: a person would try again.
    world().after(kRetryAfter, [this, number = registrations_] {
        if (number == registrations_ && registration_) {
            begin_registration();
        }
    });
    return true;
}

bool AgentPhone::takes_failure(const sip::ClientFailed& failure) {
    if (!registration_ || failure.transaction != register_out_) {
        return false;
    }
    world().after(kRetryAfter, [this, number = registrations_] {
        if (number == registrations_ && registration_) {
            begin_registration();
        }
    });
    return true;
}

}  // namespace lanze::soak
