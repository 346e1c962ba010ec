// The shipping router in simulation against Markov chains that were solved exactly: every quantity
// lies in the simulator's own interval. LANZE_MARKOV_CALLS makes the runs longer; then the
// intervals must be as narrow as is asked of the simulator, too.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sim/estimate.h"
#include "sim/world.h"

namespace lanze::sim {
namespace {

constexpr std::uint64_t kSeed = 20261126;
constexpr int kReplications = 40;
constexpr Duration kUnit = minutes(1);  // the time unit of the chains
constexpr double kConfidence = 0.999;   // of all quantities together

Duration units(double count) {
    return Duration{std::llround(static_cast<double>(kUnit.count()) * count)};
}

double in_units(Duration time) {
    return static_cast<double>(time.count()) / static_cast<double>(kUnit.count());
}

struct Kind {
    double lambda = 0;
    double mu = 1;
    double theta = 0;
};

const core::Skills kFirst = {{"first", 1}};
const core::Skills kSecond = {{"second", 1}};
const core::Skills kBoth = {{"first", 1}, {"second", 1}};

Stream stream_of(const Kind& kind, std::size_t queue) {
    Stream stream;
    stream.name = std::to_string(queue + 1);
    stream.queue = queue;
    stream.rates = {{Duration::zero(), kind.lambda / in_units(kUnit) / 60}};
    stream.talk = Distribution::exponential(units(1 / kind.mu));
    if (kind.theta > 0) {
        stream.patience = Distribution::exponential(units(1 / kind.theta));
    }
    return stream;
}

core::QueueConfig queue_of(const std::string& name, core::Skills needs, std::uint8_t priority) {
    core::QueueConfig queue;
    queue.name = name;
    queue.needs = std::move(needs);
    queue.priority = priority;
    queue.agent_rule = core::AgentRule::lowest_level;
    return queue;
}

Pool pool_of(const std::string& name, std::uint32_t count, core::Skills skills) {
    Pool pool;
    pool.name = name;
    pool.count = count;
    pool.agent.skills = std::move(skills);
    pool.agent.wrap_up = Duration::zero();
    return pool;
}

Scenario scenario_of(const std::vector<Kind>& kinds) {
    Scenario scenario;
    scenario.start = from_micros(1'770'000'000'000'000);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        scenario.streams.push_back(stream_of(kinds[i], i));
    }
    return scenario;
}

// One pool for two queues, of which the first goes first.
Scenario two_priorities(const std::vector<Kind>& kinds, std::uint32_t agents) {
    Scenario scenario = scenario_of(kinds);
    scenario.config.queues = {queue_of("1", kFirst, 4), queue_of("2", kFirst, 5)};
    scenario.pools = {pool_of("pool1", agents, kFirst)};
    return scenario;
}

Scenario n_model() {
    Scenario scenario = scenario_of({{4, 1, .5}, {3, 1, .5}});
    scenario.config.queues = {queue_of("1", kFirst, 5), queue_of("2", kSecond, 4)};
    scenario.pools = {pool_of("pool1", 3, kFirst), pool_of("pool2", 4, kBoth)};
    return scenario;
}

Scenario m_model() {
    Scenario scenario = scenario_of({{3, 1, .5}, {4, 1, .5}});
    scenario.config.contact_rule = core::ContactRule::longer_queue;
    scenario.config.queues = {queue_of("1", kFirst, 5), queue_of("2", kSecond, 5)};
    scenario.pools = {pool_of("pool1", 2, kFirst), pool_of("pool2", 3, kSecond),
                      pool_of("pool3", 2, kBoth)};
    return scenario;
}

// One waiting room for both: the needs are the contacts' own.
Scenario n_model_with_room() {
    Scenario scenario = scenario_of({{3, 1, .5}, {2.5, 1, .5}});
    scenario.config.queues = {queue_of("room", {}, 5)};
    scenario.config.queues[0].waiting_max = 10;
    scenario.streams[0].needs = kFirst;
    scenario.streams[1].needs = kSecond;
    scenario.streams[1].queue = 0;
    scenario.pools = {pool_of("pool1", 2, kFirst), pool_of("pool2", 3, kBoth)};
    return scenario;
}

Scenario fast_and_slow(core::AgentRule rule) {
    Scenario scenario = scenario_of({{2, 1, .5}});
    scenario.config.queues = {queue_of("1", kFirst, 5)};
    scenario.config.queues[0].agent_rule = rule;
    for (const double rate : {1.5, 1.0, 0.5}) {
        scenario.pools.push_back(
            pool_of("agent" + std::to_string(scenario.pools.size() + 1), 1, kFirst));
        scenario.pools.back().handle_factor = 1 / rate;
    }
    return scenario;
}

Scenario blending() {
    Scenario scenario = scenario_of({{10, 1, .5}, {0, .5, 0}});
    scenario.config.queues = {queue_of("in", kFirst, 4), queue_of("out", kFirst, 5)};
    scenario.streams[1].channel = core::Channel::outbound;
    scenario.streams[1].is_endless = true;
    scenario.pools = {pool_of("pool1", 15, kFirst)};
    return scenario;
}

Scenario time_varying() {
    Scenario scenario = scenario_of({{4, 1, .5}});
    scenario.config.queues = {queue_of("1", kFirst, 5)};
    scenario.pools = {pool_of("pool1", 10, kFirst)};
    const double lambda[] = {4, 10, 12, 6};
    const std::uint32_t agents[] = {5, 9, 10, 6};
    scenario.streams[0].rates.clear();
    for (int i = 0; i < 4; ++i) {
        scenario.streams[0].rates.push_back({units(5 * i), lambda[i] / 60});
        scenario.pools[0].staff.push_back({units(5 * i), agents[i]});
    }
    return scenario;
}

// What one replication says of a quantity.
using Quantity = std::function<Part(const Tally&)>;

double real(std::uint64_t count) {
    return static_cast<double>(count);
}

Quantity of_stream(std::size_t stream,
                   const std::function<Part(const StreamTally&, double)>& part) {
    return [=](const Tally& tally) { return part(tally.streams[stream], in_units(tally.counted)); };
}

Part p_wait(const Tally& tally) {
    Part sum;
    for (const StreamTally& stream : tally.streams) {
        sum.sum += real(stream.waited);
        sum.of += real(stream.attempts());
    }
    return sum;
}

Quantity occupancy_of(std::size_t pool) {
    return [=](const Tally& tally) {
        const PoolTally& one = tally.pools[pool];
        return Part{in_units(one.handling), in_units(one.handling + one.ready)};
    };
}

Part all_occupancy(const Tally& tally) {
    return occupancy_of(0)(tally);
}

void add_stream_quantities(std::map<std::string, Quantity>& result) {
    for (std::size_t i = 0; i < 2; ++i) {
        const std::string number = std::to_string(i + 1);
        const auto wait = of_stream(i, [](const StreamTally& t, double) {
            return Part{in_units(t.wait), real(t.offered)};
        });
        const auto abandoned = of_stream(i, [](const StreamTally& t, double) {
            return Part{real(t.abandoned), real(t.attempts())};
        });
        for (const char* ending : {"", "_accepted"}) {
            result["E_wait_" + number + ending] = wait;
        }
        for (const char* ending : {"", "_of_arrivals"}) {
            result["P_ab_" + number + ending] = abandoned;
        }
        result["P_wait_" + number] = of_stream(i, [](const StreamTally& t, double) {
            return Part{real(t.waited), real(t.attempts())};
        });
        result["P_block_" + number] = of_stream(i, [](const StreamTally& t, double) {
            return Part{real(t.blocked), real(t.attempts())};
        });
        result["E_q" + number] = of_stream(i, [](const StreamTally& t, double length) {
            return Part{in_units(t.waiting), length};
        });
    }
    for (const auto& [name, same] : {std::pair{"E_wait", "E_wait_1"},
                                     {"E_wait_in", "E_wait_1"},
                                     {"P_ab", "P_ab_1"},
                                     {"P_ab_in", "P_ab_1"},
                                     {"P_wait_in", "P_wait_1"}}) {
        result[name] = result[same];
    }
    result["outbound_rate"] = of_stream(1, [](const StreamTally& t, double length) {
        return Part{real(t.answers), length};
    });
}

void add_pool_quantities(std::map<std::string, Quantity>& result) {
    for (std::size_t i = 0; i < 3; ++i) {
        const std::string number = std::to_string(i + 1);
        result["occ_pool" + number] = occupancy_of(i);
        result["occ_agent" + number] = occupancy_of(i);
        result["share_calls_agent" + number] = [i](const Tally& tally) {
            return Part{real(tally.pools[i].answered), real(tally.streams[0].answered)};
        };
    }
    result["occupancy"] = all_occupancy;
    result["P_wait"] = p_wait;
}

void add_interval_quantities(std::map<std::string, Quantity>& result) {
    for (std::size_t i = 0; i < 4; ++i) {
        const std::string name = "interval" + std::to_string(i + 1) + "_";
        const auto queue = [&](const char* ending, double (*value)(const IntervalTally&)) {
            result[name + ending] = [i, value](const Tally& tally) {
                return Part{value(tally.intervals[0][i]), 1};
            };
        };
        const auto pool = [&](const char* ending, double (*value)(const PoolIntervalTally&)) {
            result[name + ending] = [i, value](const Tally& tally) {
                return Part{value(tally.pool_intervals[0][i]), 1};
            };
        };
        queue("E_abandons", [](const IntervalTally& t) { return real(t.gave_up); });
        queue("E_arrivals", [](const IntervalTally& t) { return real(t.offered); });
        queue("avg_queue", [](const IntervalTally& t) { return in_units(t.waiting) / 5; });
        queue("end_E_queue", [](const IntervalTally& t) { return real(t.waiting_end); });
        pool("avg_busy", [](const PoolIntervalTally& t) { return in_units(t.handling) / 5; });
        pool("end_E_busy", [](const PoolIntervalTally& t) { return real(t.handling_end); });
    }
}

const std::map<std::string, Quantity>& quantities() {
    static const std::map<std::string, Quantity> all = [] {
        std::map<std::string, Quantity> result;
        add_stream_quantities(result);
        add_pool_quantities(result);
        add_interval_quantities(result);
        return result;
    }();
    return all;
}

const std::map<std::string, Scenario>& cases() {
    static const std::map<std::string, Scenario> all = {
        {"V1a", two_priorities({{3, 1, 0}, {5, 1, 0}}, 10)},
        {"V2a", two_priorities({{4, 1, .5}, {6, 1, .5}}, 10)},
        {"V3", two_priorities({{2, 1, .5}, {2, .5, .25}}, 6)},
        {"N1", n_model()},
        {"M1", m_model()},
        {"NF1", n_model_with_room()},
        {"F1_LI", fast_and_slow(core::AgentRule::longest_idle)},
        {"F1_RND", fast_and_slow(core::AgentRule::random)},
        {"BL1", blending()},
        {"TV1", time_varying()}};
    return all;
}

struct Row {
    std::string name;
    std::string quantity;
    double value = 0;
};

std::vector<Row> rows() {
    const char* const named = std::getenv("LANZE_REFERENCE_DATA");
    std::ifstream file(std::filesystem::path(named != nullptr ? named : "../shared/data") /
                       "markov_reference.csv");
    std::vector<Row> result;
    std::string line;
    std::getline(file, line);  // the names of the columns
    while (std::getline(file, line)) {
        const std::size_t first = line.find(',');
        const std::size_t second = line.find(',', first + 1);
        result.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1),
                          std::strtod(line.c_str() + second + 1, nullptr)});
    }
    return result;
}

double calls_wanted() {
    const char* const calls = std::getenv("LANZE_MARKOV_CALLS");
    return calls == nullptr ? 30'000 : std::strtod(calls, nullptr);
}

// Calls in all of `wanted`, a tenth of each replication to warm up; the case that is watched from
// its beginning has as many replications as it takes, and needs more of them.
template <typename Tell>
void run(const Scenario& scenario, double wanted, Tell&& tell) {
    const bool is_transient = scenario.streams[0].rates.size() > 1;
    double lambda = 0;
    for (const Stream& stream : scenario.streams) {
        lambda += stream.rates.front().per_second * 60;
    }
    Plan plan;
    plan.length = is_transient ? units(20) : units(wanted / lambda / kReplications);
    plan.warm_up = is_transient ? Duration::zero() : plan.length / 10;
    plan.interval = is_transient ? units(5) : Duration::zero();
    const int replications = is_transient ? static_cast<int>(wanted / 60) : kReplications;
    for (int i = 0; i < replications; ++i) {
        plan.seed = split_mix(kSeed + static_cast<std::uint64_t>(i));
        tell(World(scenario, plan).run());
    }
}

class MarkovReference : public testing::TestWithParam<std::string> {};

TEST_P(MarkovReference, EveryQuantityLiesInItsInterval) {
    const std::vector<Row> all = rows();
    if (all.empty()) {
        GTEST_SKIP() << "no reference data";
    }
    const double confidence = 1 - (1 - kConfidence) / static_cast<double>(all.size());
    std::vector<Row> wanted;
    std::copy_if(all.begin(), all.end(), std::back_inserter(wanted),
                 [](const Row& row) { return row.name == GetParam(); });
    ASSERT_FALSE(wanted.empty());
    std::vector<std::vector<Part>> parts(wanted.size());
    run(cases().at(GetParam()), calls_wanted(), [&](const Tally& tally) {
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            parts[i].push_back(quantities().at(wanted[i].quantity)(tally));
        }
    });
    const bool is_long = std::getenv("LANZE_MARKOV_CALLS") != nullptr;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const Row& row = wanted[i];
        const Estimate estimate = ratio(parts[i], confidence);
        EXPECT_NEAR(estimate.value, row.value, estimate.half_width + 1e-9) << row.quantity;
        if (is_long) {
            EXPECT_LE(estimate.half_width, std::max(0.01 * std::abs(row.value), 0.001))
                << row.quantity;
            std::printf("%-6s %-24s %.6f +- %.6f, exactly %.6f\n", row.name.c_str(),
                        row.quantity.c_str(), estimate.value, estimate.half_width, row.value);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Cases, MarkovReference,
                         testing::Values("V1a", "V2a", "V3", "N1", "M1", "NF1", "F1_LI", "F1_RND",
                                         "BL1", "TV1"),
                         [](const auto& one) { return one.param; });

TEST(MarkovReferenceFile, HoldsNoOtherCase) {
    for (const Row& row : rows()) {
        EXPECT_TRUE(cases().contains(row.name)) << row.name;
        EXPECT_TRUE(quantities().contains(row.quantity)) << row.quantity;
    }
}

}  // namespace
}  // namespace lanze::sim
