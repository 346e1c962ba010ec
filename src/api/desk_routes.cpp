#include "api/bodies.h"
#include "api/commands.h"
#include "api/handlers.h"
#include "api/json_view.h"

namespace lanze::api {

namespace {

constexpr std::size_t kOutcomeMax = 64;

// The asker's agent; nothing: answered already.
std::optional<core::AgentId> own_agent(const Call& call, const Respond& respond) {
    if (is_starting(call, respond)) {
        return std::nullopt;
    }
    const ports::AgentView* agent =
        call.context.live.picture().agent_named(call.identity.person.agent);
    if (agent == nullptr) {
        respond(error_response(403, "no_desk",
                               "The configuration has no agent for this person any more."));
        return std::nullopt;
    }
    return agent->id;
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

// Of the contact the agent talks in; the centre knows whether he still does. Another's chat is none
// of his.
void transfer_own_contact(const Call& call, const Respond& respond) {
    const auto target = read_transfer_target(call.request.body);
    if (!target) {
        respond(error_response(400, "bad_target", target.error()));
        return;
    }
    const auto agent = own_agent(call, respond);
    if (!agent) {
        return;
    }
    const Picture& picture = call.context.live.picture();
    core::Transfer transfer{picture.agent(*agent)->contact, {}, {}};
    if (call.id != 0) {
        const ports::ContactView* chat = picture.contact(core::ContactId{call.id});
        const bool is_his = chat != nullptr && chat->agent == *agent;
        transfer.contact = is_his ? chat->id : core::ContactId{};
    }
    if (const ports::AgentView* other = picture.agent_named(target->agent)) {
        transfer.agent = other->id;
    }
    for (const auto& [id, queue] : picture.queues()) {
        transfer.queue = queue.name == target->queue ? id : transfer.queue;
    }
    if (!transfer.agent.is_set() && !transfer.queue.is_set()) {
        respond(error_response(400, "bad_target",
                               "This is the name of no queue and no agent; GET /api/v1/queues and "
                               "/api/v1/agents tell them."));
        return;
    }
    submit(call, transfer, respond);
}

void take_own_breather(const Call& call, const Respond& respond) {
    if (const auto agent = own_agent(call, respond)) {
        submit(call, core::TakeBreather{*agent}, respond);
    }
}

}  // namespace lanze::api
