// Agenda: what is going to happen in a simulation, in the order of time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace lanze::sim {

// What happens at the same time happens in the order in which it was noted. Nothing is ever taken
// out: who noted it knows when it no longer counts.
template <typename What>
class Agenda {
public:
    void note(Time at, What what) {
        heap_.push_back({at, count_++, what});
        std::size_t index = heap_.size() - 1;
        const Entry entry = heap_[index];
        while (index > 0 && entry.is_before(heap_[(index - 1) / kWidth])) {
            heap_[index] = heap_[(index - 1) / kWidth];
            index = (index - 1) / kWidth;
        }
        heap_[index] = entry;
    }

    bool empty() const { return heap_.empty(); }
    Time next() const { return heap_.front().at; }

    What take() {
        const What what = heap_.front().what;
        const Entry last = heap_.back();
        heap_.pop_back();
        if (!heap_.empty()) {
            sink(last);
        }
        return what;
    }

private:
    static constexpr std::size_t kWidth = 4;  // children: half as many levels as with two
    struct Entry {
        Time at;
        std::uint64_t number;
        What what;
        bool is_before(const Entry& other) const {
            return at != other.at ? at < other.at : number < other.number;
        }
    };

    void sink(const Entry& entry) {
        std::size_t index = 0;
        while (true) {
            const std::size_t first = kWidth * index + 1;
            if (first >= heap_.size()) {
                break;
            }
            std::size_t least = first;
            for (std::size_t i = first + 1; i < std::min(first + kWidth, heap_.size()); ++i) {
                least = heap_[i].is_before(heap_[least]) ? i : least;
            }
            if (!heap_[least].is_before(entry)) {
                break;
            }
            heap_[index] = heap_[least];
            index = least;
        }
        heap_[index] = entry;
    }

    std::vector<Entry> heap_;
    std::uint64_t count_ = 0;
};

}  // namespace lanze::sim
