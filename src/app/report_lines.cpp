#include "app/report_lines.h"

#include <algorithm>

namespace lanze::app {

namespace {

using Agents = std::set<core::AgentId>;

// One measure of one queue: who is behind each cell and whether it is hidden.
struct Column {
    const Agents& (*agents)(const ReportLine&);
    bool ReportLine::*hides;
};

std::string seconds_text(Duration time) {
    const auto whole = std::chrono::duration_cast<seconds>(time).count();
    return std::to_string(whole) + " s";
}

class Hiding {
public:
    Hiding(ReportQueue& queue, const Column& column, const Persons& persons)
        : queue_(queue), column_(column), persons_(persons) {}

    void run() {
        for (ReportLine& line : queue_.lines) {
            hide(line, is_small(column_.agents(line)));
        }
        hide(queue_.total, is_small(column_.agents(queue_.total)));
        while (can_be_told_from_total() && !hide_one_more()) {
            queue_.total.*column_.hides = true;
        }
    }

private:
    void hide(ReportLine& line, bool is_hidden) { line.*column_.hides = is_hidden; }

    bool is_small(const Agents& agents) const {
        return !agents.empty() && persons_.at_least(agents) < kPersonsMin;
    }

    // Total less shown cells gives the hidden ones together.
    bool can_be_told_from_total() const {
        Agents together;
        std::size_t count = 0;
        for (const ReportLine& line : queue_.lines) {
            if (line.*column_.hides) {
                const Agents& agents = column_.agents(line);
                together.insert(agents.begin(), agents.end());
                ++count;
            }
        }
        return !(queue_.total.*column_.hides) && count > 0 && (count == 1 || is_small(together));
    }

    bool hide_one_more() {
        ReportLine* smallest = nullptr;
        std::size_t persons = 0;
        for (ReportLine& line : queue_.lines) {
            const Agents& agents = column_.agents(line);
            if (line.*column_.hides || agents.empty()) {
                continue;
            }
            const std::size_t count = persons_.at_least(agents);
            if (smallest == nullptr || count < persons) {
                smallest = &line;
                persons = count;
            }
        }
        if (smallest == nullptr) {
            return false;
        }
        hide(*smallest, true);
        return true;
    }

    ReportQueue& queue_;
    const Column& column_;
    const Persons& persons_;
};

}  // namespace

bool ReportLine::is_empty() const {
    return counts == core::TrafficCounts{} && handlers.empty() && occupancy.agents.empty();
}

void ReportLine::add(const ReportLine& other) {
    counts.add(other.counts);
    handlers.insert(other.handlers.begin(), other.handlers.end());
    occupancy.add(other.occupancy);
}

std::size_t Persons::at_least(const Agents& agents) const {
    static constexpr std::uint32_t kAnonymousFirst = 1U << 31U;
    std::size_t known = 0;
    std::map<std::int64_t, std::size_t> anonymous;
    std::size_t fullest = 0;
    for (const core::AgentId agent : agents) {
        if (agent.value() < kAnonymousFirst) {
            ++known;
            continue;
        }
        const auto place = days_.find(agent);
        fullest = std::max(fullest, ++anonymous[place == days_.end() ? 0 : place->second]);
    }
    return std::max(known, fullest);
}

void total_and_hide(Report& report, const Persons& persons) {
    const Column columns[] = {
        {[](const ReportLine& line) -> const Agents& { return line.handlers; },
         &ReportLine::hides_handle_time},
        {[](const ReportLine& line) -> const Agents& { return line.occupancy.agents; },
         &ReportLine::hides_occupancy},
    };
    for (ReportQueue& queue : report.queues) {
        queue.total = {};
        for (const ReportLine& line : queue.lines) {
            queue.total.add(line);
        }
        if (!queue.lines.empty()) {
            queue.total.start = queue.lines.front().start;
            queue.total.end = queue.lines.back().end;
        }
        for (const Column& column : columns) {
            Hiding(queue, column, persons).run();
        }
    }
}

std::string definition_text(const core::ServiceLevel& level) {
    using Definition = core::ServiceLevelDefinition;
    std::string within = "answered within " + seconds_text(level.within);
    switch (level.definition) {
        case Definition::answered_within_per_offered_less_short:
            return within + " / (offered - abandoned before " + seconds_text(level.short_abandon) +
                   ")";
        case Definition::answered_within_per_offered:
            return within + " / offered";
        case Definition::answered_within_per_answered:
            return within + " / answered";
        case Definition::answered_or_abandoned_within_per_offered:
            return "(" + within + " + abandoned within " + seconds_text(level.within) +
                   ") / offered";
    }
    return within;
}

}  // namespace lanze::app
