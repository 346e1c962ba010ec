#include "api/commands.h"

#include <algorithm>
#include <utility>

#include "api/json_view.h"

namespace lanze::api {

namespace {

constexpr std::size_t kRequestIdMax = 128;

using Outcome = Result<std::uint64_t, ports::CommandRefused>;

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

}  // namespace

// Called on the signal thread, where it only passes the outcome on.
std::function<void(Outcome)> tell(Respond respond) {
    return [respond = std::move(respond)](Outcome outcome) {
        respond(outcome ? Response{.body = "{\"sequence\":" + std::to_string(*outcome) + "}"}
                        : error_response(409, outcome.error().code, outcome.error().message));
    };
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

bool is_starting(const Call& call, const Respond& respond) {
    if (call.context.live.picture().has_begun()) {
        return false;
    }
    respond(error_response(503, "starting", "The centre is starting; try again in a moment."));
    return true;
}

const ports::AgentView* own_agent_view(const Call& call) {
    return call.context.live.picture().agent_named(call.identity.person.agent);
}

std::optional<core::AgentId> own_agent(const Call& call, const Respond& respond) {
    if (is_starting(call, respond)) {
        return std::nullopt;
    }
    const ports::AgentView* agent = own_agent_view(call);
    if (agent == nullptr) {
        respond(error_response(403, "no_desk",
                               "The configuration has no agent for this person any more."));
        return std::nullopt;
    }
    return agent->id;
}

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

}  // namespace lanze::api
