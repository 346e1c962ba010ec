// StaffingPlan: everything a plan's file says about the load of its queues and what is demanded for
// them, checked; or all that is wrong with it.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "base/result.h"
#include "base/time.h"
#include "plan/modified_load.h"
#include "plan/requirement.h"
#include "sim/distribution.h"

namespace lanze::app {

// The limits of one plan.
inline constexpr std::size_t kPlanBytesMax = 4U << 20U;
inline constexpr std::size_t kPlanQueuesMax = 100;
inline constexpr std::size_t kPlanPoolsMax = 30;
inline constexpr std::size_t kPlanIntervalsMax = 3'000;  // a month of quarters of an hour
inline constexpr std::size_t kHandleTimesMax = 10'000;   // of an empirical distribution
inline constexpr std::size_t kHandleKindsMax = 20;       // of a hyperexponential one
inline constexpr double kPlanLoadMax = 50'000;           // agents, in one interval of one queue
inline constexpr double kPlanContactsMax = 1e7;          // in one interval of one queue
inline constexpr std::uint32_t kPlanPoolAgentsMax = 5'000;

struct PlannedQueue {
    std::string name;
    std::vector<plan::ArrivalInterval> arrivals;
    plan::HandleTime handle_time = plan::HandleTime::fixed(1);  // in seconds
    // The same, to draw from.
    sim::Distribution talk = sim::Distribution::fixed(seconds(1));
    sim::Distribution wrap_up = sim::Distribution::fixed({});
    std::optional<plan::Patience> patience;  // in seconds
    plan::Demands demands;
    double shrinkage = 0;
    // With pools only: what an agent needs, and how contacts are routed.
    core::Skills needs;
    std::uint8_t priority = core::kPriorityNormal;
    core::AgentRule agent_rule = core::AgentRule::longest_idle;
};

// Agents who are alike, and may serve several queues.
struct PlannedPool {
    std::string name;
    core::Skills skills;
    double cost = 1;               // of one agent for an hour; its unit is free
    std::uint32_t agents_min = 0;  // in each interval
    std::uint32_t agents_max = kPlanPoolAgentsMax;
    bool has_agents_max = false;
    double shrinkage = 0;
};

// Which of the two the stationary model gets for each interval.
enum class LoadUsed : std::uint8_t { mean, peak };

// A time on the wall: minutes since midnight of day 0, which is 1970-01-01 or no day in particular.
struct PlanClock {
    std::int64_t minutes = 0;
    bool has_date = false;
};

struct StaffingPlan {
    std::string path;
    std::string title;
    PlanClock first;
    Duration interval = minutes(30);
    bool goes_round = false;
    LoadUsed load = LoadUsed::mean;
    std::vector<PlannedQueue> queues;  // all of as many intervals
    std::vector<PlannedPool> pools;    // none: each queue has agents of its own

    // When an interval begins: "08:30", or "2026-03-02 08:30".
    std::string begin_text(std::size_t interval_index) const;
};

using PlanResult = Result<StaffingPlan, std::vector<ConfigError>>;

// The text of a file that a plan names; nothing if it cannot be read.
using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;

// Reads and checks the file and those it names, which are looked for in its folder.
PlanResult load_plan(const std::string& path);

// The same for a text that stands (or would stand) in `path`.
PlanResult parse_plan(std::string_view text, const std::string& path, const ReadFile& read_file);

// "08:30" or "2026-03-02 08:30" (or with T).
std::optional<PlanClock> parse_plan_clock(std::string_view text);
std::string written_plan_clock(PlanClock clock);

// Every field the parser knows, as in the documents: "queue[].demands.asa_max".
std::vector<std::string> known_plan_fields();

}  // namespace lanze::app
