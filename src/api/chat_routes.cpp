// Files in chats, as agents and guests send and fetch them.
#include "api/commands.h"
#include "api/gate.h"
#include "api/guests.h"
#include "api/handlers.h"
#include "api/oidc.h"

namespace lanze::api {

namespace {

// Of the token in the header; nothing: nobody.
std::optional<ports::GuestId> guest_of(const Call& call) {
    const auto token = bearer_token(call.request);
    Guests* guests = call.context.guests;
    return guests == nullptr || !token ? std::nullopt : guests->known(*token);
}

Response file_response(const Call& call, const ChatFile* file) {
    if (file == nullptr) {
        return error_response(404, "no_file", "There is no such file in a chat of yours.");
    }
    FileTurn turn = call.context.files_going.take(call.request.from);
    if (turn == nullptr) {
        Response busy =
            error_response(503, "too_busy", "Too many files are fetched at once; try again.");
        busy.headers.push_back({"Retry-After", "5"});
        return busy;
    }
    Response response{
        .content_type = std::string(file->type), .body = file->bytes, .held = std::move(turn)};
    // Saved, never shown: whatever it is, it does nothing in the name of this page.
    response.headers.push_back(
        {"Content-Disposition", "attachment; filename*=UTF-8''" + form_encoded(file->name)});
    return response;
}

Response sent_response(const Result<std::uint64_t, ports::CommandRefused>& sent) {
    if (sent) {
        return {.status = 201, .body = "{\"file\":" + std::to_string(*sent) + "}"};
    }
    const bool is_kind = sent.error().code == "file_kind";
    return error_response(is_kind ? 415 : 409, sent.error().code, sent.error().message);
}

}  // namespace

void send_file_to_guest(const Call& call, const Respond& respond) {
    if (const auto agent = own_agent(call, respond)) {
        respond(sent_response(call.context.live.chats().agent_sends(
            *agent, core::ContactId{call.id}, call.target.parameter("name").value_or(""),
            call.request.body, call.context.now())));
    }
}

void show_file_to_agent(const Call& call, const Respond& respond) {
    Live& live = call.context.live;
    if (const auto agent = own_agent(call, respond)) {
        respond(file_response(call, live.chats().file_for_agent(*agent, call.id, live.picture())));
    }
}

void send_file_to_agent(const Call& call, const Respond& respond) {
    const auto guest = guest_of(call);
    respond(guest ? sent_response(call.context.live.chats().guest_sends(
                        *guest, call.target.parameter("name").value_or(""), call.request.body,
                        call.context.now()))
                  : error_response(401, "no_such_call", "There is no such call (any more)."));
}

void show_file_to_guest(const Call& call, const Respond& respond) {
    const auto guest = guest_of(call);
    respond(file_response(
        call, guest ? call.context.live.chats().file_for_guest(*guest, call.id) : nullptr));
}

}  // namespace lanze::api
