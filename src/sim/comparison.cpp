#include "sim/comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "sim/world.h"

namespace lanze::sim {

namespace {

// Arrivals are taken over, and the longest waits are single contacts'.
constexpr std::array<std::string_view, 13> kJudged = {
    "p_block",  "p_abandon", "p_let_go", "service_level", "p_wait", "mean_wait", "asa",
    "wait_p50", "wait_p90",  "wait_p95", "mean_queue",    "aht",    "occupancy"};

bool is_judged(std::string_view key) {
    return std::find(kJudged.begin(), kJudged.end(), key) != kJudged.end();
}

double in_seconds(Duration time) {
    return static_cast<double>(time.count()) / 1e6;
}

// What one replication says, or the past.
struct Said {
    std::vector<Measured> queues;
    std::vector<Measure> centre;
};

std::vector<Measure> centre_of(const Tally& tally) {
    double handling = 0;
    double ready = 0;
    for (const PoolTally& pool : tally.pools) {
        handling += in_seconds(pool.handling);
        ready += in_seconds(pool.ready + pool.withheld_ceiling + pool.withheld_break);
    }
    StreamTally sum;
    for (const StreamTally& stream : tally.streams) {
        sum.offered += stream.offered;
        sum.blocked += stream.blocked;
        sum.abandoned += stream.abandoned;
        sum.answered += stream.answered;
        sum.wait += stream.wait;
        sum.answered_wait += stream.answered_wait;
    }
    const auto over = [](double part, double whole) { return whole == 0 ? 0 : part / whole; };
    const auto attempts = static_cast<double>(sum.attempts());
    return {
        {"p_abandon",
         "abandoned / attempts",
         Unit::share,
         {over(static_cast<double>(sum.abandoned), attempts), 0}},
        {"mean_wait",
         "wait of all let in, zero and abandoned waits included",
         Unit::seconds,
         {over(in_seconds(sum.wait), static_cast<double>(sum.offered)), 0}},
        {"asa",
         "average speed of answer: wait of the answered",
         Unit::seconds,
         {over(in_seconds(sum.answered_wait), static_cast<double>(sum.answered)), 0}},
        {"occupancy",
         "handling / (handling + ready) of all agents",
         Unit::share,
         {over(handling, handling + ready), 0}},
    };
}

// By the queues of the past, wherever they stand in the scenario.
Said said_by(const Past& past, const Scenario& scenario, const Plan& plan, const Tally& tally) {
    Said said;
    const Results results = results_of(scenario, plan, {tally}, 0.95);
    for (const core::QueueConfig& queue : past.config.queues) {
        for (const Measured& measured : results.queues) {
            if (measured.name == queue.name) {
                said.queues.push_back(measured);
            }
        }
    }
    said.centre = centre_of(tally);
    return said;
}

// Of one measure, by replication.
struct Series {
    double past = 0;
    std::vector<double> recorded;
    std::vector<double> other;
};

// Beyond what no chance explains there is what is not worth telling apart.
double tolerance(Unit unit, double past, double contacts) {
    const double relative = 0.01 * std::abs(past);
    switch (unit) {
        case Unit::share:
            return std::max({relative, 0.001, contacts > 0 ? 1 / contacts : 0});
        case Unit::seconds:
            return std::max(relative, 0.1);
        case Unit::count:
        case Unit::per_hour:
        case Unit::agents:
        case Unit::contacts:
            return std::max(relative, 0.01);
    }
    return relative;
}

struct Judging {
    double confidence;
    double joint_share;  // that one interval may miss
    double contacts;
};

Compared compared_of(const Measure& measure, const Series& series, const Judging& judging) {
    Compared compared;
    compared.key = measure.key;
    compared.definition = measure.definition;
    compared.unit = measure.unit;
    compared.past = series.past;
    compared.is_judged = is_judged(measure.key);
    const auto n = static_cast<double>(series.recorded.size());
    const Estimate recorded = mean(series.recorded, judging.confidence);
    const int degrees = static_cast<int>(series.recorded.size()) - 1;
    // The half-width of a mean becomes that of one more value: sqrt(1 + 1/n) deviations, not
    // sqrt(1/n).
    const double deviation = recorded.half_width /
                             student_quantile(0.5 + judging.confidence / 2, degrees) * std::sqrt(n);
    const double reach = std::max(
        student_quantile(1 - judging.joint_share / 2, degrees) * deviation * std::sqrt(1 + 1 / n),
        tolerance(measure.unit, series.past, judging.contacts));
    compared.recorded = recorded.value;
    compared.low = std::max(0.0, recorded.value - reach);
    compared.high = measure.unit == Unit::share ? std::min(1.0, recorded.value + reach)
                                                : recorded.value + reach;
    compared.is_reproduced = series.past >= compared.low && series.past <= compared.high;
    std::vector<double> differences;
    differences.reserve(series.recorded.size());
    for (std::size_t i = 0; i < series.recorded.size(); ++i) {
        differences.push_back(series.other[i] - series.recorded[i]);
    }
    compared.other = mean(series.other, judging.confidence).value;
    compared.difference = mean(differences, judging.confidence);
    return compared;
}

struct Runs {
    Said past;
    std::vector<Said> recorded;
    std::vector<Said> other;
};

// `list` finds the measures in what was said.
template <typename List>
std::vector<Compared> compared_list(const Runs& runs, const Judging& judging, const List& list) {
    std::vector<Compared> compared;
    const std::vector<Measure>& past = list(runs.past);
    compared.reserve(past.size());
    for (std::size_t i = 0; i < past.size(); ++i) {
        Series series;
        series.past = past[i].estimate.value;
        for (std::size_t j = 0; j < runs.recorded.size(); ++j) {
            series.recorded.push_back(list(runs.recorded[j])[i].estimate.value);
            series.other.push_back(list(runs.other[j])[i].estimate.value);
        }
        compared.push_back(compared_of(past[i], series, judging));
    }
    return compared;
}

void judge(const std::vector<Compared>& measures, Comparison& comparison) {
    for (const Compared& measure : measures) {
        comparison.judged += measure.is_judged ? 1U : 0U;
        comparison.not_reproduced += measure.is_judged && !measure.is_reproduced ? 1U : 0U;
    }
}

double contacts_of(const Past& past, const std::string& queue) {
    return static_cast<double>(
        std::count_if(past.contacts.begin(), past.contacts.end(),
                      [&](const auto& contact) { return contact.queue == queue; }));
}

void fill(const Past& past, const Runs& runs, Comparison& comparison) {
    const auto& queues = runs.past.queues;
    double tests = 0;
    for (const Measured& queue : queues) {
        tests += static_cast<double>(
            std::count_if(queue.measures.begin(), queue.measures.end(),
                          [](const Measure& measure) { return is_judged(measure.key); }));
    }
    tests += static_cast<double>(runs.past.centre.size());
    comparison.queues.reserve(queues.size());
    // Bonferroni: all intervals together hold with the confidence.
    Judging judging{comparison.confidence, (1 - comparison.confidence) / tests,
                    static_cast<double>(past.contacts.size())};
    comparison.centre =
        compared_list(runs, judging, [](const Said& said) -> auto& { return said.centre; });
    judge(comparison.centre, comparison);
    for (std::size_t i = 0; i < queues.size(); ++i) {
        judging.contacts = contacts_of(past, queues[i].name);
        if (judging.contacts == 0) {
            continue;
        }
        comparison.queues.push_back(
            {queues[i].name, compared_list(runs, judging, [i](const Said& said) -> auto& {
                 return said.queues[i].measures;
             })});
        judge(comparison.queues.back().measures, comparison);
    }
}

}  // namespace

Result<Comparison, std::string> compare(const Past& past, const Terms& recorded, const Terms& other,
                                        const ComparisonPlan& plan) {
    const auto then = scenario_of(past, recorded);
    const auto now = scenario_of(past, other);
    if (!then || !now) {
        return Unexpected(then ? now.error() : then.error());
    }
    Comparison comparison;
    comparison.replications = std::clamp(plan.replications, kReplicationsMin, kReplicationsMax);
    comparison.confidence = plan.confidence;
    comparison.drawn = drawn_of(past);
    Runs runs;
    const Tally measured = tally_of(past, *then);
    runs.past = said_by(past, *then, plan_of(past, 0), measured);
    comparison.unresolved_past = measured.unresolved;
    for (int i = 0; i < comparison.replications; ++i) {
        const Plan one = plan_of(past, plan.seed + static_cast<std::uint64_t>(i));
        const Tally as_then = World(*then, one).run();
        const Tally as_now = World(*now, one).run();
        runs.recorded.push_back(said_by(past, *then, one, as_then));
        runs.other.push_back(said_by(past, *now, one, as_now));
        comparison.unresolved += as_then.unresolved + as_now.unresolved;
        if (plan.on_progress) {
            plan.on_progress(i + 1);
        }
    }
    fill(past, runs, comparison);
    return comparison;
}

}  // namespace lanze::sim
