// Erlang's formulas and their kin: what callers and agents meet in one queue with alike agents,
// Poisson arrivals and exponential handle times, in equilibrium and exactly.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/result.h"
#include "plan/patience.h"

namespace lanze::plan {

// Values beyond these are no contact centre, and would cost accuracy or time.
inline constexpr std::int64_t kAgentsMax = 1'000'000;
inline constexpr std::int64_t kPlacesMax = 2'000'000;
inline constexpr double kValueMin = 1e-30;  // of rates and times, within 0 aside
inline constexpr double kValueMax = 1e30;
inline constexpr double kShapeMin = 0.05;  // of Weibull patience
inline constexpr double kShapeMax = 100;

// Rates are per time unit, times are in that unit, which is free.
struct StaffedQueue {
    double lambda = 1;  // arrivals
    double mu = 1;      // handled contacts per busy agent
    std::int64_t agents = 1;
    // Contacts that may be there at once, with an agent or waiting, at least `agents`; others are
    // blocked. Without a value there is room for all. With general patience there must be none.
    std::optional<std::int64_t> places;
    std::optional<Patience> patience;  // without it nobody abandons
    double within = 0;                 // the threshold of the service level
};

// Shares are of all arrivals where not said otherwise.
struct Measures {
    std::int64_t agents = 0;
    double p_block = 0;        // arrivals that find no place
    double p_abandon = 0;      // arrivals that give up
    double answered = 0;       // arrivals that an agent takes
    double served_within = 0;  // arrivals that an agent takes after at most `within`
    // The next three over the arrivals that were let in, abandoned waits included.
    double p_wait = 0;         // not served at once
    double mean_wait = 0;      // zero waits included
    double p_wait_longer = 0;  // wait more than `within`, whatever comes then
    double asa = 0;            // mean wait of those whom an agent takes, zero waits included
    double occupancy = 0;      // busy / all agents
    double mean_queue = 0;     // contacts that wait, over time
};

enum class ErlangError : std::uint8_t {
    endless_queue,  // as many arrivals as all agents can handle, or more, and nobody goes
    out_of_reach,   // kAgentsMax, or all places, are not enough
};

bool is_valid(const StaffedQueue& queue);

// Arrivals beyond what all agents handle, with room for all and endless patience. Within 1e-12 of
// each other, the two rates count as equal, as their decimals may have been.
bool is_endless(const StaffedQueue& queue);

// Of a valid queue; relative errors are below 1e-9, also of small values. Sources: places = agents
// is Erlang B, no patience Erlang C; Jagerman, Some properties of the Erlang loss function (1974);
// Palm (1957) and Garnett, Mandelbaum, Reiman, Designing a call center with impatient customers
// (2002) for exponential patience; Baccelli, Hebuterne (1981), Zeltyn, Mandelbaum, Call centers
// with impatient customers: many-server asymptotics of the M/M/n+G queue (2005) and Mandelbaum,
// Zeltyn (2004, 2007) for general patience.
Result<Measures, ErlangError> measures(const StaffedQueue& queue);

// The measures with the smallest number of agents that is enough. `is_enough` must stay true when
// agents are added; queue.agents is not read.
Result<Measures, ErlangError> smallest(const StaffedQueue& queue,
                                       const std::function<bool(const Measures&)>& is_enough);

// Abandoned after a wait of at most `within`, as a share of all arrivals.
double abandoned_within(const Measures& measures);

}  // namespace lanze::plan
