// TimerHeap: deadlines by key in a binary heap; set, move and cancel cost O(log n), never a sorted
// list.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"

namespace lanze {

// At most one deadline per key. Equal deadlines come out in the order of their keys, so that the
// order never depends on history. Key: ordered by < and hashed by Hash.
template <typename Key, typename Hash = std::hash<Key>>
class TimerHeap {
public:
    // Sets the deadline of `key`, or moves it.
    void set(const Key& key, Time at) {
        const auto [place, is_new] = places_.try_emplace(key, heap_.size());
        if (is_new) {
            heap_.push_back({at, key});
            sift_up(heap_.size() - 1);
            return;
        }
        const std::size_t index = place->second;
        heap_[index].at = at;
        sift_down(sift_up(index));
    }

    // Removes the deadline of `key`; nothing happens if there is none.
    void cancel(const Key& key) {
        const auto place = places_.find(key);
        if (place != places_.end()) {
            remove(place->second);
        }
    }

    std::optional<Time> deadline(const Key& key) const {
        const auto place = places_.find(key);
        return place == places_.end() ? std::nullopt : std::optional(heap_[place->second].at);
    }

    std::optional<Time> next() const {
        return heap_.empty() ? std::nullopt : std::optional(heap_.front().at);
    }
    // Likewise; Time::max() if there is none.
    Time next_or_never() const { return heap_.empty() ? Time::max() : heap_.front().at; }

    // The earliest key whose deadline is not after `now`; it stays.
    std::optional<Key> peek_due(Time now) const {
        if (heap_.empty() || heap_.front().at > now) {
            return std::nullopt;
        }
        return heap_.front().key;
    }

    // Takes out the earliest key whose deadline is not after `now`.
    std::optional<std::pair<Time, Key>> pop_due(Time now) {
        if (heap_.empty() || heap_.front().at > now) {
            return std::nullopt;
        }
        std::pair<Time, Key> result{heap_.front().at, heap_.front().key};
        remove(0);
        return result;
    }

    std::size_t size() const { return heap_.size(); }

private:
    struct Entry {
        Time at;
        Key key;
    };

    bool is_before(std::size_t a, std::size_t b) const {
        const Entry& x = heap_[a];
        const Entry& y = heap_[b];
        return x.at != y.at ? x.at < y.at : x.key < y.key;
    }

    void swap_entries(std::size_t a, std::size_t b) {
        std::swap(heap_[a], heap_[b]);
        places_[heap_[a].key] = a;
        places_[heap_[b].key] = b;
    }

    std::size_t sift_up(std::size_t index) {
        while (index > 0) {
            const std::size_t parent = (index - 1) / 2;
            if (!is_before(index, parent)) {
                break;
            }
            swap_entries(index, parent);
            index = parent;
        }
        return index;
    }

    void sift_down(std::size_t index) {
        while (true) {
            std::size_t least = index;
            for (std::size_t child = 2 * index + 1; child <= 2 * index + 2; ++child) {
                if (child < heap_.size() && is_before(child, least)) {
                    least = child;
                }
            }
            if (least == index) {
                return;
            }
            swap_entries(index, least);
            index = least;
        }
    }

    void remove(std::size_t index) {
        const std::size_t last = heap_.size() - 1;
        if (index != last) {
            swap_entries(index, last);
        }
        places_.erase(heap_.back().key);
        heap_.pop_back();
        if (index < heap_.size()) {
            sift_down(sift_up(index));
        }
    }

    std::vector<Entry> heap_;
    std::unordered_map<Key, std::size_t, Hash> places_;
};

}  // namespace lanze
