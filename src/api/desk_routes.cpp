#include <algorithm>
#include <utility>

#include "api/handlers.h"
#include "api/json_view.h"

namespace lanze::api {

namespace {

constexpr std::size_t kRequestIdMax = 128;
constexpr std::size_t kOutcomeMax = 64;

using Outcome = Result<std::uint64_t, ports::CommandRefused>;

// Tells the outcome of a command; called on the signal thread, where it only passes it on.
std::function<void(Outcome)> tell(Respond respond) {
    return [respond = std::move(respond)](Outcome outcome) {
        respond(outcome ? Response{.body = "{\"sequence\":" + std::to_string(*outcome) + "}"}
                        : error_response(409, outcome.error().code, outcome.error().message));
    };
}

// What the asker numbered the request with, made his own so that two askers' numbers never meet.
// Nothing if it cannot be one.
std::optional<std::string> request_id(const Call& call) {
    const std::string_view key = call.request.header("Idempotency-Key");
    const bool is_plain = std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7f; });
    if (key.empty()) {
        return "";
    }
    if (key.size() > kRequestIdMax || !is_plain) {
        return std::nullopt;
    }
    return call.identity.person.name + ":" + std::string(key);
}

void submit(const Call& call, core::Command command, const Respond& respond) {
    auto id = request_id(call);
    if (!id) {
        respond(error_response(400, "bad_idempotency_key",
                               "Idempotency-Key has at most 128 printable ASCII characters."));
        return;
    }
    call.context.centre.submit(std::move(command), std::move(*id), tell(respond));
}

// The asker's agent; nothing: answered already.
std::optional<core::AgentId> own_agent(const Call& call, const Respond& respond) {
    const Picture& picture = call.context.live.picture();
    if (!picture.has_begun()) {
        respond(error_response(503, "starting", "The centre is starting; try again in a moment."));
        return std::nullopt;
    }
    const ports::AgentView* agent = picture.agent_named(call.identity.person.agent);
    if (agent == nullptr) {
        respond(error_response(403, "no_desk",
                               "The configuration has no agent for this person any more."));
        return std::nullopt;
    }
    return agent->id;
}

// The agent of the path; nothing: answered already.
std::optional<core::AgentId> named_agent(const Call& call, const Respond& respond) {
    const core::AgentId id{static_cast<std::uint32_t>(call.id)};
    if (id.value() != call.id || call.context.live.picture().agent(id) == nullptr) {
        respond(error_response(404, "not_found", "There is no such agent."));
        return std::nullopt;
    }
    return id;
}

// The reason in the body; nothing: answered already.
std::optional<core::NotReadyReason> reason_of(const Call& call, const Respond& respond) {
    const auto fields = parse_fields(call.request.body);
    const auto reason =
        fields && fields->contains("reason") ? chosen_reason(fields->at("reason")) : std::nullopt;
    if (!reason) {
        respond(error_response(400, "bad_reason",
                               "Send {\"reason\": ...} with break_time, meeting, training or "
                               "other."));
    }
    return reason;
}

void note_command(const Call& call, std::string_view what) {
    const ports::AgentView* agent =
        call.context.live.picture().agent(core::AgentId{static_cast<std::uint32_t>(call.id)});
    call.context.people.note(call.context.now(), call.identity.person.name,
                             std::string(what) + (agent == nullptr ? "" : agent->name));
}

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
        call.context.centre.reject(*agent, tell(respond));
    }
}

void hang_up_own_contact(const Call& call, const Respond& respond) {
    if (const auto agent = own_agent(call, respond)) {
        call.context.centre.hang_up(*agent, tell(respond));
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
        submit(call, core::EndWrapUp{*agent, outcome}, respond);
    }
}

void make_agent_ready(const Call& call, const Respond& respond) {
    if (const auto agent = named_agent(call, respond)) {
        note_command(call, "made ready: ");
        submit(call, core::Ready{*agent}, respond);
    }
}

void make_agent_not_ready(const Call& call, const Respond& respond) {
    const auto reason = reason_of(call, respond);
    if (!reason) {
        return;
    }
    if (const auto agent = named_agent(call, respond)) {
        note_command(call, "made not ready: ");
        submit(call, core::NotReady{*agent, *reason}, respond);
    }
}

}  // namespace lanze::api
