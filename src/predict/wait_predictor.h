// WaitPredictor: how long those who wait, and who enters now, will wait, found from the state of
// the floor and what was learned from its events.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/time.h"
#include "core/event.h"
#include "core/floor.h"
#include "ports/told_wait.h"
#include "predict/lineup.h"
#include "predict/pace.h"

namespace lanze::predict {

// What a forecast rests on; a change of it is the cause of another forecast.
struct Circumstances {
    core::QueueId queue;
    std::uint32_t agents = 0;  // at work who could take the contact
    double handle_time = 0;    // mean of theirs in seconds, alerting included; 0: not known
    std::uint32_t ahead = 0;   // contacts that go before and could take one of them
    friend bool operator==(const Circumstances&, const Circumstances&) = default;
};

// Until the answer, in seconds from now; the range as of plan::range_of. Says nothing but
// `found_by` where there is no range.
struct Forecast {
    ports::FoundBy found_by = ports::FoundBy::too_little_known;
    double mean = 0;
    double low = 0;
    double high = 0;
    Circumstances on;
};

// By plan::Drain: agents with the same skills are a pool that takes n mu contacts per second, as
// many as its agents finish; all who wait, of all queues, are put in the order in which the rules
// let agents take them. So contacts of other queues count exactly as far as they compete for the
// same agents; whoever enters later with a higher priority is counted by the rate at which such
// contacts came lately.
//
// Whom routing makes wait for one agent by name is taken to wait for any; the end of a shift, rests
// and what is said about coming back are not foreseen.
class WaitPredictor {
public:
    // Every event, in order, after it was applied.
    void note(const core::Event& event, Time at, const core::Floor& floor);

    struct Visit {
        std::function<void(core::ContactId, const Forecast&)> waiting;
        std::function<void(core::QueueId, const Forecast&)> entering;  // with the queue's priority
    };
    // All at once, which costs little more than the last of them.
    void visit_all(const core::Floor& floor, Time now, const Visit& visit);
    // Nothing if it does not wait for an agent's voice.
    std::optional<Forecast> forecast(core::ContactId contact, const core::Floor& floor, Time now);
    // Whoever enters the queue next.
    Forecast entering(core::QueueId queue, const core::Floor& floor, Time now);

    const Lineup& lineup() const { return lineup_; }

private:
    Lineup lineup_;
    Pace pace_;
};

}  // namespace lanze::predict
