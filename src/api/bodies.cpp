#include "api/bodies.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <initializer_list>
#include <limits>

#include "core/skills.h"

namespace lanze::api {

namespace {

namespace json = boost::json;

constexpr std::string_view kTimeWanted = "send a time such as 2026-11-23T09:00:00Z.";

// What stands at `path` is wrong; `remedy` ends the sentence.
Unexpected<std::string> wrong(std::string_view path, std::string_view what,
                              std::string_view remedy) {
    return Unexpected(std::string(path) + " " + std::string(what) + "; " + std::string(remedy));
}

std::string joined(std::initializer_list<std::string_view> names) {
    std::string text;
    for (const std::string_view name : names) {
        text += (text.empty() ? "" : ", ") + std::string(name);
    }
    return text;
}

// The object at `path` (empty: the body itself), which has no other than these fields.
FromBody<json::object> object_of(const json::value& value, std::string_view path,
                                 std::initializer_list<std::string_view> fields) {
    const json::object* object = value.if_object();
    if (object == nullptr) {
        return wrong(path.empty() ? "The body" : path, "is no JSON object",
                     "send one with " + joined(fields) + ".");
    }
    for (const auto& field : *object) {
        if (std::ranges::find(fields, std::string_view(field.key())) == fields.end()) {
            return wrong(std::string(path) + (path.empty() ? "" : ".") + std::string(field.key()),
                         "is no field that is known here", "there is " + joined(fields) + ".");
        }
    }
    return *object;
}

FromBody<json::object> parse_object(std::string_view body,
                                    std::initializer_list<std::string_view> fields) {
    json::parse_options options;
    options.max_depth = 4;
    boost::system::error_code error;
    const json::value value =
        json::parse(json::string_view(body.data(), body.size()), error, {}, options);
    return object_of(error ? json::value(nullptr) : value, "", fields);
}

// A whole number from `min` to `max`; nothing if the field is missing or anything else.
std::optional<std::int64_t> number_in(const json::object& object, std::string_view name,
                                      std::int64_t min, std::int64_t max) {
    const json::value* value = object.if_contains(name);
    const std::int64_t* number = value == nullptr ? nullptr : value->if_int64();
    const bool is_in_range = number != nullptr && *number >= min && *number <= max;
    return is_in_range ? std::optional(*number) : std::nullopt;
}

// `path` is told, `name` is looked for.
FromBody<Time> time_in(const json::object& object, std::string_view name, std::string_view path) {
    const json::value* value = object.if_contains(name);
    if (value == nullptr) {
        return wrong(path, "is missing", kTimeWanted);
    }
    const json::string* text = value->if_string();
    const auto time = text == nullptr ? std::nullopt : parse_time(std::string_view(*text));
    if (!time) {
        return wrong(path, "is no time", kTimeWanted);
    }
    return *time;
}

FromBody<core::PlannedBreak> break_of(const json::value& value, const std::string& path) {
    const auto object = object_of(value, path, {"from", "minutes"});
    if (!object) {
        return Unexpected(object.error());
    }
    const auto from = time_in(*object, "from", path + ".from");
    if (!from) {
        return Unexpected(from.error());
    }
    const auto length = number_in(*object, "minutes", 1, kBreakMinutesMax);
    if (!length) {
        return wrong(path + ".minutes", "is missing or out of range",
                     "send a whole number from 1 to " + std::to_string(kBreakMinutesMax) + ".");
    }
    return core::PlannedBreak{*from, minutes(*length)};
}

// Why the break cannot stand where it is; nothing if it can.
std::optional<std::string> misplaced(const core::PlannedBreak& one, const core::PlanShift& shift,
                                     const std::string& path) {
    const Time free_from =
        shift.breaks.empty() ? shift.begin : shift.breaks.back().from + shift.breaks.back().length;
    if (one.from < free_from) {
        return path + ".from is before " +
               (shift.breaks.empty() ? "the shift begins" : "the break before it is over") +
               "; send the breaks in order of time, inside the shift.";
    }
    if (one.from + one.length > shift.end) {
        return path + " is not over when the shift ends; send a shorter or earlier one.";
    }
    return std::nullopt;
}

FromBody<core::PlanShift> with_breaks(core::PlanShift shift, const json::value& value) {
    const json::array* list = value.if_array();
    if (list == nullptr || list->size() > core::kPlannedBreaksMax) {
        return wrong("breaks", list == nullptr ? "is no list" : "is too long",
                     "send a list of at most " + std::to_string(core::kPlannedBreaksMax) +
                         " breaks such as {\"from\": \"2026-11-23T12:00:00Z\", \"minutes\": 30}.");
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string path = "breaks[" + std::to_string(i) + "]";
        const auto one = break_of((*list)[i], path);
        if (!one) {
            return Unexpected(one.error());
        }
        if (auto why = misplaced(*one, shift, path)) {
            return Unexpected(std::move(*why));
        }
        shift.breaks.push_back(*one);
    }
    return shift;
}

bool take(std::string_view& text, char c) {
    const bool is_there = !text.empty() && text.front() == c;
    text.remove_prefix(is_there ? 1 : 0);
    return is_there;
}

// So many digits at the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
    int value = 0;
    const std::string_view digits = text.substr(0, count);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool is_whole = digits.size() == count && digits.front() != '-' && error == std::errc{} &&
                          end == digits.data() + digits.size();
    text.remove_prefix(digits.size());
    return is_whole ? std::optional(value) : std::nullopt;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
    using namespace std::chrono;
    const auto y = take_digits(text, 4);
    const auto m = take(text, '-') ? take_digits(text, 2) : std::nullopt;
    const auto d = take(text, '-') ? take_digits(text, 2) : std::nullopt;
    if (!y || !m || !d) {
        return std::nullopt;
    }
    const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)},
                              day{static_cast<unsigned>(*d)}};
    return date.ok() ? std::optional(sys_days{date}) : std::nullopt;
}

// Hours and minutes, "09:30".
std::optional<Duration> take_hours(std::string_view& text) {
    const auto h = take_digits(text, 2);
    const auto m = take(text, ':') ? take_digits(text, 2) : std::nullopt;
    const bool is_time = h && m && *h < 24 && *m < 60;
    return is_time ? std::optional<Duration>(hours(*h) + minutes(*m)) : std::nullopt;
}

// Seconds with at most six digits behind the point. No leap seconds: nobody's shift needs one.
std::optional<Duration> take_seconds(std::string_view& text) {
    const auto whole = take_digits(text, 2);
    if (!whole || *whole >= 60) {
        return std::nullopt;
    }
    Duration result = seconds(*whole);
    if (!take(text, '.')) {
        return result;
    }
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto fraction = count >= 1 && count <= 6 ? take_digits(text, count) : std::nullopt;
    if (!fraction) {
        return std::nullopt;
    }
    int scale = 1;
    for (std::size_t i = count; i < 6; ++i) {
        scale *= 10;
    }
    return result + microseconds(*fraction * scale);
}

// How far the time told is ahead of UTC: "Z", "+01:00".
std::optional<Duration> take_offset(std::string_view& text) {
    if (take(text, 'Z')) {
        return Duration::zero();
    }
    const bool is_ahead = take(text, '+');
    if (!is_ahead && !take(text, '-')) {
        return std::nullopt;
    }
    const auto offset = take_hours(text);
    return offset && !is_ahead ? std::optional(-*offset) : offset;
}

}  // namespace

FromBody<core::AgentId> read_agent(std::string_view body) {
    const auto object = parse_object(body, {"agent"});
    if (!object) {
        return Unexpected(object.error());
    }
    const auto id =
        number_in(*object, "agent", 1, std::numeric_limits<core::AgentId::Representation>::max());
    if (!id) {
        return wrong("agent", "is missing or no id", "send the number under id of /agents.");
    }
    return core::AgentId{static_cast<core::AgentId::Representation>(*id)};
}

FromBody<std::uint8_t> read_priority(std::string_view body) {
    const auto object = parse_object(body, {"priority"});
    if (!object) {
        return Unexpected(object.error());
    }
    const auto priority = number_in(*object, "priority", 1, core::kPriorityMax);
    if (!priority) {
        return wrong("priority", "is missing or out of range",
                     "send a whole number from 1, which goes first, to 9.");
    }
    return static_cast<std::uint8_t>(*priority);
}

FromBody<std::string> read_queue_name(std::string_view body) {
    const auto object = parse_object(body, {"queue"});
    if (!object) {
        return Unexpected(object.error());
    }
    const json::value* value = object->if_contains("queue");
    const json::string* name = value == nullptr ? nullptr : value->if_string();
    if (name == nullptr || name->empty()) {
        return wrong("queue", "is missing or no text", "send the name of a queue.");
    }
    return std::string(name->data(), name->size());
}

FromBody<TransferTarget> read_transfer_target(std::string_view body) {
    const auto object = parse_object(body, {"queue", "agent", "number"});
    if (!object) {
        return Unexpected(object.error());
    }
    const auto text_of = [&](std::string_view key) {
        const json::value* value = object->if_contains(key);
        const json::string* text = value == nullptr ? nullptr : value->if_string();
        return text == nullptr ? std::string() : std::string(text->data(), text->size());
    };
    TransferTarget target{text_of("queue"), text_of("agent"), text_of("number")};
    const bool is_empty = target.queue.empty() && target.agent.empty() && target.number.empty();
    if (object->size() != 1 || is_empty) {
        return wrong("queue", "is missing, no text, or not alone",
                     "send the name of a queue, that of an agent under agent, or a number outside "
                     "under number.");
    }
    if (target.number.size() > kNumberBytesMax) {
        return wrong("number", "is too long", "send the digits of one number.");
    }
    return target;
}

FromBody<ConsultationMeant> read_consultation(std::string_view body) {
    if (body.empty()) {
        return ConsultationMeant{};
    }
    const auto object = parse_object(body, {"contact", "outside"});
    if (!object) {
        return Unexpected(object.error());
    }
    if (object->empty()) {
        return ConsultationMeant{};
    }
    if (const json::value* outside = object->if_contains("outside")) {
        const bool is_plain = object->size() == 1 && outside->is_bool() && outside->get_bool();
        return is_plain ? FromBody<ConsultationMeant>(ConsultationMeant{{}, true})
                        : wrong("outside", "is not true, or not alone", "send true or nothing.");
    }
    constexpr std::int64_t kExactMax = std::int64_t{1} << 53U;  // RFC 8259 §6
    const auto number = number_in(*object, "contact", 1, kExactMax);
    if (!number) {
        return wrong("contact", "is no number of a contact",
                     "send the number that consultations tell, or nothing.");
    }
    return ConsultationMeant{core::ContactId{static_cast<std::uint64_t>(*number)}};
}

FromBody<core::Skills> read_needs(std::string_view body, const std::vector<std::string>& known) {
    const auto object = parse_object(body, {"needs"});
    if (!object) {
        return Unexpected(object.error());
    }
    const json::value* value = object->if_contains("needs");
    const json::object* levels = value == nullptr ? nullptr : value->if_object();
    if (levels == nullptr || levels->size() > core::kOwnNeedsMax) {
        return wrong("needs", levels == nullptr ? "is missing or no JSON object" : "is too long",
                     "send at most " + std::to_string(core::kOwnNeedsMax) +
                         " skills with their levels, such as {\"french\": 2}.");
    }
    core::Skills needs;
    for (const auto& field : *levels) {
        const std::string skill(field.key());
        if (!std::ranges::binary_search(known, skill)) {
            return wrong("needs." + skill, "is a skill that no agent has", "check its spelling.");
        }
        const auto level = number_in(*levels, skill, 1, core::kLevelMax);
        if (!level) {
            return wrong("needs." + skill, "is out of range",
                         "send a level from 1 to " + std::to_string(core::kLevelMax) + ".");
        }
        needs.push_back({skill, static_cast<std::uint8_t>(*level)});
    }
    std::ranges::sort(needs, {}, &core::SkillLevel::skill);
    return needs;
}

FromBody<core::PlanShift> read_shift(std::string_view body, core::AgentId agent, Time now) {
    const auto object = parse_object(body, {"begin", "end", "breaks"});
    if (!object) {
        return Unexpected(object.error());
    }
    const auto begin = time_in(*object, "begin", "begin");
    if (!begin) {
        return Unexpected(begin.error());
    }
    const auto end = time_in(*object, "end", "end");
    if (!end) {
        return Unexpected(end.error());
    }
    if (*begin > now + kShiftFromNowMax || *begin < now - kShiftFromNowMax) {
        return wrong("begin", "is more than a year away", "check the date.");
    }
    if (*end <= *begin || *end - *begin > kShiftMax) {
        return wrong("end", *end <= *begin ? "is not after begin" : "is over 24 hours after begin",
                     "check both.");
    }
    core::PlanShift shift{agent, *begin, *end, {}};
    const json::value* breaks = object->if_contains("breaks");
    return breaks == nullptr ? FromBody<core::PlanShift>(std::move(shift))
                             : with_breaks(std::move(shift), *breaks);
}

std::optional<Time> parse_time(std::string_view text) {
    const auto date = take_date(text);
    const auto day_time = date && take(text, 'T') ? take_hours(text) : std::nullopt;
    const auto rest = day_time && take(text, ':') ? take_seconds(text) : std::nullopt;
    const auto offset = rest ? take_offset(text) : std::nullopt;
    if (!offset || !text.empty()) {
        return std::nullopt;
    }
    const Duration since_1970 = date->time_since_epoch();
    return Time{since_1970 + *day_time + *rest - *offset};
}

}  // namespace lanze::api
