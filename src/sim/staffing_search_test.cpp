#include "sim/staffing_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "plan/requirement.h"
#include "sim/world.h"

namespace lanze::sim {
namespace {

std::vector<Tally> simulated(const Scenario& scenario, const Plan& plan,
                             std::uint32_t replications) {
    std::vector<Tally> tallies;
    for (std::uint32_t i = 0; i < replications; ++i) {
        Plan one = plan;
        one.seed = split_mix(plan.seed ^ split_mix(i + 1));
        tallies.push_back(World(scenario, one).run());
    }
    return tallies;
}

struct QueueOf {
    double load = 5;
    core::Skills needs;
};

constexpr double kHandle = 120;   // seconds
constexpr double kPatience = 90;  // seconds

// Queues with a steady load, of which the first half is not judged: what comes then is steady.
StaffingProblem steady_problem(const std::vector<QueueOf>& queues, const plan::Demands& demands) {
    StaffingProblem problem;
    problem.interval = hours(2);
    problem.intervals = 1;
    problem.lead = 1;
    problem.scenario.start = from_micros(1'770'000'000'000'000);
    for (std::size_t i = 0; i < queues.size(); ++i) {
        core::QueueConfig config;
        config.name = "queue" + std::to_string(i);
        config.needs = queues[i].needs;
        config.agent_rule = core::AgentRule::lowest_level;
        config.service_level.definition = core::ServiceLevelDefinition::answered_within_per_offered;
        problem.scenario.config.queues.push_back(config);
        Stream stream;
        stream.name = config.name;
        stream.queue = i;
        stream.rates = {{Duration::zero(), queues[i].load / kHandle}};
        stream.talk = Distribution::exponential(seconds(120));
        stream.patience = Distribution::exponential(seconds(90));
        problem.scenario.streams.push_back(stream);
        problem.demands.push_back(demands);
        problem.handle_means.push_back(kHandle);
    }
    return problem;
}

void add_pool(StaffingProblem& problem, const char* name, core::Skills skills,
              const PoolTerms& terms) {
    Pool pool;
    pool.name = name;
    pool.agent.skills = std::move(skills);
    pool.agent.wrap_up = Duration::zero();
    problem.scenario.pools.push_back(pool);
    problem.pools.push_back(terms);
}

plan::Demands demands_of(double share) {
    plan::Demands demands;
    demands.service_level.share = share;
    demands.service_level.definition = plan::service_level_definition("answered_within/arrivals");
    demands.occupancy_max = 1;
    return demands;
}

SearchSettings settings_of(double margin) {
    SearchSettings settings;
    settings.seed = 20261126;
    settings.replications = 30;
    settings.search_replications = 12;
    settings.margin = margin;
    return settings;
}

const core::Skills kA = {{"a", 1}};
const core::Skills kB = {{"b", 1}};
const core::Skills kBoth = {{"a", 1}, {"b", 1}};

TEST(StaffingSearch, finds_the_number_that_erlang_a_knows) {
    const plan::Demands demands = demands_of(0.81);
    const plan::StaffingLoad load{8, kHandle, plan::Exponential{1 / kPatience}};
    const std::int64_t known = plan::requirement(load, demands).agents;
    // One less is far from enough, so that chance cannot decide.
    ASSERT_LT(plan::outcome(load, demands, known - 1)->service_level, 0.78);
    ASSERT_GT(plan::outcome(load, demands, known)->service_level, 0.85);
    for (const std::uint32_t start : {1U, 16U}) {
        StaffingProblem problem = steady_problem({{8, kA}}, demands);
        add_pool(problem, "a", kA, {});
        const auto found = search_staffing(problem, {{start}}, {{0}}, settings_of(0.65), simulated);
        EXPECT_EQ(found.agents[0][0], known) << "from " << start;
        const SeenInterval& seen = found.look.queues[0][0];
        EXPECT_EQ(seen.verdict(), Verdict::kept);
        EXPECT_NEAR(seen.service_level.value, plan::outcome(load, demands, known)->service_level,
                    2 * seen.service_level.half_width);
        EXPECT_FALSE(found.is_at_limit);
    }
}

TEST(StaffingSearch, judges_too_few_agents_as_not_kept_and_adds_no_more_than_there_are) {
    StaffingProblem problem = steady_problem({{8, kA}}, demands_of(0.85));
    add_pool(problem, "a", kA, {1, 0, 7});
    const auto found = search_staffing(problem, {{6}}, {{6}}, settings_of(-1), simulated);
    EXPECT_EQ(found.agents[0][0], 7U);
    EXPECT_EQ(found.look.queues[0][0].verdict(), Verdict::not_kept);
    EXPECT_EQ(found.final_looks, 1U);
}

TEST(StaffingSearch, leaves_what_is_kept_as_it_is) {
    StaffingProblem problem = steady_problem({{8, kA}}, demands_of(0.85));
    add_pool(problem, "a", kA, {});
    const auto found = search_staffing(problem, {{14}}, {{14}}, settings_of(-1), simulated);
    EXPECT_EQ(found.agents[0][0], 14U);
    EXPECT_EQ(found.look.queues[0][0].verdict(), Verdict::kept);
    EXPECT_EQ(found.search_looks, 1U);
}

TEST(StaffingSearch, counts_who_is_never_answered) {
    StaffingProblem problem = steady_problem({{2, kA}}, demands_of(0.85));
    problem.scenario.streams[0].patience.reset();
    add_pool(problem, "a", kA, {1, 0, 0});
    const auto found = search_staffing(problem, {{0}}, {{0}}, settings_of(-1), simulated);
    const SeenInterval& seen = found.look.queues[0][0];
    EXPECT_EQ(seen.verdict(), Verdict::not_kept);
    EXPECT_EQ(seen.service_level.value, 0);
    EXPECT_GT(seen.contacts, 100);
    EXPECT_EQ(seen.mean_wait.value, 4 * 3'600);
}

TEST(StaffingSearch, is_not_surer_than_few_contacts_allow) {
    StaffingProblem problem = steady_problem({{0.001, kA}}, demands_of(0.85));
    add_pool(problem, "a", kA, {});
    SearchSettings settings = settings_of(-1);
    settings.replications = 4;
    settings.search_replications = 4;
    problem.scenario.streams[0].rates[0].per_second = 1.0 / (2 * 3'600);
    const auto found = search_staffing(problem, {{5}}, {{5}}, settings, simulated);
    // All were answered at once, but they were too few to be sure of 85 %.
    EXPECT_EQ(found.look.queues[0][0].service_level.value, 1);
    EXPECT_EQ(found.look.queues[0][0].verdict(), Verdict::open);
}

// The least cost of all small staffings that keep their demands, by other and longer runs.
double brute_force(const StaffingProblem& problem, std::uint32_t most) {
    std::vector<PoolAgents> all;
    const std::uint32_t base = most + 1;
    for (std::uint32_t i = 0; i < base * base * base; ++i) {
        const std::uint32_t a = i % base;
        const std::uint32_t b = i / base % base;
        const std::uint32_t both = i / base / base;
        // Fewer cannot answer four fifths of the load of 3.5.
        if (a + b + both >= 3) {
            all.push_back({{a}, {b}, {both}});
        }
    }
    std::stable_sort(all.begin(), all.end(), [&](const PoolAgents& a, const PoolAgents& b) {
        return cost_of(problem, a) < cost_of(problem, b);
    });
    for (const PoolAgents& agents : all) {
        const auto tallies = simulated(staffed(problem, agents), replication_of(problem, 99), 20);
        const Look look = look_at(problem, tallies, 0.95);
        const auto is_kept = [](const std::vector<SeenInterval>& queue) {
            return queue[0].service_level.value >= 0.8;
        };
        if (std::all_of(look.queues.begin(), look.queues.end(), is_kept)) {
            return cost_of(problem, agents);
        }
    }
    return 0;
}

TEST(StaffingSearch, is_not_dearer_by_more_than_an_agent_than_all_small_staffings) {
    StaffingProblem problem = steady_problem({{2, kA}, {1.5, kB}}, demands_of(0.8));
    add_pool(problem, "a", kA, {1, 0, 6});
    add_pool(problem, "b", kB, {1, 0, 6});
    add_pool(problem, "both", kBoth, {1.2, 0, 6});
    const auto found =
        search_staffing(problem, {{3}, {3}, {1}}, {{0}, {0}, {0}}, settings_of(0.65), simulated);
    for (const auto& queue : found.look.queues) {
        EXPECT_NE(queue[0].verdict(), Verdict::not_kept);
    }
    const double cost = cost_of(problem, found.agents);
    const double best = brute_force(problem, 5);
    EXPECT_LE(cost, best + 1.2) << found.agents[0][0] << " " << found.agents[1][0] << " "
                                << found.agents[2][0];
    EXPECT_GE(cost, best - 1.2);
}

}  // namespace
}  // namespace lanze::sim
