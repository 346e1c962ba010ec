#include "plan/quadrature.h"

#include <array>
#include <cmath>
#include <numbers>

namespace lanze::plan {

namespace {

constexpr int kPoints = 20;
constexpr int kHalvingsMax = 60;

// The nodes above 0 of [-1, 1] and their weights; those below 0 mirror them.
struct Rule {
    std::array<long double, kPoints / 2> nodes;
    std::array<long double, kPoints / 2> weights;
};

struct Legendre {
    long double value;
    long double slope;
};

// The polynomial of degree kPoints by its three-term recurrence.
Legendre legendre(long double x) {
    long double before = 1;
    long double value = x;
    for (int j = 2; j <= kPoints; ++j) {
        const long double degree = j;
        const long double next = ((2 * degree - 1) * x * value - (degree - 1) * before) / degree;
        before = value;
        value = next;
    }
    return {value, kPoints * (x * value - before) / (x * x - 1)};
}

Rule make_rule() {
    Rule rule{};
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
        const long double turn = (static_cast<long double>(i) + 0.75L) / (kPoints + 0.5L);
        long double x = std::cos(std::numbers::pi_v<long double> * turn);
        for (int step = 0; step < 10; ++step) {
            const Legendre at = legendre(x);
            x -= at.value / at.slope;
        }
        const long double slope = legendre(x).slope;
        rule.nodes[i] = x;
        rule.weights[i] = 2 / ((1 - x * x) * slope * slope);
    }
    return rule;
}

struct Search {
    const RealFunction& f;
    long double negligible;
};

long double halve(const Search& search, long double from, long double to, long double whole,
                  int halvings) {
    const long double middle = from + (to - from) / 2;
    const long double left = gauss_legendre(search.f, from, middle);
    const long double right = gauss_legendre(search.f, middle, to);
    const long double error = std::fabs(left + right - whole);
    // Asked so, what is no number ends the search, too.
    const bool is_rough = error > search.negligible && error > 1e-12L * std::fabs(left + right);
    if (!is_rough || halvings == kHalvingsMax) {
        return left + right;
    }
    return halve(search, from, middle, left, halvings + 1) +
           halve(search, middle, to, right, halvings + 1);
}

}  // namespace

long double gauss_legendre(const RealFunction& f, long double from, long double to) {
    static const Rule rule = make_rule();
    const long double centre = from + (to - from) / 2;
    const long double half = (to - from) / 2;
    long double sum = 0;
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
        const long double away = half * rule.nodes[i];
        sum += rule.weights[i] * (f(centre - away) + f(centre + away));
    }
    return sum * half;
}

long double integrate(const RealFunction& f, long double from, long double to,
                      long double negligible) {
    const long double whole = gauss_legendre(f, from, to);
    return halve({f, negligible + 1e-14L * std::fabs(whole)}, from, to, whole, 0);
}

}  // namespace lanze::plan
