// OwnDays: what became of the charter's promises to each agent today, drawn from the events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "core/event.h"
#include "core/floor.h"
#include "core/measures.h"
#include "ports/own_day.h"

namespace lanze::app {

// Kept in memory only, and only of today: it begins anew at midnight and is told to the agent
// himself alone (charter: no dossiers).
class OwnDays {
public:
    static constexpr std::size_t kBreaksMax = 24;  // more are not told

    OwnDays(const core::Floor& floor, std::function<Duration(Time)> local_offset);

    // Every event, in order, after it was applied; also those of a replay.
    void note(const core::Event& event, Time at);
    // The process begins after a replay: of the time since the last event nothing is known.
    void resume(Time last) { times_.forget(last); }

    // Nothing if there is no such agent.
    std::optional<ports::OwnDay> of(core::AgentId id, Time now);

private:
    struct WrapUp {
        core::ContactId contact;
        Time since;
        Time until;
    };
    struct Entry {
        ports::OwnDay day;
        std::optional<core::WithheldBy> withheld;
        Time withheld_since;
        bool is_on_break = false;
        bool wants_breather = false;
        std::optional<WrapUp> wrap_up;
    };

    void start_day(Time at);
    void add(const core::AgentSpan& span);
    void on(const core::ContactPresented& event, Time at);
    void on(const core::AgentRests& event, Time at);
    void on(const core::WrapUpStarted& event, Time at);
    void on(const core::WrapUpEnded& event, Time at);
    void on(const core::ShiftPlanned& event);
    void end_withheld(Entry& entry, Time at);
    void begin_break(Entry& entry, Time at);
    void end_break(Entry& entry, Time at);
    static ports::Withheld& withheld_of(ports::OwnDay& day, core::WithheldBy by);

    const core::Floor& floor_;
    std::function<Duration(Time)> local_offset_;
    core::AgentTimeKeeper times_;
    std::unordered_map<core::AgentId, Entry> entries_;
    std::int64_t day_ = 0;
    Time day_began_;
};

}  // namespace lanze::app
