// Patience: how long callers wait before they give up, as distributions whose shares and integrals
// keep their relative accuracy from the shortest to the longest waits.
#pragma once

#include <variant>

namespace lanze::plan {

// 64 bits of mantissa on x86-64 and the exponents of a probability that no double can hold.
using Real = long double;

// All times are in one unit that is free, rates are per that unit; all values are more than 0.
struct Exponential {
    double rate = 1;
};
// Everybody waits the same time.
struct FixedPatience {
    double time = 1;
};
// The sum of two exponential times: few give up at once.
struct Erlang2 {
    double mean = 1;
};
struct Weibull {
    double shape = 1;
    double scale = 1;
};
// Two kinds of callers, each with exponential patience (hyperexponential).
struct TwoKinds {
    double first_share = 0.5;  // below 1
    double first_mean = 1;
    double second_mean = 1;
};
using Patience = std::variant<Exponential, FixedPatience, Erlang2, Weibull, TwoKinds>;

// G(wait): the share of callers whose patience is at most `wait`.
Real impatient_share(const Patience& patience, Real wait);

// 1 - G(wait), accurate where it is small.
Real patient_share(const Patience& patience, Real wait);

// The integral of 1 - G from 0 to `wait`: the mean of min(patience, wait).
Real mean_up_to(const Patience& patience, Real wait);

// The integral of G(u) - G(from) over u from `from` to `from + step`; never negative, also for a
// negative step, which may lead back to 0 but not further.
Real growth(const Patience& patience, Real from, Real step);

// The time after which G first reaches `share`, which is above 0 and below 1.
Real time_of_share(const Patience& patience, Real share);

// The shortest time on which the distribution changes, and a time where its shape breaks (0: none).
Real finest_time(const Patience& patience);
Real break_time(const Patience& patience);

}  // namespace lanze::plan
