#include "api/guest_messages.h"

#include "api/json_object.h"
#include "api/json_view.h"
#include "api/telephone.h"
#include "base/variant.h"

namespace lanze::api {

namespace {

namespace json = boost::json;

constexpr std::size_t kDepthMax = 4;
constexpr std::size_t kTextMax = 32'768;  // a browser's description of its audio is much shorter
constexpr std::size_t kTokenMax = 128;

std::optional<ports::GuestMessage> guest_message(const ports::PhoneMessage& message) {
    return match(
        message,
        [](const ports::PhoneClosed& closed) { return std::optional<ports::GuestMessage>(closed); },
        [](const ports::PhoneDescribed& described) {
            return std::optional<ports::GuestMessage>(described);
        },
        [](const ports::PhoneBroken& broken) { return std::optional<ports::GuestMessage>(broken); },
        [](const auto&) { return std::optional<ports::GuestMessage>(); });
}

// Characters that are not seen or that turn the direction of writing: with them a name could look
// like something else at the desk.
bool is_hidden(std::string_view text) {
    if (text.size() < 3 || text[0] != '\xE2') {
        return false;
    }
    const auto second = static_cast<unsigned char>(text[1]);
    const auto third = static_cast<unsigned char>(text[2]);
    return (second == 0x80 && third >= 0x8B && third <= 0x8F) ||  // U+200B to U+200F
           (second == 0x80 && third >= 0xA8 && third <= 0xAE) ||  // U+2028 to U+202E
           (second == 0x81 && third >= 0xA0 && third <= 0xAF);    // U+2060 to U+206F
}

// What the desk shows as a number stands in angle brackets; nobody may write that himself.
std::string clean_name(std::string_view typed) {
    std::string name;
    while (!typed.empty()) {
        const auto first = static_cast<unsigned char>(typed.front());
        if (is_hidden(typed)) {
            typed.remove_prefix(3);
            continue;
        }
        const bool is_odd = first < 0x20 || first == 0x7F || first == '<' || first == '>';
        const bool doubles_space = first == ' ' && (name.empty() || name.back() == ' ');
        if (!is_odd && !doubles_space) {
            name.push_back(typed.front());
        }
        typed.remove_prefix(1);
    }
    while (!name.empty() && name.back() == ' ') {
        name.pop_back();
    }
    return name;
}

std::optional<core::Channel> channel_of(std::string_view kind) {
    if (kind == "voice") {
        return core::Channel::voice;
    }
    return kind == "text" ? std::optional(core::Channel::chat) : std::nullopt;
}

}  // namespace

FromBody<GuestSays> read_guest_message(std::string_view text) {
    if (text.size() > kTextMax) {
        return Unexpected(std::string("The message is longer than 32 KiB."));
    }
    const auto object = parse_object(text, kDepthMax);
    const auto type = object ? find_text(*object, "type") : std::nullopt;
    if (!type) {
        return Unexpected(std::string("The message is no JSON object with a type."));
    }
    if (*type == "hello") {
        const auto token = find_text(*object, "token");
        return token && !token->empty() && token->size() <= kTokenMax
                   ? FromBody<GuestSays>(GuestHello{std::string(*token)})
                   : Unexpected(std::string("token is missing or too long."));
    }
    if (*type == "chat_typing") {
        return GuestSays(GuestTypes{});
    }
    if (*type == "chat_say") {
        const auto line = find_text(*object, "text");
        return line ? FromBody<GuestSays>(GuestLine{std::string(*line)})
                    : Unexpected(std::string("text is missing or no text."));
    }
    if (*type == "phone_close") {
        return GuestSays(ports::GuestMessage(ports::PhoneClosed{true}));
    }
    const auto as_agent = read_page_message(text);
    if (!as_agent) {
        return Unexpected(as_agent.error());
    }
    const auto* phone = std::get_if<ports::PhoneMessage>(&*as_agent);
    const auto message = phone == nullptr ? std::nullopt : guest_message(*phone);
    return message ? FromBody<GuestSays>(*message)
                   : Unexpected(std::string("There is no message of this type for a guest."));
}

FromBody<GuestWish> read_guest_wish(std::string_view body) {
    const auto object = parse_object(body, kDepthMax);
    if (!object) {
        return Unexpected(std::string("Send {\"queue\": ..., \"kind\": \"voice\"}."));
    }
    GuestWish wish;
    wish.queue = text_in(*object, "queue");
    if (wish.queue.empty()) {
        return Unexpected(std::string("queue is missing; send a name of GET /api/v1/call."));
    }
    const auto channel = channel_of(text_in(*object, "kind"));
    if (!channel) {
        return Unexpected(std::string("kind is missing or not known; send voice or text."));
    }
    wish.channel = *channel;
    const std::string_view name = text_in(*object, "name");
    if (name.size() > kGuestNameMax) {
        return Unexpected(std::string("name is longer than 100 bytes."));
    }
    wish.name = clean_name(name);
    if (const json::value* solution = object->if_contains("solution");
        solution != nullptr && solution->is_object()) {
        wish.challenge = text_in(solution->get_object(), "challenge");
        wish.answer = text_in(solution->get_object(), "answer");
    }
    return wish;
}

std::string_view word(ports::GuestOverReason reason) {
    switch (reason) {
        case ports::GuestOverReason::hung_up:
            return "hung_up";
        case ports::GuestOverReason::ended:
            return "ended";
        case ports::GuestOverReason::queue_closed:
            return "queue_closed";
        case ports::GuestOverReason::queue_full:
            return "queue_full";
        case ports::GuestOverReason::busy:
            return "busy";
        case ports::GuestOverReason::not_offered:
            return "not_offered";
        case ports::GuestOverReason::no_audio:
            return "no_audio";
        case ports::GuestOverReason::cut_off:
            return "cut_off";
        case ports::GuestOverReason::centre_closed:
            return "centre_closed";
    }
    return "";
}

std::string_view guest_word(core::Channel channel) {
    return channel == core::Channel::voice ? "voice" : "text";
}

std::string place_json(const GuestPlace& place) {
    return R"({"type":"place","state":")" + std::string(word(place.state)) +
           "\",\"before\":" + (place.before ? std::to_string(*place.before) : "null") +
           ",\"told_wait\":" + told_wait_json(place.told_wait) +
           ",\"queued\":" + text_json(time_text(place.queued)) +
           ",\"since\":" + text_json(time_text(place.since)) + ",\"why\":null}";
}

std::string over_json(ports::GuestOverReason reason) {
    return R"({"type":"place","state":"over","before":null,"told_wait":null,"queued":null,)"
           R"("since":null,"why":")" +
           std::string(word(reason)) + "\"}";
}

std::string welcome_json(std::string_view queue, core::Channel channel) {
    return R"({"type":"welcome","queue":)" + text_json(queue) + ",\"kind\":\"" +
           std::string(guest_word(channel)) + "\"}";
}

std::string guest_phone_json(const ports::GuestNews& news, std::string_view ice_servers) {
    return match(
        news, [](const ports::GuestQueued&) { return std::string(); },
        [](const ports::GuestOver&) { return std::string(); },
        [&](const auto& phone) { return phone_news_json(ports::PhoneNews(phone), ice_servers); });
}

}  // namespace lanze::api
