#include "plan/incomplete_gamma.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace lanze::plan {

namespace {

constexpr Real kEpsilon = std::numeric_limits<Real>::epsilon();

// The logarithm of the gamma function; std::lgamma writes a global sign. Stirling's series, whose
// first term left out is below 1e-17 here.
Real log_gamma(Real a) {
    if (a < 100) {
        return std::log(std::tgamma(a));
    }
    const Real inverse = 1 / a;
    const Real square = inverse * inverse;
    const Real series = inverse * (1.0L / 12 - square * (1.0L / 360 - square / 1260));
    return (a - 0.5L) * std::log(a) - a + 0.5L * std::log(2 * std::numbers::pi_v<Real>) + series;
}

// z^a exp(-z) / exp(log_unit)
Real front(Real a, Real z, Real log_unit) {
    return std::exp(a * std::log(z) - z - log_unit);
}

// The lower part by a series all of whose terms are positive.
Real lower_series(Real a, Real z, Real log_unit) {
    Real term = 1 / a;
    Real sum = term;
    for (Real j = 1; term > kEpsilon * sum; ++j) {
        term *= z / (a + j);
        sum += term;
    }
    return sum * front(a, z, log_unit);
}

// The upper part, for z above a + 1.
Real upper_fraction(Real a, Real z, Real log_unit) {
    constexpr Real kTiny = 1e-4000L;
    Real b = z + 1 - a;
    Real c = 1 / kTiny;
    Real d = 1 / b;
    Real result = d;
    for (int i = 1; i < 5'000; ++i) {
        const Real factor = -static_cast<Real>(i) * (static_cast<Real>(i) - a);
        b += 2;
        d = factor * d + b;
        d = 1 / (std::fabs(d) < kTiny ? kTiny : d);
        c = b + factor / c;
        c = std::fabs(c) < kTiny ? kTiny : c;
        result *= d * c;
        if (std::fabs(d * c - 1) < 2 * kEpsilon) {
            break;
        }
    }
    return result * front(a, z, log_unit);
}

}  // namespace

Real lower_gamma(Real a, Real z) {
    if (z <= 0) {
        return 0;
    }
    return z < a + 1 ? lower_series(a, z, 0) : std::tgamma(a) - upper_fraction(a, z, 0);
}

Real gamma_share(Real a, Real z) {
    if (z <= 0) {
        return 0;
    }
    const Real unit = log_gamma(a);
    return z < a + 1 ? lower_series(a, z, unit) : 1 - upper_fraction(a, z, unit);
}

}  // namespace lanze::plan
