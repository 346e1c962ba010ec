#include "plan/patience.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/variant.h"
#include "plan/incomplete_gamma.h"
#include "plan/quadrature.h"

namespace lanze::plan {

namespace {

constexpr Real kEpsilon = std::numeric_limits<Real>::epsilon();

// The sum of term(2), term(3), ... with y^j / j! as a factor that falls fast for |y| below 1.
template <typename Coefficient>
Real power_series(Real y, Coefficient coefficient) {
    Real power = y;
    Real sum = 0;
    for (int j = 2; j < 60; ++j) {
        power *= y / static_cast<Real>(j);
        const Real term = power * coefficient(j);
        sum += term;
        if (std::fabs(power) * static_cast<Real>(j) < kEpsilon * std::fabs(sum)) {
            break;
        }
    }
    return sum;
}

Real sign_of_power(int j) {
    return j % 2 == 0 ? 1 : -1;
}

// exp(-start) (exp(-y) - 1 + y): the integral of exp(-start) - exp(-start - u) from 0 to y. The two
// powers are kept together, as one may be nothing where the other is beyond all numbers.
Real exponential_growth(Real start, Real y) {
    if (std::fabs(y) > 0.5L) {
        return std::exp(-start - y) + (y - 1) * std::exp(-start);
    }
    return std::exp(-start) * power_series(y, sign_of_power);
}

// 1 - (1 + y) exp(-y): the share of Erlang-2 patience, y counted in phases.
Real erlang2_share(Real y) {
    if (y > 0.5L) {
        return 1 - (1 + y) * std::exp(-y);
    }
    return power_series(y, [](int j) { return sign_of_power(j) * static_cast<Real>(j - 1); });
}

// exp(-start) (y - 2 + (2 + y) exp(-y)): without start the integral of erlang2_share from 0 to y.
Real erlang2_growth(Real start, Real y) {
    if (std::fabs(y) > 0.5L) {
        return (y - 2) * std::exp(-start) + (2 + y) * std::exp(-start - y);
    }
    return std::exp(-start) *
           power_series(y, [](int j) { return -sign_of_power(j) * static_cast<Real>(j - 2); });
}

Real weibull_power(const Weibull& patience, Real wait) {
    return wait <= 0 ? 0
                     : std::pow(wait / static_cast<Real>(patience.scale),
                                static_cast<Real>(patience.shape));
}

Real weibull_mean_up_to(const Weibull& patience, Real wait) {
    const Real a = 1 / static_cast<Real>(patience.shape);
    return static_cast<Real>(patience.scale) * a * lower_gamma(a, weibull_power(patience, wait));
}

// The integral of G from 0 to `wait`.
Real weibull_growth_from_0(const Weibull& patience, Real wait) {
    const Real z = weibull_power(patience, wait);
    if (z >= 1) {
        return wait - weibull_mean_up_to(patience, wait);
    }
    Real power = -1;
    Real sum = 0;
    for (int j = 1; j < 60; ++j) {
        power *= -z / static_cast<Real>(j);
        sum += power / (static_cast<Real>(j) * static_cast<Real>(patience.shape) + 1);
        if (std::fabs(power) < kEpsilon * z) {
            break;
        }
    }
    return wait * sum;
}

// Where the difference of two integrals would cancel, G(u) - G(from) is integrated as such.
Real weibull_growth(const Weibull& patience, Real from, Real step) {
    const Real start = weibull_growth_from_0(patience, from);
    if (from <= 0) {
        return weibull_growth_from_0(patience, step);
    }
    const Real z = weibull_power(patience, from);
    const Real level = -std::expm1(-z) * step;
    const Real end = weibull_growth_from_0(patience, from + step);
    const Real difference = (end - start) - level;
    if (difference > 1e-5L * (start + end + std::fabs(level))) {
        return difference;
    }
    const Real shape = static_cast<Real>(patience.shape);
    return gauss_legendre(
        [&](Real u) {
            const Real more = z * std::expm1(shape * std::log1p((u - from) / from));
            return -std::exp(-z) * std::expm1(-more);
        },
        from, from + step);
}

struct Kind {
    Real share;
    Real rate;
};

template <typename OfKind>
Real over_kinds(const TwoKinds& patience, OfKind of_kind) {
    const Real first = static_cast<Real>(patience.first_share);
    return of_kind(Kind{first, 1 / static_cast<Real>(patience.first_mean)}) +
           of_kind(Kind{1 - first, 1 / static_cast<Real>(patience.second_mean)});
}

Real phase_rate(const Erlang2& patience) {
    return 2 / static_cast<Real>(patience.mean);
}

}  // namespace

Real impatient_share(const Patience& patience, Real wait) {
    if (wait <= 0) {
        return 0;
    }
    return std::visit(
        Overloaded{
            [&](const Exponential& p) { return -std::expm1(-static_cast<Real>(p.rate) * wait); },
            [&](const FixedPatience& p) -> Real { return wait >= p.time ? 1 : 0; },
            [&](const Erlang2& p) { return erlang2_share(phase_rate(p) * wait); },
            [&](const Weibull& p) { return -std::expm1(-weibull_power(p, wait)); },
            [&](const TwoKinds& p) {
                return over_kinds(
                    p, [&](Kind kind) { return -kind.share * std::expm1(-kind.rate * wait); });
            },
        },
        patience);
}

Real patient_share(const Patience& patience, Real wait) {
    if (wait <= 0) {
        return 1;
    }
    return std::visit(
        Overloaded{
            [&](const Exponential& p) { return std::exp(-static_cast<Real>(p.rate) * wait); },
            [&](const FixedPatience& p) -> Real { return wait >= p.time ? 0 : 1; },
            [&](const Erlang2& p) {
                const Real y = phase_rate(p) * wait;
                return (1 + y) * std::exp(-y);
            },
            [&](const Weibull& p) { return std::exp(-weibull_power(p, wait)); },
            [&](const TwoKinds& p) {
                return over_kinds(
                    p, [&](Kind kind) { return kind.share * std::exp(-kind.rate * wait); });
            },
        },
        patience);
}

Real mean_up_to(const Patience& patience, Real wait) {
    const auto exponential = [&](Real rate) { return -std::expm1(-rate * wait) / rate; };
    return std::visit(
        Overloaded{
            [&](const Exponential& p) { return exponential(static_cast<Real>(p.rate)); },
            [&](const FixedPatience& p) { return std::min(wait, static_cast<Real>(p.time)); },
            [&](const Erlang2& p) {
                const Real y = phase_rate(p) * wait;
                return (-2 * std::expm1(-y) - y * std::exp(-y)) / phase_rate(p);
            },
            [&](const Weibull& p) { return weibull_mean_up_to(p, wait); },
            [&](const TwoKinds& p) {
                return over_kinds(p,
                                  [&](Kind kind) { return kind.share * exponential(kind.rate); });
            },
        },
        patience);
}

Real growth(const Patience& patience, Real from, Real step) {
    const auto exponential = [&](Real rate) {
        return exponential_growth(rate * from, rate * step) / rate;
    };
    return std::visit(
        Overloaded{
            [&](const Exponential& p) { return exponential(static_cast<Real>(p.rate)); },
            [&](const FixedPatience& p) {
                const Real time = static_cast<Real>(p.time);
                const bool is_over = from >= time;
                const Real end = from + step;
                return is_over ? std::max(time - end, 0.0L) : std::max(end - time, 0.0L);
            },
            [&](const Erlang2& p) {
                const Real rate = phase_rate(p);
                const Real start = rate * from;
                const Real y = rate * step;
                return (start * exponential_growth(start, y) + erlang2_growth(start, y)) / rate;
            },
            [&](const Weibull& p) { return weibull_growth(p, from, step); },
            [&](const TwoKinds& p) {
                return over_kinds(p,
                                  [&](Kind kind) { return kind.share * exponential(kind.rate); });
            },
        },
        patience);
}

Real time_of_share(const Patience& patience, Real share) {
    Real high = finest_time(patience);
    while (impatient_share(patience, high) < share) {
        high *= 2;
    }
    Real low = high / 2;
    while (low > 0 && impatient_share(patience, low) >= share) {
        high = low;
        low /= 2;
    }
    for (int i = 0; i < 80; ++i) {
        const Real middle = low + (high - low) / 2;
        (impatient_share(patience, middle) < share ? low : high) = middle;
    }
    return high;
}

Real finest_time(const Patience& patience) {
    return std::visit(Overloaded{
                          [](const Exponential& p) { return 1 / static_cast<Real>(p.rate); },
                          [](const FixedPatience& p) { return static_cast<Real>(p.time); },
                          [](const Erlang2& p) { return 1 / phase_rate(p); },
                          [](const Weibull& p) { return static_cast<Real>(p.scale); },
                          [](const TwoKinds& p) {
                              return static_cast<Real>(std::min(p.first_mean, p.second_mean));
                          },
                      },
                      patience);
}

Real break_time(const Patience& patience) {
    return std::visit(Overloaded{
                          [](const Exponential&) -> Real { return 0; },
                          [](const FixedPatience& p) -> Real { return p.time; },
                          [](const Erlang2&) -> Real { return 0; },
                          [](const Weibull& p) -> Real { return p.scale; },
                          [](const TwoKinds&) -> Real { return 0; },
                      },
                      patience);
}

}  // namespace lanze::plan
