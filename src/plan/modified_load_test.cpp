#include "plan/modified_load.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.h"

namespace lanze::plan {
namespace {

constexpr double kInterval = 1'800;

DayOfArrivals day_of(const std::vector<double>& contacts, double handle_mean) {
    DayOfArrivals day;
    day.interval = kInterval;
    for (const double count : contacts) {
        day.arrivals.push_back({count, handle_mean});
    }
    return day;
}

std::vector<double> some_contacts(std::uint64_t seed, int count) {
    Rng rng(seed);
    std::vector<double> contacts;
    for (int i = 0; i < count; ++i) {
        contacts.push_back(rng.below(4) == 0 ? 0 : 300 * rng.unit());
    }
    return contacts;
}

// m' = lambda - m / mean: from `start`, which becomes its value at the end of the interval.
IntervalLoad exponential_load(const ArrivalInterval& arrivals, double& start) {
    const double steady = arrivals.contacts * arrivals.handle_mean / kInterval;
    const double reach = kInterval / arrivals.handle_mean;
    const double end = steady + (start - steady) * std::exp(-reach);
    const IntervalLoad load{steady, steady + (start - steady) * -std::expm1(-reach) / reach,
                            std::max(start, end)};
    start = end;
    return load;
}

TEST(ModifiedLoad, of_exponential_handle_times_has_a_closed_form) {
    for (const double mean : {30.0, 300.0, 3'000.0, 30'000.0}) {
        const DayOfArrivals day = day_of(some_contacts(7, 48), mean);
        const auto loads = modified_loads(day, HandleTime::exponential(mean));
        double start = 0;
        for (std::size_t i = 0; i < loads.size(); ++i) {
            const IntervalLoad expected = exponential_load(day.arrivals[i], start);
            EXPECT_NEAR(loads[i].load, expected.load, 1e-12 * expected.load);
            EXPECT_NEAR(loads[i].modified, expected.modified, 1e-9 * (1 + expected.modified)) << i;
            EXPECT_NEAR(loads[i].peak, expected.peak, 1e-9 * (1 + expected.peak)) << i;
        }
    }
}

TEST(ModifiedLoad, goes_round_the_clock) {
    for (const double mean : {300.0, 30'000.0}) {
        DayOfArrivals day = day_of(some_contacts(3, 24), mean);
        day.goes_round = true;
        const auto loads = modified_loads(day, HandleTime::exponential(mean));
        double start = 0;
        for (int round = 0; round < 40; ++round) {
            for (std::size_t i = 0; i < loads.size(); ++i) {
                const IntervalLoad expected = exponential_load(day.arrivals[i], start);
                if (round == 39) {
                    EXPECT_NEAR(loads[i].modified, expected.modified, 1e-5 * expected.modified);
                }
            }
        }
    }
}

TEST(ModifiedLoad, stretches_the_handle_times_of_an_interval) {
    DayOfArrivals day = day_of({100, 0, 0}, 300);
    day.arrivals[0].handle_mean = 900;
    const auto stretched = modified_loads(day, HandleTime::gamma(300, 0.5));
    const auto longer = modified_loads(day_of({100, 0, 0}, 900), HandleTime::gamma(900, 0.5));
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_NEAR(stretched[i].modified, longer[i].modified, 1e-12 * longer[i].modified);
        EXPECT_NEAR(stretched[i].peak, longer[i].peak, 1e-12 * longer[i].peak);
    }
    EXPECT_GT(stretched[1].modified, 0);
}

// Whoever takes how long is still there, counted at the middles of many short times.
TEST(ModifiedLoad, is_what_is_still_handled) {
    struct Case {
        const char* name;
        HandleTime handle_time;
        double (*longer)(double);
    };
    const Case known[] = {
        {"fixed", HandleTime::fixed(400), [](double u) { return u < 400 ? 1.0 : 0.0; }},
        {"long and fixed", HandleTime::fixed(4'000),
         [](double u) { return u < 4'000 ? 1.0 : 0.0; }},
        {"lognormal", HandleTime::lognormal(400, 1.5),
         [](double u) {
             const double variance = std::log(1 + 1.5 * 1.5);
             const double z = (std::log(u / 400) + variance / 2) / std::sqrt(variance);
             return std::erfc(z / std::sqrt(2.0)) / 2;
         }},
        {"gamma", HandleTime::gamma(400, std::sqrt(2.0)),
         [](double u) { return std::erfc(std::sqrt(u / 800)); }},
        {"sum", HandleTime::sum(HandleTime::exponential(300), HandleTime::exponential(100)),
         [](double u) { return (300 * std::exp(-u / 300) - 100 * std::exp(-u / 100)) / 200; }},
    };
    const std::vector<double> contacts = some_contacts(11, 8);
    for (const Case& c : known) {
        const DayOfArrivals day = day_of(contacts, static_cast<double>(c.handle_time.mean()));
        const auto loads = modified_loads(day, c.handle_time);
        constexpr double kStrip = 5;
        std::vector<double> m;  // at the end of each strip
        for (std::size_t end = 1; end <= contacts.size() * 360; ++end) {
            double sum = 0;
            for (std::size_t i = 0; i < end; ++i) {
                const double since = (static_cast<double>(end - i) - 0.5) * kStrip;
                sum += contacts[i / 360] / kInterval * c.longer(since) * kStrip;
            }
            m.push_back(sum);
        }
        for (std::size_t i = 0; i < contacts.size(); ++i) {
            double mean = (i == 0 ? 0 : m[i * 360 - 1]) / 2;
            double peak = i == 0 ? 0 : m[i * 360 - 1];
            for (std::size_t j = i * 360; j < (i + 1) * 360; ++j) {
                mean += j + 1 == (i + 1) * 360 ? m[j] / 2 : m[j];
                peak = std::max(peak, m[j]);
            }
            EXPECT_NEAR(loads[i].modified, mean / 360, 1e-3 * (0.1 + mean / 360)) << c.name << i;
            EXPECT_NEAR(loads[i].peak, peak, 5e-3 * (0.1 + peak)) << c.name << i;
        }
    }
}

TEST(ModifiedLoad, of_steady_arrivals_is_the_load) {
    DayOfArrivals day = day_of(std::vector<double>(24, 100), 300);
    day.goes_round = true;
    for (const HandleTime& handle_time :
         {HandleTime::lognormal(300, 1.2), HandleTime::fixed(300), HandleTime::gamma(300, 3),
          HandleTime::sum(HandleTime::lognormal(200, 1), HandleTime::gamma(100, 0.5))}) {
        for (const IntervalLoad& load : modified_loads(day, handle_time)) {
            EXPECT_NEAR(load.modified, load.load, 1e-7 * load.load);
            EXPECT_NEAR(load.peak, load.load, 1e-7 * load.load);
        }
    }
}

}  // namespace
}  // namespace lanze::plan
