// Handle times: how long contacts take, as distributions with the two integrals that a load which
// changes over the day is computed from.
#pragma once

#include <variant>
#include <vector>

#include "plan/patience.h"

namespace lanze::plan {

// Contacts of one sort among others, with an exponential handle time.
struct HandleKind {
    double share = 1;  // of all contacts
    double mean = 1;
};

// All times are above 0 and in one unit, which is free. `variation` is standard deviation / mean,
// from kVariationMin to kVariationMax.
class HandleTime {
public:
    static HandleTime exponential(double mean);
    static HandleTime lognormal(double mean, double variation);
    static HandleTime gamma(double mean, double variation);
    static HandleTime fixed(double time);
    // Not empty; the shares are above 0, and taken in proportion to their sum.
    static HandleTime hyperexponential(std::vector<HandleKind> kinds);
    // One of these times, each as likely as the others; not empty.
    static HandleTime empirical(const std::vector<double>& times);
    // Talk and wrap-up that do not depend on each other; neither is a sum itself. Where neither is
    // fixed or empirical, the shorter stands for itself by two points in each of many spans, with
    // the span's share, mean and variance; loads are right to about 1e-6 then.
    static HandleTime sum(const HandleTime& talk, const HandleTime& wrap_up);

    Real mean() const;
    // The integral of P(S > u) over u from 0 to `time`: the mean of min(S, time).
    Real mean_up_to(Real time) const;
    // The integral of mean_up_to from 0 to `time`.
    Real area_up_to(Real time) const;

    static constexpr double kVariationMin = 0.01;
    static constexpr double kVariationMax = 10;

private:
    struct Kinds {
        std::vector<HandleKind> kinds;
    };
    struct Lognormal {
        Real location;  // of the logarithm
        Real scale;
    };
    struct Gamma {
        Real shape;
        Real scale;
    };
    // Over the contacts that take at most some time.
    struct Moments {
        Real share;   // of all contacts
        Real time;    // their handle time, per contact of all
        Real square;  // the square of it
    };
    struct Point {
        Real time;
        Real share;
    };
    struct Times {
        std::vector<Point> sorted;
        std::vector<Moments> up_to;  // of the first 0, 1, ... times
    };
    using Part = std::variant<Kinds, Lognormal, Gamma, Times>;

    explicit HandleTime(Part part) : parts_({std::move(part)}) {}

    static Times times_of(std::vector<Point> points);
    static Times points_for(const Part& part);
    static Moments moments(const Kinds& part, Real time);
    static Moments moments(const Lognormal& part, Real time);
    static Moments moments(const Gamma& part, Real time);
    static Moments moments(const Times& part, Real time);
    static Moments moments_of(const Part& part, Real time);
    static Real mean_of(const Part& part);
    static Real mean_up_to(const Part& part, Real time);
    static Real area_up_to(const Part& part, Real time);

    // One, or two whose times are added; of those the first is discrete.
    std::vector<Part> parts_;
};

}  // namespace lanze::plan
