#include "api/json_view.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>

#include "api/outside_json.h"

namespace lanze::api {

namespace {

namespace json = boost::json;

// The length of the UTF-8 sequence at the front (RFC 3629 §4); 0 if it is none.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [text](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto is_tail = [&byte](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF && is_tail(1)) {
        return 2;
    }
    const bool is_shortest3 =
        (first != 0xE0 || byte(1) >= 0xA0) && (first != 0xED || byte(1) < 0xA0);
    if ((first & 0xF0U) == 0xE0U && is_tail(1) && is_tail(2) && is_shortest3) {
        return 3;
    }
    const bool is_shortest4 =
        (first != 0xF0 || byte(1) >= 0x90) && (first != 0xF4 || byte(1) < 0x90);
    const bool is_four = first >= 0xF0 && first <= 0xF4 && is_tail(1) && is_tail(2) && is_tail(3);
    return is_four && is_shortest4 ? 4 : 0;
}

// Callers' names come from the network as they are; a page that is sent broken UTF-8 would close
// its WebSocket (RFC 6455 §8.1).
std::string valid_utf8(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        result += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return result;
}

json::value time_json(Time time) {
    return json::string(time_text(time));
}

json::value time_json(const std::optional<Time>& time) {
    return time ? time_json(*time) : json::value(nullptr);
}

json::array texts_json(const std::vector<std::string>& texts) {
    json::array list;
    for (const std::string& text : texts) {
        list.emplace_back(valid_utf8(text));
    }
    return list;
}

json::object names_json(const NameChanges& names) {
    return {{"added", texts_json(names.added)},
            {"removed", texts_json(names.removed)},
            {"changed", texts_json(names.changed)}};
}

template <typename AnyId>
json::value id_json(AnyId id) {
    return id.is_set() ? json::value(id.value()) : json::value(nullptr);
}

json::value reason_json(const std::optional<core::NotReadyReason>& reason) {
    return reason ? json::value(json::string(word(*reason))) : json::value(nullptr);
}

std::string_view word(ports::AgentState state) {
    switch (state) {
        case ports::AgentState::ready:
            return "ready";
        case ports::AgentState::not_ready:
            return "not_ready";
        case ports::AgentState::alerting:
            return "alerting";
        case ports::AgentState::talking:
            return "talking";
        case ports::AgentState::wrap_up:
            return "wrap_up";
    }
    return "";
}

std::string_view word(core::WithheldBy by) {
    switch (by) {
        case core::WithheldBy::occupancy_ceiling:
            return "ceiling";
        case core::WithheldBy::break_due:
            return "break_due";
        case core::WithheldBy::shift_over:
            return "shift_over";
    }
    return "";
}

std::string_view word(core::ServiceLevelDefinition definition) {
    using enum core::ServiceLevelDefinition;
    switch (definition) {
        case answered_within_per_offered_less_short:
            return "answered_within_per_offered_less_short";
        case answered_within_per_offered:
            return "answered_within_per_offered";
        case answered_within_per_answered:
            return "answered_within_per_answered";
        case answered_or_abandoned_within_per_offered:
            return "answered_or_abandoned_within_per_offered";
    }
    return "";
}

json::object needs_json(const core::Skills& needs) {
    json::object levels;
    for (const core::SkillLevel& need : needs) {
        levels[valid_utf8(need.skill)] = need.level;
    }
    return levels;
}

std::string_view word(ports::FoundBy found_by) {
    switch (found_by) {
        case ports::FoundBy::idle_agent:
            return "idle_agent";
        case ports::FoundBy::service_rate:
            return "service_rate";
        case ports::FoundBy::head_of_line:
            return "head_of_line";
        case ports::FoundBy::too_little_known:
            return "too_little_known";
        case ports::FoundBy::nobody_at_work:
            return "nobody_at_work";
    }
    return "";
}

std::string_view word(ports::RiseCause cause) {
    switch (cause) {
        case ports::RiseCause::fewer_agents:
            return "fewer_agents";
        case ports::RiseCause::others_went_before:
            return "others_went_before";
        case ports::RiseCause::longer_handle_times:
            return "longer_handle_times";
        case ports::RiseCause::slower_than_usual:
            return "slower_than_usual";
        case ports::RiseCause::another_queue:
            return "another_queue";
    }
    return "";
}

json::value told_wait_value(const std::optional<ports::ToldWait>& told) {
    if (!told) {
        return nullptr;
    }
    const auto whole = [&](Duration time) {
        return told->has_range() ? json::value(std::chrono::duration_cast<seconds>(time).count())
                                 : json::value(nullptr);
    };
    return json::object{
        {"low_s", whole(told->low)},
        {"high_s", whole(told->high)},
        {"told_at", time_json(told->at)},
        {"found_by", word(told->found_by)},
        {"cause", told->cause ? json::value(word(*told->cause)) : json::value(nullptr)}};
}

json::array written_json(const std::vector<ports::WrittenView>& written, Seer seer) {
    json::array list;
    for (const ports::WrittenView& each : written) {
        json::object object{{"contact", each.contact.value()},
                            {"state", word(each.state)},
                            {"since", time_json(each.since)},
                            {"until", time_json(each.until)}};
        if (seer == Seer::himself) {
            object["is_wrap_up_extended"] = each.is_wrap_up_extended;
        }
        list.push_back(std::move(object));
    }
    return list;
}

double in_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

}  // namespace

std::string_view word(core::ContactEnd end) {
    switch (end) {
        case core::ContactEnd::abandoned:
            return "abandoned";
        case core::ContactEnd::finished:
            return "finished";
        case core::ContactEnd::cut_off:
            return "cut_off";
        case core::ContactEnd::closed:
            return "closed";
        case core::ContactEnd::transferred:
            return "transferred";
        case core::ContactEnd::not_reached:
            return "not_reached";
    }
    return "";
}

std::string_view word(ports::ContactState state) {
    switch (state) {
        case ports::ContactState::waiting:
            return "waiting";
        case ports::ContactState::alerting:
            return "alerting";
        case ports::ContactState::talking:
            return "talking";
        case ports::ContactState::on_hold:
            return "on_hold";
    }
    return "";
}

std::string_view word(core::Channel channel) {
    switch (channel) {
        case core::Channel::voice:
            return "voice";
        case core::Channel::callback:
            return "callback";
        case core::Channel::chat:
            return "chat";
        case core::Channel::message:
            return "message";
        case core::Channel::outbound:
            return "outbound";
        case core::Channel::consultation:
            return "consultation";
        case core::Channel::own_call:
            return "own_call";
    }
    return "";
}

std::string_view word(core::EndedBy by) {
    switch (by) {
        case core::EndedBy::caller:
            return "caller";
        case core::EndedBy::agent:
            return "agent";
        case core::EndedBy::centre:
            return "centre";
    }
    return "";
}

std::string_view word(core::CutOffCause cause) {
    switch (cause) {
        case core::CutOffCause::media_silent:
            return "media_silent";
        case core::CutOffCause::session_expired:
            return "session_expired";
        case core::CutOffCause::signalling_lost:
            return "signalling_lost";
        case core::CutOffCause::restart:
            return "restart";
        case core::CutOffCause::centre_closed:
            return "centre_closed";
        case core::CutOffCause::time_limit:
            return "time_limit";
    }
    return "";
}

std::string_view word(core::NotReadyReason reason) {
    switch (reason) {
        case core::NotReadyReason::signed_out:
            return "signed_out";
        case core::NotReadyReason::break_time:
            return "break_time";
        case core::NotReadyReason::meeting:
            return "meeting";
        case core::NotReadyReason::training:
            return "training";
        case core::NotReadyReason::other:
            return "other";
        case core::NotReadyReason::wrap_up:
            return "wrap_up";
        case core::NotReadyReason::phone_unreachable:
            return "phone_unreachable";
        case core::NotReadyReason::phone_busy:
            return "phone_busy";
        case core::NotReadyReason::missed:
            return "missed";
        case core::NotReadyReason::breather:
            return "breather";
    }
    return "";
}

std::optional<core::NotReadyReason> chosen_reason(std::string_view text) {
    using enum core::NotReadyReason;
    for (const core::NotReadyReason reason : {break_time, meeting, training, other}) {
        if (word(reason) == text) {
            return reason;
        }
    }
    return std::nullopt;
}

std::string text_json(std::string_view text) {
    return json::serialize(json::string(valid_utf8(text)));
}

std::string time_text(Time time) {
    using namespace std::chrono;
    const sys_time<microseconds> at{microseconds(to_micros(time))};
    const auto midnight = floor<days>(at);
    const year_month_day date{midnight};
    const hh_mm_ss clock{at - midnight};
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()),
                  static_cast<int>(clock.subseconds().count()));
    return text.data();
}

std::string told_wait_json(const std::optional<ports::ToldWait>& told) {
    return json::serialize(told_wait_value(told));
}

std::string queue_json(const ports::QueueView& queue) {
    return json::serialize(json::object{
        {"id", queue.id.value()},
        {"name", valid_utf8(queue.name)},
        {"waiting", queue.waiting},
        {"longest_waiting_since", time_json(queue.longest_waiting_since)},
        {"talking", queue.talking},
        {"agents_ready", queue.agents_ready},
        {"agents_signed_on", queue.agents_signed_on},
        {"short_of", queue.short_of},
        {"is_open", queue.is_open},
        {"changes_at", time_json(queue.changes_at)},
        {"offered", queue.offered},
        {"answered", queue.answered},
        {"abandoned", queue.abandoned},
        {"diverted", queue.diverted},
        {"cut_off", queue.cut_off},
        {"blocked", queue.blocked},
        {"answered_within", queue.answered_within},
        {"service_level",
         {{"part", queue.service_level_part},
          {"whole", queue.service_level_whole},
          {"definition", word(queue.service_level.definition)},
          {"within_s", std::chrono::duration_cast<seconds>(queue.service_level.within).count()}}},
        {"told_wait", told_wait_value(queue.told_wait)},
    });
}

std::string agent_json(const ports::AgentView& agent, Seer seer) {
    json::object object{
        {"id", agent.id.value()},
        {"name", valid_utf8(agent.name)},
        {"state", word(agent.state)},
        {"reason", reason_json(agent.reason)},
        {"wish", reason_json(agent.wish)},
        {"since", time_json(agent.since)},
        {"until", time_json(agent.until)},
        {"contact", id_json(agent.contact)},
        {"has_desk", agent.has_desk},
        {"is_phone_reachable", agent.is_phone_reachable},
        {"written", written_json(agent.written, seer)},
    };
    if (seer == Seer::himself) {
        object["withheld"] =
            agent.withheld ? json::value(word(*agent.withheld)) : json::value(nullptr);
        object["wants_breather"] = agent.wants_breather;
        object["is_wrap_up_extended"] = agent.is_wrap_up_extended;
        object["may_dial"] = dialable_json(agent.may_dial);
        object["dialled"] = own_call_json(agent.dialled);
    }
    return json::serialize(object);
}

bool looks_alike(const ports::AgentView& a, const ports::AgentView& b) {
    ports::AgentView shown = a;
    shown.withheld = b.withheld;
    shown.wants_breather = b.wants_breather;
    shown.may_dial = b.may_dial;
    shown.dialled = b.dialled;
    shown.is_wrap_up_extended = b.is_wrap_up_extended;
    for (std::size_t i = 0; i < std::min(a.written.size(), b.written.size()); ++i) {
        shown.written[i].is_wrap_up_extended = b.written[i].is_wrap_up_extended;
    }
    return shown == b;
}

static json::array consultations_json(const std::vector<ports::ConsultationView>& consultations) {
    json::array array;
    for (const ports::ConsultationView& one : consultations) {
        array.push_back(json::object{
            {"contact", one.contact.value()},
            {"queue", one.queue.value()},
            {"state", word(one.state)},
            {"colleague",
             one.colleague.empty() ? json::value(nullptr) : json::value(valid_utf8(one.colleague))},
            {"is_joined", one.is_joined}});
    }
    return array;
}

std::string contact_json(const ports::ContactView& contact) {
    return json::serialize(json::object{
        {"id", contact.id.value()},
        {"queue", contact.queue.value()},
        {"channel", word(contact.channel)},
        {"state", word(contact.state)},
        {"queued", time_json(contact.queued)},
        {"since", time_json(contact.since)},
        {"agent", id_json(contact.agent)},
        {"caller", valid_utf8(contact.caller)},
        {"priority", contact.priority},
        {"step", contact.step},
        {"is_overdue", contact.is_overdue},
        {"needs", needs_json(contact.needs)},
        {"told_wait", told_wait_value(contact.told_wait)},
        {"about", id_json(contact.about)},
        {"about_caller", contact.about_caller.empty()
                             ? json::value(nullptr)
                             : json::value(valid_utf8(contact.about_caller))},
        {"is_joined", contact.is_joined},
        {"consultations", consultations_json(contact.consultations)},
        {"outside", outside_json(contact.outside)},
    });
}

std::string record_json(const core::ContactRecord& record) {
    const bool is_cut_off = record.end == core::ContactEnd::cut_off;
    return json::serialize(json::object{
        {"id", record.contact.value()},
        {"queue", record.queue.value()},
        {"state", "ended"},
        {"queued", time_json(record.queued)},
        {"presented", time_json(record.presented)},
        {"answered", time_json(record.answered)},
        {"ended", time_json(record.ended)},
        {"wrap_up_ended", time_json(record.wrap_up_ended)},
        {"held_s", in_seconds(record.held)},
        {"presentations", record.presentations},
        {"end", word(record.end)},
        {"by", is_cut_off ? json::value(nullptr) : json::value(word(record.by))},
        {"cause", is_cut_off ? json::value(word(record.cause)) : json::value(nullptr)},
        {"outcome", valid_utf8(record.outcome)},
    });
}

std::string person_json(const Person& person, core::AgentId agent) {
    json::array roles;
    if (person.roles.agent) {
        roles.emplace_back("agent");
    }
    if (person.roles.planner) {
        roles.emplace_back("planner");
    }
    if (person.roles.supervisor) {
        roles.emplace_back("supervisor");
    }
    if (person.roles.administrator) {
        roles.emplace_back("administrator");
    }
    return json::serialize(json::object{
        {"name", valid_utf8(person.name)}, {"roles", std::move(roles)}, {"agent", id_json(agent)}});
}

std::string reloaded_json(const Reloaded& reloaded) {
    return json::serialize(json::object{{"sequence", reloaded.sequence},
                                        {"queues", names_json(reloaded.changes.queues)},
                                        {"agents", names_json(reloaded.changes.agents)},
                                        {"trunks", names_json(reloaded.changes.trunks)},
                                        {"sections", texts_json(reloaded.changes.sections)},
                                        {"people_made", texts_json(reloaded.people_made)}});
}

std::string reload_errors_json(const std::vector<ReloadError>& errors) {
    json::array list;
    for (const ReloadError& error : errors) {
        list.push_back(
            json::object{{"line", error.line == 0 ? json::value(nullptr) : json::value(error.line)},
                         {"field", valid_utf8(error.field)},
                         {"what", valid_utf8(error.what)},
                         {"remedy", valid_utf8(error.remedy)}});
    }
    return json::serialize(json::object{
        {"error",
         {{"code", "configuration_refused"},
          {"message", "The file was not taken, and nothing changed; see what is wrong with it."}}},
        {"errors", std::move(list)}});
}

std::string array_json(const std::vector<std::string>& items) {
    std::string text = "[";
    for (const std::string& item : items) {
        text += text.size() > 1 ? "," : "";
        text += item;
    }
    return text + "]";
}

std::optional<std::map<std::string, std::string>> parse_fields(std::string_view body) {
    std::map<std::string, std::string> fields;
    if (body.empty()) {
        return fields;
    }
    json::parse_options options;
    options.max_depth = 4;
    boost::system::error_code error;
    const json::value value =
        json::parse(json::string_view(body.data(), body.size()), error, {}, options);
    const json::object* object = error ? nullptr : value.if_object();
    if (object == nullptr) {
        return std::nullopt;
    }
    for (const auto& field : *object) {
        if (const json::string* text = field.value().if_string()) {
            fields.insert_or_assign(std::string(field.key()), std::string(*text));
        }
    }
    return fields;
}

}  // namespace lanze::api
