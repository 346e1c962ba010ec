#include "plan/modified_load.h"

#include <algorithm>
#include <map>

namespace lanze::plan {

namespace {

constexpr std::size_t kSteps = 32;  // of an interval, where the peak is looked for
// So much of the mean handle time may be left when nothing more is expected of an interval.
constexpr Real kRest = 1e-11L;
// A day that goes round is followed back so many times at most.
constexpr std::size_t kRoundsMax = 10;

// What one arrival per time unit during one interval adds to the load, so many intervals later.
struct Echo {
    std::vector<Real> mean;  // over a whole interval
    std::vector<Real> at;    // the mean handle time up to each step since the beginning

    // At a step of the interval that is `later` intervals after.
    Real at_step(std::size_t later, std::size_t step) const {
        const std::size_t since = later * kSteps + step;
        return at[since] - (later == 0 ? 0 : at[since - kSteps]);
    }
};

// `stretch`: how many times longer than usual the contacts take.
Echo echo_of(const HandleTime& handle_time, Real stretch, Real interval, std::size_t most) {
    const auto area = [&](std::size_t count) {
        const Real time = interval * static_cast<Real>(count);
        return stretch * stretch * handle_time.area_up_to(time / stretch);
    };
    const Real mean = stretch * handle_time.mean();
    Echo echo;
    echo.at.push_back(0);
    Real before = 0;
    Real here = 0;
    while (echo.mean.size() < most && mean - echo.at.back() > kRest * mean) {
        const Real next = area(echo.mean.size() + 1);
        echo.mean.push_back(std::max<Real>(next - here - (here - before), 0) / interval);
        before = here;
        here = next;
        for (std::size_t step = 1; step <= kSteps; ++step) {
            const Real time = interval * static_cast<Real>(echo.at.size()) / kSteps;
            echo.at.push_back(stretch * handle_time.mean_up_to(time / stretch));
        }
    }
    // One interval more, in which those who came last in the interval leave.
    echo.mean.push_back(
        echo.mean.empty() ? 0 : std::max<Real>(mean * interval - (here - before), 0) / interval);
    echo.at.resize(echo.at.size() + kSteps, mean);
    return echo;
}

class Day {
public:
    Day(const DayOfArrivals& day, const HandleTime& handle_time) : day_(day) {
        const std::size_t count = day.arrivals.size();
        const std::size_t most = day.goes_round ? count * kRoundsMax : count;
        const Real mean = handle_time.mean();
        for (const ArrivalInterval& arrivals : day.arrivals) {
            if (!echoes_.contains(arrivals.handle_mean)) {
                const Real stretch = static_cast<Real>(arrivals.handle_mean) / mean;
                echoes_.emplace(arrivals.handle_mean,
                                echo_of(handle_time, stretch, day.interval, most));
            }
        }
        for (const auto& [handle_mean, echo] : echoes_) {
            reach_ = std::max(reach_, echo.mean.size());
        }
    }

    IntervalLoad load_of(std::size_t interval) const {
        const ArrivalInterval& own = day_.arrivals[interval];
        Real mean = 0;
        std::vector<Real> values(kSteps + 1, 0);
        const std::size_t reach = day_.goes_round ? reach_ : std::min(reach_, interval + 1);
        for (std::size_t later = 0; later < reach; ++later) {
            const std::size_t count = day_.arrivals.size();
            const ArrivalInterval& from =
                day_.arrivals[(interval + count * kRoundsMax * 2 - later) % count];
            const Echo& echo = echoes_.at(from.handle_mean);
            if (later >= echo.mean.size()) {
                continue;
            }
            const Real rate = static_cast<Real>(from.contacts) / day_.interval;
            mean += rate * echo.mean[later];
            for (std::size_t step = 0; step <= kSteps; ++step) {
                values[step] += rate * echo.at_step(later, step);
            }
        }
        return {own.contacts * own.handle_mean / day_.interval, static_cast<double>(mean),
                static_cast<double>(*std::max_element(values.begin(), values.end()))};
    }

private:
    const DayOfArrivals& day_;
    std::map<double, Echo> echoes_;
    std::size_t reach_ = 0;
};

}  // namespace

std::vector<IntervalLoad> modified_loads(const DayOfArrivals& day, const HandleTime& handle_time) {
    const Day whole(day, handle_time);
    std::vector<IntervalLoad> result;
    result.reserve(day.arrivals.size());
    for (std::size_t i = 0; i < day.arrivals.size(); ++i) {
        result.push_back(whole.load_of(i));
    }
    return result;
}

}  // namespace lanze::plan
