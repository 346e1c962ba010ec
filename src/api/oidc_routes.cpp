// Signing in through the firm's OpenID provider: to it, and back from it.
#include <utility>

#include "api/handlers.h"
#include "api/json_view.h"
#include "api/oidc.h"

namespace lanze::api {

namespace {

constexpr std::string_view kSecretCookie = "lanze_sign_in";
constexpr std::string_view kCallbackPath = "/api/v1/session/oidc/callback";
constexpr std::size_t kCodeMax = 4'096;

// Lax, since it must come along when the provider's page sends the browser back to us.
std::string secret_cookie(std::string_view secret, bool is_secure) {
    return std::string(kSecretCookie) + "=" + std::string(secret) +
           "; Path=/api/v1/session/oidc; HttpOnly; SameSite=Lax; Max-Age=" +
           (secret.empty() ? "0" : "600") + (is_secure ? "; Secure" : "");
}

Response send_to(std::string address) {
    Response response{.status = 303, .content_type = "text/plain; charset=utf-8"};
    response.headers.push_back({"Location", std::move(address)});
    return response;
}

// Back to our page, which says in the person's language what went wrong.
Response send_back(const Context& context, std::string_view why) {
    Response response = send_to("/#/sign-in/" + std::string(why));
    response.headers.push_back({"Set-Cookie", secret_cookie("", context.names.is_secure)});
    return response;
}

// By the name the browser used, which the gate has found to be one of ours.
std::string redirect_address(const Call& call) {
    return (call.context.names.is_secure ? "https://" : "http://") +
           std::string(call.request.header("Host")) + std::string(kCallbackPath);
}

// Attempts are counted apart from passwords: a stranger's page that leads browsers here must not
// lock an office out.
std::string counted(const std::string& address) {
    return "provider " + address;
}

// What is told to whom, by the way a sign-in failed.
void fail(Context& context, const OidcError& error, const std::string& address,
          const Respond& respond) {
    const bool is_refused = error.kind == OidcError::Kind::refused;
    if (!is_refused) {
        context.lockout.withdraw("", counted(address));  // nobody guessed anything
    }
    context.people.note(context.now(), "(unknown name)",
                        "sign-in through the provider failed from " + address + ": " + error.what);
    respond(send_back(context, is_refused ? "refused" : "unreachable"));
}

void let_in(Context& context, const std::string& name, const std::string& address,
            const Respond& respond) {
    const Time now = context.now();
    const auto person = context.people.find(name);
    if (!person) {
        context.people.note(now, "(unknown name)",
                            "sign-in through the provider failed from " + address +
                                ": nobody of this name is known here");
        respond(send_back(context, "unknown"));
        return;
    }
    context.lockout.succeed("", counted(address));
    const auto token = context.people.open_session(person->name, now);
    if (!token) {
        respond(send_back(context, "unreachable"));
        return;
    }
    context.people.note(now, person->name, "signed in through the provider from " + address);
    Response response = send_to("/");
    const bool is_secure = context.names.is_secure;
    response.headers.push_back({"Set-Cookie", session_cookie(*token, is_secure)});
    response.headers.push_back({"Set-Cookie", secret_cookie("", is_secure)});
    respond(std::move(response));
}

// Of the browser that comes back: its secret, if the state is the one made of it.
std::optional<std::string> returned_secret(const Call& call) {
    const auto secret = cookie(call.request, kSecretCookie);
    const bool is_ours = secret && SignInSecret::is_well_formed(*secret) &&
                         call.target.parameter("state") == SignInSecret::state(*secret);
    return is_ours ? std::optional(std::string(*secret)) : std::nullopt;
}

// What is wrong with the address alone; empty: nothing.
std::string problem_of(const Call& call, const OidcProvider& provider) {
    const auto issuer = call.target.parameter("iss");
    if (issuer && *issuer != provider.settings().issuer) {
        return "another provider answered";  // RFC 9207 §2.4
    }
    if (call.target.parameter("error")) {
        return "the provider refused";
    }
    const auto code = call.target.parameter("code");
    return !code || code->empty() || code->size() > kCodeMax ? "no code came back" : "";
}

// True: answered already. Only a browser that goes to a page comes here: what another site loads as
// a picture or into a frame must not count as somebody's failed attempts.
bool is_out_of_place(const Call& call, const Respond& respond) {
    if (call.context.oidc == nullptr) {
        respond(error_response(404, "no_provider", "Sign in with name and password here."));
        return true;
    }
    const std::string_view kind = call.request.header("Sec-Fetch-Dest");
    if (call.request.method != "GET" || (!kind.empty() && kind != "document")) {
        respond(error_response(400, "not_a_page", "This address is for a browser's own window."));
        return true;
    }
    return false;
}

}  // namespace

void show_ways_in(const Call& call, const Respond& respond) {
    const OidcProvider* provider = call.context.oidc;
    respond({.body = "{\"password\":true,\"provider\":" +
                     (provider == nullptr ? "null" : text_json(provider->settings().name)) + "}"});
}

void go_to_provider(const Call& call, const Respond& respond) {
    Context& context = call.context;
    if (is_out_of_place(call, respond)) {
        return;
    }
    const std::string redirect = redirect_address(call);
    const Time now = context.now();
    const bool is_taken = context.on_provider([&context, redirect, now, respond] {
        const std::string secret = SignInSecret::fresh();
        const auto address = context.oidc->sign_in_address(secret, redirect, now);
        context.on_web([&context, address, secret, respond] {
            if (!address) {
                context.people.note(context.now(), "(centre)",
                                    "no sign-in through the provider: " + address.error().what);
                respond(send_back(context, "unreachable"));
                return;
            }
            Response response = send_to(*address);
            response.headers.push_back(
                {"Set-Cookie", secret_cookie(secret, context.names.is_secure)});
            respond(std::move(response));
        });
    });
    if (!is_taken) {
        respond(send_back(context, "busy"));
    }
}

void come_from_provider(const Call& call, const Respond& respond) {
    Context& context = call.context;
    if (is_out_of_place(call, respond)) {
        return;
    }
    const std::string address = call.request.from.to_string();
    if (context.lockout.begin("", counted(address), context.now())) {
        respond(send_back(context, "locked"));
        return;
    }
    const auto secret = returned_secret(call);
    if (!secret) {
        fail(context, {OidcError::Kind::refused, "it was not begun in this browser"}, address,
             respond);
        return;
    }
    if (const std::string problem = problem_of(call, *context.oidc); !problem.empty()) {
        fail(context, {OidcError::Kind::refused, problem}, address, respond);
        return;
    }
    const SignInAnswer answer{std::string(*call.target.parameter("code")), *secret,
                              redirect_address(call)};
    const Time now = context.now();
    const bool is_taken = context.on_provider([&context, answer, now, address, respond] {
        const auto name = context.oidc->name_of(answer, now);
        context.on_web([&context, name, address, respond] {
            if (name) {
                let_in(context, *name, address, respond);
            } else {
                fail(context, name.error(), address, respond);
            }
        });
    });
    if (!is_taken) {
        context.lockout.withdraw("", counted(address));
        respond(send_back(context, "busy"));
    }
}

}  // namespace lanze::api
