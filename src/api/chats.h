// Chats: what guests and agents write to each other, kept in memory until an hour after the end.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/picture.h"
#include "base/result.h"
#include "base/time.h"
#include "core/ids.h"
#include "ports/centre.h"
#include "ports/guest.h"

namespace lanze::api {

using ports::GuestId;

enum class ChatSide : std::uint8_t { caller, agent };

// A line of a chat; `file` is 0 or the number of a file, whose name the text then is.
struct ChatLine {
    std::uint32_t number = 0;  // 1, 2, 3 ... in this chat
    Time at;
    ChatSide side = ChatSide::caller;
    std::string text;
    std::uint64_t file = 0;
};

struct ChatFile {
    std::string name;
    std::string_view type;  // one of a few safe kinds, as the bytes say
    std::string bytes;
};

inline constexpr std::size_t kChatTextMax = 4'000;  // bytes
inline constexpr std::size_t kChatLinesMax = 1'000;
inline constexpr std::size_t kChatBytesMax = 256U << 10U;     // of all lines of one, as JSON
inline constexpr std::size_t kAllChatsBytesMax = 64U << 20U;  // of all chats together, as JSON
inline constexpr std::size_t kChatFileMax = 5U << 20U;
inline constexpr std::size_t kChatFilesMax = 20;               // in one chat
inline constexpr std::size_t kChatFilesBytesMax = 20U << 20U;  // in one chat
inline constexpr std::size_t kAllFilesBytesMax = 400U << 20U;  // in all chats together
inline constexpr Duration kChatKept = hours(1);                // after its end

// Why something was not taken, with a stable code and a sentence.
using ChatRefused = std::optional<ports::CommandRefused>;

// PNG, JPEG, GIF, WebP, PDF or plain text, by its bytes; nothing for anything else. Nothing that a
// browser runs is among them.
std::optional<std::string_view> kind_of_file(std::string_view bytes);

// A name to save a file of this kind under: no folders, no control characters, at most 100 bytes.
// Its ending is one that the kind has: what is saved is opened as what it is.
std::string plain_file_name(std::string_view name, std::string_view type);

// Used on the web thread only.
class Chats {
public:
    using Message = std::shared_ptr<const std::string>;

    // Where messages go: to all pages of an agent, to the page of a guest.
    void tell_agents(std::function<void(core::AgentId, Message)> tell) {
        to_agent_ = std::move(tell);
    }
    void tell_guests(std::function<void(GuestId, Message)> tell) { to_guest_ = std::move(tell); }

    // The guest's chat is this contact now: a new one, or the same after a transfer.
    void open(GuestId guest, core::ContactId contact, const Picture& picture);
    // The picture has changed in these contacts (those that are gone too).
    void update(const std::vector<core::ContactId>& contacts, const Picture& picture, Time now);
    void update_all(const Picture& picture, Time now);

    ChatRefused guest_says(GuestId guest, std::string_view text, Time now);
    ChatRefused agent_says(core::AgentId agent, core::ContactId contact, std::string_view text,
                           Time now);
    void guest_types(GuestId guest);
    void agent_types(core::AgentId agent, core::ContactId contact);

    // The file's number, by which the other side fetches it.
    Result<std::uint64_t, ports::CommandRefused> guest_sends(GuestId guest, std::string_view name,
                                                             std::string bytes, Time now);
    Result<std::uint64_t, ports::CommandRefused> agent_sends(core::AgentId agent,
                                                             core::ContactId contact,
                                                             std::string_view name,
                                                             std::string bytes, Time now);
    // Null: there is none, or it is not of a chat of his.
    const ChatFile* file_for_guest(GuestId guest, std::uint64_t file) const;
    const ChatFile* file_for_agent(core::AgentId agent, std::uint64_t file,
                                   const Picture& picture) const;

    // {"type":"chat",...} with all lines; null: no such chat, or not of this agent.
    Message whole_for_guest(GuestId guest) const;
    Message whole_for_agent(core::AgentId agent, core::ContactId contact,
                            const Picture& picture) const;

    std::size_t bytes() const { return line_bytes_ + file_bytes_; }

    // Forgets chats that ended long ago. Call now and then.
    void forget(Time now);

private:
    struct Room {
        core::ContactId contact;
        core::AgentId agent;  // who talks in it; unset: nobody yet, or not any more
        std::vector<ChatLine> lines;
        std::size_t line_bytes = 0;  // as JSON
        std::map<std::uint64_t, ChatFile> files;
        std::size_t file_bytes = 0;
        std::optional<Time> over;
    };

    Room* room_of(core::ContactId contact);
    const Room* room_of(core::ContactId contact) const;
    Room* room_of_agent(core::AgentId agent, core::ContactId contact);
    void look(Room& room, const Picture& picture, Time now);
    ChatRefused add(GuestId guest, Room& room, ChatLine line);
    Result<std::uint64_t, ports::CommandRefused> add_file(GuestId guest, Room& room, ChatSide side,
                                                          std::string_view name, std::string bytes,
                                                          Time now);
    static Message whole(const Room& room, bool is_for_guest);

    std::function<void(core::AgentId, Message)> to_agent_ = [](auto, const auto&) {};
    std::function<void(GuestId, Message)> to_guest_ = [](auto, const auto&) {};
    std::map<GuestId, Room> rooms_;
    std::map<core::ContactId, GuestId> by_contact_;
    std::uint64_t file_last_ = 0;
    std::size_t file_bytes_ = 0;
    std::size_t line_bytes_ = 0;
};

}  // namespace lanze::api
