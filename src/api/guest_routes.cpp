#include <chrono>
#include <utility>

#include "api/gate.h"
#include "api/guest_messages.h"
#include "api/guests.h"
#include "api/handlers.h"
#include "api/json_view.h"

namespace lanze::api {

namespace {

Response page_is_off() {
    return error_response(404, "no_call_page", "This centre takes no calls from web pages.");
}

Response to_response(const Guests::Refused& refused) {
    Response response = error_response(refused.status, refused.code, refused.message);
    if (refused.retry_after) {
        const auto whole = std::chrono::ceil<seconds>(*refused.retry_after).count();
        response.headers.push_back({"Retry-After", std::to_string(whole)});
    }
    return response;
}

}  // namespace

void show_concerns(const Call& call, const Respond& respond) {
    Context& context = call.context;
    respond(context.guests == nullptr
                ? page_is_off()
                : Response{.body = context.guests->concerns_json(context.now())});
}

void give_challenge(const Call& call, const Respond& respond) {
    Context& context = call.context;
    respond(context.guests == nullptr ? page_is_off()
                                      : Response{.body = context.guests->challenge_json(
                                                     call.request.from, context.now())});
}

void begin_guest_call(const Call& call, const Respond& respond) {
    Context& context = call.context;
    if (context.guests == nullptr) {
        respond(page_is_off());
        return;
    }
    const auto wish = read_guest_wish(call.request.body);
    if (!wish) {
        respond(error_response(400, "bad_body", wish.error()));
        return;
    }
    const auto outcome = context.guests->begin(*wish, call.request.from, context.now());
    if (const auto* refused = std::get_if<Guests::Refused>(&outcome)) {
        respond(to_response(*refused));
        return;
    }
    const auto& begun = std::get<Guests::Begun>(outcome);
    respond({.status = 201,
             .body = "{\"token\":" + text_json(begun.token) +
                     ",\"expires\":" + text_json(time_text(begun.expires)) + "}"});
}

void end_guest_call(const Call& call, const Respond& respond) {
    Context& context = call.context;
    const auto token = bearer_token(call.request);
    if (context.guests == nullptr || !token || !context.guests->hang_up(*token, context.now())) {
        respond(context.guests == nullptr
                    ? page_is_off()
                    : error_response(404, "no_such_call", "There is no such call (any more)."));
        return;
    }
    respond({.status = 204, .content_type = ""});
}

}  // namespace lanze::api
