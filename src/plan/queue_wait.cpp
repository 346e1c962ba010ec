#include "plan/queue_wait.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace lanze::plan {

namespace {

constexpr double kTenth = 1.2815515655446004;  // the normal distribution's 90 % quantile
constexpr double kSpreadMax = 4;               // variance / mean^2; see range_of

double gamma_quantile(const WaitMoments& wait, double normal_quantile) {
    const double relative = std::min(kSpreadMax, wait.variance / (wait.mean * wait.mean));
    const double spread = relative / 9;  // 1 / (9 shape)
    const double root = 1 - spread + normal_quantile * std::sqrt(spread);
    return wait.mean * std::max(0.0, root * root * root);
}

}  // namespace

WaitMoments wait_behind(std::uint64_t ahead, double served, double theta) {
    WaitMoments wait;
    for (std::uint64_t j = 0; j <= ahead; ++j) {
        const double mean = 1 / (served + static_cast<double>(j) * theta);
        wait.mean += mean;
        wait.variance += mean * mean;
    }
    return wait;
}

WaitRange range_of(const WaitMoments& wait) {
    if (wait.mean <= 0) {
        return {};
    }
    return {gamma_quantile(wait, -kTenth), gamma_quantile(wait, kTenth)};
}

WaitMoments with_rate_estimated(const WaitMoments& wait, double count) {
    return {wait.mean, wait.variance + wait.mean * wait.mean / std::max(1.0, count)};
}

Drain::Drain(const std::vector<double>& rates) {
    vessels_.reserve(rates.size());
    for (const double rate : rates) {
        LANZE_CHECK(rate >= 0 && std::isfinite(rate));
        vessels_.push_back({rate, 0, 0, 0, 0});
    }
}

void Drain::take_away(std::uint32_t pool, double share) {
    vessels_[pool].share_taken = std::clamp(share, 0.0, kShareMax);
}

std::optional<Drain::Poured> Drain::pour(Pools pools) const {
    order_.clear();
    for (const std::uint32_t pool : pools) {
        if (vessels_[pool].width > 0) {
            order_.push_back(pool);
        }
    }
    if (order_.empty()) {
        return std::nullopt;
    }
    std::ranges::sort(order_, {}, [this](std::uint32_t pool) { return vessels_[pool].level; });
    Poured result{vessels_[order_[0]].level, 0, 0, 0};
    const double bottom = result.level;
    double theta = 0;
    double variance = 0;
    double noise = 0;
    double unserved = 1;  // what is left of the contact
    while (result.pools < order_.size()) {
        const Vessel& vessel = vessels_[order_[result.pools]];
        if (result.pools > 0) {
            // As much of it as the pools so far take before the water reaches the next one.
            const double need = unserved * result.rate / (result.rate + theta);
            const double taken = (vessel.level - result.level) * result.rate;
            if (taken >= need) {
                break;
            }
            unserved *= 1 - taken / need;
            result.level = vessel.level;
        }
        result.rate += vessel.rate();
        theta += vessel.theta;
        variance += vessel.rate() * vessel.variance;
        noise += vessel.rate() * (1 + vessel.share_taken) / (1 - vessel.share_taken);
        ++result.pools;
    }
    result.level += unserved / (result.rate + theta);
    const double rise = result.level - bottom;
    result.variance = (variance + noise * rise * rise) / result.rate;
    return result;
}

std::optional<WaitMoments> Drain::wait(Pools pools) const {
    const auto poured = pour(pools);
    return poured ? std::optional(WaitMoments{poured->level, poured->variance}) : std::nullopt;
}

std::optional<WaitMoments> Drain::put(Pools pools, double theta) {
    const auto poured = pour(pools);
    if (!poured) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < poured->pools; ++i) {
        Vessel& vessel = vessels_[order_[i]];
        vessel.theta += theta * vessel.rate() / poured->rate;
        vessel.level = poured->level;
        vessel.variance = poured->variance;
    }
    return WaitMoments{poured->level, poured->variance};
}

}  // namespace lanze::plan
