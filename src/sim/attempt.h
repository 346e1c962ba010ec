// Attempts: the callers who are in the centre now, by contact.
#pragma once

#include <cstdint>
#include <vector>

#include "base/check.h"
#include "base/time.h"
#include "core/ids.h"

namespace lanze::sim {

struct Attempt {
    core::ContactId contact;
    std::uint32_t stream = 0;
    std::uint32_t queue = 0;     // it is in now
    std::uint32_t tries = 0;     // before this one
    std::uint32_t version = 0;   // of when its talk ends
    std::uint32_t interval = 0;  // it arrived in
    Time entered;
    Time answered;
    Time speed_since;  // of a chat or message
    Duration talk{};   // what is left of it
    Duration wrap_up{};
    Duration patience = Duration::max();
    core::AgentId agent;  // who talks to it
    bool is_counted = false;
    bool is_on_the_line = true;
};

// By contact id in open addressing (linear probing, deletion by shifting back): a simulated call
// costs about a microsecond, and a map of nodes would take a good part of it.
class Attempts {
public:
    Attempts() : places_(kPlacesMin) {}

    Attempt& add(core::ContactId contact) {
        if (2 * (count_ + 1) > places_.size()) {
            grow();
        }
        std::size_t place = home(contact);
        while (places_[place].contact.is_set()) {
            place = next(place);
        }
        ++count_;
        places_[place] = Attempt{};
        places_[place].contact = contact;
        return places_[place];
    }

    // Valid until something is added or removed.
    Attempt* find(core::ContactId contact) {
        for (std::size_t place = home(contact); places_[place].contact.is_set();
             place = next(place)) {
            if (places_[place].contact == contact) {
                return &places_[place];
            }
        }
        return nullptr;
    }

    void remove(core::ContactId contact) {
        Attempt* attempt = find(contact);
        LANZE_CHECK(attempt != nullptr);
        auto hole = static_cast<std::size_t>(attempt - places_.data());
        for (std::size_t place = next(hole); places_[place].contact.is_set(); place = next(place)) {
            // It may fill the hole unless its home lies behind it.
            const std::size_t from_home = (place - home(places_[place].contact)) & mask();
            if (from_home >= ((place - hole) & mask())) {
                places_[hole] = places_[place];
                hole = place;
            }
        }
        places_[hole].contact = core::ContactId{};
        --count_;
    }

    std::size_t count() const { return count_; }

private:
    static constexpr std::size_t kPlacesMin = 64;  // powers of two

    std::size_t mask() const { return places_.size() - 1; }
    std::size_t next(std::size_t place) const { return (place + 1) & mask(); }
    // Ids are given one after the other, so that they spread by themselves.
    std::size_t home(core::ContactId contact) const { return contact.value() & mask(); }

    void grow() {
        std::vector<Attempt> before(2 * places_.size());
        before.swap(places_);
        for (const Attempt& attempt : before) {
            if (!attempt.contact.is_set()) {
                continue;
            }
            std::size_t place = home(attempt.contact);
            while (places_[place].contact.is_set()) {
                place = next(place);
            }
            places_[place] = attempt;
        }
    }

    std::vector<Attempt> places_;
    std::size_t count_ = 0;
};

}  // namespace lanze::sim
