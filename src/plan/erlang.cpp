#include "plan/erlang.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/variant.h"
#include "plan/limited_places.h"
#include "plan/virtual_wait.h"

namespace lanze::plan {

namespace {

bool is_value(double value) {
    return value >= kValueMin && value <= kValueMax;
}

bool is_valid(const Patience& patience) {
    return std::visit(Overloaded{
                          [](const Exponential& p) { return is_value(p.rate); },
                          [](const FixedPatience& p) { return is_value(p.time); },
                          [](const Erlang2& p) { return is_value(p.mean); },
                          [](const Weibull& p) {
                              return p.shape >= kShapeMin && p.shape <= kShapeMax &&
                                     is_value(p.scale);
                          },
                          [](const TwoKinds& p) {
                              return p.first_share > 0 && p.first_share < 1 &&
                                     is_value(p.first_mean) && is_value(p.second_mean);
                          },
                      },
                      patience);
}

Real capacity(const StaffedQueue& queue) {
    return static_cast<Real>(queue.agents) * static_cast<Real>(queue.mu);
}

// 1 / B(n, a) by the recursion of Jagerman, whose terms are all positive:
// 1 / B(n) = 1 + n / (a B(n - 1)). It may be infinite where B is below 1e-4932.
Real inverse_of_erlang_b(std::int64_t agents, Real load) {
    Real inverse = 1;
    for (std::int64_t n = 1; n <= agents; ++n) {
        inverse = 1 + inverse * (static_cast<Real>(n) / load);
    }
    return inverse;
}

Measures measures_of(const StaffedQueue& queue, const WaitIntegrals& waits) {
    const Real lambda = queue.lambda;
    const Real load = lambda / static_cast<Real>(queue.mu);
    // In units of the waiting density at its peak: the weight of being served at once.
    const Real at_once = inverse_of_erlang_b(queue.agents - 1, load) * std::exp(-waits.log_peak);
    const Real waiting = lambda * waits.all;
    const Real p_at_once = std::isinf(at_once) ? 1 : at_once / (at_once + waiting);
    const Real scale = std::isinf(at_once) ? 0 : lambda / (at_once + waiting);
    const Real answered = p_at_once + scale * waits.served;
    const Real mean_wait = scale * waits.mean_wait;
    Measures result;
    result.agents = queue.agents;
    result.p_abandon = static_cast<double>(scale * waits.abandoned);
    result.answered = static_cast<double>(answered);
    result.served_within = static_cast<double>(p_at_once + scale * waits.served_within);
    result.p_wait = static_cast<double>(scale * waits.all);
    result.mean_wait = static_cast<double>(mean_wait);
    result.p_wait_longer = static_cast<double>(scale * waits.longer);
    result.asa = static_cast<double>(scale * waits.served_wait / answered);
    result.occupancy = static_cast<double>(answered * lambda / capacity(queue));
    result.mean_queue = static_cast<double>(lambda * mean_wait);  // Little
    return result;
}

std::int64_t fewest(const StaffedQueue& queue) {
    if (queue.places || queue.patience) {
        return 1;
    }
    const double load = std::floor(queue.lambda / queue.mu);
    if (load >= static_cast<double>(kAgentsMax)) {
        return kAgentsMax;
    }
    StaffedQueue tried = queue;
    tried.agents = std::max<std::int64_t>(1, static_cast<std::int64_t>(load));
    return is_endless(tried) ? tried.agents + 1 : tried.agents;
}

}  // namespace

bool is_valid(const StaffedQueue& queue) {
    const bool has_room =
        !queue.places || (*queue.places >= queue.agents && *queue.places <= kPlacesMax);
    const bool is_chain =
        !queue.places || !queue.patience || std::holds_alternative<Exponential>(*queue.patience);
    return is_value(queue.lambda) && is_value(queue.mu) && queue.agents >= 1 &&
           queue.agents <= kAgentsMax && has_room && is_chain &&
           (!queue.patience || is_valid(*queue.patience)) &&
           (queue.within == 0 || is_value(queue.within));
}

bool is_endless(const StaffedQueue& queue) {
    const Real spare = capacity(queue) - static_cast<Real>(queue.lambda);
    return !queue.places && !queue.patience && spare <= 1e-12L * static_cast<Real>(queue.lambda);
}

Result<Measures, ErlangError> measures(const StaffedQueue& queue) {
    LANZE_CHECK(is_valid(queue));
    if (queue.places) {
        return limited_places(queue);
    }
    if (queue.patience) {
        const VirtualWait wait(queue.lambda, capacity(queue), *queue.patience);
        return measures_of(queue, wait.integrals(queue.within));
    }
    if (is_endless(queue)) {
        return Unexpected(ErlangError::endless_queue);
    }
    return measures_of(
        queue, patient_integrals(capacity(queue) - static_cast<Real>(queue.lambda), queue.within));
}

Result<Measures, ErlangError> smallest(const StaffedQueue& queue,
                                       const std::function<bool(const Measures&)>& is_enough) {
    const auto with = [&](std::int64_t agents) {
        StaffedQueue staffed = queue;
        staffed.agents = agents;
        return measures(staffed);
    };
    const std::int64_t most = std::min(kAgentsMax, queue.places.value_or(kAgentsMax));
    std::int64_t low = std::min(fewest(queue), most);  // all below it are too few
    // From the load on in growing steps, until it is enough.
    const double load = std::min(queue.lambda / queue.mu, static_cast<double>(most));
    std::int64_t high = std::clamp(static_cast<std::int64_t>(load), low, most);
    Result<Measures, ErlangError> found = with(high);
    for (std::int64_t step = 1; !found || !is_enough(*found); step *= 2) {
        if (high == most) {
            return Unexpected(found ? ErlangError::out_of_reach : found.error());
        }
        low = high + 1;
        high = std::min(high + step, most);
        found = with(high);
    }
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        const Result<Measures, ErlangError> tried = with(middle);
        if (tried && is_enough(*tried)) {
            high = middle;
            found = tried;
        } else {
            low = middle + 1;
        }
    }
    return found;
}

double abandoned_within(const Measures& measures) {
    const double in_time = (1 - measures.p_block) * (1 - measures.p_wait_longer);
    return std::clamp(in_time - measures.served_within, 0.0, measures.p_abandon);
}

}  // namespace lanze::plan
