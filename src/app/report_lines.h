// The lines of a report as values, and what of them may be shown without showing a person.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/measures.h"

namespace lanze::app {

// A figure that fewer agents than this have contributed to would show a person.
inline constexpr std::size_t kPersonsMin = 5;

struct ReportLine {
    Time start;
    Time end;
    core::TrafficCounts counts;
    std::set<core::AgentId> handlers;  // who contributed to the handle time
    core::Occupancy occupancy;
    bool hides_handle_time = false;
    bool hides_occupancy = false;

    bool is_empty() const;
    void add(const ReportLine& other);
};

struct ReportQueue {
    core::QueueId id;
    std::string name;
    core::ServiceLevel level;
    std::vector<ReportLine> lines;  // one per interval
    ReportLine total;
};

struct Report {
    std::string centre;
    std::string zone;
    Duration interval{};
    std::vector<ReportQueue> queues;
};

// How many persons at least stand behind these agents' ids. Somebody who worked on several days
// whose keys are shredded has an id on each, so of those only the fullest day counts.
class Persons {
public:
    // An anonymous id and the day it belongs to; ids that are never told count as of one day.
    void note_anonymous(core::AgentId agent, std::int64_t day) { days_[agent] = day; }
    std::size_t at_least(const std::set<core::AgentId>& agents) const;

private:
    std::map<core::AgentId, std::int64_t> days_;
};

// Adds the total of each queue and hides what fewer than kPersonsMin agents have contributed to;
// and as many further cells, the one with fewest agents first, until what total and shown cells
// tell about the hidden ones together is of at least two cells and kPersonsMin agents.
void total_and_hide(Report& report, const Persons& persons);

// "answered within 20 s / (offered - abandoned before 5 s)".
std::string definition_text(const core::ServiceLevel& level);

}  // namespace lanze::app
