#include "sip/registration.h"

#include <algorithm>

#include "sip/grammar.h"
#include "sip/registrar.h"

namespace lanze::sip {

namespace {

constexpr Duration kRetryFirst = seconds(30);
constexpr Duration kRetryLast = minutes(10);
// A registrar that grants less would have us register without pause.
constexpr Duration kRefreshMin = seconds(5);
constexpr Duration kExpiresMax = hours(24);
// Answers we correct ourselves after in one attempt: a challenge, a stale nonce, a brief interval.
constexpr std::uint8_t kCorrectionsMax = 3;

std::optional<Duration> read_duration(std::optional<std::string_view> value) {
    const std::string_view digits = value ? value->substr(0, value->find_first_of("; (")) : "";
    const auto number =
        digits.empty() ? std::nullopt : parse_number<std::uint64_t>(digits, 0xffffffffU);
    return number ? std::optional<Duration>(seconds(*number)) : std::nullopt;
}

Message make_register(Registration& registration, const RegistrationAccount& account,
                      Duration expires, std::string_view cnonce) {
    Message request;
    request.method = "REGISTER";
    request.uri = account.registrar;
    request.from = account.address;
    set_parameter(request.from.parameters, "tag", registration.tag);
    request.to = account.address;
    request.call_id = registration.call_id;
    request.cseq = {++registration.cseq, "REGISTER"};
    request.max_forwards = 70;
    request.contacts.push_back(account.contact);
    const auto whole = std::chrono::duration_cast<seconds>(expires).count();
    request.set_header("Expires", std::to_string(whole));
    if (registration.challenge) {
        request.set_header(
            registration.is_proxy_challenge ? "Proxy-Authorization" : "Authorization",
            answer_challenge(*registration.challenge, account.credentials, "REGISTER",
                             account.registrar.to_string(), cnonce, ++registration.nonce_count));
    }
    return request;
}

Message repeat_request(Registration& registration, const RegistrationAccount& account,
                       std::string_view cnonce) {
    ++registration.corrections;
    const bool is_leaving = registration.state == RegistrationState::leaving;
    return make_register(registration, account, is_leaving ? Duration{} : registration.expires,
                         cnonce);
}

// What the registrar grants our contact; it lists those of others too (§10.2.4). The only one is
// ours, even if a NAT or the registrar itself has rewritten it.
Duration granted(const Message& response, const RegistrationAccount& account, Duration asked) {
    const bool is_only = response.contacts.size() == 1;
    for (const NameAddress& contact : response.contacts) {
        const auto own = read_duration(find_parameter(contact.parameters, "expires"));
        if (own && (is_only || is_same_address(contact.uri, account.contact.uri))) {
            return *own;
        }
    }
    return read_duration(response.header("Expires")).value_or(asked);
}

void plan_retry(Registration& registration, Time now, Duration at_least) {
    if (registration.state == RegistrationState::leaving) {
        registration.state = RegistrationState::ended;
        return;
    }
    Duration pause = kRetryFirst;
    for (std::uint32_t i = 0; i < registration.failures && pause < kRetryLast; ++i) {
        pause *= 2;
    }
    pause = std::min(pause, kRetryLast);
    ++registration.failures;
    registration.state = RegistrationState::waiting;
    registration.due = now + std::max(pause, at_least);
    registration.challenge.reset();  // perhaps it was the nonce
}

void note_success(Registration& registration, const RegistrationAccount& account,
                  const Message& response, Time now) {
    if (registration.state == RegistrationState::leaving) {
        registration.state = RegistrationState::ended;
        registration.registered_until = now;
        return;
    }
    const Duration time = std::min(granted(response, account, registration.expires), kExpiresMax);
    registration.state = RegistrationState::waiting;
    registration.failures = 0;
    registration.registered_until = now + time;
    registration.due = now + std::max(time * 9 / 10, kRefreshMin);
}

// Takes the challenge, unless its like was answered in vain already.
bool take_challenge(Registration& registration, const Message& response) {
    const auto challenge = strongest_challenge(response);
    if (!challenge || registration.corrections >= kCorrectionsMax) {
        return false;
    }
    const bool was_answered = registration.challenge.has_value();
    const bool is_fresh_nonce =
        !was_answered || challenge->is_stale ||
        (registration.corrections == 0 && challenge->nonce != registration.challenge->nonce);
    if (!is_fresh_nonce) {
        return false;
    }
    registration.challenge = challenge;
    registration.nonce_count = 0;
    registration.is_proxy_challenge = response.status == 407;
    return true;
}

bool take_min_expires(Registration& registration, const Message& response) {
    const auto shortest = read_duration(response.header("Min-Expires"));
    if (!shortest || *shortest <= registration.expires || *shortest > kExpiresMax) {
        return false;
    }
    registration.expires = *shortest;
    return registration.corrections < kCorrectionsMax;
}

}  // namespace

Registration make_registration(const RegistrationAccount& account, std::string_view call_id,
                               std::string_view tag, Time now) {
    Registration registration;
    registration.call_id = call_id;
    registration.tag = tag;
    registration.due = now;
    registration.registered_until = now;
    registration.expires = account.expires;
    return registration;
}

bool is_registered(const Registration& registration, Time now) {
    return now < registration.registered_until;
}

std::optional<Time> registration_due(const Registration& registration) {
    return registration.state == RegistrationState::waiting ? std::optional(registration.due)
                                                            : std::nullopt;
}

std::optional<Message> advance_registration(Registration& registration,
                                            const RegistrationAccount& account, Time now,
                                            std::string_view cnonce) {
    if (registration.state != RegistrationState::waiting || now < registration.due) {
        return std::nullopt;
    }
    registration.state = RegistrationState::trying;
    registration.corrections = 0;
    return make_register(registration, account, registration.expires, cnonce);
}

std::optional<Message> registration_answered(Registration& registration,
                                             const RegistrationAccount& account,
                                             const Message& response, Time now,
                                             std::string_view cnonce) {
    const bool is_waited_for = registration.state == RegistrationState::trying ||
                               registration.state == RegistrationState::leaving;
    if (!is_waited_for || response.status < 200 || response.cseq.number != registration.cseq) {
        return std::nullopt;
    }
    registration.last_status = response.status;
    if (response.status < 300) {
        note_success(registration, account, response, now);
        return std::nullopt;
    }
    const bool is_challenge = response.status == 401 || response.status == 407;
    if (is_challenge && take_challenge(registration, response)) {
        return repeat_request(registration, account, cnonce);
    }
    if (response.status == 423 && take_min_expires(registration, response)) {
        return repeat_request(registration, account, cnonce);
    }
    const Duration asked = read_duration(response.header("Retry-After")).value_or(Duration{});
    plan_retry(registration, now, std::min<Duration>(asked, hours(1)));
    return std::nullopt;
}

void registration_unanswered(Registration& registration, Time now) {
    const bool is_waited_for = registration.state == RegistrationState::trying ||
                               registration.state == RegistrationState::leaving;
    if (is_waited_for) {
        registration.last_status = 0;
        plan_retry(registration, now, Duration{});
    }
}

void registration_moved(Registration& registration, Time now) {
    if (registration.state == RegistrationState::waiting && registration.failures > 0) {
        --registration.failures;
        registration.due = now;
    }
}

void hasten_registration(Registration& registration, Time at) {
    if (registration.state == RegistrationState::waiting && registration.failures == 0) {
        registration.due = std::min(registration.due, at);
    }
}

Message end_registration(Registration& registration, const RegistrationAccount& account,
                         std::string_view cnonce) {
    registration.state = RegistrationState::leaving;
    registration.corrections = 0;
    return make_register(registration, account, Duration{}, cnonce);
}

}  // namespace lanze::sip
