#include "plan/conflict.h"

#include <numeric>

namespace lanze::plan {

std::vector<std::size_t> smallest_conflict(
    std::size_t count, const std::function<bool(const std::vector<std::size_t>&)>& conflicts) {
    std::vector<std::size_t> all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    if (!conflicts(all)) {
        return {};
    }
    for (std::size_t i = 0; i < count; ++i) {
        if (conflicts({i})) {
            return {i};
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = i + 1; j < count; ++j) {
            if (conflicts({i, j})) {
                return {i, j};
            }
        }
    }
    std::vector<std::size_t> kept = all;
    for (const std::size_t demand : all) {
        std::vector<std::size_t> without = kept;
        std::erase(without, demand);
        if (conflicts(without)) {
            kept = std::move(without);
        }
    }
    return kept;
}

}  // namespace lanze::plan
