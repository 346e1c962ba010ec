#include "api/bodies.h"
#include "api/commands.h"
#include "api/handlers.h"
#include "api/json_view.h"

namespace lanze::api {

namespace {

constexpr std::size_t kOutcomeMax = 64;

}  // namespace

void make_own_desk_ready(const Call& call, const Respond& respond) {
    if (const auto agent = own_agent(call, respond)) {
        submit(call, core::Ready{*agent}, respond);
    }
}

void make_own_desk_not_ready(const Call& call, const Respond& respond) {
    const auto reason = reason_of(call, respond);
    if (!reason) {
        return;
    }
    if (const auto agent = own_agent(call, respond)) {
        submit(call, core::NotReady{*agent, *reason}, respond);
    }
}

void reject_presented(const Call& call, const Respond& respond) {
    if (const auto agent = own_agent(call, respond)) {
        call.context.centre.reject(*agent, core::ContactId{call.id}, tell(respond));
    }
}

void hang_up_own_contact(const Call& call, const Respond& respond) {
    if (const auto agent = own_agent(call, respond)) {
        call.context.centre.hang_up(*agent, core::ContactId{call.id}, tell(respond));
    }
}

void take_presented_chat(const Call& call, const Respond& respond) {
    if (const auto agent = own_agent(call, respond)) {
        call.context.centre.take(*agent, core::ContactId{call.id}, tell(respond));
    }
}

void end_own_wrap_up(const Call& call, const Respond& respond) {
    const auto fields = parse_fields(call.request.body);
    const std::string outcome = fields && fields->contains("outcome") ? fields->at("outcome") : "";
    if (!fields || outcome.size() > kOutcomeMax) {
        respond(
            error_response(400, "bad_outcome", "Send {\"outcome\": ...} with at most 64 bytes."));
        return;
    }
    if (const auto agent = own_agent(call, respond)) {
        submit(call, core::EndWrapUp{*agent, outcome, core::ContactId{call.id}}, respond);
    }
}

void extend_own_wrap_up(const Call& call, const Respond& respond) {
    if (const auto agent = own_agent(call, respond)) {
        submit(call, core::ExtendWrapUp{*agent, core::ContactId{call.id}}, respond);
    }
}

void take_own_breather(const Call& call, const Respond& respond) {
    if (const auto agent = own_agent(call, respond)) {
        submit(call, core::TakeBreather{*agent}, respond);
    }
}

}  // namespace lanze::api
