// World: simulated time and a network that loses, doubles, delays and reorders; all by one seed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "base/endpoint.h"
#include "base/rng.h"
#include "base/time.h"

namespace lanze::soak {

// What goes wrong in a run; a random subset of all that can.
struct Faults {
    double loss = 0;
    double doubling = 0;
    Duration delay_max = milliseconds(1);
    bool has_crashes = false;
    bool has_torn_writes = false;
    bool has_slow_disk = false;  // now and then it stands still
    bool has_power_cuts = false;
    bool has_few_ports = false;
};

class World {
public:
    using Receive = std::function<void(std::string_view bytes, const Endpoint& from)>;

    explicit World(std::uint64_t seed);

    Time now() const { return now_; }
    Rng& rng() { return rng_; }
    const Faults& faults() const { return faults_; }
    // Uniform between the two, in whole milliseconds.
    Duration between(Duration least, Duration most);
    bool chance(double share) { return rng_.unit() < share; }

    // Equal times come in the order in which they were planned.
    void at(Time time, std::function<void()> action);
    void after(Duration delay, std::function<void()> action) {
        at(now_ + delay, std::move(action));
    }
    // Everything until `end` happens; false if it is so much that something must run in a circle.
    bool run_until(Time end);

    void join(const Endpoint& address, Receive receive) { places_[address] = std::move(receive); }
    void carry(const Endpoint& from, const Endpoint& to, const std::string& bytes);

    // Of all that was carried, in its order: equal runs have equal ones.
    std::uint64_t fingerprint() const { return fingerprint_; }

    // What went wrong; the first one counts.
    void complain(const std::string& problem);
    const std::vector<std::string>& problems() const { return problems_; }
    // One line of the story, kept only if somebody wants to read it (LANZE_SOAK_STORY).
    void tell(const std::string& line);

private:
    struct Entry {
        Time time;
        std::uint64_t order;
        std::function<void()> action;
        bool operator<(const Entry& other) const {
            return std::pair(time, order) > std::pair(other.time, other.order);
        }
    };
    Rng rng_;
    Faults faults_;
    Time now_ = from_micros(1'000'000'000);
    bool is_told_ = false;
    std::priority_queue<Entry> entries_;
    std::uint64_t order_ = 0;
    std::uint64_t fingerprint_ = 0;
    std::map<Endpoint, Receive> places_;
    std::vector<std::string> problems_;
};

}  // namespace lanze::soak
