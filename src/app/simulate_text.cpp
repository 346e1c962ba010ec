// What a simulation found, as a table and as JSON.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "app/scenario_parts.h"
#include "app/simulate.h"

namespace lanze::app {

namespace {

template <typename... Values>
std::string printed(const char* format, Values... values) {
    std::array<char, 256> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

std::string number(double value) {
    return std::isfinite(value) ? printed("%.17g", value) : "null";
}

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
        }
        result += c;
    }
    return result + "\"";
}

std::string line_of(const sim::Measure& measure) {
    const double half_width = measure.estimate.half_width;
    const std::string width =
        std::isfinite(half_width) ? "+- " + measure_text(half_width, measure.unit) : "";
    return printed("  %-17s %12s  %-13s  ", measure.key,
                   measure_text(measure.estimate.value, measure.unit).c_str(), width.c_str()) +
           measure.definition + "\n";
}

// What is nothing in every replication is left out, but for what everybody asks for.
bool is_told(const sim::Measure& measure) {
    const std::string key = measure.key;
    return measure.estimate.value != 0 || key == "p_abandon" || key == "service_level" ||
           key == "occupancy" || key == "asa";
}

std::string part_of(const std::string& heading, const std::vector<sim::Measure>& measures) {
    std::string text = heading + "\n";
    for (const sim::Measure& measure : measures) {
        if (is_told(measure)) {
            text += line_of(measure);
        }
    }
    return text + "\n";
}

std::string interval_begin(const sim::Results& results, std::size_t index) {
    return written_day_time(
        Duration{std::llround(results.interval_seconds * 1e6 * static_cast<double>(index))});
}

// Intervals in which something happened.
std::string interval_table(const std::string& name, const sim::Results& results,
                           std::size_t queue) {
    std::string text = "queue " + name + " by interval\n" +
                       "  begins   offered  abandoned  service level  mean wait  mean queue\n";
    for (std::size_t i = 0; i < results.intervals[queue].size(); ++i) {
        const sim::QueueInterval& one = results.intervals[queue][i];
        if (one.offered + one.blocked > 0 || one.mean_queue > 0) {
            text += printed("  %-7s %8.1f %10.2f %12.1f %% %9.1f s %11.2f\n",
                            interval_begin(results, i).c_str(), one.offered, one.abandoned,
                            100 * one.service_level.value, one.mean_wait, one.mean_queue);
        }
    }
    return text + "\n";
}

std::string length_text(Duration length) {
    const double in_hours = std::chrono::duration<double>(length).count() / 3'600;
    return in_hours >= 48 ? printed("%.1f days", in_hours / 24) : printed("%.1f hours", in_hours);
}

std::string json_of(const std::vector<sim::Measure>& measures) {
    std::string text = "{";
    for (const sim::Measure& measure : measures) {
        text += (text.size() > 1 ? "," : "") + quoted(measure.key) +
                ":{\"value\":" + number(measure.estimate.value) +
                ",\"half_width\":" + number(measure.estimate.half_width) + "}";
    }
    return text + "}";
}

std::string json_of(const std::vector<sim::Measured>& things) {
    std::string text = "[";
    for (const sim::Measured& thing : things) {
        text += (text.size() > 1 ? "," : "") + std::string("{\"name\":") + quoted(thing.name) +
                ",\"measures\":" + json_of(thing.measures) + "}";
    }
    return text + "]";
}

std::string json_of(const sim::QueueInterval& one) {
    return "{\"offered\":" + number(one.offered) + ",\"abandoned\":" + number(one.abandoned) +
           ",\"blocked\":" + number(one.blocked) +
           ",\"service_level\":" + number(one.service_level.value) +
           ",\"service_level_half_width\":" + number(one.service_level.half_width) +
           ",\"mean_wait\":" + number(one.mean_wait) + ",\"mean_queue\":" + number(one.mean_queue) +
           ",\"queue_at_end\":" + number(one.queue_end) + "}";
}

std::string json_of(const sim::PoolInterval& one) {
    return "{\"busy\":" + number(one.busy) + ",\"ready\":" + number(one.ready) +
           ",\"busy_at_end\":" + number(one.busy_end) + ",\"occupancy\":" + number(one.occupancy) +
           "}";
}

template <typename Interval>
std::string json_of(const std::vector<sim::Measured>& things,
                    const std::vector<std::vector<Interval>>& intervals) {
    std::string text = "[";
    for (std::size_t i = 0; i < intervals.size(); ++i) {
        text += (i > 0 ? "," : "") + std::string("{\"name\":") + quoted(things[i].name) +
                ",\"intervals\":[";
        for (std::size_t j = 0; j < intervals[i].size(); ++j) {
            text += (j > 0 ? "," : "") + json_of(intervals[i][j]);
        }
        text += "]}";
    }
    return text + "]";
}

}  // namespace

std::string measure_text(double value, sim::Unit unit) {
    switch (unit) {
        case sim::Unit::share:
            return printed("%.2f %%", 100 * value);
        case sim::Unit::seconds:
            return printed("%.2f s", value);
        case sim::Unit::per_hour:
            return printed("%.1f /h", value);
        case sim::Unit::count:
        case sim::Unit::agents:
        case sim::Unit::contacts:
            return printed("%.2f", value);
    }
    return "";
}

std::string simulate_text(const ScenarioFile& file, const Runs& runs, const sim::Results& results) {
    std::string text =
        (file.title.empty() ? file.path : file.title) + "\n" +
        printed("%llu replications of %s each, %s of it to warm up; %llu contacts, seed %llu.\n",
                static_cast<unsigned long long>(results.replications),
                length_text(runs.plan.length).c_str(), length_text(runs.plan.warm_up).c_str(),
                static_cast<unsigned long long>(results.contacts),
                static_cast<unsigned long long>(runs.plan.seed)) +
        "Each figure with its 95 % interval; what never happened is left out.\n\n";
    for (const sim::Measured& queue : results.queues) {
        text += part_of("queue " + queue.name, queue.measures);
    }
    if (results.streams.size() > results.queues.size()) {
        for (const sim::Measured& stream : results.streams) {
            text += part_of("arrivals " + stream.name, stream.measures);
        }
    }
    for (const sim::Measured& pool : results.pools) {
        text += part_of("pool " + pool.name, pool.measures);
    }
    text += part_of("charter", results.charter);
    for (std::size_t i = 0; i < results.intervals.size() && results.interval_seconds > 0; ++i) {
        text += interval_table(results.queues[i].name, results, i);
    }
    if (results.unresolved > 0) {
        text += printed(
            "%llu contacts had found no end when the simulation gave up waiting for "
            "them: more come than can be handled, or nobody is left to take them.\n",
            static_cast<unsigned long long>(results.unresolved));
    }
    return text;
}

std::string simulate_json(const ScenarioFile& file, const Runs& runs, const sim::Results& results) {
    return "{\"scenario\":" + quoted(file.path) + ",\"seed\":" + std::to_string(runs.plan.seed) +
           ",\"replications\":" + std::to_string(results.replications) +
           ",\"contacts\":" + std::to_string(results.contacts) +
           ",\"unresolved\":" + std::to_string(results.unresolved) +
           ",\"confidence\":" + number(results.confidence) +
           ",\"queues\":" + json_of(results.queues) + ",\"arrivals\":" + json_of(results.streams) +
           ",\"pools\":" + json_of(results.pools) + ",\"charter\":" + json_of(results.charter) +
           ",\"interval_seconds\":" + number(results.interval_seconds) +
           ",\"queue_intervals\":" + json_of(results.queues, results.intervals) +
           ",\"pool_intervals\":" + json_of(results.pools, results.pool_intervals) + "}\n";
}

}  // namespace lanze::app
