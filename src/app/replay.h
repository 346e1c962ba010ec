// `lanze replay`: the real past again, rebuilt from the events or decided anew and compared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/what_if.h"
#include "base/result.h"
#include "base/time.h"

namespace lanze::journal {
class JournalReader;
}

namespace lanze::app {

struct ReplayOptions {
    std::string journal_path;
    std::string keys_path;  // "": the journal's name with the ending .keys
    std::string time_zone;  // "": the system's
    bool verifies = false;
    bool is_json = false;
    std::optional<WhatIfOptions> what_if = {};  // with another configuration instead
};

// The first decision that this build makes otherwise.
struct Difference {
    std::uint64_t decision = 0;  // counted from 1
    Time at;
    std::string command;                // "EnterQueue"
    std::vector<std::string> recorded;  // events: "ContactQueued"
    std::vector<std::string> decided;   // the same as recorded: for other reasons
    std::string build;                  // that recorded it; "": not known
    friend bool operator==(const Difference&, const Difference&) = default;
};

struct Replayed {
    std::uint64_t decisions = 0;
    std::uint64_t events = 0;
    std::uint64_t reasons = 0;
    std::uint64_t by_other_builds = 0;  // decisions
    std::uint64_t carried_over = 0;     // decisions that stand for days forgotten
    std::uint64_t contacts_open = 0;    // at the end
    bool is_key_gone = false;           // what was counted until then is of no use
    std::optional<Difference> difference;
};

// With `verifies` each command is decided again on the floor as its predecessors left it, up to the
// first difference: events and reasons must be those recorded, bit for bit.
Result<Replayed, std::string> replay(journal::JournalReader& reader, bool verifies);

// The exit code: 0 done, 1 failed or different.
int run_replay(const ReplayOptions& options);

// As text or JSON; `took` is how long it took.
std::string replay_text(const Replayed& replayed, const ReplayOptions& options, Duration took);

}  // namespace lanze::app
