#include "app/staff_check.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/variant.h"

namespace lanze::app {

namespace {

constexpr Duration kLeadMin = hours(2);
constexpr double kLeadHandleTimes = 5;
constexpr std::uint32_t kRoomBeyondStart = 20;  // agents
constexpr std::uint32_t kSearchShare = 8;       // of the replications guide a search
constexpr std::size_t kStreamsMax = sim::kStreamsMax;

double in_seconds(Duration time) {
    return std::chrono::duration<double>(time).count();
}

Duration from_seconds(double time) {
    return Duration{std::llround(time * 1e6)};
}

sim::Distribution drawn(const plan::Patience& patience) {
    using sim::Distribution;
    return match(
        patience,
        [](const plan::Exponential& kind) {
            return Distribution::exponential(from_seconds(1 / kind.rate));
        },
        [](const plan::FixedPatience& kind) {
            return Distribution::fixed(from_seconds(kind.time));
        },
        [](const plan::Erlang2& kind) {
            return Distribution::gamma(from_seconds(kind.mean), std::sqrt(0.5));
        },
        [](const plan::Weibull& kind) {
            return Distribution::weibull_of_scale(kind.scale, kind.shape);
        },
        [](const plan::TwoKinds& kind) {
            return Distribution::mixed({kind.first_share, 1 - kind.first_share},
                                       {Distribution::exponential(from_seconds(kind.first_mean)),
                                        Distribution::exponential(from_seconds(kind.second_mean))});
        });
}

core::ServiceLevelDefinition definition_of(const plan::ServiceLevelDemand& level) {
    using Definition = core::ServiceLevelDefinition;
    const std::string_view name = level.definition->name;
    if (name == "answered_within/answered") {
        return Definition::answered_within_per_answered;
    }
    if (name == "answered_or_abandoned_within/offered") {
        return Definition::answered_or_abandoned_within_per_offered;
    }
    return name == "answered_within/offered_less_short"
               ? Definition::answered_within_per_offered_less_short
               : Definition::answered_within_per_offered;  // all are let in
}

core::QueueConfig queue_config(const PlannedQueue& queue, bool has_pools) {
    core::QueueConfig config;
    config.name = queue.name;
    config.needs = has_pools ? queue.needs : core::Skills{{queue.name, 1}};
    config.priority = queue.priority;
    config.agent_rule = queue.agent_rule;
    config.service_level.within = from_seconds(queue.demands.service_level.within);
    config.service_level.short_abandon = from_seconds(queue.demands.service_level.short_abandon);
    config.service_level.definition = definition_of(queue.demands.service_level);
    return config;
}

// One stream for each mean handle time, as a stream has one distribution.
void add_streams(const StaffingPlan& plan, std::size_t index, std::size_t lead,
                 sim::Scenario& scenario) {
    const PlannedQueue& queue = plan.queues[index];
    const double length = in_seconds(plan.interval);
    const double mean = static_cast<double>(queue.handle_time.mean());
    const std::size_t count = queue.arrivals.size();
    std::map<double, std::size_t> places;
    for (const plan::ArrivalInterval& arrivals : queue.arrivals) {
        if (!places.try_emplace(arrivals.handle_mean, scenario.streams.size()).second) {
            continue;
        }
        sim::Stream& stream = scenario.streams.emplace_back();
        stream.name = queue.name;
        stream.queue = index;
        const double factor = arrivals.handle_mean / mean;
        const bool is_stretched = std::abs(factor - 1) > 1e-12;
        stream.talk = is_stretched ? queue.talk.scaled(factor) : queue.talk;
        stream.wrap_up = is_stretched ? queue.wrap_up.scaled(factor) : queue.wrap_up;
        if (queue.patience) {
            stream.patience = drawn(*queue.patience);
        }
    }
    for (const auto& [handle_mean, place] : places) {
        auto& rates = scenario.streams[place].rates;
        for (std::size_t i = 0; i < lead + count; ++i) {
            const auto& arrivals = queue.arrivals[i < lead ? count - lead + i : i - lead];
            const double contacts = arrivals.handle_mean == handle_mean ? arrivals.contacts : 0;
            rates.push_back({plan.interval * static_cast<std::int64_t>(i), contacts / length});
        }
        rates.push_back({plan.interval * static_cast<std::int64_t>(lead + count), 0});
    }
}

void add_pool(sim::StaffingProblem& problem, const std::string& name, core::Skills skills,
              const sim::PoolTerms& terms) {
    sim::Pool& pool = problem.scenario.pools.emplace_back();
    pool.name = name;
    pool.agent.skills = std::move(skills);
    // Its budget is not what wrap-up takes, but it has to be long enough for that.
    const auto has_wrap_up = [&](const sim::Stream& stream) { return stream.wrap_up.mean() > 0; };
    const auto& streams = problem.scenario.streams;
    pool.agent.wrap_up = std::any_of(streams.begin(), streams.end(), has_wrap_up)
                             ? sim::Distribution::kDrawnMax
                             : Duration::zero();
    problem.pools.push_back(terms);
}

std::size_t lead_of(const StaffingPlan& plan) {
    if (!plan.goes_round) {
        return 0;
    }
    double longest = 0;
    for (const PlannedQueue& queue : plan.queues) {
        for (const plan::ArrivalInterval& arrivals : queue.arrivals) {
            longest = std::max(longest, arrivals.handle_mean);
        }
    }
    const double time = std::max(in_seconds(kLeadMin), kLeadHandleTimes * longest);
    const auto count = static_cast<std::size_t>(std::ceil(time / in_seconds(plan.interval)));
    return std::min(count, plan.queues.front().arrivals.size());
}

double contacts_of(const StaffingPlan& plan) {
    double contacts = 0;
    for (const PlannedQueue& queue : plan.queues) {
        for (const plan::ArrivalInterval& arrivals : queue.arrivals) {
            contacts += arrivals.contacts;
        }
    }
    return contacts;
}

// Agents by pool and interval as they stand.
sim::PoolAgents start_of(const Staffing& staffing) {
    sim::PoolAgents agents;
    const auto count = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
    for (const PoolStaffing& pool : staffing.pools) {
        std::vector<std::uint32_t>& row = agents.emplace_back();
        std::transform(pool.agents.begin(), pool.agents.end(), std::back_inserter(row), count);
    }
    for (std::size_t q = 0; staffing.pools.empty() && q < staffing.queues.size(); ++q) {
        std::vector<std::uint32_t>& row = agents.emplace_back();
        for (const StaffedInterval& interval : staffing.queues[q].intervals) {
            row.push_back(count(interval.requirement.agents));
        }
    }
    return agents;
}

std::string too_large(const Staffing& staffing) {
    std::int64_t agents = 0;
    std::int64_t streams = 0;
    for (std::size_t q = 0; q < staffing.queues.size(); ++q) {
        std::int64_t most = 0;
        std::map<double, bool> means;
        for (std::size_t i = 0; i < staffing.queues[q].intervals.size(); ++i) {
            most = std::max(most, staffing.queues[q].intervals[i].requirement.agents);
            means[staffing.plan.queues[q].arrivals[i].handle_mean] = true;
        }
        agents += most;
        streams += static_cast<std::int64_t>(means.size());
    }
    if (agents > kCheckedAgentsMax) {
        return "it has more than " + std::to_string(kCheckedAgentsMax) + " agents";
    }
    if (contacts_of(staffing.plan) > kCheckedContactsMax) {
        return "it has more than " + std::to_string(std::llround(kCheckedContactsMax)) +
               " contacts";
    }
    return streams > static_cast<std::int64_t>(kStreamsMax)
               ? "it has more than " + std::to_string(kStreamsMax) + " mean handle times"
               : "";
}

// No further than a search may want to go.
void limit_room(sim::StaffingProblem& problem, const sim::PoolAgents& start, bool has_pools) {
    std::uint32_t all = 0;
    for (const auto& agents : start) {
        all += *std::max_element(agents.begin(), agents.end());
    }
    for (std::size_t pool = 0; pool < start.size(); ++pool) {
        const std::uint32_t most = *std::max_element(start[pool].begin(), start[pool].end());
        std::uint32_t& limit = problem.pools[pool].agents_max;
        limit = std::max(most, std::min(limit, kRoomBeyondStart + (has_pools ? all : 2 * most)));
    }
}

void take_over(Staffing& staffing, const sim::SearchedStaffing& found) {
    const StaffingPlan& plan = staffing.plan;
    for (std::size_t q = 0; q < staffing.queues.size(); ++q) {
        auto& intervals = staffing.queues[q].intervals;
        for (std::size_t i = 0; i < intervals.size(); ++i) {
            StaffedInterval& interval = intervals[i];
            interval.seen = found.look.queues[q][i];
            if (!staffing.pools.empty() || found.agents[q][i] == interval.requirement.agents) {
                continue;
            }
            interval.added = found.agents[q][i] - interval.requirement.agents;
            interval.paid = plan::paid_agents(interval.agents(), plan.queues[q].shrinkage);
            interval.requirement.outcome =
                plan::outcome(staffing_load(plan, plan.queues[q], interval, i),
                              plan.queues[q].demands, interval.agents());
        }
    }
    for (std::size_t p = 0; p < staffing.pools.size(); ++p) {
        for (std::size_t i = 0; i < staffing.pools[p].agents.size(); ++i) {
            staffing.pools[p].agents[i] = found.agents[p][i];
            staffing.pools[p].paid[i] =
                plan::paid_agents(found.agents[p][i], plan.pools[p].shrinkage);
        }
    }
}

}  // namespace

sim::StaffingProblem staffing_problem(const StaffingPlan& plan) {
    sim::StaffingProblem problem;
    problem.interval = plan.interval;
    problem.intervals = plan.queues.front().arrivals.size();
    problem.lead = lead_of(plan);
    problem.scenario.start = from_micros(1'770'000'000'000'000);  // any day
    problem.scenario.config.name = "plan";
    for (std::size_t q = 0; q < plan.queues.size(); ++q) {
        const PlannedQueue& queue = plan.queues[q];
        problem.scenario.config.queues.push_back(queue_config(queue, !plan.pools.empty()));
        problem.demands.push_back(queue.demands);
        problem.handle_means.push_back(static_cast<double>(queue.handle_time.mean()));
        add_streams(plan, q, problem.lead, problem.scenario);
    }
    for (const PlannedPool& pool : plan.pools) {
        add_pool(problem, pool.name, pool.skills, {pool.cost, pool.agents_min, pool.agents_max});
    }
    for (std::size_t q = 0; plan.pools.empty() && q < plan.queues.size(); ++q) {
        const plan::Demands& demands = plan.queues[q].demands;
        const auto most =
            std::min<std::int64_t>(demands.agents_max.value_or(sim::kAgentsMax), sim::kAgentsMax);
        add_pool(problem, plan.queues[q].name, {{plan.queues[q].name, 1}},
                 {1, 0, static_cast<std::uint32_t>(most)});
    }
    return problem;
}

void check_staffing(Staffing& staffing, std::uint64_t seed, const sim::Simulate& simulate) {
    const StaffingPlan& plan = staffing.plan;
    const double contacts = contacts_of(plan);
    staffing.unchecked_because = contacts > 0 ? too_large(staffing) : "nobody calls";
    if (!staffing.unchecked_because.empty()) {
        return;
    }
    const bool has_pools = !plan.pools.empty();
    sim::StaffingProblem problem = staffing_problem(plan);
    const sim::PoolAgents start = start_of(staffing);
    limit_room(problem, start, has_pools);
    sim::PoolAgents least = start;
    for (std::size_t p = 0; has_pools && p < least.size(); ++p) {
        std::fill(least[p].begin(), least[p].end(), plan.pools[p].agents_min);
    }
    sim::SearchSettings settings;
    settings.seed = seed;
    settings.replications = static_cast<std::uint32_t>(std::clamp(
        kCheckContacts / contacts, double{kCheckReplicationsMin}, double{kCheckReplicationsMax}));
    settings.search_replications =
        has_pools ? settings.replications / kSearchShare : settings.replications;
    settings.margin = has_pools ? settings.margin : -1;
    const sim::SearchedStaffing found =
        sim::search_staffing(problem, start, least, settings, simulate);
    take_over(staffing, found);
    staffing.check = StaffingCheck{seed,
                                   found.look.replications,
                                   found.final_looks,
                                   found.search_looks,
                                   found.replications,
                                   found.is_at_limit};
}

}  // namespace lanze::app
