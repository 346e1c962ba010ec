// The virtual wait of the M/M/n+G queue, that of a caller who never gives up: its density up to a
// factor, and the integrals over it from which all measures follow.
#pragma once

#include <functional>

#include "plan/patience.h"

namespace lanze::plan {

// Integrals over the density of the virtual wait x, in units of its peak exp(log_peak):
struct WaitIntegrals {
    Real log_peak = 0;
    Real all = 0;            // of 1
    Real abandoned = 0;      // of G(x), the share whose patience is shorter
    Real served = 0;         // of 1 - G(x)
    Real served_within = 0;  // the same up to the threshold
    Real mean_wait = 0;      // of the mean of min(patience, x)
    Real served_wait = 0;    // of x (1 - G(x))
    Real longer = 0;         // of 1 beyond the threshold t, times 1 - G(t)
};

// With endless patience: the density is exp(-spare x), spare the capacity that is left over.
WaitIntegrals patient_integrals(Real spare, Real within);

// The density exp(phi(x)), phi(x) = lambda * integral of 1 - G from 0 to x - capacity * x (Zeltyn,
// Mandelbaum 2005, eq. 3.1 and section 9). As phi is concave, everything is computed outwards from
// its one peak, and as the difference to the peak, so that nothing cancels.
class VirtualWait {
public:
    // lambda: arrivals per time unit; capacity: what all agents can handle in it.
    VirtualWait(Real lambda, Real capacity, const Patience& patience);

    WaitIntegrals integrals(Real within) const;

private:
    using Weight = std::function<Real(Real)>;

    // phi(x) - phi(peak_), never above 0 but for rounding.
    Real exponent(Real x) const;
    // The integral of weight * density; the weight is positive and far from growing as fast as the
    // density falls. To infinity without the end.
    Real integral(const Weight& weight, Real from, Real to) const;
    // `so_far` is what the integral has already.
    Real walk(const Weight& weight, Real from, Real to, Real so_far) const;
    Real panel(const Weight& weight, Real from, Real to, Real so_far) const;
    Real first_step(Real from, Real direction) const;

    Real lambda_;
    Patience patience_;
    Real peak_ = 0;
    Real slope_ = 0;  // of phi just after the peak, where it breaks there
};

}  // namespace lanze::plan
