#include "sim/distribution.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "base/variant.h"

namespace lanze::sim {

struct Distribution::Parts {
    std::vector<double> up_to;  // the shares of the first 1, 2, ... parts; the last is all
    std::vector<Distribution> parts;
};

namespace {

constexpr double kMicros = 1e6;
constexpr int kTriesMax = 1'000;

double in_seconds(Duration time) {
    return static_cast<double>(time.count()) / kMicros;
}

Duration from_seconds(double time) {
    const double most = in_seconds(Distribution::kDrawnMax);
    return Duration{static_cast<std::int64_t>(std::llround(std::min(time, most) * kMicros))};
}

}  // namespace

double draw_exponential(Rng& rng) {
    return -std::log1p(-rng.unit());
}

// The polar method of Marsaglia and Bray (1964); the second of the pair is not kept, so that a draw
// depends on the generator alone.
double draw_normal(Rng& rng) {
    while (true) {
        const double x = 2 * rng.unit() - 1;
        const double y = 2 * rng.unit() - 1;
        const double square = x * x + y * y;
        if (square > 0 && square < 1) {
            return x * std::sqrt(-2 * std::log(square) / square);
        }
    }
}

// Marsaglia and Tsang, A simple method for generating gamma variables (2000).
double draw_gamma(double shape, Rng& rng) {
    if (shape < 1) {
        const double whole = draw_gamma(shape + 1, rng);
        return whole * std::pow(1 - rng.unit(), 1 / shape);
    }
    const double d = shape - 1.0 / 3.0;
    const double c = 1 / std::sqrt(9 * d);
    while (true) {
        const double x = draw_normal(rng);
        const double root = 1 + c * x;
        if (root <= 0) {
            continue;
        }
        const double v = root * root * root;
        if (std::log(1 - rng.unit()) < 0.5 * x * x + d - d * v + d * std::log(v)) {
            return d * v;
        }
    }
}

Distribution Distribution::lognormal(Duration mean, double variation) {
    if (mean == Duration::zero()) {
        return fixed(mean);
    }
    const double variance = std::log1p(variation * variation);
    return Distribution(Lognormal{std::log(in_seconds(mean)) - variance / 2, std::sqrt(variance)});
}

Distribution Distribution::gamma(Duration mean, double variation) {
    if (variation == 0) {
        return fixed(mean);
    }
    const double shape = 1 / (variation * variation);
    return Distribution(Gamma{shape, in_seconds(mean) / shape});
}

Distribution Distribution::weibull(Duration mean, double shape) {
    return Distribution(Weibull{shape, in_seconds(mean) / std::tgamma(1 + 1 / shape)});
}

Distribution Distribution::weibull_of_scale(double scale_seconds, double shape) {
    return Distribution(Weibull{shape, scale_seconds});
}

Distribution Distribution::empirical(std::vector<Duration> times) {
    LANZE_CHECK(!times.empty());
    return Distribution(Empirical{std::make_shared<const std::vector<Duration>>(std::move(times))});
}

Distribution Distribution::mixed(std::vector<double> shares, std::vector<Distribution> parts) {
    LANZE_CHECK(!parts.empty() && shares.size() == parts.size());
    std::partial_sum(shares.begin(), shares.end(), shares.begin());
    return Distribution(
        Mixed{std::make_shared<const Parts>(Parts{std::move(shares), std::move(parts)})});
}

Duration Distribution::draw(Rng& rng) const {
    if (const auto* exponential = std::get_if<Exponential>(&kind_)) {
        return from_seconds(draw_exponential(rng) * in_seconds(exponential->mean));
    }
    return match(
        kind_, [](const Fixed& fixed) { return fixed.time; },
        [](const Exponential& exponential) { return exponential.mean; },  // done above
        [&](const Lognormal& lognormal) {
            return from_seconds(std::exp(lognormal.location + lognormal.scale * draw_normal(rng)));
        },
        [&](const Gamma& gamma) {
            return from_seconds(gamma.scale * draw_gamma(gamma.shape, rng));
        },
        [&](const Weibull& weibull) {
            return from_seconds(weibull.scale * std::pow(draw_exponential(rng), 1 / weibull.shape));
        },
        [&](const Empirical& empirical) {
            const auto& times = *empirical.times;
            return times[rng.below(static_cast<std::uint32_t>(times.size()))];
        },
        [&](const Mixed& mixed) {
            const std::vector<double>& up_to = mixed.parts->up_to;
            const double place = rng.unit() * up_to.back();
            const auto found = std::upper_bound(up_to.begin(), up_to.end() - 1, place);
            return mixed.parts->parts[static_cast<std::size_t>(found - up_to.begin())].draw(rng);
        });
}

double Distribution::mean() const {
    return match(
        kind_, [](const Fixed& fixed) { return in_seconds(fixed.time); },
        [](const Exponential& exponential) { return in_seconds(exponential.mean); },
        [](const Lognormal& lognormal) {
            return std::exp(lognormal.location + lognormal.scale * lognormal.scale / 2);
        },
        [](const Gamma& gamma) { return gamma.shape * gamma.scale; },
        [](const Weibull& weibull) { return weibull.scale * std::tgamma(1 + 1 / weibull.shape); },
        [](const Empirical& empirical) {
            double sum = 0;
            for (const Duration time : *empirical.times) {
                sum += in_seconds(time);
            }
            return sum / static_cast<double>(empirical.times->size());
        },
        [](const Mixed& mixed) {
            double sum = 0;
            double before = 0;
            for (std::size_t i = 0; i < mixed.parts->parts.size(); ++i) {
                sum += (mixed.parts->up_to[i] - before) * mixed.parts->parts[i].mean();
                before = mixed.parts->up_to[i];
            }
            return sum / before;
        });
}

Distribution Distribution::scaled(double factor) const {
    const auto times = [factor](Duration time) { return from_seconds(in_seconds(time) * factor); };
    return match(
        kind_, [&](const Fixed& kind) { return fixed(times(kind.time)); },
        [&](const Exponential& kind) { return exponential(times(kind.mean)); },
        [&](const Lognormal& kind) {
            return Distribution(Lognormal{kind.location + std::log(factor), kind.scale});
        },
        [&](const Gamma& kind) {
            return Distribution(Gamma{kind.shape, kind.scale * factor});
        },
        [&](const Weibull& kind) {
            return Distribution(Weibull{kind.shape, kind.scale * factor});
        },
        [&](const Empirical& kind) {
            std::vector<Duration> result = *kind.times;
            std::transform(result.begin(), result.end(), result.begin(), times);
            return empirical(std::move(result));
        },
        [&](const Mixed& kind) {
            Parts result = *kind.parts;
            for (Distribution& part : result.parts) {
                part = part.scaled(factor);
            }
            return Distribution(Mixed{std::make_shared<const Parts>(std::move(result))});
        });
}

Duration Distribution::draw_beyond(Duration time, Rng& rng) const {
    if (const auto* exponential = std::get_if<Exponential>(&kind_)) {
        return time + from_seconds(draw_exponential(rng) * in_seconds(exponential->mean));
    }
    for (int tries = 0; tries < kTriesMax; ++tries) {
        const Duration drawn = draw(rng);
        if (drawn > time) {
            return drawn;
        }
    }
    return time + from_seconds(draw_exponential(rng) * mean());
}

}  // namespace lanze::sim
