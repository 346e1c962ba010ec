// CallPageSettings: who may call from a web page, to which queues, and what keeps abuse away.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace lanze::api {

// What a guest may choose: a queue under the name that the public reads.
struct CallConcern {
    std::string queue;
    std::string title_de;
    std::string title_en;
    friend bool operator==(const CallConcern&, const CallConcern&) = default;
};

struct CallPageSettings {
    bool is_enabled = false;
    std::vector<CallConcern> concerns;
    // Sites whose pages may show ours in a frame, as in Content-Security-Policy; empty: none.
    std::vector<std::string> frame_ancestors;
    // Of one address (IPv6: of one /64).
    std::uint32_t calls_per_minute = 6;
    std::uint32_t calls_per_hour = 30;
    std::uint32_t calls_at_once = 4;
    std::uint32_t at_once = 200;  // of all
    // From so many at once, or begun within a minute, a page has to work before it may call.
    std::uint32_t proof_of_work_from = 40;
    std::uint32_t proof_of_work_bits = 17;
    Duration token_valid = seconds(60);  // until the page connects
    friend bool operator==(const CallPageSettings&, const CallPageSettings&) = default;
};

inline constexpr std::size_t kFrameAncestorMax = 200;

// "https://www.example.org", "https://*.example.org:8443"; http only for this machine.
bool is_frame_ancestor(std::string_view text);

// The value of the directive frame-ancestors.
std::string frame_ancestors_of(const CallPageSettings& settings);

}  // namespace lanze::api
