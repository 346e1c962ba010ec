#include "sim/estimate.h"

#include <cmath>
#include <limits>

namespace lanze::sim {

namespace {

// The tail of Student's t beyond `t`: with x = degrees / (degrees + t^2) half the regularised
// incomplete beta function of degrees/2 and 1/2, by its continued fraction (DLMF 8.17.22) after
// Lentz.
double student_tail(double t, int degrees) {
    const double a = degrees / 2.0;
    constexpr double kB = 0.5;
    const double x = degrees / (degrees + t * t);
    const double front = std::exp(std::lgamma(a + kB) - std::lgamma(a) - std::lgamma(kB) +
                                  a * std::log(x) + kB * std::log1p(-x));
    const bool is_swapped = x > (a + 1) / (a + kB + 2);
    const double p = is_swapped ? kB : a;
    const double q = is_swapped ? a : kB;
    const double z = is_swapped ? 1 - x : x;
    constexpr double kTiny = 1e-300;
    double c = 1;
    double d = 1 / std::max(kTiny, 1 - (p + q) * z / (p + 1));
    double fraction = d;
    for (int m = 1; m < 1'000; ++m) {
        const double even = m * (q - m) * z / ((p + 2 * m - 1) * (p + 2 * m));
        d = 1 / (1 + even * d);
        c = 1 + even / c;
        fraction *= c * d;
        const double odd = -(p + m) * (p + q + m) * z / ((p + 2 * m) * (p + 2 * m + 1));
        d = 1 / (1 + odd * d);
        c = 1 + odd / c;
        fraction *= c * d;
        if (std::abs(c * d - 1) < 1e-15) {
            break;
        }
    }
    const double beta = front * fraction / p;
    return (is_swapped ? 1 - beta : beta) / 2;
}

}  // namespace

double student_quantile(double p, int degrees) {
    double low = 0;
    double high = 1;
    while (student_tail(high, degrees) > 1 - p) {
        low = high;
        high *= 2;
    }
    for (int i = 0; i < 200 && high - low > 1e-12 * high; ++i) {
        const double middle = low + (high - low) / 2;
        (student_tail(middle, degrees) > 1 - p ? low : high) = middle;
    }
    return low + (high - low) / 2;
}

Estimate ratio(const std::vector<Part>& parts, double confidence) {
    Part all;
    for (const Part& part : parts) {
        all.sum += part.sum;
        all.of += part.of;
    }
    if (all.of == 0) {
        return {};
    }
    const double value = all.sum / all.of;
    double squares = 0;
    for (const Part& part : parts) {
        const double residual = part.sum - value * part.of;
        squares += residual * residual;
    }
    const auto n = static_cast<double>(parts.size());
    if (parts.size() < 2) {
        return {value, value == 0 ? 0 : std::numeric_limits<double>::infinity()};
    }
    const double error = std::sqrt(squares * n / (n - 1)) / all.of;
    return {value,
            error * student_quantile((1 + confidence) / 2, static_cast<int>(parts.size()) - 1)};
}

Estimate mean(const std::vector<double>& values, double confidence) {
    std::vector<Part> parts;
    parts.reserve(values.size());
    for (const double value : values) {
        parts.push_back({value, 1});
    }
    return ratio(parts, confidence);
}

}  // namespace lanze::sim
