// The modified load: how many agents would be busy at each time of a day on which arrivals change,
// if everybody were served at once.
#pragma once

#include <cstddef>
#include <vector>

#include "plan/handle_time.h"

namespace lanze::plan {

// What comes in one interval, evenly over it.
struct ArrivalInterval {
    double contacts = 0;
    double handle_mean = 1;  // of these contacts; the shape of its distribution is that of the day
};

struct DayOfArrivals {
    std::vector<ArrivalInterval> arrivals;
    double interval = 1;  // its length, in the unit of the handle times
    // Before the first interval there was the last one of a day like this; without it, nobody.
    bool goes_round = false;
};

struct IntervalLoad {
    double load = 0;      // arrivals of the interval x their mean handle time
    double modified = 0;  // the mean of m(t) over the interval
    double peak = 0;      // the largest m(t) in it
};

// m(t), the integral of lambda(t - u) P(S > u) over u, is the mean number of busy agents in
// M(t)/G/infinity. Arrivals are constant in each interval, so its means are sums of second
// differences of HandleTime::area_up_to. The peak is the largest at 33 times of each interval.
// Sources: Jennings, Mandelbaum, Massey, Whitt, Server staffing to meet time-varying demand (1996);
// Green, Kolesar, Whitt, Coping with time-varying demand when setting staffing requirements for a
// service system (2007).
std::vector<IntervalLoad> modified_loads(const DayOfArrivals& day, const HandleTime& handle_time);

}  // namespace lanze::plan
