// The incomplete gamma function, whole and as a share, accurate where it is small.
#pragma once

#include "plan/patience.h"

namespace lanze::plan {

// The integral of t^(a - 1) exp(-t) from 0 to z; a is above 0. By its series (Abramowitz and Stegun
// 6.5.29) or its continued fraction (6.5.31, evaluated after Lentz).
Real lower_gamma(Real a, Real z);

// The same divided by its value for all z: the share of a gamma distribution of shape a and scale 1
// that is at most z. Also for shapes whose gamma function is beyond all numbers.
Real gamma_share(Real a, Real z);

}  // namespace lanze::plan
