#include "sim/staffing_search.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"
#include "base/rng.h"

namespace lanze::sim {

namespace {

constexpr double kSearchConfidence = 0.95;
// Intervals that are changed at once stand so far apart.
constexpr std::size_t kApart = 3;
// Contacts that wait at the end of an interval on average; from so many on, agents in it help the
// next.
constexpr double kCarriedOver = 0.5;

// Where demands cannot be kept, agents who make less of a difference than this are not needed.
constexpr double kUnheeded = 0.02;

// What is done to the agents of one interval.
struct Move {
    std::vector<std::size_t> leave;  // pools, each an agent
    std::vector<std::size_t> join;
    double saving = 0;
};

bool share_a_queue(const StaffingProblem& problem, std::size_t a, std::size_t b) {
    for (std::size_t queue = 0; queue < problem.demands.size(); ++queue) {
        if (serves(problem, a, queue) && serves(problem, b, queue)) {
            return true;
        }
    }
    return false;
}

// All that save something: single agents first, then by what they save.
std::vector<Move> moves_of(const StaffingProblem& problem) {
    const std::size_t pools = problem.pools.size();
    std::vector<Move> moves;
    const auto add = [&](std::vector<std::size_t> leave, std::vector<std::size_t> join) {
        double saving = 0;
        bool is_useful = true;
        for (const std::size_t pool : leave) {
            saving += problem.pools[pool].cost;
            for (const std::size_t other : join) {
                is_useful = is_useful && pool != other && share_a_queue(problem, pool, other);
            }
        }
        for (const std::size_t pool : join) {
            saving -= problem.pools[pool].cost;
        }
        if (is_useful && saving > 1e-9) {
            moves.push_back({std::move(leave), std::move(join), saving});
        }
    };
    for (std::size_t a = 0; a < pools; ++a) {
        add({a}, {});
        for (std::size_t c = 0; c < pools; ++c) {
            add({a}, {c});
            for (std::size_t b = a; b < pools; ++b) {
                add({a, b}, {c});
            }
        }
    }
    std::stable_sort(moves.begin(), moves.end(), [](const Move& a, const Move& b) {
        return a.join.size() != b.join.size() ? a.join.size() < b.join.size() : a.saving > b.saving;
    });
    return moves;
}

class Search {
public:
    Search(const StaffingProblem& problem, const PoolAgents& least, const SearchSettings& settings,
           const Simulate& simulate)
        : problem_(problem), least_(least), settings_(settings), simulate_(simulate) {}

    SearchedStaffing run(const PoolAgents& start) {
        result_.agents = start;
        std::optional<Look> look = add_until_kept();
        if (look) {
            take_away(*look);
        }
        while (true) {
            result_.look = final_look();
            const bool may_go_on = result_.final_looks < kFinalLooksMax;
            if (!may_go_on || !add_where_short(result_.look, -1, 0)) {
                return std::move(result_);
            }
        }
    }

private:
    using Shortfalls = std::vector<double>;  // by interval

    std::optional<Look> search_look(const PoolAgents& agents) {
        if (result_.search_looks == settings_.looks_max) {
            result_.is_at_limit = true;
            return std::nullopt;
        }
        ++result_.search_looks;
        return look(agents, settings_.seed, settings_.search_replications, kSearchConfidence);
    }

    Look final_look() {
        ++result_.final_looks;
        return look(result_.agents, split_mix(settings_.seed ^ split_mix(result_.final_looks)),
                    settings_.replications, 1 - (1 - kToldConfidence) / kFinalLooksMax);
    }

    Look look(const PoolAgents& agents, std::uint64_t seed, std::uint32_t replications,
              double confidence) {
        result_.replications += replications;
        const auto tallies =
            simulate_(staffed(problem_, agents), replication_of(problem_, seed), replications);
        return look_at(problem_, tallies, confidence);
    }

    double shortfall_of(const Look& look, std::size_t queue, std::size_t interval,
                        double margin) const {
        double sum = 0;
        for (const Judgement& judgement : look.queues[queue][interval].judgements) {
            sum += plan::asks_for_fewer(judgement.demand)
                       ? 0
                       : shortfall(problem_.demands[queue], judgement, margin);
        }
        return sum;
    }

    Shortfalls shortfalls(const Look& look, double margin) const {
        Shortfalls result(problem_.intervals);
        for (std::size_t queue = 0; queue < problem_.demands.size(); ++queue) {
            for (std::size_t interval = 0; interval < problem_.intervals; ++interval) {
                result[interval] += shortfall_of(look, queue, interval, margin);
            }
        }
        return result;
    }

    bool has_room(std::size_t pool, std::size_t interval) const {
        return result_.agents[pool][interval] < problem_.pools[pool].agents_max;
    }

    // Where an agent more of the pool may help what is short: the interval itself, or the one
    // before if contacts are carried over and no pool has room in this one.
    struct Place {
        std::size_t interval;
        std::vector<std::size_t> pools;
    };
    std::vector<Place> places_to_add(const Look& look, double margin) const {
        std::vector<Place> places;
        for (std::size_t interval = 0; interval < problem_.intervals; ++interval) {
            std::vector<std::size_t> here = helpers(look, interval, margin);
            std::vector<std::size_t> before = here;
            std::erase_if(here, [&](std::size_t pool) { return !has_room(pool, interval); });
            std::erase_if(before,
                          [&](std::size_t pool) { return !is_carried_over(look, pool, interval); });
            if (!here.empty()) {
                places.push_back({interval, std::move(here)});
            } else if (!before.empty()) {
                places.push_back({interval - 1, std::move(before)});
            }
        }
        return places;
    }

    // Pools that serve what is short.
    std::vector<std::size_t> helpers(const Look& look, std::size_t interval, double margin) const {
        std::vector<std::size_t> result;
        for (std::size_t pool = 0; pool < problem_.pools.size(); ++pool) {
            if (helps(look, pool, interval, margin)) {
                result.push_back(pool);
            }
        }
        return result;
    }

    bool helps(const Look& look, std::size_t pool, std::size_t interval, double margin) const {
        for (std::size_t queue = 0; queue < problem_.demands.size(); ++queue) {
            if (serves(problem_, pool, queue) && shortfall_of(look, queue, interval, margin) > 0) {
                return true;
            }
        }
        return false;
    }

    bool is_carried_over(const Look& look, std::size_t pool, std::size_t interval) const {
        if (interval == 0 || !has_room(pool, interval - 1)) {
            return false;
        }
        for (std::size_t queue = 0; queue < problem_.demands.size(); ++queue) {
            if (serves(problem_, pool, queue) &&
                look.queues[queue][interval - 1].waiting_end >= kCarriedOver) {
                return true;
            }
        }
        return false;
    }

    // In rounds, at first one agent in each place, later more; false if nothing could be added.
    bool add_where_short(const Look& look, double margin, std::uint32_t round) {
        const std::vector<Place> places = places_to_add(look, margin);
        if (places.empty()) {
            return false;
        }
        const std::uint32_t step = 1U << std::min(round / 3, 6U);
        for (const auto& [interval, pool] : best_pools(look, places, margin)) {
            std::uint32_t& agents = result_.agents[pool][interval];
            agents = std::min(agents + step, problem_.pools[pool].agents_max);
        }
        return true;
    }

    // (interval, pool) for each place: the pool whose agent more takes most off what is short, for
    // its cost. Each pool is tried in all its places at once, with the same seeds.
    std::vector<std::pair<std::size_t, std::size_t>> best_pools(const Look& look,
                                                                const std::vector<Place>& places,
                                                                double margin) {
        std::vector<std::pair<std::size_t, std::size_t>> result;
        std::vector<std::optional<Shortfalls>> with(problem_.pools.size());
        const bool is_choice = std::any_of(places.begin(), places.end(), [](const Place& place) {
            return place.pools.size() > 1;
        });
        for (std::size_t pool = 0; is_choice && pool < problem_.pools.size(); ++pool) {
            PoolAgents tried = result_.agents;
            bool is_tried = false;
            for (const Place& place : places) {
                if (std::count(place.pools.begin(), place.pools.end(), pool) > 0) {
                    ++tried[pool][place.interval];
                    is_tried = true;
                }
            }
            const auto seen = is_tried ? search_look(tried) : std::nullopt;
            if (seen) {
                with[pool] = shortfalls(*seen, margin);
            }
        }
        const Shortfalls without = shortfalls(look, margin);
        result.reserve(places.size());
        for (const Place& place : places) {
            result.emplace_back(place.interval, best_pool(place, without, with));
        }
        return result;
    }

    // The cheapest of those that bring nothing, or were not tried.
    std::size_t best_pool(const Place& place, const Shortfalls& without,
                          const std::vector<std::optional<Shortfalls>>& with) const {
        const auto key = [&](std::size_t pool) {
            const double gain =
                with[pool] ? near(without, place.interval) - near(*with[pool], place.interval) : 0;
            const double cost = problem_.pools[pool].cost;
            return std::pair(-std::max(gain, 0.0) / cost, cost);
        };
        return *std::min_element(place.pools.begin(), place.pools.end(),
                                 [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
    }

    static double near(const Shortfalls& shortfalls, std::size_t interval) {
        return shortfalls[interval] +
               (interval + 1 < shortfalls.size() ? shortfalls[interval + 1] : 0);
    }

    // The look at agents who keep all; nothing if that is not reached.
    std::optional<Look> add_until_kept() {
        for (std::uint32_t round = 0;; ++round) {
            std::optional<Look> look = search_look(result_.agents);
            if (!look || !add_where_short(*look, settings_.margin, round)) {
                return look;
            }
        }
    }

    // Intervals that are short and were not before any agent was taken away.
    void take_away(const Look& before) {
        const Shortfalls known = shortfalls(before, settings_.margin);
        const std::vector<Move> moves = moves_of(problem_);
        std::vector<std::vector<bool>> is_barred(moves.size(),
                                                 std::vector<bool>(problem_.intervals));
        bool goes_on = true;
        while (goes_on) {
            goes_on = false;
            for (std::size_t i = 0; i < moves.size() && !result_.is_at_limit; ++i) {
                for (std::size_t first = 0; first < kApart; ++first) {
                    goes_on = try_move(moves[i], first, known, is_barred[i]) || goes_on;
                }
            }
            goes_on = goes_on && !result_.is_at_limit;
        }
    }

    bool is_possible(const Move& move, std::size_t interval) const {
        for (const std::size_t pool : move.leave) {
            const auto count =
                static_cast<std::uint32_t>(std::count(move.leave.begin(), move.leave.end(), pool));
            if (result_.agents[pool][interval] < least_[pool][interval] + count) {
                return false;
            }
        }
        return std::all_of(move.join.begin(), move.join.end(),
                           [&](std::size_t pool) { return has_room(pool, interval); });
    }

    static void apply(const Move& move, std::size_t interval, PoolAgents& agents) {
        for (const std::size_t pool : move.leave) {
            --agents[pool][interval];
        }
        for (const std::size_t pool : move.join) {
            ++agents[pool][interval];
        }
    }

    // In each kApart-th interval where it is possible; true if some of it stays.
    bool try_move(const Move& move, std::size_t first, const Shortfalls& known,
                  std::vector<bool>& is_barred) {
        std::vector<std::size_t> moved;
        PoolAgents tried = result_.agents;
        for (std::size_t i = first; i < problem_.intervals; i += kApart) {
            if (!is_barred[i] && is_possible(move, i)) {
                apply(move, i, tried);
                moved.push_back(i);
            }
        }
        const auto look = moved.empty() ? std::nullopt : search_look(tried);
        if (!look) {
            return false;
        }
        const Shortfalls now = shortfalls(*look, settings_.margin);
        bool is_any_short_apart = false;
        for (std::size_t i = 0; i < problem_.intervals; ++i) {
            const bool is_short = now[i] > known[i] * (1 + kUnheeded) + 1e-12;
            bool is_near = false;
            for (const std::size_t interval : moved) {
                const bool is_here = is_short && interval <= i + 1 && i <= interval + 1;
                is_barred[interval] = is_barred[interval] || is_here;
                is_near = is_near || is_here;
            }
            is_any_short_apart = is_any_short_apart || (is_short && !is_near);
        }
        bool stays = false;
        for (const std::size_t interval : moved) {
            is_barred[interval] = is_barred[interval] || is_any_short_apart;
            if (!is_barred[interval]) {
                apply(move, interval, result_.agents);
                stays = true;
            }
        }
        return stays;
    }

    const StaffingProblem& problem_;
    const PoolAgents& least_;
    const SearchSettings& settings_;
    const Simulate& simulate_;
    SearchedStaffing result_;
};

}  // namespace

SearchedStaffing search_staffing(const StaffingProblem& problem, const PoolAgents& start,
                                 const PoolAgents& least, const SearchSettings& settings,
                                 const Simulate& simulate) {
    LANZE_CHECK(problem.intervals > 0 && problem.lead <= problem.intervals);
    LANZE_CHECK(start.size() == problem.pools.size() && least.size() == start.size());
    LANZE_CHECK(settings.replications > 1 && settings.search_replications > 1);
    return Search(problem, least, settings, simulate).run(start);
}

}  // namespace lanze::sim
