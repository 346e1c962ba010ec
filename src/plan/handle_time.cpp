#include "plan/handle_time.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/check.h"
#include "base/variant.h"
#include "plan/incomplete_gamma.h"

namespace lanze::plan {

namespace {

// The share of a normal distribution at most `z` deviations above its mean.
Real normal_share(Real z) {
    return std::erfc(-z / std::numbers::sqrt2_v<Real>) / 2;
}

// The spans of a distribution that is made discrete: so long at least, as a share of the mean, and
// so long as a share of the time before them.
constexpr Real kSpanMin = 0.04L;
constexpr Real kSpanGrowth = 0.08L;
constexpr Real kRest = 1e-13L;  // the share of contacts for which one last span will do
constexpr int kSpansMax = 300;
constexpr std::size_t kPointsMax = 1'000;  // of a part that is added to another

}  // namespace

HandleTime HandleTime::exponential(double mean) {
    return hyperexponential({{1, mean}});
}

HandleTime HandleTime::lognormal(double mean, double variation) {
    const Real variance = std::log1p(static_cast<Real>(variation) * static_cast<Real>(variation));
    return HandleTime(
        Lognormal{std::log(static_cast<Real>(mean)) - variance / 2, std::sqrt(variance)});
}

HandleTime HandleTime::gamma(double mean, double variation) {
    const Real shape = 1 / (static_cast<Real>(variation) * static_cast<Real>(variation));
    return HandleTime(Gamma{shape, static_cast<Real>(mean) / shape});
}

HandleTime HandleTime::fixed(double time) {
    return empirical({time});
}

HandleTime HandleTime::hyperexponential(std::vector<HandleKind> kinds) {
    LANZE_CHECK(!kinds.empty());
    double all = 0;
    for (const HandleKind& kind : kinds) {
        all += kind.share;
    }
    for (HandleKind& kind : kinds) {
        kind.share /= all;
    }
    return HandleTime(Kinds{std::move(kinds)});
}

HandleTime HandleTime::empirical(const std::vector<double>& times) {
    LANZE_CHECK(!times.empty());
    const Real share = 1 / static_cast<Real>(times.size());
    std::vector<Point> points;
    points.reserve(times.size());
    for (const double time : times) {
        points.push_back({time, share});
    }
    return HandleTime(times_of(std::move(points)));
}

HandleTime::Times HandleTime::times_of(std::vector<Point> points) {
    std::sort(points.begin(), points.end(),
              [](const Point& a, const Point& b) { return a.time < b.time; });
    Times part;
    part.up_to.push_back({0, 0, 0});
    for (const Point& point : points) {
        const Moments& before = part.up_to.back();
        const Real time = point.share * point.time;
        part.up_to.push_back(
            {before.share + point.share, before.time + time, before.square + time * point.time});
    }
    part.sorted = std::move(points);
    return part;
}

HandleTime::Times HandleTime::points_for(const Part& part) {
    const Real mean = mean_of(part);
    std::vector<Point> points;
    Moments before{0, 0, 0};
    Real end = 0;
    for (int span = 0; span < kSpansMax && before.share < 1 - kRest; ++span) {
        end += std::max(kSpanMin * mean, kSpanGrowth * end);
        const Moments up_to = moments_of(part, end);
        const Real share = up_to.share - before.share;
        if (share > 0) {
            const Real middle = (up_to.time - before.time) / share;
            const Real square = (up_to.square - before.square) / share;
            const Real deviation = std::sqrt(std::max<Real>(square - middle * middle, 0));
            points.push_back({middle - deviation, share / 2});
            points.push_back({middle + deviation, share / 2});
        }
        before = up_to;
    }
    // What is left keeps the mean whole.
    if (before.share < 1) {
        points.push_back({(mean - before.time) / (1 - before.share), 1 - before.share});
    }
    return times_of(std::move(points));
}

HandleTime HandleTime::sum(const HandleTime& talk, const HandleTime& wrap_up) {
    LANZE_CHECK(talk.parts_.size() == 1 && wrap_up.parts_.size() == 1);
    Part first = talk.parts_[0];
    Part second = wrap_up.parts_[0];
    if (std::holds_alternative<Times>(second)) {
        std::swap(first, second);
    } else if (!std::holds_alternative<Times>(first)) {
        if (mean_of(second) < mean_of(first)) {
            std::swap(first, second);
        }
        first = points_for(first);
    }
    if (std::get<Times>(first).sorted.size() > kPointsMax) {
        first = points_for(first);
    }
    HandleTime result(std::move(first));
    result.parts_.push_back(std::move(second));
    return result;
}

HandleTime::Moments HandleTime::moments(const Kinds& part, Real time) {
    Moments result{0, 0, 0};
    for (const HandleKind& kind : part.kinds) {
        const Real share = kind.share;
        const Real mean = kind.mean;
        const Real y = time / mean;
        const Real left = std::exp(-y);
        result.share += share * -std::expm1(-y);
        result.time += share * mean * (1 - (1 + y) * left);
        result.square += share * mean * mean * (2 - (2 + y * (2 + y)) * left);
    }
    return result;
}

HandleTime::Moments HandleTime::moments(const Lognormal& part, Real time) {
    const Real z = (std::log(time) - part.location) / part.scale;
    const Real variance = part.scale * part.scale;
    return {normal_share(z), std::exp(part.location + variance / 2) * normal_share(z - part.scale),
            std::exp(2 * (part.location + variance)) * normal_share(z - 2 * part.scale)};
}

HandleTime::Moments HandleTime::moments(const Gamma& part, Real time) {
    const Real z = time / part.scale;
    const Real mean = part.shape * part.scale;
    return {gamma_share(part.shape, z), mean * gamma_share(part.shape + 1, z),
            mean * (mean + part.scale) * gamma_share(part.shape + 2, z)};
}

HandleTime::Moments HandleTime::moments(const Times& part, Real time) {
    const auto found =
        std::upper_bound(part.sorted.begin(), part.sorted.end(), time,
                         [](Real value, const Point& point) { return value < point.time; });
    return part.up_to[static_cast<std::size_t>(found - part.sorted.begin())];
}

HandleTime::Moments HandleTime::moments_of(const Part& part, Real time) {
    return std::visit([&](const auto& kind) { return moments(kind, time); }, part);
}

Real HandleTime::mean_of(const Part& part) {
    return std::visit(
        Overloaded{
            [](const Kinds& p) {
                Real mean = 0;
                for (const HandleKind& kind : p.kinds) {
                    mean += static_cast<Real>(kind.share) * kind.mean;
                }
                return mean;
            },
            [](const Lognormal& p) { return std::exp(p.location + p.scale * p.scale / 2); },
            [](const Gamma& p) { return p.shape * p.scale; },
            [](const Times& p) { return p.up_to.back().time; },
        },
        part);
}

Real HandleTime::mean_up_to(const Part& part, Real time) {
    if (time <= 0) {
        return 0;
    }
    const Moments shorter = moments_of(part, time);
    return shorter.time + time * (1 - shorter.share);
}

// By parts: the mean of S x - S^2 / 2 where S is at most x, and of x^2 / 2 where it is longer.
Real HandleTime::area_up_to(const Part& part, Real time) {
    if (time <= 0) {
        return 0;
    }
    const Moments shorter = moments_of(part, time);
    return time * shorter.time - shorter.square / 2 + time * time / 2 * (1 - shorter.share);
}

Real HandleTime::mean() const {
    Real mean = 0;
    for (const Part& part : parts_) {
        mean += mean_of(part);
    }
    return mean;
}

// min(T + W, x) = min(T, x) + min(W, max(x - T, 0)), and T has but its points.
Real HandleTime::mean_up_to(Real time) const {
    Real result = mean_up_to(parts_[0], time);
    if (parts_.size() == 2) {
        for (const Point& point : std::get<Times>(parts_[0]).sorted) {
            result += point.share * mean_up_to(parts_[1], time - point.time);
        }
    }
    return result;
}

Real HandleTime::area_up_to(Real time) const {
    Real result = area_up_to(parts_[0], time);
    if (parts_.size() == 2) {
        for (const Point& point : std::get<Times>(parts_[0]).sorted) {
            result += point.share * area_up_to(parts_[1], time - point.time);
        }
    }
    return result;
}

}  // namespace lanze::plan
