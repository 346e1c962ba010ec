// Capacity: how many contacts of which kind an agent may have at once, and what may interrupt what.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

namespace lanze::core {

enum class Channel : std::uint8_t {
    voice,
    callback,  // the caller gave up the line, not the place; he is called when it is his turn
    chat,
    message,
    outbound,      // a task to call somebody
    consultation,  // an agent asks a colleague about a contact he has
    own_call,      // an agent calls somebody of his own accord; no customer waits in it
};

// Nobody's attempt to reach the centre: not counted in any queue, no wrap-up.
constexpr bool is_internal(Channel channel) {
    return channel == Channel::consultation || channel == Channel::own_call;
}

// Somebody hears it wait; the others wait by themselves.
constexpr bool is_on_the_line(Channel channel) {
    return channel == Channel::voice || channel == Channel::chat ||
           channel == Channel::consultation;
}

// The customer is called: not while the queue is closed.
constexpr bool is_called(Channel channel) {
    return channel == Channel::callback || channel == Channel::outbound;
}

// What a contact takes of an agent: the whole of his mouth and ears, or a part of his hands.
enum class Medium : std::uint8_t { call, chat, message };
constexpr Medium medium_of(Channel channel) {
    if (channel == Channel::chat) {
        return Medium::chat;
    }
    return channel == Channel::message ? Medium::message : Medium::call;
}

// Never more than one call, nothing is presented during a call, and one presentation at a time.
// The defaults: one contact at a time, of any kind.
struct Capacity {
    std::uint8_t chats = 1;     // at once, at most kWrittenMax; 0: none at all
    std::uint8_t messages = 1;  // likewise
    // May be presented while he has the others; these go on meanwhile.
    bool calls_interrupt_chats = false;
    bool calls_interrupt_messages = false;
    bool chats_interrupt_messages = false;
    bool messages_interrupt_chats = false;
    friend auto operator<=>(const Capacity&, const Capacity&) = default;
};
inline constexpr std::uint8_t kWrittenMax = 9;

// What an agent has beside calls; also what is in wrap-up counts.
struct WrittenCount {
    std::uint8_t chats = 0;
    std::uint8_t messages = 0;
    int sum() const { return chats + messages; }
    friend auto operator<=>(const WrittenCount&, const WrittenCount&) = default;
};

// False for whoever has more than `capacity` allows.
bool has_room(const Capacity& capacity, WrittenCount has, Medium medium);

// All that an agent may come to have and still have room for something, in order; first of all
// nothing.
std::vector<WrittenCount> counts_with_room(const Capacity& capacity);

}  // namespace lanze::core
