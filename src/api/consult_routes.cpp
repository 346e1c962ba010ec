// What an agent does with colleagues about his own contact: hand it on, ask one, talk together.
#include <algorithm>

#include "api/bodies.h"
#include "api/commands.h"
#include "api/handlers.h"
#include "api/json_view.h"
#include "api/target.h"

namespace lanze::api {

namespace {

struct Destination {
    core::QueueId queue;
    core::AgentId agent;
};

// Nothing: answered already.
std::optional<Destination> destination_of(const Call& call, const Respond& respond) {
    const auto target = read_transfer_target(call.request.body);
    if (!target) {
        respond(error_response(400, "bad_target", target.error()));
        return std::nullopt;
    }
    const Picture& picture = call.context.live.picture();
    Destination destination;
    if (const ports::AgentView* other = picture.agent_named(target->agent)) {
        destination.agent = other->id;
    }
    for (const auto& [id, queue] : picture.queues()) {
        destination.queue = queue.name == target->queue ? id : destination.queue;
    }
    if (!destination.agent.is_set() && !destination.queue.is_set()) {
        respond(error_response(400, "bad_target",
                               "This is the name of no queue and no agent; GET /api/v1/queues and "
                               "/api/v1/agents tell them."));
        return std::nullopt;
    }
    return destination;
}

enum class Wanted : std::uint8_t { open, joined_too };

// The consultation that is meant: the one the body names, or the one that has not been joined to
// the conference, or else the first of it. Nothing: answered already.
std::optional<core::ContactId> own_consultation(const Call& call, const Respond& respond,
                                                Wanted wanted) {
    const auto named = read_consultation(call.request.body);
    if (!named) {
        respond(error_response(400, "bad_contact", named.error()));
        return std::nullopt;
    }
    const auto agent = own_agent(call, respond);
    if (!agent) {
        return std::nullopt;
    }
    const ports::ContactView* own = call.context.live.picture().contact_of(*agent);
    const bool asks = own != nullptr && !own->about.is_set() && !own->consultations.empty();
    if (!asks) {
        respond(error_response(409, "no_consultation",
                               "You are asking no colleague about the contact you talk in."));
        return std::nullopt;
    }
    const auto& all = own->consultations;
    const auto open = std::ranges::find(all, false, &ports::ConsultationView::is_joined);
    const auto chosen = named->is_set()
                            ? std::ranges::find(all, *named, &ports::ConsultationView::contact)
                        : open != all.end()            ? open
                        : wanted == Wanted::joined_too ? all.begin()
                                                       : all.end();
    if (chosen == all.end()) {
        respond(named->is_set()
                    ? error_response(403, "not_your_consultation",
                                     "Only the agent whose contact it is about may do this.")
                    : error_response(409, "no_consultation",
                                     "Every colleague who was asked talks along already."));
        return std::nullopt;
    }
    return chosen->contact;
}

}  // namespace

// Of the contact the agent talks in; the centre knows whether he still does. Another's chat is none
// of his.
void transfer_own_contact(const Call& call, const Respond& respond) {
    const auto destination = destination_of(call, respond);
    const auto agent = destination ? own_agent(call, respond) : std::nullopt;
    if (agent) {
        const Picture& picture = call.context.live.picture();
        const ports::ContactView* chat = picture.contact(core::ContactId{call.id});
        const bool is_his_chat = chat != nullptr && chat->agent == *agent;
        const core::ContactId own = call.id == 0  ? picture.agent(*agent)->contact
                                    : is_his_chat ? chat->id
                                                  : core::ContactId{};
        submit(call, core::Transfer{own, destination->queue, destination->agent}, respond);
    }
}

void consult_about_own_contact(const Call& call, const Respond& respond) {
    const auto destination = destination_of(call, respond);
    const auto agent = destination ? own_agent(call, respond) : std::nullopt;
    if (agent) {
        const core::ContactId own = call.context.live.picture().agent(*agent)->contact;
        submit(call, core::Consult{own, destination->queue, destination->agent}, respond);
    }
}

void talk_in_consultation(const Call& call, const Respond& respond) {
    const auto fields = parse_fields(call.request.body);
    const std::string partner = fields && fields->contains("with") ? fields->at("with") : "";
    if (partner != "caller" && partner != "colleague") {
        respond(
            error_response(400, "bad_partner", "Send {\"with\": ...} with caller or colleague."));
        return;
    }
    if (const auto agent = own_agent(call, respond)) {
        call.context.centre.talk_with(
            *agent,
            partner == "caller" ? ports::TalkPartner::caller : ports::TalkPartner::colleague,
            tell(respond));
    }
}

void join_consultation(const Call& call, const Respond& respond) {
    if (const auto consultation = own_consultation(call, respond, Wanted::open)) {
        submit(call, core::Join{*consultation}, respond);
    }
}

void complete_consultation(const Call& call, const Respond& respond) {
    if (const auto consultation = own_consultation(call, respond, Wanted::joined_too)) {
        submit(call, core::CompleteTransfer{*consultation}, respond);
    }
}

void end_consultation(const Call& call, const Respond& respond) {
    if (const auto consultation = own_consultation(call, respond, Wanted::joined_too)) {
        submit(call, core::HangUp{*consultation, core::EndedBy::caller}, respond);
    }
}

}  // namespace lanze::api
