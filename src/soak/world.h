// World: simulated time and a network that loses, doubles, delays and reorders; all by one seed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/endpoint.h"
#include "base/rng.h"
#include "base/time.h"
#include "soak/faults.h"

namespace lanze::soak {

// What is not as it should be, and when: since the beginning of the day.
struct Problem {
    Duration at{};
    std::string text;
    friend bool operator==(const Problem&, const Problem&) = default;
};

class World {
public:
    using Receive = std::function<void(std::string_view bytes, const Endpoint& from)>;
    // Hears the story line by line.
    using Listener = std::function<void(const std::string& line)>;

    explicit World(std::uint64_t seed, Listener listener = {});

    Time now() const { return now_; }
    Duration since_start() const { return now_ - kStart; }
    Rng& rng() { return rng_; }
    const Faults& faults() const { return faults_; }
    void spare_disk() { faults_.has_slow_disk = false; }
    // From now on the network is a good one, and nothing else goes wrong either.
    void calm() { faults_ = {}; }
    // Uniform between the two, in whole milliseconds.
    Duration between(Duration least, Duration most);
    bool chance(double share) { return rng_.unit() < share; }

    // Equal times come in the order in which they were planned.
    void at(Time time, std::function<void()> action);
    void after(Duration delay, std::function<void()> action) {
        at(now_ + delay, std::move(action));
    }
    // Everything until `end` happens, up to the first problem; false if it is so much that
    // something must run in a circle.
    bool run_until(Time end);

    void join(const Endpoint& address, Receive receive) { places_[address] = std::move(receive); }
    void carry(const Endpoint& from, const Endpoint& to, const std::string& bytes);

    // Of all that was carried, in its order: equal runs have equal ones.
    std::uint64_t fingerprint() const { return fingerprint_; }

    void note(Happening happening) { counts_.note(happening); }
    const Counts& counts() const { return counts_; }

    void complain(const std::string& problem);
    const std::vector<Problem>& problems() const { return problems_; }
    // One line of the story, made only if somebody listens.
    void tell(const std::string& line);

private:
    static constexpr Time kStart = from_micros(1'000'000'000);

    struct Entry {
        Time time;
        std::uint64_t order;
        std::function<void()> action;
        bool operator<(const Entry& other) const {
            return std::pair(time, order) > std::pair(other.time, other.order);
        }
    };
    // One datagram on its way.
    struct Packet {
        Endpoint from;
        Endpoint to;
        std::string bytes;
        std::uint64_t order;  // of sending
    };
    void send(Packet packet);
    bool is_aimed_at(std::string_view method, const std::string& bytes);
    void deliver(const Packet& packet);

    Rng rng_;
    Faults faults_;
    Listener listener_;
    Time now_ = kStart;
    std::priority_queue<Entry> entries_;
    std::uint64_t order_ = 0;
    std::uint64_t packets_ = 0;
    std::uint64_t fingerprint_ = 0;
    std::map<Endpoint, Receive> places_;
    std::map<std::pair<Endpoint, Endpoint>, std::uint64_t> newest_;  // delivered, by order
    std::unordered_map<std::string, int> aimed_at_;  // how often a BYE or ACK was lost on purpose
    Counts counts_;
    std::vector<Problem> problems_;
};

}  // namespace lanze::soak
