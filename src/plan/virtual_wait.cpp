#include "plan/virtual_wait.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plan/quadrature.h"

namespace lanze::plan {

namespace {

constexpr Real kForEver = std::numeric_limits<Real>::infinity();

// exp(-45) is 3e-20; beyond it the rest of an integral may be left out once it adds nothing.
constexpr Real kDropMin = 45;
// exp(-11300) is the smallest number there is, about.
constexpr Real kDropMax = 11'300;
constexpr Real kNothing = 1e-17L;

}  // namespace

WaitIntegrals patient_integrals(Real spare, Real within) {
    WaitIntegrals result;
    result.all = 1 / spare;
    result.served = result.all;
    result.served_within = -std::expm1(-spare * within) / spare;
    result.mean_wait = 1 / (spare * spare);
    result.served_wait = result.mean_wait;
    result.longer = std::exp(-spare * within) / spare;
    return result;
}

VirtualWait::VirtualWait(Real lambda, Real capacity, const Patience& patience)
    : lambda_(lambda), patience_(patience) {
    if (lambda <= capacity) {
        slope_ = lambda - capacity;
        return;
    }
    // Overload: the wait gathers where so many have given up that the agents can handle the rest.
    peak_ = time_of_share(patience, (lambda - capacity) / lambda);
    const Real slope = lambda * patient_share(patience, peak_) - capacity;
    slope_ = std::fabs(slope) < 1e-9L * capacity ? 0 : slope;
}

Real VirtualWait::exponent(Real x) const {
    return slope_ * (x - peak_) - lambda_ * growth(patience_, peak_, x - peak_);
}

Real VirtualWait::panel(const Weight& weight, Real from, Real to, Real so_far) const {
    const auto value = [&](Real x) { return weight(x) * std::exp(exponent(x)); };
    const Real low = std::min(from, to);
    const Real high = std::max(from, to);
    const Real break_at = break_time(patience_);
    const Real negligible = 1e-14L * so_far;
    if (low < break_at && break_at < high) {
        return integrate(value, low, break_at, negligible) +
               integrate(value, break_at, high, negligible);
    }
    return integrate(value, low, high, negligible);
}

// About so far that the density falls to a third, but no further than the patience's finest time.
Real VirtualWait::first_step(Real from, Real direction) const {
    const Real here = exponent(from);
    Real step = finest_time(patience_);
    while (here - exponent(from + direction * step) > 2) {
        step /= 2;
    }
    return step;
}

// Panel by panel, each as long as all before it.
Real VirtualWait::walk(const Weight& weight, Real from, Real to, Real so_far) const {
    const Real direction = to > from ? 1 : -1;
    const bool is_outwards = direction < 0 || from >= peak_;
    const Real length = std::fabs(to - from);
    const Real start = exponent(from);
    const auto place = [&](Real distance) {
        return distance < length ? from + direction * distance : to;
    };
    // From the far end no step may lead beyond 0, where the exponent ends.
    Real done = 0;
    Real step = direction > 0 ? first_step(from, 1) : length / 1024;
    while (direction < 0 && start - exponent(place(step)) > 2) {
        step /= 2;
    }
    Real sum = 0;
    while (done < length) {
        const Real next = std::min(done + step, length);
        const Real part = panel(weight, place(done), place(next), so_far + sum);
        sum += part;
        const Real drop = start - exponent(place(next));
        if (is_outwards && drop > kDropMin &&
            (part < kNothing * (so_far + sum) || drop > kDropMax)) {
            break;
        }
        done = next;
        step = done;
    }
    return sum;
}

Real VirtualWait::integral(const Weight& weight, Real from, Real to) const {
    const Real top = std::clamp(peak_, from, to);
    Real sum = top < to ? walk(weight, top, to, 0) : 0;
    if (top > from) {
        // Shares change fastest near 0, so that half is walked from there.
        const Real middle = from + (top - from) / 2;
        sum += walk(weight, top, middle, sum);
        if (exponent(top) - exponent(middle) < kDropMax) {
            sum += walk(weight, from, middle, sum);
        }
    }
    return sum;
}

WaitIntegrals VirtualWait::integrals(Real within) const {
    const auto one = [](Real) -> Real { return 1; };
    const auto impatient = [&](Real x) { return impatient_share(patience_, x); };
    const auto patient = [&](Real x) { return patient_share(patience_, x); };
    const auto wait = [&](Real x) { return mean_up_to(patience_, x); };
    const auto served_wait = [&](Real x) { return x * patient_share(patience_, x); };
    WaitIntegrals result;
    result.log_peak = -exponent(0);
    result.all = integral(one, 0, kForEver);
    result.abandoned = integral(impatient, 0, kForEver);
    result.served = integral(patient, 0, kForEver);
    result.mean_wait = integral(wait, 0, kForEver);
    result.served_wait = integral(served_wait, 0, kForEver);
    result.longer = patient_share(patience_, within);
    if (within == 0) {
        result.longer = result.all;
    } else if (result.longer > 0) {
        result.longer *= integral(one, within, kForEver);
    }
    result.served_within = within > 0 ? integral(patient, 0, within) : 0;
    return result;
}

}  // namespace lanze::plan
