// Screen pop: the page of a customer system that belongs to a contact, by a template.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lanze::api {

// What stands for {caller}, {queue} and {contact}.
struct ScreenPopValues {
    std::string caller;
    std::string queue;
    std::string contact;
};

// Nothing, or what is wrong with the template. It begins with https:// (or http:// and a loopback
// address), its host is fixed, and it names no other places than the three above.
Result<void, std::string> check_screen_pop(std::string_view address);

// The address of a template that was checked; each value is percent-encoded (RFC 3986 §2.1), so
// that none leads to another page than the template says.
std::string fill_screen_pop(std::string_view address, const ScreenPopValues& values);

// Templates by queue, and the centre's for all others; "": none.
struct ScreenPops {
    std::string of_centre;
    std::map<std::string, std::string> by_queue;

    const std::string& of(const std::string& queue) const {
        const auto own = by_queue.find(queue);
        return own == by_queue.end() ? of_centre : own->second;
    }
};

}  // namespace lanze::api
