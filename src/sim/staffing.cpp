#include "sim/staffing.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "core/skills.h"
#include "sim/results.h"

namespace lanze::sim {

namespace {

using plan::Demand;

constexpr double kMicros = 1e6;

double in_seconds(Duration time) {
    return static_cast<double>(time.count()) / kMicros;
}

double real(std::uint64_t count) {
    return static_cast<double>(count);
}

// Not surer than the rule of three; `scale` is what one contact may change at most.
Estimate estimate_of(const std::vector<Part>& parts, double confidence, double scale) {
    Estimate result = ratio(parts, confidence);
    double count = 0;
    for (const Part& part : parts) {
        count += part.of;
    }
    if (count > 0) {
        const double rare = -std::log((1 - confidence) / 2) / count * scale;
        result.half_width = std::max(result.half_width, rare);
    }
    return result;
}

// One queue in one interval, in each replication.
class Seen {
public:
    Seen(const StaffingProblem& problem, const std::vector<Tally>& tallies, double confidence)
        : problem_(problem), tallies_(tallies), confidence_(confidence) {}

    SeenInterval of(std::size_t queue, std::size_t interval) const {
        const std::size_t place = problem_.lead + interval;
        SeenInterval result;
        const double wait_scale = problem_.handle_means[queue];
        double contacts = 0;
        for (const Tally& tally : tallies_) {
            contacts += real(tally.intervals[queue][place].attempts);
            result.waiting_end += tally.intervals[queue][place].waiting_end;
        }
        result.contacts = contacts / real(tallies_.size());
        result.waiting_end /= real(tallies_.size());
        const auto definition = problem_.scenario.config.queues[queue].service_level.definition;
        const double longest =
            in_seconds(problem_.interval) * static_cast<double>(problem_.lead + problem_.intervals);
        const auto estimate = [&](double scale, auto&& part) {
            return queue_estimate(queue, place, scale, part);
        };
        result.service_level = estimate(1, [&](const IntervalTally& t, double lost) {
            const Part part = service_part(t, definition);
            return Part{part.sum, part.of + lost};
        });
        result.p_abandon = estimate(1, [](const IntervalTally& t, double lost) {
            return Part{real(t.abandoned), real(t.offered) + lost};
        });
        result.mean_wait = estimate(wait_scale, [&](const IntervalTally& t, double lost) {
            return Part{in_seconds(t.wait) + lost * longest, real(t.offered) + lost};
        });
        result.asa = estimate(wait_scale, [](const IntervalTally& t, double) {
            return Part{in_seconds(t.answered_wait), real(t.answered)};
        });
        result.occupancy = occupancy(queue, place, std::nullopt);
        if (contacts > 0) {
            judge(result, queue, place);
        }
        return result;
    }

private:
    template <typename Of>
    Estimate queue_estimate(std::size_t queue, std::size_t place, double scale, Of&& part) const {
        std::vector<Part> parts;
        parts.reserve(tallies_.size());
        for (const Tally& tally : tallies_) {
            const IntervalTally& one = tally.intervals[queue][place];
            parts.push_back(part(one, real(one.attempts - one.offered)));
        }
        return estimate_of(parts, confidence_, scale);
    }

    // Of one pool, or of all that serve the queue.
    Estimate occupancy(std::size_t queue, std::size_t place,
                       std::optional<std::size_t> only) const {
        std::vector<Part> parts;
        parts.reserve(tallies_.size());
        for (const Tally& tally : tallies_) {
            Part sum;
            for (std::size_t pool = 0; pool < problem_.pools.size(); ++pool) {
                if (only ? *only == pool : serves(problem_, pool, queue)) {
                    const PoolIntervalTally& one = tally.pool_intervals[pool][place];
                    sum.sum += in_seconds(one.handling);
                    sum.of += in_seconds(one.handling + one.ready);
                }
            }
            parts.push_back(sum);
        }
        return ratio(parts, confidence_);
    }

    bool is_at_work(std::size_t pool, std::size_t place) const {
        return std::any_of(tallies_.begin(), tallies_.end(), [&](const Tally& tally) {
            const PoolIntervalTally& one = tally.pool_intervals[pool][place];
            return one.handling + one.ready > Duration::zero();
        });
    }

    void judge(SeenInterval& seen, std::size_t queue, std::size_t place) const {
        const plan::Demands& demands = problem_.demands[queue];
        const auto add = [&](Demand demand, const Estimate& estimate,
                             std::optional<std::size_t> pool) {
            Judgement judgement{demand, pool, estimate, Verdict::open};
            if (shortfall(demands, judgement, 1) == 0) {
                judgement.verdict = Verdict::kept;
            } else if (shortfall(demands, judgement, -1) > 0) {
                judgement.verdict = Verdict::not_kept;
            }
            seen.judgements.push_back(judgement);
        };
        if (demands.service_level.share) {
            add(Demand::service_level, seen.service_level, std::nullopt);
        }
        if (demands.p_abandon_max) {
            add(Demand::p_abandon_max, seen.p_abandon, std::nullopt);
        }
        if (demands.mean_wait_max) {
            add(Demand::mean_wait_max, seen.mean_wait, std::nullopt);
        }
        if (demands.asa_max) {
            add(Demand::asa_max, seen.asa, std::nullopt);
        }
        for (std::size_t pool = 0; pool < problem_.pools.size(); ++pool) {
            if (!serves(problem_, pool, queue) || !is_at_work(pool, place)) {
                continue;
            }
            const Estimate estimate = occupancy(queue, place, pool);
            if (demands.occupancy_max.value_or(1) < 1) {
                add(Demand::occupancy_max, estimate, pool);
            }
            if (demands.occupancy_min) {
                add(Demand::occupancy_min, estimate, pool);
            }
        }
    }

    const StaffingProblem& problem_;
    const std::vector<Tally>& tallies_;
    double confidence_;
};

// What is demanded, and whether more than that is asked for (else: at most that).
struct Asked {
    double value = 0;
    bool is_least = false;
};

std::optional<Asked> asked_of(const plan::Demands& demands, Demand demand) {
    const auto asked = [](std::optional<double> value, bool is_least) {
        return value ? std::optional(Asked{*value, is_least}) : std::nullopt;
    };
    switch (demand) {
        case Demand::service_level:
            return asked(demands.service_level.share, true);
        case Demand::p_abandon_max:
            return asked(demands.p_abandon_max, false);
        case Demand::mean_wait_max:
            return asked(demands.mean_wait_max, false);
        case Demand::asa_max:
            return asked(demands.asa_max, false);
        case Demand::occupancy_max:
            return asked(demands.occupancy_max, false);
        case Demand::occupancy_min:
            return asked(demands.occupancy_min, true);
        case Demand::agents_min:
        case Demand::agents_max:
        case Demand::steady:
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

const char* to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::kept:
            return "kept";
        case Verdict::not_kept:
            return "not kept";
        case Verdict::open:
            return "too close to call";
    }
    return "";
}

Verdict SeenInterval::verdict() const {
    Verdict result = Verdict::kept;
    for (const Judgement& judgement : judgements) {
        if (judgement.verdict == Verdict::not_kept) {
            return Verdict::not_kept;
        }
        result = judgement.verdict == Verdict::open ? Verdict::open : result;
    }
    return result;
}

bool serves(const StaffingProblem& problem, std::size_t pool, std::size_t queue) {
    return core::fulfils(problem.scenario.pools[pool].agent.skills,
                         problem.scenario.config.queues[queue].needs);
}

Scenario staffed(const StaffingProblem& problem, const PoolAgents& agents) {
    Scenario scenario = problem.scenario;
    for (std::size_t i = 0; i < scenario.pools.size(); ++i) {
        Pool& pool = scenario.pools[i];
        pool.count = std::max(1U, *std::max_element(agents[i].begin(), agents[i].end()));
        pool.staff.clear();
        for (std::size_t place = 0; place < problem.lead + problem.intervals; ++place) {
            const std::size_t interval = place < problem.lead
                                             ? problem.intervals - problem.lead + place
                                             : place - problem.lead;
            pool.staff.push_back(
                {problem.interval * static_cast<std::int64_t>(place), agents[i][interval]});
        }
    }
    return scenario;
}

Plan replication_of(const StaffingProblem& problem, std::uint64_t seed) {
    const auto spans = [&](std::size_t count) {
        return problem.interval * static_cast<std::int64_t>(count);
    };
    return {seed, spans(problem.lead), spans(problem.lead + problem.intervals), problem.interval};
}

double cost_of(const StaffingProblem& problem, const PoolAgents& agents) {
    double cost = 0;
    for (std::size_t pool = 0; pool < agents.size(); ++pool) {
        for (const std::uint32_t count : agents[pool]) {
            cost += problem.pools[pool].cost * count;
        }
    }
    return cost;
}

Look look_at(const StaffingProblem& problem, const std::vector<Tally>& tallies, double confidence) {
    LANZE_CHECK(!tallies.empty());
    Look look{tallies.size(), confidence, {}};
    const Seen seen(problem, tallies, confidence);
    look.queues.resize(problem.demands.size());
    for (std::size_t queue = 0; queue < look.queues.size(); ++queue) {
        for (std::size_t interval = 0; interval < problem.intervals; ++interval) {
            look.queues[queue].push_back(seen.of(queue, interval));
        }
    }
    return look;
}

double shortfall(const plan::Demands& demands, const Judgement& judgement, double margin) {
    const std::optional<Asked> asked = asked_of(demands, judgement.demand);
    if (!asked) {
        return 0;
    }
    const double worse = margin * judgement.estimate.half_width;
    const double missing = asked->is_least ? asked->value - (judgement.estimate.value - worse)
                                           : judgement.estimate.value + worse - asked->value;
    return std::max(0.0, missing / asked->value);
}

}  // namespace lanze::sim
