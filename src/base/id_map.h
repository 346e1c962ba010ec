// IdMap: values by ids that are given one after the other, in one piece of memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace lanze {

// Open addressing with linear probing; what is removed is closed up by shifting back. Such ids
// spread by themselves, so a look costs one place in memory, where a map of nodes costs an
// allocation and two. Pointers hold until something is added or removed.
template <typename Key, typename Value>
class IdMap {
public:
    IdMap() : places_(kPlacesMin) {}

    // The value of a set id that is not there yet.
    Value& add(Key key) {
        if (2 * (count_ + 1) > places_.size()) {
            grow();
        }
        ++count_;
        Place& place = places_[place_of(key)];
        place.key = key;
        place.value = Value{};
        return place.value;
    }

    Value* find(Key key) {
        const std::size_t place = place_of(key);
        return places_[place].key.is_set() ? &places_[place].value : nullptr;
    }
    const Value* find(Key key) const {
        const std::size_t place = place_of(key);
        return places_[place].key.is_set() ? &places_[place].value : nullptr;
    }

    // Nothing happens if it is not there.
    void remove(Key key) {
        std::size_t hole = place_of(key);
        if (!places_[hole].key.is_set()) {
            return;
        }
        for (std::size_t place = next(hole); places_[place].key.is_set(); place = next(place)) {
            // It may fill the hole unless its home lies behind it.
            const std::size_t from_home = (place - home(places_[place].key)) & mask();
            if (from_home >= ((place - hole) & mask())) {
                places_[hole] = std::move(places_[place]);
                hole = place;
            }
        }
        places_[hole] = Place{};
        --count_;
    }

    std::size_t size() const { return count_; }

private:
    static constexpr std::size_t kPlacesMin = 16;  // powers of two
    struct Place {
        Key key;
        Value value{};
    };

    std::size_t mask() const { return places_.size() - 1; }
    std::size_t next(std::size_t place) const { return (place + 1) & mask(); }
    std::size_t home(Key key) const { return static_cast<std::size_t>(key.value()) & mask(); }

    // Where the key is, or the empty place that ends the search for it.
    std::size_t place_of(Key key) const {
        std::size_t place = home(key);
        while (places_[place].key.is_set() && places_[place].key != key) {
            place = next(place);
        }
        return place;
    }
    std::size_t free_place(Key key) const { return place_of(key); }

    void grow() {
        std::vector<Place> before(2 * places_.size());
        before.swap(places_);
        for (Place& place : before) {
            if (place.key.is_set()) {
                places_[place_of(place.key)] = std::move(place);
            }
        }
    }

    std::vector<Place> places_;
    std::size_t count_ = 0;
};

}  // namespace lanze
