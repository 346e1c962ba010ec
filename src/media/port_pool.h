// PortPool: which of a worker's bound pairs lie free, at the edge, in use, or rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/time.h"
#include "ports/media.h"

namespace lanze::media {

// Keeps between half the target and the target of pairs at the edge. The target starts at
// `lent_min` and doubles, up to `lent_max`, whenever the edge has used half of it within a second.
class PortPool {
public:
    struct Settings {
        std::size_t lent_min = 64;
        std::size_t lent_max = 1024;
        Duration rest = seconds(10);
    };
    explicit PortPool(const Settings& settings);

    // A pair that was just bound; gives its number. Numbers count up from 0.
    std::uint32_t add(ports::MediaPort port);

    // How many more pairs the edge should have.
    std::size_t wanted(Time now);
    std::size_t free_count() const { return free_.size(); }
    // Up to `count` of the free pairs, the longest unused first.
    std::vector<ports::MediaPort> lend(std::size_t count);

    // Both give false for a pair that is not in the state they end.
    bool open(std::uint32_t index);               // lent → in use
    bool release(std::uint32_t index, Time now);  // in use, or lent and given back → rests

    // Pairs that have rested long enough become free.
    void advance(Time now);
    std::optional<Time> next_deadline() const;

    std::size_t lent_count() const { return lent_; }
    std::size_t resting_count() const { return resting_.size(); }
    std::size_t size() const { return pairs_.size(); }

private:
    enum class State : std::uint8_t { unused, lent, open, resting };
    struct Pair {
        ports::MediaPort port;
        State state = State::unused;
    };
    struct Rest {
        Time until;
        std::uint32_t index = 0;
    };

    Settings settings_;
    std::vector<Pair> pairs_;
    std::deque<std::uint32_t> free_;
    std::deque<Rest> resting_;
    std::size_t lent_ = 0;
    std::size_t target_;
    bool is_filling_ = true;
    std::optional<Time> filled_;
};

}  // namespace lanze::media
