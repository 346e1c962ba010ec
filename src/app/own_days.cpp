#include "app/own_days.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/variant.h"

namespace lanze::app {

OwnDays::OwnDays(const core::Floor& floor, std::function<Duration(Time)> local_offset)
    : floor_(floor),
      local_offset_(std::move(local_offset)),
      times_([this](const core::AgentSpan& span) { add(span); }) {}

ports::Withheld& OwnDays::withheld_of(ports::OwnDay& day, core::WithheldBy by) {
    switch (by) {
        case core::WithheldBy::occupancy_ceiling:
            return day.by_ceiling;
        case core::WithheldBy::break_due:
            return day.by_break;
        case core::WithheldBy::shift_over:
            break;
    }
    return day.by_shift;
}

// What goes on over midnight goes on; what was is forgotten.
void OwnDays::start_day(Time at) {
    const Duration offset = local_offset_(at);
    const auto local = (at + offset).time_since_epoch();
    const auto day = std::chrono::floor<std::chrono::days>(local);
    if (day.count() == day_) {
        return;
    }
    day_ = day.count();
    day_began_ = Time{std::chrono::duration_cast<Duration>(day)} - offset;
    times_.cut(day_began_);
    for (auto& [agent, entry] : entries_) {
        const ports::OwnDay before = std::exchange(entry.day, {});
        if (before.shift_end && *before.shift_end > day_began_) {
            entry.day.shift_begin = before.shift_begin;
            entry.day.shift_end = before.shift_end;
            entry.day.breaks_planned = before.breaks_planned;
        }
        if (entry.is_on_break && !before.breaks_taken.empty()) {
            entry.day.breaks_taken = {before.breaks_taken.back()};
        }
        entry.day.breathers_asked = entry.wants_breather ? 1U : 0U;
        entry.withheld_since = std::max(entry.withheld_since, day_began_);
    }
}

// A span may have begun yesterday.
void OwnDays::add(const core::AgentSpan& span) {
    const Duration time = span.to - std::max(span.from, day_began_);
    if (time <= Duration::zero()) {
        return;
    }
    ports::OwnDay& day = entries_[span.agent].day;
    const bool is_handling = span.activity == core::AgentActivity::talking ||
                             span.activity == core::AgentActivity::wrap_up;
    (is_handling ? day.handling : day.ready) += time;
}

void OwnDays::note(const core::Event& event, Time at) {
    start_day(at);
    times_.note(event, at);
    match(
        event, [&](const core::ContactPresented& presented) { on(presented, at); },
        [&](const core::ContactAnswered& answered) { ++entries_[answered.agent].day.contacts; },
        [&](const core::TransferCompleted& taken) { ++entries_[taken.agent].day.contacts; },
        // As the charter counts: a break with a call in it is two.
        [&](const core::Dialled& dialled) { end_break(entries_[dialled.agent], at); },
        [&](const core::AgentWithheld& withheld) {
            Entry& entry = entries_[withheld.agent];
            end_withheld(entry, at);
            entry.withheld = withheld.by;
            entry.withheld_since = at;
            ++withheld_of(entry.day, withheld.by).times;
        },
        [&](const core::AgentReturned& back) { end_withheld(entries_[back.agent], at); },
        [&](const core::AgentReady& ready) { end_break(entries_[ready.agent], at); },
        [&](const core::AgentNotReady& not_ready) {
            Entry& entry = entries_[not_ready.agent];
            end_withheld(entry, at);
            const bool is_break = not_ready.reason == core::NotReadyReason::break_time;
            is_break ? begin_break(entry, at) : end_break(entry, at);
        },
        [&](const core::AgentRests& rests) { on(rests, at); },
        [&](const core::BreatherNoted& noted) {
            Entry& entry = entries_[noted.agent];
            entry.day.breathers_asked += entry.wants_breather ? 0U : 1U;
            entry.wants_breather = true;
        },
        [&](const core::WrapUpStarted& started) { on(started, at); },
        [&](const core::WrapUpEnded& ended) { on(ended, at); },
        [&](const core::WrapUpExtended& extended) {
            Entry& entry = entries_[extended.agent];
            if (entry.wrap_up && entry.wrap_up->contact == extended.contact) {
                entry.day.wrap_up_granted += extended.until - entry.wrap_up->until;
                entry.wrap_up->until = extended.until;
                ++entry.day.wrap_ups_extended;
            }
        },
        [&](const core::ShiftPlanned& planned) { on(planned); }, [](const auto&) {});
}

// Judged by the clock and not by what the router said of itself, where the clock can tell.
void OwnDays::on(const core::ContactPresented& event, Time at) {
    Entry& entry = entries_[event.agent];
    ports::OwnDay& day = entry.day;
    const core::Agent* agent = floor_.find_agent(event.agent);
    const auto due = agent == nullptr ? std::nullopt : floor_.break_due(*agent);
    const auto over = agent == nullptr ? std::nullopt : floor_.shift_over(*agent);
    day.by_break.presented_yet += due && *due < at ? 1U : 0U;
    day.by_shift.presented_yet += over && *over < at ? 1U : 0U;
    day.by_ceiling.presented_yet += entry.withheld == core::WithheldBy::occupancy_ceiling ? 1U : 0U;
    day.wrap_ups_cut += entry.wrap_up ? 1U : 0U;
}

// A breather that was asked for in a contact follows it; out of a contact it begins at once. Who
// says ready or not ready meanwhile has thought better of it.
void OwnDays::on(const core::AgentRests& event, Time at) {
    Entry& entry = entries_[event.agent];
    end_withheld(entry, at);
    end_break(entry, at);
    if (event.reason != core::NotReadyReason::breather) {
        return;
    }
    entry.day.breathers_asked += entry.wants_breather ? 0U : 1U;
    entry.wants_breather = false;
    ++entry.day.breathers_given;
}

// Of a call: chats and messages are wrapped up beside others.
void OwnDays::on(const core::WrapUpStarted& event, Time at) {
    const core::Agent* agent = floor_.find_agent(event.agent);
    if (agent == nullptr || !std::holds_alternative<core::WrapUp>(agent->activity) ||
        core::contact_of(*agent) != event.contact) {
        return;
    }
    Entry& entry = entries_[event.agent];
    entry.wrap_up = WrapUp{event.contact, at, event.until};
    ++entry.day.wrap_ups;
    entry.day.wrap_up_granted += event.until - at;
}

void OwnDays::on(const core::WrapUpEnded& event, Time at) {
    Entry& entry = entries_[event.agent];
    if (!entry.wrap_up || entry.wrap_up->contact != event.contact) {
        return;
    }
    entry.day.wrap_up_used += at - std::max(entry.wrap_up->since, day_began_);
    const bool has_run_out = event.outcome.empty() && at >= entry.wrap_up->until;
    entry.day.wrap_ups_out += has_run_out ? 1U : 0U;
    entry.wrap_up.reset();
}

void OwnDays::on(const core::ShiftPlanned& event) {
    ports::OwnDay& day = entries_[event.agent].day;
    const bool is_shift = event.end > event.begin;
    day.shift_begin = is_shift ? std::optional(event.begin) : std::nullopt;
    day.shift_end = is_shift ? std::optional(event.end) : std::nullopt;
    day.breaks_planned.clear();
    for (const core::PlannedBreak& each : event.breaks) {
        day.breaks_planned.push_back({each.from, each.from + each.length});
    }
}

void OwnDays::end_withheld(Entry& entry, Time at) {
    if (entry.withheld) {
        withheld_of(entry.day, *entry.withheld).sum += at - entry.withheld_since;
        entry.withheld.reset();
    }
}

void OwnDays::begin_break(Entry& entry, Time at) {
    entry.day.breathers_asked -= entry.wants_breather && entry.day.breathers_asked > 0 ? 1U : 0U;
    entry.wants_breather = false;
    if (!entry.is_on_break && entry.day.breaks_taken.size() < kBreaksMax) {
        entry.day.breaks_taken.push_back({at, {}});
        entry.is_on_break = true;
    }
}

void OwnDays::end_break(Entry& entry, Time at) {
    if (entry.is_on_break && !entry.day.breaks_taken.empty()) {
        entry.day.breaks_taken.back().to = at;
    }
    entry.is_on_break = false;
}

std::optional<ports::OwnDay> OwnDays::of(core::AgentId id, Time now) {
    const core::Agent* agent = floor_.find_agent(id);
    if (agent == nullptr) {
        return std::nullopt;
    }
    start_day(now);
    times_.cut(id, now);
    const Entry& entry = entries_[id];
    ports::OwnDay day = entry.day;
    day.since = day_began_;
    day.break_due = floor_.break_due(*agent);
    day.handling_last_hour = agent->load.handled(agent->handles_since, now);
    day.handling_max = floor_.handling_max();
    if (entry.withheld) {
        withheld_of(day, *entry.withheld).sum += now - entry.withheld_since;
    }
    if (entry.wrap_up) {
        day.wrap_up_used += now - std::max(entry.wrap_up->since, day_began_);
    }
    return day;
}

}  // namespace lanze::app
