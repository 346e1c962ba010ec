#include "plan/quadrature.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lanze::plan {
namespace {

TEST(GaussLegendre, is_exact_for_polynomials_up_to_degree_39) {
    for (const int degree : {0, 1, 2, 17, 38, 39}) {
        const auto power = [&](long double x) { return std::pow(x, degree); };
        const long double expected = 1 / static_cast<long double>(degree + 1);
        EXPECT_LT(std::fabs(gauss_legendre(power, 0, 1) - expected), 1e-17L) << degree;
        EXPECT_LT(std::fabs(gauss_legendre(power, 1, 0) + expected), 1e-17L) << degree;
    }
}

TEST(GaussLegendre, is_not_exact_beyond) {
    const auto power = [](long double x) { return std::pow(x, 80); };
    EXPECT_GT(std::fabs(gauss_legendre(power, -1, 1) - 2.0L / 81), 1e-13L);
}

TEST(Integrate, halves_where_one_rule_is_not_enough) {
    const auto root = [](long double x) { return std::sqrt(x); };
    EXPECT_LT(std::fabs(integrate(root, 0, 1, 0) - 2.0L / 3), 1e-12L);
    EXPECT_GT(std::fabs(gauss_legendre(root, 0, 1) - 2.0L / 3), 1e-6L);
    const auto peak = [](long double x) { return std::exp(-1e6L * (x - 0.3L) * (x - 0.3L)); };
    const long double expected = std::sqrt(std::acos(-1.0L)) / 1'000;
    EXPECT_LT(std::fabs(integrate(peak, 0, 1, 0) - expected), 1e-12L * expected);
}

TEST(Integrate, leaves_alone_what_is_negligible) {
    int calls = 0;
    const auto root = [&](long double x) {
        ++calls;
        return std::sqrt(x);
    };
    static_cast<void>(integrate(root, 0, 1, 1));
    EXPECT_EQ(calls, 60);
}

}  // namespace
}  // namespace lanze::plan
