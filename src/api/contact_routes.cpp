// What an agent's desk shows of his contact, what he writes down, and his own day.
#include <algorithm>
#include <utility>

#include "api/commands.h"
#include "api/handlers.h"
#include "api/json_view.h"
#include "api/own_day_json.h"
#include "core/caller.h"

namespace lanze::api {

namespace {

constexpr std::size_t kRemarkMax = 4'000;  // bytes

// Presented to him, in conversation with him, or in his wrap-up.
bool is_own_contact(const Call& call) {
    const ports::AgentView* agent = own_agent_view(call);
    if (agent == nullptr) {
        return false;
    }
    const core::ContactId id{call.id};
    const ports::ContactView* contact = call.context.live.picture().contact(id);
    return agent->contact == id || (contact != nullptr && contact->agent == agent->id) ||
           std::ranges::find(agent->written, id, &ports::WrittenView::contact) !=
               agent->written.end();
}

void refuse_others(const Call& call, const Respond& respond) {
    call.context.people.note(
        call.context.now(), call.identity.person.name,
        "asked for contact " + std::to_string(call.id) + ", which is not his: refused");
    respond(error_response(403, "not_your_contact",
                           "You are not in this contact, nor in its wrap-up."));
}

std::string_view chosen_word(ports::ChosenBy by) {
    switch (by) {
        case ports::ChosenBy::only_one:
            return "only_one";
        case ports::ChosenBy::longest_idle:
            return "longest_idle";
        case ports::ChosenBy::least_occupied:
            return "least_occupied";
        case ports::ChosenBy::best_level:
            return "best_level";
        case ports::ChosenBy::lowest_level:
            return "lowest_level";
        case ports::ChosenBy::fixed_order:
            return "fixed_order";
        case ports::ChosenBy::round_robin:
            return "round_robin";
        case ports::ChosenBy::chance:
            return "chance";
        case ports::ChosenBy::became_free:
            return "became_free";
        case ports::ChosenBy::widened:
            return "widened";
        case ports::ChosenBy::preferred:
            return "preferred";
        case ports::ChosenBy::assigned:
            return "assigned";
    }
    return "";
}

std::string chosen_json(const std::optional<ports::Chosen>& chosen) {
    return chosen ? "{\"by\":" + text_json(chosen_word(chosen->by)) +
                        ",\"of\":" + std::to_string(chosen->of) + "}"
                  : "null";
}

std::string time_or_null(const std::optional<Time>& time) {
    return time ? text_json(time_text(*time)) : "null";
}

std::string earlier_json(const EarlierContact& earlier) {
    const core::ContactRecord& record = earlier.record;
    return "{\"id\":" + std::to_string(record.contact.value()) +
           ",\"queue\":" + std::to_string(record.queue.value()) +
           ",\"queued\":" + text_json(time_text(record.queued)) +
           ",\"answered\":" + time_or_null(record.answered) +
           ",\"ended\":" + text_json(time_text(record.ended)) +
           ",\"end\":" + text_json(word(record.end)) + ",\"outcome\":" + text_json(record.outcome) +
           ",\"remark\":" + text_json(earlier.remark) + "}";
}

// The part that the picture knows; `contact` null: it is over, and who asks is no part of it.
std::string known_json(const Call& call, const ports::ContactView* contact) {
    if (contact == nullptr) {
        return "\"queue\":null,\"caller\":null,\"queued\":null,\"answered\":null,"
               "\"chosen\":null,\"screen_pop\":null";
    }
    const ports::QueueView* queue = call.context.live.picture().queue(contact->queue);
    const std::string name = queue == nullptr ? "" : queue->name;
    // Of a question `caller` is the colleague; and who is nobody known has no number to look up.
    const std::string pop =
        contact->about.is_set() ? std::string() : call.context.screen_pops.of(name);
    const bool is_known = !core::caller_address(contact->caller).empty();
    const ScreenPopValues values{
        std::string(is_known ? core::caller_number(contact->caller) : std::string_view()), name,
        std::to_string(contact->id.value())};
    return "\"queue\":" + std::to_string(contact->queue.value()) +
           ",\"caller\":" + text_json(contact->caller) +
           ",\"queued\":" + text_json(time_text(contact->queued)) +
           ",\"answered\":" + time_or_null(contact->answered) +
           ",\"chosen\":" + chosen_json(contact->chosen) +
           ",\"screen_pop\":" + (pop.empty() ? "null" : text_json(fill_screen_pop(pop, values)));
}

}  // namespace

void show_contact_at_desk(const Call& call, const Respond& respond) {
    if (is_starting(call, respond)) {
        return;
    }
    if (!is_own_contact(call) && !call.identity.person.roles.sees_all()) {
        refuse_others(call, respond);
        return;
    }
    if (!call.context.read_memory) {
        respond(error_response(503, "no_records", "Ended contacts are not kept by this centre."));
        return;
    }
    const core::ContactId id{call.id};
    const ports::ContactView* contact = call.context.live.picture().contact_or_recent(id);
    const std::string head = "{\"contact\":" + std::to_string(call.id) + "," +
                             known_json(call, contact) +
                             ",\"remembered_days\":" + std::to_string(call.context.remember_days);
    const ReadMemory& read = call.context.read_memory;
    const bool is_taken = call.context.on_reader([&read, id, head, respond] {
        const ContactMemory memory = read(id);
        std::vector<std::string> earlier;
        earlier.reserve(memory.earlier.size());
        for (const EarlierContact& each : memory.earlier) {
            earlier.push_back(earlier_json(each));
        }
        respond({.body = head + ",\"remark\":" + text_json(memory.remark) +
                         ",\"earlier\":" + array_json(earlier) + "}"});
    });
    if (!is_taken) {
        respond(error_response(503, "too_busy", "Too many lists are read at once; try again."));
    }
}

// The centre looks once more whether he is still in it.
void write_remark(const Call& call, const Respond& respond) {
    if (is_starting(call, respond)) {
        return;
    }
    const auto fields = parse_fields(call.request.body);
    if (!fields || !fields->contains("text") || fields->at("text").size() > kRemarkMax) {
        respond(error_response(400, "bad_remark", "Send {\"text\": ...} with at most 4000 bytes."));
        return;
    }
    if (!is_own_contact(call)) {
        refuse_others(call, respond);
        return;
    }
    call.context.centre.remark(own_agent_view(call)->id, core::ContactId{call.id},
                               fields->at("text"), tell(respond));
}

void show_own_day(const Call& call, const Respond& respond) {
    const auto agent = own_agent(call, respond);
    if (!agent) {
        return;
    }
    call.context.centre.own_day(*agent, [respond](const std::optional<ports::OwnDay>& day) {
        respond(day ? Response{.body = own_day_json(*day)}
                    : error_response(404, "not_found", "There is no such agent."));
    });
}

}  // namespace lanze::api
