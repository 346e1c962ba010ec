// Distribution: how long something takes, drawn from a seeded generator.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/rng.h"
#include "base/time.h"

namespace lanze::sim {

// Times from zero up, rounded to microseconds and at most kDrawnMax. A mean of zero is zero always.
class Distribution {
public:
    static Distribution fixed(Duration time) { return Distribution(Fixed{time}); }
    static Distribution exponential(Duration mean) { return Distribution(Exponential{mean}); }
    // The coefficient of variation is standard deviation / mean.
    static Distribution lognormal(Duration mean, double variation);
    static Distribution gamma(Duration mean, double variation);
    static Distribution weibull(Duration mean, double shape);
    // By its scale: with a small shape the mean is beyond all times.
    static Distribution weibull_of_scale(double scale_seconds, double shape);
    // One of these times, each as likely as the others; not empty.
    static Distribution empirical(std::vector<Duration> times);
    // One of these, in proportion to the shares; not empty, each share above 0.
    static Distribution mixed(std::vector<double> shares, std::vector<Distribution> parts);

    Duration draw(Rng& rng) const;
    double mean() const;  // in seconds
    // All times so many times as long, but none beyond kDrawnMax; the factor is above 0.
    Distribution scaled(double factor) const;
    bool is_exponential() const { return std::holds_alternative<Exponential>(kind_); }

    // Given that it is longer than `time`: drawn again and again at first, then by the tail of an
    // exponential distribution of the same mean, which forgets what has passed.
    Duration draw_beyond(Duration time, Rng& rng) const;

    static constexpr Duration kDrawnMax = hours(24 * 365);

private:
    struct Fixed {
        Duration time;
    };
    struct Exponential {
        Duration mean;
    };
    struct Lognormal {
        double location;  // of the logarithm, in seconds
        double scale;
    };
    struct Gamma {
        double shape;
        double scale;  // seconds
    };
    struct Weibull {
        double shape;
        double scale;  // seconds
    };
    struct Empirical {
        std::shared_ptr<const std::vector<Duration>> times;  // by copies of this distribution
    };
    struct Parts;
    struct Mixed {
        std::shared_ptr<const Parts> parts;  // by copies of this distribution
    };
    using Kind = std::variant<Fixed, Exponential, Lognormal, Gamma, Weibull, Empirical, Mixed>;
    explicit Distribution(Kind kind) : kind_(std::move(kind)) {}

    Kind kind_;
};

// Standard variates.
double draw_exponential(Rng& rng);          // mean 1
double draw_normal(Rng& rng);               // mean 0, variance 1
double draw_gamma(double shape, Rng& rng);  // scale 1

}  // namespace lanze::sim
