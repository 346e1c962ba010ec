#include "sim/results.h"

#include <algorithm>
#include <cmath>

namespace lanze::sim {

namespace {

constexpr double kMicros = 1e6;
constexpr double kHour = 3'600;

double in_seconds(Duration time) {
    return static_cast<double>(time.count()) / kMicros;
}

double real(std::uint64_t count) {
    return static_cast<double>(count);
}

void add(StreamTally& sum, const StreamTally& one) {
    sum.arrivals += one.arrivals;
    sum.redials += one.redials;
    sum.blocked += one.blocked;
    sum.offered += one.offered;
    sum.answered += one.answered;
    sum.answered_within += one.answered_within;
    sum.abandoned += one.abandoned;
    sum.abandoned_within += one.abandoned_within;
    sum.abandoned_short += one.abandoned_short;
    sum.let_go += one.let_go;
    sum.waited += one.waited;
    sum.callbacks += one.callbacks;
    sum.overdue += one.overdue;
    sum.not_reached += one.not_reached;
    sum.wait += one.wait;
    sum.answered_wait += one.answered_wait;
    sum.wait_max = std::max(sum.wait_max, one.wait_max);
    sum.talk += one.talk;
    sum.wrap_up += one.wrap_up;
    sum.waits.add(one.waits);
    sum.abandoned_after.add(one.abandoned_after);
    sum.answers += one.answers;
    sum.waiting += one.waiting;
}

Part service_part(const StreamTally& tally, core::ServiceLevelDefinition definition) {
    using Definition = core::ServiceLevelDefinition;
    const double within = real(tally.answered_within);
    switch (definition) {
        case Definition::answered_within_per_offered_less_short:
            return {within, real(tally.offered - tally.abandoned_short)};
        case Definition::answered_within_per_offered:
            return {within, real(tally.offered)};
        case Definition::answered_within_per_answered:
            return {within, real(tally.answered)};
        case Definition::answered_or_abandoned_within_per_offered:
            return {within + real(tally.abandoned_within), real(tally.offered)};
    }
    return {};
}

const char* words_of(core::ServiceLevelDefinition definition) {
    using Definition = core::ServiceLevelDefinition;
    switch (definition) {
        case Definition::answered_within_per_offered_less_short:
            return "answered within the threshold / (let in less short abandons)";
        case Definition::answered_within_per_offered:
            return "answered within the threshold / let in";
        case Definition::answered_within_per_answered:
            return "answered within the threshold / answered";
        case Definition::answered_or_abandoned_within_per_offered:
            return "(answered or abandoned within the threshold) / let in";
    }
    return "";
}

// One tally of a stream, or of all streams of a queue, per replication.
using Tallies = std::vector<StreamTally>;

struct Reckoner {
    double confidence;
    std::vector<double> hours;  // counted, by replication

    template <typename Counted, typename Of>
    Estimate share(const Counted& counted, Of&& part) const {
        std::vector<Part> parts;
        parts.reserve(counted.size());
        for (std::size_t i = 0; i < counted.size(); ++i) {
            parts.push_back(part(counted[i], hours[i]));
        }
        return ratio(parts, confidence);
    }
};

Estimate wait_quantile(const Reckoner& reckoner, const Tallies& tallies, double share) {
    std::vector<double> values;
    WaitHistogram all;
    for (const StreamTally& tally : tallies) {
        values.push_back(in_seconds(tally.waits.quantile(share)));
        all.add(tally.waits);
    }
    return {in_seconds(all.quantile(share)), mean(values, reckoner.confidence).half_width};
}

std::vector<Measure> measures_of(const Reckoner& reckoner, const Tallies& tallies,
                                 const core::ServiceLevel& level) {
    const auto share = [&](auto&& part) { return reckoner.share(tallies, part); };
    using T = StreamTally;
    std::vector<Measure> result = {
        {"arrivals", "first attempts an hour", Unit::per_hour, share([](const T& t, double h) {
             return Part{real(t.arrivals), h};
         })},
        {"redials", "further attempts / first attempts", Unit::share, share([](const T& t, double) {
             return Part{real(t.redials), real(t.arrivals)};
         })},
        {"p_block", "blocked / attempts", Unit::share, share([](const T& t, double) {
             return Part{real(t.blocked), real(t.attempts())};
         })},
        {"p_abandon", "abandoned / attempts", Unit::share, share([](const T& t, double) {
             return Part{real(t.abandoned), real(t.attempts())};
         })},
        {"p_let_go", "let go when the queue closed / attempts", Unit::share,
         share([](const T& t, double) {
             return Part{real(t.let_go), real(t.attempts())};
         })},
        {"service_level", words_of(level.definition), Unit::share,
         share([&](const T& t, double) { return service_part(t, level.definition); })},
        {"p_wait", "not presented to an agent at once / attempts", Unit::share,
         share([](const T& t, double) {
             return Part{real(t.waited), real(t.attempts())};
         })},
        {"mean_wait", "wait of all let in, zero and abandoned waits included", Unit::seconds,
         share([](const T& t, double) {
             return Part{in_seconds(t.wait), real(t.offered)};
         })},
        {"asa", "average speed of answer: wait of the answered", Unit::seconds,
         share([](const T& t, double) {
             return Part{in_seconds(t.answered_wait), real(t.answered)};
         })},
        {"wait_p50", "wait that half of the answered do not exceed", Unit::seconds,
         wait_quantile(reckoner, tallies, 0.5)},
        {"wait_p90", "wait that 90 % of the answered do not exceed", Unit::seconds,
         wait_quantile(reckoner, tallies, 0.9)},
        {"wait_p95", "wait that 95 % of the answered do not exceed", Unit::seconds,
         wait_quantile(reckoner, tallies, 0.95)},
        {"wait_p99", "wait that 99 % of the answered do not exceed", Unit::seconds,
         wait_quantile(reckoner, tallies, 0.99)},
        {"mean_queue", "contacts waiting, over time", Unit::contacts,
         share([](const T& t, double h) {
             return Part{in_seconds(t.waiting), h * kHour};
         })},
        {"answers", "answered an hour", Unit::per_hour, share([](const T& t, double h) {
             return Part{real(t.answers), h};
         })},
        {"aht", "average handle time: talk and wrap-up", Unit::seconds,
         share([](const T& t, double) {
             return Part{in_seconds(t.talk + t.wrap_up), real(t.answered)};
         })},
        {"not_reached", "called and not reached / answered", Unit::share,
         share([](const T& t, double) {
             return Part{real(t.not_reached), real(t.answered)};
         })},
        {"callbacks", "gave up the line and kept the place / let in", Unit::share,
         share([](const T& t, double) {
             return Part{real(t.callbacks), real(t.offered)};
         })},
    };
    double longest = 0;
    for (const T& tally : tallies) {
        longest = std::max(longest, in_seconds(tally.wait_max));
    }
    result.push_back(
        {"wait_max", "the longest wait of all replications", Unit::seconds, {longest, 0}});
    return result;
}

double withheld(const PoolTally& tally) {
    return in_seconds(tally.withheld_ceiling + tally.withheld_break);
}

std::vector<Measure> measures_of(const Reckoner& reckoner, const std::vector<PoolTally>& tallies) {
    const auto share = [&](auto&& part) { return reckoner.share(tallies, part); };
    using T = PoolTally;
    const auto at_work = [](const T& t) { return in_seconds(t.handling + t.ready) + withheld(t); };
    return {
        {"occupancy", "handling / (handling + ready)", Unit::share, share([&](const T& t, double) {
             return Part{in_seconds(t.handling), at_work(t)};
         })},
        {"idleness", "ready and not handling / (handling + ready)", Unit::share,
         share([&](const T& t, double) {
             return Part{at_work(t) - in_seconds(t.handling), at_work(t)};
         })},
        {"agents", "agents handling or ready, over time", Unit::agents,
         share([&](const T& t, double h) {
             return Part{at_work(t), h * kHour};
         })},
        {"not_ready", "agents at work and not ready, over time", Unit::agents,
         share([](const T& t, double h) {
             return Part{in_seconds(t.not_ready), h * kHour};
         })},
        {"answers", "counted contacts answered, an hour", Unit::per_hour,
         share([](const T& t, double h) {
             return Part{real(t.answered), h};
         })},
        {"misses", "presented and not answered, an hour", Unit::per_hour,
         share([](const T& t, double h) {
             return Part{real(t.missed), h};
         })},
        {"withheld_ceiling", "agents withheld by the occupancy ceiling, over time", Unit::agents,
         share([](const T& t, double h) {
             return Part{in_seconds(t.withheld_ceiling), h * kHour};
         })},
        {"withheld_break", "agents whose break is due and who have not begun it, over time",
         Unit::agents, share([](const T& t, double h) {
             return Part{in_seconds(t.withheld_break), h * kHour};
         })},
        {"breaks", "breaks begun, an hour", Unit::per_hour, share([](const T& t, double h) {
             return Part{real(t.breaks), h};
         })},
        {"overrun", "handling after the end of shifts, seconds an hour", Unit::seconds,
         share([](const T& t, double h) {
             return Part{in_seconds(t.overrun), h};
         })},
    };
}

// What the charter cost, in the whole centre.
std::vector<Measure> charter_of(const Reckoner& reckoner, const std::vector<Tally>& tallies) {
    const auto share = [&](auto&& part) { return reckoner.share(tallies, part); };
    const auto pools = [](const Tally& tally, auto&& of) {
        double sum = 0;
        for (const PoolTally& pool : tally.pools) {
            sum += of(pool);
        }
        return sum;
    };
    return {
        {"withheld_ceiling", "agents withheld by the occupancy ceiling, over time", Unit::agents,
         share([&](const Tally& t, double h) {
             return Part{pools(t, [](auto& p) { return in_seconds(p.withheld_ceiling); }),
                         h * kHour};
         })},
        {"short_of", "contacts waiting that would be with an agent without the ceiling, over time",
         Unit::contacts, share([](const Tally& t, double h) {
             double sum = 0;
             for (const QueueTally& queue : t.queues) {
                 sum += in_seconds(queue.short_of);
             }
             return Part{sum, h * kHour};
         })},
        {"overdue", "contacts that came to the starvation bound / let in", Unit::share,
         share([](const Tally& t, double) {
             Part sum;
             for (const StreamTally& stream : t.streams) {
                 sum.sum += real(stream.overdue);
                 sum.of += real(stream.offered);
             }
             return sum;
         })},
        {"breaks", "breaks begun, an hour", Unit::per_hour, share([&](const Tally& t, double h) {
             return Part{pools(t, [](auto& p) { return real(p.breaks); }), h};
         })},
        {"overrun", "handling after the end of shifts, seconds an hour", Unit::seconds,
         share([&](const Tally& t, double h) {
             return Part{pools(t, [](auto& p) { return in_seconds(p.overrun); }), h};
         })},
    };
}

QueueInterval queue_interval(const std::vector<const IntervalTally*>& tallies, double length,
                             core::ServiceLevelDefinition definition, double confidence) {
    QueueInterval result;
    const auto n = static_cast<double>(tallies.size());
    std::vector<Part> levels;
    double waits = 0;
    for (const IntervalTally* tally : tallies) {
        result.offered += real(tally->offered) / n;
        result.abandoned += real(tally->abandoned) / n;
        result.gave_up += real(tally->gave_up) / n;
        result.blocked += real(tally->blocked) / n;
        waits += in_seconds(tally->wait) / n;
        result.mean_queue += in_seconds(tally->waiting) / length / n;
        result.queue_end += static_cast<double>(tally->waiting_end) / n;
        levels.push_back(service_part(*tally, definition));
    }
    result.mean_wait = result.offered == 0 ? 0 : waits / result.offered;
    result.service_level = ratio(levels, confidence);
    return result;
}

PoolInterval pool_interval(const std::vector<const PoolIntervalTally*>& tallies, double length) {
    PoolInterval result;
    const auto n = static_cast<double>(tallies.size());
    for (const PoolIntervalTally* tally : tallies) {
        result.busy += in_seconds(tally->handling) / length / n;
        result.ready += in_seconds(tally->ready) / length / n;
        result.busy_end += static_cast<double>(tally->handling_end) / n;
    }
    const double there = result.busy + result.ready;
    result.occupancy = there == 0 ? 0 : result.busy / there;
    return result;
}

void add_intervals(const Scenario& scenario, const Plan& plan, const std::vector<Tally>& tallies,
                   Results& results) {
    results.interval_seconds = in_seconds(plan.interval);
    const std::size_t count =
        plan.interval == Duration::zero() || tallies.empty() || tallies.front().intervals.empty()
            ? 0
            : tallies.front().intervals.front().size();
    const auto each = [&](const auto& by_thing, std::size_t thing, std::size_t interval) {
        std::vector<decltype(&(tallies.front().*by_thing)[thing][interval])> found;
        found.reserve(tallies.size());
        for (const Tally& tally : tallies) {
            found.push_back(&(tally.*by_thing)[thing][interval]);
        }
        return found;
    };
    results.intervals.resize(scenario.config.queues.size());
    results.pool_intervals.resize(scenario.pools.size());
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t queue = 0; queue < scenario.config.queues.size(); ++queue) {
            results.intervals[queue].push_back(queue_interval(
                each(&Tally::intervals, queue, i), results.interval_seconds,
                scenario.config.queues[queue].service_level.definition, results.confidence));
        }
        for (std::size_t pool = 0; pool < scenario.pools.size(); ++pool) {
            results.pool_intervals[pool].push_back(
                pool_interval(each(&Tally::pool_intervals, pool, i), results.interval_seconds));
        }
    }
}

// Points of the wait's distribution, dense enough for a curve.
std::vector<WaitPoint> wait_points(const Tallies& tallies) {
    constexpr int kPoints = 100;
    WaitHistogram all;
    for (const StreamTally& tally : tallies) {
        all.add(tally.waits);
    }
    std::vector<WaitPoint> points;
    const double longest = in_seconds(all.quantile(0.995));
    for (int i = 0; i <= kPoints && all.total() > 0; ++i) {
        const double wait = longest * i / kPoints;
        const auto count = all.at_most(Duration{static_cast<std::int64_t>(wait * kMicros)});
        points.push_back({wait, real(count) / real(all.total())});
    }
    return points;
}

}  // namespace

Part service_part(const IntervalTally& tally, core::ServiceLevelDefinition definition) {
    StreamTally as_stream;
    as_stream.offered = tally.offered;
    as_stream.answered = tally.answered;
    as_stream.answered_within = tally.answered_within;
    as_stream.abandoned_within = tally.abandoned_within;
    as_stream.abandoned_short = tally.abandoned_short;
    return service_part(as_stream, definition);
}

Results results_of(const Scenario& scenario, const Plan& plan, const std::vector<Tally>& tallies,
                   double confidence) {
    Results results;
    results.replications = tallies.size();
    results.confidence = confidence;
    Reckoner reckoner{confidence, {}};
    for (const Tally& tally : tallies) {
        results.contacts += tally.contacts;
        results.unresolved += tally.unresolved;
        reckoner.hours.push_back(in_seconds(tally.counted) / kHour);
    }
    const auto each_stream = [&](std::size_t stream) {
        Tallies found;
        found.reserve(tallies.size());
        for (const Tally& tally : tallies) {
            found.push_back(tally.streams[stream]);
        }
        return found;
    };
    for (std::size_t queue = 0; queue < scenario.config.queues.size(); ++queue) {
        const core::ServiceLevel& level = scenario.config.queues[queue].service_level;
        Tallies sums(tallies.size());
        for (std::size_t i = 0; i < scenario.streams.size(); ++i) {
            if (scenario.streams[i].queue != queue) {
                continue;
            }
            const Tallies one = each_stream(i);
            for (std::size_t j = 0; j < sums.size(); ++j) {
                add(sums[j], one[j]);
            }
            results.streams.push_back(
                {scenario.streams[i].name, measures_of(reckoner, one, level)});
        }
        results.queues.push_back(
            {scenario.config.queues[queue].name, measures_of(reckoner, sums, level)});
        results.waits.push_back(wait_points(sums));
    }
    for (std::size_t pool = 0; pool < scenario.pools.size(); ++pool) {
        std::vector<PoolTally> found;
        found.reserve(tallies.size());
        for (const Tally& tally : tallies) {
            found.push_back(tally.pools[pool]);
        }
        results.pools.push_back({scenario.pools[pool].name, measures_of(reckoner, found)});
    }
    results.charter = charter_of(reckoner, tallies);
    add_intervals(scenario, plan, tallies, results);
    return results;
}

const Measure* find(const std::vector<Measure>& measures, std::string_view key) {
    const auto place = std::find_if(measures.begin(), measures.end(),
                                    [&](const Measure& each) { return each.key == key; });
    return place == measures.end() ? nullptr : &*place;
}

}  // namespace lanze::sim
