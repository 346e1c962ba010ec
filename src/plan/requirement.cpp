#include "plan/requirement.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/check.h"
#include "plan/conflict.h"

namespace lanze::plan {

namespace {

StaffedQueue queue_of(const StaffingLoad& load, const Demands& demands) {
    StaffedQueue queue;
    queue.lambda = load.load / load.handle_mean;
    queue.mu = 1 / load.handle_mean;
    queue.patience = load.patience;
    queue.within = demands.service_level.within;
    return queue;
}

constexpr std::int64_t kWaitingMax = 100'000;

// With exponential patience, by a chain of so many places that nobody meets its end; it is much
// faster than the integrals of general patience, and as right in shares that anybody demands.
Result<Measures, ErlangError> quick_measures(const StaffedQueue& queue) {
    const auto* patience = queue.patience ? std::get_if<Exponential>(&*queue.patience) : nullptr;
    if (patience == nullptr) {
        return measures(queue);
    }
    const double theta = patience->rate;
    const double short_of = queue.lambda - static_cast<double>(queue.agents) * queue.mu;
    const double waiting =
        std::max(short_of, 0.0) / theta + 10 * std::sqrt(queue.lambda / theta) + 50;
    if (!(waiting < static_cast<double>(kWaitingMax))) {
        return measures(queue);
    }
    StaffedQueue chain = queue;
    chain.places = queue.agents + static_cast<std::int64_t>(waiting);
    return measures(chain);
}

Outcome outcome_of(const StaffedQueue& queue, const Demands& demands, const Measures& m) {
    const ServiceLevelDemand& level = demands.service_level;
    double short_abandons = 0;
    if (level.definition->counts_short_abandons && level.short_abandon > 0 && m.p_abandon > 0) {
        StaffedQueue sooner = queue;
        sooner.within = level.short_abandon;
        const auto at_short = quick_measures(sooner);
        short_abandons = at_short ? abandoned_within(*at_short) : 0;
    }
    return {level.definition->value(m, short_abandons), m.p_abandon, m.mean_wait, m.asa,
            m.occupancy};
}

// What happens with how many agents, each number computed once.
class Trials {
public:
    Trials(const StaffingLoad& load, const Demands& demands)
        : queue_(queue_of(load, demands)), demands_(demands) {}

    // Nothing if the queue grows for ever.
    const std::optional<Outcome>& with(std::int64_t agents) {
        const auto [found, is_new] = outcomes_.try_emplace(agents);
        if (is_new && agents >= 1) {
            queue_.agents = agents;
            const auto met = quick_measures(queue_);
            if (met) {
                found->second = outcome_of(queue_, demands_, *met);
            }
        }
        return found->second;
    }

    // The fewest agents of whom it is true, which it must stay when some are added; beyond
    // kAgentsMax if there are none. Looks from `near` on, in growing steps.
    template <typename IsTrue>
    std::int64_t fewest(std::int64_t near, IsTrue is_true) {
        std::int64_t low = 0;  // not enough
        std::int64_t high = std::clamp<std::int64_t>(near, 1, kAgentsMax);
        const bool goes_up = !is_true(with(high));
        for (std::int64_t step = 1; goes_up && !is_true(with(high)); step *= 2) {
            if (high == kAgentsMax) {
                return kAgentsMax + 1;
            }
            low = high;
            high = std::min(high + step, kAgentsMax);
        }
        for (std::int64_t step = 1; !goes_up && low == 0 && high > 1; step *= 2) {
            const std::int64_t tried = std::max<std::int64_t>(high - step, 1);
            (is_true(with(tried)) ? high : low) = tried;
        }
        while (high - low > 1) {
            const std::int64_t middle = low + (high - low) / 2;
            (is_true(with(middle)) ? high : low) = middle;
        }
        return high;
    }

    std::int64_t fewest_to_keep(std::int64_t near, const std::vector<Demand>& chosen) {
        return fewest(near, [&](const std::optional<Outcome>& met) {
            return met && std::all_of(chosen.begin(), chosen.end(),
                                      [&](Demand demand) { return keeps(demands_, demand, *met); });
        });
    }

    const Demands& demands() const { return demands_; }

private:
    StaffedQueue queue_;
    const Demands& demands_;
    std::map<std::int64_t, std::optional<Outcome>> outcomes_;
};

// Where to look first: what the ceiling asks for; with general patience what exponential patience
// of the same mean would, as that is soon found.
std::int64_t first_guess(const StaffingLoad& load, const Demands& demands,
                         const std::vector<Demand>& chosen) {
    const double busy = std::ceil(load.load / demands.occupancy_max.value_or(1));
    const auto guess = static_cast<std::int64_t>(std::min(busy, static_cast<double>(kAgentsMax)));
    if (!load.patience || std::holds_alternative<Exponential>(*load.patience)) {
        return guess;
    }
    const Real mean = mean_up_to(*load.patience, 1'000 * finest_time(*load.patience));
    StaffingLoad alike = load;
    alike.patience = Exponential{static_cast<double>(1 / mean)};
    return Trials(alike, demands).fewest_to_keep(guess, chosen);
}

// What one demand alone asks for.
std::int64_t bound_of(Trials& trials, std::int64_t near, Demand demand) {
    switch (demand) {
        case Demand::agents_min:
            return trials.demands().agents_min;
        case Demand::agents_max:
            return trials.demands().agents_max.value_or(kAgentsMax);
        case Demand::occupancy_min:
            return trials.fewest(near, [&](const std::optional<Outcome>& met) {
                return met && !keeps(trials.demands(), demand, *met);
            }) - 1;
        case Demand::service_level:
        case Demand::p_abandon_max:
        case Demand::mean_wait_max:
        case Demand::asa_max:
        case Demand::occupancy_max:
        case Demand::steady:
            return trials.fewest_to_keep(near, {demand});
    }
    return 0;
}

// Whether these bounds leave no number of agents.
bool leaves_none(const std::vector<Bound>& bounds, const std::vector<std::size_t>& chosen,
                 std::int64_t least) {
    std::int64_t low = least;
    std::int64_t high = kAgentsMax;
    for (const std::size_t i : chosen) {
        if (asks_for_fewer(bounds[i].demand)) {
            high = std::min(high, bounds[i].agents);
        } else {
            low = std::max(low, bounds[i].agents);
        }
    }
    return low > high;
}

std::vector<Bound> conflict_of(const std::vector<Bound>& bounds, std::int64_t least) {
    const auto chosen = smallest_conflict(
        bounds.size(),
        [&](const std::vector<std::size_t>& asked) { return leaves_none(bounds, asked, least); });
    std::vector<Bound> result;
    result.reserve(chosen.size());
    for (const std::size_t i : chosen) {
        result.push_back(bounds[i]);
    }
    return result;
}

std::vector<Demand> demands_for_more(const Demands& demands) {
    std::vector<Demand> result;
    for (const Demand demand : kDemands) {
        if (is_made(demands, demand) && !asks_for_fewer(demand)) {
            result.push_back(demand);
        }
    }
    return result;
}

// The first demand that one agent less would not keep.
std::optional<Demand> binding(Trials& trials, const std::vector<Demand>& chosen,
                              std::int64_t agents) {
    const std::optional<Outcome>& with_less = trials.with(agents - 1);
    for (const Demand demand : chosen) {
        if (demand == Demand::agents_min
                ? agents == trials.demands().agents_min
                : with_less && !keeps(trials.demands(), demand, *with_less)) {
            return demand;
        }
    }
    return agents > 1 ? std::optional(Demand::steady) : std::nullopt;
}

// Of an interval with nothing to do.
Requirement requirement_of_nobody(const Demands& demands) {
    Requirement result;
    result.agents = std::min(demands.agents_min, demands.agents_max.value_or(kAgentsMax));
    if (demands.agents_min > 0) {
        result.binds = Demand::agents_min;
    }
    if (result.agents < demands.agents_min) {
        result.conflict = {{Demand::agents_min, demands.agents_min},
                           {Demand::agents_max, result.agents}};
    }
    return result;
}

}  // namespace

bool is_made(const Demands& demands, Demand demand) {
    switch (demand) {
        case Demand::service_level:
            return demands.service_level.share.has_value();
        case Demand::p_abandon_max:
            return demands.p_abandon_max.has_value();
        case Demand::mean_wait_max:
            return demands.mean_wait_max.has_value();
        case Demand::asa_max:
            return demands.asa_max.has_value();
        case Demand::occupancy_max:
            return demands.occupancy_max.has_value();
        case Demand::agents_min:
            return demands.agents_min > 0;
        case Demand::steady:
            return true;
        case Demand::occupancy_min:
            return demands.occupancy_min.has_value();
        case Demand::agents_max:
            return demands.agents_max.has_value();
    }
    return false;
}

bool asks_for_fewer(Demand demand) {
    return demand == Demand::occupancy_min || demand == Demand::agents_max;
}

const char* to_string(Demand demand) {
    switch (demand) {
        case Demand::service_level:
            return "service_level";
        case Demand::p_abandon_max:
            return "p_abandon_max";
        case Demand::mean_wait_max:
            return "mean_wait_max";
        case Demand::asa_max:
            return "asa_max";
        case Demand::occupancy_max:
            return "occupancy_max";
        case Demand::agents_min:
            return "agents_min";
        case Demand::steady:
            return "steady";
        case Demand::occupancy_min:
            return "occupancy_min";
        case Demand::agents_max:
            return "agents_max";
    }
    return "";
}

bool keeps(const Demands& demands, Demand demand, const Outcome& outcome) {
    switch (demand) {
        case Demand::service_level:
            return outcome.service_level >= demands.service_level.share.value_or(0);
        case Demand::p_abandon_max:
            return outcome.p_abandon <= demands.p_abandon_max.value_or(1);
        case Demand::mean_wait_max:
            return !demands.mean_wait_max || outcome.mean_wait <= *demands.mean_wait_max;
        case Demand::asa_max:
            return !demands.asa_max || outcome.asa <= *demands.asa_max;
        case Demand::occupancy_max:
            return outcome.occupancy <= demands.occupancy_max.value_or(1);
        case Demand::occupancy_min:
            return outcome.occupancy >= demands.occupancy_min.value_or(0);
        case Demand::agents_min:
        case Demand::agents_max:
        case Demand::steady:
            return true;
    }
    return false;
}

std::optional<Outcome> outcome(const StaffingLoad& load, const Demands& demands,
                               std::int64_t agents) {
    return load.load < kLoadMin ? std::nullopt : Trials(load, demands).with(agents);
}

Requirement requirement(const StaffingLoad& load, const Demands& demands) {
    if (load.load < kLoadMin) {
        return requirement_of_nobody(demands);
    }
    Trials trials(load, demands);
    const std::vector<Demand> chosen = demands_for_more(demands);
    const std::int64_t near = first_guess(load, demands, chosen);
    Requirement result;
    result.agents = std::max(trials.fewest_to_keep(near, chosen), demands.agents_min);
    result.binds = binding(trials, chosen, result.agents);
    result.outcome = trials.with(std::min(result.agents, kAgentsMax));
    const std::int64_t most = std::min(demands.agents_max.value_or(kAgentsMax), kAgentsMax);
    const bool is_kept = !result.outcome || keeps(demands, Demand::occupancy_min, *result.outcome);
    if (result.agents > most || !is_kept) {
        std::vector<Bound> bounds;
        for (const Demand demand : kDemands) {
            if (is_made(demands, demand)) {
                bounds.push_back({demand, bound_of(trials, near, demand)});
            }
        }
        // Of those that ask for more, what asks for most is told.
        std::stable_sort(bounds.begin(), bounds.end(), [](const Bound& a, const Bound& b) {
            const auto key = [](const Bound& bound) {
                const bool is_fewer = asks_for_fewer(bound.demand);
                return std::pair(is_fewer, is_fewer ? 0 : -bound.agents);
            };
            return key(a) < key(b);
        });
        result.conflict = conflict_of(bounds, 1);
        result.agents = std::min(result.agents, most);
        result.outcome = trials.with(result.agents);
    }
    return result;
}

std::int64_t paid_agents(std::int64_t agents, double shrinkage) {
    LANZE_CHECK(shrinkage >= 0 && shrinkage < 1);
    // 7 / 0.7 is a little more than 10 in binary, and nobody is hired for that.
    const double paid = static_cast<double>(agents) / (1 - shrinkage);
    return static_cast<std::int64_t>(std::ceil(paid * (1 - 1e-12)));
}

}  // namespace lanze::plan
