#include "api/telephone.h"

#include <memory>

#include "api/json_object.h"
#include "api/json_view.h"
#include "api/live.h"
#include "base/variant.h"

namespace lanze::api {

namespace {

namespace json = boost::json;

// A description longer than the edge takes is refused there; this bounds what is looked at here.
constexpr std::size_t kMessageMax = 32'768;
constexpr std::size_t kDepthMax = 4;

// A number above 0.
std::optional<std::uint64_t> number_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    const std::int64_t* number = value == nullptr ? nullptr : value->if_int64();
    return number == nullptr || *number <= 0 ? std::nullopt
                                             : std::optional(static_cast<std::uint64_t>(*number));
}

std::optional<bool> flag_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    const bool* flag = value == nullptr ? nullptr : value->if_bool();
    return flag == nullptr ? std::nullopt : std::optional(*flag);
}

Unexpected<std::string> wrong(std::string_view field, std::string_view remedy) {
    return Unexpected(std::string(field) + " is missing or of another kind; " +
                      std::string(remedy));
}

FromBody<PageSays> read_chat_message(std::string_view type, const json::object& object) {
    const auto contact = number_in(object, "contact");
    if (!contact) {
        return wrong("contact", "send the number of the chat.");
    }
    if (type == "chat_typing") {
        return PageSays(ChatTypes{core::ContactId{*contact}});
    }
    const auto text = find_text(object, "text");
    return text ? FromBody<PageSays>(ChatSays{core::ContactId{*contact}, std::string(*text)})
                : wrong("text", "send what is to be said.");
}

// The messages that speak of one leg.
FromBody<PageSays> read_leg_message(std::string_view type, const json::object& object) {
    const auto number = number_in(object, "leg");
    if (!number) {
        return wrong("leg", "send the number of the offer.");
    }
    const ports::LegId leg{*number};
    if (type == "phone_answered") {
        return PageSays(ports::PhoneMessage(ports::PhoneAnswered{leg}));
    }
    if (type == "phone_broken") {
        return PageSays(ports::PhoneMessage(ports::PhoneBroken{leg}));
    }
    if (type == "phone_held") {
        const auto is_held = flag_in(object, "held");
        return is_held ? FromBody<PageSays>(ports::PhoneMessage(ports::PhoneHeld{leg, *is_held}))
                       : wrong("held", "send true or false.");
    }
    const auto sdp = find_text(object, "sdp");
    return sdp ? FromBody<PageSays>(
                     ports::PhoneMessage(ports::PhoneDescribed{leg, std::string(*sdp)}))
               : wrong("sdp", "send the browser's answer.");
}

std::shared_ptr<const std::string> shared(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

void tell_state(Socket& socket, std::string_view state) {
    socket.send(
        shared("{\"type\":\"phone\",\"state\":\"" + std::string(state) + "\",\"legs\":[]}"));
}

}  // namespace

void refuse(Socket& socket, std::string_view code, std::string_view message) {
    socket.send(shared("{\"type\":\"refused\",\"code\":" + text_json(code) +
                       ",\"message\":" + text_json(message) + "}"));
}

FromBody<PageSays> read_page_message(std::string_view text) {
    if (text.size() > kMessageMax) {
        return Unexpected(std::string("The message is longer than 32 KiB."));
    }
    const auto object = parse_object(text, kDepthMax);
    const auto type = object ? find_text(*object, "type") : std::nullopt;
    if (!type) {
        return Unexpected(std::string("The message is no JSON object with a type."));
    }
    if (*type == "phone_open") {
        return PageSays(PhoneOpen{flag_in(*object, "take_over").value_or(false)});
    }
    if (*type == "phone_close") {
        return PageSays(PhoneClose{});
    }
    if (*type == "phone_test") {
        return PageSays(
            ports::PhoneMessage(ports::PhoneTest{flag_in(*object, "wanted").value_or(true)}));
    }
    if (*type == "chat_say" || *type == "chat_typing") {
        return read_chat_message(*type, *object);
    }
    for (const std::string_view known :
         {"phone_described", "phone_answered", "phone_held", "phone_broken"}) {
        if (*type == known) {
            return read_leg_message(*type, *object);
        }
    }
    return Unexpected(std::string("There is no message of this type."));
}

std::string phone_news_json(const ports::PhoneNews& news, std::string_view ice_servers) {
    const auto number = [](auto id) { return std::to_string(id.value()); };
    const auto flag = [](bool is_set) { return std::string(is_set ? "true" : "false"); };
    return match(
        news,
        [&](const ports::PhoneReady& ready) {
            std::vector<std::string> legs;
            legs.reserve(ready.legs.size());
            for (const ports::LegId leg : ready.legs) {
                legs.push_back(number(leg));
            }
            return R"({"type":"phone","state":"here","ice_servers":)" + std::string(ice_servers) +
                   ",\"legs\":" + array_json(legs) + "}";
        },
        [&](const ports::PhoneOffer& offer) {
            return R"({"type":"phone_offer","leg":)" + number(offer.leg) +
                   ",\"contact\":" + (offer.contact.is_set() ? number(offer.contact) : "null") +
                   ",\"answered\":" + flag(offer.is_answered) + ",\"held\":" + flag(offer.is_held) +
                   ",\"sdp\":" + text_json(offer.sdp) + "}";
        },
        [&](const ports::PhoneOver& over) {
            const bool has_ended = over.reason == ports::PhoneOverReason::ended;
            return R"({"type":"phone_over","leg":)" + number(over.leg) + ",\"reason\":\"" +
                   (has_ended ? "ended" : "not_understood") + "\"}";
        },
        [&](const ports::PhoneRefusal& refusal) {
            return R"({"type":"refused","code":)" + text_json(refusal.code) +
                   ",\"message\":" + text_json(refusal.message) + "}";
        });
}

void Telephones::said(SocketId id, Socket& socket, core::AgentId agent, const PageSays& message) {
    if (const auto* wish = std::get_if<PhoneOpen>(&message)) {
        open(id, socket, agent, *wish);
        return;
    }
    const auto place = lines_.find(agent);
    if (place == lines_.end() || place->second.holder != id) {
        refuse(socket, "not_the_phone", "This page is not the agent's telephone.");
        return;
    }
    if (const auto* to_centre = std::get_if<ports::PhoneMessage>(&message)) {
        centre_.phone(agent, *to_centre);
        return;
    }
    tell_state(socket, "off");
    let_go(agent, place->second, true);
}

void Telephones::open(SocketId id, Socket& socket, core::AgentId agent, const PhoneOpen& wish) {
    Line& line = lines_[agent];
    if (line.holder != 0 && line.holder != id && !wish.takes_over) {
        line.waiting[id] = &socket;
        tell_state(socket, "elsewhere");
        return;
    }
    if (line.holder != 0 && line.holder != id) {
        line.waiting[line.holder] = line.socket;
        tell_state(*line.socket, "elsewhere");
    }
    line.waiting.erase(id);
    line.holder = id;
    line.socket = &socket;
    centre_.phone(agent, ports::PhoneOpened{});
}

void Telephones::let_go(core::AgentId agent, Line& line, bool is_meant) {
    line.holder = 0;
    line.socket = nullptr;
    centre_.phone(agent, ports::PhoneClosed{is_meant});
    for (const auto& [id, socket] : std::exchange(line.waiting, {})) {
        tell_state(*socket, "off");
    }
}

void Telephones::tell(core::AgentId agent, const ports::PhoneNews& news) {
    const auto place = lines_.find(agent);
    if (place != lines_.end() && place->second.holder != 0) {
        place->second.socket->send(shared(phone_news_json(news, ice_servers_(agent))));
    }
}

void Telephones::left(SocketId id) {
    for (auto& [agent, line] : lines_) {
        line.waiting.erase(id);
        if (line.holder == id) {
            let_go(agent, line, false);
        }
    }
    std::erase_if(lines_, [](const auto& entry) {
        return entry.second.holder == 0 && entry.second.waiting.empty();
    });
}

}  // namespace lanze::api
