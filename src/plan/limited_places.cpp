#include "plan/limited_places.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/check.h"

namespace lanze::plan {

namespace {

struct Chain {
    Real lambda;
    Real mu;
    Real theta;
    std::int64_t agents;
    std::int64_t places;

    // How fast contacts leave where so many are there.
    Real leaving(std::int64_t present) const {
        const Real busy = static_cast<Real>(std::min(present, agents));
        const Real waiting = static_cast<Real>(std::max<std::int64_t>(present - agents, 0));
        return busy * mu + waiting * theta;
    }
};

Chain chain_of(const StaffedQueue& queue) {
    LANZE_CHECK(queue.places.has_value());
    Real theta = 0;
    if (queue.patience) {
        theta = std::get<Exponential>(*queue.patience).rate;
    }
    return {queue.lambda, queue.mu, theta, queue.agents, *queue.places};
}

// How often 0, 1, ... contacts are there, in units of the most frequent.
std::vector<Real> weights_of(const Chain& chain) {
    std::int64_t low = 0;
    std::int64_t high = chain.places;
    while (low < high) {
        const std::int64_t middle = high - (high - low) / 2;
        if (chain.leaving(middle) <= chain.lambda) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    std::vector<Real> weights(static_cast<std::size_t>(chain.places) + 1);
    const auto mode = static_cast<std::size_t>(low);
    weights[mode] = 1;
    for (std::size_t j = mode; j + 1 < weights.size(); ++j) {
        const Real leaving = chain.leaving(static_cast<std::int64_t>(j + 1));
        weights[j + 1] = weights[j] * (chain.lambda / leaving);
    }
    for (std::size_t j = mode; j > 0; --j) {
        const Real leaving = chain.leaving(static_cast<std::int64_t>(j));
        weights[j - 1] = weights[j] * (leaving / chain.lambda);
    }
    return weights;
}

// Whoever comes as the i-th to wait, counted from 0, gets an agent after i + 1 exponential times of
// the rates first, first + theta, ... A process that takes these times one after the other has made
// j steps at the threshold with a probability of the negative binomial law (Poisson without theta);
// so the wait is longer where it made at most i.
struct Steps {
    Real first;
    Real theta;
    Real within;

    // The integral of exp(-theta x) up to the threshold.
    Real reach() const { return theta > 0 ? -std::expm1(-theta * within) / theta : within; }
};

// The probabilities of 0, 1, ... steps. Numbers that would leave the range of exponents on the way
// are kept with a factor exp(offset).
std::vector<Real> probabilities_of(const Steps& steps, std::size_t count) {
    constexpr Real kLarge = 1e1000L;
    const Real reach = steps.reach();
    Real offset = -steps.first * steps.within;
    Real factor = std::exp(offset);
    Real term = 1;
    std::vector<Real> result;
    result.reserve(count);
    while (result.size() < count) {
        result.push_back(term * factor);
        const Real made = static_cast<Real>(result.size());
        term *= reach * (steps.first + (made - 1) * steps.theta) / made;
        if (term > kLarge) {
            term /= kLarge;
            offset += std::log(kLarge);
            factor = std::exp(offset);
        }
    }
    return result;
}

// The probability of `least` steps or more, divided by that of just so many: the continued fraction
// of the incomplete beta function (Abramowitz and Stegun 26.5.8, evaluated after Lentz), in a form
// that holds without theta, too. It converges where so many steps are more than usual.
Real upper_fraction(const Steps& steps, Real least) {
    constexpr Real kTiny = 1e-4000L;
    const Real x = steps.reach() * steps.theta;
    const Real bx = steps.reach() * steps.first;
    const auto not_zero = [](Real value) { return std::fabs(value) < kTiny ? kTiny : value; };
    Real c = 1;
    Real d = 1 / not_zero(1 - ((least * x) + bx) / (least + 1));
    Real result = d;
    for (int i = 1; i < 100'000; ++i) {
        const Real m = i;
        const Real even = m * (bx - m * x) / ((least + 2 * m - 1) * (least + 2 * m));
        d = 1 / not_zero(1 + even * d);
        c = not_zero(1 + even / c);
        result *= d * c;
        const Real odd =
            -(least + m) * ((least + m) * x + bx) / ((least + 2 * m) * (least + 2 * m + 1));
        d = 1 / not_zero(1 + odd * d);
        c = not_zero(1 + odd / c);
        result *= d * c;
        if (std::fabs(d * c - 1) < 1e-18L) {
            break;
        }
    }
    return result;
}

// The probabilities of at most 0, 1, ... steps.
std::vector<Real> at_most(const Steps& steps, std::size_t count) {
    std::vector<Real> result = probabilities_of(steps, count);
    std::partial_sum(result.begin(), result.end(), result.begin());
    return result;
}

// The probabilities of more than 0, 1, ... steps, summed from the far end, so that small ones keep
// their digits.
std::vector<Real> more_than(const Steps& steps, std::size_t count) {
    std::vector<Real> result = probabilities_of(steps, count + 1);
    const Real so_far = std::accumulate(result.begin(), result.end() - 1, Real{0});
    Real more = 1 - so_far;
    if (more < 0.1L) {
        more = result.back() * upper_fraction(steps, static_cast<Real>(count));
    }
    for (std::size_t i = count; i > 0; --i) {
        const Real probability = result[i - 1];
        result[i - 1] = more;
        more += probability;
    }
    result.pop_back();
    return result;
}

struct Sums {
    Real all = 0;
    Real at_once = 0;
    Real busy = 0;  // agents
    Real waits = 0;
    Real queue = 0;
    Real longer = 0;
    Real served_within = 0;  // after a wait
    Real served = 0;         // after a wait
    Real served_wait = 0;
};

// Over those who are let in and wait.
void add_waits(const Chain& chain, const std::vector<Real>& weights, Real within, Sums& sums) {
    const auto count = static_cast<std::size_t>(chain.places - chain.agents);
    const Real capacity = chain.leaving(chain.agents);
    const Real patient = std::exp(-chain.theta * within);
    const std::vector<Real> longer = at_most({capacity, chain.theta, within}, count);
    // Weighted with their own patience, those who are served wait as if there were one more ahead.
    const std::vector<Real> sooner =
        more_than({capacity + chain.theta, chain.theta, within}, count);
    Real steps = 0;  // the mean of the i + 1 times; whether they end well does not depend on it
    for (std::size_t i = 0; i < count; ++i) {
        const Real weight = weights[static_cast<std::size_t>(chain.agents) + i];
        steps += 1 / (capacity + static_cast<Real>(i + 1) * chain.theta);
        const Real is_served = capacity / (capacity + static_cast<Real>(i + 1) * chain.theta);
        sums.waits += weight;
        sums.longer += weight * patient * longer[i];
        sums.served_within += weight * is_served * sooner[i];
        sums.served += weight * is_served;
        sums.served_wait += weight * is_served * steps;
    }
}

Sums sums_of(const Chain& chain, const std::vector<Real>& weights, Real within) {
    Sums sums;
    for (std::size_t j = 0; j < weights.size(); ++j) {
        const auto present = static_cast<std::int64_t>(j);
        sums.all += weights[j];
        sums.busy += weights[j] * static_cast<Real>(std::min(present, chain.agents));
        if (present < chain.agents) {
            sums.at_once += weights[j];
        } else {
            sums.queue += weights[j] * static_cast<Real>(present - chain.agents);
        }
    }
    add_waits(chain, weights, within, sums);
    return sums;
}

}  // namespace

Measures limited_places(const StaffedQueue& queue) {
    const Chain chain = chain_of(queue);
    const std::vector<Real> weights = weights_of(chain);
    const Sums sums = sums_of(chain, weights, queue.within);
    const Real let_in = sums.at_once + sums.waits;
    Measures result;
    result.agents = queue.agents;
    result.p_block = static_cast<double>(weights.back() / sums.all);
    result.p_abandon = static_cast<double>(chain.theta * sums.queue / (chain.lambda * sums.all));
    result.answered = static_cast<double>(chain.mu * sums.busy / (chain.lambda * sums.all));
    result.served_within = static_cast<double>((sums.at_once + sums.served_within) / sums.all);
    result.p_wait = static_cast<double>(sums.waits / let_in);
    result.mean_wait = static_cast<double>(sums.queue / (chain.lambda * let_in));
    result.p_wait_longer = static_cast<double>(sums.longer / let_in);
    result.asa = static_cast<double>(sums.served_wait / (sums.at_once + sums.served));
    result.occupancy =
        static_cast<double>(sums.busy / (sums.all * static_cast<Real>(chain.agents)));
    result.mean_queue = static_cast<double>(sums.queue / sums.all);
    return result;
}

}  // namespace lanze::plan
