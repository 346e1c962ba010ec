#include "api/lockout.h"

#include <algorithm>

namespace lanze::api {

namespace {

void drop_old(std::deque<Time>& times, Time now) {
    while (!times.empty() && now - times.front() >= Lockout::kWithin) {
        times.pop_front();
    }
}

// How long until one of `most` failures is old; zero: not so many.
Duration wait_after(const std::deque<Time>& failures, std::size_t most, Time now) {
    return failures.size() < most ? Duration{} : failures.front() + Lockout::kWithin - now;
}

}  // namespace

std::optional<Duration> Lockout::begin(const std::string& name, const std::string& address,
                                       Time now) {
    forget_old(by_name_, now);
    forget_old(by_address_, now);
    std::deque<Time>& of_address = by_address_[address];
    drop_old(of_address, now);
    Duration wait = wait_after(of_address, kFailuresPerAddress, now);
    if (!name.empty()) {
        std::deque<Time>& of_name = by_name_[name];
        drop_old(of_name, now);
        wait = std::max(wait, wait_after(of_name, kFailuresPerName, now));
    }
    if (wait > Duration{}) {
        return wait;
    }
    of_address.push_back(now);
    if (!name.empty()) {
        by_name_[name].push_back(now);
    }
    return std::nullopt;
}

void Lockout::succeed(const std::string& name, const std::string& address) {
    by_name_.erase(name);
    take_back(by_address_, address);
}

void Lockout::withdraw(const std::string& name, const std::string& address) {
    take_back(by_name_, name);
    take_back(by_address_, address);
}

void Lockout::take_back(Failures& failures, const std::string& key) {
    const auto found = failures.find(key);
    if (found != failures.end() && !found->second.empty()) {
        found->second.pop_back();
    }
}

// Only when the table is full, so that an attempt stays cheap. What is still counting then is
// forgotten too if nothing is old: more than 20,000 names in 15 minutes mean an attack from many
// addresses, against which the slow hash has to stand.
void Lockout::forget_old(Failures& failures, Time now) {
    if (failures.size() < kKeysMax) {
        return;
    }
    std::erase_if(failures, [now](const auto& entry) {
        return entry.second.empty() || now - entry.second.back() >= kWithin;
    });
    if (failures.size() >= kKeysMax) {
        failures.clear();
    }
}

}  // namespace lanze::api
