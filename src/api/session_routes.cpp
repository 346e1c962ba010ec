#include <chrono>
#include <utility>

#include "api/handlers.h"
#include "api/json_view.h"
#include "api/password_rules.h"
#include "api/passwords.h"

namespace lanze::api {

namespace {

Response no_content() {
    return {.status = 204, .content_type = ""};
}

Response too_busy() {
    Response response =
        error_response(503, "too_busy", "Too many people sign in at once; try again.");
    response.headers.push_back({"Retry-After", "2"});
    return response;
}

Response not_stored(const std::string& why) {
    return error_response(503, "not_stored", why);
}

Response locked_out(Duration wait) {
    const auto whole = std::chrono::ceil<seconds>(wait).count();
    Response response = error_response(
        429, "too_many_failures", "Too many failed attempts; wait a quarter of an hour at most.");
    response.headers.push_back({"Retry-After", std::to_string(whole)});
    return response;
}

std::string session_body(const Person& person, const Picture& picture) {
    const ports::AgentView* agent = picture.agent_named(person.agent);
    return person_json(person, agent == nullptr ? core::AgentId{} : agent->id);
}

// An attempt to prove a password; copied to the worker and back.
struct Attempt {
    std::string name;
    std::string password;
    std::string address;
    std::string hash;  // empty: unknown name
};

// Counts the attempt and checks the password elsewhere; `then` runs on the web thread.
void check_password(Context& context, Attempt attempt, const Respond& respond,
                    std::function<void(const Attempt&, bool is_right)> then) {
    if (const auto wait = context.lockout.begin(attempt.name, attempt.address, context.now())) {
        respond(locked_out(*wait));
        return;
    }
    attempt.hash = context.people.password_hash(attempt.name).value_or("");
    const bool is_taken = context.on_worker([&context, attempt, then = std::move(then)] {
        const bool is_right = is_password(attempt.hash, attempt.password);
        context.on_web([attempt, then, is_right] { then(attempt, is_right); });
    });
    if (!is_taken) {
        context.lockout.withdraw(attempt.name, attempt.address);
        respond(too_busy());
    }
}

void finish_sign_in(Context& context, const Attempt& attempt, bool is_right,
                    const Respond& respond) {
    const Time now = context.now();
    if (!is_right) {
        // What is typed into the wrong field may be a password: unknown names are not kept.
        context.people.note(now, attempt.hash.empty() ? "(unknown name)" : attempt.name,
                            "sign-in failed from " + attempt.address);
        respond(error_response(401, "wrong_name_or_password",
                               "The name or the password is wrong; please check both."));
        return;
    }
    context.lockout.succeed(attempt.name, attempt.address);
    const auto person = context.people.find(attempt.name);
    const auto token = context.people.open_session(attempt.name, now);
    if (!person || !token) {
        respond(not_stored(token ? "This person was just removed." : token.error()));
        return;
    }
    context.people.note(now, attempt.name, "signed in from " + attempt.address);
    Response response{.body = session_body(*person, context.live.picture())};
    response.headers.push_back({"Set-Cookie", session_cookie(*token, context.names.is_secure)});
    respond(std::move(response));
}

// Runs on a worker after the old password was right.
void store_password(Context& context, const Identity& identity, const std::string& password,
                    const Respond& respond) {
    const std::string hash = hash_password(password);
    context.on_web([&context, identity, hash, respond] {
        const auto stored = context.people.set_password_hash(identity.person.name, hash,
                                                             identity.credential, context.now());
        if (!stored) {
            respond(not_stored(stored.error()));
            return;
        }
        context.live.close_where([&identity](const Identity& other) {
            return !other.is_program && other.person.name == identity.person.name &&
                   other.credential != identity.credential;
        });
        respond(no_content());
    });
}

void finish_password_change(Context& context, const Identity& identity, const Attempt& attempt,
                            const std::string& fresh, bool is_right, const Respond& respond) {
    if (!is_right) {
        context.people.note(context.now(), attempt.name, "password change failed");
        respond(error_response(403, "wrong_password", "The old password is wrong."));
        return;
    }
    context.lockout.succeed(attempt.name, attempt.address);
    if (!context.on_worker([&context, identity, fresh, respond] {
            store_password(context, identity, fresh, respond);
        })) {
        respond(too_busy());
    }
}

// What anybody here would try first: the person's names, the centre's, its queues', its hosts'.
std::vector<std::string> guessed_words(const Call& call) {
    const Context& context = call.context;
    std::vector<std::string> words = context.names.further;
    words.push_back(call.identity.person.name);
    words.push_back(call.identity.person.agent);
    words.push_back(context.centre_name);
    for (const auto& [id, queue] : context.live.picture().queues()) {
        words.push_back(queue.name);
    }
    return words;
}

}  // namespace

void sign_in(const Call& call, const Respond& respond) {
    const auto fields = parse_fields(call.request.body);
    if (!fields || !fields->contains("name") || !fields->contains("password")) {
        respond(error_response(400, "bad_body", "Send {\"name\": ..., \"password\": ...}."));
        return;
    }
    Attempt attempt{fields->at("name"), fields->at("password"), call.request.from.to_string(), ""};
    if (attempt.name.size() > People::kNameMax || attempt.password.size() > kPasswordBytesMax) {
        respond(error_response(400, "too_long",
                               "A name has at most 64 bytes, a password at most 256."));
        return;
    }
    Context& context = call.context;
    check_password(context, std::move(attempt), respond,
                   [&context, respond](const Attempt& done, bool is_right) {
                       finish_sign_in(context, done, is_right, respond);
                   });
}

void show_session(const Call& call, const Respond& respond) {
    respond({.body = session_body(call.identity.person, call.context.live.picture())});
}

void sign_out(const Call& call, const Respond& respond) {
    Context& context = call.context;
    if (call.identity.is_program) {
        respond(error_response(400, "not_a_session",
                               "A token has no session; remove it with `lanze token remove`."));
        return;
    }
    const std::string credential = call.identity.credential;
    context.people.end_session(credential);
    context.people.note(context.now(), call.identity.person.name, "signed out");
    context.live.close_where(
        [&credential](const Identity& other) { return other.credential == credential; });
    Response response = no_content();
    response.headers.push_back({"Set-Cookie", no_cookie(context.names.is_secure)});
    respond(std::move(response));
}

void sign_out_everywhere(const Call& call, const Respond& respond) {
    Context& context = call.context;
    if (call.identity.is_program) {
        respond(error_response(400, "not_a_session",
                               "A token has no session; remove it with `lanze token remove`."));
        return;
    }
    const std::string name = call.identity.person.name;
    if (const auto ended = context.people.end_sessions(name, context.now()); !ended) {
        respond(not_stored(ended.error()));
        return;
    }
    context.live.close_where(
        [&name](const Identity& other) { return !other.is_program && other.person.name == name; });
    Response response = no_content();
    response.headers.push_back({"Set-Cookie", no_cookie(context.names.is_secure)});
    respond(std::move(response));
}

void change_password(const Call& call, const Respond& respond) {
    const auto fields = parse_fields(call.request.body);
    if (!fields || !fields->contains("old") || !fields->contains("new")) {
        respond(error_response(400, "bad_body", "Send {\"old\": ..., \"new\": ...}."));
        return;
    }
    const std::string fresh = fields->at("new");
    if (call.identity.is_program) {
        respond(error_response(400, "not_a_session", "A program has no password."));
        return;
    }
    if (const auto fault = fault_of(fresh, guessed_words(call))) {
        respond(error_response(400, code_of(*fault), sentence_of(*fault)));
        return;
    }
    if (fields->at("old").size() > kPasswordBytesMax) {
        respond(error_response(400, "too_long", "A password has at most 256 bytes."));
        return;
    }
    Context& context = call.context;
    const Identity identity = call.identity;
    Attempt attempt{identity.person.name, fields->at("old"), call.request.from.to_string(), ""};
    check_password(context, std::move(attempt), respond,
                   [&context, identity, fresh, respond](const Attempt& done, bool is_right) {
                       finish_password_change(context, identity, done, fresh, is_right, respond);
                   });
}

}  // namespace lanze::api
