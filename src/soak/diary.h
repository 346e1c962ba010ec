// Diary: what one person of the soak lived through, by his own senses; records are compared with
// it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/endpoint.h"
#include "base/time.h"

namespace lanze::soak {

// One call as one side saw it: a caller's only one, or one of the many that a phone picked up.
struct DiaryEntry {
    std::string caller;            // the name that was signalled
    Time begun;                    // dialled, or picked up
    std::optional<Time> answered;  // 200 came, or was sent
    std::optional<Time> left;      // the own BYE or CANCEL
    std::optional<Time> over;      // the other side's BYE or final error, or the own power failed
    int refused_with = 0;          // the final error, if any

    struct Heard {
        Endpoint other;  // whom
        Time at;
    };
    std::vector<Heard> heard;

    // The other side was put on hold: asked for, granted, taken back, and that granted.
    struct Hold {
        Time asked;
        std::optional<Time> granted;
        std::optional<Time> taken_back;
        std::optional<Time> over;
    };
    std::vector<Hold> holds;
};

}  // namespace lanze::soak
