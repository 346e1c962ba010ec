#include "soak/world.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace lanze::soak {

namespace {

// Of a run's entries in the agenda; a run has some tens of thousands.
constexpr std::uint64_t kEntriesMax = 3'000'000;
constexpr std::size_t kProblemsMax = 20;

Faults any_faults(Rng& rng) {
    const auto is_chosen = [&] { return rng.below(2) == 0; };
    Faults faults;
    faults.loss = is_chosen() ? rng.unit() * 0.2 : 0;
    faults.doubling = is_chosen() ? rng.unit() * 0.2 : 0;
    faults.delay_max = is_chosen() ? milliseconds(1 + rng.below(800)) : milliseconds(5);
    faults.has_crashes = is_chosen();
    faults.has_torn_writes = is_chosen();
    faults.has_slow_disk = is_chosen();
    faults.has_power_cuts = is_chosen();
    faults.has_few_ports = rng.below(4) == 0;
    return faults;
}

}  // namespace

World::World(std::uint64_t seed)
    : rng_(seed), faults_(any_faults(rng_)), is_told_(std::getenv("LANZE_SOAK_STORY") != nullptr) {}

Duration World::between(Duration least, Duration most) {
    const auto span = std::chrono::duration_cast<milliseconds>(most - least).count();
    return least + milliseconds(rng_.below(static_cast<std::uint32_t>(span) + 1));
}

void World::at(Time time, std::function<void()> action) {
    entries_.push({std::max(time, now_), ++order_, std::move(action)});
}

bool World::run_until(Time end) {
    const std::uint64_t order_max = order_ + kEntriesMax;
    while (!entries_.empty() && entries_.top().time <= end && problems_.empty()) {
        const Entry entry = entries_.top();
        entries_.pop();
        now_ = entry.time;
        entry.action();
        if (order_ > order_max) {
            return false;
        }
    }
    now_ = std::max(now_, end);
    return true;
}

void World::carry(const Endpoint& from, const Endpoint& to, const std::string& bytes) {
    fingerprint_ = split_mix(fingerprint_ ^ std::hash<std::string>{}(bytes) ^
                             static_cast<std::uint64_t>(to_micros(now_)));
    const int copies = chance(faults_.doubling) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
        const bool is_lost = chance(faults_.loss);
        tell(from.to_string() + " > " + to.to_string() + (is_lost ? " LOST " : " ") +
             bytes.substr(0, bytes.find('\r')));
        if (is_lost) {
            continue;
        }
        const Duration delay =
            microseconds(1 + rng_.below(static_cast<std::uint32_t>(faults_.delay_max.count())));
        after(delay, [this, from, to, bytes] {
            const auto place = places_.find(to);
            if (place != places_.end()) {
                place->second(bytes, from);
            }
        });
    }
}

void World::complain(const std::string& problem) {
    tell("PROBLEM " + problem);
    if (problems_.size() < kProblemsMax) {
        problems_.push_back(std::to_string(to_micros(now_) / 1000 - 1'000'000) + " ms: " + problem);
    }
}

void World::tell(const std::string& line) {
    if (is_told_) {
        std::fprintf(stderr, "%8.3f %s\n",
                     static_cast<double>(to_micros(now_) - 1'000'000'000) / 1e6, line.c_str());
    }
}

}  // namespace lanze::soak
