// Thanks: a supervisor passes them on by the number of the contact, and need not know who it was.
#include <utility>

#include "api/commands.h"
#include "api/handlers.h"
#include "api/json_view.h"

namespace lanze::api {

namespace {

Response nobody_to_thank() {
    return error_response(409, "nobody_to_thank",
                          "Nobody had this contact, or it is not known any more who it was.");
}

// On the web thread. The answer names nobody: praise reaches the person, and no one else learns who
// had which contact.
void deliver(Context& context, core::AgentId agent, const Thank& thank, const Respond& respond) {
    const ports::AgentView* view = agent.is_set() ? context.live.picture().agent(agent) : nullptr;
    if (view == nullptr || context.thanks == nullptr) {
        respond(nobody_to_thank());
        return;
    }
    if (!context.thanks->add(view->name, thank)) {
        respond(error_response(503, "not_stored", "The file of the thanks cannot be written."));
        return;
    }
    respond({.status = 204});
}

// Who has the contact, or is in its wrap-up; unset: nobody, or it is over.
core::AgentId agent_of_open(const Picture& picture, core::ContactId id) {
    if (const ports::ContactView* contact = picture.contact(id)) {
        return contact->answered ? contact->agent : core::AgentId{};
    }
    for (const auto& [agent, view] : picture.agents()) {
        if (view.contact == id) {
            return agent;
        }
    }
    return {};
}

}  // namespace

void pass_thanks_on(const Call& call, const Respond& respond) {
    if (is_starting(call, respond)) {
        return;
    }
    const auto fields = parse_fields(call.request.body);
    const std::string text = fields && fields->contains("text") ? fields->at("text") : "";
    const bool is_blank = text.find_first_not_of(" \t\r\n") == std::string::npos;
    if (is_blank || text.size() > Thanks::kTextMax) {
        respond(error_response(400, "bad_thanks",
                               "Send {\"text\": ...} with 1 to 1000 bytes: what was said."));
        return;
    }
    Context& context = call.context;
    const core::ContactId id{call.id};
    Thank thank{0, text, "", call.identity.person.name, context.now()};
    context.people.note(thank.at, thank.from,
                        "passed thanks on for contact " + std::to_string(call.id));
    if (const core::AgentId agent = agent_of_open(context.live.picture(), id); agent.is_set()) {
        deliver(context, agent, thank, respond);
        return;
    }
    if (!context.read_handler) {
        respond(nobody_to_thank());
        return;
    }
    const bool is_taken = context.on_reader([&context, id, thank, respond] {
        const HandledBy handled = context.read_handler(id);
        context.on_web([&context, handled, thank, respond]() mutable {
            const ports::QueueView* queue = context.live.picture().queue(handled.queue);
            thank.queue = queue == nullptr ? "" : queue->name;
            deliver(context, handled.agent, thank, respond);
        });
    });
    if (!is_taken) {
        respond(error_response(503, "too_busy", "Too many lists are read at once; try again."));
    }
}

void show_own_thanks(const Call& call, const Respond& respond) {
    std::vector<std::string> items;
    const std::vector<Thank> all = call.context.thanks == nullptr
                                       ? std::vector<Thank>{}
                                       : call.context.thanks->of(call.identity.person.agent);
    items.reserve(all.size());
    for (const Thank& each : all) {
        items.push_back("{\"id\":" + std::to_string(each.id) + ",\"text\":" + text_json(each.text) +
                        ",\"queue\":" + (each.queue.empty() ? "null" : text_json(each.queue)) +
                        ",\"from\":" + text_json(each.from) +
                        ",\"at\":" + text_json(time_text(each.at)) + "}");
    }
    respond({.body = "{\"thanks\":" + array_json(items) + "}"});
}

void remove_own_thanks(const Call& call, const Respond& respond) {
    const bool is_removed =
        call.context.thanks != nullptr &&
        call.context.thanks->remove(call.identity.person.agent, static_cast<std::int64_t>(call.id));
    respond(is_removed ? Response{.status = 204}
                       : error_response(404, "not_found", "You have no such thanks."));
}

}  // namespace lanze::api
