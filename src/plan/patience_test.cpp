#include "plan/patience.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "plan/quadrature.h"

namespace lanze::plan {
namespace {

const std::vector<Patience>& all_kinds() {
    static const std::vector<Patience> kAll = {
        Exponential{0.5},  FixedPatience{2}, Erlang2{2},           Weibull{0.5, 2},
        Weibull{1.5, 0.1}, Weibull{20, 2},   TwoKinds{0.3, 0.1, 5}};
    return kAll;
}

void expect_close(Real ours, Real expected, Real share) {
    EXPECT_LE(std::fabs(ours - expected), share * std::fabs(expected))
        << ours << " instead of " << expected;
}

// In two parts, so that the break of a distribution is no obstacle.
Real integral(const Patience& patience, const RealFunction& f, Real from, Real to) {
    const Real break_at = break_time(patience);
    if (from < break_at && break_at < to) {
        return integrate(f, from, break_at, 0) + integrate(f, break_at, to, 0);
    }
    return integrate(f, from, to, 0);
}

TEST(Patience, is_there_or_not) {
    for (const Patience& patience : all_kinds()) {
        EXPECT_EQ(impatient_share(patience, 0), 0);
        EXPECT_EQ(patient_share(patience, 0), 1);
        for (const Real wait : {1e-3L, 0.3L, 1.999L, 2.001L, 10.0L}) {
            expect_close(impatient_share(patience, wait) + patient_share(patience, wait), 1,
                         1e-15L);
        }
    }
}

TEST(Patience, keeps_small_shares_exact) {
    expect_close(impatient_share(Exponential{1e-12}, 1), 1e-12L, 1e-11L);
    expect_close(impatient_share(Erlang2{2e6}, 1), 0.5e-12L, 1e-5L);
    expect_close(impatient_share(Weibull{2, 1e8}, 1), 1e-16L, 1e-15L);
    expect_close(patient_share(Exponential{1}, 1'000), std::exp(-1'000.0L), 1e-15L);
}

TEST(Patience, adds_up_to_the_mean_of_what_is_waited) {
    for (const Patience& patience : all_kinds()) {
        for (const Real wait : {1e-6L, 0.3L, 1.9L, 7.0L}) {
            const Real expected = integral(
                patience, [&](Real x) { return patient_share(patience, x); }, 0, wait);
            expect_close(mean_up_to(patience, wait), expected, 1e-11L);
        }
    }
}

TEST(Patience, grows_by_the_integral_of_its_increase) {
    for (const Patience& patience : all_kinds()) {
        for (const Real from : {0.0L, 0.05L, 1.5L, 3.0L}) {
            for (const Real step : {-1.4L, -0.01L, 1e-5L, 0.04L, 2.0L}) {
                if (from + step < 0) {
                    continue;
                }
                const Real low = std::min(from, from + step);
                const Real level = impatient_share(patience, from);
                const auto increase = [&](Real x) {
                    return std::fabs(impatient_share(patience, x) - level);
                };
                const Real expected = integral(patience, increase, low, low + std::fabs(step));
                // The naive integral cancels; ours does not.
                const Real error = growth(patience, from, step) - expected;
                EXPECT_LE(std::fabs(error), 1e-10L * std::fabs(step) + 1e-19L);
                EXPECT_GE(growth(patience, from, step), 0);
            }
        }
    }
}

TEST(Patience, grows_smoothly_where_a_difference_would_cancel) {
    // Near a time the increase is the density there: half its product with the squared step.
    const Real step = 1e-7L;
    const Real density = 0.15L * std::exp(-1.0L);
    expect_close(growth(Weibull{1.5, 10}, 10, step), step * step / 2 * density, 1e-6L);
    expect_close(growth(Exponential{1e-9}, 0, 1), 0.5e-9L, 1e-9L);
    expect_close(growth(Erlang2{2e4}, 0, 1), 1e-8L / 6, 1e-4L);
}

TEST(Patience, grows_backwards_over_times_beyond_all_numbers) {
    // exp(1e5) is no number, but its product with exp(-1e5) is.
    const Real back = growth(TwoKinds{0.5, 1, 1e9}, 1e5, -1e5L);
    EXPECT_TRUE(std::isfinite(back));
    EXPECT_GT(back, 0.5L);
    expect_close(growth(Exponential{1}, 1e5, -1e5L), 1, 1e-15L);
}

TEST(Patience, finds_the_time_of_a_share) {
    for (const Patience& patience : all_kinds()) {
        for (const Real share : {1e-9L, 0.01L, 0.5L, 0.999L}) {
            const Real time = time_of_share(patience, share);
            EXPECT_GE(impatient_share(patience, time), share * (1 - 1e-15L));
            EXPECT_LE(impatient_share(patience, time * (1 - 1e-12L)), share);
        }
    }
}

}  // namespace
}  // namespace lanze::plan
