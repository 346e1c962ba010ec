// What the charter's check of the configuration consists of: how soon which people may take a
// queue's contacts, along its ways into other queues, and when it is open.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/config_sections.h"

namespace lanze::app {

// One agent by name for each set of skills.
using AgentsBySkills = std::map<core::Skills, std::string>;

inline constexpr Duration kNever = Duration::max();

// The wait from which on an agent may take a queue's contacts.
struct Reach {
    Duration own_met = kNever;  // whoever meets what the contact itself needs
    Duration any = kNever;      // whatever the contact itself needs
};
Reach reach(const core::QueueConfig& queue, const core::Skills& skills);

// A queue that a contact comes into by overflow, and after which wait at the soonest.
struct Stage {
    std::size_t queue = 0;
    Duration after{};
};
// The queue itself, entered at the wait `from`, and all it overflows to by wait.
std::vector<Stage> stages_of(const ConfigDraft& draft, std::size_t queue, Duration from = {});
Reach reach(const ConfigDraft& draft, const std::vector<Stage>& stages, const core::Skills& skills);

struct QueueInFile {
    const core::QueueConfig& config;
    const QueuePositions& at;
    std::size_t index = 0;
};

struct CharterPair {
    QueueInFile cancel;
    QueueInFile buy;
    ConfigFindings& findings;

    // `"mobile" (line 40)`
    std::string buying(ConfigPosition at) const;
    void refuse(ConfigPosition at, std::string_view field, const std::string& problem,
                const std::string& remedy) const;
};

// A reserve slows nobody down if buyers stand before the same one, or if it holds back only agents
// whom buyers cannot have either.
bool is_harmless(const core::Reserve& reserve, const core::QueueConfig& buy,
                 const AgentsBySkills& sets);
std::string written_reach(Duration wait);  // "at once", "after "30s"", "never"

// Of config_charter_ways.cpp: buyers must not get further people by overflow, and who cancels must
// not be sent to fewer.
void check_ways(const CharterPair& pair, const ConfigDraft& draft, const AgentsBySkills& sets);
// Of config_charter_hours.cpp: whenever one can buy, one can cancel. When callers of a queue are
// served is found out once for all pairs.
using ServedHours = std::map<std::size_t, std::vector<core::OpenSpan>>;
void check_hours(const CharterPair& pair, const ConfigDraft& draft, ServedHours& served);

}  // namespace lanze::app
