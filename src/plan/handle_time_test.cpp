#include "plan/handle_time.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace lanze::plan {
namespace {

using Survival = std::function<double(double)>;

struct Case {
    const char* name;
    HandleTime handle_time;
    Survival longer;  // written anew
    double mean;
};

double normal_above(double z) {
    return std::erfc(z / std::sqrt(2.0)) / 2;
}

Survival lognormal_longer(double mean, double variation) {
    const double variance = std::log(1 + variation * variation);
    return [=](double u) {
        return normal_above((std::log(u / mean) + variance / 2) / std::sqrt(variance));
    };
}

std::vector<Case> cases() {
    return {
        {"exponential", HandleTime::exponential(240), [](double u) { return std::exp(-u / 240); },
         240},
        {"lognormal", HandleTime::lognormal(300, 0.8), lognormal_longer(300, 0.8), 300},
        {"wide lognormal", HandleTime::lognormal(100, 3), lognormal_longer(100, 3), 100},
        {"gamma of shape 2", HandleTime::gamma(200, std::sqrt(0.5)),
         [](double u) { return (1 + u / 100) * std::exp(-u / 100); }, 200},
        {"gamma of shape 1/2", HandleTime::gamma(200, std::sqrt(2.0)),
         [](double u) { return std::erfc(std::sqrt(u / 400)); }, 200},
        {"fixed", HandleTime::fixed(250), [](double u) { return u < 250 ? 1.0 : 0.0; }, 250},
        {"hyperexponential", HandleTime::hyperexponential({{3, 100}, {1, 500}}),
         [](double u) { return 0.75 * std::exp(-u / 100) + 0.25 * std::exp(-u / 500); }, 200},
        {"empirical", HandleTime::empirical({400, 100, 100, 200}),
         [](double u) { return u < 100   ? 1.0
                               : u < 200 ? 0.5
                               : u < 400 ? 0.25
                                         : 0.0; }, 200},
        {"two exponential parts",
         HandleTime::sum(HandleTime::exponential(200), HandleTime::exponential(50)),
         [](double u) { return (200 * std::exp(-u / 200) - 50 * std::exp(-u / 50)) / 150; }, 250},
        {"exponential talk, fixed wrap-up",
         HandleTime::sum(HandleTime::exponential(200), HandleTime::fixed(60)),
         [](double u) { return u < 60 ? 1.0 : std::exp(-(u - 60) / 200); }, 260},
        {"two fixed parts", HandleTime::sum(HandleTime::fixed(200), HandleTime::fixed(60)),
         [](double u) { return u < 260 ? 1.0 : 0.0; }, 260},
        {"gamma parts of one scale",
         HandleTime::sum(HandleTime::gamma(100, 1), HandleTime::gamma(200, std::sqrt(0.5))),
         [](double u) {
             const double y = u / 100;
             return (1 + y + y * y / 2) * std::exp(-y);
         },
         300},
    };
}

// The middle of many strips; all times of the cases where the share jumps are multiples of a strip.
double integral(const std::function<double(double)>& f, double to) {
    const int strips = static_cast<int>(to / 0.05);
    double sum = 0;
    for (int i = 0; i < strips; ++i) {
        sum += f((i + 0.5) * 0.05);
    }
    return sum * 0.05;
}

TEST(HandleTime, has_the_mean_it_was_given) {
    for (const Case& c : cases()) {
        EXPECT_NEAR(static_cast<double>(c.handle_time.mean()), c.mean, 1e-12 * c.mean) << c.name;
        EXPECT_NEAR(static_cast<double>(c.handle_time.mean_up_to(1e7)), c.mean, 1e-4 * c.mean)
            << c.name;
    }
}

TEST(HandleTime, integrates_who_takes_longer) {
    for (const Case& c : cases()) {
        for (const double time : {10.0, 90.0, 255.0, 1'800.0}) {
            const double once = integral(c.longer, time);
            EXPECT_NEAR(static_cast<double>(c.handle_time.mean_up_to(time)), once, 2e-5 * once)
                << c.name << " up to " << time;
            const double twice = integral([&](double u) { return (time - u) * c.longer(u); }, time);
            EXPECT_NEAR(static_cast<double>(c.handle_time.area_up_to(time)), twice, 2e-5 * twice)
                << c.name << " up to " << time;
        }
    }
}

TEST(HandleTime, is_nothing_before_it_begins) {
    for (const Case& c : cases()) {
        for (const Real time : {-5.0L, 0.0L}) {
            EXPECT_EQ(c.handle_time.mean_up_to(time), 0) << c.name;
            EXPECT_EQ(c.handle_time.area_up_to(time), 0) << c.name;
        }
    }
}

TEST(HandleTime, of_little_variation_is_nearly_fixed) {
    for (const HandleTime& narrow : {HandleTime::gamma(300, HandleTime::kVariationMin),
                                     HandleTime::lognormal(300, HandleTime::kVariationMin)}) {
        EXPECT_NEAR(static_cast<double>(narrow.mean_up_to(270)), 270, 1e-6);
        EXPECT_NEAR(static_cast<double>(narrow.mean_up_to(330)), 300, 1e-6);
        EXPECT_NEAR(static_cast<double>(narrow.area_up_to(330)), 300 * 180 * 1.0 - 4.5, 0.1);
    }
}

}  // namespace
}  // namespace lanze::plan
