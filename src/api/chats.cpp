#include "api/chats.h"

#include <algorithm>
#include <array>
#include <utility>

#include "api/http.h"
#include "api/json_view.h"

namespace lanze::api {

namespace {

constexpr std::size_t kFileNameMax = 100;

std::string_view word(ChatSide side) {
    return side == ChatSide::caller ? "caller" : "agent";
}

ports::CommandRefused not_your_chat() {
    return {"not_your_chat", "This chat is over, or it is with somebody else."};
}

std::string line_json(const ChatLine& line) {
    return "{\"number\":" + std::to_string(line.number) +
           ",\"at\":" + text_json(time_text(line.at)) + ",\"side\":\"" +
           std::string(word(line.side)) + "\",\"text\":" + text_json(line.text) +
           ",\"file\":" + (line.file == 0 ? "null" : std::to_string(line.file)) + "}";
}

// Guests know nothing of contacts' numbers.
std::string head_json(std::string_view type, core::ContactId contact) {
    return "{\"type\":\"" + std::string(type) + "\"" +
           (contact.is_set() ? ",\"contact\":" + std::to_string(contact.value()) : "");
}

Chats::Message shared(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

bool is_plain_text(std::string_view bytes) {
    return std::ranges::none_of(bytes, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == 0x7f || (byte < 0x20 && c != '\n' && c != '\r' && c != '\t');
    });
}

// Control characters are no text, and each would be six bytes in JSON.
std::string plain_line(std::string_view text) {
    std::string plain(text);
    std::erase_if(plain, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == 0x7f || (byte < 0x20 && c != '\n' && c != '\t');
    });
    return plain;
}

// Without characters that turn the direction of writing (Unicode's U+202A to U+202E, U+2066 to
// U+2069), by which one ending is made to look like another; also those that come together when
// others between are gone.
std::string without_turns(std::string_view name) {
    std::string plain;
    plain.reserve(name.size());
    for (const char c : name) {
        plain += c;
        const std::string_view end =
            std::string_view(plain).substr(plain.size() - std::min<std::size_t>(3, plain.size()));
        const bool is_turn =
            (end >= "\u202a" && end <= "\u202e") || (end >= "\u2066" && end <= "\u2069");
        if (end.size() == 3 && is_turn) {
            plain.resize(plain.size() - 3);
        }
    }
    return plain;
}

struct Endings {
    std::string_view type;
    std::vector<std::string_view> endings;  // the first is put on
};

const std::vector<std::string_view>& endings_of(std::string_view type) {
    static const std::array known = {
        Endings{"image/png", {".png"}},       Endings{"image/jpeg", {".jpg", ".jpeg"}},
        Endings{"image/gif", {".gif"}},       Endings{"image/webp", {".webp"}},
        Endings{"application/pdf", {".pdf"}}, Endings{"text/plain", {".txt", ".md", ".log"}},
    };
    return std::ranges::find(known, type, &Endings::type)->endings;
}

bool ends_with(std::string_view name, std::string_view ending) {
    return name.size() > ending.size() &&
           equals_ignoring_case(name.substr(name.size() - ending.size()), ending);
}

// Neither white space alone nor nothing.
bool says_something(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) > 0x20; });
}

}  // namespace

std::optional<std::string_view> kind_of_file(std::string_view bytes) {
    struct Kind {
        std::string_view begin;
        std::string_view type;
    };
    static constexpr std::array kKinds = {
        Kind{"\x89PNG\r\n\x1a\n", "image/png"},
        Kind{"\xff\xd8\xff", "image/jpeg"},
        Kind{"GIF87a", "image/gif"},
        Kind{"GIF89a", "image/gif"},
        Kind{"%PDF-", "application/pdf"},
    };
    for (const Kind& kind : kKinds) {
        if (bytes.starts_with(kind.begin)) {
            return kind.type;
        }
    }
    if (bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP") {
        return "image/webp";
    }
    return !bytes.empty() && is_plain_text(bytes) ? std::optional<std::string_view>("text/plain")
                                                  : std::nullopt;
}

std::string plain_file_name(std::string_view name, std::string_view type) {
    const std::size_t slash = name.find_last_of("/\\");
    name = slash == std::string_view::npos ? name : name.substr(slash + 1);
    std::string plain;
    plain.reserve(std::min(name.size(), kFileNameMax));
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        plain += byte < 0x20 || byte == 0x7f || c == '"' || c == ':' ? '_' : c;
    }
    plain = without_turns(plain);
    const auto& endings = endings_of(type);
    const auto own = std::ranges::find_if(
        endings, [&](std::string_view ending) { return ends_with(plain, ending); });
    const std::string ending = own == endings.end() ? std::string(endings.front())
                                                    : plain.substr(plain.size() - own->size());
    plain.resize(plain.size() - (own == endings.end() ? 0 : own->size()));
    if (const std::size_t max = kFileNameMax - ending.size(); plain.size() > max) {
        std::size_t end = max;
        while (end > 0 && (static_cast<unsigned char>(plain[end]) & 0xC0U) == 0x80U) {
            --end;  // no half of a character
        }
        plain.resize(end);
    }
    const bool is_name = plain.find_first_not_of(". ") != std::string::npos;
    return (is_name ? plain : "file") + ending;
}

void Chats::open(GuestId guest, core::ContactId contact, const Picture& picture) {
    Room& room = rooms_[guest];
    by_contact_.erase(room.contact);
    room.contact = contact;
    room.agent = {};
    room.over.reset();
    by_contact_[contact] = guest;
    if (const ports::ContactView* view = picture.contact(contact)) {
        look(room, picture, view->since);
    }
}

void Chats::update(const std::vector<core::ContactId>& contacts, const Picture& picture, Time now) {
    for (const core::ContactId contact : contacts) {
        const auto place = by_contact_.find(contact);
        if (place != by_contact_.end()) {
            look(rooms_.at(place->second), picture, now);
        }
    }
}

void Chats::update_all(const Picture& picture, Time now) {
    for (auto& [guest, room] : rooms_) {
        look(room, picture, now);
    }
}

// Who talks in it now is shown all that was written before.
void Chats::look(Room& room, const Picture& picture, Time now) {
    const ports::ContactView* view = picture.contact(room.contact);
    if (view == nullptr) {
        room.over = room.over ? room.over : now;
        return;
    }
    const bool is_with_agent =
        view->state == ports::ContactState::talking || view->state == ports::ContactState::on_hold;
    const core::AgentId agent = is_with_agent ? view->agent : core::AgentId{};
    if (agent == room.agent) {
        return;
    }
    room.agent = agent;
    if (agent.is_set()) {
        to_agent_(agent, whole(room, false));
    }
}

ChatRefused Chats::add(GuestId guest, Room& room, ChatLine line) {
    const bool is_too_long = line.text.size() > kChatTextMax;
    line.text = plain_line(line.text);
    if (is_too_long || !says_something(line.text)) {
        return ports::CommandRefused{"bad_text", "A line has between 1 and 4,000 bytes."};
    }
    line.number = static_cast<std::uint32_t>(room.lines.size()) + 1;
    const std::string written = line_json(line);
    if (room.lines.size() >= kChatLinesMax || room.line_bytes + written.size() > kChatBytesMax) {
        return ports::CommandRefused{"chat_full", "This chat has as many lines as one can have."};
    }
    if (line_bytes_ + written.size() > kAllChatsBytesMax) {
        return ports::CommandRefused{"chats_full",
                                     "The centre has no room for more; call instead."};
    }
    room.line_bytes += written.size();
    line_bytes_ += written.size();
    room.lines.push_back(std::move(line));
    const std::string json = ",\"line\":" + written + "}";
    to_guest_(guest, shared(head_json("chat_line", {}) + json));
    if (room.agent.is_set()) {
        to_agent_(room.agent, shared(head_json("chat_line", room.contact) + json));
    }
    return std::nullopt;
}

ChatRefused Chats::guest_says(GuestId guest, std::string_view text, Time now) {
    const auto place = rooms_.find(guest);
    if (place == rooms_.end() || place->second.over) {
        return not_your_chat();
    }
    return add(guest, place->second, {0, now, ChatSide::caller, std::string(text), 0});
}

ChatRefused Chats::agent_says(core::AgentId agent, core::ContactId contact, std::string_view text,
                              Time now) {
    Room* room = room_of_agent(agent, contact);
    if (room == nullptr) {
        return not_your_chat();
    }
    return add(by_contact_.at(contact), *room, {0, now, ChatSide::agent, std::string(text), 0});
}

void Chats::guest_types(GuestId guest) {
    const auto place = rooms_.find(guest);
    if (place != rooms_.end() && place->second.agent.is_set() && !place->second.over) {
        to_agent_(place->second.agent,
                  shared(head_json("chat_typing", place->second.contact) + "}"));
    }
}

void Chats::agent_types(core::AgentId agent, core::ContactId contact) {
    if (room_of_agent(agent, contact) != nullptr) {
        to_guest_(by_contact_.at(contact), shared(head_json("chat_typing", {}) + "}"));
    }
}

Result<std::uint64_t, ports::CommandRefused> Chats::guest_sends(GuestId guest,
                                                                std::string_view name,
                                                                std::string bytes, Time now) {
    const auto place = rooms_.find(guest);
    if (place == rooms_.end() || place->second.over) {
        return Unexpected(not_your_chat());
    }
    return add_file(guest, place->second, ChatSide::caller, name, std::move(bytes), now);
}

Result<std::uint64_t, ports::CommandRefused> Chats::agent_sends(core::AgentId agent,
                                                                core::ContactId contact,
                                                                std::string_view name,
                                                                std::string bytes, Time now) {
    Room* room = room_of_agent(agent, contact);
    if (room == nullptr) {
        return Unexpected(not_your_chat());
    }
    return add_file(by_contact_.at(contact), *room, ChatSide::agent, name, std::move(bytes), now);
}

Result<std::uint64_t, ports::CommandRefused> Chats::add_file(GuestId guest, Room& room,
                                                             ChatSide side, std::string_view name,
                                                             std::string bytes, Time now) {
    if (bytes.size() > kChatFileMax) {
        return Unexpected(ports::CommandRefused{"file_too_large", "A file has at most 5 MB."});
    }
    const auto type = kind_of_file(bytes);
    if (!type) {
        return Unexpected(ports::CommandRefused{
            "file_kind", "Send a picture (PNG, JPEG, GIF, WebP), a PDF or plain text."});
    }
    if (room.files.size() >= kChatFilesMax || room.file_bytes + bytes.size() > kChatFilesBytesMax ||
        file_bytes_ + bytes.size() > kAllFilesBytesMax) {
        return Unexpected(ports::CommandRefused{
            "too_many_files", "There is no room for another file; write what is in it."});
    }
    const std::size_t size = bytes.size();
    const std::uint64_t number = file_last_ + 1;
    std::string plain = plain_file_name(name, *type);
    if (auto refused = add(guest, room, {0, now, side, plain, number})) {
        return Unexpected(std::move(*refused));
    }
    file_last_ = number;
    file_bytes_ += size;
    room.file_bytes += size;
    room.files.emplace(number, ChatFile{std::move(plain), *type, std::move(bytes)});
    return number;
}

const ChatFile* Chats::file_for_guest(GuestId guest, std::uint64_t file) const {
    const auto room = rooms_.find(guest);
    if (room == rooms_.end()) {
        return nullptr;
    }
    const auto found = room->second.files.find(file);
    return found == room->second.files.end() ? nullptr : &found->second;
}

const ChatFile* Chats::file_for_agent(core::AgentId agent, std::uint64_t file,
                                      const Picture& picture) const {
    const ports::AgentView* view = picture.agent(agent);
    if (view == nullptr) {
        return nullptr;
    }
    for (const ports::WrittenView& each : view->written) {
        const Room* room = room_of(each.contact);
        if (room == nullptr || each.state == ports::AgentState::alerting) {
            continue;
        }
        if (const auto found = room->files.find(file); found != room->files.end()) {
            return &found->second;
        }
    }
    return nullptr;
}

Chats::Message Chats::whole_for_guest(GuestId guest) const {
    const auto place = rooms_.find(guest);
    return place == rooms_.end() ? nullptr : whole(place->second, true);
}

Chats::Message Chats::whole_for_agent(core::AgentId agent, core::ContactId contact,
                                      const Picture& picture) const {
    const Room* room = room_of(contact);
    const ports::AgentView* view = picture.agent(agent);
    if (room == nullptr || view == nullptr) {
        return nullptr;
    }
    const bool is_his = std::ranges::any_of(view->written, [&](const ports::WrittenView& each) {
        return each.contact == contact && each.state != ports::AgentState::alerting;
    });
    return is_his ? whole(*room, false) : nullptr;
}

Chats::Message Chats::whole(const Room& room, bool is_for_guest) {
    std::vector<std::string> lines;
    lines.reserve(room.lines.size());
    for (const ChatLine& line : room.lines) {
        lines.push_back(line_json(line));
    }
    return shared(head_json("chat", is_for_guest ? core::ContactId{} : room.contact) +
                  ",\"lines\":" + array_json(lines) + "}");
}

Chats::Room* Chats::room_of(core::ContactId contact) {
    const auto place = by_contact_.find(contact);
    return place == by_contact_.end() ? nullptr : &rooms_.at(place->second);
}

const Chats::Room* Chats::room_of(core::ContactId contact) const {
    const auto place = by_contact_.find(contact);
    return place == by_contact_.end() ? nullptr : &rooms_.at(place->second);
}

// Null: he does not talk in it.
Chats::Room* Chats::room_of_agent(core::AgentId agent, core::ContactId contact) {
    Room* room = room_of(contact);
    return room != nullptr && agent.is_set() && room->agent == agent && !room->over ? room
                                                                                    : nullptr;
}

void Chats::forget(Time now) {
    for (auto place = rooms_.begin(); place != rooms_.end();) {
        const Room& room = place->second;
        if (!room.over || now - *room.over < kChatKept) {
            ++place;
            continue;
        }
        file_bytes_ -= room.file_bytes;
        line_bytes_ -= room.line_bytes;
        by_contact_.erase(room.contact);
        place = rooms_.erase(place);
    }
}

}  // namespace lanze::api
