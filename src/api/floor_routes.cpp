#include <algorithm>
#include <iterator>
#include <utility>

#include "api/commands.h"
#include "api/handlers.h"
#include "api/json_view.h"
#include "api/metrics.h"
#include "api/openapi.h"

namespace lanze::api {

namespace {

constexpr std::uint64_t kContactsMax = 1'000;
constexpr std::uint64_t kContactsDefault = 100;

Response not_found(std::string_view what) {
    return error_response(404, "not_found", "There is no such " + std::string(what) + ".");
}

Response list_of(std::string_view name, const std::vector<std::string>& items) {
    return {.body = "{\"" + std::string(name) + "\":" + array_json(items) + "}"};
}

// The id of the asker's own agent; unset if there is none (yet).
core::AgentId own_agent(const Call& call) {
    const ports::AgentView* agent = own_agent_view(call);
    return agent == nullptr ? core::AgentId{} : agent->id;
}

Seer seer_of(const Call& call, core::AgentId agent) {
    return agent == own_agent(call) ? Seer::himself : Seer::others;
}

bool sees(const Call& call, core::AgentId agent) {
    return call.identity.person.roles.sees_all() || (agent.is_set() && agent == own_agent(call));
}

// The page of a list that is asked for; nothing if a parameter is not a number in range.
struct Paging {
    std::uint64_t limit = kContactsDefault;
    std::uint64_t before = 0;  // 0: from the newest on
};

std::optional<Paging> parse_paging(const Target& target) {
    Paging paging;
    if (const auto text = target.parameter("limit"); text && !text->empty()) {
        paging.limit = parse_number(*text).value_or(0);
    }
    if (const auto text = target.parameter("before"); text && !text->empty()) {
        const auto before = parse_number(*text);
        if (!before) {
            return std::nullopt;
        }
        paging.before = *before;
    }
    const bool is_in_range = paging.limit >= 1 && paging.limit <= kContactsMax;
    return is_in_range ? std::optional(paging) : std::nullopt;
}

std::vector<std::string> open_contacts(const Call& call, const Paging& paging) {
    const auto& contacts = call.context.live.picture().contacts();
    auto it =
        paging.before == 0 ? contacts.end() : contacts.lower_bound(core::ContactId{paging.before});
    std::vector<std::string> items;
    while (it != contacts.begin() && items.size() < paging.limit) {
        --it;
        if (sees(call, it->second.agent)) {
            items.push_back(contact_json(it->second));
        }
    }
    return items;
}

// Reads records elsewhere; `then` makes the response of them, there.
void read_records(const Call& call, const RecordQuery& query, const Respond& respond,
                  std::function<Response(const std::vector<core::ContactRecord>&)> then) {
    if (!call.context.read_records) {
        respond(error_response(503, "no_records", "Ended contacts are not kept by this centre."));
        return;
    }
    const ReadRecords& read = call.context.read_records;
    const bool is_taken = call.context.on_reader(
        [&read, query, respond, then = std::move(then)] { respond(then(read(query))); });
    if (!is_taken) {
        respond(error_response(503, "too_busy", "Too many lists are read at once; try again."));
    }
}

void show_ended(const Call& call, const Paging& paging, const Respond& respond) {
    if (!call.identity.person.roles.sees_records()) {
        respond(error_response(403, "not_a_planner",
                               "Only planners and supervisors see ended contacts."));
        return;
    }
    RecordQuery query{.before = core::ContactId{paging.before},
                      .limit = static_cast<std::uint32_t>(paging.limit)};
    read_records(call, query, respond, [](const std::vector<core::ContactRecord>& records) {
        std::vector<std::string> items;
        std::ranges::transform(records, std::back_inserter(items), record_json);
        return list_of("contacts", items);
    });
}

}  // namespace

void show_openapi(const Call&, const Respond& respond) {
    respond({.body = std::string(openapi_document())});
}

void show_health(const Call& call, const Respond& respond) {
    const Picture& picture = call.context.live.picture();
    Response response{.status = picture.has_begun() ? 200U : 503U};
    // Open to anybody, so counts only; /metrics names the trunks.
    const std::vector<ports::TrunkFigures> trunks = call.context.centre.figures().trunks;
    const auto registered = std::ranges::count_if(trunks, &ports::TrunkFigures::is_registered);
    response.body = std::string("{\"status\":\"") + (picture.has_begun() ? "ok" : "starting") +
                    "\",\"version\":" + text_json(call.context.version) +
                    ",\"sequence\":" + std::to_string(picture.sequence()) +
                    ",\"trunks\":{\"registering\":" + std::to_string(trunks.size()) +
                    ",\"registered\":" + std::to_string(registered) + "}}";
    respond(std::move(response));
}

void show_metrics(const Call& call, const Respond& respond) {
    const Context& context = call.context;
    ApiFigures figures{.sockets = context.live.sockets(),
                       .chat_bytes = context.live.chats().bytes(),
                       .guests = {}};
    if (context.guests != nullptr) {
        figures.guests = context.guests->figures();
    }
    respond({.content_type = kMetricsContentType,
             .body = metrics_text(context.centre.figures(), context.live.picture(), figures)});
}

void show_queues(const Call& call, const Respond& respond) {
    if (is_starting(call, respond)) {
        return;
    }
    std::vector<std::string> items;
    for (const auto& [id, queue] : call.context.live.picture().queues()) {
        items.push_back(queue_json(queue));
    }
    respond(list_of("queues", items));
}

void show_queue(const Call& call, const Respond& respond) {
    if (is_starting(call, respond)) {
        return;
    }
    const core::QueueId id{static_cast<std::uint32_t>(call.id)};
    const ports::QueueView* queue =
        id.value() == call.id ? call.context.live.picture().queue(id) : nullptr;
    respond(queue == nullptr ? not_found("queue") : Response{.body = queue_json(*queue)});
}

void show_agents(const Call& call, const Respond& respond) {
    if (is_starting(call, respond)) {
        return;
    }
    std::vector<std::string> items;
    for (const auto& [id, agent] : call.context.live.picture().agents()) {
        if (sees(call, id)) {
            items.push_back(agent_json(agent, seer_of(call, id)));
        }
    }
    respond(list_of("agents", items));
}

void show_agent(const Call& call, const Respond& respond) {
    if (is_starting(call, respond)) {
        return;
    }
    const core::AgentId id{static_cast<std::uint32_t>(call.id)};
    if (id.value() != call.id || !sees(call, id)) {
        respond(call.identity.person.roles.sees_all()
                    ? not_found("agent")
                    : error_response(403, "not_own_agent", "Agents see only themselves."));
        return;
    }
    const ports::AgentView* agent = call.context.live.picture().agent(id);
    respond(agent == nullptr ? not_found("agent")
                             : Response{.body = agent_json(*agent, seer_of(call, id))});
}

void show_contacts(const Call& call, const Respond& respond) {
    if (is_starting(call, respond)) {
        return;
    }
    const auto paging = parse_paging(call.target);
    const std::string_view state = call.target.parameter("state").value_or("open");
    if (!paging || (state != "open" && state != "ended")) {
        respond(error_response(
            400, "bad_query",
            "state is open or ended, limit a number from 1 to 1000, before a contact's id."));
        return;
    }
    if (state == "ended") {
        show_ended(call, *paging, respond);
        return;
    }
    respond(list_of("contacts", open_contacts(call, *paging)));
}

void show_contact(const Call& call, const Respond& respond) {
    if (is_starting(call, respond)) {
        return;
    }
    const core::ContactId id{call.id};
    const ports::ContactView* contact = call.context.live.picture().contact(id);
    if (contact != nullptr && sees(call, contact->agent)) {
        respond({.body = contact_json(*contact)});
        return;
    }
    if (!call.identity.person.roles.sees_records()) {
        respond(not_found("contact"));
        return;
    }
    read_records(call, {.only = id, .limit = 1}, respond,
                 [](const std::vector<core::ContactRecord>& records) {
                     return records.empty() ? not_found("contact")
                                            : Response{.body = record_json(records.front())};
                 });
}

void show_why(const Call& call, const Respond& respond) {
    if (!call.context.read_why) {
        respond(error_response(503, "no_records", "Reasons are not kept by this centre."));
        return;
    }
    const ReadWhy& read = call.context.read_why;
    const core::ContactId id{call.id};
    const bool is_taken = call.context.on_explainer([&read, id, respond] {
        auto why = read(id);
        if (!why) {
            respond(error_response(500, "journal_unreadable", why.error()));
            return;
        }
        respond(*why ? Response{.body = std::move(**why)} : not_found("contact"));
    });
    if (!is_taken) {
        respond(error_response(503, "too_busy", "Too many lists are read at once; try again."));
    }
}

}  // namespace lanze::api
