#include "core/capacity.h"

#include <set>

namespace lanze::core {

namespace {

// A new configuration may allow less than somebody has already.
bool is_within(const Capacity& capacity, WrittenCount has) {
    const bool may_have_both =
        capacity.chats_interrupt_messages || capacity.messages_interrupt_chats;
    return has.chats <= capacity.chats && has.messages <= capacity.messages &&
           (has.chats == 0 || has.messages == 0 || may_have_both);
}

}  // namespace

bool has_room(const Capacity& capacity, WrittenCount has, Medium medium) {
    if (!is_within(capacity, has)) {
        return false;
    }
    switch (medium) {
        case Medium::call:
            return (has.chats == 0 || capacity.calls_interrupt_chats) &&
                   (has.messages == 0 || capacity.calls_interrupt_messages);
        case Medium::chat:
            return has.chats < capacity.chats &&
                   (has.messages == 0 || capacity.chats_interrupt_messages);
        case Medium::message:
            return has.messages < capacity.messages &&
                   (has.chats == 0 || capacity.messages_interrupt_chats);
    }
    return false;
}

std::vector<WrittenCount> counts_with_room(const Capacity& capacity) {
    std::set<WrittenCount> found{WrittenCount{}};
    std::vector<WrittenCount> ahead{WrittenCount{}};
    const auto reach = [&](WrittenCount count) {
        if (found.insert(count).second) {
            ahead.push_back(count);
        }
    };
    while (!ahead.empty()) {
        const WrittenCount has = ahead.back();
        ahead.pop_back();
        if (has_room(capacity, has, Medium::chat)) {
            reach({static_cast<std::uint8_t>(has.chats + 1), has.messages});
        }
        if (has_room(capacity, has, Medium::message)) {
            reach({has.chats, static_cast<std::uint8_t>(has.messages + 1)});
        }
    }
    std::erase_if(found, [&](WrittenCount has) {
        return !has_room(capacity, has, Medium::call) && !has_room(capacity, has, Medium::chat) &&
               !has_room(capacity, has, Medium::message);
    });
    return {found.begin(), found.end()};
}

}  // namespace lanze::core
