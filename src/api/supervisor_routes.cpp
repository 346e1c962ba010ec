// What supervisors, and programs that plan, do to agents and to contacts that wait.
#include <utility>

#include "api/bodies.h"
#include "api/commands.h"
#include "api/handlers.h"

namespace lanze::api {

namespace {

// The agent of the path; nothing: answered already.
std::optional<core::AgentId> named_agent(const Call& call, const Respond& respond) {
    if (is_starting(call, respond)) {
        return std::nullopt;
    }
    const core::AgentId id{static_cast<std::uint32_t>(call.id)};
    if (id.value() != call.id || call.context.live.picture().agent(id) == nullptr) {
        respond(error_response(404, "not_found", "There is no such agent."));
        return std::nullopt;
    }
    return id;
}

void note(const Call& call, const std::string& what) {
    call.context.people.note(call.context.now(), call.identity.person.name, what);
}

void note_of_agent(const Call& call, const std::string& what, core::AgentId id) {
    const ports::AgentView* agent = call.context.live.picture().agent(id);
    note(call, what + (agent == nullptr ? "" : agent->name));
}

// What was read of the body; nothing: answered already, with `code`.
template <typename Value>
std::optional<Value> taken(Result<Value, std::string> read, std::string_view code,
                           const Respond& respond) {
    if (!read) {
        respond(error_response(400, code, read.error()));
        return std::nullopt;
    }
    return std::move(*read);
}

// Contacts are not looked up first: the centre knows better than the picture whether one still
// waits, and a repeated request is answered like the first although it waits no more.
void submit_for_contact(const Call& call, const std::string& what, core::Command command,
                        const Respond& respond) {
    note(call, what + std::to_string(call.id));
    submit(call, std::move(command), respond);
}

}  // namespace

void make_agent_ready(const Call& call, const Respond& respond) {
    if (const auto agent = named_agent(call, respond)) {
        note_of_agent(call, "made ready: ", *agent);
        submit(call, core::Ready{*agent}, respond);
    }
}

void make_agent_not_ready(const Call& call, const Respond& respond) {
    const auto reason = reason_of(call, respond);
    if (!reason) {
        return;
    }
    if (const auto agent = named_agent(call, respond)) {
        note_of_agent(call, "made not ready: ", *agent);
        submit(call, core::NotReady{*agent, *reason}, respond);
    }
}

void plan_shift(const Call& call, const Respond& respond) {
    const auto agent = named_agent(call, respond);
    if (!agent) {
        return;
    }
    auto shift =
        taken(read_shift(call.request.body, *agent, call.context.now()), "bad_shift", respond);
    if (shift) {
        note_of_agent(call, "planned the shift of ", *agent);
        submit(call, std::move(*shift), respond);
    }
}

void drop_shift(const Call& call, const Respond& respond) {
    if (const auto agent = named_agent(call, respond)) {
        note_of_agent(call, "dropped the shift of ", *agent);
        const Time now = call.context.now();
        submit(call, core::PlanShift{*agent, now, now, {}}, respond);
    }
}

// The trail does not say to whom: it is no list of an agent's contacts.
void assign_contact(const Call& call, const Respond& respond) {
    if (const auto agent = taken(read_agent(call.request.body), "bad_agent", respond)) {
        submit_for_contact(call, "assigned contact ",
                           core::Assign{core::ContactId{call.id}, *agent}, respond);
    }
}

void move_contact(const Call& call, const Respond& respond) {
    const auto name = taken(read_queue_name(call.request.body), "bad_queue", respond);
    if (!name || is_starting(call, respond)) {
        return;
    }
    for (const auto& [id, queue] : call.context.live.picture().queues()) {
        if (queue.name == *name) {
            submit_for_contact(call, "moved to " + *name + ": contact ",
                               core::MoveContact{core::ContactId{call.id}, id}, respond);
            return;
        }
    }
    respond(error_response(400, "bad_queue",
                           "queue is the name of no queue; GET /api/v1/queues tells them."));
}

void prioritise_contact(const Call& call, const Respond& respond) {
    if (const auto priority = taken(read_priority(call.request.body), "bad_priority", respond)) {
        submit_for_contact(call, "gave priority " + std::to_string(*priority) + " to contact ",
                           core::Prioritise{core::ContactId{call.id}, *priority}, respond);
    }
}

void change_needs(const Call& call, const Respond& respond) {
    auto needs = taken(read_needs(call.request.body, call.context.live.picture().skills()),
                       "bad_needs", respond);
    if (needs) {
        submit_for_contact(call, "changed the needs of contact ",
                           core::ChangeNeeds{core::ContactId{call.id}, std::move(*needs)}, respond);
    }
}

}  // namespace lanze::api
