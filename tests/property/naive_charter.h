// NaiveCharter: what the charter says of each agent, from a full log of what he did; it judges the
// counters of the core, which keep little.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/floor.h"

namespace lanze::property {

class NaiveCharter {
public:
    // The floor as the event left it.
    void note(const core::Floor& floor, const core::Event& event, Time at);

    // Handling time in the sixty minutes of the clock that end with this one.
    Duration handled(core::AgentId agent, Time now) const;
    // Must he have a break before he works on?
    bool needs_break(core::AgentId agent, Time now) const;

    // What is wrong with a floor, as to whom contacts are withheld from; "" if nothing is.
    std::string problem_of(const core::Floor& floor, Time now) const;

private:
    using Span = std::pair<Time, Time>;
    struct Log {
        std::vector<Span> handled;
        std::optional<Time> handles_since;
        std::optional<Time> signed_in;
        std::vector<Span> breaks;
        std::optional<Time> break_since;
        std::vector<core::PlannedBreak> planned;
        bool is_at_work = false;  // and on no break
    };
    static void give(Log& log, Time since, Time until);
    static void end_break(Log& log, Time at);

    std::map<core::AgentId, Log> logs_;
};

}  // namespace lanze::property
