// BitSet: a set of small numbers that grows as needed, quick to intersect with another.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace lanze::core {

class BitSet {
public:
    void set(std::size_t number) {
        if (number / kBits >= words_.size()) {
            words_.resize(number / kBits + 1);
        }
        words_[number / kBits] |= std::uint64_t{1} << (number % kBits);
    }
    void clear(std::size_t number) {
        if (number / kBits < words_.size()) {
            words_[number / kBits] &= ~(std::uint64_t{1} << (number % kBits));
        }
    }
    bool contains(std::size_t number) const {
        return number / kBits < words_.size() &&
               ((words_[number / kBits] >> (number % kBits)) & 1U) != 0;
    }

    template <typename Tell>
    void for_each(Tell&& tell) const {
        for_each_common(*this, tell);
    }

    // Tells each number in both, in rising order.
    template <typename Tell>
    void for_each_common(const BitSet& other, Tell&& tell) const {
        const std::size_t size = std::min(words_.size(), other.words_.size());
        for (std::size_t i = 0; i < size; ++i) {
            for (std::uint64_t rest = words_[i] & other.words_[i]; rest != 0; rest &= rest - 1) {
                tell(i * kBits + static_cast<std::size_t>(std::countr_zero(rest)));
            }
        }
    }

private:
    static constexpr std::size_t kBits = 64;
    std::vector<std::uint64_t> words_;
};

}  // namespace lanze::core
