// What the API asks when the configuration is to be read again; the app hands in how.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace lanze::api {

// One thing that stands in the way of the file, for a person.
struct ReloadError {
    std::uint32_t line = 0;  // 0: of no one line
    std::string field;
    std::string what;
    std::string remedy;
    friend bool operator==(const ReloadError&, const ReloadError&) = default;
};

struct NameChanges {
    std::vector<std::string> added;
    std::vector<std::string> removed;
    std::vector<std::string> changed;
    bool is_empty() const { return added.empty() && removed.empty() && changed.empty(); }
    friend bool operator==(const NameChanges&, const NameChanges&) = default;
};

// What is otherwise than before, by names in the order of the file.
struct ConfigChanges {
    NameChanges queues;
    NameChanges agents;
    NameChanges trunks;
    std::vector<std::string> sections;  // "charter", "routing": with a field changed
    bool is_empty() const {
        return queues.is_empty() && agents.is_empty() && trunks.is_empty() && sections.empty();
    }
    friend bool operator==(const ConfigChanges&, const ConfigChanges&) = default;
};

struct Reloaded {
    std::uint64_t sequence = 0;  // of the journal; durable
    ConfigChanges changes;
    std::vector<std::string> people_made;  // who may sign in from now on
};

// All of it was taken, or nothing.
using ReloadOutcome = Result<Reloaded, std::vector<ReloadError>>;

// Called from the web thread; does not block. `done` is called once, from a thread of its own.
// False: reloads enough wait already, and this one is not done.
using Reload = std::function<bool(std::function<void(ReloadOutcome)> done)>;

}  // namespace lanze::api
