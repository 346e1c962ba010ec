// Quadrature: integrals of smooth functions by the Gauss-Legendre rule of twenty points, and by
// halving where one rule is not enough.
#pragma once

#include <functional>

namespace lanze::plan {

using RealFunction = std::function<long double(long double)>;

// The rule once, from `from` to `to`; the sign turns where `to` lies before `from`.
long double gauss_legendre(const RealFunction& f, long double from, long double to);

// Halves until a rule and its two halves agree to 1e-12 of their own value or to `negligible`; so
// the result is right to some 1e-12 for functions of one sign, also with a root at an end.
long double integrate(const RealFunction& f, long double from, long double to,
                      long double negligible);

}  // namespace lanze::plan
