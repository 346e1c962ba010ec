#include "property/naive_charter.h"

#include <algorithm>

namespace lanze::property {

namespace {

Duration overlap(Time from, Time to, Time begin, Time end) {
    return std::max(Duration::zero(), std::min(to, end) - std::max(from, begin));
}

}  // namespace

// A planned break is given by one of its length that began half an hour before it or later; one
// break gives one.
void NaiveCharter::give(Log& log, Time since, Time until) {
    const auto first = log.planned.begin();
    if (first != log.planned.end() && since >= first->from - minutes(30) &&
        until - since >= first->length) {
        log.planned.erase(first);
    }
}

void NaiveCharter::end_break(Log& log, Time at) {
    const Time since = *log.break_since;
    log.break_since.reset();
    if (at - since >= hours(11)) {
        log.signed_in.reset();
        log.breaks.clear();
    }
    log.breaks.emplace_back(since, at);
    give(log, since, at);
}

void NaiveCharter::note(const core::Floor& floor, const core::Event& event, Time at) {
    if (const auto* shift = std::get_if<core::ShiftPlanned>(&event)) {
        Log& log = logs_[shift->agent];
        log.planned = shift->breaks;
        for (const auto& [since, until] : log.breaks) {
            give(log, since, until);
        }
    }
    for (const core::Agent& agent : floor.agents()) {
        Log& log = logs_[agent.id];
        if (agent.is_handling() != log.handles_since.has_value()) {
            if (log.handles_since) {
                log.handled.emplace_back(*log.handles_since, at);
                log.handles_since.reset();
            } else {
                log.handles_since = at;
            }
        }
        const bool is_away =
            agent.is_retired || agent.closed_for == core::NotReadyReason::signed_out;
        const bool is_on_break = std::holds_alternative<core::Idle>(agent.activity) &&
                                 agent.written.empty() &&
                                 agent.closed_for == core::NotReadyReason::break_time;
        const bool is_off = is_away || is_on_break;
        if (is_off && log.is_at_work) {
            log.break_since = at;
        } else if (!is_off && log.break_since) {
            end_break(log, at);
        }
        log.is_at_work = !is_off;
        if (agent.config.starts_ready && !agent.has_desk) {
            log.signed_in.reset();
        } else if (!is_off && !log.signed_in) {
            log.signed_in = at;
        }
    }
}

Duration NaiveCharter::handled(core::AgentId agent, Time now) const {
    const auto place = logs_.find(agent);
    const Time end = Time{std::chrono::floor<minutes>(now.time_since_epoch())} + minutes(1);
    Duration sum{};
    for (std::size_t i = 0; place != logs_.end() && i < place->second.handled.size(); ++i) {
        const auto& [from, to] = place->second.handled[i];
        sum += overlap(from, to, end - hours(1), end);
    }
    if (place != logs_.end() && place->second.handles_since) {
        sum += overlap(*place->second.handles_since, now, end - hours(1), end);
    }
    return sum;
}

// ArbZG §4, read as a person would: how long since the last break that counts, and how much break
// for so much work.
bool NaiveCharter::needs_break(core::AgentId agent, Time now) const {
    const auto place = logs_.find(agent);
    if (place == logs_.end()) {
        return false;
    }
    if (std::any_of(place->second.planned.begin(), place->second.planned.end(),
                    [&](const core::PlannedBreak& each) { return each.from <= now; })) {
        return true;
    }
    if (!place->second.signed_in || !place->second.is_at_work) {
        return false;
    }
    const Log& log = place->second;
    Duration breaks{};
    Time works_since = *log.signed_in;
    for (const auto& [from, to] : log.breaks) {
        if (to - from >= minutes(15) && from >= *log.signed_in) {
            breaks += to - from;
            works_since = to;
        }
    }
    const Duration worked = now - *log.signed_in - breaks;
    return now - works_since >= hours(6) || (worked >= hours(6) && breaks < minutes(30)) ||
           (worked >= hours(9) && breaks < minutes(45));
}

std::string NaiveCharter::problem_of(const core::Floor& floor, Time now) const {
    const core::Charter& charter = floor.config().charter;
    const Duration limit = Duration(hours(1)) * charter.occupancy_max_permille / 1'000;
    for (const core::Agent& agent : floor.agents()) {
        // The core counts whole milliseconds of each span and minute; here is the exact sum.
        const Duration slack = milliseconds(500);
        const bool has_ceiling = charter.occupancy_max_permille < 1'000;
        const bool is_over = has_ceiling && handled(agent.id, now) > limit + slack;
        const bool is_below = !has_ceiling || handled(agent.id, now) <= limit;
        const bool is_due = charter.gives_breaks && needs_break(agent.id, now);
        const bool is_over_shift = charter.ends_shifts && agent.shift && agent.shift->end <= now;
        const std::string name = "agent " + std::to_string(agent.id.value());
        if (agent.is_presentable() && (is_over || is_due || is_over_shift)) {
            return name + " is idle although the charter withholds contacts";
        }
        if (agent.withheld == core::WithheldBy::shift_over && !is_over_shift) {
            return name + " is withheld although the shift goes on";
        }
        if (agent.withheld == core::WithheldBy::occupancy_ceiling && is_below) {
            return name + " is withheld below the ceiling";
        }
        if (agent.withheld == core::WithheldBy::break_due && !is_due) {
            return name + " is withheld although no break is due";
        }
    }
    return "";
}

}  // namespace lanze::property
