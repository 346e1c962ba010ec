// ConfigChanges: what is otherwise in a new configuration, and what of it needs a restart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/reload.h"
#include "app/config.h"

namespace lanze::app {

// A field that the running centre cannot take, as the file writes it.
struct RestartField {
    std::string field;  // "sip.listen"
    std::string before;
    std::string after;
    friend bool operator==(const RestartField&, const RestartField&) = default;
};

// Passwords are not told: where only they differ, `after` says so.
std::vector<RestartField> restart_needed(const CentreConfig& before, const CentreConfig& after);

// All fields that restart_needed() looks at, as in docs/configuration.md.
std::vector<std::string_view> restart_fields();

// What is otherwise, of that which can be changed without a restart.
api::ConfigChanges changes_between(const CentreConfig& before, const CentreConfig& after);

// "queues: 1 added (night); agents: 2 added, 1 changed; charter": for the log, so without agents'
// names.
std::string describe(const api::ConfigChanges& changes);

}  // namespace lanze::app
