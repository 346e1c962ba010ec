#include "media/quality.h"

#include <algorithm>
#include <cmath>

namespace lanze::media {

double rating(Duration one_way, double loss) {
    const double delay_ms = static_cast<double>(one_way.count()) / 1000.0;
    const double late = delay_ms > 177.3 ? 0.11 * (delay_ms - 177.3) : 0.0;
    const double delay_impairment = 0.024 * delay_ms + late;
    // G.711: no impairment of the coding itself; 30 ln(1 + 15 e) fits random loss with concealment.
    const double loss_impairment = 30.0 * std::log(1.0 + 15.0 * std::clamp(loss, 0.0, 1.0));
    return 94.2 - delay_impairment - loss_impairment;
}

double mean_opinion_score(double rating) {
    if (rating <= 0.0) {
        return 1.0;
    }
    if (rating >= 100.0) {
        return 4.5;
    }
    // The polynomial dips below 1 for R under 6.5; the scale does not.
    const double score = 1.0 + 0.035 * rating + rating * (rating - 60.0) * (100.0 - rating) * 7e-6;
    return std::max(1.0, score);
}

void estimate_mos(core::LegQuality& quality) {
    quality.mos_hundredths = 0;
    if (quality.packets_received == 0) {
        return;
    }
    const Duration frame = milliseconds(20);
    const Duration buffer = std::max<Duration>(frame, 2 * Duration(quality.jitter_us));
    const Duration one_way = Duration(quality.round_trip_us / 2) + frame + buffer;
    const auto expected = static_cast<double>(quality.packets_received + quality.packets_lost);
    const double loss = static_cast<double>(quality.packets_lost) / expected;
    const double score = mean_opinion_score(rating(one_way, loss));
    quality.mos_hundredths = static_cast<std::uint16_t>(std::lround(score * 100.0));
}

}  // namespace lanze::media
