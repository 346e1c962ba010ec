#include "predict/promise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace lanze::predict {

namespace {

constexpr double kLongest = 86'400;
// By so much a circumstance must have changed to be named as a cause.
constexpr double kWeightMin = 1.02;

Duration whole_seconds(double value) {
    return seconds(static_cast<std::int64_t>(std::min(value, kLongest)));
}

Duration step_of(Duration left) {
    return std::max<Duration>(kTellingStep, left / 10);
}

double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 1;
}

}  // namespace

ports::ToldWait told(const Forecast& forecast, Time now) {
    ports::ToldWait result{now, forecast.found_by, {}, {}, {}};
    if (result.has_range()) {
        result.low = whole_seconds(std::floor(forecast.low));
        result.high = whole_seconds(std::ceil(forecast.high));
    }
    return result;
}

bool is_news(const ports::ToldWait& before, const ports::ToldWait& now) {
    // How it was found is said with the range; that alone calls nobody to the telephone.
    if (before.has_range() != now.has_range() ||
        (!now.has_range() && before.found_by != now.found_by)) {
        return true;
    }
    if (!now.has_range()) {
        return false;
    }
    const Duration step = step_of(now.high);
    const auto differs = [&](Time a, Time b) { return std::max(a, b) - std::min(a, b) >= step; };
    // A lower end that has passed says: any moment.
    const Time low_before = std::max(before.at + before.low, now.at);
    return differs(before.latest(), now.latest()) || differs(low_before, now.at + now.low);
}

std::optional<ports::RiseCause> Promise::cause_of(const Forecast& forecast) const {
    using enum ports::RiseCause;
    const Circumstances& now = forecast.on;
    if (now.queue != on_.queue) {
        return another_queue;
    }
    const std::array<std::pair<double, ports::RiseCause>, 3> weights{
        {{ratio(on_.agents, std::max(now.agents, 1U)), fewer_agents},
         {ratio(now.ahead + 1.0, on_.ahead + 1.0), others_went_before},
         // Not known before: whatever it is now, that was not foreseen.
         {on_.handle_time > 0 ? now.handle_time / on_.handle_time : 1.0 + kWeightMin,
          longer_handle_times}}};
    const auto most = std::ranges::max_element(weights, {}, [](const auto& w) { return w.first; });
    return most->first >= kWeightMin ? std::optional(most->second) : std::nullopt;
}

void Promise::take(const ports::ToldWait& told, const Circumstances& on) {
    told_ = told;
    on_ = on;
    has_begun_ = true;
}

bool Promise::update(const Forecast& forecast, Time now) {
    ports::ToldWait next = predict::told(forecast, now);
    if (!has_begun_ || (!told_.has_range() && next.has_range())) {
        take(next, forecast.on);  // sooner than not at all
        return true;
    }
    if (!next.has_range()) {
        if (next.found_by == told_.found_by) {
            return false;
        }
        // Too little is known of a queue that a range was found for: what was told stays.
        const bool is_lost = next.found_by == ports::FoundBy::nobody_at_work;
        if (!is_lost && told_.has_range() && now <= told_.latest()) {
            return false;
        }
        next.cause = is_lost ? ports::RiseCause::fewer_agents : ports::RiseCause::slower_than_usual;
        take(next, forecast.on);
        return true;
    }
    if (next.latest() > told_.latest()) {
        const auto cause = cause_of(forecast);
        const bool is_later = next.latest() - told_.latest() >= step_of(next.high);
        const bool is_missed =
            now + whole_seconds(forecast.mean) > told_.latest() || now >= told_.latest();
        if ((cause && is_later) || is_missed) {
            next.cause = cause.value_or(ports::RiseCause::slower_than_usual);
            take(next, forecast.on);
            return true;
        }
        // The end stays; the range may still become narrower from below.
        next.high = std::chrono::floor<seconds>(told_.latest() - now);
        next.low = std::min(next.low, next.high);
        const bool is_narrower = is_news(told_, next);
        told_ = is_narrower ? next : told_;
        return is_narrower;
    }
    if (!is_news(told_, next)) {
        return false;
    }
    take(next, forecast.on);
    return true;
}

}  // namespace lanze::predict
