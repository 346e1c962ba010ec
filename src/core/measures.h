// Measures: traffic counts, service level, handle times and occupancy per queue and interval.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "core/event.h"
#include "core/record.h"

namespace lanze::core {

// A share or a mean before it is divided; whole 0: there is none.
struct Ratio {
    std::uint64_t part = 0;
    std::uint64_t whole = 0;
    friend bool operator==(const Ratio&, const Ratio&) = default;
};

// A mean time: the sum, and of how many.
struct MeanTime {
    Duration sum{};
    std::uint64_t count = 0;
    void add(Duration time) {
        sum += time;
        ++count;
    }
    void add(const MeanTime& other) {
        sum += other.sum;
        count += other.count;
    }
    friend bool operator==(const MeanTime&, const MeanTime&) = default;
};

// Intervals one after the other, each from its start to the start of the next. Local time with its
// summer time is the caller's affair.
class IntervalGrid {
public:
    // Starts in rising order, and the end of the last.
    explicit IntervalGrid(std::vector<Time> bounds) : bounds_(std::move(bounds)) {}

    std::size_t size() const { return bounds_.size() < 2 ? 0 : bounds_.size() - 1; }
    Time start(std::size_t index) const { return bounds_[index]; }
    Time end(std::size_t index) const { return bounds_[index + 1]; }
    std::optional<std::size_t> index_of(Time time) const;

private:
    std::vector<Time> bounds_;
};

// Counts of the contacts that entered a queue in one interval. At any time
//   offered = answered + abandoned + diverted + cut_off + waiting
// and blocked stands apart. An answered contact that broke off later stays answered.
struct TrafficCounts {
    std::uint64_t offered = 0;
    std::uint64_t answered = 0;
    std::uint64_t abandoned = 0;
    std::uint64_t diverted = 0;  // to another queue, or let go when this one closed
    std::uint64_t cut_off = 0;   // before an answer
    std::uint64_t waiting = 0;   // still
    std::uint64_t blocked = 0;

    std::uint64_t answered_within = 0;   // the service level's threshold
    std::uint64_t abandoned_within = 0;  // the same threshold
    std::uint64_t short_abandons = 0;    // sooner than service_level.short_abandon
    MeanTime answer_delay;               // ASA: from entry into the queue to the answer
    MeanTime handle_time;                // AHT: talk, hold and wrap-up, of those that are over
    Duration wait_max{};                 // of those that wait no longer

    void add(const ContactRecord& finished, const ServiceLevel& level);
    // As RecordKeeper::open() gives it: waiting, talking or in wrap-up.
    void add_open(const ContactRecord& record, const ServiceLevel& level);
    // A contact that was counted as offered has got its answer, or has ended without one.
    void note_answer(Duration wait, const ServiceLevel& level);
    void note_end(ContactEnd end, Duration wait, const ServiceLevel& level);
    void add(const DivertedRecord& record);
    void add(const TrafficCounts& other);
    friend bool operator==(const TrafficCounts&, const TrafficCounts&) = default;
};

// How long the contact waited for its answer or its end; nothing while it waits.
std::optional<Duration> wait_of(const ContactRecord& record);
// Talk, hold and wrap-up of a finished record; nothing if it was not answered.
std::optional<Duration> handle_time_of(const ContactRecord& finished);

Ratio service_level(const TrafficCounts& counts, ServiceLevelDefinition definition);

enum class AgentActivity : std::uint8_t { ready, alerting, talking, wrap_up };

// An agent did one thing for a while. Not ready time is told to nobody.
struct AgentSpan {
    AgentId agent;
    AgentActivity activity = AgentActivity::ready;
    Time from;
    Time to;
    friend bool operator==(const AgentSpan&, const AgentSpan&) = default;
};

// Follows the events and tells each span when it ends. Of several contacts at once talking counts
// first, then wrap-up, then alerting.
class AgentTimeKeeper {
public:
    explicit AgentTimeKeeper(std::function<void(const AgentSpan&)> tell) : tell_(std::move(tell)) {}

    void note(const Event& event, Time at);
    // Tells the spans up to now; they go on.
    void cut(Time at);
    void cut(AgentId agent, Time at);  // his alone
    // From here on nothing is known of anybody until the next event.
    void forget(Time at);

private:
    struct Doing {
        bool is_ready = false;
        std::map<ContactId, AgentActivity> contacts;
        std::optional<AgentActivity> activity;  // what comes first of all this
        Time since;
    };
    template <typename Change>
    void change(AgentId agent, Time at, Change&& change);
    void have(AgentId agent, ContactId contact, AgentActivity activity, Time at);
    void part(AgentId agent, ContactId contact, Time at);
    void tell(AgentId agent, const Doing& doing, Time at);

    std::function<void(const AgentSpan&)> tell_;
    std::map<AgentId, Doing> doing_;
    std::unordered_map<ContactId, AgentId> talking_;
    std::set<ContactId> written_;  // chats and messages that are not over
};

// Occupancy = handling / (handling + ready); alerting counts as ready.
struct Occupancy {
    Duration handling{};
    Duration ready{};
    std::set<AgentId> agents;  // with any of that time

    Ratio ratio() const;
    void add(const Occupancy& other);
};

// Has the agent every skill the queue needs, at its level or above?
bool serves(const AgentConfig& agent, const QueueConfig& queue);

// Occupancy of the agents who serve a queue, by queue and interval: an agent who serves two queues
// counts in both with all his time.
class OccupancyTable {
public:
    explicit OccupancyTable(IntervalGrid grid)
        : grid_(std::move(grid)), keeper_([this](const AgentSpan& span) { add(span); }) {}
    OccupancyTable(const OccupancyTable&) = delete;
    OccupancyTable& operator=(const OccupancyTable&) = delete;

    void note(const Event& event, Time at);
    void cut(Time at) { keeper_.cut(at); }
    void forget(Time at) { keeper_.forget(at); }
    // Nothing seen: all zero.
    const Occupancy& of(QueueId queue, std::size_t interval) const;

private:
    void configure(const Configured& event);
    void add(const AgentSpan& span);

    IntervalGrid grid_;
    AgentTimeKeeper keeper_;
    std::map<AgentId, std::vector<QueueId>> served_;
    std::map<std::pair<QueueId, std::size_t>, Occupancy> cells_;
};

}  // namespace lanze::core
