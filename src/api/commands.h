// Commands of a request to the centre, with the outcome as its response.
#pragma once

#include "api/routes.h"
#include "core/command.h"

namespace lanze::api {

// Tells the outcome of a command: 200 with the journal's sequence number, or 409 with what stood in
// the way.
std::function<void(Result<std::uint64_t, ports::CommandRefused>)> tell(Respond respond);

// Hands the command to the centre, with the asker's own number for it (Idempotency-Key).
void submit(const Call& call, core::Command command, const Respond& respond);

// The asker's own agent; null: there is none (yet).
const ports::AgentView* own_agent_view(const Call& call);
// The same, where there must be one; nothing: answered already.
std::optional<core::AgentId> own_agent(const Call& call, const Respond& respond);

// True while there is no picture yet; answered then.
bool is_starting(const Call& call, const Respond& respond);

// The reason in the body; nothing: answered already.
std::optional<core::NotReadyReason> reason_of(const Call& call, const Respond& respond);

}  // namespace lanze::api
