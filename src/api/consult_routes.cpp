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
    std::string number;
};

// As tell(), with the status that fits what stood in the way of a call to a number.
std::function<void(Result<std::uint64_t, ports::CommandRefused>)> tell_dialled(
    const Respond& respond) {
    return [told = tell(respond),
            respond](const Result<std::uint64_t, ports::CommandRefused>& outcome) {
        const std::string code = outcome ? "" : outcome.error().code;
        const unsigned status = code == "bad_number"                                ? 400U
                                : code == "number_not_allowed"                      ? 403U
                                : code == "dial_limit"                              ? 429U
                                : code == "no_ports" || code == "trunk_unavailable" ? 503U
                                                                                    : 409U;
        if (status == 409U) {
            told(outcome);
        } else {
            respond(error_response(status, code, outcome.error().message));
        }
    };
}

// A number outside that is asked or talks along about the agent's own contact.
bool has_outside(const ports::ContactView* own) {
    return own != nullptr && own->outside && own->outside->state != ports::OutsideState::ended;
}

// Nothing: answered already.
std::optional<Destination> destination_of(const Call& call, const Respond& respond) {
    const auto target = read_transfer_target(call.request.body);
    if (!target) {
        respond(error_response(400, "bad_target", target.error()));
        return std::nullopt;
    }
    const Picture& picture = call.context.live.picture();
    Destination destination;
    destination.number = target->number;
    if (!destination.number.empty()) {
        return destination;
    }
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
    const auto chosen =
        named->contact.is_set()
            ? std::ranges::find(all, named->contact, &ports::ConsultationView::contact)
        : open != all.end()            ? open
        : wanted == Wanted::joined_too ? all.begin()
                                       : all.end();
    if (chosen == all.end()) {
        respond(named->contact.is_set()
                    ? error_response(403, "not_your_consultation",
                                     "Only the agent whose contact it is about may do this.")
                    : error_response(409, "no_consultation",
                                     "Every colleague who was asked talks along already."));
        return std::nullopt;
    }
    return chosen->contact;
}

// The number outside is meant where the body says so, or where it names nobody and only the number
// is asked. True: it was, and is told to the centre.
bool steps_outside(const Call& call, ports::OutsideStep step, const Respond& respond) {
    const auto named = read_consultation(call.request.body);
    const ports::AgentView* agent =
        call.context.live.picture().has_begun() ? own_agent_view(call) : nullptr;
    const ports::ContactView* own =
        agent == nullptr ? nullptr : call.context.live.picture().contact_of(agent->id);
    if (!named || !has_outside(own) || named->contact.is_set()) {
        return false;
    }
    const bool asks_colleague = std::ranges::any_of(
        own->consultations, [](const ports::ConsultationView& one) { return !one.is_joined; });
    const bool is_meant = named->is_outside || own->consultations.empty() ||
                          (!own->outside->is_joined && !asks_colleague);
    if (is_meant) {
        call.context.centre.outside(agent->id, step, tell(respond));
    }
    return is_meant;
}

}  // namespace

// Of the contact the agent talks in; the centre knows whether he still does. Another's chat is none
// of his.
void transfer_own_contact(const Call& call, const Respond& respond) {
    const auto destination = destination_of(call, respond);
    const auto agent = destination ? own_agent(call, respond) : std::nullopt;
    if (agent && !destination->number.empty()) {
        if (call.id != 0) {
            respond(error_response(400, "bad_target", "A chat goes to a queue or to an agent."));
            return;
        }
        call.context.centre.dial(*agent, destination->number, ports::DialFor::transfer,
                                 tell_dialled(respond));
        return;
    }
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
    if (!agent) {
        return;
    }
    const ports::ContactView* talk = call.context.live.picture().contact_of(*agent);
    if (talk != nullptr && talk->channel == core::Channel::own_call) {
        respond(error_response(409, "channel_does_not_fit",
                               "This is a call of your own; there is nobody to ask about."));
    } else if (!destination->number.empty()) {
        call.context.centre.dial(*agent, destination->number, ports::DialFor::consultation,
                                 tell_dialled(respond));
    } else if (has_outside(talk) && !talk->outside->is_joined) {
        respond(error_response(409, "consultation_open",
                               "You are asking a number outside; end that first."));
    } else {
        const core::ContactId own = call.context.live.picture().agent(*agent)->contact;
        submit(call, core::Consult{own, destination->queue, destination->agent}, respond);
    }
}

// Of his own accord, about no contact.
void call_somebody(const Call& call, const Respond& respond) {
    const auto destination = destination_of(call, respond);
    if (const auto agent = destination ? own_agent(call, respond) : std::nullopt) {
        call.context.centre.call_somebody(
            *agent, {destination->agent, destination->queue, destination->number},
            tell_dialled(respond));
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
    if (steps_outside(call, ports::OutsideStep::join, respond)) {
        return;
    }
    if (const auto consultation = own_consultation(call, respond, Wanted::open)) {
        submit(call, core::Join{*consultation}, respond);
    }
}

void complete_consultation(const Call& call, const Respond& respond) {
    if (steps_outside(call, ports::OutsideStep::complete, respond)) {
        return;
    }
    if (const auto consultation = own_consultation(call, respond, Wanted::joined_too)) {
        submit(call, core::CompleteTransfer{*consultation}, respond);
    }
}

void end_consultation(const Call& call, const Respond& respond) {
    if (steps_outside(call, ports::OutsideStep::end, respond)) {
        return;
    }
    if (const auto consultation = own_consultation(call, respond, Wanted::joined_too)) {
        submit(call, core::HangUp{*consultation, core::EndedBy::caller}, respond);
    }
}

}  // namespace lanze::api
